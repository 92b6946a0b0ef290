package register_test

import (
	"strings"
	"testing"

	"kassa/register"
)

func TestMarkingCode(t *testing.T) {
	const gtin = "04600000000015"
	for name, text := range map[string]string{
		"with separators":          "01" + gtin + "215Qbag!\x1d93Zjqw",
		"without separators":       "01" + gtin + "215Qbag!93Zjqw",
		"with a long tail":         "01" + gtin + "21sgOlpHsWHT1Lz\x1d91EE06\x1d92" + strings.Repeat("A/b+", 22),
		"told to be DataMatrix":    "]d201" + gtin + "215Qbag!\x1d93Zjqw",
		"with a sign at the start": "\x1d01" + gtin + "215Qbag!\x1d93Zjqw",
		"the sign as è":            "è01" + gtin + "215Qbag!93Zjqw",
		"as people read it":        "(01)" + gtin + "(21)5Qbag!",
		"the serial alone":         "01" + gtin + "21A",
		"a pack of tobacco":        gtin + "JrAq%g9ABU7Lq6x",
	} {
		got, ok := register.MarkingCode(text)
		if !ok || got != gtin {
			t.Errorf("%s: %q gave %q, %v", name, text, got, ok)
		}
	}
	for name, text := range map[string]string{
		"nothing":                  "",
		"EAN-13":                   "4600000000015",
		"ITF-14":                   "14600000000012",
		"a receipt's code":         "9000000001123456",
		"a fiscal receipt's QR":    "t=20190418T2116&s=3943.26&fn=9282000100072197&i=64318&fp=2918241905&n=1",
		"another check digit":      "0104600000000016215Qbag!",
		"letters in the number":    "01046000O0000015215Qbag!",
		"a batch, and no serial":   "01" + gtin + "105Qbag!",
		"no serial":                "01" + gtin + "21",
		"29 digits":                gtin + "123456789012345",
		"a sign short of a pack":   gtin + "JrAq%g9ABU7Lq6",
		"with a control character": "01" + gtin + "215Q\nbag!",
		"Cyrillic letters":         "01" + gtin + "215Й",
		"too long":                 "01" + gtin + "21" + strings.Repeat("x", 600),
	} {
		if got, ok := register.MarkingCode(text); ok {
			t.Errorf("%s: %q gave %q", name, text, got)
		}
	}
}

func FuzzMarkingCode(f *testing.F) {
	for _, seed := range []string{"0104600000000015215Qbag!\x1d93Zjqw", "(01)04600000000015(21)5Q", "]d2", "\x1d", "è", "04600000000015JrAq%g9ABU7Lq6x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if gtin, ok := register.MarkingCode(text); ok && (len(gtin) != 14 || !strings.Contains(text, gtin) && !strings.Contains(text, "(")) {
			t.Fatalf("%q gave %q", text, gtin)
		}
	})
}
