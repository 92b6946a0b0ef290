package till

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"kassa/banks"
	"kassa/localdb"
)

// lateLooks are when a payment that was closed unpaid is looked at again, counted from when it was put away: money can
// arrive after all. The last one ends the watch.
var lateLooks = []time.Duration{time.Minute, 6 * time.Minute, 36 * time.Minute, 3 * time.Hour, 15 * time.Hour, 39 * time.Hour, 63 * time.Hour, 87 * time.Hour}

// Pauses of the watch.
const (
	openPause  = 5 * time.Second  // a code that was given up is closed as soon as the bank can be asked
	latePause  = 30 * time.Second // late money: somebody else may decide about it
	lateFailed = 10 * time.Minute // the longest pause after a question without an answer
)

// watchedFor is how long a closed payment is watched at least.
func watchedFor() time.Duration { return lateLooks[len(lateLooks)-1] }

// late is a payment that was put away and is watched. Its fields are guarded by the till's lock; who asks the bank about
// it, or decides, holds asking.
type late struct {
	asking baton

	p       localdb.QRPayment
	a       banks.Attempt
	next    time.Time // when it is looked at
	failed  int       // questions in a row that had no answer
	unsent  bool      // a refund is on the disk and was certainly not sent yet
	silent  time.Time // since when the bank answers and cannot tell what became of the refund
	trouble Code
	message string
}

// closedStates are those in which a payment needs no more than looks.
func closedStates() []string {
	return []string{string(banks.StateCancelled), string(banks.StateExpired), string(banks.StateRejected), string(banks.StateFailed)}
}

// nextLook is when a payment that was put away is looked at after a look: never earlier than the bank's pace allows. The
// zero time ends the watch.
func nextLook(a banks.Attempt, putAway, now time.Time, pause time.Duration) time.Time {
	switch {
	case a.State == banks.StateRefunded:
		return time.Time{}
	case a.State.Open(), a.State == banks.StateRefundPending:
		return now.Add(max(openPause, pause))
	case a.State.HadMoney():
		return now.Add(max(latePause, pause))
	}
	for _, age := range lateLooks {
		if at := putAway.Add(age); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// afterFailure is when a payment is looked at again of which the bank did not answer, so many times in a row.
func afterFailure(now time.Time, failed int, pause time.Duration) time.Time {
	wait := max(openPause, pause)
	for range failed {
		if wait *= 2; wait >= lateFailed {
			wait = lateFailed
			break
		}
	}
	return now.Add(wait)
}

// shows tells whether the cashier has something to decide, or to see. t.mu is held.
func (l *late) shows() bool { return !l.p.Late.IsZero() && l.a.State != banks.StateRefunded }

// lateView is what is shown of late money. t.mu is held.
func (t *Till) lateView(l *late) Late {
	v := l.view()
	v.DecideHere = t.decidesHere(l.p.Setting)
	return v
}

// view is lateView without what depends on the till's connections. t.mu is held.
func (l *late) view() Late {
	left := l.a.Amount - l.a.Refunded
	return Late{ID: l.p.ID, Kind: l.p.Kind, Amount: l.a.Amount, Left: left, Began: l.p.Created, At: l.p.Late, Lines: l.p.Cart.Lines,
		Customer: l.p.Cart.Customer, SameSold: l.p.Sold, State: l.a.State, Trouble: l.trouble, Message: l.message}
}

// loadLate reads what is to be watched. All of it is looked at soon.
func (t *Till) loadLate(ctx context.Context) error {
	all, err := t.c.Store.AwayQRPayments(ctx, watchedFor(), closedStates())
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	known := map[string]*late{}
	for _, l := range t.late {
		known[l.p.ID] = l
	}
	now := t.c.Now()
	list := make([]*late, 0, len(all))
	for _, p := range all {
		if l := known[p.ID]; l != nil {
			l.p.Sold = p.Sold
			list = append(list, l)
			continue
		}
		l := &late{asking: newBaton(), p: p, next: now}
		if err := json.Unmarshal(p.Attempt, &l.a); err != nil {
			return fmt.Errorf("reading QR payment %s: %w", p.ID, err)
		}
		if l.a.State == banks.StateCreating {
			if l.a, err = l.a.CreateLost(); err != nil {
				return fmt.Errorf("reading QR payment %s: %w", p.ID, err)
			}
		}
		if fresh := now.Sub(p.PutAway) < lateLooks[0]; fresh && l.a.State.Closed() {
			l.next = p.PutAway.Add(lateLooks[0])
		}
		list = append(list, l)
	}
	t.late = list
	if t.view.Load() != nil {
		t.changed()
	}
	return nil
}

// tookAway takes an answer that came for a payment after it was put away: whoever watches it goes on from there. t.mu is
// held.
func (t *Till) tookAway(next banks.Attempt) {
	for _, l := range t.late {
		if l.p.ID == next.ID && l.a.State.Open() {
			l.a, l.next = next, t.c.Now()
		}
	}
	poke(t.lateNews)
}

// watchLate looks at what was put away, one payment after the other, until the till is stopped.
func (t *Till) watchLate(ctx context.Context) {
	for ctx.Err() == nil {
		l, until := t.dueLate()
		if l != nil && until <= 0 {
			t.lookAt(ctx, l)
			continue
		}
		timer := time.NewTimer(until)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-t.lateNews:
			if err := t.loadLate(ctx); err != nil && ctx.Err() == nil {
				t.c.Log.Error("reading the payments that were put away", "error", err)
			}
		case <-t.lateNow:
			t.hurryLate()
		}
		timer.Stop()
	}
}

// dueLate is what is looked at next, and how long until then.
func (t *Till) dueLate() (*late, time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var first *late
	for _, l := range t.late {
		if first == nil || l.next.Before(first.next) {
			first = l
		}
	}
	if first == nil {
		return nil, time.Hour
	}
	// A clock that is moved must not keep a look off for long.
	return first, min(first.next.Sub(t.c.Now()), time.Minute)
}

// hearLate has payments looked at that the server says were paid late; what the till knows of already is left to its own
// pace. t.mu is held.
func (t *Till) hearLate(ids []string) {
	for _, l := range t.late {
		if l.a.State.Closed() && slices.Contains(ids, l.p.ID) {
			l.next = t.c.Now()
			poke(t.lateNews)
		}
	}
}

// hurryLate has everything looked at: the bank can be asked again.
func (t *Till) hurryLate() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range t.late {
		l.next, l.failed = t.c.Now(), 0
	}
}

// lookAt asks the bank about one payment that was put away, and stores what it says.
func (t *Till) lookAt(ctx context.Context, l *late) {
	if l.asking.take(ctx) != nil {
		return
	}
	defer l.asking.give()
	t.mu.Lock()
	a, unsent := l.a, l.unsent
	l.unsent = false
	t.mu.Unlock()
	var next banks.Attempt
	var err error
	if unsent {
		next, err = t.refundLate(ctx, l.p.Setting, a)
	} else {
		next, err = t.askLate(ctx, l.p.Setting, a)
	}
	if ctx.Err() != nil && next == a {
		return
	}
	t.tookLate(ctx, l, next, err)
}

// refundLate sends a refund that is on the disk.
func (t *Till) refundLate(ctx context.Context, setting string, a banks.Attempt) (banks.Attempt, error) {
	ctx, stop := context.WithTimeout(ctx, callLimit)
	defer stop()
	return t.paymentsOf(setting).Refund(ctx, a)
}

// askLate makes one call about a payment that was put away. A code that is found open, because it was given up while
// nobody could ask, is closed: nobody has seen it.
func (t *Till) askLate(ctx context.Context, setting string, a banks.Attempt) (banks.Attempt, error) {
	ctx, stop := context.WithTimeout(ctx, callLimit)
	defer stop()
	payments := t.paymentsOf(setting)
	next, err := payments.Advance(ctx, a, "", 0)
	if err == nil && (next.State == banks.StateWaiting || next.State == banks.StateCancelling) {
		return payments.Cancel(ctx, next)
	}
	if errors.Is(err, banks.ErrNoRefund) && next.Refund.ID == "" && a.Refund.ID != "" {
		// The bank never had it: it is sent now, under the id that it was to have.
		sent, stepErr := next.RefundSent(a.Refund.ID, a.Refund.Amount)
		if stepErr != nil {
			return next, problem(CodeNoLate, stepErr)
		}
		if err := t.keepLate(ctx, sent, "the till asks the bank again to give late money back", true); err != nil {
			return a, err
		}
		return payments.Refund(ctx, sent)
	}
	return next, err
}

func (t *Till) keepLate(ctx context.Context, a banks.Attempt, cause string, money bool) error {
	attempt, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return disk(t.c.Store.LookedAtQRPayment(context.WithoutCancel(ctx), a.ID, string(a.State), attempt, cause, money))
}

// tookLate stores and shows what was learnt of a payment that was put away, and decides when it is looked at again.
func (t *Till) tookLate(ctx context.Context, l *late, next banks.Attempt, err error) {
	t.mu.Lock()
	old := l.a
	t.mu.Unlock()
	answered := err == nil || errors.Is(err, errTrouble) || errors.Is(err, banks.ErrRefused) ||
		next.State.Closed() && errors.Is(err, banks.ErrNotFound)
	cause := ""
	if next != old {
		cause = causeOf(next, err)
	}
	if cause != "" || answered {
		if keepErr := t.keepLate(ctx, next, cause, next.State.Paid()); keepErr != nil {
			t.c.Log.Error("keeping a look at a QR payment", "payment", l.p.ID, "error", keepErr)
			next, err, answered = old, keepErr, false
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	was := l.view()
	now, pause := t.c.Now(), t.paymentsOf(l.p.Setting).Pause()
	l.a = next
	l.troubleIs(next, err, now)
	if l.trouble == CodeQRUnavailable && next.Refund.ID != "" && t.gone(l.p.Setting) {
		l.trouble = CodeBackUnclear // nobody can be asked what became of it
	}
	if next.State.Paid() && l.p.Late.IsZero() {
		l.p.Late = now
	}
	if answered {
		l.failed, l.next = 0, nextLook(next, l.p.PutAway, now, pause)
	} else {
		l.failed, l.next = l.failed+1, afterFailure(now, l.failed, pause)
	}
	if l.next.IsZero() {
		t.removeLate(l)
	}
	if is := l.view(); is.State != was.State || is.Trouble != was.Trouble || is.At != was.At || is.Left != was.Left {
		t.changed()
	}
}

// troubleIs keeps what stands in the way of late money. Why it did not go back stays until something else is tried. t.mu
// is held.
func (l *late) troubleIs(next banks.Attempt, err error, now time.Time) {
	code, message := troubleOf(err)
	switch {
	case !next.State.HadMoney():
		code, message = "", ""
	case code == "" && next.State.Paid() && (l.trouble == CodeBackFailed || l.trouble == CodeBackRefused || l.trouble == CodeBackBalance):
		return
	case next.Refund.ID == "" || next.Refund.Taken:
		l.silent = time.Time{}
	case err == nil && l.silent.IsZero():
		l.silent = now
	case err == nil && now.Sub(l.silent) >= backUnclear:
		code = CodeBackUnclear
	}
	l.trouble, l.message = code, message
}
