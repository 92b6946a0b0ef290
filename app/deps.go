package app

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/till"
	"kassa/banks"
	"kassa/fiscal"
	"kassa/localdb"
	"kassa/printer/connect"
	"kassa/register"
)

// Cashier is what the screens ask of the till. *till.Till is one, and there every method is described. Every method but
// View and Watch may touch the disk and is called off the drawing goroutine.
type Cashier interface {
	View() till.View
	Watch(f func()) (stop func())

	Found(ctx context.Context, shop, owner, pin string) error
	SignIn(ctx context.Context, pin string) error
	SignOut()
	Leave(ctx context.Context, pin string, right till.Right) error
	Staff(ctx context.Context) ([]till.Member, error)
	SaveMember(ctx context.Context, m till.Member, pin string) error
	RemoveMember(ctx context.Context, id string) error

	OpenShift(ctx context.Context) error
	CloseShift(ctx context.Context, counted *register.Money) (register.ShiftClosed, error)
	PrintX(ctx context.Context) error
	CashIn(ctx context.Context, sum register.Money, reason string) (till.Sold, error)
	CashOut(ctx context.Context, sum register.Money, reason string) (till.Sold, error)
	OpenDrawer(ctx context.Context, reason string) error

	Scan(ctx context.Context, code string, q register.Quantity) (till.Scanned, error)
	Add(ctx context.Context, productID string, q register.Quantity) (line int, err error)
	AddPriced(ctx context.Context, productID string, q register.Quantity, price register.Money) (line int, err error)
	Repeat(ctx context.Context, line int) (at int, err error)
	SetQuantity(ctx context.Context, line int, q register.Quantity) error
	SetPrice(ctx context.Context, line int, price register.Money) error
	SetLineDiscount(ctx context.Context, line int, d register.Discount) error
	SetDiscount(ctx context.Context, d register.Discount) error
	SetLineComment(ctx context.Context, line int, text string) error
	SetComment(ctx context.Context, text string) error
	Remove(ctx context.Context, line int) error
	Clear(ctx context.Context) error

	Hold(ctx context.Context, name string) error
	Held(ctx context.Context) ([]till.Held, error)
	Unhold(ctx context.Context, id string) error

	Customers(ctx context.Context, text string, offset, limit int) ([]register.Customer, error)
	SaveCustomer(ctx context.Context, c register.Customer) (register.Customer, error)
	SetCustomer(ctx context.Context, id string) error
	SetContact(ctx context.Context, contact string, noPaper bool) error

	FiscalQueue(ctx context.Context) ([]till.FiscalDocument, error)
	FiscalOf(ctx context.Context, operation string) (till.FiscalRecord, error)
	ResolveFiscal(ctx context.Context, id string, made bool) error
	RetryFiscal(ctx context.Context, id string) error
	DropFiscal(ctx context.Context, id string) error
	CloseDeviceShift(ctx context.Context) error
	PrintFiscalCopy(ctx context.Context, operation string) error
	Drivers() []fiscal.Driver
	SetFiscal(ctx context.Context, s till.FiscalSettings, values fiscal.Settings) error
	CheckFiscal(ctx context.Context, s till.FiscalSettings, values fiscal.Settings) (fiscal.State, error)

	Search(ctx context.Context, text string, limit int) ([]register.Product, error)
	Groups(ctx context.Context, parent string) ([]till.Group, error)
	Goods(ctx context.Context, group, after string, limit int) ([]register.Product, error)
	AllGoods(ctx context.Context, after string, limit int) ([]register.Product, error)
	Product(ctx context.Context, id string) (register.Product, error)
	Favourites(ctx context.Context) ([]register.Product, error)
	SetFavourite(ctx context.Context, productID string, on bool) error
	OrderFavourites(ctx context.Context, ids []string) error
	ImportGoods(ctx context.Context, goods iter.Seq2[register.Product, error], progress func(int)) (localdb.Imported, error)

	Pay(ctx context.Context, with till.Tender) (till.Sold, error)
	Prepay(ctx context.Context, amount register.Money, with till.Tender) (till.Sold, error)
	StartQR(ctx context.Context) error
	PrepayQR(ctx context.Context, amount register.Money) error
	RenewQR(ctx context.Context) error
	PrintQR(ctx context.Context) error
	CancelQR(ctx context.Context) error
	CloseQR(ctx context.Context) error
	ParkQR(ctx context.Context) error
	ResumeQR(ctx context.Context, id string) error
	PracticePay(ctx context.Context) error

	Returnable(ctx context.Context, saleID string) (till.Returnable, error)
	PlanReturn(ctx context.Context, r till.ReturnOrder) (register.SaleReturn, error)
	Return(ctx context.Context, r till.ReturnOrder) (till.Sold, error)
	StartReturn(ctx context.Context, r till.ReturnOrder) error
	StartPrepaymentReturn(ctx context.Context, r till.PrepaymentReturnOrder) error
	ParkBack(ctx context.Context) error
	ResumeBack(ctx context.Context, id string) error
	RetryBack(ctx context.Context, id string) error
	DropBack(ctx context.Context, id string) error
	DecideBack(ctx context.Context, id string, went bool) error
	FinishLate(ctx context.Context, id string) (till.Sold, error)
	RefundLate(ctx context.Context, id string) error
	ReturnCart(ctx context.Context, method register.Method, reason string) (till.Sold, error)
	Prepayments(ctx context.Context, text string, before int64, limit int) ([]till.Prepayment, error)
	PrepaymentByID(ctx context.Context, id string) (till.Prepayment, error)
	HandOver(ctx context.Context, id string) error
	ReturnPrepayment(ctx context.Context, id string, amount register.Money, prefer register.Method, reason string) (till.Sold, error)

	Find(ctx context.Context, s till.Search, before int64, limit int) ([]till.Operation, error)
	Operation(ctx context.Context, position int64) (till.Operation, error)
	PrintCopy(ctx context.Context, position int64) error
	ResolvePrint(ctx context.Context, again bool) error
	Slips(ctx context.Context) ([]till.Slip, error)
	PrintSlip(ctx context.Context, id int64) error
	DropSlip(ctx context.Context, id int64) error
	SyncNow()

	SetSettings(ctx context.Context, s till.Settings) error
	PrintTest(ctx context.Context) error
	PrintProbe(ctx context.Context) error
	FindPrinters(ctx context.Context, network bool) []connect.Found
	About(ctx context.Context) (till.About, error)
	Connections(ctx context.Context) (till.Connections, error)
	Pair(ctx context.Context, url, code string) error
	SetBank(ctx context.Context, name string, values banks.Settings) error
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
	// Windowed opens the till in a window even where the shop wants it to fill the screen. A change of that setting is
	// followed all the same.
	Windowed bool
	// Zone is the store's time zone. The machine's when nil.
	Zone *time.Location
	// Version is shown in "About".
	Version string
	// PracticeStaff is shown on the sign-in screen in practice mode, so that a newcomer gets in.
	PracticeStaff []PracticeMember
	// Sound plays a short sound and returns at once. It is called only while the shop wants sounds. None when nil.
	Sound func(Sound)
	// Log takes what no cashier can do anything about. Nothing is logged when nil.
	Log *slog.Logger
}

// PracticeMember is somebody who works in a practice shop, with a PIN that is no secret.
type PracticeMember struct {
	Role till.Role
	PIN  string
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
