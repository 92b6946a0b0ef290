package till_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/tbank"
)

// dying is a way to the bank on which the program dies: at one of its calls, before the bank has heard of it or after it
// has done what was asked. The answer is never stored then.
type dying struct {
	till.Payments
	mu    sync.Mutex
	calls int // until it dies; it lives when there are none
	after bool
	dead  chan struct{}
}

func (d *dying) call(ctx context.Context, a banks.Attempt, f func(context.Context) (banks.Attempt, error)) (banks.Attempt, error) {
	d.mu.Lock()
	d.calls--
	now, after, dead := d.calls == 0, d.after, d.dead
	d.mu.Unlock()
	if !now {
		return f(ctx)
	}
	if after {
		if _, err := f(context.WithoutCancel(ctx)); err != nil {
			return a, err
		}
	}
	close(dead)
	<-ctx.Done()
	return a, ctx.Err()
}

func (d *dying) Advance(ctx context.Context, a banks.Attempt, purpose string, wait time.Duration) (banks.Attempt, error) {
	return d.call(ctx, a, func(ctx context.Context) (banks.Attempt, error) { return d.Payments.Advance(ctx, a, purpose, wait) })
}

func (d *dying) Cancel(ctx context.Context, a banks.Attempt) (banks.Attempt, error) {
	return d.call(ctx, a, func(ctx context.Context) (banks.Attempt, error) { return d.Payments.Cancel(ctx, a) })
}

func (d *dying) Refund(ctx context.Context, a banks.Attempt) (banks.Attempt, error) {
	return d.call(ctx, a, func(ctx context.Context) (banks.Attempt, error) { return d.Payments.Refund(ctx, a) })
}

// dies has the program die at one of its next calls; it tells that it did, or that what it was busy with has ended.
func (d *dying) dies(at int, after bool) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls, d.after, d.dead = at, after, make(chan struct{})
	return d.dead
}

func (d *dying) lives() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = 0
}

// mortal is a world whose program can die at any call to the bank.
func mortal(t *testing.T) (*world, *dying) {
	t.Helper()
	w := newWorld(t)
	bank, err := tbank.New(tbank.Config{BaseURL: w.url, Terminal: "TillDEMO", Password: "p", Clock: w.clock.now, Timeout: 2 * time.Second})
	w.must(err)
	d := &dying{Payments: till.NewDirectPayments(eager{bank}, w.clock.now)}
	w.payments = d
	w.reopen()
	return w.working(), d
}

// atEveryCall runs a scenario once for each of the first calls to the bank, dying before it and after it.
func atEveryCall(t *testing.T, calls int, scenario func(*world, *dying, int, bool)) {
	for at := 1; at <= calls; at++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("call %d, after %t", at, after), func(t *testing.T) {
				t.Parallel()
				w, d := mortal(t)
				scenario(w, d, at, after)
			})
		}
	}
}

// dieOr waits until the program has died, or f is true: then there was no such call.
func (w *world) dieOr(dead <-chan struct{}, f func(till.View) bool) {
	w.Helper()
	for !f(w.View()) {
		select {
		case <-dead:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestARefundAndAPowerCutAtAnyCall(t *testing.T) {
	atEveryCall(t, 3, func(w *world, d *dying, at int, after bool) {
		sale := w.soldByQR(milk, bread)
		dead := d.dies(at, after)
		w.must(w.StartReturn(w.Context(), back(sale, 0)))
		w.dieOr(dead, func(v till.View) bool { return v.Back == nil })
		w.close()
		d.lives()
		w.open()
		w.working()
		w.until("returned", func(v till.View) bool { return v.Back == nil && len(v.Backs) == 0 })
		w.goneBack(84_90)
		w.returns(1, 84_90)
		w.healthy(1)
	})
}

func TestLateMoneyAndAPowerCutAtAnyCall(t *testing.T) {
	atEveryCall(t, 2, func(w *world, d *dying, at int, after bool) {
		w.scan(milk)
		w.must(w.StartQR(w.Context()))
		w.onScreen()
		l := w.late(w.putAway())
		dead := d.dies(at, after)
		w.must(w.RefundLate(w.Context(), l.ID))
		w.dieOr(dead, func(v till.View) bool { return len(v.Late) == 0 })
		w.close()
		d.lives()
		w.open()
		w.until("gone back", func(v till.View) bool { w.clock.move(10 * time.Second); w.SyncNow(); return len(v.Late) == 0 })
		w.goneBack(84_90)
		w.healthy(0)
	})
}

func TestAnotherCodeAndAPowerCutAtAnyCall(t *testing.T) {
	atEveryCall(t, 4, func(w *world, d *dying, at int, after bool) {
		w.scan(milk)
		w.must(w.StartQR(w.Context()))
		first := w.onScreen().ID
		dead := d.dies(at, after)
		w.must(w.RenewQR(w.Context()))
		another := func(v till.View) bool { return v.QR != nil && v.QR.ID != first && v.QR.Payload != "" }
		w.dieOr(dead, another)
		w.close()
		d.lives()
		alive := 0
		for _, p := range w.bank.Payments("") {
			if p.Status == "FORM_SHOWED" || p.Status == "NEW" {
				alive++
			}
		}
		if alive > 1 {
			w.Errorf("%d codes can be paid", alive)
		}
		w.open()
		w.working()
		// Whatever became of the codes, the cashier gets one that can be paid.
		v := w.until("a code, or an end", func(v till.View) bool { return v.QR != nil && (v.QR.Payload != "" || v.QR.Done) })
		if v.QR.Done {
			w.must(w.RenewQR(w.Context()))
			w.until("another code", another)
		}
		w.must(w.bank.Pay(w.bankID(), false))
		w.until("sold", func(v till.View) bool { return v.Last != nil })
		w.healthy(1)
	})
}
