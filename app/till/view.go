package till

import (
	"strings"
	"time"

	"kassa/banks"
	"kassa/register"
)

// View is everything that the screens show, at one moment. It is a value: nothing in it changes after it was made.
type View struct {
	Revision int64     // grows with every change
	Settings *Settings // what the shop chose; not to be changed, only cloned
	Shop     Shop
	Practice bool // a practice world stands behind the till, no real money
	Fresh    bool // nobody may sign in yet: the till is to be set up

	Cashier string // name of who is signed in; empty when nobody is
	Role    Role   // of who is signed in
	Shift   Shift

	Lines    []register.Line
	Total    register.Money     // what the receipt comes to
	Off      register.Money     // what was taken off it
	Due      register.Money     // what is to be paid: the total without what was prepaid
	Discount register.Discount  // on the receipt, as the cashier gave it
	Customer *register.Customer // whose receipt it is; nil when nobody said
	Comment  string
	Contact  string          // where the buyer wants the receipt sent; empty when on paper alone
	NoPaper  bool            // and not on paper
	Order    *register.Order // the prepaid order that is handed over; its lines cannot be changed
	Frozen   bool            // a QR payment holds the cart: no line can be changed
	Held     int             // receipts on hold

	QR   *QR   // the QR payment that the cashier is busy with; nil when there is none
	Last *Sold // the last sale since the till was started, until the next line is added

	Parked     []QR  // QR payments that go on in the background, oldest first
	ParkedSold *Sold // the last one of them that became a sale

	Back     *Back  // the refund by QR that the cashier is busy with; nil when there is none. It does not hold the receipt
	Backs    []Back // refunds that go on in the background, oldest first
	BackDone *Sold  // the last one of them that became a return
	Late     []Late // money that came after its code was put away, oldest first: the cashier decides about each

	Clock   Code // CodeClockBack when the till's clock is behind its own history; empty when it is not
	Goods   Code // CodeGoodsLost when the catalogue could not be opened; empty when it could
	Server  Server
	Printer Printer
	Bank    Bank
	Fiscal  Fiscal // the fiscal registrar
}

// Shop is what stands at the top of the screen and of receipts.
type Shop struct {
	Name    string `json:"name"`
	Address string `json:"address,omitempty"`
	INN     string `json:"inn,omitempty"`
	Till    string `json:"till"`
	Footer  string `json:"footer,omitempty"` // lines said to the buyer at the end of a slip, with line feeds between
}

// FooterLines are the lines of the footer.
func (s Shop) FooterLines() []string {
	if s.Footer == "" {
		return nil
	}
	return strings.Split(s.Footer, "\n")
}

// Shift is the shift that is open, or the last one.
type Shift struct {
	Open    bool
	Number  int64 // zero before the first one
	Opened  time.Time
	Cashier string // who opened it
	Totals  register.Totals
}

// QR is a QR payment on the screen.
type QR struct {
	ID      string
	Kind    register.Kind // what it becomes when it is paid: KindSale or KindPrepayment
	Amount  register.Money
	State   banks.State
	Payload string // what the QR holds; empty until the bank gave it, and when it must not be shown any more
	Expires time.Time
	Left    bool   // it was found open when the till was started
	Done    bool   // final and unpaid: nothing more to wait for; the cashier closes it and the cart is free again
	Trouble Code   // what stands in the way now; empty when nothing does
	Message string // the bank's own text, if it gave one
	Printed bool   // a slip with the code was sent to the printer

	Renewing bool // RenewQR was called: a new code comes as soon as nobody can pay this one
}

// Sold is an operation that is on the disk: a sale, a return, a prepayment, a move of cash.
type Sold struct {
	Kind     register.Kind
	ID       string // of the operation
	Number   int64  // of the operation
	Receipt  int64  // within the shift
	Total    register.Money
	Method   register.Method // the last one that was paid by, see Payments for all
	Payments []register.Payment
	Given    register.Money // in cash
	Change   register.Money
}

// Link tells how a connection is.
type Link string

// The states of a connection.
const (
	LinkOff     Link = "off"     // not set up
	LinkUnknown Link = "unknown" // not tried yet
	LinkUp      Link = "up"
	LinkDown    Link = "down"
)

// Server is the state of the exchange with the central server.
type Server struct {
	Link    Link
	Waiting int64     // operations that the server does not have yet
	Last    time.Time // when it last answered
	Trouble Code      // what is wrong, when something is
}

// Printer is the state of the receipt printer and its queue.
type Printer struct {
	Link    Link
	Waiting int  // jobs that wait
	Doubt   int  // jobs that may or may not have been printed: the cashier decides
	Trouble Code // CodePrinterOff, CodePaperOut, …

	PaperLow bool // it said so when it was last asked; many printers never do
}

// Bank tells whether a QR can be taken.
type Bank struct {
	Link    Link
	Direct  bool // the till asks the bank itself, with no server between
	Trouble Code

	// Of a bank that the till asks itself; a server knows its bank's.
	Name      string         // as banks.Adapter.Name
	Min, Max  register.Money // the smallest and the largest sum that it takes; zero where there is no limit
	WholeOnly bool           // it gives a payment back in full or not at all
}

// Operation is one line of the history.
type Operation struct {
	register.Operation
	Position int64 // its place in the history, to page by
	Receipt  int64
	Total    register.Money // what it came to, never negative
	Method   register.Method
	Payments []register.Payment
	Sent     bool // the server has it
}
