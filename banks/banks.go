// Package banks is one API over every bank's dynamic QR payments, and the life of such a payment.
//
// A bank stands behind the Bank interface, in a folder of its own (banks/tbank); the till and the server cannot tell
// one from another. What they keep of a payment is an Attempt, and the only way in which its state moves is
// Attempt.Apply: pure code, without any input or output, that the till and the server share.
package banks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kassa/register"
)

// State is where one attempt to be paid by QR stands.
type State string

// The states of an attempt. The first line of an attempt's story is always StateCreating, stored before the first byte
// goes to a bank.
const (
	StateCreating       State = "creating"        // our id is stored, the bank has not answered
	StateCreateUnknown  State = "create_unknown"  // the bank's answer was lost: it is asked by our own id
	StateWaiting        State = "waiting"         // the code is out, nobody has paid
	StateProcessing     State = "processing"      // the payer confirmed, the bank works; cancelling makes no sense
	StatePaid           State = "paid"            // the bank has the money
	StateCancelling     State = "cancelling"      // cancel was sent, the answer is not known
	StateCancelled      State = "cancelled"       // closed unpaid
	StateExpired        State = "expired"         // closed unpaid
	StateRejected       State = "rejected"        // closed unpaid
	StateRefundPending  State = "refund_pending"  // a refund has no final answer
	StatePartlyRefunded State = "partly_refunded" // part of the money went back
	StateRefunded       State = "refunded"        // all of it did
	StateFailed         State = "failed"          // never created at the bank, proven
)

// Request asks a bank for a code.
type Request struct {
	ID      string         // ours, a UUID; the idempotency key everywhere, at most 36 characters
	Amount  register.Money // above zero
	Purpose string         // what the payer reads in the bank's app
	Expires time.Time      // when the code should stop working
}

// Ref names a payment that was created, or may have been.
type Ref struct {
	ID       string         // ours
	BankID   string         // the bank's, empty when its answer was lost
	Amount   register.Money // what was asked for
	Refunded register.Money // what is known to have gone back
	Refund   Refund         // what is being given back now; zero when nothing is
	State    State          // where this side has it; a bank with few words is understood by it, no other needs it
}

// Refund is money on its way back to the payer. A payment has at most one at a time: few banks take an id of ours for
// a refund, and after a lost answer only the payment's totals can then tell whether it was carried out.
type Refund struct {
	ID     string         `json:"id,omitempty"`     // ours, a UUID
	Amount register.Money `json:"amount,omitempty"` // above zero
	Base   register.Money `json:"base,omitempty"`   // what had gone back before it
	Taken  bool           `json:"taken,omitempty"`  // the bank has said that it took it
}

// Outcome is what a bank's answer tells of Ref.Refund.
type Outcome string

// The outcomes of a refund. The zero one tells nothing: the totals may.
const (
	RefundPending Outcome = "pending" // the bank has taken it, the money is on its way; not said of what may be somebody else's
	RefundDone    Outcome = "done"
	RefundFailed  Outcome = "failed" // it began, and the bank says that it came to nothing; another would be carried out
	RefundNone    Outcome = "none"   // the bank has no trace of it; believed when it is said twice, some seconds apart
)

// Answer is what a bank said of a payment, in our words.
type Answer struct {
	State    State
	BankID   string         // the bank's id of the payment
	Payload  string         // the string for the QR; only in the answer to Create, and in State while it waits where the bank gives it again
	Amount   register.Money // what the bank says the payment is for; zero when it did not say
	Refunded register.Money // what has gone back in all, without a refund that is pending; zero when it did not say
	Refund   Outcome        // of the refund that was asked about
	Words    string         // the bank's own word for the state, for the story
}

// Bank is a bank's QR payments. Implementations are safe for concurrent use.
//
// Every method ends by its context's deadline or the adapter's own, whichever is sooner. An error is one of:
//   - ErrUnknown: no answer, or none that can be understood. Nothing is known of the outcome; the caller asks State.
//   - ErrNotFound: the bank says that it knows of no such payment.
//   - *Refusal: the bank understood and refused. The payment is as it was.
//   - ErrAmountDiffers: the bank's code names another sum than was asked for. It must not be shown to anybody.
//
// Create with an ID that the bank has seen before must not make a second payment that could be paid: the adapter finds the
// first one and answers with it, or, at a bank that cannot look up (Capabilities.LookUp), closes what it has made.
//
// A bank without LookUp answers State of a Ref without a BankID with ErrNotFound, always: the payload was in the answer that
// was lost, so that nobody can ever be shown it, and what was perhaps made cannot be paid. Creation is repeated by nobody;
// the shop makes a new attempt. The same holds after CreateFailed everywhere: no code of that attempt is shown any more.
//
// Cancel with no Ref.Refund closes an unpaid payment; a payer who was faster has paid, and the answer's State says
// whether the payment stays paid or, at a bank where the two are one call, went back whole. With a Ref.Refund it gives back
// that much of a paid payment. A bank without Close answers the Cancel of an unpaid code with where it stands; the code
// is off the screen, and its own time ends it. A bank may have carried out a Cancel whose answer was lost: with a refund it is not
// repeated before State has told what became of it.
type Bank interface {
	// Name is the bank's short name, stored with payments: "tbank".
	Name() string
	// Can tells what this bank can do.
	Can() Capabilities
	// Create opens a payment and gets its code.
	Create(ctx context.Context, r Request) (Answer, error)
	// State asks where a payment stands, by the bank's id or, where that was lost, by ours; with a Ref.Refund, what became
	// of that too.
	State(ctx context.Context, ref Ref) (Answer, error)
	// Cancel cancels or refunds.
	Cancel(ctx context.Context, ref Ref) (Answer, error)
	// Check makes a harmless call that proves the address and the credentials.
	Check(ctx context.Context) error
}

// Capabilities are what a bank can do, and its limits.
type Capabilities struct {
	MinAmount, MaxAmount register.Money
	MinLife, MaxLife     time.Duration
	Poll                 time.Duration // how often one payment's state may be asked for
	Rate                 int           // how many calls a second one contract may make, over all payments

	PartialRefund bool // a refund may be less than what was paid
	RefundID      bool // the bank takes our own id for a refund, and tells what became of it
	LookUp        bool // a payment is found by our id alone
	Close         bool // an unpaid code can be closed before its time
	CloseRefunds  bool // what closes an unpaid code gives a paid one's money back: both are one call
}

// Errors of a bank; see Bank.
var (
	ErrUnknown  = errors.New("banks: the bank's answer is not known")
	ErrNotFound = errors.New("banks: the bank knows no such payment")
	ErrRefused  = errors.New("banks: the bank refused")
)

// Reason sorts refusals by what a person can do about them.
type Reason string

// The reasons of a refusal.
const (
	ReasonOther    Reason = "other"    // the bank's own text says
	ReasonSettings Reason = "settings" // key, password or contract: the owner's work
	ReasonAmount   Reason = "amount"   // the bank does not take such a sum
	ReasonState    Reason = "state"    // the payment is not in a state where this can be done: ask State
	ReasonBalance  Reason = "balance"  // the merchant's balance is too small for the refund
)

// Refusal is a bank's refusal. It matches ErrRefused.
type Refusal struct {
	Reason  Reason
	Code    string // the bank's own
	Message string // the bank's text, cleaned and cut to 200 letters; never holds credentials
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("banks: the bank refused (%s): %s", r.Code, r.Message)
}

// Is makes every Refusal match ErrRefused.
func (r *Refusal) Is(target error) bool { return target == ErrRefused }

// Check refuses what is outside the limits before anything is made: a sum, or a code's life from now on. The error is a
// *Refusal.
func (c Capabilities) Check(r Request, now time.Time) error {
	if r.Amount < c.MinAmount || r.Amount > c.MaxAmount {
		return &Refusal{Reason: ReasonAmount, Code: "limits", Message: fmt.Sprintf("%v is outside %v to %v", r.Amount, c.MinAmount, c.MaxAmount)}
	}
	if life := r.Expires.Sub(now); life < c.MinLife || life > c.MaxLife {
		return &Refusal{Reason: ReasonOther, Code: "life", Message: fmt.Sprintf("a code lives from %v to %v, this one would for %v",
			c.MinLife, c.MaxLife, life.Round(time.Second))}
	}
	return nil
}
