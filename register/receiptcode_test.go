package register_test

import (
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

func TestReceiptIsFoundByItsCode(t *testing.T) {
	check(t, func(t *rapid.T) {
		o := register.Operation{Number: draw[int64](t, "number", 1, 99_999_999), ID: rapid.StringMatching(`[0-9a-f-]{36}`).Draw(t, "id")}
		code := o.ReceiptCode()
		number, match, ok := register.ParseReceiptCode(code)
		if !ok || number != o.Number || !match(o) || register.CheckBarcode(code) != nil {
			t.Fatalf("%s is read as %d, %t", code, number, ok)
		}
		if next := (register.Operation{Number: o.Number + 1, ID: o.ID}); match(next) {
			t.Fatalf("%s is taken for that of %d", code, next.Number)
		}
	})
	first, second := register.Operation{Number: 7, ID: "a"}, register.Operation{Number: 7, ID: "b"}
	if _, match, _ := register.ParseReceiptCode(first.ReceiptCode()); match(second) {
		t.Error("one number in two journals has one code")
	}
	for _, number := range []int64{0, -1, 100_000_000} {
		if got := (register.Operation{Number: number}).ReceiptCode(); got != "" {
			t.Errorf("%d has the code %s", number, got)
		}
	}
}

func FuzzParseReceiptCode(f *testing.F) {
	for _, text := range []string{"9000000007123456", "9000000000123456", "90000000071234567", "9-00000007123456", "4600000000015", "", "90٣0000071234"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		number, match, ok := register.ParseReceiptCode(text)
		if ok != (match != nil) || ok && (number < 1 || number > 99_999_999) || !ok && number != 0 {
			t.Errorf("%q is read as %d, %t", text, number, ok)
		}
	})
}
