package raiffeisensim

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"kassa/banks/banksim"
)

func TestControls(t *testing.T) {
	c := start(t, nil)
	paid, worked, expired := c.register("order", `"a"`), c.register("order", `"b"`), c.register("order", `"c"`)
	for _, step := range []struct {
		method, path string
		code         int
		status       string
	}{
		{"POST", "payments/" + paid + "/pay", 200, "PAID SUCCESS"},
		{"POST", "payments/" + paid + "/pay", 409, ""},
		{"POST", "payments/" + paid + "/expire", 409, ""},
		{"POST", "payments/" + paid + "/process", 409, ""},
		{"POST", "payments/" + paid + "/reject", 409, ""},
		{"POST", "payments/" + paid + "/refund?amount=900", 200, "PAID SUCCESS"},
		{"POST", "payments/" + paid + "/refund?amount=-1", 409, ""},
		{"POST", "payments/" + paid + "/refund?amount=x", 400, ""},
		{"POST", "payments/" + paid + "/refund?amount=99999", 409, ""},
		{"POST", "payments/" + paid + "/refund", 200, "PAID SUCCESS"},
		{"POST", "payments/" + worked + "/process", 200, "IN_PROGRESS IN_PROGRESS"},
		{"POST", "payments/" + worked + "/reject", 200, "NEW DECLINED"},
		{"POST", "payments/" + worked + "/pay", 200, "PAID SUCCESS"},
		{"POST", "payments/" + expired + "/expire", 200, "EXPIRED NO_INFO"},
		{"POST", "payments/" + expired + "/pay", 409, ""},
		{"POST", "payments/" + expired + "/pay?late=true", 200, "PAID SUCCESS"},
		{"POST", "payments/" + expired + "/refund", 200, "PAID SUCCESS"},
		{"POST", "payments/1/pay", 404, ""},
	} {
		status, text := c.send(step.method, "/control/"+step.path, "")
		var p banksim.Payment
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if status != step.code || p.Status != step.status {
			t.Errorf("%s %s: %d %s", step.method, step.path, status, text)
		}
	}
	_, text := c.send("GET", "/control/payments?order=a", "")
	var list []banksim.Payment
	if err := json.Unmarshal([]byte(text), &list); err != nil || len(list) != 1 || list[0].ID != paid || list[0].Refunded != list[0].Amount {
		t.Errorf("%s, %v", text, err)
	}
}

func TestClock(t *testing.T) {
	c := start(t, nil)
	id := c.register()
	for path, want := range map[string]int{"?advance=-1s": 400, "?advance=soon": 400, "": 400} {
		if status, text := c.send("POST", "/control/clock"+path, ""); status != want {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	if _, text := c.send("POST", "/control/clock?advance=15m", ""); !strings.Contains(text, "2026-03-01T09:15:00Z") {
		t.Error(text)
	}
	if _, text := c.send("GET", "/control/clock", ""); !strings.Contains(text, "2026-03-01T09:15:00Z") || c.status(id) != "EXPIRED NO_INFO" {
		t.Error(text)
	}
}

// TestEveryFaultHappens meets each fault at a call that it fits, and looks for a difference from a day on which nothing
// goes wrong: an answer, an end without one, or a code or refund that stands elsewhere.
func TestEveryFaultHappens(t *testing.T) {
	for f, fit := range newFaults().Known() {
		t.Run(string(f), func(t *testing.T) {
			changed := false
			if fit == nil {
				fit = []string{callPaymentInfo}
			}
			for _, call := range fit {
				changed = changed || call != callNotice && day(t, call, f) != day(t, call, "")
			}
			// A late answer is the same answer; faults of notifications have tests of their own.
			if !changed && f != banksim.Slow && fit[0] != callNotice {
				t.Error("nothing was different")
			}
		})
	}
}

// day is what comes of one call on a day with a fault: the answer, and where the code and the money stand a minute later.
func day(t *testing.T, call string, f banksim.Fault) string {
	c := start(t, nil)
	id := c.register()
	if call == callRefund || call == callRefundInfo {
		if err := c.bank.Pay(id, false); err != nil {
			t.Fatal(err)
		}
	}
	const refund = `{"amount":49,"order":"till7-0001-a1","refundId":"r1"}`
	if call == callRefundInfo {
		c.send("POST", "/api/sbp/v1/refund", refund)
	}
	if f != "" {
		c.arm(banksim.Plan{Name: f, Times: 1, Method: call, Delay: time.Millisecond})
	}
	request := map[string][3]string{
		callRegister:    {"POST", "/api/sbp/v1/qr/register", order("order", `"b"`)},
		callQR:          {"GET", "/api/sbp/v2/qrs/" + id},
		callPaymentInfo: {"GET", "/api/sbp/v1/qr/" + id + "/payment-info"},
		callDelete:      {"DELETE", "/api/sbp/v2/qrs/" + id},
		callRefund:      {"POST", "/api/sbp/v1/refund", refund},
		callRefundInfo:  {"GET", "/api/sbp/v1/refund/r1"},
	}[call]
	status, text := c.send(request[0], request[1], request[2])
	c.bank.Advance(time.Minute)
	story := fmt.Sprint(status, text, c.status(id), c.bank.Held())
	return strings.ReplaceAll(story, c.url, "")
}

func TestRefuseWithACode(t *testing.T) {
	c := start(t, nil)
	c.arm(banksim.Plan{Name: Refuse, Times: 1, Method: callRegister, Code: "ERROR.QUANTUM"})
	if a := c.call("POST", "/api/sbp/v1/qr/register", order()); a["code"] != "ERROR.QUANTUM" || len(c.bank.Held()) != 0 {
		t.Errorf("%v", a)
	}
}

// TestSim opens the bank as a program does that knows none.
func TestSim(t *testing.T) {
	s := Sim()
	b, err := s.Open(banksim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if b.Handler == nil || b.Run == nil || b.Held == nil || len(b.Settings) != 2 {
		t.Errorf("%+v", b)
	}
	for _, values := range []map[string]string{{flagKey: ""}, {flagKey: "short"}, {flagMerchant: "too long a merchant"}, {flagAccount: "1"}} {
		if _, err := s.Open(banksim.Options{Values: values}); err == nil {
			t.Errorf("%v was taken", values)
		}
	}
	b, err = s.Open(banksim.Options{Values: map[string]string{flagAccount: account, flagCallback: "http://127.0.0.1:1/"}})
	if err != nil || len(b.Settings) != 3 {
		t.Errorf("%v, %v", b, err)
	}
}
