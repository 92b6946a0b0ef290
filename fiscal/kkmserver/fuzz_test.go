package kkmserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/kkmserver"
)

// said answers commands with bodies, by command.
type said map[string]string

// RoundTrip gives the body of the command that was asked; GetRezult knows nothing unless it was told to.
func (s said) RoundTrip(r *http.Request) (*http.Response, error) {
	var c struct{ Command string }
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, &c)
	}
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(s[c.Command])), Request: r}, nil
}

const (
	unknownID = `{"Command":"GetRezult","Status":3,"Error":"Команда не найдена"}`
	stands    = `{"Command":"GetDataKKT","Status":0,"Error":"","CheckNumber":7,"SessionNumber":2,"UnitName":"АТОЛ","Info":{"FnNumber":"9999078902000123",
		"RegNumber":"0000000001061770","FFDVersion":"1.2","FN_IsFiscal":true,"FN_DateEnd":"2027-01-01T00:00:00","OFD_NumErrorDoc":0,"SessionState":2,
		"PaperOver":false,"BalanceCash":100.5,"DateTimeKKT":"2026-03-14T12:05:00"}}`
	registered = `{"Command":"RegisterCheck","Status":0,"Error":"","CheckNumber":8,"SessionNumber":2,"SessionCheckNumber":5,
		"QRCode":"t=20260314T120500&s=446.44&fn=9999078902000123&i=8&fp=2780318453&n=1"}`
	kept = `{"Command":"GetDataCheck","Status":0,"QRCode":"t=20260314T120500&s=446.44&fn=9999078902000123&i=8&fp=2780318453&n=1","Slip":"ИТОГ",
		"RegisterCheck":{"FiscalNumber":"8","CheckType":"Приход","Register":[{"Quantity":2,"Amount":179.8},{"Quantity":0.356,"Amount":266.64}],
		"Cash":400.0,"ElectronicPayment":46.44,"AllSumm":446.44}}`
)

// deviceSaying is a device whose program answers so.
func deviceSaying(t testing.TB, s said) fiscal.Device {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 3, 14, 9, 5, 0, 0, time.UTC) }
	d, err := kkmserver.Driver().Open(fiscal.Settings{kkmserver.FieldPassword: password},
		fiscal.Options{Now: now, Deadline: 50 * time.Millisecond, Pause: time.Millisecond, Transport: s})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func aTry() fiscal.Try {
	return fiscal.Try{ID: "0198f3c2-7d10-7a54-9b1e-000000000001", Before: fiscal.Before{FN: "9999078902000123", Last: 7, Drawer: 100_50},
		Document: shopping("0198f3c2-0000-7000-8000-000000000002")}
}

// TestAnswersAsDocumented reads the answers of the maker's pages and of its public clients.
func TestAnswersAsDocumented(t *testing.T) {
	d := deviceSaying(t, said{"GetRezult": unknownID, "GetDataKKT": stands, "RegisterCheck": registered})
	got, err := d.Make(t.Context(), aTry())
	want := fiscal.Receipt{FN: "9999078902000123", Number: 8, Sign: 2780318453, At: time.Date(2026, 3, 14, 12, 5, 0, 0, got.At.Location()), Shift: 2, InShift: 5,
		Registration: "0000000001061770", Total: 446_44, QR: "t=20260314T1205&s=446.44&fn=9999078902000123&i=8&fp=2780318453&n=1"}
	if err != nil || got != want || !got.At.Equal(time.Date(2026, 3, 14, 9, 5, 0, 0, time.UTC)) {
		t.Errorf("%v\n%+v\n%+v", err, got, want)
	}
	running := strings.Replace(registered, `"Status":0`, `"Status":1`, 1)
	rezult := `{"Command":"GetRezult","Status":0,"Error":"","Rezult":` + registered + `}`
	for name, s := range map[string]said{
		"known already":      {"GetRezult": rezult, "GetDataKKT": stands},
		"numbers as strings": {"GetRezult": unknownID, "GetDataKKT": strings.Replace(stands, `"CheckNumber":7`, `"CheckNumber":"7"`, 1), "RegisterCheck": registered},
		"with a mark before": {"GetRezult": "\ufeff" + unknownID, "GetDataKKT": "\ufeff" + stands, "RegisterCheck": registered},
		"the id is unknown, in other words": {"GetRezult": `{"Command":"GetRezult","Status":2,"Error":"Чек с таким IdCommand не найден"}`,
			"GetDataKKT": stands, "RegisterCheck": registered},
		"paper ended": {"GetRezult": unknownID, "GetDataKKT": strings.Replace(stands, `"PaperOver":false`, `"PaperOver":true`, 1), "RegisterCheck": registered},
	} {
		got, err := deviceSaying(t, s).Make(t.Context(), aTry())
		if err != nil || got.Number != 8 || got.NotPrinted != (name == "paper ended") {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := deviceSaying(t, said{"GetRezult": unknownID, "GetDataKKT": stands, "RegisterCheck": running}).Make(t.Context(), aTry()); err == nil {
		t.Error("a command that runs, and that nobody knows, was made")
	}
}

// TestADeviceThatTellsNoNumber has no last document to look from: that is no proof that there is none.
func TestADeviceThatTellsNoNumber(t *testing.T) {
	s := said{"GetRezult": unknownID, "GetDataKKT": strings.Replace(stands, `"CheckNumber":7`, `"CheckNumber":""`, 1), "RegisterCheck": registered}
	try := aTry()
	try.Before.Last = 0
	if got, err := deviceSaying(t, s).Find(t.Context(), try); !errors.Is(err, fiscal.ErrUnclear) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := deviceSaying(t, s).Make(t.Context(), try); err != nil || got.Number != 8 {
		t.Errorf("%+v, %v", got, err)
	}
	s["RegisterCheck"] = `{"Command":"RegisterCheck","Status":2,"Error":"Нет бумаги"}`
	if got, err := deviceSaying(t, s).Make(t.Context(), try); !errors.Is(err, fiscal.ErrRefused) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAnswersOfOthers are JSON, and not about the document: nobody knows of it then.
func TestAnswersOfOthers(t *testing.T) {
	change := func(body, old, new string) string {
		t.Helper()
		if !strings.Contains(body, old) {
			t.Fatalf("%q is not in %s", old, body)
		}
		return strings.Replace(body, old, new, 1)
	}
	for name, answer := range map[string]string{
		"another sum":      change(registered, "s=446.44", "s=446.45"),
		"a return":         change(registered, "n=1", "n=2"),
		"another number":   change(registered, "i=8", "i=9"),
		"another command":  change(registered, "RegisterCheck", "CloseShift"),
		"another's id":     change(registered, `"Status":0`, `"Status":0,"IdCommand":"another"`),
		"no status":        change(registered, `"Status":0`, `"State":0`),
		"a status of text": change(registered, `"Status":0`, `"Status":"ok"`),
		"below zero":       change(registered, `"CheckNumber":8`, `"CheckNumber":-8`),
		"no code":          change(registered, "QRCode", "QRcodes"),
		"null":             "null", "a list": "[" + registered + "]", "two": registered + registered, "HTML": "<html>", "empty": "",
		"far too long": strings.Repeat(" ", 2<<20) + registered,
	} {
		d := deviceSaying(t, said{"GetRezult": unknownID, "GetDataKKT": stands, "RegisterCheck": answer})
		got, err := d.Make(t.Context(), aTry())
		if !errors.Is(err, fiscal.ErrUnknown) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, answer := range map[string]string{
		"no state":       change(stands, `"SessionState":2`, `"SessionState":9`),
		"no info":        change(stands, `"Info"`, `"Infos"`),
		"no fn":          change(stands, `"9999078902000123"`, `"<b>"`),
		"a sum of parts": change(stands, "100.5", "100.505"),
		"no number":      change(stands, `"CheckNumber":7`, `"CheckNumber":7.5`),
	} {
		d := deviceSaying(t, said{"GetRezult": unknownID, "GetDataKKT": answer, "RegisterCheck": registered})
		if s, err := d.State(t.Context()); err == nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// FuzzAnswers holds the contract of fiscal.Device whatever a program at the address answers, and that no receipt is
// believed that is not of the document.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{unknownID, stands, registered, kept, `{"Status":2,"Error":"Нет бумаги"}`, `{"Status":5}`, "", "null", "<html>", "{"} {
		f.Add([]byte(seed), []byte(stands), []byte(registered), []byte(kept))
		f.Add([]byte(unknownID), []byte(seed), []byte(registered), []byte(kept))
		f.Add([]byte(unknownID), []byte(stands), []byte(seed), []byte(kept))
		f.Add([]byte(unknownID), bytes.Replace([]byte(stands), []byte(`"CheckNumber":7`), []byte(`"CheckNumber":8`), 1), []byte(registered), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, rezult, state, answer, check []byte) {
		d := deviceSaying(t, said{"GetRezult": string(rezult), "GetDataKKT": string(state), "RegisterCheck": string(answer), "GetDataCheck": string(check)})
		try := aTry()
		for name, ask := range map[string]func(context.Context, fiscal.Try) (fiscal.Receipt, error){"Make": d.Make, "Find": d.Find} {
			got, err := ask(t.Context(), try)
			if err == nil && (got.Total != try.Document.Total || got.Number == 0 || got.FN == "" || !strings.Contains(got.QR, "s=446.44") || got.At.IsZero()) {
				t.Errorf("%s believes %+v", name, got)
			}
			var e *fiscal.Error
			if err != nil && (!errors.As(err, &e) || e.Fate == nil || e.Trouble == "") {
				t.Errorf("%s: %v", name, err)
			}
			if name == "Make" && (errors.Is(err, fiscal.ErrUnclear) || errors.Is(err, fiscal.ErrCannot)) {
				t.Errorf("Make: %v", err)
			}
			if err != nil && (len([]rune(err.Error())) > 1000 || strings.ContainsAny(err.Error(), "\n\r\x1b")) {
				t.Errorf("%s: %q", name, err)
			}
		}
		if s, err := d.State(t.Context()); err == nil && (s.Drawer > 9_999_999_999 || s.Last < 0 || s.Unsent < 0 || s.Shift == "") {
			t.Errorf("%+v", s)
		}
	})
}
