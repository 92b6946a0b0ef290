package slip_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kassa/i18n"
	"kassa/printer"
	"kassa/printer/slip"
	"kassa/printer/slip/sliptest"
	"kassa/register"
)

var update = flag.Bool("update", false, "write the slips that are made now as the ones expected")

var at = sliptest.At

func language(t *testing.T, tag string) *i18n.Language {
	t.Helper()
	l, err := i18n.Load(tag)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// slips are all slips of the till, in one language.
func slips(t *testing.T, tag string) map[string]printer.Document {
	t.Helper()
	lang := language(t, tag)
	docs := map[string]printer.Document{}
	for name, op := range sliptest.Operations(t) {
		doc, has, err := slip.For(sliptest.Shop(), op, lang)
		if err != nil || !has {
			t.Fatalf("%s: has a slip %t, %v", name, has, err)
		}
		docs[name] = doc
	}
	copied, err := slip.Copy(sliptest.Shop(), sliptest.Operations(t)["sale-cash"], at.Add(time.Hour), lang)
	if err != nil {
		t.Fatal(err)
	}
	docs["copy"] = copied
	docs["qr"], err = slip.QR(sliptest.Shop(), slip.Code{
		Amount: 123450, Payload: "https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=100000000007&sum=123450&cur=RUB&crc=AB75",
		Purpose: "Покупка в магазине «Ромашка»", At: at, Expires: at.Add(15 * time.Minute),
	}, lang)
	if err != nil {
		t.Fatal(err)
	}
	docs["copy-of-receipt"], err = slip.CopyOfReceipt(sliptest.Shop(), sliptest.Operations(t)["sale-cash"], sliptest.Receipt(), at.Add(time.Hour), lang)
	if err != nil {
		t.Fatal(err)
	}
	shop := sliptest.Shop()
	shop.Columns = 32
	docs["test"] = slip.TestPage(shop, "generic58", at, lang)
	docs["x"] = slip.XReport(sliptest.Shop(), slip.Shift{Number: 12, Opened: at.Add(-5 * time.Hour), Cashier: "Иванова А. П."}, sliptest.Totals(), at, lang)
	return docs
}

// The slips stand as text in testdata, at the usual widths, where a reader can judge them.
func TestSlips(t *testing.T) {
	expected := map[string]bool{}
	for _, tag := range i18n.Tags() {
		for name, doc := range slips(t, tag) {
			for _, columns := range []int{48, 42, 32} {
				file := fmt.Sprintf("%s-%s-%d.txt", name, tag, columns)
				expected[file] = true
				t.Run(file, func(t *testing.T) { golden(t, file, printer.PlainText(doc, columns)) })
			}
		}
	}
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := filepath.Base(file); !expected[name] && !strings.HasPrefix(name, "form-") {
			t.Errorf("%s belongs to no slip", file)
		}
	}
}

func TestNoSlipLooksFiscal(t *testing.T) {
	for _, tag := range i18n.Tags() {
		never := []string{"КАССОВЫЙ ЧЕК", "ФИСКАЛЬНЫЙ ЧЕК", "ФН", "ФД", "ФП", "ПРИХОД"}
		for name, doc := range slips(t, tag) {
			text := strings.ToUpper(printer.PlainText(doc, 48))
			if !strings.Contains(text, language(t, tag).T("slip.not_fiscal")) {
				t.Errorf("%s %s does not say that it is not fiscal", name, tag)
			}
			text, _, repeats := strings.Cut(text, strings.ToUpper(language(t, tag).T("slip.receipt_copy")))
			if repeats != (name == "copy-of-receipt") {
				t.Errorf("%s %s repeats a receipt: %t", name, tag, repeats)
			}
			for _, word := range never {
				if strings.Contains(text, word) {
					t.Errorf("%s %s says %q", name, tag, word)
				}
			}
			if strings.Contains(text, "SLIP.") || strings.Contains(text, "METHOD.") || strings.Contains(text, "{") {
				t.Errorf("%s %s has a text missing:\n%s", name, tag, text)
			}
		}
	}
}

func TestEveryKindHasASlipOrNone(t *testing.T) {
	none := []register.Kind{register.KindShiftOpened, register.KindLineRemoved, register.KindReceiptCleared, register.KindDrawerOpened, register.KindFiscalDocument}
	tried := map[register.Kind]bool{}
	for _, op := range sliptest.Operations(t) {
		tried[op.Kind] = true
	}
	lang := language(t, i18n.Russian)
	for _, kind := range append(register.Kinds(), "moon_landing") {
		if tried[kind] {
			continue
		}
		if kind != "moon_landing" && !slices.Contains(none, kind) {
			t.Errorf("%s is not tried", kind)
		}
		doc, has, err := slip.For(sliptest.Shop(), sliptest.Operation(t, kind, struct{}{}), lang)
		if has || err != nil || len(doc.Elements) != 0 || doc.OpenDrawer {
			t.Errorf("%s: has a slip %t, %v", kind, has, err)
		}
	}
}

func TestDrawerOpensForCashAndNeverForCopies(t *testing.T) {
	want := map[string]bool{"sale-cash": true, "sale-discounts": true, "sale-prepaid": true, "return": true, "prepayment": true,
		"prepayment-return": true, "return-prepaid": true, "cash-in": true, "cash-out": true}
	for name, doc := range slips(t, i18n.Russian) {
		if doc.OpenDrawer != want[name] {
			t.Errorf("%s opens the drawer: %t", name, doc.OpenDrawer)
		}
	}
	for name, op := range sliptest.Operations(t) {
		doc, err := slip.Copy(sliptest.Shop(), op, at, language(t, i18n.Russian))
		if err != nil {
			t.Fatal(err)
		}
		if doc.OpenDrawer {
			t.Errorf("the copy of %s opens the drawer", name)
		}
	}
}

// A copy is the slip again, with nothing more than the words that say so.
func TestCopies(t *testing.T) {
	for _, tag := range i18n.Tags() {
		lang := language(t, tag)
		for name, op := range sliptest.Operations(t) {
			whole, _, err := slip.For(sliptest.Shop(), op, lang)
			if err != nil {
				t.Fatal(err)
			}
			copied, err := slip.Copy(sliptest.Shop(), op, at.Add(48*time.Hour), lang)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(printer.PlainText(copied, 32), lang.T("slip.copy")) || !strings.Contains(printer.PlainText(copied, 48), "24") {
				t.Errorf("%s %s does not say that it is a copy", name, tag)
			}
			more := len(copied.Elements) - len(whole.Elements)
			if more < 1 || cmp.Diff(whole.Elements[4:], copied.Elements[4+more:]) != "" {
				t.Errorf("the copy of %s %s says something else", name, tag)
			}
		}
	}
}

// Whatever a buyer may bring back, or bring along, begins with a scan.
func TestBarcodes(t *testing.T) {
	lang := language(t, i18n.Russian)
	for name, op := range sliptest.Operations(t) {
		doc, _, err := slip.For(sliptest.Shop(), op, lang)
		if err != nil {
			t.Fatal(err)
		}
		want := ""
		switch op.Kind {
		case register.KindSale, register.KindReturn, register.KindPrepayment, register.KindPrepaymentReturn:
			want = op.ReceiptCode()
		}
		if got := doc.Elements[len(doc.Elements)-1].Barcode; got != want {
			t.Errorf("%s ends with barcode %q, want %q", name, got, want)
		}
	}
	far := sliptest.Operations(t)["sale-cash"]
	far.Number = 1 << 40
	doc, _, err := slip.For(sliptest.Shop(), far, lang)
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(doc.Elements, func(e printer.Element) bool { return e.Barcode != "" }) {
		t.Error("a number that fits no code has one")
	}
}

func TestWrongOperations(t *testing.T) {
	lang, shop := language(t, i18n.Russian), sliptest.Shop()
	for _, kind := range []register.Kind{register.KindSale, register.KindReturn, register.KindPrepayment, register.KindPrepaymentReturn,
		register.KindCashIn, register.KindCashOut, register.KindShiftClosed} {
		for name, op := range map[string]register.Operation{
			"nonsense": {Kind: kind, Body: json.RawMessage(`{"lines": 5, "totals": 5, "sum": "x", "amount": "x"}`)},
			"nothing":  {Kind: kind},
		} {
			if doc, _, err := slip.For(shop, op, lang); !errors.Is(err, register.ErrBadOperation) || len(doc.Elements) != 0 {
				t.Errorf("%s of %s: %d elements, error %v", kind, name, len(doc.Elements), err)
			}
			if _, err := slip.Copy(shop, op, at, lang); !errors.Is(err, register.ErrBadOperation) {
				t.Errorf("copy of %s of %s: error %v", kind, name, err)
			}
		}
	}
	none := sliptest.Operation(t, register.KindShiftOpened, register.ShiftOpened{})
	if doc, has, err := slip.For(shop, none, lang); has || err != nil || len(doc.Elements) != 0 {
		t.Errorf("an operation that has no slip: %t, %d elements, error %v", has, len(doc.Elements), err)
	}
	if _, err := slip.Copy(shop, none, at, lang); !errors.Is(err, register.ErrBadOperation) {
		t.Errorf("a copy of it: %v", err)
	}
	for name, code := range map[string]slip.Code{"nothing": {Amount: 1}, "zero": {Payload: "a"}} {
		if _, err := slip.QR(shop, code, lang); !errors.Is(err, slip.ErrNoCode) {
			t.Errorf("code of %s: error %v", name, err)
		}
	}
}

// A shop that has not said anything of itself still gets its slips.
func TestEmptyShop(t *testing.T) {
	doc, _, err := slip.For(slip.Shop{}, sliptest.Operations(t)["sale-cash"], language(t, i18n.English))
	if err != nil {
		t.Fatal(err)
	}
	if first, _, _ := strings.Cut(printer.PlainText(doc, 48), "\n"); strings.TrimSpace(first) != "SALES SLIP No. 7" {
		t.Errorf("the slip begins with %q", first)
	}
}
