package payments_test

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
	"kassa/register"
	"kassa/server/payments"
	"kassa/server/pg"
	"kassa/server/servertest"
	"kassa/sync/wire"
)

// paid creates a payment and has it paid.
func (w world) paid() wire.Payment {
	w.T.Helper()
	p := w.waiting()
	if err := w.Bank.Pay(p.BankID, false); err != nil {
		w.T.Fatal(err)
	}
	return w.until(p.ID, banks.StatePaid)
}

func (w world) tryRefund(id string, r wire.Refund) servertest.Answer {
	w.T.Helper()
	return w.Call(w.Secret, "POST", "/api/v1/payments/"+id+"/cancel", wire.Cancel{Refund: &r})
}

func (w world) refund(id string, r wire.Refund) wire.Payment {
	w.T.Helper()
	var p wire.Payment
	w.tryRefund(id, r).Into(&p)
	return p
}

func newRefund(amount int64) wire.Refund {
	return wire.Refund{ID: uuid.Must(uuid.NewV7()).String(), Amount: amount}
}

// lease takes a payment's lease from the server.
func (w world) lease(id string) pg.Payment {
	w.T.Helper()
	for {
		now := w.Clock.Now()
		p, ok, err := w.Store.Lease(w.T.Context(), now, now.Add(90*time.Second), w.Owner.Account, uuid.MustParse(id))
		if err != nil {
			w.T.Fatal(err)
		}
		if ok {
			return p
		}
		time.Sleep(10 * time.Millisecond) // the server has just asked, and gives it back
	}
}

// wish has a till wish for a refund, and gives the payment under a lease: the server does not see to it.
func (w world) wish(id string, r wire.Refund) pg.Payment {
	w.T.Helper()
	leased := w.lease(id)
	p, err := w.Store.WantRefund(w.T.Context(), w.Clock.Now(), leased.Account, leased.ID,
		pg.Wish{ID: uuid.MustParse(r.ID), Amount: register.Money(r.Amount), Till: w.till().ID})
	if err != nil {
		w.T.Fatal(err)
	}
	return p
}

// refundState is the state of a payment's refund; empty when there is no such refund.
func refundState(p wire.Payment, id string) string {
	for _, r := range p.Refunds {
		if r.ID == id {
			return r.State
		}
	}
	return ""
}

func TestPartsAreGivenBack(t *testing.T) {
	w := start(t)
	p := w.paid()
	if p.Left != 540_00 || p.Life != 0 || len(p.Refunds) != 0 {
		t.Errorf("paid: %+v", p)
	}
	first, second := newRefund(100_00), newRefund(440_00)
	w.refund(p.ID, first)
	got := w.until(p.ID, banks.StatePartlyRefunded)
	if got.Refunded != 100_00 || got.Returned != 100_00 || got.Left != 440_00 || refundState(got, first.ID) != wire.RefundDone {
		t.Errorf("a part went back: %+v", got)
	}
	w.refund(p.ID, first) // its answer was lost
	if got := w.until(p.ID, banks.StatePartlyRefunded); got.Refunded != 100_00 || len(got.Refunds) != 1 {
		t.Errorf("the same again: %+v", got)
	}
	w.refund(p.ID, second)
	got = w.until(p.ID, banks.StateRefunded)
	if got.Returned != 540_00 || got.Left != 0 || refundState(got, second.ID) != wire.RefundDone || w.atBank(p.ID).Refunded != 540_00 {
		t.Errorf("all went back: %+v", got)
	}
}

func TestRefundsThatAreRefused(t *testing.T) {
	w := start(t)
	unpaid := w.waiting()
	p := w.paid()
	taken := newRefund(100_00)
	w.refund(p.ID, taken)
	w.until(p.ID, banks.StatePartlyRefunded)
	refusals := []struct {
		name   string
		id     string
		refund wire.Refund
		status int
		code   string
	}{
		{"nothing", p.ID, newRefund(0), http.StatusBadRequest, wire.CodeInvalid},
		{"below nothing", p.ID, newRefund(-1), http.StatusBadRequest, wire.CodeInvalid},
		{"more than is left", p.ID, newRefund(440_01), http.StatusBadRequest, wire.CodeInvalid},
		{"beyond all sums", p.ID, newRefund(1 << 60), http.StatusBadRequest, wire.CodeInvalid},
		{"no id", p.ID, wire.Refund{Amount: 1}, http.StatusBadRequest, wire.CodeInvalid},
		{"an id of capitals", p.ID, wire.Refund{ID: strings.ToUpper(uuid.NewString()), Amount: 1}, http.StatusBadRequest, wire.CodeInvalid},
		{"another sum", p.ID, wire.Refund{ID: taken.ID, Amount: 99_00}, http.StatusConflict, wire.CodeConflict},
		{"not paid", unpaid.ID, newRefund(1_00), http.StatusConflict, wire.CodeConflict},
		{"not there", uuid.NewString(), newRefund(1_00), http.StatusNotFound, wire.CodeNotFound},
	}
	for _, r := range refusals {
		if a := w.tryRefund(r.id, r.refund); a.Status != r.status || a.Error().Code != r.code {
			t.Errorf("%s: %d %s", r.name, a.Status, a.Body)
		}
	}
	a := w.Call(w.Secret, "POST", "/api/v1/payments/"+p.ID+"/cancel", wire.Cancel{UnpaidOnly: true, Refund: &taken})
	if a.Status != http.StatusBadRequest {
		t.Errorf("a refund of an unpaid payment only: %d %s", a.Status, a.Body)
	}
	w.breakBank(tbanksim.FaultPlan{Name: tbanksim.RequestLost, Times: 0, Method: "Cancel"})
	w.refund(p.ID, newRefund(50_00))
	if a := w.tryRefund(p.ID, newRefund(1_00)); a.Status != http.StatusConflict {
		t.Errorf("a second one under way: %d %s", a.Status, a.Body)
	}
	if got := w.atBank(p.ID).Refunded; got != 100_00 {
		t.Errorf("the bank gave %v back", got)
	}
}

// wholly is a bank that gives back all or nothing.
type wholly struct{ banks.Bank }

func (b wholly) Can() banks.Capabilities {
	can := b.Bank.Can()
	can.PartialRefund = false
	return can
}

func TestABankThatGivesBackTheWholeOnly(t *testing.T) {
	w := start(t)
	p := w.paid()
	service := w.service(func(b banks.Bank) banks.Bank { return wholly{b} })
	till := w.till()
	if _, err := service.Refund(t.Context(), till, uuid.MustParse(p.ID), newRefund(1_00)); !isInvalid(err) {
		t.Errorf("a part: %v", err)
	}
	got, err := service.Refund(t.Context(), till, uuid.MustParse(p.ID), newRefund(540_00))
	if err != nil || !got.Attempt.State.HadMoney() || got.Attempt.State.Paid() {
		t.Errorf("the whole: %+v, %v", got, err)
	}
	if told, err := service.Tell(t.Context(), got); err != nil || !told.WholeOnly {
		t.Errorf("told: %+v, %v", told, err)
	}
}

func isInvalid(err error) bool {
	return err != nil && strings.Contains(err.Error(), payments.ErrInvalid.Error())
}

// service makes one more Service on the database, whose banks are changed as given. Nothing runs in its background.
func (w world) service(change func(banks.Bank) banks.Bank) *payments.Service {
	return payments.New(payments.Config{Store: w.Store, Key: w.Key, Clock: w.Clock.Now, Logger: slog.New(slog.DiscardHandler),
		Open: func(b pg.BankSetting, clock func() time.Time) (banks.Bank, error) {
			bank, err := payments.Open(b, clock)
			if err != nil {
				return nil, err
			}
			return change(servertest.Eager(bank)), nil
		}})
}

func (w world) till() pg.Till {
	w.T.Helper()
	till, err := w.Store.Authenticate(w.T.Context(), w.Clock.Now(), w.Secret)
	if err != nil {
		w.T.Fatal(err)
	}
	return till
}

// TestLostAnswersOfRefunds loses, in turn, the request and the answer of a part's refund, and answers to the questions about
// it: the part goes back, once.
func TestLostAnswersOfRefunds(t *testing.T) {
	plans := [][]tbanksim.FaultPlan{
		{{Name: tbanksim.AnswerLost, Times: 1, Method: "Cancel"}},
		{{Name: tbanksim.RequestLost, Times: 1, Method: "Cancel"}},
		{{Name: tbanksim.RequestLost, Times: 3, Method: "Cancel"}},
		{{Name: tbanksim.HTTP500After, Times: 1, Method: "Cancel"}},
		{{Name: tbanksim.HTTP503, Times: 2, Method: "Cancel"}},
		{{Name: tbanksim.Nonsense, Times: 1, Method: "Cancel"}, {Name: tbanksim.AnswerLost, Times: 3, Method: "GetState"}},
	}
	for _, plan := range plans {
		t.Run(string(plan[0].Name), func(t *testing.T) {
			w := start(t)
			p := w.paid()
			w.breakBank(plan...)
			r := newRefund(123_45)
			w.refund(p.ID, r)
			got := w.until(p.ID, banks.StatePartlyRefunded)
			if got.Refunded != 123_45 || got.Returned != 123_45 || refundState(got, r.ID) != wire.RefundDone || got.Trouble != "" {
				t.Errorf("in the end: %+v", got)
			}
			if at := w.atBank(p.ID); at.Refunded != 123_45 {
				t.Errorf("the bank gave %v back", at.Refunded)
			}
		})
	}
}

// dying is a bank whose caller dies at one moment of a refund: before the request goes out, or after it took effect.
type dying struct {
	banks.Bank
	before, after bool
}

type died struct{}

func (b dying) Cancel(ctx context.Context, r banks.Ref) (banks.Answer, error) {
	if b.before {
		panic(died{})
	}
	a, err := b.Bank.Cancel(ctx, r)
	if b.after {
		panic(died{})
	}
	return a, err
}

// untilItDies runs what a process does until it dies.
func untilItDies(t *testing.T, do func()) {
	t.Helper()
	defer func() {
		if fault := recover(); fault != nil {
			if _, ours := fault.(died); !ours {
				panic(fault)
			}
		}
	}()
	do()
}

// TestACrashBetweenTwoSteps has a server die at each step of a refund. Another one brings it to its end, and the money goes
// back once.
func TestACrashBetweenTwoSteps(t *testing.T) {
	crashes := map[string]func(w world, id uuid.UUID, wish pg.Wish){
		"the wish is stored": func(w world, id uuid.UUID, wish pg.Wish) {
			if _, err := w.Store.WantRefund(t.Context(), w.Clock.Now(), w.Owner.Account, id, wish); err != nil {
				t.Fatal(err)
			}
		},
		"the wish is stored and the payment leased": func(w world, id uuid.UUID, wish pg.Wish) {
			now := w.Clock.Now()
			if _, _, err := w.Store.Lease(t.Context(), now, now.Add(time.Minute), w.Owner.Account, id); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Store.WantRefund(t.Context(), now, w.Owner.Account, id, wish); err != nil {
				t.Fatal(err)
			}
		},
		"about to send": func(w world, id uuid.UUID, wish pg.Wish) {
			service := w.service(func(b banks.Bank) banks.Bank { return dying{Bank: b, before: true} })
			untilItDies(t, func() {
				_, _ = service.Refund(t.Context(), w.till(), id, wire.Refund{ID: wish.ID.String(), Amount: int64(wish.Amount)})
			})
		},
		"sent": func(w world, id uuid.UUID, wish pg.Wish) {
			service := w.service(func(b banks.Bank) banks.Bank { return dying{Bank: b, after: true} })
			untilItDies(t, func() {
				_, _ = service.Refund(t.Context(), w.till(), id, wire.Refund{ID: wish.ID.String(), Amount: int64(wish.Amount)})
			})
		},
	}
	for name, crash := range crashes {
		t.Run(name, func(t *testing.T) {
			w := start(t)
			p := w.paid()
			wish := pg.Wish{ID: uuid.Must(uuid.NewV7()), Amount: 200_00, Till: w.till().ID}
			crash(w, uuid.MustParse(p.ID), wish)
			w.Clock.Move(2 * time.Minute) // its lease runs out
			got := w.until(p.ID, banks.StatePartlyRefunded)
			if got.Returned != 200_00 || refundState(got, wish.ID.String()) != wire.RefundDone || w.atBank(p.ID).Refunded != 200_00 {
				t.Errorf("in the end: %+v, at the bank %v", got, w.atBank(p.ID).Refunded)
			}
		})
	}
}

// TestTwoServersGiveBackOnce has two servers hear of the same refund at once, again and again.
func TestTwoServersGiveBackOnce(t *testing.T) {
	w := start(t)
	_, second := w.Another()
	p := w.paid()
	r := newRefund(300_00)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			a := w.Send([]string{w.URL, second}[i%2], w.Secret, "POST", "/api/v1/payments/"+p.ID+"/cancel", "",
				[]byte(`{"refund":{"id":"`+r.ID+`","amount":30000}}`))
			if a.Status != http.StatusOK {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
	all.Wait()
	if got := w.until(p.ID, banks.StatePartlyRefunded); got.Returned != 300_00 || len(got.Refunds) != 1 || w.atBank(p.ID).Refunded != 300_00 {
		t.Errorf("%+v", got)
	}
	want := []string{"refund_wanted paid", "refund_sent refund_pending"}
	story := w.story(p.ID)
	if i := slices.Index(story, want[0]); i < 0 || !slices.Equal(story[i:i+2], want) || slices.Contains(story[i+2:], want[1]) {
		t.Errorf("the story is %q", story)
	}
}

// TestAnOutsideRefundInTheWay: the owner gives money back at the bank, and the till's refund is for more than is left then.
func TestAnOutsideRefundInTheWay(t *testing.T) {
	w := start(t)
	p := w.paid()
	if err := w.Bank.Refund(p.BankID, 500_00); err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(time.Minute)
	r := newRefund(200_00)
	w.refund(p.ID, r)
	// The bank does not say how much went back, only that some did.
	got := w.until(p.ID, banks.StatePartlyRefunded)
	if got.Returned != 0 || refundState(got, r.ID) != wire.RefundFailed || w.atBank(p.ID).Refunded != 500_00 {
		t.Errorf("in the end: %+v", got)
	}
	if kinds := w.troubles(); !slices.Contains(kinds, pg.TroubleOutsideRefund) {
		t.Errorf("the troubles are %v", kinds)
	}
}

// troubles are the kinds of the account's troubles.
func (w world) troubles() []pg.TroubleKind {
	w.T.Helper()
	var kinds []pg.TroubleKind
	for _, t := range w.troubleList("") {
		kinds = append(kinds, t.Kind)
	}
	return kinds
}

func (w world) troubleList(kind pg.TroubleKind) []pg.PaymentTrouble {
	w.T.Helper()
	list, err := w.Store.PaymentTroubles(w.T.Context(), w.Clock.Now(), w.Owner.Account, kind, 100)
	if err != nil {
		w.T.Fatal(err)
	}
	counts, err := w.Store.CountPaymentTroubles(w.T.Context(), w.Clock.Now(), w.Owner.Account)
	if err != nil {
		w.T.Fatal(err)
	}
	var n int64
	for k, c := range counts {
		if kind == "" || k == kind {
			n += c
		}
	}
	if n != int64(len(list)) {
		w.T.Errorf("%d troubles are counted, %d listed", n, len(list))
	}
	return list
}

// queueing is a bank at which a refund stands in a queue: it tells nobody of it, and carries it out later.
type queueing struct {
	banks.Bank
	sent *[]banks.Ref
}

func (b queueing) Cancel(_ context.Context, r banks.Ref) (banks.Answer, error) {
	*b.sent = append(*b.sent, r)
	return banks.Answer{}, banks.ErrUnknown
}

// TestARefundInTheBanksQueue is not sent a second time, although the bank has no trace of it for a while.
func TestARefundInTheBanksQueue(t *testing.T) {
	w := start(t)
	p := w.paid()
	account, id := w.Owner.Account, uuid.MustParse(p.ID)
	var sent []banks.Ref
	service := w.service(func(b banks.Bank) banks.Bank { return queueing{b, &sent} })
	if _, err := service.Work(t.Context(), w.wish(p.ID, newRefund(100_00))); err != nil || len(sent) != 1 {
		t.Fatalf("sent %d times, %v", len(sent), err)
	}
	for range 4 {
		w.Clock.Move(5 * time.Second)
		if _, err := service.AskNow(t.Context(), account, id); err != nil {
			t.Fatal(err)
		}
	}
	bank, err := w.openBank()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bank.Cancel(t.Context(), sent[0]); err != nil { // the queue has come to it
		t.Fatal(err)
	}
	got := w.until(p.ID, banks.StatePartlyRefunded)
	if got.Returned != 100_00 || w.atBank(p.ID).Refunded != 100_00 || len(sent) != 1 {
		t.Errorf("in the end: %+v, at the bank %v, sent %d times", got, w.atBank(p.ID).Refunded, len(sent))
	}
}

// stopped is a bank whose caller's machine stands still whenever it looks what the bank can do.
type stopped struct {
	banks.Bank
	clock *servertest.Clock
	sent  *int
}

func (b stopped) Can() banks.Capabilities {
	b.clock.Move(2 * time.Minute)
	return b.Bank.Can()
}

func (b stopped) Cancel(ctx context.Context, r banks.Ref) (banks.Answer, error) {
	*b.sent++
	return b.Bank.Cancel(ctx, r)
}

// TestNothingIsSentWithoutALease: a machine that stood still wakes up about to send a refund. Another has done it meanwhile.
func TestNothingIsSentWithoutALease(t *testing.T) {
	w := start(t)
	p := w.paid()
	sent := 0
	service := w.service(func(b banks.Bank) banks.Bank { return stopped{b, w.Clock, &sent} })
	if _, err := service.Work(t.Context(), w.wish(p.ID, newRefund(540_00))); err == nil || sent != 0 {
		t.Errorf("sent %d times, %v", sent, err)
	}
	if got := w.until(p.ID, banks.StateRefunded); got.Returned != 540_00 || w.atBank(p.ID).Refunded != 540_00 {
		t.Errorf("in the end: %+v", got)
	}
}
