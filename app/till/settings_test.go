package till_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kassa/app/till"
	"kassa/localdb"
	"kassa/printer"
	"kassa/printer/slip"
)

func TestTheLookOfSlipsIsKept(t *testing.T) {
	store, err := localdb.Open(t.Context(), localdb.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	s, err := till.LoadSettings(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(slip.Form{}, s.Slip); diff != "" {
		t.Errorf("a new till's slips: %s", diff)
	}
	var logo bytes.Buffer
	if err := png.Encode(&logo, image.NewGray(image.Rect(0, 0, 16, 16))); err != nil {
		t.Fatal(err)
	}
	s.Shop.Name, s.Shop.Footer = "Ромашка", "Спасибо!\nЖдём вас снова."
	s.Slip = slip.Form{Header: []string{"Цветы"}, Hidden: []slip.Part{slip.PartINN}, OneLine: true, Logo: &printer.Picture{PNG: logo.Bytes()}}
	if err := till.SaveSettings(t.Context(), store, s); err != nil {
		t.Fatal(err)
	}
	back, err := till.LoadSettings(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, back); diff != "" {
		t.Error(diff)
	}
	back.Slip.Logo = nil
	if err := till.SaveSettings(t.Context(), store, back); err != nil {
		t.Fatal(err)
	}
	if back, err = till.LoadSettings(t.Context(), store); err != nil || back.Slip.Logo != nil {
		t.Errorf("the logo that was taken away: %v, %v", back.Slip.Logo, err)
	}
}

func TestALookThatCannotBeIsRefused(t *testing.T) {
	for name, change := range map[string]func(*till.Settings){
		"a part there is not": func(s *till.Settings) { s.Slip.Hidden = []slip.Part{"total"} },
		"too many lines":      func(s *till.Settings) { s.Shop.Footer = strings.Repeat("a\n", slip.MaxLines) },
		"no picture":          func(s *till.Settings) { s.Slip.Logo = &printer.Picture{PNG: []byte("GIF89a")} },
	} {
		s := till.DefaultSettings()
		if err := s.Check(); err != nil {
			t.Fatal(err)
		}
		change(&s)
		if err := s.Check(); !errors.Is(err, till.ErrBadSetting) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

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
