package register

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Kind names what happened. Kinds are stored and sent as text, so that a new one needs no change of any table.
type Kind string

// The kinds of operation that this version writes.
const (
	KindShiftOpened      Kind = "shift_opened"
	KindSale             Kind = "sale"
	KindReturn           Kind = "sale_return"
	KindPrepayment       Kind = "prepayment"
	KindPrepaymentReturn Kind = "prepayment_return"
	KindCashIn           Kind = "cash_in"
	KindCashOut          Kind = "cash_out"
	KindShiftClosed      Kind = "shift_closed"

	// Kept for audit: they move no money.
	KindLineRemoved    Kind = "line_removed"
	KindReceiptCleared Kind = "receipt_cleared"
	KindDrawerOpened   Kind = "drawer_opened"

	// KindFiscalDocument moves no money either, and is the only kind that is written in no open shift too.
	KindFiscalDocument Kind = "fiscal_document"
)

// Kinds are all of them, in the order in which a list offers them.
func Kinds() []Kind {
	return []Kind{KindSale, KindReturn, KindPrepayment, KindPrepaymentReturn, KindCashIn, KindCashOut, KindShiftOpened, KindShiftClosed,
		KindLineRemoved, KindReceiptCleared, KindDrawerOpened, KindFiscalDocument}
}

// Money tells whether operations of this kind move money.
func (k Kind) Money() bool {
	switch k {
	case KindSale, KindReturn, KindPrepayment, KindPrepaymentReturn, KindCashIn, KindCashOut:
		return true
	}
	return false
}

// Ref names an operation that another one goes back to.
type Ref struct {
	Journal string    `json:"journal"`
	Number  int64     `json:"number"`
	ID      string    `json:"id"`
	Shift   int64     `json:"shift"`
	Receipt int64     `json:"receipt"`
	At      time.Time `json:"at"`
}

// ShiftOpened is the body of KindShiftOpened.
type ShiftOpened struct {
	Float Money `json:"float"` // cash that the drawer holds at the start
}

// ShiftClosed is the body of KindShiftClosed. Totals are what the till believed; anybody can compute them again from
// the operations of the shift. Where the cash was counted, the drawer holds what was counted from then on.
type ShiftClosed struct {
	Totals  Totals `json:"totals"`
	Counted *Money `json:"counted,omitempty"` // nil when nobody counted
}

// Difference is what the drawer held above what it should have held: negative when money is missing.
func (b ShiftClosed) Difference() Money {
	if b.Counted == nil {
		return 0
	}
	return *b.Counted - b.Totals.CashEnd
}

// CashMove is the body of KindCashIn and KindCashOut.
type CashMove struct {
	Sum    Money  `json:"sum"`
	Reason string `json:"reason,omitempty"`
}

// Check tells what is wrong with a cash move, or nil.
func (m CashMove) Check() error {
	switch {
	case m.Sum <= 0:
		return fmt.Errorf("%w: %s", ErrPayment, m.Sum)
	case m.Sum > MaxMoney:
		return ErrTooMuch
	}
	return checkText(m.Reason, MaxComment)
}

// LineRemoved is the body of KindLineRemoved. Where a quantity was made smaller, the line holds what was taken away.
type LineRemoved struct {
	Line Line `json:"line"`
}

// ReceiptCleared is the body of KindReceiptCleared: a receipt that was given up.
type ReceiptCleared struct {
	Lines []Line `json:"lines"`
	Total Money  `json:"total"`
}

// DrawerOpened is the body of KindDrawerOpened: the drawer was opened without a sale.
type DrawerOpened struct {
	Reason string `json:"reason,omitempty"`
}

// Operation is one immutable fact in a till's history, before and after it is stored. Body is the kind's particulars
// as JSON: one of the types of this package.
type Operation struct {
	Journal  string          `json:"journal"`
	Number   int64           `json:"number"`
	ID       string          `json:"id"`
	Kind     Kind            `json:"kind"`
	Version  int             `json:"version"` // of the body's form
	At       time.Time       `json:"at"`      // UTC, milliseconds; the till's clock, never trusted for order
	Shift    int64           `json:"shift"`
	Cashier  string          `json:"cashier"`            // name, as it stood on the day
	Approved string          `json:"approved,omitempty"` // who gave the cashier leave, where leave was needed
	Body     json.RawMessage `json:"body"`
}

// BodyVersion is the version of the bodies that this package writes.
const BodyVersion = 1

// ErrBadOperation tells that an operation's bytes cannot be understood; the wrapping error says why.
var ErrBadOperation = errors.New("register: operation cannot be understood")

// Decode reads the body into v, which must be a pointer to the body's type.
func (o Operation) Decode(v any) error {
	if err := json.Unmarshal(o.Body, v); err != nil {
		return fmt.Errorf("%w: body of %s %d: %w", ErrBadOperation, clip(string(o.Kind)), o.Number, err)
	}
	return nil
}

// Ref names the operation for another one. receipt is its number within the shift.
func (o Operation) Ref(receipt int64) Ref {
	return Ref{Journal: o.Journal, Number: o.Number, ID: o.ID, Shift: o.Shift, Receipt: receipt, At: o.At}
}

// Sale reads the body of a sale.
func (o Operation) Sale() (Sale, error) { return body[Sale](o, KindSale) }

// Return reads the body of a sale return.
func (o Operation) Return() (SaleReturn, error) { return body[SaleReturn](o, KindReturn) }

// Prepayment reads the body of a prepayment.
func (o Operation) Prepayment() (Prepayment, error) { return body[Prepayment](o, KindPrepayment) }

// PrepaymentReturn reads the body of a prepayment's return.
func (o Operation) PrepaymentReturn() (PrepaymentReturn, error) {
	return body[PrepaymentReturn](o, KindPrepaymentReturn)
}

// CashMove reads the body of a cash in or a cash out.
func (o Operation) CashMove() (CashMove, error) { return body[CashMove](o, KindCashIn, KindCashOut) }

func body[T any](o Operation, kinds ...Kind) (T, error) {
	var b T
	for _, k := range kinds {
		if o.Kind == k {
			return b, o.Decode(&b)
		}
	}
	return b, fmt.Errorf("%w: %s is not a %s", ErrBadOperation, clip(string(o.Kind)), kinds[0])
}

// Drawer is how much cash the operation put into the drawer; negative when it took cash out. The counting at a shift's
// end counts: what was missing is out. The error is ErrBadOperation.
func (o Operation) Drawer() (Money, error) {
	if o.Kind == KindShiftClosed {
		return o.counting()
	}
	m, err := o.moved()
	if err != nil {
		return 0, err
	}
	return m.drawer(), nil
}

func (o Operation) counting() (Money, error) {
	var b ShiftClosed
	if err := o.Decode(&b); err != nil || b.Counted == nil {
		return 0, err
	}
	if err := o.believe(0, maxDrawer, *b.Counted); err != nil {
		return 0, err
	}
	if err := o.believe(-maxDrawer, maxDrawer, b.Totals.CashEnd); err != nil {
		return 0, err
	}
	return b.Difference(), nil
}

// moved is the money of an operation: what it came to, by which payments, and which way it went.
type moved struct {
	sum, off Money
	payments []Payment
	out      bool // the shop paid
}

func (m moved) drawer() Money {
	if m.out {
		return -by(m.payments, Cash)
	}
	return by(m.payments, Cash)
}

// moved reads the money out of the body; for a kind that moves none it is empty. A stored body is believed only as far
// as its sums can be added up: whether it is right was checked before it was stored.
func (o Operation) moved() (m moved, err error) {
	switch o.Kind {
	case KindSale:
		var b Sale
		b, err = o.Sale()
		m = moved{sum: b.Total, off: b.Off, payments: b.Payments}
	case KindReturn:
		var b SaleReturn
		b, err = o.Return()
		m = moved{sum: b.Total, payments: b.Payments, out: true}
	case KindPrepayment:
		var b Prepayment
		b, err = o.Prepayment()
		m = moved{sum: b.Amount, payments: b.Payments}
	case KindPrepaymentReturn:
		var b PrepaymentReturn
		b, err = o.PrepaymentReturn()
		m = moved{sum: b.Amount, payments: b.Payments, out: true}
	case KindCashIn, KindCashOut:
		var b CashMove
		b, err = o.CashMove()
		m = moved{sum: b.Sum, payments: []Payment{pay(Cash, b.Sum)}, out: o.Kind == KindCashOut}
	}
	if err != nil {
		return moved{}, err
	}
	var paid Money
	for _, p := range m.payments {
		if err := o.believe(0, MaxMoney, p.Amount); err != nil {
			return moved{}, err
		}
		paid += p.Amount
	}
	return m, o.believe(0, MaxMoney, m.sum, m.off, paid)
}

// maxDrawer bounds what is believed of a drawer, either way: far more than any holds, and far less than an int64.
const maxDrawer Money = 1_000_000_000_000_000

// believe tells whether all sums are within bounds.
func (o Operation) believe(least, most Money, sums ...Money) error {
	for _, m := range sums {
		if m < least || m > most {
			return fmt.Errorf("%w: %s %d speaks of %s", ErrBadOperation, clip(string(o.Kind)), o.Number, m)
		}
	}
	return nil
}
