// Package payments brings QR payments to their end: it asks the bank for a code, asks again and again what became of it,
// and cancels or refunds.
//
// A payment is worked on by whoever holds its lease, in any server process, one at a time; what a till asks for is
// written down before it is done. So nothing depends on a process living on, on a till being there, or on a bank
// answering: a payment that is not at its end has a time in the database when the bank is asked next, and Run asks.
//
// There is no queue of jobs beside the payments. The payment's own row is its place in the queue, with the time when it is
// due, the wish that is to be carried out, and the lease of who works on it. So a wish and the work for it cannot disagree,
// nothing has to be enqueued in the same moment or taken out again, a payment is worked on once however many reasons there
// are, and a process that dies leaves a lease that runs out and nothing else.
//
// How often a bank is called is a matter of its contract: package pg counts the calls of all processes together, and
// of what is due each contract gets its own share (see lanes), so that a bank which does not answer holds up nobody else.
package payments

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/register"
	"kassa/server/pg"
	"kassa/sync/wire"
)

// Errors of a request.
var (
	ErrInvalid  = errors.New("payments: the payment cannot be asked for like this")
	ErrConflict = errors.New("payments: there is a payment with this id and other content")
	ErrNotFound = pg.ErrNotFound
	// ErrWholeOnly tells that the bank gives back all of a payment or nothing. It matches ErrInvalid.
	ErrWholeOnly = fmt.Errorf("%w: the bank gives back the whole only", ErrInvalid)
)

// Config is what a Service needs.
type Config struct {
	Store  *pg.Store
	Key    *pg.Key // of the banks' credentials; with none, no bank can be used
	Open   Opener  // OpenPublic when nil
	Clock  func() time.Time
	Logger *slog.Logger

	// Look is how often the database is looked at for payments to ask about; 100 ms when zero.
	Look time.Duration
	// Deaf tells that the database's notifications do not reach this process, as behind a pooler that lends connections by
	// the transaction: whoever waits for a payment is told by looking at it, up to two seconds later.
	Deaf bool
}

// Opener makes the client of a bank from a store's setting; Open is one.
type Opener func(setting pg.BankSetting, clock func() time.Time) (banks.Bank, error)

// Service is the work on payments. It is safe for concurrent use.
type Service struct {
	store *pg.Store
	key   *pg.Key
	open  Opener
	clock func() time.Time
	log   *slog.Logger
	look  time.Duration
	deaf  bool

	watchers watchers
	lanes    lanes
	rests    rests
	wake     chan struct{}
	stopping chan struct{} // closed when Run is told to stop: nobody is kept waiting then

	mu    sync.Mutex
	banks map[uuid.UUID]banks.Bank // by setting, which never changes
}

// New makes a Service; Run, called once, makes it work.
func New(c Config) *Service {
	if c.Open == nil {
		c.Open = OpenPublic
	}
	if c.Look <= 0 {
		c.Look = tick
	}
	return &Service{store: c.Store, key: c.Key, open: c.Open, clock: c.Clock, log: c.Logger, look: c.Look, deaf: c.Deaf,
		wake: make(chan struct{}, 1), stopping: make(chan struct{}), banks: map[uuid.UUID]banks.Bank{}}
}

const (
	// leaseLife is longer than any single piece of work: each bank call ends after the adapter's own deadline.
	leaseLife = 90 * time.Second
	// callLimit bounds one piece of work with a bank.
	callLimit = 45 * time.Second
	// storeLimit bounds a write that goes on although whoever asked for it has gone.
	storeLimit = 15 * time.Second
	// maxLife is the longest life of a code that can be asked for; each bank has its own limit besides.
	maxLife = 366 * 24 * time.Hour
	// MaxPurpose is how long a purpose may be, in letters: the least that the banks take.
	MaxPurpose = 140
)

// Create asks the store's bank for a code. The payment is stored before the bank hears of it. The same request again gives
// the payment as it stands; the id with another sum or purpose is ErrConflict. A payment whose bank does not
// answer is no error: its state says so.
func (s *Service) Create(ctx context.Context, t pg.Till, n wire.NewPayment) (pg.Payment, error) {
	p, err := s.describe(t, n)
	if err != nil {
		return pg.Payment{}, err
	}
	bank, err := s.choose(ctx, t, &p)
	if err != nil {
		return pg.Payment{}, err
	}
	var lease time.Time
	if bank != nil {
		lease = p.Created.Add(leaseLife)
		p.AskAt = &lease // should this process die, another asks what became of it
	}
	stored, created, err := s.begin(ctx, p, lease)
	switch {
	case err != nil:
		return pg.Payment{}, err
	case stored.Store != p.Store || stored.Attempt.Amount != p.Attempt.Amount || stored.Purpose != p.Purpose:
		return pg.Payment{}, fmt.Errorf("payment %s: %w", p.ID, ErrConflict)
	case created && bank != nil:
		return s.createAtBank(ctx, bank, stored)
	case stored.Attempt.State == banks.StateCreating:
		return s.settled(ctx, stored)
	}
	return stored, nil
}

// begin stores the payment and takes its lease. A till that hangs up in this moment must not leave behind a lease that
// nobody works under.
func (s *Service) begin(ctx context.Context, p pg.Payment, lease time.Time) (pg.Payment, bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	return s.store.CreatePayment(ctx, p, lease)
}

// describe checks what a till sent.
func (s *Service) describe(t pg.Till, n wire.NewPayment) (pg.Payment, error) {
	now := s.clock().UTC()
	id, err := uuid.Parse(n.ID)
	switch {
	case err != nil || id.String() != n.ID:
		return pg.Payment{}, fmt.Errorf("%w: the id is not a UUID", ErrInvalid)
	case n.Amount <= 0 || n.Amount > int64(register.MaxMoney):
		return pg.Payment{}, fmt.Errorf("%w: the amount is %d", ErrInvalid, n.Amount)
	case utf8.RuneCountInString(n.Purpose) > MaxPurpose || strings.ContainsFunc(n.Purpose, unicode.IsControl):
		return pg.Payment{}, fmt.Errorf("%w: the purpose is too long or holds control characters", ErrInvalid)
	case n.Life < 0 || n.Life > int64(maxLife/time.Second):
		return pg.Payment{}, fmt.Errorf("%w: the code is to work for %d seconds", ErrInvalid, n.Life)
	case n.Life == 0 && n.Expires.IsZero():
		return pg.Payment{}, fmt.Errorf("%w: it does not say when the code expires", ErrInvalid)
	}
	expires := n.Expires.UTC()
	if n.Life > 0 {
		expires = now.Add(time.Duration(n.Life) * time.Second)
	}
	return pg.Payment{Account: t.Account, ID: id, Store: t.Store, Till: t.ID, Purpose: n.Purpose, Created: now,
		Attempt: banks.Attempt{ID: n.ID, Amount: register.Money(n.Amount), Expires: expires, State: banks.StateCreating},
	}, nil
}

// choose finds the store's bank and begins the attempt. With no bank, or one that does not take such a payment, the
// payment is over before it began and the bank is nil.
func (s *Service) choose(ctx context.Context, t pg.Till, p *pg.Payment) (banks.Bank, error) {
	setting, err := s.store.CurrentBank(ctx, s.key, t.Account, t.Store)
	if errors.Is(err, pg.ErrNotFound) {
		p.Attempt.State, p.Trouble = banks.StateFailed, wire.TroubleNoBank
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	bank, err := s.client(setting)
	if err != nil {
		return nil, err
	}
	p.Setting, p.Attempt.Bank = setting.ID, bank.Name()
	p.Attempt.Expires = clampLife(p.Attempt.Expires, p.Created, bank.Can())
	attempt, err := banks.Begin(bank, request(*p))
	if refusal := (*banks.Refusal)(nil); errors.As(err, &refusal) {
		p.Attempt.State, p.Trouble, p.Message = banks.StateFailed, wire.TroubleRefused, clean(refusal.Message)
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	p.Attempt = attempt
	return bank, nil
}

func request(p pg.Payment) banks.Request {
	return banks.Request{ID: p.Attempt.ID, Amount: p.Attempt.Amount, Purpose: p.Purpose, Expires: p.Attempt.Expires}
}

// clampLife keeps a code's end within what the bank takes. A till's clock may be wrong; the bank's limits are not.
func clampLife(expires, now time.Time, can banks.Capabilities) time.Time {
	// A little more than the least, so that the request does not arrive too late for it.
	if least := now.Add(can.MinLife + 10*time.Second); expires.Before(least) {
		return least
	}
	if can.MaxLife > 0 && expires.After(now.Add(can.MaxLife)) {
		return now.Add(can.MaxLife)
	}
	return expires
}

// createAtBank gets the code. The till may have gone: the work is done all the same.
func (s *Service) createAtBank(ctx context.Context, bank banks.Bank, p pg.Payment) (pg.Payment, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callLimit)
	defer cancel()
	if err := s.takeCalls(ctx, bank, p.Setting, createCalls); err != nil {
		return p, err
	}
	next, err := banks.Create(ctx, bank, p.Attempt, request(p))
	p = s.heard(p, next, err)
	p.Attempt, _ = lostForGood(bank, next)
	s.schedule(bank, &p)
	return s.save(ctx, p, pg.Change{Cause: pg.CauseCreate})
}

// lostForGood ends an attempt whose creation has no answer, at a bank that cannot look payments up by our id. What there may
// be at the bank has a code that was never shown to anybody, so nobody can pay it, and the till may make another at once.
// Should the bank tell of it by itself, it is looked at all the same.
func lostForGood(bank banks.Bank, a banks.Attempt) (banks.Attempt, bool) {
	if a.State != banks.StateCreateUnknown || a.BankID != "" || bank.Can().LookUp {
		return a, false
	}
	failed, err := a.CreateFailed()
	return failed, err == nil
}

// Cancel cancels a payment, or gives back all that is left of one that is paid or turns out to be. It is safe to repeat. With
// unpaidOnly the bank is asked first, and a payment that turns out paid stays paid: the buyer was faster than the cashier,
// and keeps the goods. The wish is stored first; the payment that comes back shows how far it was carried out in the time
// that a till waits.
func (s *Service) Cancel(ctx context.Context, t pg.Till, id uuid.UUID, unpaidOnly bool) (pg.Payment, error) {
	if _, err := s.Wait(ctx, t, id, 0, 0); err != nil {
		return pg.Payment{}, err
	}
	p, err := s.store.WantCancel(ctx, s.clock().UTC(), t.Account, id, unpaidOnly)
	if err != nil || !wished(p) {
		return p, err
	}
	return s.carryOut(ctx, t.Account, id)
}

func wished(p pg.Payment) bool { return p.CancelAt != nil || p.Wanted.ID != "" }

// carryOut does what was wished for a payment, as far as it can be done in the time that somebody waits for it. What is left
// is done by Run.
func (s *Service) carryOut(ctx context.Context, account, id uuid.UUID) (pg.Payment, error) {
	deadline := time.Now().Add(cancelPatience)
	for {
		leased, ok, err := s.lease(ctx, account, id)
		switch {
		case err != nil:
			return pg.Payment{}, err
		case !wished(leased):
			return leased, s.release(ctx, leased, ok)
		case ok:
			return s.work(context.WithoutCancel(ctx), leased)
		case time.Now().After(deadline):
			s.rouse()
			return leased, nil
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return pg.Payment{}, err
		}
	}
}

// lease takes a payment's lease, and like begin does not leave it behind.
func (s *Service) lease(ctx context.Context, account, id uuid.UUID) (pg.Payment, bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	now := s.clock().UTC()
	return s.store.Lease(ctx, now, now.Add(leaseLife), account, id)
}

// cancelPatience is how long Cancel waits for somebody else's question to the bank to end.
const cancelPatience = 12 * time.Second

func (s *Service) release(ctx context.Context, p pg.Payment, leased bool) error {
	if !leased {
		return nil
	}
	_, err := s.save(ctx, p, pg.Change{Cause: pg.CauseAsk})
	return err
}

// settled waits a while until a payment that somebody else is creating has its code.
func (s *Service) settled(ctx context.Context, p pg.Payment) (pg.Payment, error) {
	return s.Wait(ctx, pg.Till{Account: p.Account, Store: p.Store}, p.ID, p.Revision, cancelPatience)
}

// Wait returns a payment as soon as its revision is above the given one, at the latest after the given time. The
// error is ErrNotFound, for a payment of another store too.
func (s *Service) Wait(ctx context.Context, t pg.Till, id uuid.UUID, revision int64, most time.Duration) (pg.Payment, error) {
	changed, stop := s.watchers.watch(id)
	defer stop()
	end := time.NewTimer(most)
	defer end.Stop()
	// Should the notifications fail, the row is looked at anyway.
	look := time.NewTicker(2 * time.Second)
	defer look.Stop()
	for last := most <= 0; ; {
		p, err := s.store.Payment(ctx, t.Account, id)
		if err != nil {
			return pg.Payment{}, err
		}
		if p.Store != t.Store {
			return pg.Payment{}, fmt.Errorf("reading payment %s: %w", id, ErrNotFound)
		}
		if last || p.Revision > revision {
			return p, nil
		}
		select {
		case <-ctx.Done():
			return pg.Payment{}, ctx.Err()
		case <-end.C:
			last = true
		case <-s.stopping:
			last = true
		case <-changed:
		case <-look.C:
		}
	}
}

// client is the bank behind a setting.
func (s *Service) client(setting pg.BankSetting) (banks.Bank, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.banks[setting.ID]; ok {
		return b, nil
	}
	b, err := s.open(setting, s.clock)
	if err != nil {
		return nil, fmt.Errorf("opening bank %s: %w", setting.Bank, err)
	}
	s.banks[setting.ID] = b
	return b, nil
}

// bankAt is the bank of a setting, in use or retired.
func (s *Service) bankAt(ctx context.Context, k pg.SettingKey) (banks.Bank, error) {
	s.mu.Lock()
	b, ok := s.banks[k.Setting]
	s.mu.Unlock()
	if ok {
		return b, nil
	}
	setting, err := s.store.Bank(ctx, s.key, k.Account, k.Setting)
	if err != nil {
		return nil, err
	}
	return s.client(setting)
}

// save stores a payment and takes what the database cannot hold out of the bank's texts.
func (s *Service) save(ctx context.Context, p pg.Payment, c pg.Change) (pg.Payment, error) {
	a := &p.Attempt
	p.Message, a.Words, a.BankID, a.Payload = clean(p.Message), clean(a.Words), clean(a.BankID), clean(a.Payload)
	// What the bank said must be kept even when whoever asked has gone.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	return s.store.SavePayment(ctx, s.clock().UTC(), p, c)
}

func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
