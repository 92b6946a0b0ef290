package till

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"kassa/banks"
	"kassa/register"
	"kassa/sync/client"
	"kassa/sync/wire"
)

// ServerPayments makes QR payments through the central server, which asks the bank.
type ServerPayments struct {
	server *client.Client
	now    func() time.Time

	mu        sync.Mutex
	revisions map[string]int64
}

// NewServerPayments makes QR payments through a server.
func NewServerPayments(c *client.Client, now func() time.Time) *ServerPayments {
	return &ServerPayments{server: c, now: now, revisions: map[string]int64{}}
}

// Limits implements Payments. The bank's limits are the server's to know.
func (s *ServerPayments) Limits() Limits { return Limits{} }

// Begin implements Payments.
func (s *ServerPayments) Begin(r banks.Request) (banks.Attempt, error) {
	return banks.Attempt{ID: r.ID, Amount: r.Amount, State: banks.StateCreating, Expires: r.Expires.UTC()}, nil
}

// Advance implements Payments. Making a payment is repeated until the server has answered: it is idempotent by our id.
func (s *ServerPayments) Advance(ctx context.Context, a banks.Attempt, purpose string, wait time.Duration) (banks.Attempt, error) {
	create := func() (wire.Payment, error) {
		life := int64(a.Expires.Sub(s.now()) / time.Second)
		return s.server.NewPayment(ctx, wire.NewPayment{ID: a.ID, Amount: int64(a.Amount), Purpose: purpose, Life: max(life, 1), Expires: a.Expires})
	}
	if a.State == banks.StateCreating || a.State == banks.StateCreateUnknown && a.BankID == "" && s.revision(a.ID) == 0 {
		p, err := create()
		if err != nil && a.State == banks.StateCreating && errors.Is(err, client.ErrUnreachable) {
			a.State = banks.StateCreateUnknown
		}
		return s.take(a, p, err)
	}
	p, err := s.server.Payment(ctx, a.ID, s.revision(a.ID), wait)
	if client.Code(err) == wire.CodeNotFound && a.State.Open() {
		// The server was restored from a backup that does not know the payment. Made again by our id it is found at the
		// bank, which takes an id once.
		p, err = create()
	}
	return s.take(a, p, err)
}

// Cancel implements Payments. The server asks the bank once more before it cancels: a buyer who was faster has paid.
func (s *ServerPayments) Cancel(ctx context.Context, a banks.Attempt) (banks.Attempt, error) {
	sent, err := a.CancelSent()
	if err != nil {
		return a, bankProblem(err)
	}
	p, err := s.server.CancelPayment(ctx, a.ID, wire.Cancel{UnpaidOnly: true})
	return s.take(sent, p, err)
}

// Refundable implements Payments.
func (s *ServerPayments) Refundable(ctx context.Context, a banks.Attempt) (banks.Attempt, Refundable, error) {
	p, err := s.server.Payment(ctx, a.ID, 0, 0)
	next, err := s.take(a, p, err)
	return next, Refundable{Left: min(next.Left(), register.Money(p.Left)), WholeOnly: p.WholeOnly}, err
}

// Refund implements Payments. The server takes a refund once by its id.
func (s *ServerPayments) Refund(ctx context.Context, a banks.Attempt) (banks.Attempt, error) {
	p, err := s.server.CancelPayment(ctx, a.ID, wire.Cancel{Refund: &wire.Refund{ID: a.Refund.ID, Amount: int64(a.Refund.Amount)}})
	var refused *client.Refusal
	if errors.As(err, &refused) {
		code := CodeBackRefused
		switch refused.Wire.Code {
		case wire.CodeInvalid:
			code = CodeBackTooMuch
		case wire.CodeConflict, wire.CodeNotFound:
		default:
			return s.take(a, p, err)
		}
		if lost, stepErr := a.RefundLost(); stepErr == nil {
			a = lost
		}
		return a, problem(code, err, "sum", a.Left())
	}
	return s.take(a, p, err)
}

// Pause implements Payments: the server keeps us waiting by itself.
func (s *ServerPayments) Pause() time.Duration { return 300 * time.Millisecond }

// Check implements Payments; the sync worker asks the server already.
func (s *ServerPayments) Check(context.Context) error { return nil }

func (s *ServerPayments) revision(id string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.revisions[id]
}

// take brings the server's word into the attempt. The server has run the state machine; what is checked here is that
// it speaks of this payment, this sum, and does not take a payment back.
func (s *ServerPayments) take(a banks.Attempt, p wire.Payment, err error) (banks.Attempt, error) {
	state := banks.State(p.State)
	switch {
	case err != nil:
		return a, s.refusal(a, err)
	case p.ID != a.ID:
		return a, problem(CodeBankNonsense, banks.ErrOtherPayment)
	case p.Amount != int64(a.Amount) || p.Refunded < 0 || p.Refunded > p.Amount || p.Returned < 0 || p.Returned > p.Refunded:
		return a, problem(CodeAmountDiffers, banks.ErrAmountDiffers)
	case !state.Valid() || a.State.HadMoney() && !state.HadMoney():
		return a, problem(CodeBankNonsense, banks.ErrStep)
	}
	s.mu.Lock()
	s.revisions[a.ID] = p.Revision
	s.mu.Unlock()
	a.State, a.Refunded, a.Returned, a.ByHand = state, register.Money(p.Refunded), register.Money(p.Returned), p.ByHand
	a.Bank, a.BankID, a.Payload, a.Expires = p.Bank, p.BankID, p.Payload, s.expires(a, p)
	if a.Refund.ID != "" {
		return takeRefund(a, p)
	}
	code := paymentTrouble(p.Trouble)
	if code == "" {
		return a, nil
	}
	return a, problem(code, errTrouble, "message", p.Message)
}

// expires is when a code stops working, by the till's clock, which may be hours off the server's. Every answer is on its
// way for a moment, which is no reason to change it.
func (s *ServerPayments) expires(a banks.Attempt, p wire.Payment) time.Time {
	switch {
	case p.Life > 0:
		at := s.now().Add(time.Duration(p.Life) * time.Second).UTC().Truncate(time.Second)
		if d := at.Sub(a.Expires).Abs(); d > 5*time.Second {
			return at
		}
	case !p.Expires.IsZero() && banks.State(p.State).Open():
		return p.Expires
	}
	return a.Expires
}

// takeRefund brings the server's word about the refund under way into the attempt.
func takeRefund(a banks.Attempt, p wire.Payment) (banks.Attempt, error) {
	for _, r := range p.Refunds {
		if r.ID != a.Refund.ID {
			continue
		}
		switch r.State {
		case wire.RefundDone:
			a.Refund = banks.Refund{}
			return a, nil
		case wire.RefundFailed:
			a.Refund = banks.Refund{}
			return a, problem(CodeBackFailed, banks.ErrRefused, "message", p.Message)
		case wire.RefundUnknown:
			a.State = banks.StateRefundPending
			return a, problem(CodeBackUnclear, errTrouble, "message", p.Message)
		case wire.RefundSent:
			a.Refund.Taken = true
		}
		a.State = banks.StateRefundPending
		if p.Trouble == wire.TroubleUnreachable {
			return a, problem(CodeBackWaiting, errTrouble, "message", p.Message)
		}
		return a, nil
	}
	a.Refund = banks.Refund{}
	return a, problem(CodeBackWaiting, fmt.Errorf("till: the server: %w", banks.ErrNoRefund))
}

// errTrouble is the cause of a trouble that the server told of: it was reached, and its bank stands in the way.
var errTrouble = errors.New("till: the server has trouble with the bank")

func (s *ServerPayments) refusal(a banks.Attempt, err error) error {
	if a.Refund.ID != "" {
		return problem(CodeBackWaiting, err)
	}
	switch {
	case client.Code(err) == "", errors.Is(err, client.ErrUnreachable):
		return problem(CodeServerDown, err)
	case client.Code(err) == wire.CodeInvalid:
		return problem(CodeQRAmount, err)
	case client.Code(err) == wire.CodeNotFound:
		return problem(CodeServerRefused, errors.Join(banks.ErrNotFound, err))
	}
	return problem(CodeServerRefused, err)
}

// paymentTrouble is the sentence for a trouble of the server's; empty for one that is no hindrance.
func paymentTrouble(word string) Code {
	switch word {
	case wire.TroubleUnreachable:
		return CodeBankDown
	case wire.TroubleRefused:
		return CodeBankRefused
	case wire.TroubleAmount:
		return CodeAmountDiffers
	case wire.TroubleNoBank:
		return CodeQRUnavailable
	}
	return ""
}
