package till

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kassa/i18n"
	"kassa/localdb"
	"kassa/printer"
	"kassa/printer/escpos"
	"kassa/printer/slip"
)

// TestPrint is what became of a test page that was sent straight to the printer.
type TestPrint struct {
	Settings  PrinterSettings
	Columns   int
	Status    printer.Status // how the printer was before the page was sent
	Sent, Of  int            // bytes
	Confirmed bool           // the printer said that the page is on paper
}

// ErrNoPrinter tells that the settings name no receipt printer.
var ErrNoPrinter = errors.New("till: no receipt printer is set up")

// TestPrinter prints the test page on the printer that the settings name, past the queue: for a command line, while the
// till is not open. The result says how far it came also when there is an error, which is ErrNoPrinter, or one of a
// printer.Transport.
func TestPrinter(ctx context.Context, store *localdb.Store, lang *i18n.Language, now time.Time) (TestPrint, error) {
	settings, err := LoadSettings(ctx, store)
	if err != nil {
		return TestPrint{}, err
	}
	c := Config{Settings: &settings}
	out := TestPrint{Settings: settings.Printer}
	if err := connectPrinter(&c); err != nil {
		return out, err
	}
	if c.Printer == nil {
		return out, ErrNoPrinter
	}
	out.Columns = c.Profile.Columns
	if out.Status, err = c.Printer.Status(ctx); err != nil {
		return out, err
	}
	doc := slip.TestPage(settings.SlipShop(c.Profile.Columns, nil), c.Profile.Name, now, lang)
	id := printer.NewProcessID(now.Unix())
	job, err := escpos.EncodeJob(doc, c.Profile, escpos.Options{Confirm: id})
	if err != nil {
		return out, fmt.Errorf("making the test page: %w", err)
	}
	out.Of = len(job)
	if p, ok := c.Printer.(printer.Confirmer); ok && c.Profile.Confirms {
		out.Sent, out.Confirmed, err = p.SendConfirmed(ctx, job, id)
	} else {
		out.Sent, err = c.Printer.Send(ctx, job)
	}
	return out, err
}
