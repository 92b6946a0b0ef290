package atolsim_test

import (
	"net/http"
	"testing"
	"time"

	"kassa/fiscal/atol/atolsim"
	"kassa/fiscal/fnsim"
)

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
