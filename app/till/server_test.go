package till_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"kassa/app/till"
	"kassa/banks"
	"kassa/sync/client"
	"kassa/sync/wire"
)

// payServer is the part of a central server that makes QR payments: one payment, with a trouble that lasts until it is
// cancelled.
type payServer struct {
	trouble string

	mu sync.Mutex
	p  wire.Payment
}

func (s *payServer) create(r *http.Request) error {
	body, err := gzip.NewReader(r.Body)
	if err != nil {
		return err
	}
	var n wire.NewPayment
	if err := json.NewDecoder(body).Decode(&n); err != nil {
		return err
	}
	s.p = wire.Payment{ID: n.ID, State: string(banks.StateWaiting), Amount: n.Amount, Bank: "tbank", BankID: "1",
		Payload: "https://qr.nspk.ru/X", Expires: n.Expires}
	return nil
}

func (s *payServer) ask(*http.Request) error {
	if s.p.ID == "" {
		return errForgotten
	}
	s.p.Trouble = s.trouble
	return nil
}

func (s *payServer) cancel(r *http.Request) error {
	body, err := gzip.NewReader(r.Body)
	if err != nil {
		return err
	}
	var c wire.Cancel
	if err := json.NewDecoder(body).Decode(&c); err != nil {
		return err
	}
	if c.Refund != nil {
		c.Refund.State = wire.RefundSent
		s.p.State, s.p.Left, s.p.Refunds = string(banks.StateRefundPending), 0, []wire.Refund{*c.Refund}
		return nil
	}
	s.trouble, s.p.Trouble, s.p.State = "", "", string(banks.StateCancelled)
	return nil
}

// answer does one call and answers with the payment.
func (s *payServer) answer(do func(*http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if err := do(r); errors.Is(err, errForgotten) {
			w.WriteHeader(http.StatusNotFound)
			json.NewEncoder(w).Encode(wire.Error{Code: wire.CodeNotFound})
			return
		} else if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.p.Revision++
		json.NewEncoder(w).Encode(s.p)
	}
}

var errForgotten = errors.New("no such payment")

// forget is a restore from an old backup.
func (s *payServer) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.p = wire.Payment{}
}

// throughServer is a world whose till makes QR payments through a server.
func throughServer(t *testing.T, s *payServer) *world {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/payments", s.answer(s.create))
	mux.HandleFunc("GET /api/v1/payments/{id}", s.answer(s.ask))
	mux.HandleFunc("POST /api/v1/payments/{id}/cancel", s.answer(s.cancel))
	h := httptest.NewServer(mux)
	t.Cleanup(h.Close)
	c, err := client.New(h.URL, "secret", nil)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.payments = till.NewServerPayments(c, w.clock.now)
	w.reopen()
	return w.working()
}

// The server writes down that a payment is to be cancelled, and sees to it when it can: the wish must reach it although
// its bank is in trouble, or the payment would never end.
func TestACancelReachesTheServerWhileItsBankIsInTrouble(t *testing.T) {
	for trouble, code := range map[string]till.Code{
		wire.TroubleAmount:      till.CodeAmountDiffers,
		wire.TroubleRefused:     till.CodeBankRefused,
		wire.TroubleUnreachable: till.CodeBankDown,
	} {
		t.Run(trouble, func(t *testing.T) {
			w := throughServer(t, &payServer{trouble: trouble})
			w.scan(milk)
			w.must(w.StartQR(t.Context()))
			w.until("told", func(v till.View) bool { return v.QR != nil && v.QR.Trouble == code })
			w.must(w.CancelQR(t.Context()))
			w.endsUnpaid(banks.StateCancelled)
		})
	}
}

// A server that was restored from a backup has never heard of the payment; its bank has.
func TestAServerThatForgotThePaymentHearsOfItAgain(t *testing.T) {
	s := &payServer{}
	w := throughServer(t, s)
	w.scan(milk)
	w.must(w.StartQR(t.Context()))
	id := w.onScreen().ID
	s.forget()
	w.until("made again", func(till.View) bool { s.mu.Lock(); defer s.mu.Unlock(); return s.p.ID == id })
	w.must(w.CancelQR(t.Context()))
	w.endsUnpaid(banks.StateCancelled)
}

// A server whose bank cannot tell what became of a refund says so, and its owner decides.
func TestTheServersOwnerDecidesAboutARefund(t *testing.T) {
	s := &payServer{}
	w := throughServer(t, s)
	w.scan(milk)
	w.must(w.StartQR(t.Context()))
	w.onScreen()
	set := func(state banks.State, left int64, refund string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.p.State, s.p.Left = string(state), left
		for i := range s.p.Refunds {
			s.p.Refunds[i].State = refund
		}
		if refund == wire.RefundDone {
			s.p.Refunded, s.p.Returned = s.p.Amount, s.p.Amount
		}
	}
	set(banks.StatePaid, 84_90, "")
	sale := *w.until("sold", func(v till.View) bool { return v.Last != nil }).Last
	s.mu.Lock()
	s.trouble = wire.TroubleRefundUnknown
	s.mu.Unlock()
	w.must(w.StartReturn(t.Context(), back(sale, 0)))
	v := w.until("begun", func(v till.View) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return v.Back != nil && len(s.p.Refunds) == 1
	})
	set(banks.StateRefundPending, 0, wire.RefundUnknown)
	v = w.until("unclear", func(v till.View) bool { return v.Back.State == till.BackUnclear })
	if err := w.DecideBack(t.Context(), v.Back.ID, true); err == nil || v.Back.DecideHere {
		t.Errorf("decided at the till: %v, %+v", err, v.Back)
	}
	set(banks.StateRefunded, 0, wire.RefundDone)
	w.returned()
	w.returns(1, 84_90)
	w.healthy(1)
}
