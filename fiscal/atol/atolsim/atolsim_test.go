package atolsim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kassa/fiscal/atol/atolsim"
	"kassa/fiscal/fnsim"
)

const (
	login    = "kassa"
	password = "Practice-2026"
)

// client speaks to the service as any program would, with no code of the adapter.
type client struct {
	t    *testing.T
	sim  *atolsim.Server
	url  string
	mu   sync.Mutex
	now  time.Time
	jobs int
}

func open(t *testing.T, change ...func(*atolsim.Config)) *client {
	t.Helper()
	k := &client{t: t, now: time.Date(2026, 3, 14, 9, 5, 0, 0, time.UTC)}
	c := atolsim.Config{Login: login, Password: password, Recovery: time.Millisecond, Setup: fnsim.Setup{Clock: k.clock}}
	for _, f := range change {
		f(&c)
	}
	sim, err := atolsim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sim.Run(ctx) }()
	server := httptest.NewServer(sim.Handler())
	k.sim, k.url = sim, server.URL
	t.Cleanup(func() {
		server.Close()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return k
}

func (k *client) clock() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

func (k *client) advance(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.now = k.now.Add(d)
}

// do sends a request with the account, and gives the status and the JSON of the answer.
func (k *client) do(method, path, body string) (int, map[string]any) {
	k.t.Helper()
	req, err := http.NewRequestWithContext(k.t.Context(), method, k.url+path, strings.NewReader(body))
	if err != nil {
		k.t.Fatal(err)
	}
	req.SetBasicAuth(login, password)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	var v map[string]any
	if len(text) > 0 && json.Unmarshal(text, &v) != nil {
		k.t.Logf("%s %s: %s", method, path, text)
	}
	return res.StatusCode, v
}

// add puts a job into the queue and gives its uuid.
func (k *client) add(tasks string) string {
	k.t.Helper()
	k.jobs++
	uuid := fmt.Sprintf("job-%d", k.jobs)
	status, answer := k.do("POST", "/api/v2/requests", `{"uuid":"`+uuid+`","request":[`+tasks+`]}`)
	if status != 201 || answer["uuid"] != uuid {
		k.t.Fatalf("%s: HTTP %d %v", tasks, status, answer)
	}
	return uuid
}

// results waits for the end of a job.
func (k *client) results(uuid string) []map[string]any {
	k.t.Helper()
	for range 2000 {
		status, answer := k.do("GET", "/api/v2/requests/"+uuid, "")
		if status != 200 {
			k.t.Fatalf("%s: HTTP %d %v", uuid, status, answer)
		}
		var list []map[string]any
		ended := true
		for _, one := range answer["results"].([]any) {
			r := one.(map[string]any)
			ended = ended && r["status"] != "wait" && r["status"] != "inProgress" && r["status"] != "blocked"
			list = append(list, r)
		}
		if ended {
			return list
		}
		time.Sleep(time.Millisecond)
	}
	k.t.Fatalf("%s has come to no end", uuid)
	return nil
}

// runs has one task done, and gives its result.
func (k *client) runs(task string) map[string]any {
	k.t.Helper()
	r := k.results(k.add(task))[0]
	if r["status"] != "ready" {
		k.t.Fatalf("%s: %v", task, r)
	}
	result, _ := r["result"].(map[string]any)
	return result
}

// fails has one task refused, and gives the code and the words.
func (k *client) fails(task string) (int, string) {
	k.t.Helper()
	r := k.results(k.add(task))[0]
	if r["status"] != "error" {
		k.t.Errorf("%s: %v", task, r)
		return 0, ""
	}
	e := r["error"].(map[string]any)
	return int(e["code"].(float64)), e["description"].(string)
}

const example = `{"type":"sell","taxationType":"osn","electronically":false,
  "operator":{"name":"Кассир Иванова А. П."},
  "items":[
    {"type":"position","name":"Молоко 1 л","price":89.90,"quantity":2,"amount":179.80,"department":1,
     "measurementUnit":"piece","paymentMethod":"fullPayment","paymentObject":"commodity","tax":{"type":"vat10"}},
    {"type":"position","name":"Сыр весовой","price":749.00,"quantity":0.356,"amount":266.64,
     "measurementUnit":"kilogram","paymentMethod":"fullPayment","paymentObject":"commodity","tax":{"type":"vat22"}},
    {"type":"text","text":"Спасибо за покупку","alignment":"center"}],
  "payments":[{"type":"electronically","sum":446.44}],"total":446.44}`

// TestMakersExample takes the example of the maker's description.
func TestMakersExample(t *testing.T) {
	k := open(t)
	k.runs(`{"type":"openShift","operator":{"name":"Петрова"}}`)
	result := k.runs(example)
	p := result["fiscalParams"].(map[string]any)
	for name, want := range map[string]any{"fiscalDocumentNumber": 3.0, "fiscalDocumentDateTime": "2026-03-14T12:05:00+03:00", "fiscalReceiptNumber": 1.0,
		"shiftNumber": 1.0, "fnNumber": "9999078902000123", "registrationNumber": "0000000001061770", "total": 446.44} {
		if p[name] != want {
			t.Errorf("%s is %v, want %v", name, p[name], want)
		}
	}
	if sign := p["fiscalDocumentSign"].(string); len(sign) != 10 {
		t.Errorf("sign %q", sign)
	}
	r, err := k.sim.Device().Find(3)
	if err != nil || len(r.VAT) != 2 || r.VAT[0].Sum != 16_35 || r.VAT[1].Sum != 48_08 {
		t.Errorf("%+v, %v", r.VAT, err)
	}
	if !strings.Contains(k.sim.Device().Tape(), "Спасибо за покупку") {
		t.Error("the text is not on paper")
	}
	doc := k.runs(`{"type":"getFnDocument","fiscalDocumentNumber":3,"withRawData":false}`)["documentTLV"].(map[string]any)
	if doc["fiscalDocumentType"] != "receipt" || doc["1020"] != 446.44 || doc["1081"] != 446.44 || doc["1054"] != 1.0 || doc["qr"] != r.QR {
		t.Errorf("%v", doc)
	}
	if code, _ := k.fails(`{"type":"getFnDocument","fiscalDocumentNumber":4}`); code != 123 {
		t.Errorf("a document that there is not: %d", code)
	}
}

// TestJobs goes through the life of a job.
func TestJobs(t *testing.T) {
	k := open(t)
	uuid := k.add(`{"type":"openShift"},{"type":"cashIn","cashSum":1345},{"type":"cashOut","cashSum":2000},{"type":"reportX"}`)
	r := k.results(uuid)
	for i, want := range []string{"ready", "ready", "error", "interrupted"} {
		if r[i]["status"] != want {
			t.Errorf("task %d: %v", i, r[i])
		}
	}
	if sum := r[1]["result"].(map[string]any)["counters"].(map[string]any)["cashSum"]; sum != 1345.0 {
		t.Errorf("the drawer holds %v", sum)
	}
	for i, want := range map[int]float64{0: 0, 2: 80, 3: 502} {
		if code := r[i]["error"].(map[string]any)["code"]; code != want {
			t.Errorf("task %d: code %v", i, code)
		}
	}
	if status, answer := k.do("POST", "/api/v2/requests", `{"uuid":"`+uuid+`","request":[{"type":"reportX"}]}`); status != 409 {
		t.Errorf("the same uuid again: HTTP %d %v", status, answer)
	}
	if status, _ := k.do("DELETE", "/api/v2/requests/"+uuid, ""); status != 409 {
		t.Errorf("a job that has ended was deleted: HTTP %d", status)
	}
	if status, _ := k.do("GET", "/api/v2/requests/nosuch", ""); status != 404 {
		t.Errorf("no such job: HTTP %d", status)
	}
	if status, _ := k.do("DELETE", "/api/v2/requests/nosuch", ""); status != 404 {
		t.Errorf("no such job: HTTP %d", status)
	}
	_, q := k.do("GET", "/api/v2/getRequestsQueueStatus", "")
	if q["number"] != 0.0 || q["ready"] != 1.0 || q["canceled"] != 0.0 || q["isBlocked"] != false || q["blockReason"] != "" {
		t.Errorf("%v", q)
	}
	k.advance(31 * 24 * time.Hour)
	if status, _ := k.do("GET", "/api/v2/requests/"+uuid, ""); status != 404 {
		t.Errorf("its results are older than a month: HTTP %d", status)
	}
}

// TestDelete takes a job out of a queue that stands still.
func TestDelete(t *testing.T) {
	k := open(t)
	k.do("POST", "/control/recovery?after=1h", "")
	k.do("POST", "/control/faults/lost-after", "")
	first := k.add(`{"type":"openShift"}`)
	for range 2000 {
		if _, q := k.do("GET", "/api/v2/getRequestsQueueStatus", ""); q["isBlocked"] == true {
			if q["blockReason"] != "connectionError" || q["blockedUUID"] != first {
				t.Errorf("%v", q)
			}
			break
		}
		time.Sleep(time.Millisecond)
	}
	second := k.add(`{"type":"reportX"}`)
	if status, _ := k.do("DELETE", "/api/v2/requests/"+second, ""); status != 200 {
		t.Errorf("HTTP %d", status)
	}
	if r := k.results(second); r[0]["status"] != "canceled" {
		t.Errorf("%v", r)
	}
	if status, _ := k.do("DELETE", "/api/v2/requests/"+first, ""); status != 409 {
		t.Errorf("a blocked job was deleted: HTTP %d", status)
	}
	k.do("POST", "/control/restart?memory=true", "")
	r := k.results(first)[0]
	if r["status"] != "ready" || r["result"].(map[string]any)["warnings"].(map[string]any)["recovered"] != true {
		t.Errorf("%v", r)
	}
}

// TestValidation holds what the scripts refuse before the device is touched, by the name of the field.
func TestValidation(t *testing.T) {
	k := open(t)
	k.runs(`{"type":"openShift"}`)
	before := k.sim.Device().Look().Last
	spoil := func(from, to string) string {
		if !strings.Contains(example, from) {
			t.Fatalf("%q is not in the example", from)
		}
		return strings.Replace(example, from, to, 1)
	}
	for field, task := range map[string]string{
		"type":                   `{"type":"sale"}`,
		"items":                  spoil(`"items":[`, `"items":[],"x":[`),
		"payments":               spoil(`"payments":[{"type":"electronically","sum":446.44}]`, `"payments":[]`),
		"payments[0].type":       spoil(`"electronically","sum"`, `"credir","sum"`),
		"payments[0].sum":        spoil(`"sum":446.44`, `"sum":"446.44"`),
		"items[0].name":          spoil(`"name":"Молоко 1 л",`, ``),
		"items[0].price":         spoil(`"price":89.90`, `"price":89.905`),
		"items[1].quantity":      spoil(`"quantity":0.356`, `"quantity":0.3565`),
		"items[0].amount":        spoil(`"amount":179.80,`, ``),
		"items[0].tax":           spoil(`"paymentObject":"commodity","tax":{"type":"vat10"}`, `"paymentObject":"commodity"`),
		"items[0].tax.type":      spoil(`"vat10"`, `"vat11"`),
		"items[0].paymentMethod": spoil(`"paymentMethod":"fullPayment"`, `"paymentMethod":"later"`),
		"items[0].paymentObject": spoil(`"paymentObject":"commodity"`, `"paymentObject":"thing"`),
		"items[0].discount":      spoil(`"department":1`, `"discount":1`),
		"items[2].type":          spoil(`"type":"text"`, `"type":"poem"`),
		"items[2].alignment":     spoil(`"center"`, `"middle"`),
		"items[0].imcParams":     spoil(`"department":1`, `"imcParams":{"imc":"MDE="}`),
		"operator.name":          spoil(`"name":"Кассир Иванова А. П."`, `"name":""`),
		"taxationType":           spoil(`"osn"`, `"envd"`),
		"electronically":         spoil(`"electronically":false`, `"electronically":"no"`),
		"totl":                   spoil(`"total"`, `"totl"`),
		"cashSum":                `{"type":"cashIn","caseSum":100}`,
		"correctionType":         `{"type":"sellCorrection","correctionBaseDate":"2026.03.10","correctionBaseNumber":"1","items":[],"payments":[{"type":"cash","sum":1}]}`,
		"correctionBaseDate":     `{"type":"sellCorrection","correctionType":"self","correctionBaseDate":"10.03.2026","correctionBaseNumber":"1","items":[],"payments":[{"type":"cash","sum":1}]}`,
	} {
		code, words := k.fails(task)
		if code != 501 || !strings.Contains(words, `"`+field+`"`) {
			t.Errorf("%s: %d %s", field, code, words)
		}
	}
	// What the device itself refuses has its own code.
	for want, task := range map[int]string{
		66: spoil(`"sum":446.44`, `"sum":446.43`), 52: spoil(`"sum":446.44`, `"sum":446.45`), 227: spoil(`"total":446.44`, `"total":447.44`),
		16: spoil(`"amount":179.80`, `"amount":179.82`), 161: spoil(`"measurementUnit":"piece",`, ``), 11: `{"type":"buy"}`, 83: `{"type":"openShift"}`,
		143: spoil(`"osn"`, `"patent"`),
	} {
		if code, words := k.fails(task); code != want {
			t.Errorf("want %d: %d %s", want, code, words)
		}
	}
	if last := k.sim.Device().Look().Last; last != before {
		t.Errorf("%d documents were made", last-before)
	}
	for _, body := range []string{``, `[]`, `{`, `{"request":[{"type":"reportX"}]}`, `{"uuid":"u"}`, `{"uuid":"u","request":[]}`, `{"uuid":"u","request":[1]}`,
		`{"uuid":"u","request":[{}]}`, `{"uuid":"a/b","request":[{"type":"reportX"}]}`, `{"uuid":"u","requests":[{"type":"reportX"}],"request":[{"type":"reportX"}]}`} {
		if status, answer := k.do("POST", "/api/v2/requests", body); status != 420 {
			t.Errorf("%s: HTTP %d %v", body, status, answer)
		}
	}
}

// TestOtherClients are what programs written long ago send.
func TestOtherClients(t *testing.T) {
	k := open(t)
	if status, _ := k.do("POST", "/api/v2/request", `{"uuid":"old","request":{"type":"openShift","operator":{"name":"Иванов","vatin":"500100732259"}}}`); status != 201 {
		t.Fatalf("HTTP %d", status)
	}
	if r := k.results("old"); r[0]["status"] != "ready" {
		t.Errorf("%v", r)
	}
	// Numbers for names, a payment in two parts with change, floating point as JavaScript leaves it, and no total.
	k.runs(`{"type":"sell","items":[{"type":"position","name":"Хлеб","price":0.1,"quantity":3,"amount":0.30000000000000004,"tax":{"type":"vat10","sum":0.03},
		"paymentObject":1,"paymentMethod":"fullPayment","measurementUnit":0,"infoDiscountSum":0.1}],
		"payments":[{"type":"0","sum":1},{"type":"1","sum":0.1}],"taxes":[{"type":"vat10","sum":0.03}]}`)
	r, err := k.sim.Device().Find(3)
	if err != nil || r.Sum != 30 || r.Payments.Cash != 20 || r.Payments.Electronic != 10 || r.Change != 80 {
		t.Errorf("%+v, %v", r, err)
	}
	for _, task := range []string{`{"type":"getDeviceInfo"}`, `{"type":"getDeviceStatus"}`, `{"type":"getShiftStatus"}`, `{"type":"getShiftTotals"}`,
		`{"type":"getFnInfo"}`, `{"type":"getFnStatus"}`, `{"type":"ofdExchangeStatus"}`, `{"type":"getRegistrationInfo"}`, `{"type":"getCashDrawerStatus"}`} {
		if result := k.runs(task); len(result) == 0 {
			t.Errorf("%s gave nothing", task)
		}
	}
	for _, task := range []string{`{"type":"nonFiscal","items":[{"type":"text","text":"привет"},{"type":"barcode","barcode":"123","barcodeType":"QR"}]}`,
		`{"type":"printLastReceiptCopy"}`, `{"type":"printFnDocument","fiscalDocumentNumber":2}`, `{"type":"openCashDrawer"}`, `{"type":"continuePrint"}`} {
		k.runs(task)
	}
}

// TestQuestions asks everything that goes past the queue.
func TestQuestions(t *testing.T) {
	k := open(t)
	k.runs(`{"type":"openShift"}`)
	k.runs(`{"type":"cashIn","cashSum":100.5}`)
	for path, want := range map[string]string{
		"queryDeviceInfo": "deviceInfo", "queryDeviceStatus": "deviceStatus", "queryShiftStatus": "shiftStatus", "queryShiftTotals": "shiftTotals",
		"queryIncomeTotals": "incomeTotals", "queryOutcomeTotals": "outcomeTotals", "queryReceiptTotals?type=sell": "receiptTotals", "queryFnInfo": "fnInfo",
		"queryFnStatus": "fnStatus", "queryOfdExchangeStatus": "ofdExchangeStatus",
	} {
		if status, answer := k.do("POST", "/api/v2/operations/"+path, ""); status != 200 || answer[want] == nil {
			t.Errorf("%s: HTTP %d %v", path, status, answer)
		}
	}
	if status, _ := k.do("POST", "/api/v2/operations/queryReceiptTotals?type=gift", ""); status != 420 {
		t.Errorf("HTTP %d", status)
	}
	if status, _ := k.do("POST", "/api/v2/operations/queryMoon", ""); status != 404 {
		t.Errorf("HTTP %d", status)
	}
	k.do("POST", "/control/power?on=false", "")
	if status, answer := k.do("POST", "/api/v2/operations/queryFnInfo", ""); status != 420 || answer["error"].(map[string]any)["code"] != 2.0 {
		t.Errorf("HTTP %d %v", status, answer)
	}
	k.do("POST", "/control/power?on=true", "")
	k.do("POST", "/control/busy?times=1", "")
	if status, _ := k.do("POST", "/api/v2/operations/queryFnInfo", ""); status != 408 {
		t.Errorf("HTTP %d", status)
	}
	k.do("POST", "/control/lockout?on=true", "")
	if status, answer := k.do("POST", "/api/v2/operations/queryFnInfo", ""); status != 401 || answer["error"].(map[string]any)["code"] != 505.0 {
		t.Errorf("HTTP %d %v", status, answer)
	}
	if status, answer := k.do("GET", "/api/v2/serverInfo", ""); status != 200 || answer["serverVersion"] == nil {
		t.Errorf("HTTP %d %v", status, answer)
	}
}

// TestAccountAndDevice refuses strangers, and devices that there are not.
func TestAccountAndDevice(t *testing.T) {
	for _, c := range []atolsim.Config{{Login: "a", Password: "short"}, {Login: "a", Password: "nocapitals123"}, {Password: password},
		{Setup: fnsim.Setup{INN: "1"}}} {
		if _, err := atolsim.New(c); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
	k := open(t)
	res, err := http.Get(k.url + "/api/v2/getRequestsQueueStatus")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 401 || res.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("HTTP %d", res.StatusCode)
	}
	if status, _ := k.do("GET", "/api/v2/getRequestsQueueStatus?deviceID=other", ""); status != 404 {
		t.Errorf("HTTP %d", status)
	}
	k.do("POST", "/api/v2/deactivateDevice", "")
	if status, _ := k.do("POST", "/api/v2/requests", `{"uuid":"u","request":[{"type":"reportX"}]}`); status != 403 {
		t.Errorf("HTTP %d", status)
	}
	k.do("POST", "/api/v2/activateDevice", "")
	if status, _ := k.do("GET", "/api/v2/getRequestsQueueStatus?deviceID=default", ""); status != 200 {
		t.Errorf("HTTP %d", status)
	}
}

func TestSettings(t *testing.T) {
	k := open(t)
	if status, s := k.do("GET", "/api/v2/settings", ""); status != 200 || s["deleteRequestsAfter"] != 43200.0 || s["validateRequestsOnAdd"] != false {
		t.Errorf("HTTP %d %v", status, s)
	}
	if status, _ := k.do("PUT", "/api/v2/settings", `{"validateRequestsOnAdd":true,"deleteRequestsAfter":1}`); status != 200 {
		t.Errorf("HTTP %d", status)
	}
	if status, answer := k.do("POST", "/api/v2/requests", `{"uuid":"u","request":[{"type":"cashIn"}]}`); status != 420 {
		t.Errorf("HTTP %d %v", status, answer)
	}
	k.do("POST", "/control/busy?times=1", "")
	if status, _ := k.do("POST", "/api/v2/requests", `{"uuid":"u","request":[{"type":"openShift"}]}`); status != 408 {
		t.Errorf("HTTP %d", status)
	}
	uuid := k.add(`{"type":"openShift"}`)
	k.results(uuid)
	k.advance(time.Minute)
	if status, _ := k.do("GET", "/api/v2/requests/"+uuid, ""); status != 404 {
		t.Errorf("HTTP %d", status)
	}
	if status, _ := k.do("PUT", "/api/v2/settings", `{"deleteRequestsAfter":"x"}`); status != 400 {
		t.Errorf("HTTP %d", status)
	}
}

// TestPowerCut has the power go while a document is made: the program dies with the device, and finds the end when both
// are back.
func TestPowerCut(t *testing.T) {
	for fault, want := range map[string]string{"power-before": "error", "power-after": "ready"} {
		k := open(t)
		k.runs(`{"type":"openShift"}`)
		k.do("POST", "/control/faults/"+fault, "")
		uuid := k.add(`{"type":"closeShift"}`)
		for range 2000 {
			if status, _ := k.do("GET", "/api/v2/requests/"+uuid, ""); status == 0 {
				break
			}
			time.Sleep(time.Millisecond)
		}
		if status, _ := k.do("GET", "/api/v2/serverInfo", ""); status != 0 {
			t.Errorf("it lives without power: HTTP %d", status)
		}
		k.do("POST", "/control/power?on=true", "")
		if r := k.results(uuid); r[0]["status"] != want {
			t.Errorf("%s: %v", fault, r)
		}
		k.do("POST", "/control/crash", "")
		if status, _ := k.do("GET", "/api/v2/serverInfo", ""); status != 0 {
			t.Errorf("it lives after a crash: HTTP %d", status)
		}
		k.do("POST", "/control/restart?memory=false", "")
		if status, _ := k.do("GET", "/api/v2/requests/"+uuid, ""); status != 404 {
			t.Errorf("it has kept its jobs: HTTP %d", status)
		}
	}
}

// TestControls refuse what makes no sense.
func TestControls(t *testing.T) {
	k := open(t)
	for _, path := range []string{"restart", "restart?memory=perhaps", "busy?times=-1", "lockout?on=2", "recovery?after=soon", "marks"} {
		if status, _ := k.do("POST", "/control/"+path, ""); status != 400 {
			t.Errorf("%s: HTTP %d", path, status)
		}
	}
	uuid := k.add(`{"type":"openShift"}`)
	k.results(uuid)
	k.do("POST", "/control/forget?uuid="+uuid, "")
	if status, _ := k.do("GET", "/api/v2/requests/"+uuid, ""); status != 404 {
		t.Errorf("HTTP %d", status)
	}
}

// TestCallback tells of the end of a job to whom it concerns.
func TestCallback(t *testing.T) {
	told := make(chan string, 1)
	client := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		told <- string(body)
	}))
	defer client.Close()
	k := open(t)
	if status, answer := k.do("POST", "/api/v2/requests", `{"uuid":"u","callbacks":{"resultUrl":"`+client.URL+`"},"request":[{"type":"openShift"}]}`); status != 201 {
		t.Fatalf("HTTP %d %v", status, answer)
	}
	select {
	case body := <-told:
		if !strings.Contains(body, `"uuid":"u"`) || !strings.Contains(body, `"fiscalDocumentNumber":2`) {
			t.Error(body)
		}
	case <-time.After(10 * time.Second):
		t.Error("nobody called")
	}
}
