package till_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kassa/app/till"
)

func TestINN(t *testing.T) {
	for inn, good := range map[string]bool{
		"": true, "7700000009": true, "7707083893": true, "7736050003": true, "500100732259": true,
		"7707083894": false, "500100732269": false, "500100732258": false, "770708389": false, "77070838931": false,
		"77070838a3": false, "٧٧٠٧٠٨٣٨٩٣": false, " 7707083893": false,
	} {
		if err := till.CheckINN(inn); (err == nil) != good || err != nil && !errors.Is(err, till.ErrBadSetting) {
			t.Errorf("%q: %v", inn, err)
		}
	}
}

// One digit mistyped is what check digits are there to notice.
func TestOneWrongDigitOfAnINNIsNoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inn := rapid.SampledFrom([]string{"7707083893", "7736050003", "7700000009"}).Draw(t, "inn")
		at := rapid.IntRange(0, len(inn)-2).Draw(t, "at")
		wrong := inn[:at] + string(rapid.RuneFrom([]rune("0123456789")).Draw(t, "digit")) + inn[at+1:]
		// Weights times the difference vanish modulo 11 for none of them, but a remainder of ten counts as nought.
		if wrong != inn && till.CheckINN(wrong) == nil && !strings.HasSuffix(inn, "0") {
			t.Fatalf("%s passes for %s", wrong, inn)
		}
	})
}
