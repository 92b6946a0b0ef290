package main

import (
	"bytes"
	"fmt"
	"image/png"
	"path/filepath"
	"slices"
	"strings"

	"kassa/printer"
	"kassa/printer/picture"
)

// tornAt begins the line at which a practice registrar tears its paper.
const tornAt = "----"

// newPaper is what hangs out of the registrar since it was before. The tape loses its beginning when it is long.
func newPaper(before, tape string) string {
	const known = 2000 // bytes that stand nowhere else on the tape: a receipt has its sign

	before = strings.TrimLeft(before, "\n") // a line break alone is no paper
	if after, ok := strings.CutPrefix(tape, before); ok {
		return after
	}
	end := before[max(0, len(before)-known):]
	if i := strings.LastIndex(tape, end); i >= 0 {
		return tape[i+len(end):]
	}
	return tape
}

// pieces are the documents on a stretch of paper.
func pieces(paper string) [][]printer.Line {
	var all [][]printer.Line
	var piece []printer.Line
	for line := range strings.Lines(paper) {
		line = strings.TrimRight(line, "\n")
		switch qr, is := strings.CutPrefix(line, "[QR "); {
		case strings.HasPrefix(line, tornAt):
			all, piece = append(all, piece), nil
		case is:
			piece = append(piece, printer.Line{QR: strings.TrimSuffix(qr, "]"), Align: printer.Center})
		default:
			piece = append(piece, printer.Line{Left: line})
		}
	}
	if slices.ContainsFunc(piece, func(l printer.Line) bool { return l.Left != "" || l.QR != "" }) {
		all = append(all, piece) // it was cut off in the middle
	}
	return all
}

// draw writes a picture of each document that was printed: NAME-1.png and so on, after those that are there.
func (k *keptDevice) draw(paper string) error {
	there, err := filepath.Glob(k.path("-*.png"))
	if err != nil {
		return err
	}
	for i, lines := range pieces(paper) {
		var b bytes.Buffer
		if err := png.Encode(&b, picture.DrawLines(lines, picture.Area{Columns: k.device.Look().Width}, picture.Options{Tail: picture.Pitch})); err != nil {
			return err
		}
		if err := replaceFile(k.path(fmt.Sprintf("-%05d.png", len(there)+i+1)), b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
