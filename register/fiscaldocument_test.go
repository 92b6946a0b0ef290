package register_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"kassa/register"
)

// aFiscalReceipt is the fiscal document of a sale, with everything in it.
func aFiscalReceipt() register.FiscalDocument {
	return register.FiscalDocument{
		Of:       register.Ref{Journal: "j", Number: 7, ID: "sale", Shift: 3, Receipt: 2, At: time.Date(2026, 3, 14, 9, 4, 58, 0, time.UTC)},
		Document: "sale", FN: "9999078902000123", Number: 1042, Sign: 2780318453, At: time.Date(2026, 3, 14, 12, 5, 0, 0, time.FixedZone("", 3*60*60)),
		Shift: 37, InShift: 5, Registration: "0000000001061770", Total: 446_44,
		QR: "t=20260314T1205&s=446.44&fn=9999078902000123&i=1042&fp=2780318453&n=1",
	}
}

func TestAFiscalDocumentIsReadAsItWasWritten(t *testing.T) {
	want := aFiscalReceipt()
	body, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	o := register.Operation{Kind: register.KindFiscalDocument, Body: body}
	got, err := o.FiscalDocument()
	if err != nil || !got.At.Equal(want.At) || got.At.Format(time.RFC3339) != "2026-03-14T12:05:00+03:00" {
		t.Fatalf("%+v, %v", got, err)
	}
	if got.At = want.At; got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if _, err := (register.Operation{Kind: register.KindSale, Body: body}).FiscalDocument(); !errors.Is(err, register.ErrBadOperation) {
		t.Errorf("a sale is read as a fiscal document: %v", err)
	}
	if o.Kind.Money() {
		t.Error("it moves money")
	}
	totals := register.Totals{Receipts: 4, CashEnd: 100}
	before := totals
	if err := totals.Apply(o); err != nil || totals != before {
		t.Errorf("it is counted: %+v, %v", totals, err)
	}
	if cash, err := o.Drawer(); err != nil || cash != 0 {
		t.Errorf("it moves %s of cash, %v", cash, err)
	}
}

func TestFiscalDocumentsThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*register.FiscalDocument)
		want   error
	}{
		"a receipt":                     {func(*register.FiscalDocument) {}, nil},
		"found after the answer":        {func(d *register.FiscalDocument) { d.Found, d.NotPrinted = true, true }, nil},
		"a sign of zero":                {func(d *register.FiscalDocument) { d.Sign = 0 }, nil},
		"decided, then made":            {func(d *register.FiscalDocument) { d.Decided = "Ольга" }, nil},
		"of no kind":                    {func(d *register.FiscalDocument) { d.Document = "" }, register.ErrFiscal},
		"a long kind":                   {func(d *register.FiscalDocument) { d.Document = strings.Repeat("x", 33) }, register.ErrText},
		"no storage":                    {func(d *register.FiscalDocument) { d.FN = "" }, register.ErrFiscal},
		"a storage of letters":          {func(d *register.FiscalDocument) { d.FN = "storage" }, register.ErrFiscal},
		"a registration of letters":     {func(d *register.FiscalDocument) { d.Registration = "РН" }, register.ErrFiscal},
		"no number":                     {func(d *register.FiscalDocument) { d.Number = 0 }, register.ErrFiscal},
		"a number below zero":           {func(d *register.FiscalDocument) { d.Number = -1 }, register.ErrFiscal},
		"a shift below zero":            {func(d *register.FiscalDocument) { d.Shift = -1 }, register.ErrFiscal},
		"a place below zero":            {func(d *register.FiscalDocument) { d.InShift = -1 }, register.ErrFiscal},
		"a total below zero":            {func(d *register.FiscalDocument) { d.Total = -1 }, register.ErrFiscal},
		"a total beyond all":            {func(d *register.FiscalDocument) { d.Total = register.MaxMoney + 1 }, register.ErrTooMuch},
		"a QR beyond all":               {func(d *register.FiscalDocument) { d.QR = strings.Repeat("1", 257) }, register.ErrText},
		"a control character":           {func(d *register.FiscalDocument) { d.QR = "a\nb" }, register.ErrText},
		"no time":                       {func(d *register.FiscalDocument) { d.At = time.Time{} }, register.ErrFiscal},
		"given up by nobody":            {func(d *register.FiscalDocument) { d.GivenUp = true }, register.ErrFiscal},
		"given up, and there it stands": {func(d *register.FiscalDocument) { d.GivenUp, d.Decided = true, "Ольга" }, register.ErrFiscal},
	} {
		d := aFiscalReceipt()
		c.change(&d)
		if err := d.Check(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for name, d := range map[string]register.FiscalDocument{
		"a move of cash":      {Document: "cash_in", At: time.Unix(1, 0), Total: 100},
		"made, somebody says": {Document: "sale", Decided: "Ольга"},
		"given up":            {Document: "sale", Decided: "Ольга", GivenUp: true},
	} {
		if err := d.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, d := range map[string]register.FiscalDocument{
		"said by nobody":                      {Document: "sale"},
		"a sign and no number":                {Document: "sale", Decided: "Ольга", Sign: 5},
		"a QR code and no number":             {Document: "sale", Decided: "Ольга", QR: "t="},
		"a move of cash that took place when": {Document: "cash_in", Total: 100},
	} {
		if err := d.Check(); !errors.Is(err, register.ErrFiscal) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
