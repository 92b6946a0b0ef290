package escpos

import (
	"errors"
	"fmt"
)

// Cut is what the printer does at the end of a job.
type Cut string

// The ways to end a job. The zero value has no knife: the paper is fed to the tear bar.
const (
	CutNone    Cut = ""
	CutFull    Cut = "full"
	CutPartial Cut = "partial"
)

// The encodings that a code page can have.
const (
	CP866  = "cp866"
	CP1251 = "cp1251"
)

// CodePage says how texts are encoded and which table of the printer draws them. The number differs between makers: see
// the printer's self-test page.
type CodePage struct {
	Encoding string `json:"encoding"` // CP866 or CP1251
	Table    byte   `json:"table"`    // n of ESC t n
}

// Profile is what must be known of a printer to print on it. It is plain data and can be stored as JSON.
type Profile struct {
	Name          string   `json:"name"`
	Columns       int      `json:"columns"`    // letters of font A on a line
	DotsWidth     int      `json:"dots_width"` // dots on a line
	CodePage      CodePage `json:"code_page"`
	NativeQR      bool     `json:"native_qr"` // the printer draws QR codes itself; otherwise they are sent as a picture
	Cut           Cut      `json:"cut"`
	DoubleByteOff bool     `json:"double_byte_off"` // send FS . : needed by Chinese firmware, harmful to a few models
}

// Generic80 is the usual 80 mm printer: 203 dpi, CP866 as table 17, a knife, QR codes as pictures.
func Generic80() Profile {
	return Profile{
		Name: "generic80", Columns: 48, DotsWidth: 576, CodePage: CodePage{CP866, 17},
		Cut: CutPartial, DoubleByteOff: true,
	}
}

// Generic58 is the usual 58 mm printer: 203 dpi, CP866 as table 17, no knife, QR codes as pictures.
func Generic58() Profile {
	return Profile{
		Name: "generic58", Columns: 32, DotsWidth: 384, CodePage: CodePage{CP866, 17},
		Cut: CutNone, DoubleByteOff: true,
	}
}

// Epson80 is an Epson TM of 80 mm and 203 dpi (TM-T20, TM-m30): CP866 as table 17, a knife, QR codes of its own.
func Epson80() Profile {
	return Profile{
		Name: "epson80", Columns: 48, DotsWidth: 576, CodePage: CodePage{CP866, 17},
		NativeQR: true, Cut: CutPartial,
	}
}

// Profiles lists the ready profiles, the safest first.
func Profiles() []Profile { return []Profile{Generic80(), Generic58(), Epson80()} }

// ErrProfile tells that a profile cannot be used; the wrapping error says why.
var ErrProfile = errors.New("escpos: bad printer profile")

// Bounds of a line that receipt printers have: 20 columns is the narrowest on the market, 64 is font B on 80 mm.
const (
	minColumns, maxColumns = 20, 64
	maxDots                = 1024
)

func (p Profile) check() (codePage, error) {
	switch {
	case p.Columns < minColumns || p.Columns > maxColumns:
		return codePage{}, fmt.Errorf("%w: %d columns", ErrProfile, p.Columns)
	case p.DotsWidth < p.Columns*letterDots || p.DotsWidth > maxDots:
		return codePage{}, fmt.Errorf("%w: %d dots for %d columns", ErrProfile, p.DotsWidth, p.Columns)
	}
	switch p.Cut {
	case CutNone, CutFull, CutPartial:
	default:
		return codePage{}, fmt.Errorf("%w: cut %q", ErrProfile, p.Cut)
	}
	return newCodePage(p.CodePage.Encoding)
}
