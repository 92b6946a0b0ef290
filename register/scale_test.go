package register_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

func TestScaleBarcodes(t *testing.T) {
	const common = "20CCCCCWWWWWK"
	for _, c := range []struct {
		name, pattern string
		kind          register.ScaleKind
		barcode       string
		want          register.Weighing
		ok            bool
		err           error
	}{
		{"the public example", common, register.ScaleWeight, "2004626002149", register.Weighing{Code: "04626", Kind: register.ScaleWeight, Value: 214}, true, nil},
		{"a wrong check digit", common, register.ScaleWeight, "2004626002148", register.Weighing{}, false, nil},
		{"another prefix", common, register.ScaleWeight, "2104626002148", register.Weighing{}, false, nil},
		{"another prefix with its check digit", common, register.ScaleWeight, "2104626002146", register.Weighing{}, false, nil},
		{"a digit less", common, register.ScaleWeight, "200462600214", register.Weighing{}, false, nil},
		{"a digit more", common, register.ScaleWeight, "20046260021499", register.Weighing{}, false, nil},
		{"a letter", common, register.ScaleWeight, "20046260O2149", register.Weighing{}, false, nil},
		{"digits of another alphabet", common, register.ScaleWeight, "٢004626002149"[:13], register.Weighing{}, false, nil},
		{"nothing", common, register.ScaleWeight, "", register.Weighing{}, false, nil},
		{"no weight", common, register.ScaleWeight, "2004626000008", register.Weighing{Code: "04626", Kind: register.ScaleWeight}, true, register.ErrEmptyWeight},
		{"one digit of prefix", "2CCCCCCWWWWWK", register.ScaleWeight, "2004626002149", register.Weighing{Code: "004626", Kind: register.ScaleWeight, Value: 214}, true, nil},
		{"a price", "25CCCCWWWWWWK", register.ScalePrice, "2504620123456", register.Weighing{Code: "0462", Kind: register.ScalePrice, Value: 12345}, true, nil},
		{"pieces", "23CCCCCWWWWWK", register.ScalePieces, "2300042000128", register.Weighing{Code: "00042", Kind: register.ScalePieces, Value: 12}, true, nil},
		{"with no check digit, and digits that mean nothing", "99XXCCCCWWWW", register.ScaleWeight, "990712340500", register.Weighing{Code: "1234", Kind: register.ScaleWeight, Value: 500}, true, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := register.ScaleMask{Pattern: c.pattern, Kind: c.kind}
			if err := m.Check(); err != nil {
				t.Fatal(err)
			}
			got, ok, err := m.Read(c.barcode)
			if got != c.want || ok != c.ok || !errors.Is(err, c.err) {
				t.Errorf("got %+v, %t, %v; want %+v, %t, %v", got, ok, err, c.want, c.ok, c.err)
			}
		})
	}
}

func TestMasksThatCannotBeUsed(t *testing.T) {
	for name, m := range map[string]register.ScaleMask{
		"no kind":                         {Pattern: "20CCCCCWWWWWK"},
		"an unknown kind":                 {Pattern: "20CCCCCWWWWWK", Kind: "litres"},
		"no pattern":                      {Kind: register.ScaleWeight},
		"too short":                       {Pattern: "2CCCWWW", Kind: register.ScaleWeight},
		"too long":                        {Pattern: "20CCCCCXXXXXXXXXWWWWW", Kind: register.ScaleWeight},
		"other letters":                   {Pattern: "20CCCCCGGGGGK", Kind: register.ScaleWeight},
		"small letters":                   {Pattern: "20cccccwwwwwk", Kind: register.ScaleWeight},
		"Russian letters":                 {Pattern: "20СССССWWWWWK", Kind: register.ScaleWeight},
		"no prefix":                       {Pattern: "CCCCCCCWWWWWK", Kind: register.ScaleWeight},
		"any prefix":                      {Pattern: "X0CCCCCWWWWWK", Kind: register.ScaleWeight},
		"no code":                         {Pattern: "20XXXXXWWWWWK", Kind: register.ScaleWeight},
		"no value":                        {Pattern: "20CCCCCXXXXXK", Kind: register.ScaleWeight},
		"a code in two pieces":            {Pattern: "20CCXCCWWWWWK", Kind: register.ScaleWeight},
		"a value in two pieces":           {Pattern: "20CCCCCWWXWWK", Kind: register.ScaleWeight},
		"a value too long":                {Pattern: "20CCWWWWWWWWK", Kind: register.ScaleWeight},
		"a code too long":                 {Pattern: "20CCCCCCCCCWWWWW", Kind: register.ScaleWeight},
		"two check digits":                {Pattern: "20CCCCCWWWWKK", Kind: register.ScaleWeight},
		"a check digit in the middle":     {Pattern: "20CCCCCKWWWWW", Kind: register.ScaleWeight},
		"a check digit of another length": {Pattern: "20CCCCWWWWK", Kind: register.ScaleWeight},
	} {
		if err := m.Check(); !errors.Is(err, register.ErrBadMask) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckDigit(t *testing.T) {
	for digits, want := range map[string]byte{
		"210123400356": '5', "200462600214": '9', "460000000001": '5', // EAN-13
		"9638507":     '4', // EAN-8
		"03600029145": '2', // UPC-A
		"0":           '0', "": '0',
	} {
		if got := register.CheckDigit(digits); got != want {
			t.Errorf("%s: %c, want %c", digits, got, want)
		}
	}
}

func TestScaleBarcodeIsReadAsItIsPrinted(t *testing.T) {
	check(t, func(t *rapid.T) {
		digits := func(name string, n int) string {
			return rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), n, n, -1).Draw(t, name)
		}
		prefix, code := digits("prefix", 1+pick(t, "of prefix", 2)), digits("code", 5)
		value := digits("value", 12-len(prefix)-len(code))
		m := register.ScaleMask{Pattern: prefix + strings.Repeat("C", len(code)) + strings.Repeat("W", len(value)) + "K", Kind: register.ScaleWeight}
		if err := m.Check(); err != nil {
			t.Fatal(err)
		}
		text := prefix + code + value
		text += string(register.CheckDigit(text))
		w, ok, err := m.Read(text)
		var number int64
		for _, d := range value {
			number = number*10 + int64(d-'0')
		}
		if !ok || w.Code != code || w.Value != number || errors.Is(err, register.ErrEmptyWeight) != (number == 0) {
			t.Fatalf("%s is read as %+v, %t, %v", text, w, ok, err)
		}
		// One wrong digit is always noticed.
		at := pick(t, "at", len(text))
		wrong := []byte(text)
		wrong[at] = '0' + (wrong[at]-'0'+byte(1+pick(t, "by", 9)))%10
		if _, ok, _ := m.Read(string(wrong)); ok {
			t.Fatalf("%s was taken for %s", wrong, text)
		}
	})
}

func FuzzScaleMask(f *testing.F) {
	f.Add("20CCCCCWWWWWK", "weight", "2004626002149")
	f.Add("2CCCCCCWWWWWK", "price", "2004626002149")
	f.Add("99XXCCCCWWWW", "pieces", "990712340500")
	f.Add("", "", "")
	f.Add("20\xffCWCWK", "weight", "20\xff")
	f.Fuzz(func(t *testing.T, pattern, kind, barcode string) {
		m := register.ScaleMask{Pattern: pattern, Kind: register.ScaleKind(kind)}
		checked := m.Check()
		if checked != nil && !errors.Is(checked, register.ErrBadMask) {
			t.Errorf("error %v has no kind", checked)
		}
		w, ok, err := m.Read(barcode)
		if !ok && (w != register.Weighing{} || err != nil) {
			t.Errorf("%q is not of %q, and %+v, %v", barcode, pattern, w, err)
		}
		if checked != nil || !ok {
			return
		}
		if len(barcode) != len(pattern) || len(w.Code) != strings.Count(pattern, "C") || w.Value < 0 || w.Value > 9_999_999 || (w.Value == 0) != errors.Is(err, register.ErrEmptyWeight) {
			t.Errorf("%q by %q is %+v, %v", barcode, pattern, w, err)
		}
	})
}
