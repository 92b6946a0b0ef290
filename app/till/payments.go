package till

import (
	"context"
	"errors"
	"sync"
	"time"

	"kassa/banks"
	"kassa/register"
	"kassa/sync/client"
	"kassa/sync/wire"
)

// Payments is where QR payments are made: the central server, or a bank that the till asks itself. Both move an
// attempt by the same rules, those of package banks.
//
// The attempt that comes back is to be kept, with an error too; an error never ends an attempt and is a *Problem that
// tells what stands in the way. Implementations are safe for concurrent use.
type Payments interface {
	// Begin gives the attempt that must be on the disk before Advance is called with it.
	Begin(r banks.Request) (banks.Attempt, error)
	// Advance makes the payment if it is not known to have been made, and asks for news of it otherwise, at most wait
	// long.
	Advance(ctx context.Context, a banks.Attempt, purpose string, wait time.Duration) (banks.Attempt, error)
	// Cancel closes it if it is not paid; one that turns out paid on the way may stay paid, or be given back.
	Cancel(ctx context.Context, a banks.Attempt) (banks.Attempt, error)
	// Pause is how long to wait between two calls of Advance.
	Pause() time.Duration
	// Check tells whether payments could be made now.
	Check(ctx context.Context) error
}

// notFoundProof is how long a bank must go on saying that it knows of no payment before that is believed
// (banks.Attempt.CreateFailed).
const notFoundProof = 5 * time.Second

// DirectPayments asks a bank itself: for a till with no server.
type DirectPayments struct {
	bank banks.Bank
	now  func() time.Time

	mu      sync.Mutex
	unknown map[string]time.Time // when the bank said first that it knows of no such payment
}

// NewDirectPayments makes QR payments at a bank.
func NewDirectPayments(b banks.Bank, now func() time.Time) *DirectPayments {
	return &DirectPayments{bank: b, now: now, unknown: map[string]time.Time{}}
}

// Begin implements Payments.
func (d *DirectPayments) Begin(r banks.Request) (banks.Attempt, error) {
	a, err := banks.Begin(d.bank, r)
	return a, bankProblem(err)
}

// Advance implements Payments.
func (d *DirectPayments) Advance(ctx context.Context, a banks.Attempt, purpose string, _ time.Duration) (banks.Attempt, error) {
	r := banks.Request{ID: a.ID, Amount: a.Amount, Purpose: purpose, Expires: a.Expires}
	if a.State == banks.StateCreating {
		next, err := banks.Create(ctx, d.bank, a, r)
		return next, bankProblem(err)
	}
	next, err := banks.Ask(ctx, d.bank, a)
	if errors.Is(err, banks.ErrNotFound) && d.proven(a.ID) {
		failed, stepErr := next.CreateFailed()
		if stepErr == nil {
			return failed, bankProblem(err)
		}
	}
	if err == nil {
		d.forget(a.ID)
	}
	return next, bankProblem(err)
}

func (d *DirectPayments) proven(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	first, ok := d.unknown[id]
	if !ok {
		d.unknown[id] = d.now()
	}
	return ok && d.now().Sub(first) >= notFoundProof
}

func (d *DirectPayments) forget(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.unknown, id)
}

// Cancel implements Payments.
func (d *DirectPayments) Cancel(ctx context.Context, a banks.Attempt) (banks.Attempt, error) {
	sent, err := a.CancelSent()
	if err != nil {
		return a, bankProblem(err)
	}
	next, err := banks.Cancel(ctx, d.bank, sent)
	return next, bankProblem(err)
}

// Pause implements Payments.
func (d *DirectPayments) Pause() time.Duration { return d.bank.Can().Poll }

// Check implements Payments.
func (d *DirectPayments) Check(ctx context.Context) error { return bankProblem(d.bank.Check(ctx)) }

// bankProblem gives a bank's error its sentence.
func bankProblem(err error) error {
	var r *banks.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &r):
		code := CodeBankRefused
		switch r.Reason {
		case banks.ReasonSettings:
			code = CodeBankSettings
		case banks.ReasonAmount:
			code = CodeQRAmount
		}
		return problem(code, err, "message", r.Message)
	case errors.Is(err, banks.ErrAmountDiffers):
		return problem(CodeAmountDiffers, err)
	case errors.Is(err, banks.ErrStep), errors.Is(err, banks.ErrOtherPayment):
		return problem(CodeBankNonsense, err)
	}
	return problem(CodeBankDown, err)
}

// ServerPayments makes QR payments through the central server, which asks the bank.
type ServerPayments struct {
	server *client.Client

	mu        sync.Mutex
	revisions map[string]int64
}

// NewServerPayments makes QR payments through a server.
func NewServerPayments(c *client.Client) *ServerPayments {
	return &ServerPayments{server: c, revisions: map[string]int64{}}
}

// Begin implements Payments. The bank's limits are the server's to know.
func (s *ServerPayments) Begin(r banks.Request) (banks.Attempt, error) {
	return banks.Attempt{ID: r.ID, Amount: r.Amount, State: banks.StateCreating, Expires: r.Expires.UTC()}, nil
}

// Advance implements Payments. Making a payment is repeated until the server has answered: it is idempotent by our id.
func (s *ServerPayments) Advance(ctx context.Context, a banks.Attempt, purpose string, wait time.Duration) (banks.Attempt, error) {
	create := func() (wire.Payment, error) {
		return s.server.NewPayment(ctx, wire.NewPayment{ID: a.ID, Amount: int64(a.Amount), Purpose: purpose, Expires: a.Expires})
	}
	if a.State == banks.StateCreating || a.State == banks.StateCreateUnknown && a.BankID == "" && s.revision(a.ID) == 0 {
		p, err := create()
		if err != nil && a.State == banks.StateCreating && errors.Is(err, client.ErrUnreachable) {
			a.State = banks.StateCreateUnknown
		}
		return s.take(a, p, err)
	}
	p, err := s.server.Payment(ctx, a.ID, s.revision(a.ID), wait)
	if client.Code(err) == wire.CodeNotFound {
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
	switch {
	case err != nil:
		return a, s.refusal(err)
	case p.ID != a.ID:
		return a, problem(CodeBankNonsense, banks.ErrOtherPayment)
	case p.Amount != int64(a.Amount) || p.Refunded < 0 || p.Refunded > p.Amount:
		return a, problem(CodeAmountDiffers, banks.ErrAmountDiffers)
	case !banks.State(p.State).Valid() || a.State.Paid() && !banks.State(p.State).Paid():
		return a, problem(CodeBankNonsense, banks.ErrStep)
	}
	s.mu.Lock()
	s.revisions[a.ID] = p.Revision
	s.mu.Unlock()
	a.State, a.Refunded, a.Bank, a.BankID, a.Payload = banks.State(p.State), register.Money(p.Refunded), p.Bank, p.BankID, p.Payload
	if !p.Expires.IsZero() {
		a.Expires = p.Expires
	}
	if p.Trouble == "" {
		return a, nil
	}
	return a, problem(paymentTrouble(p.Trouble), errTrouble, "message", p.Message)
}

// errTrouble is the cause of a trouble that the server told of: it was reached, and its bank stands in the way.
var errTrouble = errors.New("till: the server has trouble with the bank")

func (s *ServerPayments) refusal(err error) error {
	switch client.Code(err) {
	case "":
		return problem(CodeServerDown, err)
	case wire.CodeInvalid:
		return problem(CodeQRAmount, err)
	}
	if errors.Is(err, client.ErrUnreachable) {
		return problem(CodeServerDown, err)
	}
	return problem(CodeServerRefused, err)
}

func paymentTrouble(word string) Code {
	switch word {
	case wire.TroubleRefused:
		return CodeBankRefused
	case wire.TroubleAmount:
		return CodeAmountDiffers
	case wire.TroubleNoBank:
		return CodeQRUnavailable
	}
	return CodeBankDown
}
