// Package escpos turns a printer.Document into the bytes of one print job for a receipt printer that speaks ESC/POS.
//
// The job is built whole in memory and begins by setting the printer's state, so it prints the same whatever came
// before it. What differs between printers stands in a Profile: width, code page, QR codes and the knife.
//
// github.com/hennedo/escpos is the command buffer. Its own text, QR, picture and cut commands are not used: version
// 0.0.1 writes UTF-8 as it is, sends the QR size as the error correction level, announces more rows of a picture than it
// sends, and wraps every text in 21 bytes of style commands. Commands are those of Epson's ESC/POS reference
// (download4.epson.biz/sec_pubs/pos/reference_en/escpos/); the ones used here are also in the manuals of Citizen, HPRT,
// Bixolon and Xprinter.
package escpos

import (
	"bytes"
	"errors"
	"fmt"

	buffer "github.com/hennedo/escpos"

	"kassa/printer"
)

const (
	esc = 0x1B
	fs  = 0x1C
	gs  = 0x1D
	lf  = 0x0A
)

// Dot sizes of font A, which every profile prints with, and of the space between lines. Letters are followed by at
// least 4 dots (0.5 mm at 203 dpi), as FNS order ЕД-7-20/236@ of 26.03.2025 asks of receipts.
const (
	letterDots = 12
	tallPitch  = 2*24 + 6
)

// MaxJob bounds the bytes of one job.
const MaxJob = 1 << 20

// ErrTooLong tells that a document makes a job of more than MaxJob bytes.
var ErrTooLong = errors.New("escpos: the print job is too long")

// Encode makes the job for a document. It does not fail because of what a text says: letters that the printer lacks are
// replaced. The errors are ErrProfile for a profile that cannot be used, ErrQR for a QR code that does not fit on the
// paper, and ErrTooLong.
func Encode(doc printer.Document, p Profile) ([]byte, error) {
	page, err := p.check()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	e := encoder{profile: p, page: page, job: buffer.New(&out)}
	e.job.Size(1, 1) // its zero value would mean eight times
	e.start(doc.OpenDrawer)
	for _, line := range printer.Layout(page.document(doc), p.Columns) {
		if err := e.line(line); err != nil {
			return nil, err
		}
	}
	if len(doc.Elements) > 0 {
		e.finish() // a job that only opens the drawer moves no paper
	}
	if err := e.job.Print(); err != nil {
		return nil, fmt.Errorf("building a print job: %w", err)
	}
	if out.Len() > MaxJob {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLong, out.Len())
	}
	return out.Bytes(), nil
}

// encoder writes one job. The style is what the printer holds now.
type encoder struct {
	profile Profile
	page    codePage
	job     *buffer.Escpos
	bold    bool
	size    byte
	align   byte
}

// raw adds bytes to the job. Writing to memory cannot fail; the buffer keeps any error for Print.
func (e *encoder) raw(b ...byte) { _, _ = e.job.WriteRaw(b) }

func (e *encoder) start(openDrawer bool) {
	e.raw(esc, '@')
	if e.profile.DoubleByteOff {
		// Chinese firmware goes back to double-byte mode at every ESC @ and would print Cyrillic as hieroglyphs.
		e.raw(fs, '.')
	}
	e.raw(esc, 't', e.profile.CodePage.Table)
	if openDrawer {
		// Pin 2, 50 ms on, 500 ms off: before the first line, because the drawer must not wait for the paper.
		e.raw(esc, 'p', 0, 25, 250)
	}
}

func (e *encoder) finish() {
	e.setStyle(false, 0, 0)
	switch e.profile.Cut {
	case CutFull:
		e.raw(gs, 'V', 'A', 0)
	case CutPartial:
		e.raw(gs, 'V', 'B', 0)
	default:
		e.raw(esc, 'd', tearLines)
	}
}

// tearLines bring the last line past the tear bar of a printer with no knife.
const tearLines = 4

func (e *encoder) line(l printer.Line) error {
	switch {
	case l.QR != "":
		return e.qr(l.QR)
	case l.Bars != "":
		e.barcode(l.Bars)
		return nil
	case l.EAN13 != "":
		e.text(printer.Line{Left: l.EAN13, Align: printer.Center})
		return nil
	case l.Picture != nil:
		return nil
	}
	e.text(l)
	return nil
}

func (e *encoder) text(l printer.Line) {
	var size, align byte
	if l.Wide {
		size |= 0x10
	}
	if l.Tall {
		size |= 0x01
	}
	text := l.Fill(e.profile.Columns)
	if text == "" {
		e.setStyle(false, 0, 0)
		e.raw(lf)
		return
	}
	if l.Right == "" {
		align = alignments[l.Align]
	}
	e.setStyle(l.Bold, size, align)
	if l.Reverse {
		e.raw(gs, 'B', 1)
	}
	e.raw(e.page.encode(text)...)
	e.raw(lf)
	if l.Reverse {
		e.raw(gs, 'B', 0)
	}
}

var alignments = map[printer.Align]byte{printer.Left: 0, printer.Center: 1, printer.Right: 2}

// setStyle sends what differs from the printer's style. It is called at the beginning of a line only, where alignment
// and line spacing may change.
func (e *encoder) setStyle(bold bool, size, align byte) {
	if align != e.align {
		e.raw(esc, 'a', align)
		e.align = align
	}
	if bold != e.bold {
		b := byte(0)
		if bold {
			b = 1
		}
		e.raw(esc, 'E', b)
		e.bold = bold
	}
	if size != e.size {
		e.raw(gs, '!', size)
		if tall := size&1 == 1; tall != (e.size&1 == 1) {
			e.setTall(tall)
		}
		e.size = size
	}
}

// setTall widens the line spacing for double height, which would leave no space between the lines.
func (e *encoder) setTall(tall bool) {
	if tall {
		e.raw(esc, '3', tallPitch)
	} else {
		e.raw(esc, '2')
	}
}
