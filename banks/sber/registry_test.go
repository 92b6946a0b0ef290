package sber_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/banktest"
	"kassa/banks/sber/sbersim"
	"kassa/register"
)

// order makes an order of the practice bank and pays it.
func order(t *testing.T, w world, number string, amount register.Money) string {
	t.Helper()
	ans, err := w.bank.Create(t.Context(), banks.Request{ID: number, Amount: amount, Expires: w.clock.Now().Add(10 * time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.sim.Pay(ans.BankID, false); err != nil {
		t.Fatal(err)
	}
	return ans.BankID
}

func TestRegistry(t *testing.T) {
	for name, shows := range map[string]bool{"stays PAID": false, "becomes REFUNDED": true} {
		t.Run(name, func(t *testing.T) {
			w := open(t, func(c *sbersim.Config) { c.ShowRefunded = shows })
			start := w.clock.Now()
			old, older := order(t, w, "old", 100_00), order(t, w, "older", 200_00)
			w.clock.Advance(10 * 24 * time.Hour)
			from := w.clock.Now()
			today := order(t, w, "today", 300_00)
			if _, err := w.bank.Create(t.Context(), banks.Request{ID: "unpaid", Amount: 1, Expires: from.Add(10 * time.Minute)}); err != nil {
				t.Fatal(err)
			}
			w.clock.Advance(time.Hour)
			if err := errors.Join(w.sim.Refund(old, 30_00), w.sim.Refund(today, 0)); err != nil {
				t.Fatal(err)
			}
			w.clock.Advance(23 * time.Hour)
			to := w.clock.Now()
			order(t, w, "tomorrow", 400_00)

			got, err := w.bank.Registry(t.Context(), from, to)
			want := []banks.Entry{
				{ID: "old", BankID: old, Amount: 100_00, Refunded: 30_00, Paid: start},
				{ID: "today", BankID: today, Amount: 300_00, Refunded: 300_00, Paid: from},
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%+v, %v; want %+v", got, err, want)
			}
			first, err := w.bank.Registry(t.Context(), start, start.Add(time.Hour))
			if err != nil || len(first) != 2 || first[0].Refunded+first[1].Refunded != 30_00 || first[0].ID+first[1].ID != "oldolder" && first[0].ID+first[1].ID != "olderold" {
				t.Errorf("%+v, %v (%s)", first, err, older)
			}
			if none, err := w.bank.Registry(t.Context(), to.Add(time.Hour), to.Add(2*time.Hour)); err != nil || none == nil || len(none) != 0 {
				t.Errorf("%+v, %v", none, err)
			}
		})
	}
}

// TestRegistryIsLong reads more orders than the bank puts into one answer.
func TestRegistryIsLong(t *testing.T) {
	w := open(t)
	const orders = 1100
	from := w.clock.Now()
	for i := range orders {
		order(t, w, fmt.Sprint("n", i), 1_00)
		w.clock.Advance(time.Second)
	}
	got, err := w.bank.Registry(t.Context(), from, w.clock.Now())
	if err != nil || len(got) != orders || got[0].ID != "n0" || got[orders-1].ID != fmt.Sprint("n", orders-1) {
		t.Errorf("%d orders, %v", len(got), err)
	}
}

func TestRegistryTroubles(t *testing.T) {
	w := open(t)
	order(t, w, "a", 100)
	for _, f := range []banksim.Fault{banksim.HTTP503, banksim.Nonsense, banksim.Truncated, sbersim.OtherRequest, sbersim.ErrorCodeMissing} {
		if err := w.sim.Break(banksim.Plan{Name: f, Method: "registry"}); err != nil {
			t.Fatal(err)
		}
		if got, err := w.bank.Registry(t.Context(), w.clock.Now(), w.clock.Now().Add(time.Hour)); !errors.Is(err, banks.ErrUnknown) || got != nil {
			t.Errorf("%s: %+v, %v", f, got, err)
		}
		w.sim.Mend()
	}
	if err := w.sim.Break(banksim.Plan{Name: sbersim.Refuse, Method: "registry", Code: "040000"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.bank.Registry(t.Context(), w.clock.Now(), w.clock.Now().Add(time.Hour)); !errors.Is(err, banks.ErrRefused) {
		t.Error(err)
	}
}

// TestRegistryOfSBP reads SBP's own types of operations, which say that a payment was made; for what they leave open the
// order is asked for.
func TestRegistryOfSBP(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		uid := r.Header.Get("RqUID")
		switch {
		case strings.HasSuffix(r.URL.Path, "/oauth"):
			_, _ = io.WriteString(w, `{"access_token":"t","expires_in":60}`)
		case strings.HasSuffix(r.URL.Path, "/registry"):
			one := func(id, kind, state string) string {
				return `{"orderId":"` + id + `","partnerOrderNumber":"n-` + id + `","amount":"48001","currency":"643","orderState":"` + state + `","orderOperationParams":
					{"orderOperationParam":[{"operationType":"SBP_PAY_ACKNOWL","operationDateTime":"2026-03-01T12:00:00Z"},{"operationType":"` + kind + `","operationDateTime":"2026-03-01T12:30:00Z"}]}}`
			}
			_, _ = io.WriteString(w, `{"rqUid":"`+uid+`","errorCode":"000000","registryData":{"orderParams":{"orderParam":[`+one("a", "SBP_ACK_ONUS", "PAID")+`,`+
				one("b", "SBP_REFUND_IN_RQ", "PAID")+`,`+one("c", "SBP_ACK_ONUS", "REFUNDED")+`]}}}`)
		default:
			asked++
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			id := "b"
			if strings.Contains(string(body), `"n-c"`) {
				id = "c"
			}
			_, _ = io.WriteString(w, `{"rq_uid":"`+uid+`","error_code":"000000","order_id":"`+id+`","order_state":"PAID","order_operation_params":[
				{"operation_id":"1","operation_type":"PAY","operation_sum":48001,"operation_currency":"643","response_code":"00"},
				{"operation_id":"2","operation_type":"REFUND","operation_sum":1,"operation_currency":"643","response_code":"00"}]}`)
		}
	}))
	defer server.Close()
	b := connect(t, config(server.URL, banktest.NewClock()))
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	got, err := b.Registry(t.Context(), at, at.Add(time.Hour))
	want := []banks.Entry{
		{ID: "n-a", BankID: "a", Amount: 48001, Paid: at}, {ID: "n-b", BankID: "b", Amount: 48001, Refunded: 1, Paid: at},
		{ID: "n-c", BankID: "c", Amount: 48001, Refunded: 1, Paid: at},
	}
	if err != nil || !slices.Equal(got, want) || asked != 2 {
		t.Errorf("%+v, %v; asked %d times", got, err, asked)
	}
}
