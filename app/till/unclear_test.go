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
	"kassa/register"
)

// poor is a bank that can do less than others: it gives back the whole only, or cannot tell what became of a refund.
type poor struct {
	banks.Bank
	wholeOnly bool

	mu   sync.Mutex
	mute bool // the answer to a refund is lost, and nothing is told of it afterwards
	sent int
}

func (p *poor) Can() banks.Capabilities {
	can := p.Bank.Can()
	can.Poll, can.PartialRefund = 5*time.Millisecond, !p.wholeOnly
	return can
}

func (p *poor) Cancel(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mute && ref.Refund.ID != "" {
		p.sent++
		return banks.Answer{}, banks.ErrUnknown
	}
	return p.Bank.Cancel(ctx, ref)
}

func (p *poor) State(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mute && ref.Refund.ID != "" {
		return banks.Answer{State: banks.StatePaid, BankID: ref.BankID}, nil
	}
	return p.Bank.State(ctx, ref)
}

// poorly is a world at such a bank.
func poorly(t *testing.T, p *poor) *world {
	t.Helper()
	w := newWorld(t)
	bank, err := tbank.New(tbank.Config{BaseURL: w.url, Terminal: "TillDEMO", Password: "p", Clock: w.clock.now, Timeout: 2 * time.Second})
	w.must(err)
	p.Bank = bank
	w.payments = till.NewDirectPayments(p, w.clock.now)
	w.reopen()
	return w.staffed().working()
}

func TestABankThatGivesBackTheWholeOnly(t *testing.T) {
	w := poorly(t, &poor{wholeOnly: true})
	ctx := t.Context()
	sale := w.soldByQR(milk, bread)
	if _, err := w.PlanReturn(ctx, back(sale, 0)); !is(err, till.CodeBackWhole) {
		t.Errorf("a part, planned: %v", err)
	}
	if err := w.StartReturn(ctx, back(sale, 0)); !is(err, till.CodeBackWhole) {
		t.Errorf("a part: %v", err)
	}
	w.must(w.StartReturn(ctx, back(sale, 0, 1)))
	w.returned()
	w.goneBack(174_80)
}

func TestABankThatCannotTellAboutARefund(t *testing.T) {
	for _, went := range []bool{true, false} {
		t.Run(fmt.Sprintf("went %t", went), func(t *testing.T) { t.Parallel(); cannotTell(t, went) })
	}
}

func cannotTell(t *testing.T, went bool) {
	p := &poor{mute: true}
	w := poorly(t, p)
	ctx := t.Context()
	sale := w.soldByQR(milk)
	w.must(w.StartReturn(ctx, back(sale, 0)))
	v := w.until("told", func(v till.View) bool { return v.Back != nil && v.Back.Trouble == till.CodeBackWaiting })
	if err := w.DecideBack(ctx, v.Back.ID, true); !is(err, till.CodeNoBack) {
		t.Errorf("decided before anybody knows that nobody knows: %v", err)
	}
	w.until("an answer that tells nothing", func(v till.View) bool { return v.Back.Trouble == "" })
	w.clock.move(2 * time.Minute)
	v = w.until("unclear", func(v till.View) bool { return v.Back.State == till.BackUnclear })
	if v.Back.Trouble != till.CodeBackUnclear || !v.Back.DecideHere {
		t.Errorf("told %+v", v.Back)
	}
	w.reopen()
	w.working()
	id := w.until("still unclear", func(v till.View) bool { return v.Back != nil && v.Back.State == till.BackUnclear }).Back.ID
	if p.sent != 1 {
		t.Errorf("sent %d times", p.sent)
	}
	if err := w.DecideBack(ctx, id, went); !is(err, till.CodeNotAllowed) {
		t.Errorf("by a cashier: %v", err)
	}
	w.must(w.leaveOf(ownerPIN, till.RightSettings).DecideBack(ctx, id, went))
	if went {
		w.returned()
		w.returns(1, 84_90)
		story, err := w.store.QRStory(ctx, v.Back.Payment)
		w.must(err)
		if last := story[len(story)-1]; last.Cause != "Ольга has looked at the bank: went back is true" {
			t.Errorf("the story ends with %+v", last)
		}
	} else {
		w.until("refused", func(v till.View) bool { return v.Back.State == till.BackRefused })
		w.must(w.DropBack(ctx, id))
		w.returns(0, 0)
	}
}

func (w *world) leaveOf(pin string, r till.Right) *world {
	w.Helper()
	w.must(w.Leave(w.Context(), pin, r))
	return w
}

// What the bank does not take is said before it is asked.
func TestASumThatTheBankDoesNotTake(t *testing.T) {
	w := newWorld(t).staffed().working()
	w.scan(milk)
	w.must(w.leaveFor(till.RightPrice).SetPrice(t.Context(), 0, 9_99))
	err := w.StartQR(t.Context())
	if !is(err, till.CodeQRLimits) || len(w.bank.Payments("")) != 0 || w.View().Frozen {
		t.Errorf("9.99 by QR: %v", err)
	}
	if b := w.View().Bank; b.Min != 10_00 || b.Max != register.Money(1_000_000_00) || b.Name != "tbank" {
		t.Errorf("the bank: %+v", b)
	}
	w.must(w.Clear(t.Context()))
}
