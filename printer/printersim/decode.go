package printersim

import (
	"errors"
	"fmt"

	"golang.org/x/text/encoding/simplifiedchinese"

	"kassa/printer/picture"
)

// Limits of a job and of its paper.
const (
	MaxJob     = 2 << 20 // bytes
	maxRows    = 1 << 16 // dots of paper, 8 metres
	maxItems   = 1 << 14
	maxUnknown = 256
	maxLetters = 512 // of a line; then the printer begins the next one by itself
)

// ErrTooLong tells that a job is longer than MaxJob.
var ErrTooLong = errors.New("printersim: job too long")

// Decode prints a job on the imagined paper of a usual printer: see Model.Decode.
func Decode(job []byte) (Paper, error) { return Usual().Decode(job) }

// Decode prints a job on imagined paper. Whatever the bytes are, it gives what a printer would make of them; the error
// is ErrTooLong.
func (m Model) Decode(job []byte) (Paper, error) {
	if len(job) > MaxJob {
		return Paper{}, fmt.Errorf("%w: %d bytes", ErrTooLong, len(job))
	}
	in := newInterpreter(m)
	for len(job) > 0 {
		n, _ := in.step(job)
		if n == 0 {
			break
		}
		job = job[n:]
	}
	return in.finish(job), nil
}

// effect is what a step means for the stream that it was taken from.
type effect byte

const (
	printed  effect = iota
	question        // a status question, which is no part of a job
	cut
)

// interpreter obeys commands one by one, like the firmware of a printer. It is written from the manuals and shares
// nothing with the encoder, so that a mistake there cannot hide here.
type interpreter struct {
	model Model
	paper Paper
	rows  int // of paper so far
	style Span
	place Place
	pitch int
	table byte
	line  []Span
	// letters counts those of the line.
	letters int
	qr      Code
	bars    Barcode // its content apart: what GS h, GS w and GS H say of the next ones

	left, width int             // of the area, in dots; width 0 goes to the edge
	double      bool            // double-byte letters
	stored      *picture.Bitmap // by GS ( L
	columns     *picture.Bitmap // ESC * on the line that is not printed yet
}

// Dots of a letter of font A, and of the usual line.
const (
	cellWidth  = 12
	cellHeight = 24
	usualPitch = 30
)

func newInterpreter(m Model) *interpreter {
	if m.Tables == nil {
		m.Tables = Usual().Tables
	}
	in := &interpreter{model: m, paper: Paper{Columns: DefaultColumns}}
	in.reset()
	return in
}

// reset is ESC @: styles go back, and an unfinished line is dropped.
func (in *interpreter) reset() {
	in.style = Span{Width: 1, Height: 1}
	in.place, in.pitch, in.table = AtLeft, usualPitch, 0
	in.line, in.letters = nil, 0
	in.qr = Code{Module: 3, Level: 'L'}
	in.bars = Barcode{Module: 3, Height: 162}
	in.left, in.width = 0, 0
	in.double = in.model.Chinese
	in.stored, in.columns = nil, nil
}

// step obeys the first command of data, or prints its first letter, and tells how many bytes that took. Zero means that
// the command is not complete yet.
func (in *interpreter) step(data []byte) (n int, e effect) {
	switch b := data[0]; {
	case b == 0x10:
		return in.realTime(data)
	case b == 0x1B:
		return in.escape(data), printed
	case b == 0x1C:
		return in.doubleByte(data), printed
	case b == 0x1D:
		return in.group(data)
	case b == '\n':
		in.feedLine()
	case b == '\r': // with a line feed of its own, as all of today's printers are set
	case b < ' ' || b == 0x7F:
		in.unknown(data[:1])
	case in.double && b > 0x80:
		return in.hieroglyph(data), printed
	default:
		in.letter(b)
	}
	return 1, printed
}

// finish ends the job; rest is a command that was never completed.
func (in *interpreter) finish(rest []byte) Paper {
	in.unknown(rest)
	in.paper.Unfinished = Line{Spans: in.line}.Text()
	return in.paper
}

func (in *interpreter) unknown(data []byte) {
	in.paper.Ignored += len(data)
	in.paper.Unknown = append(in.paper.Unknown, data[:min(len(data), maxUnknown-len(in.paper.Unknown))]...)
}

// add puts an item on the paper, unless the paper has become too long.
func (in *interpreter) add(item Item, rows int) {
	if in.paper.Truncated || in.rows+rows > maxRows || len(in.paper.Items) >= maxItems {
		in.paper.Truncated = true
		return
	}
	in.rows += rows
	item.Left, item.Width = in.left, in.width
	in.paper.Items = append(in.paper.Items, item)
}

func (in *interpreter) letter(b byte) {
	r := rune(b)
	if b >= 0x80 {
		table := in.model.Tables[in.table]
		if table == nil {
			in.unknown([]byte{b})
			return
		}
		r = table.DecodeByte(b)
	}
	in.put(r)
}

// hieroglyph prints a letter of two bytes, as Chinese firmware does after ESC @.
func (in *interpreter) hieroglyph(data []byte) int {
	if len(data) < 2 {
		return 0
	}
	text, err := simplifiedchinese.GBK.NewDecoder().Bytes(data[:2])
	if err != nil {
		text = []byte("?")
	}
	for _, r := range string(text) {
		in.put(r)
	}
	return 2
}

// put adds a letter to the line.
func (in *interpreter) put(r rune) {
	if in.letters++; in.letters > maxLetters {
		in.feedLine()
	}
	if spans := len(in.line); spans > 0 {
		last := &in.line[spans-1]
		style := *last
		style.Text = ""
		if style == in.style {
			last.Text += string(r)
			return
		}
	}
	s := in.style
	s.Text = string(r)
	in.line = append(in.line, s)
}

func (in *interpreter) feedLine() {
	if in.columns != nil {
		in.feedStripe(in.pitch)
		return
	}
	l := Line{Spans: in.line, Place: in.place, Pitch: in.pitch}
	if len(l.Spans) == 0 {
		// An empty line is as high as the letters that it does not have.
		l.Spans = []Span{{Width: in.style.Width, Height: in.style.Height}}
	}
	in.line, in.letters = nil, 0
	in.add(Item{Line: &l}, l.height())
}

// feedDots is ESC J: prints the line and moves the paper by n dots in all.
func (in *interpreter) feedDots(n int) {
	if in.columns != nil {
		in.feedStripe(n)
		return
	}
	if len(in.line) > 0 {
		pitch := in.pitch
		in.pitch = n
		in.feedLine()
		in.pitch = pitch
		return
	}
	if n == 0 {
		return
	}
	if last := len(in.paper.Items) - 1; last >= 0 && in.paper.Items[last].Feed > 0 && in.rows+n <= maxRows {
		in.paper.Items[last].Feed += n
		in.rows += n
		return
	}
	in.add(Item{Feed: n}, n)
}

// realTime obeys DLE EOT, DLE ENQ and DLE DC4 where they stand between commands.
func (in *interpreter) realTime(data []byte) (int, effect) {
	if len(data) < 2 {
		return 0, printed
	}
	length := map[byte]int{0x04: 3, 0x05: 3, 0x14: 5}[data[1]]
	if data[1] == 0x14 && len(data) > 2 && data[2] == 8 {
		length = 10
	}
	switch {
	case length == 0:
		in.unknown(data[:1])
		return 1, printed
	case len(data) < length:
		return 0, printed
	case data[1] == 0x04:
		if data[2] < 1 || data[2] > 4 {
			in.unknown(data[:3])
		}
		return length, question
	case data[1] == 0x14 && data[2] == 1:
		in.paper.Drawer++
	}
	return length, printed
}
