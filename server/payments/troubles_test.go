package payments_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/register"
	"kassa/server/payments"
	"kassa/server/pg"
	"kassa/server/servertest"
	"kassa/sync/wire"
)

// tillJournal is the journal of the world's till, with a shift open.
func (w world) tillJournal() *servertest.Journal {
	w.T.Helper()
	j := &servertest.Journal{ID: uuid.NewString()}
	j.Add(w.T, w.Clock.Now(), register.KindShiftOpened, register.ShiftOpened{})
	return j
}

// sale is a sale of 540.00 that was paid by QR.
func (w world) sale(payment string) register.Sale {
	w.T.Helper()
	var cart register.Cart
	if _, err := cart.Add(register.Product{ID: "cake", Name: "Торт", Unit: register.Piece, Price: 540_00, VAT: register.VAT22}, register.One); err != nil {
		w.T.Fatal(err)
	}
	s, err := register.NewSale(&cart, []register.Payment{{Method: register.QR, Amount: 540_00, QRID: payment, Bank: "tbank"}})
	if err != nil {
		w.T.Fatal(err)
	}
	s.Receipt = 1
	return s
}

// sync brings a journal to the server, and then asks for its status as a till does that has nothing left to send.
func (w world) sync(j *servertest.Journal) {
	w.T.Helper()
	var ack wire.Ack
	w.Upload(w.Secret, j, 0, int64(len(j.Records))).Into(&ack)
	w.Call(w.Secret, "GET", "/api/v1/status", nil).Into(&wire.Status{})
}

func TestAPaymentWithoutASale(t *testing.T) {
	w := start(t)
	j := w.tillJournal()
	p := w.paid()
	w.sync(j)
	if kinds := w.troubles(); len(kinds) != 0 {
		t.Errorf("at once there are %v", kinds)
	}
	w.Clock.Move(40 * time.Minute)
	if kinds := w.troubles(); len(kinds) != 0 {
		t.Errorf("with a till that has not been heard of since there are %v", kinds)
	}
	w.sync(j)
	list := w.troubleList("")
	if len(list) != 1 || list[0].Kind != pg.TroubleWithoutSale || list[0].Payment.String() != p.ID || list[0].Theirs != 540_00 ||
		list[0].Till != w.till().ID {
		t.Fatalf("without a sale there are %+v", list)
	}
	j.Add(t, w.Clock.Now(), register.KindSale, w.sale(p.ID))
	w.sync(j)
	if kinds := w.troubles(); len(kinds) != 0 {
		t.Errorf("with its sale there are %v", kinds)
	}
	uses, err := w.Store.Uses(t.Context(), w.Owner.Account, uuid.MustParse(p.ID))
	if err != nil || len(uses) != 1 || uses[0].Amount != 540_00 || uses[0].Place.Number != 2 || uses[0].Kind != string(register.KindSale) {
		t.Errorf("named by %+v, %v", uses, err)
	}
}

func TestWhatAPersonClosesStaysClosed(t *testing.T) {
	w := start(t)
	p := w.paid()
	w.Clock.Move(40 * time.Minute)
	w.sync(w.tillJournal())
	service := w.service(func(b banks.Bank) banks.Bank { return b })
	by := pg.By{Name: "Мария", Reason: "Чек пробит на другой кассе"}
	closeIt := func(by pg.By) error {
		return service.CloseTrouble(t.Context(), w.Owner.Account, pg.TroubleWithoutSale, p.ID, by)
	}
	if err := closeIt(pg.By{Name: "Мария"}); !errors.Is(err, payments.ErrInvalid) {
		t.Errorf("with no reason: %v", err)
	}
	if err := closeIt(by); err != nil {
		t.Fatal(err)
	}
	if err := closeIt(by); !errors.Is(err, pg.ErrNotFound) {
		t.Errorf("closed twice: %v", err)
	}
	w.Clock.Move(time.Hour)
	if kinds := w.troubles(); len(kinds) != 0 {
		t.Errorf("closed, there are %v", kinds)
	}
	events, err := w.Store.Events(t.Context(), w.Owner.Account, uuid.MustParse(p.ID))
	if last := events[len(events)-1]; err != nil || last.Cause != pg.CauseClosed || last.Who != by.Name || last.Reason != by.Reason {
		t.Errorf("the story ends with %+v, %v", last, err)
	}
	if err := service.CloseTrouble(t.Context(), w.Owner.Account, pg.TroubleRefundUnknown, p.ID, by); !errors.Is(err, pg.ErrConflict) {
		t.Errorf("a trouble that cannot be closed: %v", err)
	}
}

func TestASaleWithoutAPayment(t *testing.T) {
	w := start(t)
	unpaid := w.waiting()
	w.cancel(unpaid.ID)
	j := w.tillJournal()
	w.Clock.Move(time.Minute)
	j.Add(t, w.Clock.Now(), register.KindSale, w.sale(unpaid.ID))
	j.Add(t, w.Clock.Now(), register.KindSale, w.sale(uuid.NewString()))
	old := w.sale(uuid.NewString())
	j.Add(t, w.Clock.Now().Add(-time.Hour), register.KindSale, old) // before the till was paired
	w.sync(j)
	w.Clock.Move(16 * time.Minute)
	list := w.troubleList(pg.TroubleWithoutPayment)
	if len(list) != 2 {
		t.Fatalf("there are %+v", list)
	}
	for _, trouble := range list {
		if trouble.Operation == nil || trouble.Ours != 540_00 || trouble.Subject != pg.OperationSubject(trouble.Operation.Journal, trouble.Operation.Number) {
			t.Errorf("one of them is %+v", trouble)
		}
	}
	service := w.service(func(b banks.Bank) banks.Bank { return b })
	by := pg.By{Name: "Мария", Reason: "Оплачено наличными"}
	if err := service.CloseTrouble(t.Context(), w.Owner.Account, pg.TroubleWithoutPayment, list[0].Subject, by); err != nil {
		t.Fatal(err)
	}
	if list := w.troubleList(pg.TroubleWithoutPayment); len(list) != 1 {
		t.Errorf("one is closed, and there are %+v", list)
	}
}

// latePaid is a payment that was cancelled, and paid after that.
func (w world) latePaid() wire.Payment {
	w.T.Helper()
	p := w.waiting()
	w.cancel(p.ID)
	if err := w.Bank.Pay(p.BankID, true); err != nil {
		w.T.Fatal(err)
	}
	w.Clock.Move(2 * time.Minute)
	return w.until(p.ID, banks.StatePaid)
}

func TestALatePayment(t *testing.T) {
	by := pg.By{Name: "Мария", Reason: "Покупатель ушёл"}
	ends := map[string]func(world, *payments.Service, uuid.UUID) error{
		"finished as a sale": func(w world, _ *payments.Service, id uuid.UUID) error {
			j := w.tillJournal()
			j.Add(w.T, w.Clock.Now(), register.KindSale, w.sale(id.String()))
			w.sync(j)
			return nil
		},
		"given back by the owner": func(w world, s *payments.Service, id uuid.UUID) error {
			refund := uuid.Must(uuid.NewV7())
			for range 2 { // the form is sent twice
				if _, err := s.RefundByHand(w.T.Context(), w.Owner.Account, id, refund, 0, by); err != nil {
					return err
				}
				w.until(id.String(), banks.StateRefunded)
			}
			if got := w.atBank(id.String()).Refunded; got != 540_00 {
				w.T.Errorf("the bank gave %v back", got)
			}
			list, err := w.Store.Refunds(w.T.Context(), w.Owner.Account, id)
			if len(list) != 1 || list[0].By != by {
				w.T.Errorf("the refunds are %+v", list)
			}
			return err
		},
		"given back by the till": func(w world, _ *payments.Service, id uuid.UUID) error {
			w.cancel(id.String())
			w.until(id.String(), banks.StateRefunded)
			return nil
		},
		"closed by the owner": func(w world, s *payments.Service, id uuid.UUID) error {
			return s.CloseTrouble(w.T.Context(), w.Owner.Account, pg.TroubleLate, id.String(), by)
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			w := start(t)
			p := w.latePaid()
			if p.Trouble != wire.TroubleLate || !slices.Equal(w.troubles(), []pg.TroubleKind{pg.TroubleLate}) {
				t.Fatalf("late: %+v, %v", p, w.troubles())
			}
			if err := end(w, w.service(func(b banks.Bank) banks.Bank { return b }), uuid.MustParse(p.ID)); err != nil {
				t.Fatal(err)
			}
			if kinds := w.troubles(); len(kinds) != 0 {
				t.Errorf("in the end there are %v", kinds)
			}
			if got := w.get(p.ID, ""); got.Trouble != "" {
				t.Errorf("in the end the till hears %+v", got)
			}
		})
	}
}

func TestMarkedPaid(t *testing.T) {
	w := start(t)
	p := w.waiting()
	id := uuid.MustParse(p.ID)
	service := w.service(func(b banks.Bank) banks.Bank { return b })
	by := pg.By{Name: "Мария", Reason: "Вижу деньги в выписке"}
	for name, bad := range map[string]pg.By{"nobody": {Reason: "x"}, "no reason": {Name: "Мария", Reason: " \n"}, "too much": {Name: "Мария", Reason: strings.Repeat("ж", 501)}} {
		if _, err := service.MarkPaid(t.Context(), w.Owner.Account, id, bad); !errors.Is(err, payments.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := service.MarkPaid(t.Context(), uuid.New(), id, by); !errors.Is(err, pg.ErrNotFound) {
		t.Errorf("by another account: %v", err)
	}
	if _, err := service.MarkPaid(t.Context(), w.Owner.Account, id, by); err != nil {
		t.Fatal(err)
	}
	if got := w.get(p.ID, ""); got.State != string(banks.StatePaid) || !got.ByHand {
		t.Errorf("the till hears %+v", got)
	}
	if _, err := service.MarkPaid(t.Context(), w.Owner.Account, id, by); !errors.Is(err, payments.ErrConflict) {
		t.Errorf("marked twice: %v", err)
	}
	// The bank says so in the end, and is believed more.
	if err := w.Bank.Pay(p.BankID, false); err != nil {
		t.Fatal(err)
	}
	w.follow(p.ID, func(p wire.Payment) bool { return p.State == string(banks.StatePaid) && !p.ByHand })
	if err := service.Note(t.Context(), w.Owner.Account, id, by); err != nil {
		t.Error(err)
	}
	want := []string{"requested creating", "create waiting", "marked_paid paid", "ask paid", "note paid"}
	if got := w.story(p.ID); !slices.Equal(got, want) {
		t.Errorf("the story is %q, want %q", got, want)
	}
}

func TestACodeWithoutAnEnd(t *testing.T) {
	w := start(t)
	p := w.waiting()
	now := w.Clock.Now()
	// A process that took it and hangs: the bank is not asked.
	if _, _, err := w.Store.Lease(t.Context(), now, now.Add(24*time.Hour), w.Owner.Account, uuid.MustParse(p.ID)); err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(2 * time.Hour)
	if kinds := w.troubles(); !slices.Equal(kinds, []pg.TroubleKind{pg.TroubleNoEnd}) {
		t.Errorf("there are %v", kinds)
	}
}

func TestTheLifeOfACode(t *testing.T) {
	w := start(t)
	n := w.request()
	n.Expires, n.Life = time.Time{}, 300
	p := w.create(n)
	if p.Life != 300 || !p.Expires.Equal(w.Clock.Now().Add(5*time.Minute)) {
		t.Errorf("made: %+v", p)
	}
	w.Clock.Move(90*time.Second + time.Millisecond)
	if got := w.get(p.ID, ""); got.Life != 210 {
		t.Errorf("later: %+v", got)
	}
	n = w.request()
	n.Life, n.Expires = 600, w.Clock.Now().Add(-5*time.Hour) // a till whose clock is wrong
	if p := w.create(n); p.Life != 600 {
		t.Errorf("with a wrong clock: %+v", p)
	}
	n = w.request()
	n.Life = -1
	if a := w.Call(w.Secret, "POST", "/api/v1/payments", n); a.Error().Code != wire.CodeInvalid {
		t.Errorf("a life below nothing: %s", a.Body)
	}
}

// TestTheBooksDiffer: the owner gives a part of a sale's money back, and nobody makes the return at the till.
func TestTheBooksDiffer(t *testing.T) {
	w := start(t)
	p := w.paid()
	id := uuid.MustParse(p.ID)
	j := w.tillJournal()
	j.Add(t, w.Clock.Now(), register.KindSale, w.sale(p.ID))
	w.sync(j)
	service := w.service(func(b banks.Bank) banks.Bank { return b })
	by := pg.By{Name: "Мария", Reason: "Жалоба"}
	giveBack := func() {
		t.Helper()
		if _, err := service.RefundByHand(t.Context(), w.Owner.Account, id, uuid.Must(uuid.NewV7()), 40_00, by); err != nil {
			t.Fatal(err)
		}
		w.follow(p.ID, func(p wire.Payment) bool {
			return p.Refunded == p.Returned && p.State == string(banks.StatePartlyRefunded)
		})
		w.Clock.Move(20 * time.Minute)
		w.sync(j)
	}
	giveBack()
	list := w.troubleList("")
	if len(list) != 1 || list[0].Kind != pg.TroubleBooksDiffer || list[0].Ours != 540_00 || list[0].Theirs != 500_00 {
		t.Fatalf("there are %+v", list)
	}
	if err := service.CloseTrouble(t.Context(), w.Owner.Account, pg.TroubleBooksDiffer, p.ID, by); err != nil {
		t.Fatal(err)
	}
	if kinds := w.troubles(); len(kinds) != 0 {
		t.Errorf("closed, there are %v", kinds)
	}
	giveBack()
	if list = w.troubleList(""); len(list) != 1 || list[0].Theirs != 460_00 {
		t.Errorf("after another one there are %+v", list)
	}
	back, err := register.NewReturn(w.sale(p.ID), register.Ref{Journal: j.ID, Number: 2, ID: "op", Shift: 1, Receipt: 1, At: w.Clock.Now()}, nil,
		[]register.Want{{Line: 0, Quantity: register.One}}, register.Cash, "Жалоба")
	if err != nil {
		t.Fatal(err)
	}
	j.Add(t, w.Clock.Now(), register.KindReturn, back)
	w.refund(p.ID, newRefund(460_00))
	w.until(p.ID, banks.StateRefunded)
	w.sync(j)
	w.Clock.Move(20 * time.Minute)
	w.sync(j)
	if kinds := w.troubles(); len(kinds) != 0 {
		t.Errorf("with the return there are %v", kinds)
	}
}
