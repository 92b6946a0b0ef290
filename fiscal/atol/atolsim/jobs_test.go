package atolsim_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

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
