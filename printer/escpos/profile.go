package escpos

import (
	"errors"
	"fmt"

	"kassa/printer/picture"
)

// Cut is what the printer does at the end of a job.
type Cut string

// The ways to end a job. The zero value has no knife: the paper is fed to the tear bar.
const (
	CutNone    Cut = ""
	CutFull    Cut = "full"
	CutPartial Cut = "partial"
)

// TextMode is how letters reach the paper.
type TextMode string

// The ways to print letters. The zero value sends them in the printer's code page; the other one draws every line here
// and sends it as a picture, for printers that have no Cyrillic at all.
const (
	TextCodePage TextMode = ""
	TextPicture  TextMode = "picture"
)

// Raster is the command by which the printer takes pictures.
type Raster string

// The ways to send pictures. The zero value has none: what would be a picture is printed as text, or left out.
const (
	RasterNone     Raster = ""
	RasterGSV0     Raster = "gs_v_0"   // GS v 0: nearly everywhere
	RasterGraphics Raster = "gs_l"     // GS ( L, functions 112 and 50: Epson since 2005, good clones
	RasterColumns  Raster = "esc_star" // ESC * 33, stripes of 24 dots: the oldest printers
)

// CodeMode is how QR codes or barcodes reach the paper.
type CodeMode string

// The ways to print codes. The zero value prints what the code holds as text.
const (
	CodeText   CodeMode = ""
	CodeNative CodeMode = "native" // drawn by the printer
	CodeRaster CodeMode = "raster" // drawn here and sent as a picture
)

// Buzzer is the command that sounds the printer's buzzer.
type Buzzer string

// The buzzers. The zero value has none.
const (
	BuzzerNone  Buzzer = ""
	BuzzerEpson Buzzer = "epson" // ESC ( A, function 48
	BuzzerClone Buzzer = "clone" // ESC B
)

// The encodings that a code page can have.
const (
	CP866  = "cp866"
	CP1251 = "cp1251"
)

// CodePage says how texts are encoded and which table of the printer draws them. The number differs between makers: see
// the printer's self-test page, or Probe.
type CodePage struct {
	Encoding string `json:"encoding"` // CP866 or CP1251
	Table    byte   `json:"table"`    // n of ESC t n
}

// Drawer is how the cash drawer is opened. The zero value has none.
type Drawer struct {
	Pin int `json:"pin,omitempty"` // 2 or 5 of the drawer's plug
	On  int `json:"on,omitempty"`  // length of the pulse in milliseconds, 2 to 510
	Off int `json:"off,omitempty"` // rest after it, in milliseconds, at least On, up to 510
}

// Profile is what must be known of a printer to print on it. It is plain data and can be stored as JSON.
type Profile struct {
	Name  string `json:"name"`
	Title string `json:"title"` // for people: makers and models

	Columns   int `json:"columns"`    // letters of font A on a line
	DotsWidth int `json:"dots_width"` // dots on a line
	DPI       int `json:"dpi"`        // dots in an inch: 203 or 180

	Text          TextMode `json:"text,omitempty"`
	CodePage      CodePage `json:"code_page"`                 // of TextCodePage
	DoubleByteOff bool     `json:"double_byte_off,omitempty"` // send FS . : needed by Chinese firmware, harmful to a few models

	Raster Raster   `json:"raster,omitempty"`
	QR     CodeMode `json:"qr,omitempty"`
	Bars   CodeMode `json:"bars,omitempty"`

	Cut    Cut    `json:"cut,omitempty"`
	Drawer Drawer `json:"drawer,omitzero"`
	Buzzer Buzzer `json:"buzzer,omitempty"`

	// Confirms tells that the printer answers GS ( H when a job is on paper. Of the Epson models of their own time it is
	// missing in J2000, J2100, T88III, L60II, U210, U220, U230 and U300; others may print its bytes as letters.
	Confirms bool `json:"confirms,omitempty"`
}

// ErrProfile tells that a profile cannot be used; the wrapping error says why.
var ErrProfile = errors.New("escpos: bad printer profile")

// Bounds of a line that receipt printers have: 20 columns is the narrowest on the market, 64 is font B on 80 mm.
const (
	minColumns, maxColumns = 20, 64
	maxDots                = 1024
	minDPI, maxDPI         = 100, 255
	maxPulse               = 510 // milliseconds: a byte of two each
)

// Check tells whether a profile can be printed with. The error is ErrProfile.
func (p Profile) Check() error {
	switch {
	case p.Columns < minColumns || p.Columns > maxColumns:
		return fmt.Errorf("%w: %d columns", ErrProfile, p.Columns)
	case p.DotsWidth < p.Columns*picture.LetterWidth || p.DotsWidth > maxDots:
		return fmt.Errorf("%w: %d dots for %d columns", ErrProfile, p.DotsWidth, p.Columns)
	case p.DPI < minDPI || p.DPI > maxDPI:
		return fmt.Errorf("%w: %d dpi", ErrProfile, p.DPI)
	case p.Raster == RasterNone && (p.Text == TextPicture || p.QR == CodeRaster || p.Bars == CodeRaster):
		return fmt.Errorf("%w: pictures on a printer that takes none", ErrProfile)
	}
	if err := p.checkNames(); err != nil {
		return err
	}
	if d := p.Drawer; d != (Drawer{}) && (d.Pin != 2 && d.Pin != 5 || d.On < 2 || d.Off < d.On || d.Off > maxPulse) {
		return fmt.Errorf("%w: drawer at pin %d, %d ms on, %d ms off", ErrProfile, d.Pin, d.On, d.Off)
	}
	if p.Text == TextCodePage {
		_, err := charmapOf(p.CodePage.Encoding)
		return err
	}
	return nil
}

// checkNames looks at everything that is one of several words.
func (p Profile) checkNames() error {
	for what, known := range map[string]bool{
		fmt.Sprintf("text %q", p.Text):     p.Text == TextCodePage || p.Text == TextPicture,
		fmt.Sprintf("raster %q", p.Raster): p.Raster == RasterNone || p.Raster == RasterGSV0 || p.Raster == RasterGraphics || p.Raster == RasterColumns,
		fmt.Sprintf("QR codes %q", p.QR):   p.QR.known(),
		fmt.Sprintf("barcodes %q", p.Bars): p.Bars.known(),
		fmt.Sprintf("cut %q", p.Cut):       p.Cut == CutNone || p.Cut == CutFull || p.Cut == CutPartial,
		fmt.Sprintf("buzzer %q", p.Buzzer): p.Buzzer == BuzzerNone || p.Buzzer == BuzzerEpson || p.Buzzer == BuzzerClone,
	} {
		if !known {
			return fmt.Errorf("%w: %s", ErrProfile, what)
		}
	}
	return nil
}

func (m CodeMode) known() bool { return m == CodeText || m == CodeNative || m == CodeRaster }

func (p Profile) area() picture.Area { return picture.Area{Columns: p.Columns, Dots: p.DotsWidth} }
