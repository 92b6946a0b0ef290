package fiscal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

// device is a virtual registrar of a version of the format, with an open shift.
func device(t tb, ffd string) *fnsim.Device {
	t.Helper()
	d, err := fnsim.New(fnsim.Setup{FFD: ffd, Clock: func() time.Time { return soldAt.Add(49 * time.Hour) }, Seed: 1})
	ok(t, err)
	for _, doc := range []fiscal.Document{{Kind: fiscal.OpenShift}, {Kind: fiscal.CashIn, Total: 100_000_00}} {
		_, err = d.Make(bg, fnsim.FromFiscal(doc, ffd))
		ok(t, err)
	}
	return d
}

// TestRegistrarsTakeTheDocuments has a virtual registrar make what For and Late give, with its own checks of sums, rates
// and sizes.
func TestRegistrarsTakeTheDocuments(t *testing.T) {
	for _, ffd := range []string{fnsim.FFD105, fnsim.FFD12} {
		t.Run(ffd, func(t *testing.T) {
			d := device(t, ffd)
			later := ffd != fnsim.FFD105
			can := fiscal.Capabilities{Corrections: true, CorrectionLines: later, ReturnCorrection: later}
			rapid.Check(t, func(rt *rapid.T) {
				c := drawCart(rt)
				sale := saleOf(rt, c, drawPayments(rt, c.Total())...)
				back, err := register.NewReturn(sale, ref("sale"), nil, []register.Want{{Line: 0, Quantity: sale.Lines[0].Quantity}}, register.Card, "")
				ok(rt, err)
				for _, op := range []register.Operation{operation(rt, register.KindSale, sale), operation(rt, register.KindReturn, back)} {
					doc, wanted, err := fiscal.For(op, fiscal.Chain{}, fiscal.Seller{Taxation: fiscal.TaxationOSN})
					ok(rt, err)
					if !wanted {
						continue
					}
					if rapid.Bool().Draw(rt, "late") {
						doc = fiscal.Late(doc, op, can, op.At.Add(48*time.Hour), time.UTC)
					}
					r, err := d.Make(bg, fnsim.FromFiscal(doc, ffd))
					if err != nil || r.Sum != doc.Total || r.Change != 0 {
						rt.Fatalf("%+v\nbecame %s with %s of change, %v", doc, r.Sum, r.Change, err)
					}
				}
			})
		})
	}
}

// The tax of a receipt of milk and cheese: 16.35 at 10 %, 48.08 at 22 %.
func TestTheTaxOnPaper(t *testing.T) {
	sale := saleOf(t, cartOf(t, register.Rules{}, good{milk, 2 * register.One}, good{cheese, 356}), card(44644))
	r, err := device(t, fnsim.FFD12).Make(bg, fnsim.FromFiscal(document(t, register.KindSale, sale, fiscal.Chain{}), fnsim.FFD12))
	ok(t, err)
	same(t, "taxes", r.VAT, []fnsim.Tax{{VAT: register.VAT10, Sum: 1635}, {VAT: register.VAT22, Sum: 4808}})
	if r.Sum != 44644 || !strings.Contains(r.QR, "&s=446.44&") {
		t.Errorf("%s, %s", r.Sum, r.QR)
	}
}

// A registrar takes 32 KB: the names of a very long receipt are cut, those of a usual one are not.
func TestALongReceiptFits(t *testing.T) {
	c := register.NewCart(register.Rules{})
	for i := range 400 {
		name := fmt.Sprintf("%d Вода %s", i, strings.Repeat("минеральная газированная ", i%5))
		_, err := c.Add(register.Product{ID: fmt.Sprint(i), Name: strings.TrimSpace(name), Unit: register.Piece, Price: 5000, VAT: register.VAT22}, register.One)
		ok(t, err)
	}
	d := document(t, register.KindSale, saleOf(t, &c, card(c.Total())), fiscal.Chain{})
	if _, err := device(t, fnsim.FFD12).Make(bg, fnsim.FromFiscal(d, fnsim.FFD12)); err != nil {
		t.Fatal(err)
	}
	if d.Lines[5].Name != "5 Вода" || len([]rune(d.Lines[4].Name)) >= len([]rune(c.Lines()[4].Name)) {
		t.Errorf("%q, %q", d.Lines[4].Name, d.Lines[5].Name)
	}
}
