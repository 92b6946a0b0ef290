package fnsim

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/register"
)

// clock is moved by hand.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// noon is noon in Moscow.
func noon() *clock { return &clock{time.Date(2026, 3, 14, 9, 5, 0, 0, time.UTC)} }

func open(t *testing.T, c *clock, change ...func(*Setup)) *Device {
	t.Helper()
	s := Setup{Clock: c.Now, Seed: 1}
	for _, f := range change {
		f(&s)
	}
	d, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// opened is a device with an open shift.
func opened(t *testing.T, c *clock, change ...func(*Setup)) *Device {
	t.Helper()
	d := open(t, c, change...)
	made(t, d, Document{Kind: fiscal.OpenShift})
	return d
}

func made(t *testing.T, d *Device, doc Document) Record {
	t.Helper()
	r, err := d.Make(t.Context(), doc)
	if err != nil {
		t.Fatalf("%s: %v", doc.Kind, err)
	}
	return r
}

func refusedWith(t *testing.T, d *Device, doc Document, want Code) {
	t.Helper()
	before := len(d.Records())
	_, err := d.Make(t.Context(), doc)
	if CodeOf(err) != want {
		t.Errorf("%s: %v, want %d", doc.Kind, err, want)
	}
	if len(d.Records()) != before {
		t.Errorf("%s: refused, and made", doc.Kind)
	}
}

func piece() *int { return new(int) }

// shopping is the example of the facts: 179.80 at 10 % and 266.64 at 22 %.
func shopping() Document {
	kg := 11
	return Document{Kind: fiscal.Sale, Operator: fiscal.Operator{Name: "Иванова А. П."},
		Lines: []Line{
			{Name: "Молоко 1 л", Price: 89_90, Quantity: 2000, Sum: 179_80, VAT: register.VAT10, Method: fiscal.FullPayment, Object: fiscal.Goods, Measure: piece()},
			{Name: "Сыр весовой", Price: 749_00, Quantity: 356, Sum: 266_64, VAT: register.VAT22, Method: fiscal.FullPayment, Object: fiscal.Goods, Measure: &kg},
		},
		Payments:  fiscal.Payments{Electronic: 446_44},
		Attribute: Attribute{"Операция", "0198f3c2"}}
}

func TestVATIsHalfUp(t *testing.T) {
	for _, one := range []struct {
		sum  register.Money
		rate register.VAT
		want register.Money
	}{
		{179_80, "10", 16_35}, {266_64, "22", 48_08}, {161_82, "10", 14_71}, {1000_00, "22/122", 180_33}, {500_00, "22/122", 90_16},
		{1_00, "5", 5}, {99_99, "7", 6_54}, {807_30, "22", 145_58}, {100_00, "none", 0}, {100_00, "0", 0}, {118_00, "18", 18_00},
	} {
		if got := rates[one.rate].tax(one.sum); got != one.want {
			t.Errorf("%v at %s: %v, want %v", one.sum, one.rate, got, one.want)
		}
	}
}

func TestRegistrationNumber(t *testing.T) {
	if got := Registration("0000000001", "7700000009", "00106900000014"); got != "0000000001061770" {
		t.Error(got)
	}
	if got := crc16([]byte("123456789")); got != 10673 {
		t.Error(got)
	}
}

func TestINN(t *testing.T) {
	for inn, want := range map[string]bool{"3664069397": true, "7700000009": true, "7700000008": false, "500100732259": true,
		"500100732258": false, "": false, "77000000": false, "770000000a": false} {
		if ValidINN(inn) != want {
			t.Errorf("%q", inn)
		}
	}
}

func TestQR(t *testing.T) {
	zone := time.FixedZone("", 3*3600)
	for want, r := range map[string]Record{
		"t=20260314T1205&s=446.44&fn=9999078902000123&i=1042&fp=2780318453&n=1": {Document: Document{Kind: fiscal.Sale}, Sum: 446_44,
			At: time.Date(2026, 3, 14, 12, 5, 0, 0, zone), FN: "9999078902000123", Number: 1042, Sign: 2780318453},
		"t=20150720T1638&s=9999999.00&fn=000110000105&i=12345678&fp=123456&n=2": {Document: Document{Kind: fiscal.Return}, Sum: 9999999_00,
			At: time.Date(2015, 7, 20, 16, 38, 0, 0, zone), FN: "000110000105", Number: 12345678, Sign: 123456},
	} {
		if got := qr(r); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if got := fiscal.QRText(r.Kind, fiscal.Receipt{At: r.At, Total: r.Sum, FN: r.FN, Number: r.Number, Sign: r.Sign}); got != want {
			t.Errorf("the till's: %s, want %s", got, want)
		}
	}
}

func TestASaleIsKept(t *testing.T) {
	d := opened(t, noon())
	r := made(t, d, shopping())
	if r.Number != 3 || r.Shift != 1 || r.InShift != 1 || r.Sum != 446_44 || r.Registration != "0000000001061770" || r.Sign == 0 ||
		r.At.Format(time.RFC3339) != "2026-03-14T12:05:00+03:00" || !strings.HasPrefix(r.QR, "t=20260314T1205&s=446.44&fn=9999078902000123&i=3&fp=") {
		t.Errorf("%+v", r)
	}
	kept, err := d.Find(r.Number)
	if err != nil {
		t.Fatal(err)
	}
	tags := kept.Tags()
	if tags["1103"] != register.Money(16_35) || tags["1020"] != register.Money(446_44) || tags["1084"].(Tags)["1086"] != "0198f3c2" {
		t.Errorf("%v", tags)
	}
	if v := tags["1115"].(Tags)["1119"].([]Tags)[0]; v["1199"] != int64(11) || v["1120"] != register.Money(48_08) {
		t.Errorf("%v", v)
	}
	if line := tags["1059"].([]Tags)[1]; line["1200"] != register.Money(48_08) || line["2108"] != int64(11) || line["1023"] != register.Quantity(356) {
		t.Errorf("%v", line)
	}
	for _, want := range []string{"КАССОВЫЙ ЧЕК", "Молоко 1 л", "ПРИХОД", "=446.44", "БЕЗНАЛИЧНЫМИ", "[QR t=", "ИНН 7700000009", "СУММА НДС 22%", "Учебная ул."} {
		if !strings.Contains(d.Tape(), want) {
			t.Errorf("the paper lacks %q:\n%s", want, d.Tape())
		}
	}
	if _, err := d.Find(99); !errors.Is(err, &Error{Code: FNNoData}) {
		t.Error(err)
	}
}

// TestOnlyNewRates: with VAT in container 1115 alone, tag 1104 is there and zero.
func TestOnlyNewRates(t *testing.T) {
	d := opened(t, noon())
	doc := shopping()
	doc.Lines, doc.Payments = doc.Lines[1:], fiscal.Payments{Electronic: 266_64}
	if tags := made(t, d, doc).Tags(); tags["1104"] != register.Money(0) {
		t.Errorf("%v", tags)
	}
}
