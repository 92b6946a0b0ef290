package tbank

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kassa/banks"
	"kassa/register"
)

// TestWhatBecameOfARefund holds that an outcome is told only where it can be: for each status, with a sum that stays and
// with one that is the rest, for a refund that the bank has taken and for one whose answer was lost.
func TestWhatBecameOfARefund(t *testing.T) {
	ours := banks.Refund{ID: "r", Amount: 30}
	taken := banks.Refund{ID: "r", Amount: 30, Taken: true}
	second := banks.Refund{ID: "r", Amount: 30, Base: 20}
	secondTaken := banks.Refund{ID: "r", Amount: 30, Base: 20, Taken: true}
	rest := banks.Refund{ID: "r", Amount: 80, Base: 20}
	fine, failed := `,"Amount":30`, `,"Amount":30,"QrCancelCode":"I05043"`
	for _, c := range []struct {
		name   string
		refund banks.Refund
		status string
		sum    int64
		last   string // of GetQrState; empty: it does not answer
		want   banks.Outcome
		total  register.Money
	}{
		{"no trace", ours, "CONFIRMED", 100, fine, banks.RefundNone, 0},
		{"no trace, another one failed", ours, "CONFIRMED", 100, failed, banks.RefundNone, 0},
		{"taken and failed", taken, "CONFIRMED", 100, failed, banks.RefundFailed, 0},
		{"taken and gone without a word", taken, "CONFIRMED", 100, fine, "", 0},
		{"taken, nobody says more", taken, "CONFIRMED", 100, "", "", 0},
		{"taken and under way", taken, "ASYNC_REFUNDING", 100, "", banks.RefundPending, 0},
		{"taken and under way, by its other name", taken, "REFUNDING", 70, "", banks.RefundPending, 0},
		{"something is under way", ours, "ASYNC_REFUNDING", 100, "", "", 0},
		{"all is back", ours, "REFUNDED", 0, "", banks.RefundDone, 100},
		{"all is back, the sum stays", rest, "REFUNDED", 100, "", banks.RefundDone, 100},

		{"taken and done", taken, "PARTIAL_REFUNDED", 100, fine, banks.RefundDone, 0},
		{"taken and done, by the rest", taken, "PARTIAL_REFUNDED", 70, "", banks.RefundDone, 30},
		{"done, by the rest", ours, "PARTIAL_REFUNDED", 70, "", banks.RefundDone, 30},
		{"done, by the only refund's sum", ours, "PARTIAL_REFUNDED", 100, fine, banks.RefundDone, 0},
		{"a refund of another sum", ours, "PARTIAL_REFUNDED", 100, `,"Amount":31`, "", 0},
		{"a part is back, nobody says more", ours, "PARTIAL_REFUNDED", 100, "", "", 0},
		{"taken, a part is back, one failed", taken, "PARTIAL_REFUNDED", 100, failed, "", 0},

		{"the second: not there by the rest", second, "PARTIAL_REFUNDED", 80, fine, banks.RefundNone, 20},
		{"the second: done by the rest", second, "PARTIAL_REFUNDED", 50, fine, banks.RefundDone, 50},
		{"the second: the sum stays", second, "PARTIAL_REFUNDED", 100, fine, "", 0},
		{"the second: taken and done, the sum stays", secondTaken, "PARTIAL_REFUNDED", 100, fine, banks.RefundDone, 0},
		{"the second: taken and failed by the rest", secondTaken, "PARTIAL_REFUNDED", 80, failed, banks.RefundFailed, 20},
		{"the rest: only a part is back", rest, "PARTIAL_REFUNDED", 100, "", banks.RefundNone, 0},
		{"the second: back at paid with what the first left", secondTaken, "CONFIRMED", 80, failed, banks.RefundFailed, 0},

		{"nobody paid", ours, "NEW", 100, "", "", 0},
		{"a sum larger than ours", ours, "PARTIAL_REFUNDED", 101, "", "", 0},
		{"a rest larger than was left", second, "PARTIAL_REFUNDED", 90, "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := scripted(t, map[string]string{
				"GetState":   fmt.Sprintf(`{"Success":true,"ErrorCode":"0","PaymentId":"5","OrderId":"a","Status":%q,"Amount":%d}`, c.status, c.sum),
				"GetQrState": `{"Success":true,"ErrorCode":"0","OrderId":"a"` + c.last + `}`,
			}, c.last != "")
			ref := banks.Ref{ID: "a", BankID: "5", Amount: 100, Refunded: c.refund.Base, Refund: c.refund}
			ans, err := b.State(t.Context(), ref)
			if err != nil || ans.Refund != c.want || ans.Refunded != c.total {
				t.Errorf("%q, %v back, %v; want %q, %v", ans.Refund, ans.Refunded, err, c.want, c.total)
			}
			if ans.State == banks.StatePaid && ans.Amount != 0 && ans.Amount != 100 {
				t.Errorf("it would be an alarm: %v", ans.Amount)
			}
		})
	}
}

// TestAnswersToARefund reads Cancel's answers, whose sums are documented.
func TestAnswersToARefund(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       banks.Answer
		err        error
	}{
		{"taken", `"Success":true,"ErrorCode":"0","PaymentId":5,"Status":"ASYNC_REFUNDING","OriginalAmount":100,"NewAmount":70`,
			banks.Answer{State: banks.StateRefundPending, Refund: banks.RefundPending}, nil},
		{"taken, another went before", `"Success":true,"ErrorCode":"0","PaymentId":"5","Status":"REFUNDING","OriginalAmount":80,"NewAmount":50`,
			banks.Answer{State: banks.StateRefundPending, Refund: banks.RefundPending, Refunded: 20}, nil},
		{"taken, sums that do not fit", `"Success":true,"ErrorCode":"0","PaymentId":"5","Status":"REFUNDING","OriginalAmount":80,"NewAmount":80`,
			banks.Answer{State: banks.StateRefundPending, Refund: banks.RefundPending}, nil},
		{"done", `"Success":true,"ErrorCode":"0","PaymentId":"5","Status":"PARTIAL_REFUNDED","OriginalAmount":80,"NewAmount":50`,
			banks.Answer{State: banks.StatePartlyRefunded, Refund: banks.RefundDone, Refunded: 50}, nil},
		{"done, no sums", `"Success":true,"ErrorCode":"0","PaymentId":"5","Status":"REFUNDED"`,
			banks.Answer{State: banks.StateRefunded, Refund: banks.RefundDone}, nil},
		{"another payment", `"Success":true,"ErrorCode":"0","PaymentId":"6","Status":"REFUNDED"`, banks.Answer{}, banks.ErrUnknown},
		{"another order", `"Success":true,"ErrorCode":"0","PaymentId":"5","OrderId":"b","Status":"REFUNDED"`, banks.Answer{}, banks.ErrUnknown},
		{"no status", `"Success":true,"ErrorCode":"0","PaymentId":"5"`, banks.Answer{}, banks.ErrUnknown},
		{"too much", `"Success":false,"ErrorCode":"330"`, banks.Answer{}, banks.ErrRefused},
		{"seen before", `"Success":false,"ErrorCode":"3037"`, banks.Answer{}, banks.ErrUnknown},
		{"a code of no list", `"Success":false,"ErrorCode":"70707"`, banks.Answer{}, banks.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := scripted(t, map[string]string{"Cancel": "{" + c.body + "}"}, true)
			ans, err := b.Cancel(t.Context(), banks.Ref{ID: "a", BankID: "5", Amount: 100, Refund: banks.Refund{ID: "r", Amount: 30}})
			ans.BankID, ans.Words = "", ""
			if ans != c.want || !errors.Is(err, c.err) || c.err == banks.ErrUnknown && errors.Is(err, banks.ErrRefused) {
				t.Errorf("%+v, %v; want %+v, %v", ans, err, c.want, c.err)
			}
		})
	}
}

// scripted is an adapter of a bank that gives each method's answer from a list; of GetQrState only where it is told to.
func scripted(t *testing.T, answers map[string]string, qrState bool) *Bank {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := strings.TrimPrefix(r.URL.Path, "/")
		if method == "GetQrState" && !qrState {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, answers[method])
	}))
	t.Cleanup(server.Close)
	b, err := New(Config{BaseURL: server.URL, Terminal: testTerminal, Password: "p", Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return b
}
