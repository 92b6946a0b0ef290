package app

import (
	"context"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/till"
	"kassa/register"
)

// Cashier is what the screens ask of the till. *till.Till is one. Every method but View and Watch may touch the disk and
// is called off the drawing goroutine.
type Cashier interface {
	View() till.View
	Watch(f func()) (stop func())

	SignIn(ctx context.Context, pin string) error
	SignOut()
	OpenShift(ctx context.Context) error
	CloseShift(ctx context.Context) (register.Totals, error)

	Scan(ctx context.Context, barcode string, q register.Quantity) (line int, err error)
	Add(ctx context.Context, productID string, q register.Quantity) (line int, err error)
	SetQuantity(line int, q register.Quantity) error
	Remove(line int) error
	Clear() error

	Search(ctx context.Context, text string, limit int) ([]register.Product, error)
	Groups(ctx context.Context) ([]till.Group, error)
	Goods(ctx context.Context, group string, offset, limit int) ([]register.Product, error)

	PayCash(ctx context.Context, given register.Money) (till.Sold, error)
	StartQR(ctx context.Context) error
	PrintQR(ctx context.Context) error
	CancelQR(ctx context.Context) error
	CloseQR(ctx context.Context) error
	ParkQR(ctx context.Context) error
	ResumeQR(ctx context.Context, id string) error
	PracticePay(ctx context.Context) error

	History(ctx context.Context, before int64, limit int) ([]till.Operation, error)
	PrintCopy(ctx context.Context, position int64) error
	ResolvePrint(ctx context.Context, again bool) error
	SyncNow()
}

// Deps is what the window is given. Only Till must be set.
type Deps struct {
	Till Cashier

	// Go starts work away from the drawing goroutine. A new goroutine when nil.
	Go func(func())
	// Draw runs a function on the drawing goroutine, in order. fyne.Do when nil.
	Draw func(func())
	// After calls f once, on any goroutine, when d has passed; stop prevents it. time.AfterFunc when nil.
	After func(d time.Duration, f func()) (stop func())
	// Now is the clock. time.Now when nil.
	Now func() time.Time

	// Language is "ru" or "en". When it is empty the last choice made on this till stands, or else Russian.
	Language string
	// Zone is the store's time zone. The machine's when nil.
	Zone *time.Location
	// Version is shown in "About".
	Version string
	// PracticePIN is shown on the sign-in screen in practice mode, so that a newcomer gets in.
	PracticePIN string
	// Log takes what no cashier can do anything about. Nothing is logged when nil.
	Log *slog.Logger
}

func (d Deps) filled() Deps {
	if d.Go == nil {
		d.Go = func(f func()) { go f() }
	}
	if d.Draw == nil {
		d.Draw = fyne.Do
	}
	if d.After == nil {
		d.After = func(wait time.Duration, f func()) func() {
			t := time.AfterFunc(wait, f)
			return func() { t.Stop() }
		}
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return d
}
