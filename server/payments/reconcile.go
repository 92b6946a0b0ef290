package payments

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/register"
	"kassa/server/pg"
)

const (
	// reconcileAfter is the time of day, in the store's zone, from which the day before is compared with the bank: what was
	// paid shortly before midnight is in the bank's list by then.
	reconcileAfter = 4*time.Hour + 30*time.Minute
	// reconcileTick is how often it is looked for comparisons whose time has come.
	reconcileTick = time.Minute
	// reconcileLease is longer than one comparison may take.
	reconcileLease = 10 * time.Minute
	reconcileLimit = 8 * time.Minute
	// reconcileMargin is how far the bank's clock and the time at which we heard of a payment may lie apart.
	reconcileMargin = 2 * time.Hour
)

// reconcileDaily compares the books with the banks' lists, each day after its end. Whichever process takes a comparison
// makes it.
func (s *Service) reconcileDaily(ctx context.Context) {
	without := map[string]bool{}
	for {
		if err := s.reconcileDue(ctx, without); err != nil && ctx.Err() == nil {
			s.log.Error("cannot compare the books with the banks", "error", err)
		}
		if pause(ctx, reconcileTick) != nil {
			return
		}
	}
}

// reconcileDue makes every comparison whose time has come. It learns which banks have no list.
func (s *Service) reconcileDue(ctx context.Context, without map[string]bool) error {
	names := make([]string, 0, len(without))
	for name := range without {
		names = append(names, name)
	}
	due, err := s.store.DueReconciliations(ctx, s.clock().UTC(), reconcileAfter, names)
	if err != nil {
		return err
	}
	for _, d := range due {
		if ctx.Err() != nil || without[d.Bank] {
			continue
		}
		bank, err := s.bankAt(ctx, d.Key)
		if err != nil {
			s.log.Error("cannot open a bank to compare the books with it", "setting", d.Key.Setting, "error", err)
			continue
		}
		if _, ok := bank.(banks.Registered); !ok {
			without[d.Bank] = true
			continue
		}
		if _, err := s.reconcile(ctx, d.Key, d.Day, ""); err != nil && !errors.Is(err, ErrConflict) {
			s.log.Error("a comparison with a bank failed", "setting", d.Key.Setting, "day", d.Day.Format(time.DateOnly), "error", err)
		}
	}
	return nil
}

// Reconcile compares one day's payments of a setting with the bank's list, because an owner, named by login, asks for it; the
// day is a date, in the store's zone. It is made again when it was made before. The error is ErrNotFound, ErrInvalid when
// the bank has no list or the day is not over, or ErrConflict while another process is at it. A bank that does not answer is
// no error: the result says so.
func (s *Service) Reconcile(ctx context.Context, account, setting uuid.UUID, day time.Time, by string) (pg.Reconciliation, error) {
	return s.reconcile(ctx, pg.SettingKey{Account: account, Setting: setting}, day, by)
}

func (s *Service) reconcile(ctx context.Context, k pg.SettingKey, day time.Time, by string) (pg.Reconciliation, error) {
	bank, err := s.bankAt(ctx, k)
	if err != nil {
		return pg.Reconciliation{}, err
	}
	registered, ok := bank.(banks.Registered)
	if !ok {
		return pg.Reconciliation{}, fmt.Errorf("%w: %s has no list of payments", ErrInvalid, bank.Name())
	}
	used, err := s.store.SettingTime(ctx, k)
	if err != nil {
		return pg.Reconciliation{}, err
	}
	from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, used.Zone)
	to := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, used.Zone)
	now := s.clock().UTC()
	if to.After(now) {
		return pg.Reconciliation{}, fmt.Errorf("%w: the day is not over", ErrInvalid)
	}
	date := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	r, mine, err := s.store.BeginReconciliation(ctx, now, now.Add(reconcileLease), k, date, by)
	if err == nil && !mine {
		err = fmt.Errorf("%w: it was compared, or is being compared", ErrConflict)
	}
	if err != nil {
		return pg.Reconciliation{}, err
	}
	work, cancel := context.WithTimeout(ctx, reconcileLimit)
	defer cancel()
	c := comparison{Service: s, key: k, bank: bank, list: registered, used: used, from: from, to: to}
	list, err := c.compare(work, &r)
	r.Findings = len(list)
	if err != nil {
		r.Error = clean(err.Error())
		s.log.Warn("a bank's list could not be compared", "setting", k.Setting, "day", date.Format(time.DateOnly), "error", err)
	}
	end, cancelEnd := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancelEnd()
	ended := s.clock().UTC()
	r.Ended = &ended
	return r, s.store.EndReconciliation(end, ended, r, from, to, list)
}

// comparison is the work on one day of one setting.
type comparison struct {
	*Service
	key      pg.SettingKey
	bank     banks.Bank
	list     banks.Registered
	used     pg.SettingTime
	from, to time.Time
}

// compare holds the bank's list of the day against the books. What of it was found comes back with an error too.
func (c comparison) compare(ctx context.Context, r *pg.Reconciliation) ([]pg.Finding, error) {
	// A little more than the day, so that a payment that the two clocks put on two sides of midnight is found.
	until := c.to.Add(reconcileMargin)
	if now := c.clock(); until.After(now) {
		until = now
	}
	entries, known, err := c.registry(ctx, c.from.Add(-reconcileMargin), until)
	if err != nil {
		return nil, err
	}
	var list []pg.Finding
	listed := map[uuid.UUID]bool{}
	for _, e := range entries {
		p, ours := known(e)
		today := !e.Paid.Before(c.from) && e.Paid.Before(c.to)
		if today {
			r.Payments++
		}
		if !ours {
			// What was paid under the contract before it was ours, or after, is another program's.
			if today && c.used.Has(e.Paid) {
				list = append(list, notOurs(c.key, e))
			}
			continue
		}
		listed[p.ID] = true
		found, err := c.compareOne(ctx, p, e)
		if err != nil {
			return list, err
		}
		list = append(list, found...)
	}
	missing, err := c.notListed(ctx, listed)
	return append(list, missing...), err
}

// registry asks for the bank's list of a time, and finds our payments in it.
func (c comparison) registry(ctx context.Context, from, to time.Time) ([]banks.Entry, func(banks.Entry) (pg.Payment, bool), error) {
	if err := c.takeCalls(ctx, c.bank, c.key.Setting, 1); err != nil {
		return nil, nil, err
	}
	entries, err := c.list.Registry(ctx, from, to)
	if err != nil {
		return nil, nil, err
	}
	known, err := c.known(ctx, c.key, entries)
	return entries, known, err
}

// known finds which of our payments an entry is about: by our id, or by the bank's where the list does not name ours.
func (s *Service) known(ctx context.Context, k pg.SettingKey, entries []banks.Entry) (func(banks.Entry) (pg.Payment, bool), error) {
	var ids []uuid.UUID
	var bankIDs []string
	for _, e := range entries {
		if id, err := uuid.Parse(e.ID); err == nil {
			ids = append(ids, id)
		}
		if id := clean(e.BankID); id != "" {
			bankIDs = append(bankIDs, id)
		}
	}
	list, err := s.store.PaymentsOf(ctx, k, ids, bankIDs)
	if err != nil {
		return nil, err
	}
	byID, byBank := map[string]pg.Payment{}, map[string]pg.Payment{}
	for _, p := range list {
		byID[p.Attempt.ID] = p
		if p.Attempt.BankID != "" {
			byBank[p.Attempt.BankID] = p
		}
	}
	return func(e banks.Entry) (pg.Payment, bool) {
		if p, ok := byID[e.ID]; ok {
			return p, true
		}
		p, ok := byBank[clean(e.BankID)]
		return p, ok
	}, nil
}

func notOurs(k pg.SettingKey, e banks.Entry) pg.Finding {
	id := clean(e.BankID)
	if id == "" {
		id = clean(e.ID)
	}
	return pg.Finding{Kind: pg.TroubleNotOurs, Subject: pg.BankSubject(k.Setting, id), Setting: k.Setting, BankID: id,
		Theirs: e.Amount - e.Refunded, At: e.Paid.UTC()}
}

// compareOne holds one entry against its payment. Where the list knows more, the bank is asked about the payment itself; what
// its answer does not tell, the list does: both are the bank's word. What then still differs is for a person.
func (s *Service) compareOne(ctx context.Context, p pg.Payment, e banks.Entry) ([]pg.Finding, error) {
	if agrees(p.Attempt, e) {
		return nil, nil
	}
	if e.Amount == p.Attempt.Amount {
		var err error
		if p, err = s.hearRegistry(ctx, p, e); err != nil {
			return nil, err
		}
		if agrees(p.Attempt, e) {
			return nil, nil
		}
	}
	return []pg.Finding{{Kind: pg.TroubleSumsDiffer, Subject: p.Attempt.ID, Payment: p.ID, Setting: p.Setting, BankID: p.Attempt.BankID,
		Ours: kept(p.Attempt), Theirs: e.Amount - e.Refunded, At: e.Paid.UTC()}}, nil
}

// agrees tells whether the books say of a payment what the bank's list says. A refund that the bank may carry out after the
// list was made is none of it.
func agrees(a banks.Attempt, e banks.Entry) bool {
	return a.State.HadMoney() && a.Amount == e.Amount &&
		(a.Refunded == e.Refunded || a.Refund.ID != "" && a.Refunded+a.Refund.Amount == e.Refunded)
}

// kept is what of a payment's money is at the bank, as the books say.
func kept(a banks.Attempt) register.Money {
	if a.State.HadMoney() {
		return a.Amount - a.Refunded
	}
	return 0
}

// hearRegistry asks the bank about a payment of which its list knows more, and takes over from the list what that does not
// tell.
func (s *Service) hearRegistry(ctx context.Context, p pg.Payment, e banks.Entry) (pg.Payment, error) {
	p, err := s.AskNow(ctx, p.Account, p.ID)
	if err != nil || agrees(p.Attempt, e) {
		return p, err
	}
	if p, err = s.reserve(ctx, p.Account, p.ID); err != nil {
		return p, err
	}
	next, err := p.Attempt.Apply(banks.Answer{State: banks.StatePaid, BankID: e.BankID, Amount: e.Amount, Refunded: e.Refunded})
	if err != nil || e.Refunded < p.Attempt.Refunded {
		return p, s.release(ctx, p, true) // the list is behind, or speaks of what cannot be: a finding
	}
	p.Attempt = next
	bank, err := s.bankOf(ctx, p)
	if err != nil {
		return p, errors.Join(err, s.putOff(ctx, p))
	}
	s.schedule(bank, &p)
	return s.save(ctx, p, pg.Change{Cause: pg.CauseRegistry})
}

// notListed finds the payments of the day that the bank's list lacks. The day is the one on which we heard of the money, which
// can have come long before, when no notification did: so the bank's list of the time since they were made is looked at too.
func (c comparison) notListed(ctx context.Context, listed map[uuid.UUID]bool) ([]pg.Finding, error) {
	paid, err := c.store.PaidBetween(ctx, c.key, c.from, c.to)
	if err != nil {
		return nil, err
	}
	isListed := func(p pg.Payment) bool { return listed[p.ID] }
	until := c.from.Add(-reconcileMargin)
	from := until
	if paid = slices.DeleteFunc(paid, isListed); len(paid) > 0 {
		from = slices.MinFunc(paid, func(a, b pg.Payment) int { return a.Created.Compare(b.Created) }).Created.Add(-reconcileMargin)
	}
	if from.Before(until) {
		entries, known, err := c.registry(ctx, from, until)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if p, ours := known(e); ours {
				listed[p.ID] = true
			}
		}
		paid = slices.DeleteFunc(paid, isListed)
	}
	var list []pg.Finding
	for _, p := range paid {
		list = append(list, pg.Finding{Kind: pg.TroubleNotAtBank, Subject: p.Attempt.ID, Payment: p.ID, Setting: p.Setting,
			BankID: p.Attempt.BankID, Ours: kept(p.Attempt), At: *p.PaidAt})
	}
	slices.SortFunc(list, func(a, b pg.Finding) int { return strings.Compare(a.Subject, b.Subject) })
	return list, nil
}
