package tbanksim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"kassa/banks/tbank"
)

func TestControls(t *testing.T) {
	c := open(t, terminal)
	paid, worked, rejected, expired, created := c.shown("a"), c.shown("b"), c.shown("c"), c.shown("d"), c.call("Init", fieldsOf{"Amount": 1000, "OrderId": "e"})["PaymentId"].(string)
	for _, step := range []struct {
		method, path string
		code         int
		status       string
	}{
		{"POST", "payments/" + paid + "/pay", 200, "CONFIRMED"},
		{"POST", "payments/" + paid + "/pay", 409, ""},
		{"POST", "payments/" + paid + "/expire", 409, ""},
		{"GET", "payments/" + paid, 200, "CONFIRMED"},
		{"POST", "payments/" + paid + "/refund?amount=900", 200, "PARTIAL_REFUNDED"},
		{"POST", "payments/" + paid + "/refund?amount=-1", 409, ""},
		{"POST", "payments/" + paid + "/refund?amount=x", 400, ""},
		{"POST", "payments/" + paid + "/refund?amount=99999", 409, ""},
		{"POST", "payments/" + paid + "/refund", 200, "REFUNDED"},
		{"POST", "payments/" + worked + "/process", 200, "AUTHORIZING"},
		{"POST", "payments/" + worked + "/pay", 200, "CONFIRMED"},
		{"POST", "payments/" + rejected + "/reject", 200, "REJECTED"},
		{"POST", "payments/" + rejected + "/pay", 409, ""},
		{"POST", "payments/" + expired + "/expire", 200, "DEADLINE_EXPIRED"},
		{"POST", "payments/" + expired + "/pay", 409, ""},
		{"POST", "payments/" + expired + "/pay?late=true", 200, "CONFIRMED"},
		{"POST", "payments/" + created + "/pay", 409, ""},
		{"POST", "payments/1/pay", 404, ""},
		{"GET", "payments/1", 404, ""},
	} {
		code, text := c.control(step.method, step.path, "")
		var p Payment
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if code != step.code || p.Status != step.status {
			t.Errorf("%s %s: %d %s", step.method, step.path, code, text)
		}
	}
	var list []Payment
	if err := json.Unmarshal([]byte(c.must("GET", "payments?order=a")), &list); err != nil || len(list) != 1 || list[0].ID != paid || list[0].Payload == "" {
		t.Errorf("%+v, %v", list, err)
	}
	if err := json.Unmarshal([]byte(c.must("GET", "payments")), &list); err != nil || len(list) != 5 {
		t.Errorf("%d payments, %v", len(list), err)
	}
	if text := c.must("GET", "payments?order=nobody"); text != "[]\n" {
		t.Errorf("no payments are %q", text)
	}
}

func TestFaultsAreArmed(t *testing.T) {
	c := open(t, terminal)
	for _, step := range []struct {
		path, body string
		code       int
	}{
		{"faults/http-500", "", 200},
		{"faults/http-503?times=2&method=Cancel", "", 200},
		{"faults/slow?times=0&delay=1ms", "", 200},
		{"faults", `{"name":"refuse","times":3,"code":"3016"}`, 200},
		{"faults/earthquake", "", 404},
		{"faults/payload-bare?method=Cancel", "", 400},
		{"faults/http-500?method=Charge", "", 400},
		{"faults/http-500?method=Notification", "", 400},
		{"faults/notice-twice?method=Init", "", 400},
		{"faults/http-500?times=-1", "", 400},
		{"faults/http-500?times=many", "", 400},
		{"faults/slow?delay=soon", "", 400},
		{"faults/slow?delay=-1s", "", 400},
		{"faults", `{"nome":"refuse"}`, 400},
		{"faults", `nonsense`, 400},
	} {
		if code, text := c.control("POST", step.path, step.body); code != step.code {
			t.Errorf("%s: %d %s", step.path, code, text)
		}
	}
	want := []FaultPlan{
		{Name: HTTP500, Times: 1, Delay: 3 * time.Second},
		{Name: HTTP503, Times: 2, Method: "Cancel", Delay: 3 * time.Second},
		{Name: Slow, Delay: time.Millisecond},
		{Name: Refuse, Times: 3, Code: "3016", Delay: 3 * time.Second},
	}
	got := c.bank.faults.Waiting()
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
	c.must("DELETE", "faults")
	if left := c.bank.faults.Waiting(); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}

// TestFaultsRunOut meets faults in the order in which they were armed, each as often as it was to happen.
func TestFaultsRunOut(t *testing.T) {
	c := open(t, terminal)
	c.must("POST", "faults/refuse?times=2&code=3016")
	c.must("POST", "faults/not-found?method=CheckOrder")
	c.must("POST", "faults/error-code-number?times=0")
	order := fieldsOf{"OrderId": c.bank.open("a", 1000, c.now, c.now.Add(time.Hour)).order}
	for i, want := range []any{"3016", "3016", "335", float64(0), float64(0)} {
		if a := c.call("CheckOrder", order); a["ErrorCode"] != want {
			t.Errorf("call %d: %v, want %v", i+1, a, want)
		}
	}
}

// TestEveryFaultHappens meets each fault at a method that it fits, and looks for a difference from a day on which
// nothing goes wrong: an answer, an end without one, or a payment that stands elsewhere.
func TestEveryFaultHappens(t *testing.T) {
	for f, only := range newFaults().Known() {
		if slices.Contains(only, notification) {
			continue // see TestFaultsOfNotifications
		}
		t.Run(string(f), func(t *testing.T) {
			paid := f == RefundFails || f == RefundNoBalance
			changed := false
			for _, method := range only {
				changed = changed || !slices.Contains([]string{"Init", "SbpPayTest", "QrMembersList"}, method) && day(t, method, f, paid) != day(t, method, "", paid)
			}
			// A late answer is the same answer.
			if !changed && f != Slow {
				t.Error("nothing was different")
			}
		})
	}
}

// day is what comes of one call about a payment on a day with a fault: the answer, and where the payment stands two
// seconds later.
func day(t *testing.T, method string, f Fault, paid bool) string {
	c := open(t, terminal)
	c.bank.conf.Hang = time.Millisecond
	id := c.shown("a")
	if paid {
		if err := c.bank.Pay(id, false); err != nil {
			t.Fatal(err)
		}
	}
	if f != "" {
		if err := c.bank.Break(FaultPlan{Name: f, Times: 1, Method: method, Delay: time.Millisecond}); err != nil {
			t.Fatal(err)
		}
	}
	about := map[string]any{"TerminalKey": terminal, "PaymentId": id}
	if method == "CheckOrder" {
		about = map[string]any{"TerminalKey": terminal, "OrderId": "a"}
	}
	story := c.tell(method, about)
	c.advance(2 * time.Second)
	return story + c.status(id)
}

// tell sends a signed request and tells what came back, an end without an answer included.
func (c *client) tell(method string, root map[string]any) string {
	c.t.Helper()
	root["Token"] = tbank.Token(root, password)
	body, err := json.Marshal(root)
	if err != nil {
		c.t.Fatal(err)
	}
	noRedirects := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := noRedirects.Post(c.url+"/v2/"+method, "application/json", bytes.NewReader(body))
	if err != nil {
		return "no answer"
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	return fmt.Sprint(res.StatusCode, string(answer), err)
}
