package raiffeisensim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kassa/banks/banksim"
	"kassa/banks/nspk"
)

const (
	key      = "sim-secret-key"
	merchant = "MA0000000001"
	account  = "40700000000000000001"
)

// client speaks to a practice bank with raw messages, so that they can be wrong in any way.
type client struct {
	t    *testing.T
	bank *Bank
	url  string
}

func start(t *testing.T, change func(*Config)) *client {
	t.Helper()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	conf := Config{
		SecretKey: key, Merchant: merchant, Account: account, Clock: func() time.Time { return now }, Hang: time.Millisecond,
	}
	if change != nil {
		change(&conf)
	}
	bank, err := New(conf)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(bank.Handler())
	t.Cleanup(server.Close)
	return &client{t: t, bank: bank, url: server.URL}
}

// send sends a request with the key and gives the status and the body.
func (c *client) send(method, path, body string) (int, string) {
	c.t.Helper()
	return c.sendAs("Bearer "+key, "application/json", method, path, body)
}

func (c *client) sendAs(authorization, kind, method, path, body string) (int, string) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", authorization)
	if authorization == "" {
		req.Header.Del("Authorization")
	}
	req.Header.Set("Content-Type", kind)
	// On a connection that is used again Go would send a GET that was lost once more.
	once := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := once.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return res.StatusCode, err.Error()
	}
	return res.StatusCode, string(text)
}

// call sends a request that the bank takes apart, and gives the answer.
func (c *client) call(method, path, body string) map[string]any {
	c.t.Helper()
	_, text := c.send(method, path, body)
	var a map[string]any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&a); err != nil {
		c.t.Fatalf("%s %s: %q, %v", method, path, text, err)
	}
	return a
}

// order is a request for a code, changed by pairs of a name and its JSON; an empty one takes the field away.
func order(changes ...string) string {
	fields := map[string]json.RawMessage{
		"qrType": []byte(`"QRDynamic"`), "order": []byte(`"till7-0001-a1"`), "amount": []byte("199.00"), "currency": []byte(`"RUB"`),
		"sbpMerchantId": []byte(`"` + merchant + `"`), "qrExpirationDate": []byte(`"2026-03-01T12:15:00+03:00"`),
	}
	for i := 0; i < len(changes); i += 2 {
		fields[changes[i]] = []byte(changes[i+1])
		if changes[i+1] == "" {
			delete(fields, changes[i])
		}
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for name, v := range fields {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", name, v)
	}
	b.WriteByte('}')
	return b.String()
}

// register makes a code and gives its id.
func (c *client) register(changes ...string) string {
	c.t.Helper()
	a := c.call("POST", "/api/sbp/v1/qr/register", order(changes...))
	id, _ := a["qrId"].(string)
	if a["code"] != "SUCCESS" || id == "" {
		c.t.Fatalf("%v", a)
	}
	return id
}

func (c *client) payment(id string) map[string]any {
	c.t.Helper()
	return c.call("GET", "/api/sbp/v1/qr/"+id+"/payment-info", "")
}

func (c *client) status(id string) string {
	c.t.Helper()
	return fmt.Sprint(c.call("GET", "/api/sbp/v2/qrs/"+id, "")["qrStatus"], " ", c.payment(id)["paymentStatus"])
}

func TestRegister(t *testing.T) {
	const invalid = "ERROR.INVALID_REQUEST"
	long := func(n int) string { return `"` + strings.Repeat("я", n) + `"` }
	for _, c := range []struct {
		name  string
		field string
		value string
		code  string
	}{
		{"as documented", "", "", "SUCCESS"},
		{"whole roubles", "amount", "1110", "SUCCESS"},
		{"one kopeck", "amount", "0.01", "SUCCESS"},
		{"the most", "amount", "1000000", "SUCCESS"},
		{"no sum", "amount", "", "ERROR.DYNAMIC_QR_WITHOUT_AMOUNT"},
		{"null", "amount", "null", "ERROR.DYNAMIC_QR_WITHOUT_AMOUNT"},
		{"nothing", "amount", "0", invalid},
		{"below zero", "amount", "-1", invalid},
		{"parts of a kopeck", "amount", "1.001", invalid},
		{"text", "amount", `"199.00"`, invalid},
		{"a power of ten", "amount", "1e2", invalid},
		{"too much", "amount", "1000000.01", invalid},
		{"beyond reason", "amount", "11111111111111111111", invalid},
		{"no type", "qrType", "", invalid},
		{"another type", "qrType", `"QRSubscription"`, invalid},
		{"no order", "order", "", invalid},
		{"an order with a space", "order", `"a b"`, "ERROR.INVALID_ORDER"},
		{"an order in Russian", "order", `"чек1"`, "ERROR.INVALID_ORDER"},
		{"an order with all signs", "order", `"Az09_-."`, "SUCCESS"},
		{"an order as number", "order", "17", invalid},
		{"a long order", "order", `"` + strings.Repeat("a", 40) + `"`, "SUCCESS"},
		{"an order too long", "order", `"` + strings.Repeat("a", 41) + `"`, invalid},
		{"no currency", "currency", "", invalid},
		{"another currency", "currency", `"USD"`, invalid},
		{"no merchant", "sbpMerchantId", "", "ERROR.SBP_MERCHANT_ID_IS_MISSING"},
		{"another merchant", "sbpMerchantId", `"MA0000000002"`, "ERROR.MERCHANT_NOT_REGISTERED"},
		{"a merchant too long", "sbpMerchantId", `"MA00000000001"`, invalid},
		{"no end", "qrExpirationDate", "", "SUCCESS"},
		{"an end with microseconds", "qrExpirationDate", `"2026-03-01T12:15:00.107227+03:00"`, "SUCCESS"},
		{"an end in the past", "qrExpirationDate", `"2026-03-01T11:59:59+03:00"`, "ERROR.QR_EXPIRATION_DATE_NOT_VALID"},
		{"an end without a zone", "qrExpirationDate", `"2026-03-01T12:15:00"`, "ERROR.QR_EXPIRATION_DATE_NOT_VALID"},
		{"an end that is a duration", "qrExpirationDate", `"+15m"`, "ERROR.QR_EXPIRATION_DATE_NOT_VALID"},
		{"our account", "account", account, "SUCCESS"},
		{"our account as text", "account", `"` + account + `"`, "SUCCESS"},
		{"another account", "account", `"40700000000000000002"`, "ERROR.ACCOUNT_IS_NOT_REGISTERED"},
		{"words for the payer", "additionalInfo", long(140), "SUCCESS"},
		{"too many of them", "additionalInfo", long(141), invalid},
		{"words for the statement", "paymentDetails", long(185), "SUCCESS"},
		{"too many of those", "paymentDetails", long(186), invalid},
		{"a name of no document", "Amount", "1", invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			bank := start(t, nil)
			body := order()
			if c.field != "" {
				body = order(c.field, c.value)
			}
			a := bank.call("POST", "/api/sbp/v1/qr/register", body)
			if a["code"] != c.code {
				t.Fatalf("%v, want %s", a, c.code)
			}
			if made := len(bank.bank.Held()); (made == 1) != (c.code == "SUCCESS") {
				t.Errorf("%d codes", made)
			}
		})
	}
	for _, body := range []string{"", "null", "[]", "1", `{"qrType":`, order() + order(), "\xff"} {
		bank := start(t, nil)
		if a := bank.call("POST", "/api/sbp/v1/qr/register", body); a["code"] != invalid {
			t.Errorf("%q: %v", body, a)
		}
	}
}

func TestCodeOfARegistration(t *testing.T) {
	c := start(t, nil)
	a := c.call("POST", "/api/sbp/v1/qr/register", order())
	link, err := nspk.Parse(fmt.Sprint(a["payload"]))
	if err != nil || link.ID != a["qrId"] || link.Sum != 199_00 || link.CRC != nspk.CRCRight || len(link.ID) != 32 {
		t.Errorf("%v: %+v, %v", a, link, err)
	}
	qr := c.call("GET", "/api/sbp/v2/qrs/"+link.ID, "")
	if qr["payload"] != a["payload"] || qr["qrStatus"] != "NEW" || qr["qrExpirationDate"] != "2026-03-01T12:15:00+03:00" || qr["code"] != nil {
		t.Errorf("%v", qr)
	}
	if info := c.call("GET", "/api/sbp/v1/qr/"+link.ID+"/info", ""); info["payload"] != a["payload"] || info["code"] != "SUCCESS" {
		t.Errorf("%v", info)
	}
	p := c.payment(link.ID)
	if p["paymentStatus"] != "NO_INFO" || p["amount"] != json.Number("199") || p["order"] != "till7-0001-a1" || p["transactionDate"] != nil {
		t.Errorf("%v", p)
	}
}

func TestWhoIsLetIn(t *testing.T) {
	c := start(t, nil)
	id := c.register()
	for _, call := range [][2]string{
		{"GET", "/api/sbp/v2/qrs/" + id}, {"DELETE", "/api/sbp/v2/qrs/" + id}, {"GET", "/api/sbp/v1/qr/" + id + "/payment-info"},
		{"GET", "/api/sbp/v1/qr/" + id + "/info"}, {"POST", "/api/sbp/v1/refund"}, {"GET", "/api/sbp/v1/refund/r1"},
		{"POST", "/api/settings/v1/callback"},
	} {
		for _, authorization := range []string{"", "Bearer", "Bearer wrong", key, "bearer " + key, "Bearer " + key + " "} {
			want := http.StatusUnauthorized
			if strings.TrimSpace(authorization) == "Bearer "+key {
				continue // the space does not cross the wire
			}
			if status, text := c.sendAs(authorization, "application/json", call[0], call[1], "{}"); status != want {
				t.Errorf("%v as %q: %d %s", call, authorization, status, text)
			}
		}
	}
	if status, text := c.sendAs("", "application/json", "POST", "/api/sbp/v1/qr/register", order("order", `"b"`)); !strings.Contains(text, "SUCCESS") {
		t.Errorf("registered without a key: %d %s", status, text)
	}
	if status, _ := c.sendAs("Bearer wrong", "application/json", "POST", "/api/sbp/v1/qr/register", order("order", `"c"`)); status != http.StatusUnauthorized {
		t.Errorf("registered with a wrong key: %d", status)
	}
	if status, _ := c.sendAs("Bearer "+key, "text/plain", "POST", "/api/sbp/v1/qr/register", order("order", `"d"`)); status != http.StatusUnsupportedMediaType {
		t.Errorf("registered in plain text: %d", status)
	}
	if status, _ := c.send("GET", "/api/sbp/v1/nothing", ""); status != http.StatusNotFound {
		t.Errorf("a call that there is none of: %d", status)
	}
	if status, _ := c.send("POST", "/api/sbp/v1/qr/register", strings.Repeat(" ", maxBody+1)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a request without end: %d", status)
	}
}

// TestLives goes through what can happen to a code, and looks at both words for it.
func TestLives(t *testing.T) {
	for _, c := range []struct {
		name string
		do   []func(b *Bank, id string) error
		want string
	}{
		{"new", nil, "NEW NO_INFO"},
		{"paid", lives(pay), "PAID SUCCESS"},
		{"at work", lives((*Bank).Process), "IN_PROGRESS IN_PROGRESS"},
		{"at work, then paid", lives((*Bank).Process, pay), "PAID SUCCESS"},
		{"refused", lives((*Bank).Process, (*Bank).Reject), "NEW DECLINED"},
		{"refused, then paid", lives((*Bank).Reject, pay), "PAID SUCCESS"},
		{"expired", lives((*Bank).Expire), "EXPIRED NO_INFO"},
		{"expired by the clock", lives(wait15), "EXPIRED NO_INFO"},
		{"paid in time", lives(pay, wait15), "PAID SUCCESS"},
		{"at work when it expires", lives((*Bank).Process, wait15), "IN_PROGRESS IN_PROGRESS"},
		{"expired at work", lives((*Bank).Process, (*Bank).Expire), "EXPIRED DECLINED"},
		{"paid late", lives(wait15, payLate), "PAID SUCCESS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bank := start(t, nil)
			id := bank.register()
			for _, do := range c.do {
				if err := do(bank.bank, id); err != nil {
					t.Fatal(err)
				}
			}
			if got := bank.status(id); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func lives(do ...func(*Bank, string) error) []func(*Bank, string) error { return do }

func pay(b *Bank, id string) error      { return b.Pay(id, false) }
func payLate(b *Bank, id string) error  { return b.Pay(id, true) }
func wait15(b *Bank, _ string) error    { b.Advance(15 * time.Minute); return nil }
func refundAll(b *Bank, i string) error { return b.Refund(i, 0) }

func TestDelete(t *testing.T) {
	c := start(t, nil)
	id := c.register()
	if status, text := c.send("DELETE", "/api/sbp/v2/qrs/"+id, ""); status != http.StatusOK || text != "" {
		t.Errorf("%d %q", status, text)
	}
	if got := c.status(id); got != "CANCELLED NO_INFO" {
		t.Error(got)
	}
	if c.bank.Pay(id, false) == nil {
		t.Error("a cancelled code was paid")
	}
	for name, do := range map[string]func(*Bank, string) error{
		"cancelled": func(b *Bank, id string) error { c.send("DELETE", "/api/sbp/v2/qrs/"+id, ""); return nil },
		"paid":      pay, "at work": (*Bank).Process, "expired": (*Bank).Expire,
	} {
		id := c.register("order", `"`+strings.ReplaceAll(name, " ", "-")+`"`)
		if err := do(c.bank, id); err != nil {
			t.Fatal(err)
		}
		before := c.status(id)
		status, text := c.send("DELETE", "/api/sbp/v2/qrs/"+id, "")
		if status != http.StatusBadRequest || !strings.Contains(text, "ERROR.INVALID_REQUEST") || c.status(id) != before {
			t.Errorf("%s: %d %s, %s", name, status, text, c.status(id))
		}
	}
	if status, text := c.send("DELETE", "/api/sbp/v2/qrs/AD1", ""); status != http.StatusNotFound || !strings.Contains(text, "ERROR.NOT_FOUND") {
		t.Errorf("%d %s", status, text)
	}
}

func TestOrdersAreTakenOnce(t *testing.T) {
	c := start(t, nil)
	first, second := c.register(), c.register()
	if err := c.bank.Pay(first, false); err != nil {
		t.Fatal(err)
	}
	if a := c.call("POST", "/api/sbp/v1/qr/register", order()); a["code"] != "ERROR.ORDER_NUMBER_ALREADY_REGISTERED" {
		t.Errorf("%v", a)
	}
	if err := c.bank.Pay(second, false); err != nil {
		t.Errorf("the second code of an order: %v", err)
	}
	strict := start(t, func(c *Config) { c.OnePayment = true })
	first, second = strict.register(), strict.register()
	if err := strict.bank.Pay(first, false); err != nil {
		t.Fatal(err)
	}
	if strict.bank.Pay(second, false) == nil {
		t.Error("both codes of an order were paid")
	}
}

func TestRefunds(t *testing.T) {
	c := start(t, nil)
	id := c.register()
	c.register("order", `"unpaid"`)
	refund := func(amount, refundID string) map[string]any {
		return c.call("POST", "/api/sbp/v1/refund", `{"amount":`+amount+`,"order":"till7-0001-a1","refundId":"`+refundID+`","paymentDetails":"Возврат"}`)
	}
	if a := refund("1", "r0"); a["code"] != "ERROR.NOT_FOUND" {
		t.Errorf("nothing was paid: %v", a)
	}
	if err := c.bank.Pay(id, false); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		amount, id, code string
		fault            banksim.Fault
	}{
		{"49.00", "r1", "SUCCESS", ""},
		{"49.00", "r1", "ERROR.INVALID_REQUEST", ""},
		{"150.01", "r2", "ERROR.REFUND_INSUFFICIENT_FUNDS", ""},
		{"0", "r3", "ERROR.INVALID_REQUEST", ""},
		{"0.001", "r3", "ERROR.INVALID_REQUEST", ""},
		{"-1", "r3", "ERROR.INVALID_REQUEST", ""},
		{`"1"`, "r3", "ERROR.INVALID_REQUEST", ""},
		{"1", "", "ERROR.INVALID_REQUEST", ""},
		{"1", strings.Repeat("r", 41), "ERROR.INVALID_REQUEST", ""},
		{"1", "r4", "ERROR.REFUND_INSUFFICIENT_FUNDS", RefundNoBalance},
		{"150", "r5", "SUCCESS", RefundFails},
		{"0.01", "r6", "ERROR.REFUND_INSUFFICIENT_FUNDS", ""},
	} {
		if step.fault != "" {
			c.arm(banksim.Plan{Name: step.fault, Times: 1})
		}
		if a := refund(step.amount, step.id); a["code"] != step.code {
			t.Errorf("%s of %s: %v, want %s", step.id, step.amount, a, step.code)
		}
	}
	word := func(refundID string) string {
		a := c.call("GET", "/api/sbp/v1/refund/"+refundID, "")
		return fmt.Sprint(a["code"], " ", a["refundStatus"], " ", a["amount"])
	}
	for refundID, want := range map[string]string{"r1": "SUCCESS IN_PROGRESS 49", "r5": "SUCCESS IN_PROGRESS 150", "r2": "ERROR.REFUND_NOT_FOUND <nil> <nil>"} {
		if got := word(refundID); got != want {
			t.Errorf("%s: %s, want %s", refundID, got, want)
		}
	}
	c.bank.Advance(2 * time.Second)
	for refundID, want := range map[string]string{"r1": "SUCCESS COMPLETED 49", "r5": "SUCCESS DECLINED 150"} {
		if got := word(refundID); got != want {
			t.Errorf("%s: %s, want %s", refundID, got, want)
		}
	}
	if held := c.bank.Held()[0]; held.Refunded != 49_00 || !held.Paid {
		t.Errorf("%+v", held)
	}
	if a := refund("150", "r7"); a["code"] != "SUCCESS" {
		t.Errorf("after the decline: %v", a)
	}
	if refundAll(c.bank, id) == nil {
		t.Error("more went back than was paid")
	}
	if got := c.status(id); got != "PAID SUCCESS" {
		t.Errorf("refunds change the payment's words: %s", got)
	}
}

func (c *client) arm(p banksim.Plan) {
	c.t.Helper()
	if err := c.bank.Faults().Break(p); err != nil {
		c.t.Fatal(err)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, conf := range []Config{{}, {SecretKey: key}, {Merchant: merchant}} {
		if _, err := New(conf); err == nil {
			t.Errorf("%+v was taken", conf)
		}
	}
}
