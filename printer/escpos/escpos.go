// Package escpos turns a printer.Document into the bytes of one print job for a receipt printer that speaks ESC/POS.
//
// The job is built whole in memory and begins by setting the printer's state, so it prints the same whatever came
// before it. What differs between printers stands in a Profile: width, code page, pictures, QR codes, knife and drawer.
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
	"image"

	buffer "github.com/hennedo/escpos"

	"kassa/printer"
	"kassa/printer/picture"
)

const (
	esc = 0x1B
	fs  = 0x1C
	gs  = 0x1D
	lf  = 0x0A
)

// MaxJob bounds the bytes of one job.
const MaxJob = 2 << 20

// ErrTooLong tells that a document makes a job of more than MaxJob bytes.
var ErrTooLong = errors.New("escpos: the print job is too long")

// Options is what a job does besides printing its document. The zero value is nothing.
type Options struct {
	// Confirm, when it is not zero, ends the job with a question that a printer whose profile Confirms answers with
	// Confirm.Answer() as soon as everything before it is on paper. Other profiles leave it out.
	Confirm printer.ProcessID
}

// Encode makes the job for a document. It does not fail because of what a text says: letters that the printer lacks are
// replaced, or drawn. A logo that cannot be read is left out. The errors are ErrProfile for a profile that cannot be used,
// ErrQR for a QR code that does not fit on the paper, and ErrTooLong.
func Encode(doc printer.Document, p Profile) ([]byte, error) { return EncodeJob(doc, p, Options{}) }

// EncodeJob makes the job for a document as Encode does, with options.
func EncodeJob(doc printer.Document, p Profile, o Options) ([]byte, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Grow(usualJob)
	if p.Text == TextPicture {
		out.Grow(usualPictures)
	}
	e := encoder{profile: p, area: p.area(), letters: p.letters(), job: buffer.New(&out)}
	e.job.Size(1, 1) // its zero value would mean eight times
	e.start(doc.OpenDrawer)
	for _, line := range p.lines(doc, e.letters) {
		if err := e.line(line); err != nil {
			return nil, err
		}
	}
	if len(doc.Elements) > 0 {
		e.finish() // a job that only opens the drawer moves no paper
	}
	if doc.Beep {
		e.beep()
	}
	if o.Confirm != (printer.ProcessID{}) && p.Confirms {
		e.raw(o.Confirm.Ask()...)
	}
	if err := e.job.Print(); err != nil {
		return nil, fmt.Errorf("building a print job: %w", err)
	}
	if out.Len() > MaxJob {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLong, out.Len())
	}
	return out.Bytes(), nil
}

// What most jobs fit in, so that the buffer need not grow.
const (
	usualJob      = 8 << 10
	usualPictures = 192 << 10
)

// Draw draws what a printer of this profile makes of a document, without a printer: the preview of a slip. The error is
// ErrProfile.
func Draw(doc printer.Document, p Profile) (*image.Paletted, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	o := picture.Options{}
	if p.Cut == CutNone {
		o = picture.Options{Torn: true, Tail: tearLines * picture.Pitch}
	}
	return picture.DrawLines(p.lines(doc, p.letters()), p.area(), o), nil
}

// lines lays a document out for the profile. Codes that the printer is not to print have become text.
func (p Profile) lines(doc printer.Document, l letters) []printer.Line {
	out := printer.Layout(doc.Rewrite(l.replace), p.Columns)
	for i := 0; i < len(out); i++ {
		text := ""
		switch line := &out[i]; {
		case line.Rule && !l.has('─'):
			line.Left = string(bytes.Repeat([]byte("-"), p.Columns))
		case p.QR == CodeText:
			text = line.QR
		}
		if p.Bars == CodeText && text == "" {
			text = out[i].Bars + out[i].EAN13
		}
		if text != "" {
			words := p.words(text, l)
			out = append(out[:i], append(words, out[i+1:]...)...)
			i += len(words) - 1
		}
	}
	return out
}

// words is a text in the middle of as many lines as it takes.
func (p Profile) words(text string, l letters) []printer.Line {
	return printer.Layout(printer.Document{Elements: []printer.Element{
		{Text: &printer.Text{Text: l.replace(text), Align: printer.Center}},
	}}, p.Columns)
}

// encoder writes one job. The style is what the printer holds now.
type encoder struct {
	profile Profile
	area    picture.Area
	letters letters
	job     *buffer.Escpos
	scratch []byte // for one line or band

	style style
}

// style is the printer's state at the beginning of a line.
type style struct {
	bold, reverse bool
	size, align   byte
}

// raw adds bytes to the job. Writing to memory cannot fail; the buffer keeps any error for Print.
func (e *encoder) raw(b ...byte) { _, _ = e.job.WriteRaw(b) }

func (e *encoder) start(openDrawer bool) {
	e.raw(esc, '@')
	if e.profile.DoubleByteOff {
		// Chinese firmware goes back to double-byte mode at every ESC @ and would print Cyrillic as hieroglyphs.
		e.raw(fs, '.')
	}
	if e.profile.Text == TextCodePage {
		e.raw(esc, 't', e.profile.CodePage.Table)
	}
	if openDrawer {
		e.openDrawer()
	}
}

// openDrawer kicks the drawer: before the first line, because it must not wait for the paper.
func (e *encoder) openDrawer() {
	d := e.profile.Drawer
	if d.Pin == 0 {
		return
	}
	e.raw(esc, 'p', byte(d.Pin/5), byte(d.On/2), byte(d.Off/2))
}

func (e *encoder) finish() {
	e.set(style{})
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

// beep sounds the buzzer once.
func (e *encoder) beep() {
	switch e.profile.Buzzer {
	case BuzzerEpson:
		e.raw(esc, '(', 'A', 4, 0, '0', '1', 1, 5) // sound 1, once, half a second
	case BuzzerClone:
		e.raw(esc, 'B', 1, 5)
	}
}

func (e *encoder) line(l printer.Line) error {
	switch {
	case l.QR != "":
		return e.qr(l)
	case l.Bars != "" || l.EAN13 != "":
		return e.barcode(l)
	case l.Picture != nil:
		if e.profile.Raster != RasterNone {
			_ = e.picture(l) // a slip is worth more than its logo
		}
		return nil
	case e.profile.Text == TextPicture || !e.letters.prints(l):
		return e.picture(l)
	}
	e.text(l)
	return nil
}

// picture sends a line as its dots.
func (e *encoder) picture(l printer.Line) error {
	b, err := e.area.Line(l)
	if err != nil {
		return err
	}
	e.bitmap(b)
	return nil
}

func (e *encoder) text(l printer.Line) {
	text := l.Fill(e.profile.Columns)
	if text == "" {
		e.set(style{})
		e.raw(lf)
		return
	}
	s := style{bold: l.Bold, reverse: l.Reverse}
	if l.Wide {
		s.size |= 0x10
	}
	if l.Tall {
		s.size |= 0x01
	}
	if l.Right == "" {
		s.align = alignment(l.Align)
	}
	e.set(s)
	e.scratch = append(e.letters.encode(e.scratch[:0], text), lf)
	e.raw(e.scratch...)
}

func alignment(a printer.Align) byte {
	switch a {
	case printer.Center:
		return 1
	case printer.Right:
		return 2
	}
	return 0
}

// set sends what differs from the printer's style. It is called at the beginning of a line only, where alignment and line
// spacing may change.
func (e *encoder) set(s style) {
	if s.align != e.style.align {
		e.raw(esc, 'a', s.align)
	}
	if s.bold != e.style.bold {
		e.raw(esc, 'E', onOff(s.bold))
	}
	if s.reverse != e.style.reverse {
		e.raw(gs, 'B', onOff(s.reverse))
	}
	if s.size != e.style.size {
		e.raw(gs, '!', s.size)
		if tall := s.size&1 == 1; tall != (e.style.size&1 == 1) {
			e.setTall(tall)
		}
	}
	e.style = s
}

func onOff(on bool) byte {
	if on {
		return 1
	}
	return 0
}

// setTall widens the line spacing for double height, which would leave no space between the lines.
func (e *encoder) setTall(tall bool) {
	if tall {
		e.raw(esc, '3', picture.TallPitch)
	} else {
		e.raw(esc, '2')
	}
}
