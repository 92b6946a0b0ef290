package sbersim

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	testID     = "practice"
	testSecret = "secret"
	testMember = "00001234"
	testIDQR   = "1000100051"
	testTID    = "20001234"
)

// client is a client of the bank that asks for anything, right or wrong.
type client struct {
	t     *testing.T
	bank  *Bank
	url   string
	clock time.Time
	uid   int
}

// open starts a bank on loopback.
func open(t *testing.T, change ...func(*Config)) *client {
	t.Helper()
	c := &client{t: t, clock: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	conf := Config{
		ClientID: testID, ClientSecret: testSecret, MemberID: testMember, IDQR: testIDQR, TID: testTID,
		Clock: func() time.Time { return c.clock }, Random: rand.NewChaCha8([32]byte{1}), Hang: time.Millisecond,
	}
	for _, f := range change {
		f(&conf)
	}
	var err error
	if c.bank, err = New(conf); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(c.bank.Handler())
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

// fields are a request's, or an answer's.
type fields map[string]any

func (c *client) nextUID() string {
	c.uid++
	return fmt.Sprintf("%032x", c.uid)
}

// post sends a request with headers and gives the status and the body.
func (c *client) post(path string, header map[string]string, body string) (int, string) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	noRedirects := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := noRedirects.Do(req)
	if err != nil {
		return 0, "no answer"
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, "no whole answer"
	}
	return res.StatusCode, string(text)
}

// token gets a token for a method.
func (c *client) token(method string) string {
	c.t.Helper()
	status, text := c.post("/prod/tokens/v3/oauth", map[string]string{
		"Authorization": "Basic cHJhY3RpY2U6c2VjcmV0", "RqUID": c.nextUID(), "Content-Type": "application/x-www-form-urlencoded",
	}, url.Values{"grant_type": {"client_credentials"}, "scope": {scopes[method]}}.Encode())
	var a struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(text), &a); status != http.StatusOK || err != nil {
		c.t.Fatalf("no token: %d %s", status, text)
	}
	return a.Token
}

// send calls a method with the fields that are always needed, changed by q.
func (c *client) send(method string, q fields) (int, string) {
	c.t.Helper()
	uid := c.nextUID()
	all := fields{"rq_uid": uid, "rq_tm": c.clock.Format(layout)}
	if method == "registry" {
		all = fields{"rqUid": uid, "rqTm": c.clock.Format(layout)}
	}
	maps.Copy(all, q)
	for name, v := range all {
		if v == nil {
			delete(all, name)
		}
	}
	body, err := json.Marshal(all)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.post("/prod/qr/order/v3/"+method, map[string]string{
		"Authorization": "Bearer " + c.token(method), "RqUID": uid, "Content-Type": "application/json",
	}, string(body))
}

// call calls a method and gives the answer of the bank.
func (c *client) call(method string, q fields) fields {
	c.t.Helper()
	status, text := c.send(method, q)
	var a fields
	if err := json.Unmarshal([]byte(text), &a); status != http.StatusOK || err != nil {
		c.t.Fatalf("%s: %d %s", method, status, text)
	}
	return a
}

func creationOf(number string, sum int) fields {
	return fields{
		"member_id": testMember, "order_number": number, "order_create_date": "2026-03-01T09:00:00Z", "id_qr": testIDQR,
		"order_sum": sum, "currency": "643", "sbp_member_id": "100000000111",
	}
}

func with(q fields, name string, v any) fields {
	q = maps.Clone(q)
	q[name] = v
	return q
}

// made makes an order and gives its id.
func (c *client) made(number string, sum int) string {
	c.t.Helper()
	a := c.call("creation", creationOf(number, sum))
	id, _ := a["order_id"].(string)
	if a["error_code"] != "000000" || id == "" {
		c.t.Fatalf("%v", a)
	}
	return id
}

func (c *client) status(number string) fields {
	c.t.Helper()
	return c.call("status", fields{"tid": testTID, "partner_order_number": number})
}

// refundOf gives the fields of a refund of a paid order.
func (c *client) refundOf(number string, sum int) fields {
	c.t.Helper()
	a := c.status(number)
	op := a["order_operation_params"].([]any)[0].(map[string]any)
	return fields{
		"order_id": a["order_id"], "operation_id": op["operation_id"], "auth_code": op["auth_code"], "id_qr": testIDQR, "tid": testTID,
		"cancel_operation_sum": sum, "operation_currency": "643",
	}
}

func TestNewRefuses(t *testing.T) {
	good := Config{ClientID: "a", ClientSecret: "b", MemberID: "c", IDQR: "d"}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Config){
		"no id": func(c *Config) { c.ClientID = "" }, "no secret": func(c *Config) { c.ClientSecret = "" },
		"no member": func(c *Config) { c.MemberID = "" }, "no id_qr": func(c *Config) { c.IDQR = "" },
		"a long member": func(c *Config) { c.MemberID = "123456789" }, "a long tid": func(c *Config) { c.TID = "123456789" },
		"a long id_qr": func(c *Config) { c.IDQR = "1234567890"; c.TID = "" },
	} {
		c := good
		spoil(&c)
		if _, err := New(c); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestSchema holds that what the bank's schema does not allow is HTTP 400.
func TestSchema(t *testing.T) {
	c := open(t)
	good := creationOf("a", 19900)
	good["order_params_type"] = []any{fields{"position_name": "Чай", "position_count": 1, "position_sum": 19900}}
	good["description"] = strings.Repeat("я", 256)
	if status, text := c.send("creation", good); status != http.StatusOK || !strings.Contains(text, `"error_code":"000000"`) {
		t.Fatalf("%d %s", status, text)
	}
	for name, q := range map[string]fields{
		"another field":      with(good, "ttl", 5),
		"no number":          with(good, "order_number", nil),
		"an empty number":    with(good, "order_number", ""),
		"a long number":      with(good, "order_number", strings.Repeat("1", 37)),
		"a number's type":    with(good, "order_number", 5),
		"a sum as a string":  with(good, "order_sum", "19900"),
		"a broken sum":       with(good, "order_sum", 199.5),
		"a sum below zero":   with(good, "order_sum", -1),
		"a sum of 16 digits": with(good, "order_sum", int64(1_000_000_000_000_000)),
		"time with a zone":   with(good, "rq_tm", "2026-03-01T09:00:00+03:00"),
		"no such day":        with(good, "order_create_date", "2026-02-30T09:00:00Z"),
		"a short rq_uid":     with(good, "rq_uid", "123"),
		"another rq_uid":     with(good, "rq_uid", strings.Repeat("f", 32)),
		"another SBP member": with(good, "sbp_member_id", "100000000004"),
		"an id_qr of words":  with(good, "id_qr", "ш"),
		"a long member":      with(good, "member_id", "123456789"),
		"currency in words":  with(good, "currency", "RUB"),
		"long words":         with(good, "description", strings.Repeat("я", 257)),
		"words in two lines": with(good, "description", "a\nb"),
		"a nameless item":    with(good, "order_params_type", []any{fields{"position_sum": 1}}),
		"an item's field":    with(good, "order_params_type", []any{fields{"position_name": "a", "vat": 20}}),
		"items of no list":   with(good, "order_params_type", fields{}),
	} {
		status, text := c.send("creation", with(q, "x", nil))
		if status != http.StatusBadRequest || !strings.Contains(text, `"httpCode":"400"`) {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	if list := c.bank.Payments(""); len(list) != 1 {
		t.Errorf("%d orders were made", len(list))
	}
}

func TestGateway(t *testing.T) {
	c := open(t)
	token := c.token("status")
	uid := c.nextUID()
	body := fmt.Sprintf(`{"rq_uid":%q,"rq_tm":"2026-03-01T09:00:00Z","tid":%q,"partner_order_number":"a"}`, uid, testTID)
	good := map[string]string{"Authorization": "Bearer " + token, "RqUID": uid, "Content-Type": "application/json"}
	change := func(name, v string) map[string]string {
		h := maps.Clone(good)
		h[name] = v
		return h
	}
	for _, test := range []struct {
		name, method, body string
		header             map[string]string
		want               int
	}{
		{"all is well", "status", body, good, 200},
		{"the older header", "status", body, map[string]string{"Authorization": "Bearer " + token, "x-Introspect-RqUID": uid, "Content-Type": "application/json; charset=utf-8"}, 200},
		{"no token", "status", body, change("Authorization", ""), 401},
		{"another's token", "status", body, change("Authorization", "Bearer 00"), 401},
		{"a token of another scope", "revocation", body, good, 403},
		{"no RqUID", "status", body, change("RqUID", ""), 400},
		{"another RqUID", "status", body, change("RqUID", strings.Repeat("0", 32)), 400},
		{"a form", "status", body, change("Content-Type", "application/x-www-form-urlencoded"), 400},
		{"no JSON", "status", "<xml/>", good, 400},
		{"a list", "status", "[]", good, 400},
		{"two bodies", "status", body + body, good, 400},
		{"not UTF-8", "status", "{\"a\":\"\xff\"}", good, 400},
		{"no such method", "payment", body, good, 404},
	} {
		if status, text := c.post("/prod/qr/order/v3/"+test.method, test.header, test.body); status != test.want {
			t.Errorf("%s: %d %s", test.name, status, text)
		}
	}
	res, err := http.Get(c.url + "/prod/qr/order/v3/status")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET is %d", res.StatusCode)
	}
	c.clock = c.clock.Add(61 * time.Second)
	if status, text := c.post("/prod/qr/order/v3/status", good, body); status != http.StatusUnauthorized {
		t.Errorf("a token after a minute: %d %s", status, text)
	}
}

func TestTokens(t *testing.T) {
	c := open(t)
	const right = "Basic cHJhY3RpY2U6c2VjcmV0"
	scope := url.Values{"grant_type": {"client_credentials"}, "scope": {scopes["status"]}}.Encode()
	two := url.Values{"grant_type": {"client_credentials"}, "scope": {scopes["status"] + " " + scopes["cancel"]}}.Encode()
	const form = "application/x-www-form-urlencoded"
	for _, test := range []struct {
		name, path, auth, uid, kind, body string
		want                              int
	}{
		{"v3", "v3", right, c.nextUID(), form, scope, 200},
		{"v2", "v2", right, c.nextUID(), form, scope, 200},
		{"a wrong secret", "v3", "Basic cHJhY3RpY2U6d3Jvbmc=", c.nextUID(), form, scope, 401},
		{"no secret", "v3", "", c.nextUID(), form, scope, 401},
		{"no RqUID", "v3", right, "", form, scope, 400},
		{"JSON", "v3", right, c.nextUID(), "application/json", `{}`, 400},
		{"no grant", "v3", right, c.nextUID(), form, "scope=" + url.QueryEscape(scopes["status"]), 400},
		{"two scopes", "v3", right, c.nextUID(), form, two, 403},
		{"a scope of nobody's", "v3", right, c.nextUID(), form, "grant_type=client_credentials&scope=all", 403},
	} {
		status, text := c.post("/prod/tokens/"+test.path+"/oauth", map[string]string{
			"Authorization": test.auth, "RqUID": test.uid, "Content-Type": test.kind,
		}, test.body)
		if status != test.want || status == 200 && !strings.Contains(text, `"expires_in":60`) {
			t.Errorf("%s: %d %s", test.name, status, text)
		}
	}
}

func TestLifeOfAnOrder(t *testing.T) {
	c := open(t)
	a := c.call("creation", creationOf("a", 19900))
	id := a["order_id"].(string)
	link, _ := a["order_form_url"].(string)
	if a["order_state"] != "CREATED" || a["order_number"] != "a" || !strings.HasPrefix(link, "https://qr.nspk.ru/AD10SIM") || !strings.Contains(link, "bank=100000000111&sum=19900&cur=RUB&crc=") {
		t.Fatalf("%v", a)
	}
	if own := c.call("creation", with(creationOf("own", 100), "sbp_member_id", nil)); own["order_form_url"] != fmt.Sprintf("https://sberbank.ru/qr/?dynamicQr=%s", own["order_id"]) {
		t.Errorf("the bank's own code: %v", own)
	}
	if s := c.status("a"); s["order_state"] != "CREATED" || s["order_operation_params"] != nil || s["order_id"] != id {
		t.Errorf("%v", s)
	}
	if err := c.bank.Fail(id); err != nil {
		t.Fatal(err)
	}
	if s := c.status("a"); s["order_state"] != "CREATED" || s["order_operation_params"].([]any)[0].(map[string]any)["response_code"] != "51" {
		t.Errorf("after an attempt that failed: %v", s)
	}
	if err := c.bank.Process(id); err != nil {
		t.Fatal(err)
	}
	if r := c.call("revocation", fields{"order_id": id}); r["error_code"] != "080000" {
		t.Errorf("revoked while it is being paid: %v", r)
	}
	if err := c.bank.Pay(id, false); err != nil {
		t.Fatal(err)
	}
	s := c.status("a")
	if s["order_state"] != "PAID" || len(s["order_operation_params"].([]any)) != 2 || s["sbp_operation_params"] == nil {
		t.Errorf("%v", s)
	}
	if r := c.call("revocation", fields{"order_id": id}); r["error_code"] != "080000" {
		t.Errorf("revoked after the payment: %v", r)
	}
	b := c.made("b", 100)
	if r := c.call("revocation", fields{"order_id": b}); r["error_code"] != "000000" || r["order_state"] != "REVOKED" {
		t.Errorf("%v", r)
	}
	if r := c.call("revocation", fields{"order_id": b}); r["error_code"] != "080000" {
		t.Errorf("revoked twice: %v", r)
	}
	if c.bank.Pay(b, false) == nil || c.bank.Pay(b, true) != nil || c.status("b")["order_state"] != "PAID" {
		t.Error("money comes late, and only late")
	}
}

// TestRefusals holds the families of the bank's errors.
func TestRefusals(t *testing.T) {
	c := open(t)
	c.made("a", 100)
	for name, test := range map[string]struct {
		method string
		q      fields
		want   string
	}{
		"another member":    {"creation", with(creationOf("b", 100), "member_id", "1"), "120000"},
		"another id_qr":     {"creation", with(creationOf("b", 100), "id_qr", "1"), "140000"},
		"dollars":           {"creation", with(creationOf("b", 100), "currency", "840"), "160000"},
		"nothing":           {"creation", creationOf("b", 0), "110000"},
		"another sum":       {"creation", creationOf("a", 101), "080000"},
		"another tid":       {"status", fields{"tid": "1", "partner_order_number": "a"}, "020000"},
		"no such order":     {"status", fields{"tid": testTID, "partner_order_number": "b"}, "100000"},
		"another order":     {"status", fields{"tid": testTID, "partner_order_number": "a", "order_id": "b"}, "100000"},
		"nothing to revoke": {"revocation", fields{"order_id": "b"}, "100000"},
		"a long period":     {"registry", period(testIDQR, "2026-03-01T00:00:00Z", "2026-03-04T00:00:00Z"), "170000"},
		"a period back":     {"registry", period(testIDQR, "2026-03-02T00:00:00Z", "2026-03-01T00:00:00Z"), "050000"},
		"another's period":  {"registry", period("1", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"), "140000"},
	} {
		a := c.call(test.method, test.q)
		if code := fmt.Sprint(a["error_code"], a["errorCode"]); strings.ReplaceAll(code, "<nil>", "") != test.want {
			t.Errorf("%s: %v", name, a)
		}
	}
}

func TestRefunds(t *testing.T) {
	c := open(t)
	id := c.made("a", 1000)
	if r := c.call("cancel", fields{
		"order_id": id, "operation_id": "1", "auth_code": "1", "id_qr": testIDQR, "tid": testTID, "cancel_operation_sum": 1, "operation_currency": "643",
	}); r["error_code"] != "080000" {
		t.Errorf("given back before the payment: %v", r)
	}
	if err := c.bank.Pay(id, false); err != nil {
		t.Fatal(err)
	}
	good := c.refundOf("a", 400)
	for name, test := range map[string]struct {
		q    fields
		want string
	}{
		"no such order":     {with(good, "order_id", "b"), "090000"},
		"another operation": {with(good, "operation_id", "1"), "150000"},
		"another auth code": {with(good, "auth_code", "0"), "150000"},
		"another id_qr":     {with(good, "id_qr", testTID), "140000"},
		"another tid":       {with(good, "tid", "1"), "020000"},
		"dollars":           {with(good, "operation_currency", "840"), "160000"},
		"nothing":           {with(good, "cancel_operation_sum", 0), "110000"},
		"too much":          {with(good, "cancel_operation_sum", 1001), "070000"},
		"REVERSE at SBP":    {with(good, "operation_type", "REVERSE"), "080000"},
	} {
		if a := c.call("cancel", test.q); a["error_code"] != test.want {
			t.Errorf("%s: %v", name, a)
		}
	}
	if a := c.call("cancel", good); a["error_code"] != "000000" || a["operation_sum"] != 400.0 || a["operation_type"] != "REFUND" || a["order_status"] != "PAID" || a["order_state"] != nil {
		t.Errorf("%v", a)
	}
	if a := c.call("cancel", with(good, "cancel_operation_sum", 601)); a["error_code"] != "070000" {
		t.Errorf("more than is left: %v", a)
	}
	if a := c.call("cancel", with(good, "cancel_operation_sum", 600)); a["error_code"] != "000000" {
		t.Errorf("the rest: %v", a)
	}
	if s := c.status("a"); s["order_state"] != "PAID" || len(s["order_operation_params"].([]any)) != 3 || c.bank.Payments("a")[0].Refunded != 1000 {
		t.Errorf("%v", s)
	}
}

func TestReverse(t *testing.T) {
	c := open(t, func(c *Config) { c.ShowRefunded = true })
	for number, test := range map[string]struct {
		before func(id string)
		want   string
		state  string
	}{
		"at once":        {func(string) {}, "000000", "REVERSED"},
		"after a day":    {func(string) { c.clock = c.clock.Add(25 * time.Hour) }, "080000", "PAID"},
		"after a refund": {func(id string) { _ = c.bank.Refund(id, 1) }, "080000", "REFUNDED"},
	} {
		a := c.call("creation", with(creationOf(number, 1000), "sbp_member_id", nil))
		id := a["order_id"].(string)
		if err := c.bank.Pay(id, false); err != nil {
			t.Fatal(err)
		}
		test.before(id)
		r := c.call("cancel", with(c.refundOf(number, 999), "operation_type", "REVERSE"))
		if r["error_code"] != test.want || c.status(number)["order_state"] != test.state {
			t.Errorf("%s: %v, then %v", number, r, c.status(number)["order_state"])
		}
	}
}

func period(idQR, from, to string) fields {
	return fields{"idQR": idQR, "startPeriod": from, "endPeriod": to, "registryType": "REGISTRY"}
}

func TestRegistry(t *testing.T) {
	c := open(t)
	paid, back := c.made("paid", 100), c.made("back", 200)
	c.made("unpaid", 300)
	for _, id := range []string{paid, back} {
		if err := c.bank.Pay(id, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.bank.Refund(back, 50); err != nil {
		t.Fatal(err)
	}
	c.clock = c.clock.Add(time.Hour)
	late := c.made("late", 400)
	if err := c.bank.Pay(late, false); err != nil {
		t.Fatal(err)
	}
	// They were made at 12:00 in Moscow, the last at 13:00.
	q := period(testIDQR, "2026-03-01T11:59:59Z", "2026-03-01T12:30:00Z")
	status, text := c.send("registry", q)
	if status != http.StatusOK || strings.Count(text, `"orderId"`) != 2 || strings.Contains(text, "unpaid") || strings.Contains(text, late) ||
		!strings.Contains(text, `"operationDateTime":"2026-03-01T12:00:00Z"`) || !strings.Contains(text, `"orderCreateDate":"2026-03-01T09:00:00Z"`) {
		t.Errorf("%d %s", status, text)
	}
	q["registryType"] = "QUANTITY"
	a := c.call("registry", q)
	if data := a["quantityData"].(map[string]any); data["totalCount"] != 3.0 || data["totalPaymentAmount"] != 300.0 || data["totalRefundAmount"] != 50.0 || data["totalAmount"] != 250.0 {
		t.Errorf("%v", a)
	}
	if q := period(testIDQR, "2026-03-01T09:00:00Z", "2026-03-01T09:30:00Z"); strings.Contains(fmt.Sprint(c.call("registry", q)), paid) {
		t.Error("the period is taken for UTC")
	}
}

func TestRepeatedNumber(t *testing.T) {
	for repeat, want := range map[Repeat]struct {
		code   string
		orders int
		same   bool
	}{RepeatSame: {"000000", 1, true}, RepeatRefused: {"080000", 1, false}, RepeatSecond: {"000000", 2, false}} {
		c := open(t, func(conf *Config) { conf.Repeat = repeat })
		first := c.made("a", 100)
		a := c.call("creation", creationOf("a", 100))
		if a["error_code"] != want.code || (a["order_id"] == first) != want.same || len(c.bank.Payments("a")) != want.orders {
			t.Errorf("%q: %v", repeat, a)
		}
	}
}

func TestStub(t *testing.T) {
	c := open(t, func(conf *Config) { conf.Stub = true })
	status, text := c.send("creation", creationOf("a", 6002))
	if status != http.StatusGatewayTimeout || len(c.bank.Payments("")) != 0 {
		t.Errorf("60.02: %d %s", status, text)
	}
	c.made("a", 6003)
	c.clock = c.clock.Add(59 * time.Second)
	if s := c.status("a"); s["order_state"] != "CREATED" {
		t.Errorf("%v", s)
	}
	c.clock = c.clock.Add(time.Second)
	if s := c.status("a"); s["order_state"] != "PAID" {
		t.Errorf("%v", s)
	}
	if r := c.call("cancel", c.refundOf("a", 3)); r["order_status"] != "REFUNDED" {
		t.Errorf("%v", r)
	}
}

func TestRate(t *testing.T) {
	c := open(t, func(conf *Config) { conf.Rate = 4 })
	c.status("a") // with its token, two calls
	c.status("a")
	if status, _ := c.post("/prod/tokens/v3/oauth", nil, ""); status != http.StatusTooManyRequests {
		t.Errorf("the fifth call is %d", status)
	}
	c.clock = c.clock.Add(time.Second)
	if s := c.status("a"); s["error_code"] != "100000" {
		t.Errorf("a second later: %v", s)
	}
}

func TestExpiry(t *testing.T) {
	c := open(t, func(conf *Config) { conf.Life = 15 * time.Minute })
	id := c.made("a", 100)
	c.clock = c.clock.Add(15 * time.Minute)
	if s := c.status("a"); s["order_state"] != "EXPIRED" || c.bank.Pay(id, false) == nil {
		t.Errorf("%v", s)
	}
	if p := c.bank.Payments("a"); !p[0].Expires.Equal(c.clock) {
		t.Errorf("%+v", p)
	}
}
