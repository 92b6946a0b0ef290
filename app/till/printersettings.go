package till

import (
	"context"
	"fmt"

	"kassa/localdb"
	"kassa/printer/connect"
	"kassa/printer/escpos"
)

// PrinterSettings say how to reach the receipt printer, and what is known of it.
type PrinterSettings struct {
	Address string  `json:"address"` // as connect.Parse reads it; empty when there is none
	Profile string  `json:"profile"` // name of an escpos profile
	Letters Letters `json:"letters,omitzero"`
}

// Letters is how this very printer prints letters, as somebody read it from its paper. The zero value leaves that to the
// profile.
type Letters struct {
	Known         bool            `json:"known,omitempty"`
	Text          escpos.TextMode `json:"text,omitempty"`
	CodePage      escpos.CodePage `json:"code_page,omitzero"`
	DoubleByteOff bool            `json:"double_byte_off,omitempty"`
}

// ProbedLetters are the letters of a line of the page that PrintProbe prints; zero is none of them: letters as pictures.
// ok is false for a number that is not on the page.
func ProbedLetters(line int) (l Letters, ok bool) {
	if line == 0 {
		return Letters{Known: true, Text: escpos.TextPicture}, true
	}
	_, lines := escpos.Probe()
	for _, c := range lines {
		if c.Number == line {
			return Letters{Known: true, CodePage: c.CodePage, DoubleByteOff: c.DoubleByteOff}, true
		}
	}
	return Letters{}, false
}

// Profile finds a printer profile by its name, or by one that it had before.
func Profile(name string) (escpos.Profile, bool) { return escpos.ProfileByName(name) }

// Known is the profile of the printer, with what was found out about this very one. The error is ErrBadSetting.
func (s PrinterSettings) Known() (escpos.Profile, error) {
	p, ok := Profile(s.Profile)
	if !ok {
		return p, fmt.Errorf("%w: printer profile %q", ErrBadSetting, s.Profile)
	}
	if l := s.Letters; l.Known {
		p.Text, p.CodePage, p.DoubleByteOff = l.Text, l.CodePage, l.DoubleByteOff
		if p.Text == escpos.TextPicture && p.Raster == escpos.RasterNone {
			p.Raster = escpos.RasterGSV0 // the profile took it for one that needs no pictures
		}
	}
	if err := p.Check(); err != nil {
		return p, fmt.Errorf("%w: %w", ErrBadSetting, err)
	}
	return p, nil
}

// check tells what is wrong with the settings, or nil: ErrBadSetting with the reason, a *connect.Error where it is the
// address.
func (s PrinterSettings) check() error {
	if s.Address != "" {
		if _, err := connect.Parse(s.Address); err != nil {
			return fmt.Errorf("%w: %w", ErrBadSetting, err)
		}
	}
	_, err := s.Known()
	return err
}

func connectPrinter(c *Config) error {
	s := c.Settings.Printer
	if s.Address == "" {
		return nil
	}
	profile, err := s.Known()
	if err != nil {
		return fmt.Errorf("till: %w", err)
	}
	transport, err := connect.Open(s.Address)
	if err != nil {
		return fmt.Errorf("till: %w", err)
	}
	c.Profile, c.Printer = profile, transport
	return nil
}

// probeName is the print job of PrintProbe.
const probeName = "probe"

// PrintProbe prints a page on which every way to print Russian letters has a line with a number: see ProbedLetters.
func (t *Till) PrintProbe(ctx context.Context) error {
	if t.parts().printer == nil {
		return problem(CodeNoPrinter, nil)
	}
	return t.queueJob(ctx, localdb.PrintJob{Name: probeName, Document: []byte("{}"), Expires: t.c.Now().Add(slipLife(probeName))})
}

// FindPrinters lists the places where a receipt printer may be. network looks at the whole network of this machine too,
// for a person who asked for that.
func (t *Till) FindPrinters(ctx context.Context, network bool) []connect.Found {
	return connect.Discover(ctx, connect.Search{Network: network})
}
