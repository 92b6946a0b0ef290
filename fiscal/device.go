package fiscal

import (
	"context"
	"time"

	"kassa/register"
)

// Device is a fiscal registrar. One goroutine at a time asks it to Make or Find; the other methods may be called beside
// it. Every call ends when its context does, and after the adapter's own deadline.
type Device interface {
	// State asks the device how it is. The error is an *Error: TroubleOff when it does not answer.
	State(ctx context.Context) (State, error)

	// Before tells how the device stands before a try. It is kept with the try, on disk, before Make.
	Before(ctx context.Context) (Before, error)

	// Make has the document made, and waits for the end. Called again with a try that the device knows, it makes nothing
	// twice. The error is an *Error that is one of ErrRefused and ErrUnknown, and ErrAbsent where nothing was sent.
	Make(ctx context.Context, try Try) (Receipt, error)

	// Find tells what became of a try that was or may have been sent. The error is an *Error that is one of ErrRefused,
	// ErrAbsent, ErrUnknown and ErrUnclear.
	Find(ctx context.Context, try Try) (Receipt, error)

	// Resume has the device go on printing after the paper was changed. It does nothing where that is not needed.
	Resume(ctx context.Context) error

	// Copy prints a document of the fiscal storage again, as a copy. The error is ErrCannot for a device that has no such
	// thing.
	Copy(ctx context.Context, number int64) error
}

// Try is one attempt to have a document made.
type Try struct {
	ID       string   `json:"id"` // UUID; the device knows the try by it
	Before   Before   `json:"before"`
	Document Document `json:"document"`
}

// Before is how a device stood before a try: where in its memory the document can only be, and, for moves of cash, what
// the drawer held.
type Before struct {
	FN     string         `json:"fn"`
	Last   int64          `json:"last"` // number of the last document in the fiscal storage
	Drawer register.Money `json:"drawer"`
}

// ShiftState is the state of the device's own shift.
type ShiftState string

// The states of a device's shift. An expired one is older than 24 hours: the fiscal storage takes nothing but its end.
const (
	ShiftClosed  ShiftState = "closed"
	ShiftOpen    ShiftState = "open"
	ShiftExpired ShiftState = "expired"
)

// State is what a device says of itself. What it does not tell is zero.
type State struct {
	Model   string     `json:"model"`
	Serial  string     `json:"serial"`
	FFD     string     `json:"ffd"` // version of the format: "1.05", "1.1", "1.2"
	Clock   time.Time  `json:"clock"`
	Shift   ShiftState `json:"shift"`
	Number  int64      `json:"number"`  // of the shift that is open, or of the last one
	Expires time.Time  `json:"expires"` // when the open shift will be 24 hours old

	PaperOut  bool `json:"paper_out"`
	CoverOpen bool `json:"cover_open"`

	FN          string    `json:"fn"`
	Last        int64     `json:"last"`         // number of the last document in the fiscal storage
	FNUntil     time.Time `json:"fn_until"`     // the fiscal storage's keys end
	FNReplace   bool      `json:"fn_replace"`   // it is to be replaced soon: 30 days, or 99 % full
	FNExhausted bool      `json:"fn_exhausted"` // it is to be replaced at once: 3 days, or full

	Unsent      int       `json:"unsent"`       // documents that the tax data operator does not have yet
	UnsentSince time.Time `json:"unsent_since"` // of the first of them; after 30 days the fiscal storage stands still

	Drawer  register.Money `json:"drawer"`
	Blocked Trouble        `json:"blocked"` // why the device's queue stands still; empty when it does not

	Can Capabilities `json:"can"`
}

// Capabilities are what a device can do, known before it is asked.
type Capabilities struct {
	Corrections      bool `json:"corrections"`       // SaleCorrection
	CorrectionLines  bool `json:"correction_lines"`  // corrections have lines (FFD 1.1 and later)
	ReturnCorrection bool `json:"return_correction"` // FFD 1.1 and later
	NoPaper          bool `json:"no_paper"`
	CashMoves        bool `json:"cash_moves"`
	Copies           bool `json:"copies"` // Copy
	VAT22            bool `json:"vat22"`  // knows the rates of 2026
}
