package every_test

import (
	"errors"
	"regexp"
	"slices"
	"testing"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/every"
	"kassa/banks/every/sims"
)

// word is what the names of banks and fields look like: they stand in tables and forms.
var word = regexp.MustCompile(`^[a-z][a-z0-9_]{1,30}$`)

func TestAdapters(t *testing.T) {
	list := every.Banks()
	if !slices.IsSortedFunc(list, func(a, b banks.Adapter) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	}) {
		t.Error("they are not sorted, or two have one name")
	}
	for _, a := range list {
		t.Run(a.Name, func(t *testing.T) {
			if got, ok := every.Bank(a.Name); !ok || got.Name != a.Name {
				t.Error("it is not found by its name")
			}
			if !word.MatchString(a.Name) || a.Title.Ru == "" || a.Title.En == "" {
				t.Errorf("its name or its title is missing: %q, %+v", a.Name, a.Title)
			}
			seen := map[string]banks.Field{}
			for _, f := range a.Fields {
				if _, twice := seen[f.Name]; twice || !word.MatchString(f.Name) || f.Label.Ru == "" || f.Label.En == "" || f.Secret && f.Default != "" {
					t.Errorf("field %+v", f)
				}
				seen[f.Name] = f
			}
			if url, ok := seen[banks.FieldURL]; !ok || url.Secret || url.Long {
				t.Errorf("the address: %+v", url)
			}
			if ca, ok := seen[banks.FieldCA]; !ok || !ca.Optional || !ca.Long {
				t.Errorf("the certificates: %+v", ca)
			}
			if _, err := a.Open(banks.Settings{}, banks.Options{}); !errors.Is(err, banks.ErrSettings) {
				t.Errorf("opened with nothing: %v", err)
			}
		})
	}
	if _, ok := every.Bank("nosuch"); ok {
		t.Error("a bank that there is none of")
	}
}

// TestSimsFitTheirBanks opens every practice bank with its defaults, and its adapter with what it gives.
func TestSimsFitTheirBanks(t *testing.T) {
	for _, s := range sims.Sims() {
		t.Run(s.Name, func(t *testing.T) {
			if again, ok := sims.Sim(s.Name); !ok || again.Name != s.Name || s.Title == "" {
				t.Errorf("%+v", s)
			}
			b, err := s.Open(banksim.Options{})
			if err != nil {
				t.Fatal(err)
			}
			adapter, ok := every.Bank(s.Name)
			if !ok {
				t.Fatal("it is nobody's simulator")
			}
			settings := banks.Settings{banks.FieldURL: "http://127.0.0.1:1" + b.Path}
			if b.TLS != nil {
				settings[banks.FieldURL] = "https://127.0.0.1:1" + b.Path
			}
			for k, v := range b.Settings {
				settings[k] = v
			}
			bank, err := adapter.Open(settings, banks.Options{})
			if err != nil || bank.Name() != s.Name {
				t.Errorf("%v, %v", bank, err)
			}
			if bank, err := adapter.Open(settings, banks.Options{Public: true}); !errors.Is(err, banks.ErrSettings) {
				t.Errorf("on this machine, where only the internet is allowed: %v, %v", bank, err)
			}
		})
	}
}
