package tbanksim

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestCancelByStatus holds what a cancel does in each status, and how it is refused.
func TestCancelByStatus(t *testing.T) {
	paid := func(c *client) string {
		id := c.shown("a")
		c.must("POST", "payments/"+id+"/pay")
		return id
	}
	for _, s := range []struct {
		name   string
		prior  func(c *client) string
		fields fieldsOf
		code   string
		status string // at once
	}{
		{"new", func(c *client) string {
			return c.call("Init", fieldsOf{"Amount": 19900, "OrderId": "a"})["PaymentId"].(string)
		}, nil, "0", "CANCELED"},
		{"shown", func(c *client) string { return c.shown("a") }, nil, "0", "CANCELED"},
		{"shown, an amount counts for nothing", func(c *client) string { return c.shown("a") }, fieldsOf{"Amount": 99999}, "0", "CANCELED"},
		{"the bank works", func(c *client) string { id := c.shown("a"); c.must("POST", "payments/"+id+"/process"); return id }, nil, "324", "AUTHORIZING"},
		{"paid, whole", paid, nil, "0", "ASYNC_REFUNDING"},
		{"paid, a part", paid, fieldsOf{"Amount": 1}, "0", "ASYNC_REFUNDING"},
		{"paid, nothing", paid, fieldsOf{"Amount": 0}, "326", "CONFIRMED"},
		{"paid, too much", paid, fieldsOf{"Amount": 19901}, "330", "CONFIRMED"},
		{"paid, half a kopeck", paid, fieldsOf{"Amount": 0.5}, "9999", "CONFIRMED"},
		{"paid, a sum in quotes", paid, fieldsOf{"Amount": "100"}, "9999", "CONFIRMED"},
		{"a refund is under way", func(c *client) string {
			id := paid(c)
			c.call("Cancel", fieldsOf{"PaymentId": id, "Amount": 1})
			return id
		}, fieldsOf{"Amount": 1}, "4", "ASYNC_REFUNDING"},
		{"all is back", func(c *client) string { id := paid(c); c.must("POST", "payments/"+id+"/refund"); return id }, nil, "8", "REFUNDED"},
		{"cancelled", func(c *client) string { id := c.shown("a"); c.call("Cancel", fieldsOf{"PaymentId": id}); return id }, nil, "8", "CANCELED"},
		{"rejected", func(c *client) string { id := c.shown("a"); c.must("POST", "payments/"+id+"/reject"); return id }, nil, "8", "REJECTED"},
		{"no such payment", func(*client) string { return "1" }, nil, "255", ""},
		{"no payment named", func(*client) string { return "" }, nil, "9999", ""},
	} {
		t.Run(s.name, func(t *testing.T) {
			c := open(t, terminal)
			id := s.prior(c)
			fields := fieldsOf{"PaymentId": id}
			for name, v := range s.fields {
				fields[name] = v
			}
			if a := c.call("Cancel", fields); a["ErrorCode"] != s.code {
				t.Errorf("%v, want %s", a, s.code)
			}
			if s.status != "" && c.status(id) != s.status {
				t.Errorf("it is %s, want %s", c.status(id), s.status)
			}
		})
	}
}

// TestFailedRefundsAreBounded holds SBP's bounds: one failed refund in an hour, five in a day.
func TestFailedRefundsAreBounded(t *testing.T) {
	c := open(t, terminal)
	id := c.shown("a")
	c.must("POST", "payments/"+id+"/pay")
	try := func() any {
		a := c.call("Cancel", fieldsOf{"PaymentId": id, "Amount": 100})
		c.advance(2 * time.Second)
		return a["ErrorCode"]
	}
	for i := range 5 {
		c.must("POST", "faults/refund-fails")
		if code := try(); code != "0" {
			t.Fatalf("refund %d: %v", i+1, code)
		}
		if a := c.call("GetQrState", fieldsOf{"PaymentId": id}); a["Status"] != "CONFIRMED" || a["QrCancelCode"] != "I05043" || a["Amount"] != float64(100) {
			t.Errorf("after refund %d: %v", i+1, a)
		}
		if i < 4 {
			if code := try(); code != "3029" {
				t.Errorf("within the hour: %v", code)
			}
			c.advance(time.Hour)
		}
	}
	if code := try(); code != "3030" {
		t.Errorf("the sixth of a day: %v", code)
	}
	c.advance(24 * time.Hour)
	if code := try(); code != "0" {
		t.Errorf("the next day: %v", code)
	}
	if a := c.call("GetQrState", fieldsOf{"PaymentId": id}); a["Status"] != "PARTIAL_REFUNDED" || a["QrCancelCode"] != nil {
		t.Errorf("in the end: %v", a)
	}
}

// TestBothMeaningsOfTheSum holds what Amount is after a partial refund, in each method that tells it.
func TestBothMeaningsOfTheSum(t *testing.T) {
	for name, want := range map[bool]float64{false: 19900, true: 15000} {
		c := open(t, terminal)
		c.bank.conf.AmountShrinks = name
		id := c.shown("a")
		c.must("POST", "payments/"+id+"/pay")
		c.must("POST", "payments/"+id+"/refund?amount=4900")
		state := c.call("GetState", fieldsOf{"PaymentId": id})
		order := c.call("CheckOrder", fieldsOf{"OrderId": "a"})["Payments"].([]any)[0].(map[string]any)
		if state["Amount"] != want || order["Amount"] != want || state["Status"] != "PARTIAL_REFUNDED" {
			t.Errorf("shrinks %v: %v and %v", name, state, order)
		}
	}
}

func TestReceipts(t *testing.T) {
	items := func(sums ...int64) map[string]any {
		var list []any
		for _, sum := range sums {
			list = append(list, map[string]any{"Name": "x", "Amount": sum})
		}
		return map[string]any{"Taxation": "osn", "Items": list}
	}
	for name, s := range map[string]struct {
		receipt any
		code    string
	}{
		"adds up":     {items(10000, 9900), "0"},
		"too little":  {items(19899), "323"},
		"no items":    {map[string]any{}, "308"},
		"not a thing": {map[string]any{"Items": []any{"x"}}, "323"},
	} {
		c := open(t, terminal)
		if a := c.call("Init", fieldsOf{"Amount": 19900, "OrderId": "a", "Receipt": s.receipt}); a["ErrorCode"] != s.code {
			t.Errorf("%s: %v", name, a)
		}
	}
}

func TestMembers(t *testing.T) {
	c := open(t, terminal)
	if a := c.call("QrMembersList", fieldsOf{"PaymentId": c.shown("a")}); len(a["Members"].([]any)) == 0 || a["OrderId"] != "a" {
		t.Errorf("%v", a)
	}
}

// TestOnlyTheBanksMethods holds that another method, verb or path is not there.
func TestOnlyTheBanksMethods(t *testing.T) {
	c := open(t, terminal)
	for path, want := range map[string]int{"/v2/Charge": 404, "/v2/init": 404, "/v1/Init": 404, "/v2/Init/": 404} {
		res, err := http.Post(c.url+path, "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
	res, err := http.Get(c.url + "/v2/Init")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %s", res.Status)
	}
}
