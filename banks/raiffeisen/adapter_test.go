package raiffeisen_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/banktest"
	"kassa/banks/raiffeisen"
	"kassa/banks/raiffeisen/raiffeisensim"
	"kassa/register"
)

const ourID = "0190a1b2-0000-7000-8000-000000000001"

func TestOpenRefuses(t *testing.T) {
	for name, spoil := range map[string]func(banks.Settings){
		"no key":                func(s banks.Settings) { delete(s, raiffeisen.FieldSecretKey) },
		"a key too short":       func(s banks.Settings) { s[raiffeisen.FieldSecretKey] = "short" },
		"a key with a space":    func(s banks.Settings) { s[raiffeisen.FieldSecretKey] = "two words of it" },
		"no merchant":           func(s banks.Settings) { delete(s, raiffeisen.FieldMerchant) },
		"a merchant too long":   func(s banks.Settings) { s[raiffeisen.FieldMerchant] = "MA00000000001" },
		"an account too short":  func(s banks.Settings) { s[raiffeisen.FieldAccount] = "4070" },
		"an account of letters": func(s banks.Settings) { s[raiffeisen.FieldAccount] = "4070000000000000000O" },
		"nothing encrypted":     func(s banks.Settings) { s[banks.FieldURL] = "http://pay.raif.ru" },
		"no address":            func(s banks.Settings) { s[banks.FieldURL] = "pay.raif.ru" },
		"no certificate":        func(s banks.Settings) { s[banks.FieldCA] = "trust me" },
	} {
		t.Run(name, func(t *testing.T) {
			s := settings("")
			spoil(s)
			_, err := raiffeisen.Adapter().Open(s, banks.Options{})
			if !errors.Is(err, banks.ErrSettings) || strings.Contains(err.Error(), secretKey) {
				t.Errorf("%v", err)
			}
		})
	}
	s := settings("")
	s[raiffeisen.FieldAccount] = "40700000000000000000"
	b, err := raiffeisen.Adapter().Open(s, banks.Options{})
	if err != nil || b.Name() != "raiffeisen" {
		t.Errorf("%v", err)
	}
}

// settings are a shop's; the bank's own address when url is empty.
func settings(url string) banks.Settings {
	return banks.Settings{banks.FieldURL: url, raiffeisen.FieldSecretKey: secretKey, raiffeisen.FieldMerchant: merchant}
}

// TestKeyStaysInside prints everything that could hold the key in every way, and makes a bank that says it back.
func TestKeyStaysInside(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"code":"ERROR.INVALID_REQUEST","message":"no %s"}`, r.Header.Get("Authorization"))
	}))
	defer server.Close()
	s := settings(server.URL)
	b, err := raiffeisen.Adapter().Open(s, banks.Options{Clock: banktest.NewClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Create(t.Context(), request())
	if err == nil || !strings.Contains(err.Error(), "no Bearer ***") {
		t.Fatalf("the bank's words: %v", err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "settings", s, "bank", b, "err", err)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "settings", s, "bank", b, "err", err)
	shown := log.String() + err.Error()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		shown += fmt.Sprintf(verb+verb+verb, s, b, err)
	}
	if strings.Contains(shown, secretKey) || strings.Contains(shown, fmt.Sprintf("%x", secretKey)) {
		t.Errorf("it was shown: %s", shown)
	}
}

func request() banks.Request {
	return banks.Request{ID: ourID, Amount: 199_00, Purpose: "Покупка 0001", Expires: banktest.NewClock().Now().Add(15 * time.Minute)}
}

// TestTimeOut asks a bank that never answers; the adapter gives up by itself.
func TestTimeOut(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	b := connect(t, server.URL, secretKey, banktest.NewClock(), 20*time.Millisecond)
	a := begin(t, b)
	a, err := banks.Create(t.Context(), b, a, request())
	if !errors.Is(err, banks.ErrUnknown) || !errors.Is(err, context.DeadlineExceeded) || a.State != banks.StateCreateUnknown {
		t.Errorf("create: %s, %v", a.State, err)
	}
	for name, ref := range map[string]banks.Ref{
		"cancel": {ID: ourID, BankID: "AD1", Amount: 100},
		"refund": {ID: ourID, BankID: "AD1", Amount: 100, Refund: banks.Refund{ID: "r", Amount: 1}},
	} {
		if _, err := b.Cancel(t.Context(), ref); !errors.Is(err, banks.ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func begin(t *testing.T, b banks.Bank) banks.Attempt {
	t.Helper()
	a, err := banks.Begin(b, request())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestWhatIsSent looks at the requests as they cross the wire.
func TestWhatIsSent(t *testing.T) {
	var line, body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		line, body = r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization")+" "+r.Header.Get("Content-Type"), string(sent)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()
	s := settings(server.URL)
	s[raiffeisen.FieldAccount] = "40700000000000000001"
	b, err := raiffeisen.Adapter().Open(s, banks.Options{Clock: banktest.NewClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	r := request()
	r.Purpose = "Покупка\n" + strings.Repeat("я", 200)
	r.Expires = time.Date(2026, 3, 1, 9, 14, 59, 1, time.UTC)
	_, _ = b.Create(t.Context(), r)
	if want := "POST /api/sbp/v1/qr/register Bearer " + secretKey + " application/json"; line != want {
		t.Errorf("%s, want %s", line, want)
	}
	want := `{"qrType":"QRDynamic","order":"` + ourID + `","amount":199.00,"currency":"RUB","sbpMerchantId":"MA0000000001",` +
		`"qrExpirationDate":"2026-03-01T12:15:00+03:00","account":"40700000000000000001",` +
		`"additionalInfo":"Покупка ` + strings.Repeat("я", 132) + `","paymentDetails":"Покупка ` + strings.Repeat("я", 177) + `"}`
	if body != want {
		t.Errorf("sent %s,\nwant %s", body, want)
	}
	for _, c := range []struct {
		ask        func() (banks.Answer, error)
		line, body string
	}{
		{
			func() (banks.Answer, error) {
				return b.Cancel(t.Context(), banks.Ref{ID: ourID, BankID: "AD1", Amount: 100_00, Refund: banks.Refund{ID: "r-1", Amount: 7}})
			},
			"POST /api/sbp/v1/refund", `{"amount":0.07,"order":"` + ourID + `","refundId":"r-1"}`,
		},
		{
			func() (banks.Answer, error) { return b.Cancel(t.Context(), banks.Ref{ID: ourID, BankID: "AD1"}) },
			"DELETE /api/sbp/v2/qrs/AD1", "",
		},
		{
			func() (banks.Answer, error) { return b.State(t.Context(), banks.Ref{ID: ourID, BankID: "AD1"}) },
			"GET /api/sbp/v1/qr/AD1/payment-info", "",
		},
	} {
		if _, err := c.ask(); !errors.Is(err, banks.ErrUnknown) {
			t.Errorf("%s: %v", c.line, err)
		}
		if !strings.HasPrefix(line, c.line+" Bearer "+secretKey) || body != c.body {
			t.Errorf("%s %s, want %s %s", line, body, c.line, c.body)
		}
	}
}

// TestIDsThatAreNone holds that no id leads a request astray.
func TestIDsThatAreNone(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s %s", r.Method, r.URL) }))
	defer server.Close()
	b := connect(t, server.URL, secretKey, banktest.NewClock(), time.Second)
	for _, id := range []string{"../../refund", "AD1?x=1", "AD1/info", strings.Repeat("A", 33), "AD 1"} {
		if _, err := b.State(t.Context(), banks.Ref{ID: ourID, BankID: id}); !errors.Is(err, banks.ErrNotFound) {
			t.Errorf("state of %q: %v", id, err)
		}
		if _, err := b.Cancel(t.Context(), banks.Ref{ID: ourID, BankID: id}); !errors.Is(err, banks.ErrNotFound) {
			t.Errorf("cancel of %q: %v", id, err)
		}
		back := banks.Refund{ID: "../" + id, Amount: 1}
		if _, err := b.Cancel(t.Context(), banks.Ref{ID: ourID, BankID: "AD1", Amount: 1, Refund: back}); !errors.Is(err, banks.ErrRefused) {
			t.Errorf("refund of %q: %v", id, err)
		}
	}
	r := request()
	r.ID = "an order/of letters"
	if _, err := b.Create(t.Context(), r); !errors.Is(err, banks.ErrRefused) {
		t.Errorf("create: %v", err)
	}
}

// TestAnswersInWords asks a bank that says what it is told to.
func TestAnswersInWords(t *testing.T) {
	paid := map[string]any{
		"code": "SUCCESS", "paymentStatus": "SUCCESS", "amount": json.Number("199"), "currency": "RUB", "order": ourID, "qrId": "AD1",
		"sbpMerchantId": merchant,
	}
	for _, c := range []struct {
		name  string
		field string
		value any
		want  banks.State
		err   error
	}{
		{name: "paid", want: banks.StatePaid},
		{name: "under way", field: "paymentStatus", value: "IN_PROGRESS", want: banks.StateProcessing},
		{name: "a new word", field: "paymentStatus", value: "QUANTUM", err: banks.ErrUnknown},
		{name: "paid without a sum", field: "amount", value: nil, err: banks.ErrUnknown},
		{name: "paid with nothing", field: "amount", value: 0, err: banks.ErrUnknown},
		{name: "a sum below zero", field: "amount", value: -199, err: banks.ErrUnknown},
		{name: "parts of a kopeck", field: "amount", value: json.Number("199.001"), err: banks.ErrUnknown},
		{name: "other money", field: "currency", value: "USD", err: banks.ErrAmountDiffers},
		{name: "no money", field: "currency", value: nil, err: banks.ErrAmountDiffers},
		{name: "another order", field: "order", value: "other", err: banks.ErrUnknown},
		{name: "no order", field: "order", value: nil, err: banks.ErrUnknown},
		{name: "another code", field: "qrId", value: "AD2", err: banks.ErrUnknown},
		{name: "another shop", field: "sbpMerchantId", value: "MA2", err: banks.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			said := map[string]any{}
			for k, v := range paid {
				said[k] = v
			}
			if c.field != "" {
				said[c.field] = c.value
			}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(said) }))
			defer server.Close()
			b := connect(t, server.URL, secretKey, banktest.NewClock(), time.Minute)
			ans, err := b.State(t.Context(), banks.Ref{ID: ourID, BankID: "AD1", Amount: 199_00})
			if ans.State != c.want || !errors.Is(err, c.err) || err == nil && ans.Amount != 199_00 {
				t.Errorf("%+v, %v; want %s, %v", ans, err, c.want, c.err)
			}
		})
	}
}

// shop is a code at the practice bank, and the adapter for it.
type shop struct {
	t    *testing.T
	sim  *raiffeisensim.Bank
	bank banks.Bank
	c    *banktest.Clock
}

func newShop(t *testing.T) *shop {
	sim, url, c := open(t)
	return &shop{t: t, sim: sim, bank: connect(t, url, secretKey, c, time.Minute), c: c}
}

func (s *shop) fault(f banksim.Fault, method string) {
	s.t.Helper()
	arm(s.t, s.sim, f, method, 1)()
}

func (s *shop) create() banks.Attempt {
	s.t.Helper()
	return s.may(banks.Create(s.t.Context(), s.bank, begin(s.t, s.bank), request()))
}

func (s *shop) ask(a banks.Attempt) banks.Attempt {
	s.t.Helper()
	return s.may(banks.Ask(s.t.Context(), s.bank, a))
}

func (s *shop) paid() banks.Attempt {
	s.t.Helper()
	a := s.create()
	if err := s.sim.Pay(a.BankID, false); err != nil {
		s.t.Fatal(err)
	}
	return s.ask(a)
}

func (s *shop) may(a banks.Attempt, err error) banks.Attempt {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// TestPartialRefunds gives back in parts, with one that the bank declines.
func TestPartialRefunds(t *testing.T) {
	s := newShop(t)
	a := s.paid()
	for _, part := range []struct {
		id    string
		sum   register.Money
		fails bool
		back  register.Money
		state banks.State
	}{
		{"r1", 49_00, false, 49_00, banks.StatePartlyRefunded},
		{"r2", 150_00, true, 49_00, banks.StatePartlyRefunded},
		{"r3", 1, false, 49_01, banks.StatePartlyRefunded},
		{"r4", 149_99, false, 199_00, banks.StateRefunded},
	} {
		if part.fails {
			s.fault(raiffeisensim.RefundFails, "")
		}
		a = s.may(a.RefundSent(part.id, part.sum))
		a = s.may(banks.Cancel(t.Context(), s.bank, a))
		if a.State != banks.StateRefundPending || !a.Refund.Taken {
			t.Fatalf("%s: %+v", part.id, a)
		}
		a = s.ask(a)
		if a.State != banks.StateRefundPending {
			t.Fatalf("%s: %+v", part.id, a)
		}
		s.c.Advance(time.Minute)
		a = s.ask(a)
		if a.State != part.state || a.Refunded != part.back || a.Outside() != 0 || s.sim.Held()[0].Refunded != part.back {
			t.Fatalf("%s: %+v", part.id, a)
		}
		again := s.ask(a)
		if again.Words = a.Words; again != a {
			t.Fatalf("%s: it was %+v, now it is %+v", part.id, a, again)
		}
	}
}

// TestRefundWhoseAnswerWasLost finds it by our id: done, or never there.
func TestRefundWhoseAnswerWasLost(t *testing.T) {
	for _, c := range []struct {
		fault banksim.Fault
		back  register.Money
	}{{banksim.AnswerLost, 49_00}, {banksim.RequestLost, 0}} {
		s := newShop(t)
		a := s.may(s.paid().RefundSent("r1", 49_00))
		s.fault(c.fault, "Refund")
		a, err := banks.Cancel(t.Context(), s.bank, a)
		if !errors.Is(err, banks.ErrUnknown) || a.State != banks.StateRefundPending {
			t.Fatalf("%s: %+v, %v", c.fault, a, err)
		}
		s.c.Advance(time.Minute)
		a, err = banks.Ask(t.Context(), s.bank, a)
		if c.back == 0 {
			if !errors.Is(err, banks.ErrNoRefund) {
				t.Fatalf("%s: %+v, %v", c.fault, a, err)
			}
			a, err = a.RefundLost()
		}
		if err != nil || a.Refunded != c.back || !a.State.Paid() || s.sim.Held()[0].Refunded != c.back {
			t.Errorf("%s: %+v, %v", c.fault, a, err)
		}
	}
}

// TestRefundsOfTheCabinet are not told of by any call; a refund of more than is left then is refused.
func TestRefundsOfTheCabinet(t *testing.T) {
	s := newShop(t)
	a := s.paid()
	if err := s.sim.Refund(a.BankID, 100_00); err != nil {
		t.Fatal(err)
	}
	if a = s.ask(a); a.State != banks.StatePaid || a.Refunded != 0 {
		t.Fatalf("%+v", a)
	}
	a = s.may(a.RefundSent("r1", 199_00))
	a, err := banks.Cancel(t.Context(), s.bank, a)
	var no *banks.Refusal
	if !errors.As(err, &no) || no.Code != "ERROR.REFUND_INSUFFICIENT_FUNDS" || a.State != banks.StatePaid || a.Refund.ID != "" {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestLostCodeIsFoundByANotice holds that an attempt whose creation was never answered is not found until a
// notification has named its code, and that the code is believed only when the bank confirms it.
func TestLostCodeIsFoundByANotice(t *testing.T) {
	s := newShop(t)
	s.fault(banksim.AnswerLost, "Register")
	a, err := banks.Create(t.Context(), s.bank, begin(t, s.bank), request())
	if !errors.Is(err, banks.ErrUnknown) || a.State != banks.StateCreateUnknown || a.BankID != "" {
		t.Fatalf("%+v, %v", a, err)
	}
	if a, err = banks.Ask(t.Context(), s.bank, a); !errors.Is(err, banks.ErrNotFound) || a.State != banks.StateCreateUnknown {
		t.Fatalf("asked by our id: %+v, %v", a, err)
	}
	if _, err := s.bank.Cancel(t.Context(), a.Ref()); !errors.Is(err, banks.ErrNotFound) {
		t.Fatalf("cancelled by our id: %v", err)
	}
	made := s.sim.Held()[0].BankID
	if err := s.sim.Pay(made, false); err != nil {
		t.Fatal(err)
	}
	header, body, _ := s.sim.Notice(made)
	n, err := s.bank.(banks.Notified).Notice(header, body)
	if err != nil || n.ID != a.ID || n.BankID != made {
		t.Fatalf("%+v, %v", n, err)
	}
	found := a
	found.BankID = n.BankID
	if found = s.ask(found); found.State != banks.StatePaid || found.BankID != made {
		t.Errorf("%+v", found)
	}

	r := request()
	r.ID = "0190a1b2-0000-7000-8000-000000000002"
	other, err := s.bank.Create(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.sim.Pay(other.BankID, false); err != nil {
		t.Fatal(err)
	}
	a.BankID = other.BankID
	if a, err = banks.Ask(t.Context(), s.bank, a); !errors.Is(err, banks.ErrUnknown) || a.State != banks.StateCreateUnknown {
		t.Errorf("with the code of another order: %+v, %v", a, err)
	}
}

// TestOrderThatIsPaid is never taken for a payment that was not made.
func TestOrderThatIsPaid(t *testing.T) {
	s := newShop(t)
	s.paid()
	a, err := banks.Create(t.Context(), s.bank, begin(t, s.bank), request())
	if !errors.Is(err, banks.ErrUnknown) || errors.Is(err, banks.ErrRefused) || a.State != banks.StateCreateUnknown {
		t.Errorf("%+v, %v", a, err)
	}
	if n := len(s.sim.Held()); n != 1 {
		t.Errorf("%d codes", n)
	}
}

// TestWrongCodesAreClosed holds that a code which is shown to nobody does not stay open.
func TestWrongCodesAreClosed(t *testing.T) {
	s := newShop(t)
	s.fault(raiffeisensim.PayloadOtherSum, "Register")
	a, err := banks.Create(t.Context(), s.bank, begin(t, s.bank), request())
	if !errors.Is(err, banks.ErrAmountDiffers) || a.Payload != "" || s.sim.Payments("")[0].Status != "CANCELLED NO_INFO" {
		t.Errorf("%+v, %v, %+v", a, err, s.sim.Payments(""))
	}
	// The link of another code: what is paid by it could not be asked for.
	s = newShop(t)
	s.fault(raiffeisensim.OtherPayment, "Register")
	a, err = banks.Create(t.Context(), s.bank, begin(t, s.bank), request())
	if !errors.Is(err, banks.ErrUnknown) || a.Payload != "" || a.State != banks.StateCreateUnknown {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestPaidBetweenTwoQuestions has the money come after payment-info was asked and before the code was.
func TestPaidBetweenTwoQuestions(t *testing.T) {
	sim, _, c := open(t)
	var id string
	handler := sim.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/v2/qrs/") && id != "" {
			_ = sim.Pay(id, false)
		}
		handler.ServeHTTP(w, r)
	}))
	defer server.Close()
	s := &shop{t: t, sim: sim, bank: connect(t, server.URL, secretKey, c, time.Minute), c: c}
	a := s.create()
	id = a.BankID
	if a = s.ask(a); a.State != banks.StatePaid {
		t.Errorf("%+v", a)
	}
}

func TestCheck(t *testing.T) {
	s := newShop(t)
	for range 2 {
		if err := s.bank.Check(t.Context()); err != nil {
			t.Error(err)
		}
	}
	for _, p := range s.sim.Payments("") {
		if p.Status != "CANCELLED NO_INFO" {
			t.Errorf("it leaves %+v", p)
		}
	}
	_, url, c := open(t)
	for name, spoil := range map[string]func(banks.Settings){
		"key":      func(set banks.Settings) { set[raiffeisen.FieldSecretKey] = "another-key" },
		"merchant": func(set banks.Settings) { set[raiffeisen.FieldMerchant] = "MA0000000002" },
		"account":  func(set banks.Settings) { set[raiffeisen.FieldAccount] = "40700000000000000009" },
	} {
		set := settings(url)
		spoil(set)
		b, err := raiffeisen.Adapter().Open(set, banks.Options{Clock: c.Now})
		if err != nil {
			t.Fatal(err)
		}
		var no *banks.Refusal
		if err := b.Check(t.Context()); !errors.As(err, &no) || no.Reason != banks.ReasonSettings {
			t.Errorf("%s: %v", name, err)
		}
	}
	b := connect(t, "http://127.0.0.1:1", secretKey, c, time.Second)
	if err := b.Check(t.Context()); !errors.Is(err, banks.ErrUnknown) {
		t.Errorf("nobody there: %v", err)
	}
}
