package payments_test

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
	"kassa/server/servertest"
	"kassa/sync/wire"
)

func TestPaid(t *testing.T) {
	w := start(t)
	p := w.waiting()
	if p.Amount != 540_00 || p.Bank != "tbank" || p.BankID == "" || p.Trouble != "" {
		t.Errorf("created: %+v", p)
	}
	if err := w.Bank.Pay(p.BankID, false); err != nil {
		t.Fatal(err)
	}
	paid := w.until(p.ID, banks.StatePaid)
	if paid.Revision <= p.Revision || paid.Refunded != 0 {
		t.Errorf("paid: %+v", paid)
	}
	want := []string{"requested creating", "create waiting", "ask paid"}
	if got := w.story(p.ID); !slices.Equal(got, want) {
		t.Errorf("the story is %q, want %q", got, want)
	}
	if next := w.stored(p.ID).AskAt; next == nil || next.Sub(w.Clock.Now()) < 23*time.Hour {
		t.Errorf("a paid payment is asked for again at %s", next)
	}
}

func TestTheSamePaymentAgain(t *testing.T) {
	w := start(t)
	n := w.request()
	var all sync.WaitGroup
	got := make([]wire.Payment, 4)
	for i := range got {
		all.Go(func() { got[i] = w.create(n) })
	}
	all.Wait()
	for _, p := range got {
		if !reflect.DeepEqual(p, got[0]) || p.State != string(banks.StateWaiting) {
			t.Errorf("one of the answers is %+v, another %+v", p, got[0])
		}
	}
	w.atBank(n.ID)

	n.Amount++
	a := w.Call(w.Secret, "POST", "/api/v1/payments", n)
	if a.Status != http.StatusConflict || a.Error().Code != wire.CodeConflict {
		t.Errorf("another sum: %d %s", a.Status, a.Body)
	}
}

func TestLongPoll(t *testing.T) {
	w := start(t)
	p := w.waiting()
	done := make(chan wire.Payment)
	go func() { done <- w.get(p.ID, fmt.Sprintf("?revision=%d&wait=20", p.Revision)) }()
	if err := w.Bank.Pay(p.BankID, false); err != nil {
		t.Fatal(err)
	}
	for {
		select {
		case got := <-done:
			if got.State != string(banks.StatePaid) {
				t.Errorf("the long poll gave %+v", got)
			}
			return
		case <-time.After(20 * time.Millisecond):
			w.Clock.Move(time.Second) // so that the server asks the bank
		}
	}
}

func TestCancelBeforePayment(t *testing.T) {
	w := start(t)
	p := w.waiting()
	if got := w.cancel(p.ID); got.State != string(banks.StateCancelled) {
		t.Errorf("cancelled: %+v", got)
	}
	if got := w.cancel(p.ID); got.State != string(banks.StateCancelled) {
		t.Errorf("cancelled twice: %+v", got)
	}
	if b := w.atBank(p.ID); b.Status != "CANCELED" {
		t.Errorf("the bank says %s", b.Status)
	}
	want := []string{"requested creating", "create waiting", "cancel_wanted waiting", "cancel_sent cancelling", "cancel cancelled"}
	if got := w.story(p.ID); !slices.Equal(got, want) {
		t.Errorf("the story is %q, want %q", got, want)
	}
}

// TestTheBuyerWasFaster: the cashier cancels a code that was paid a moment ago, before the server heard of it.
func TestTheBuyerWasFaster(t *testing.T) {
	w := start(t)
	p := w.waiting()
	if err := w.Bank.Pay(p.BankID, false); err != nil {
		t.Fatal(err)
	}
	var got wire.Payment
	w.Call(w.Secret, "POST", "/api/v1/payments/"+p.ID+"/cancel", wire.Cancel{UnpaidOnly: true}).Into(&got)
	if got.State != string(banks.StatePaid) || got.Refunded != 0 {
		t.Errorf("the till hears %+v", got)
	}
	if stored := w.stored(p.ID); stored.CancelAt != nil {
		t.Errorf("the wish goes on: %+v", stored)
	}
	if at := w.atBank(p.ID); at.Refunded != 0 {
		t.Errorf("the bank gave %s back", at.Refunded)
	}
	// A refund is another wish, and is carried out.
	if got := w.cancel(p.ID); got.State != string(banks.StateRefundPending) && got.State != string(banks.StateRefunded) {
		t.Errorf("refunded: %+v", got)
	}
}

func TestRefundOfAPaidPayment(t *testing.T) {
	w := start(t)
	p := w.waiting()
	if err := w.Bank.Pay(p.BankID, false); err != nil {
		t.Fatal(err)
	}
	w.until(p.ID, banks.StatePaid)
	if got := w.cancel(p.ID); got.State != string(banks.StateRefundPending) && got.State != string(banks.StateRefunded) {
		t.Errorf("refunding: %+v", got)
	}
	got := w.until(p.ID, banks.StateRefunded)
	if got.Refunded != 540_00 || w.atBank(p.ID).Refunded != 540_00 {
		t.Errorf("refunded: %+v, at the bank %+v", got, w.atBank(p.ID))
	}
	w.cancel(p.ID)
	if b := w.atBank(p.ID); b.Refunded != 540_00 {
		t.Errorf("refunded again: %+v", b)
	}
}

// TestLostAnswers loses, in turn, each answer of the bank while the request takes effect, and each request; the till
// sees the payment come to the same end, and the bank has it once.
func TestLostAnswers(t *testing.T) {
	lost := []tbanksim.FaultPlan{
		{Name: tbanksim.AnswerLost, Times: 1, Method: "Init"},
		{Name: tbanksim.AnswerHangs, Times: 1, Method: "Init"},
		{Name: tbanksim.HTTP500After, Times: 1, Method: "Init"},
		{Name: tbanksim.Nonsense, Times: 1, Method: "Init"},
		{Name: tbanksim.AnswerLost, Times: 1, Method: "GetQr"},
		{Name: tbanksim.AnswerLost, Times: 2, Method: "GetState"},
		{Name: tbanksim.Truncated, Times: 1, Method: "GetState"},
	}
	w := start(t)
	for _, plan := range lost {
		t.Run(string(plan.Name)+" "+plan.Method, func(t *testing.T) {
			inner := *w.World
			inner.T = t
			w := world{&inner}
			w.breakBank(plan)
			p := w.create(w.request())
			p = w.follow(p.ID, func(p wire.Payment) bool {
				return p.State == string(banks.StateWaiting) && p.Payload != "" || p.State == string(banks.StateCancelled)
			})
			if p.State == string(banks.StateCancelled) {
				// The code was lost on the way and the bank does not give it again: it must not be payable.
				if b := w.atBank(p.ID); b.Status != "CANCELED" {
					t.Errorf("a lost code is %s at the bank", b.Status)
				}
				return
			}
			if err := w.Bank.Pay(w.atBank(p.ID).ID, false); err != nil {
				t.Fatal(err)
			}
			if p = w.until(p.ID, banks.StatePaid); p.Trouble != "" {
				t.Errorf("paid, and yet: %+v", p)
			}
		})
	}
}

func TestLostAnswerToCancel(t *testing.T) {
	for _, name := range []tbanksim.Fault{tbanksim.AnswerLost, tbanksim.RequestLost, tbanksim.HTTP503, tbanksim.PaidDuringCancel} {
		t.Run(string(name), func(t *testing.T) {
			w := start(t)
			p := w.waiting()
			w.breakBank(tbanksim.FaultPlan{Name: name, Times: 1, Method: "Cancel"})
			w.cancel(p.ID)
			want := banks.StateCancelled
			if name == tbanksim.PaidDuringCancel {
				want = banks.StateRefunded
			}
			w.until(p.ID, want)
		})
	}
}

func TestLostAnswerToRefund(t *testing.T) {
	for _, name := range []tbanksim.Fault{tbanksim.AnswerLost, tbanksim.RequestLost} {
		t.Run(string(name), func(t *testing.T) {
			w := start(t)
			p := w.waiting()
			if err := w.Bank.Pay(p.BankID, false); err != nil {
				t.Fatal(err)
			}
			w.until(p.ID, banks.StatePaid)
			w.breakBank(tbanksim.FaultPlan{Name: name, Times: 1, Method: "Cancel"})
			w.cancel(p.ID)
			if got := w.until(p.ID, banks.StateRefunded); got.Refunded != 540_00 || w.atBank(p.ID).Refunded != 540_00 {
				t.Errorf("refunded: %+v", got)
			}
		})
	}
}

func TestARefusedRefundIsTold(t *testing.T) {
	for _, name := range []tbanksim.Fault{tbanksim.RefundNoBalance, tbanksim.RefundFails} {
		t.Run(string(name), func(t *testing.T) {
			w := start(t)
			p := w.waiting()
			if err := w.Bank.Pay(p.BankID, false); err != nil {
				t.Fatal(err)
			}
			w.until(p.ID, banks.StatePaid)
			w.breakBank(tbanksim.FaultPlan{Name: name, Times: 1, Method: "Cancel"})
			w.cancel(p.ID)
			got := w.follow(p.ID, func(p wire.Payment) bool {
				return p.State == string(banks.StatePaid) && p.Trouble == wire.TroubleRefundFailed
			})
			if got.Message == "" || w.stored(p.ID).Wanted.ID != "" {
				t.Errorf("refused without a word, or still wanted: %+v", got)
			}
			w.Clock.Move(2 * time.Hour) // NSPK takes one failing refund an hour
			w.cancel(p.ID)              // somebody tries again
			if got := w.until(p.ID, banks.StateRefunded); got.Trouble != "" {
				t.Errorf("refunded, and yet: %+v", got)
			}
		})
	}
}

func TestTheBankRefusesToCreate(t *testing.T) {
	w := start(t)
	w.breakBank(tbanksim.FaultPlan{Name: tbanksim.Refuse, Times: 1, Method: "Init", Code: "204"})
	p := w.create(w.request())
	if p.State != string(banks.StateFailed) || p.Trouble != wire.TroubleRefused || p.Message == "" {
		t.Errorf("refused: %+v", p)
	}
	small := w.request()
	small.Amount = 1
	if p := w.create(small); p.State != string(banks.StateFailed) || p.Trouble != wire.TroubleRefused {
		t.Errorf("too small a sum: %+v", p)
	}
	if len(w.Bank.Payments("")) != 0 {
		t.Error("the bank has a payment")
	}
}

func TestNeverCreatedIsProven(t *testing.T) {
	w := start(t)
	w.breakBank(tbanksim.FaultPlan{Name: tbanksim.RequestLost, Times: 0, Method: "Init"})
	p := w.create(w.request())
	if p.State != string(banks.StateCreateUnknown) || p.Trouble != wire.TroubleUnreachable {
		t.Errorf("lost: %+v", p)
	}
	w.until(p.ID, banks.StateFailed)
}

func TestAnotherSumIsAnAlarm(t *testing.T) {
	w := start(t)
	p := w.waiting()
	w.breakBank(tbanksim.FaultPlan{Name: tbanksim.AmountDiffers, Times: 0, Method: "GetState"})
	if err := w.Bank.Pay(p.BankID, false); err != nil {
		t.Fatal(err)
	}
	got := w.follow(p.ID, func(p wire.Payment) bool { return p.Trouble == wire.TroubleAmount })
	if got.State != string(banks.StateWaiting) {
		t.Errorf("another sum: %+v", got)
	}
	w.Bank.Mend()
	if got := w.until(p.ID, banks.StatePaid); got.Trouble != "" {
		t.Errorf("the right sum: %+v", got)
	}
}

func TestLatePaymentIsSeen(t *testing.T) {
	w := start(t)
	p := w.waiting()
	w.cancel(p.ID)
	if err := w.Bank.Pay(p.BankID, true); err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(2 * time.Minute)
	w.until(p.ID, banks.StatePaid)
}

// TestARefundAtTheBankIsSeenAfterADay, at a bank that has no list of payments and whose notification did not come; and the
// bank is not asked for ever.
func TestARefundAtTheBankIsSeenAfterADay(t *testing.T) {
	w := start(t)
	back, kept := w.paid(), w.paid()
	if err := w.Bank.Refund(back.BankID, 540_00); err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(25 * time.Hour)
	if got := w.until(back.ID, banks.StateRefunded); got.Returned != 0 || got.Trouble != wire.TroubleOutsideRefund {
		t.Errorf("given back at the bank: %+v", got)
	}
	for range 200 {
		if p := w.stored(kept.ID); p.AskAt == nil {
			if p.Attempt.State != banks.StatePaid || p.Trouble != "" {
				t.Errorf("in the end: %+v", p)
			}
			return
		}
		w.Clock.Move(24 * time.Hour)
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("the bank is asked for ever")
}

func TestClosedPaymentsAreLeftAloneInTheEnd(t *testing.T) {
	w := start(t)
	p := w.waiting()
	w.cancel(p.ID)
	for range 200 {
		if w.stored(p.ID).AskAt == nil {
			if got := w.get(p.ID, ""); got.State != string(banks.StateCancelled) {
				t.Errorf("in the end: %+v", got)
			}
			return
		}
		w.Clock.Move(2 * time.Hour)
		time.Sleep(30 * time.Millisecond)
	}
	t.Error("the bank is asked for ever")
}

func TestExpiryWithNobodyThere(t *testing.T) {
	w := start(t)
	p := w.waiting()
	w.Clock.Move(20 * time.Minute)
	w.until(p.ID, banks.StateExpired)
}

func TestWithoutABank(t *testing.T) {
	w := world{servertest.Start(t)}
	p := w.create(w.request())
	if p.State != string(banks.StateFailed) || p.Trouble != wire.TroubleNoBank || p.Bank != "" {
		t.Errorf("with no bank: %+v", p)
	}
	if got := w.cancel(p.ID); got.State != string(banks.StateFailed) {
		t.Errorf("cancelled: %+v", got)
	}
}

func TestBadRequests(t *testing.T) {
	w := start(t)
	changes := map[string]func(*wire.NewPayment){
		"no id":          func(n *wire.NewPayment) { n.ID = "" },
		"id of capitals": func(n *wire.NewPayment) { n.ID = strings.ToUpper(n.ID) },
		"nothing":        func(n *wire.NewPayment) { n.Amount = 0 },
		"below nothing":  func(n *wire.NewPayment) { n.Amount = -5 },
		"too much":       func(n *wire.NewPayment) { n.Amount = 1 << 60 },
		"no end":         func(n *wire.NewPayment) { n.Expires = time.Time{} },
		"zero byte":      func(n *wire.NewPayment) { n.Purpose = "a\x00b" },
		"long purpose":   func(n *wire.NewPayment) { n.Purpose = strings.Repeat("ж", 141) },
	}
	for name, change := range changes {
		n := w.request()
		change(&n)
		if a := w.Call(w.Secret, "POST", "/api/v1/payments", n); a.Status != http.StatusBadRequest || a.Error().Code != wire.CodeInvalid {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	unknown := uuid.NewString()
	for _, call := range [][2]string{{"GET", ""}, {"POST", "/cancel"}} {
		if a := w.Call(w.Secret, call[0], "/api/v1/payments/"+unknown+call[1], nil); a.Status != http.StatusNotFound {
			t.Errorf("%s of an unknown payment: %d %s", call[0], a.Status, a.Body)
		}
	}
	if len(w.Bank.Payments("")) != 0 {
		t.Error("the bank has a payment")
	}
}

// TestADeadServersPaymentIsTakenOver leaves a payment as a server leaves it that dies between storing and asking.
func TestADeadServersPaymentIsTakenOver(t *testing.T) {
	w := start(t)
	setting, err := w.Store.CurrentBank(t.Context(), w.Key, w.Owner.Account, w.Shop.ID)
	if err != nil {
		t.Fatal(err)
	}
	p := w.stored(w.waiting().ID)
	now := w.Clock.Now()
	ask := now.Add(time.Minute)
	p.ID, p.Created, p.AskAt, p.Setting = uuid.Must(uuid.NewV7()), now, &ask, setting.ID
	p.Attempt = banks.Attempt{ID: p.ID.String(), Bank: "tbank", Amount: 100_00, State: banks.StateCreating, Expires: now.Add(time.Hour)}
	if _, _, err := w.Store.CreatePayment(t.Context(), p, ask); err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(time.Minute)
	w.until(p.ID.String(), banks.StateFailed)
}

// TestTwoServersShareTheWork has two servers follow twenty payments; the lease keeps each question to one of them.
func TestTwoServersShareTheWork(t *testing.T) {
	w := start(t)
	w.Another()
	var ids []string
	for range 20 {
		ids = append(ids, w.waiting().ID)
	}
	for _, id := range ids {
		if err := w.Bank.Pay(w.atBank(id).ID, false); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range ids {
		w.until(id, banks.StatePaid)
		want := []string{"requested creating", "create waiting", "ask paid"}
		if got := w.story(id); !slices.Equal(got, want) {
			t.Errorf("the story is %q, want %q", got, want)
		}
	}
}

func TestNoSecretIsLoggedOrStoredInTheClear(t *testing.T) {
	w := start(t)
	w.breakBank(tbanksim.FaultPlan{Name: tbanksim.HTTP500, Times: 3})
	w.until(w.create(w.request()).ID, banks.StateFailed)
	if strings.Contains(w.Log.String(), "practice-secret") {
		t.Error("the bank's password is in the log")
	}
	setting, err := w.Store.CurrentBank(t.Context(), w.Key, w.Owner.Account, w.Shop.ID)
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%v %+v %#v", setting, setting, setting); strings.Contains(text, "practice-secret") {
		t.Errorf("a printed setting tells the password: %s", text)
	}
}
