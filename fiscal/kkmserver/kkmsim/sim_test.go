package kkmsim

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kassa/fiscal/fnsim"
)

// program is a practice KkmServer that is spoken to in plain JSON.
type program struct {
	*Sim
	device *fnsim.Device
	url    string
}

func open(t *testing.T) program {
	t.Helper()
	device, err := fnsim.New(fnsim.Setup{})
	if err != nil {
		t.Fatal(err)
	}
	sim := New(device, Options{Login: "User", Password: "practice"})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	t.Cleanup(sim.Close)
	return program{sim, device, server.URL}
}

// ask sends a command, and gives the HTTP status and the answer.
func (p program) ask(t *testing.T, body, password string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/Execute", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("User", password)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer := map[string]any{}
	if res.StatusCode == http.StatusOK {
		if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
			t.Fatal(err)
		}
	}
	return res.StatusCode, answer
}

// status asks and gives the command's status.
func (p program) status(t *testing.T, body string) float64 {
	t.Helper()
	_, answer := p.ask(t, body, "practice")
	status, ok := answer["Status"].(float64)
	if !ok {
		t.Fatalf("%s: %v", body, answer)
	}
	return status
}

const (
	coffee = `{"Name":"Кофе","Quantity":1,"Price":150.00,"Amount":150.00,"Tax":22,"SignMethodCalculation":4,"SignCalculationObject":1,"MeasureOfQuantity":0}`
	sale   = `{"Command":"RegisterCheck","IdCommand":"a","IsFiscalCheck":true,"TypeCheck":0,"PayByProcessing":false,"CashierName":"Анна",
		"CheckStrings":[{"Register":` + coffee + `},{"PrintText":{"Text":"Спасибо"}}],"Cash":200.00}`
)

func TestWhoMayAsk(t *testing.T) {
	p := open(t)
	if code, _ := p.ask(t, `{"Command":"GetDataKKT"}`, "wrong"); code != http.StatusUnauthorized {
		t.Errorf("a wrong password: HTTP %d", code)
	}
	if code, _ := p.ask(t, `{"Command":"NoSuch"}`, "practice"); code != http.StatusNotImplemented {
		t.Errorf("no such command: HTTP %d", code)
	}
	for body, want := range map[string]float64{
		`{"Command":"GetDataKKT"}`:                               statusOK,
		`{"Command":"GetDataKKT","NumDevice":1}`:                 statusOK,
		`{"Command":"GetDataKKT","NumDevice":2}`:                 statusNotFound,
		`{"Command":"GetDataKKT","InnKkm":"7700000009"}`:         statusOK,
		`{"Command":"GetDataKKT","InnKkm":"3664069397"}`:         statusNotFound,
		`{"Command":"GetDataKKT","NumDevise":1}`:                 statusFailed,
		`{"Command":"GetDataKKT"} {}`:                            statusFailed,
		`{"Command":"GetRezult","IdCommand":"nobody's"}`:         statusNotFound,
		`{"Command":"GetRezult"}`:                                statusNotFound,
		`{"Command":"GetDataCheck","FiscalNumber":99}`:           statusFailed,
		`{"Command":"GetDataCheck"}`:                             statusOK,
		`{"Command":"OpenShift","IdCommand":"` + long() + `"}`:   statusFailed,
		`{"Command":"DepositingCash","IdCommand":"nothing"}`:     statusFailed,
		`{"Command":"DepositingCash","Amount":1.234}`:            statusFailed,
		`{"Command":"DepositingCash","Amount":-1}`:               statusFailed,
		`{"Command":"CloseShift","IdCommand":"nothing is open"}`: statusFailed,
	} {
		if got := p.status(t, body); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}

func long() string { return strings.Repeat("x", 41) }

// TestAReceipt follows one receipt: it is made once under its id, with the change taken off the cash.
func TestAReceipt(t *testing.T) {
	p := open(t)
	if p.status(t, sale) != statusFailed || len(p.device.Records()) != 1 {
		t.Error("a sale in a closed shift")
	}
	p.Forget()
	if p.status(t, `{"Command":"OpenShift","IdCommand":"o","CashierName":"Анна"}`) != statusOK {
		t.Error("the shift is not open")
	}
	_, answer := p.ask(t, sale, "practice")
	if answer["Status"] != 0.0 || answer["CheckNumber"] != 3.0 || answer["SessionNumber"] != 1.0 || !strings.HasSuffix(answer["QRCode"].(string), "&n=1") {
		t.Errorf("%v", answer)
	}
	if p.status(t, sale) != statusBefore || len(p.device.Records()) != 3 {
		t.Error("one id made two receipts")
	}
	p.Restart()
	_, answer = p.ask(t, `{"Command":"GetRezult","IdCommand":"a"}`, "practice")
	if rezult, ok := answer["Rezult"].(map[string]any); !ok || rezult["Status"] != 0.0 || rezult["CheckNumber"] != 3.0 {
		t.Errorf("%v", answer)
	}
	kept := p.device.Records()[2]
	if kept.Payments.Cash != 150_00 || kept.Change != 50_00 || p.device.Look().Drawer != 150_00 {
		t.Errorf("%+v", kept)
	}
	for name, spoil := range map[string][2]string{
		"a card that is charged":   {`"PayByProcessing":false`, `"PayByProcessing":true`},
		"a terminal of the server": {`"PayByProcessing":false,`, ``},
		"a kind that there is not": {`"TypeCheck":0`, `"TypeCheck":7`},
		"no kind":                  {`"TypeCheck":0,`, ``},
		"no cashier":               {`"CashierName":"Анна",`, ``},
		"a rate that there is not": {`"Tax":22`, `"Tax":18`},
		"no rate":                  {`"Tax":22,`, ``},
		"parts of a kopeck":        {`"Amount":150.00`, `"Amount":150.001`},
		"an exponent":              {`"Amount":150.00`, `"Amount":1.5e2`},
		"too little paid":          {`"Cash":200.00`, `"Cash":149.99`},
		"too many cards":           {`"Cash":200.00`, `"ElectronicPayment":150.01`},
		"no measure":               {`,"MeasureOfQuantity":0`, ``},
		"a line of nothing":        {`{"PrintText":{"Text":"Спасибо"}}`, `{}`},
		"the old tax system":       {`"TypeCheck":0`, `"TaxVariant":"3","TypeCheck":0`},
	} {
		body := strings.Replace(strings.Replace(sale, `"IdCommand":"a"`, `"IdCommand":"`+name+`"`, 1), spoil[0], spoil[1], 1)
		if body == sale || p.status(t, body) != statusFailed {
			t.Errorf("%s was taken", name)
		}
	}
	if n := len(p.device.Records()); n != 3 {
		t.Errorf("%d documents", n)
	}
}

// TestAsLongAsItTakes: a caller who does not wait is told that the command runs, and asks for its end.
func TestAsLongAsItTakes(t *testing.T) {
	p := open(t)
	if err := p.device.Faults.Break(fnsim.Plan{Name: fnsim.HangAfter, Times: 1}); err != nil {
		t.Fatal(err)
	}
	got := p.status(t, `{"Command":"OpenShift","IdCommand":"slow","Timeout":1}`)
	if got != statusRuns && got != statusWaits {
		t.Errorf("%v", got)
	}
	if again := p.status(t, `{"Command":"OpenShift","IdCommand":"slow","Timeout":1}`); again != statusBefore {
		t.Errorf("the same once more: %v", again)
	}
	for end := time.Now().Add(time.Minute); len(p.device.Records()) < 2; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it is never made")
		}
	}
	p.Restart() // cuts it off
	_, answer := p.ask(t, `{"Command":"GetRezult","IdCommand":"slow"}`, "practice")
	if rezult, ok := answer["Rezult"].(map[string]any); !ok || rezult["Status"] != float64(statusFailed) {
		t.Errorf("%v", answer)
	}
}
