package tbanksim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kassa/banks/nspk"
	"kassa/banks/tbank"
)

const (
	terminal = "1700000000001DEMO"
	password = "sim-Pa55"
)

// client speaks to a practice bank with raw messages, so that they can be wrong in any way.
type client struct {
	t    *testing.T
	bank *Bank
	url  string
	now  time.Time
}

func open(t *testing.T, terminal string) *client {
	t.Helper()
	c := &client{t: t, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	bank, err := New(Config{Terminal: terminal, Password: password, Notify: "http://127.0.0.1:1/", Clock: func() time.Time { return c.now }})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(bank.Handler())
	t.Cleanup(server.Close)
	c.bank, c.url = bank, server.URL
	return c
}

// advance moves the clock. The bank reads it under its lock.
func (c *client) advance(d time.Duration) {
	c.bank.mu.Lock()
	defer c.bank.mu.Unlock()
	c.now = c.now.Add(d)
}

type fieldsOf map[string]any

// call signs the fields and sends them. The answer is what the bank said.
func (c *client) call(method string, f fieldsOf) map[string]any {
	c.t.Helper()
	root := map[string]any{"TerminalKey": c.bank.conf.Terminal}
	for name, v := range f {
		root[name] = v
	}
	if _, given := f["Token"]; !given {
		root["Token"] = tbank.Token(asSent(c.t, root), password)
	}
	for name, v := range f {
		if v == nil {
			delete(root, name)
		}
	}
	body, err := json.Marshal(root)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.raw(method, body)
}

// asSent gives the fields as the other side reads them.
func asSent(t *testing.T, root map[string]any) map[string]any {
	t.Helper()
	body, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	var read map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&read); err != nil {
		t.Fatal(err)
	}
	return read
}

func (c *client) raw(method string, body []byte) map[string]any {
	c.t.Helper()
	res, err := http.Post(c.url+"/v2/"+method, "application/json", bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	var a map[string]any
	if err := json.NewDecoder(res.Body).Decode(&a); err != nil || res.StatusCode != http.StatusOK {
		c.t.Fatalf("%s: %s, %v", method, res.Status, err)
	}
	return a
}

// control sends a command to the bank's controls.
func (c *client) control(method, path, body string) (int, string) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.url+"/control/"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(res.Body); err != nil {
		c.t.Fatal(err)
	}
	return res.StatusCode, text.String()
}

// shown opens a payment, fetches its code and gives the bank's id.
func (c *client) shown(order string) string {
	c.t.Helper()
	a := c.call("Init", fieldsOf{"Amount": 19900, "OrderId": order})
	id, _ := a["PaymentId"].(string)
	if a["Status"] != "NEW" || id == "" {
		c.t.Fatal(a)
	}
	if a := c.call("GetQr", fieldsOf{"PaymentId": id}); a["Success"] != true {
		c.t.Fatal(a)
	}
	return id
}

func (c *client) status(id string) string {
	c.t.Helper()
	s, _ := c.call("GetState", fieldsOf{"PaymentId": id})["Status"].(string)
	return s
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, method string
		fields       fieldsOf
		code         string
	}{
		{"good", "Init", fieldsOf{"Amount": 19900, "OrderId": "a"}, "0"},
		{"everything", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "Description": "Чай", "PayType": "O", "RedirectDueDate": "2026-03-01T12:15:00+03:00", "Language": "ru", "DATA": map[string]any{"k": "v"}}, "0"},
		{"no token", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "Token": nil}, "9999"},
		{"empty token", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "Token": ""}, "9999"},
		{"wrong token", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "Token": strings.Repeat("0", 64)}, "204"},
		{"another terminal", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "TerminalKey": "1"}, "205"},
		{"no terminal", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "TerminalKey": nil}, "9999"},
		{"a field of no document", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "Sum": 1}, "9999"},
		{"no amount", "Init", fieldsOf{"OrderId": "a"}, "9999"},
		{"amount as a string", "Init", fieldsOf{"Amount": "19900", "OrderId": "a"}, "9999"},
		{"amount in roubles", "Init", fieldsOf{"Amount": 199.5, "OrderId": "a"}, "9999"},
		{"amount below zero", "Init", fieldsOf{"Amount": -1, "OrderId": "a"}, "9999"},
		{"amount of nothing", "Init", fieldsOf{"Amount": 0, "OrderId": "a"}, "251"},
		{"amount of eleven digits", "Init", fieldsOf{"Amount": 10000000000, "OrderId": "a"}, "9999"},
		{"no order", "Init", fieldsOf{"Amount": 19900}, "9999"},
		{"order as a number", "Init", fieldsOf{"Amount": 19900, "OrderId": 1}, "9999"},
		{"order of 36", "Init", fieldsOf{"Amount": 19900, "OrderId": strings.Repeat("a", 36)}, "0"},
		{"order of 37", "Init", fieldsOf{"Amount": 19900, "OrderId": strings.Repeat("a", 37)}, "9999"},
		{"order in Russian", "Init", fieldsOf{"Amount": 19900, "OrderId": "чай"}, "9999"},
		{"description of 140", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "Description": strings.Repeat("я", 140)}, "0"},
		{"description of 141", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "Description": strings.Repeat("я", 141)}, "9999"},
		{"two stages", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "PayType": "T"}, "9999"},
		{"one minute", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "RedirectDueDate": "2026-03-01T12:01:00+03:00"}, "0"},
		{"less than a minute", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "RedirectDueDate": "2026-03-01T12:00:59+03:00"}, "3017"},
		{"more than 90 days", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "RedirectDueDate": "2026-05-30T12:00:01+03:00"}, "3017"},
		{"a date without a zone", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "RedirectDueDate": "2026-03-01T12:15:00"}, "12"},
		{"a date in UTC", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "RedirectDueDate": "2026-03-01T09:15:00Z"}, "12"},
		{"DATA with a number", "Init", fieldsOf{"Amount": 19900, "OrderId": "a", "DATA": map[string]any{"k": 1}}, "9999"},
		{"code of an unknown payment", "GetQr", fieldsOf{"PaymentId": "1"}, "255"},
		{"code of no payment", "GetQr", fieldsOf{}, "9999"},
		{"code of letters", "GetQr", fieldsOf{"PaymentId": "abc"}, "9999"},
		{"state of an unknown payment", "GetState", fieldsOf{"PaymentId": "1"}, "255"},
		{"unknown order", "CheckOrder", fieldsOf{"OrderId": "b"}, "335"},
		{"cancel of an unknown payment", "Cancel", fieldsOf{"PaymentId": "1"}, "255"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cl := open(t, terminal)
			a := cl.call(c.method, c.fields)
			if a["ErrorCode"] != c.code || a["Success"] != (c.code == "0") {
				t.Errorf("%v, want %s", a, c.code)
			}
			if made := len(cl.bank.Payments("")); (made == 1) != (c.code == "0") {
				t.Errorf("%d payments were made", made)
			}
		})
	}
}

func TestBodiesThatAreNoRequests(t *testing.T) {
	c := open(t, terminal)
	for _, body := range []string{"", "null", "[]", "{", `{"a":1}{}`, "\xff", `"x"`} {
		if a := c.raw("Init", []byte(body)); a["ErrorCode"] != "9999" {
			t.Errorf("%q: %v", body, a)
		}
	}
	res, err := http.Post(c.url+"/v2/Charge", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusNotFound {
		t.Errorf("a method that it does not have: %s", res.Status)
	}
}

func TestSumsOfSBP(t *testing.T) {
	for amount, code := range map[int]string{999: "3016", 1000: "0", 100_000_000: "0", 100_000_001: "3016"} {
		c := open(t, terminal)
		id := c.call("Init", fieldsOf{"Amount": amount, "OrderId": "a"})["PaymentId"]
		if a := c.call("GetQr", fieldsOf{"PaymentId": id}); a["ErrorCode"] != code {
			t.Errorf("%d: %v, want %s", amount, a, code)
		}
	}
}

// TestTypes checks the types of the fields in which the document differs from method to method.
func TestTypes(t *testing.T) {
	c := open(t, terminal)
	a := c.call("Init", fieldsOf{"Amount": 19900, "OrderId": "a"})
	id, ok := a["PaymentId"].(string)
	if !ok || a["Amount"] != float64(19900) || a["ErrorCode"] != "0" || a["TerminalKey"] != terminal {
		t.Errorf("Init: %v", a)
	}
	a = c.call("GetQr", fieldsOf{"PaymentId": json.Number(id)})
	if fmt.Sprintf("%.0f", a["PaymentId"]) != id {
		t.Errorf("GetQr: %v", a)
	}
	link, err := nspk.Parse(a["Data"].(string))
	if err != nil || link.Sum != 19900 || link.CRC != nspk.CRCRight || link.Type != nspk.TypeDynamic || len(link.ID) != 32 {
		t.Errorf("the code says %+v, %v", link, err)
	}
	if again := c.call("GetQr", fieldsOf{"PaymentId": id}); again["Data"] != a["Data"] {
		t.Errorf("the code was %v, now it is %v", a["Data"], again["Data"])
	}
	one := c.call("CheckOrder", fieldsOf{"OrderId": "a"})["Payments"].([]any)[0].(map[string]any)
	if one["Success"] != "true" || one["ErrorCode"] != float64(0) || one["PaymentId"] != id || one["Status"] != "FORM_SHOWED" {
		t.Errorf("CheckOrder: %v", one)
	}
}

func TestStory(t *testing.T) {
	c := open(t, terminal)
	id := c.shown("a")
	if a := c.call("Init", fieldsOf{"Amount": 100, "OrderId": "a"}); a["ErrorCode"] != "8" {
		t.Errorf("the same order again: %v", a)
	}
	if err := c.bank.Pay(id, false); err != nil {
		t.Fatal(err)
	}
	a := c.call("Cancel", fieldsOf{"PaymentId": id, "Amount": 4900})
	if a["Status"] != "ASYNC_REFUNDING" || a["OriginalAmount"] != float64(19900) || a["NewAmount"] != float64(15000) {
		t.Errorf("part: %v", a)
	}
	if a := c.call("Cancel", fieldsOf{"PaymentId": id}); a["ErrorCode"] != "4" {
		t.Errorf("a second refund beside the first: %v", a)
	}
	c.advance(2 * time.Second)
	if s := c.status(id); s != "PARTIAL_REFUNDED" {
		t.Errorf("after a part it is %s", s)
	}
	if a := c.call("Cancel", fieldsOf{"PaymentId": id, "Amount": 15001}); a["ErrorCode"] != "330" {
		t.Errorf("more than is left: %v", a)
	}
	if a := c.call("Cancel", fieldsOf{"PaymentId": id}); a["NewAmount"] != float64(0) {
		t.Errorf("the rest: %v", a)
	}
	c.advance(2 * time.Second)
	if s := c.status(id); s != "REFUNDED" {
		t.Errorf("after the rest it is %s", s)
	}
	if a := c.call("Cancel", fieldsOf{"PaymentId": id}); a["ErrorCode"] != "8" {
		t.Errorf("once more: %v", a)
	}
}

func TestExpiry(t *testing.T) {
	c := open(t, terminal)
	id := c.shown("a")
	c.advance(24*time.Hour - time.Second)
	if s := c.status(id); s != "FORM_SHOWED" {
		t.Errorf("a second before its end it is %s", s)
	}
	c.advance(time.Second)
	if s := c.status(id); s != "DEADLINE_EXPIRED" {
		t.Errorf("at its end it is %s", s)
	}
	if a := c.call("Cancel", fieldsOf{"PaymentId": id}); a["ErrorCode"] != "8" {
		t.Errorf("cancelled all the same: %v", a)
	}
}

func TestFailedRefund(t *testing.T) {
	c := open(t, terminal)
	id := c.shown("a")
	if err := c.bank.Pay(id, false); err != nil {
		t.Fatal(err)
	}
	c.must("POST", "faults/refund-fails")
	if a := c.call("Cancel", fieldsOf{"PaymentId": id}); a["Status"] != "ASYNC_REFUNDING" {
		t.Fatal(a)
	}
	c.advance(2 * time.Second)
	a := c.call("GetQrState", fieldsOf{"PaymentId": id})
	if a["Status"] != "CONFIRMED" || a["QrCancelCode"] != "I05043" {
		t.Errorf("%v", a)
	}
	if a := c.call("Cancel", fieldsOf{"PaymentId": id}); a["ErrorCode"] != "3029" {
		t.Errorf("a second try within an hour: %v", a)
	}
	c.advance(time.Hour)
	if a := c.call("Cancel", fieldsOf{"PaymentId": id}); a["Success"] != true {
		t.Errorf("a try after an hour: %v", a)
	}
}

func TestSbpPayTest(t *testing.T) {
	for _, c := range []struct {
		name   string
		fields fieldsOf
		status string
		code   string
	}{
		{"pay", fieldsOf{}, "CONFIRMED", "0"},
		{"expire", fieldsOf{"IsDeadlineExpired": true, "IsRejected": false}, "DEADLINE_EXPIRED", "0"},
		{"reject", fieldsOf{"IsRejected": true}, "REJECTED", "0"},
		{"both", fieldsOf{"IsDeadlineExpired": true, "IsRejected": true}, "FORM_SHOWED", "9999"},
		{"not a flag", fieldsOf{"IsRejected": "true"}, "FORM_SHOWED", "9999"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cl := open(t, terminal)
			id := cl.shown("a")
			c.fields["PaymentId"] = id
			if a := cl.call("SbpPayTest", c.fields); a["ErrorCode"] != c.code {
				t.Errorf("%v", a)
			}
			if s := cl.status(id); s != c.status {
				t.Errorf("it is %s, want %s", s, c.status)
			}
		})
	}
	c := open(t, "1700000000001")
	if a := c.call("SbpPayTest", fieldsOf{"PaymentId": c.shown("a")}); a["Success"] != false {
		t.Errorf("on a terminal that is no test terminal: %v", a)
	}
}

// TestNoIDAgain holds that a bank that was restarted gives other ids.
func TestNoIDAgain(t *testing.T) {
	c := open(t, terminal)
	first := c.shown("a")
	later, err := New(Config{Terminal: terminal, Password: password, Clock: func() time.Time { return c.now.Add(time.Second) }})
	if err != nil {
		t.Fatal(err)
	}
	if p := later.open("a", 1, c.now, c.now); p.id == first {
		t.Errorf("%s again", first)
	}
}

func (c *client) must(method, path string) string {
	c.t.Helper()
	code, text := c.control(method, path, "")
	if code != http.StatusOK {
		c.t.Fatalf("%s %s: %d %s", method, path, code, text)
	}
	return text
}
