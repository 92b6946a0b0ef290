package atol

import (
	"testing"
	"time"

	"kassa/fiscal"
)

// TestStateInOldNames reads the names that older services use.
func TestStateInOldNames(t *testing.T) {
	s := &script{ask: map[string]answer{
		"DeviceInfo":             {200, `{"deviceInfo":{"serial":106900000014,"modelName":"АТОЛ 30Ф","ffdVersion":1.05}}`},
		"DeviceStatus":           {200, `{"deviceStatus":{"currentDateTime":"2026-03-14T12:05:00+03:00","coverOpened":"false","paperPresent":1}}`},
		"ShiftStatus":            {200, `{"shiftStatus":{"number":37,"state":"opened","expiredTime":"2026-03-15T09:00:00+03:00"}}`},
		"FnInfo":                 {200, `{"fnInfo":{"serial":"9999078902000123","validityDate":"2027-05-01T00:00:00+03:00","warnings":{"resourceExhausted":true}}}`},
		"FnStatus":               {200, `{"fnStatus":{"fiscalDocumentNumber":"1041"}}`},
		"OfdExchangeStatus":      {200, `{"status":{"notSentCount":2,"notSentFirstDocDateTime":"2026-03-11T09:00:00+03:00"}}`},
		"ShiftTotals":            {200, `{"shiftTotals":{"cashDrawer":{"sum":100.50}}}`},
		"getRequestsQueueStatus": {200, `{"number":1,"isBlocked":true,"blockReason":"paperError"}`},
		"serverInfo":             {200, `{"driverVersion":"10.10.7.0"}`},
	}}
	got, err := s.open(t, nil).State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.Clock.IsZero() || !got.Expires.Equal(time.Date(2026, 3, 15, 6, 0, 0, 0, time.UTC)) || got.FNUntil.Year() != 2027 || got.UnsentSince.Day() != 11 {
		t.Errorf("times: %+v", got)
	}
	got.Clock, got.Expires, got.FNUntil, got.UnsentSince = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	want := fiscal.State{Model: "АТОЛ 30Ф", Serial: "106900000014", FFD: "1.05", Shift: fiscal.ShiftOpen, Number: 37, FN: "9999078902000123", Last: 1041,
		FNReplace: true, Unsent: 2, Drawer: 100_50, Blocked: fiscal.TroublePaper,
		Can: fiscal.Capabilities{Corrections: true, NoPaper: true, CashMoves: true, Copies: true}}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestBlockedDevices tells of devices that can make nothing.
func TestBlockedDevices(t *testing.T) {
	said := func(code string) answer { return answer{420, `{"error":{"code":` + code + `,"description":"нет"}}`} }
	for name, c := range map[string]struct {
		ask  map[string]answer
		want fiscal.Trouble
	}{
		"not registered":    {map[string]answer{"DeviceStatus": {200, `{"deviceStatus":{"fiscal":false,"fnPresent":true}}`}}, fiscal.TroubleUnregistered},
		"no fiscal storage": {map[string]answer{"FnInfo": said("166")}, fiscal.TroubleUnregistered},
		"a broken one":      {map[string]answer{"FnInfo": said("118")}, fiscal.TroubleMemory},
		"a closed one":      {map[string]answer{"FnInfo": {200, `{"fnInfo":{"serial":"9999078902000123","livePhase":"postFiscalMode"}}`}}, fiscal.TroubleMemory},
		"blocked":           {map[string]answer{"DeviceStatus": {200, `{"deviceStatus":{"blocked":true}}`}}, fiscal.TroubleOther},
		"a queue without its reason": {map[string]answer{"getRequestsQueueStatus": {200, `{"isBlocked":true,"blockReason":"moon"}`}},
			fiscal.TroubleOther},
		"a queue without the link": {map[string]answer{"getRequestsQueueStatus": {200, `{"isBlocked":true,"blockReason":"connectionError"}`}},
			fiscal.TroubleOff},
		"nothing": {nil, ""},
	} {
		ask := standsAt1041()
		ask["DeviceInfo"], ask["DeviceStatus"], ask["ShiftStatus"] = answer{200, `{"deviceInfo":{}}`}, answer{200, `{}`}, answer{200, `{}`}
		ask["OfdExchangeStatus"], ask["getRequestsQueueStatus"] = answer{200, `{}`}, answer{200, `{}`}
		for name, a := range c.ask {
			ask[name] = a
		}
		got, err := (&script{ask: ask}).open(t, nil).State(t.Context())
		if err != nil || got.Blocked != c.want || got.Model == "" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
