package till_test

import (
	"compress/gzip"
	"encoding/json"
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
	s.p.Trouble = s.trouble
	return nil
}

func (s *payServer) cancel(*http.Request) error {
	s.trouble, s.p.Trouble, s.p.State = "", "", string(banks.StateCancelled)
	return nil
}

// answer does one call and answers with the payment.
func (s *payServer) answer(do func(*http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if err := do(r); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.p.Revision++
		json.NewEncoder(w).Encode(s.p)
	}
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
	w.payments = till.NewServerPayments(c)
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
