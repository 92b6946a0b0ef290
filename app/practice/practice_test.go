package practice_test

import (
	"context"
	"errors"
	"testing"

	"kassa/app/practice"
	"kassa/app/till"
	"kassa/fiscal"
	"kassa/localdb"
)

// A practice world writes its own shop, cashier, printer and server into the till: over a real one's they would be
// lost, and real sales would go to the practice server.
func TestARealTillIsLeftAlone(t *testing.T) {
	for _, c := range []struct {
		name string
		real bool
		set  func(context.Context, *localdb.Store) error
	}{
		{"a new folder", false, func(context.Context, *localdb.Store) error { return nil }},
		{"a cashier", true, func(ctx context.Context, s *localdb.Store) error {
			return s.SetCashier(ctx, localdb.Cashier{ID: "c", Name: "Анна", Role: localdb.RoleCashier})
		}},
		{"a shop", true, func(ctx context.Context, s *localdb.Store) error {
			return s.SetSetting(ctx, till.SettingShop, till.Shop{Name: "Ромашка"})
		}},
		{"a registrar", true, func(ctx context.Context, s *localdb.Store) error {
			return till.SaveFiscal(ctx, s, till.FiscalSettings{Driver: "atol"}, fiscal.Settings{})
		}},
		{"a server", true, func(ctx context.Context, s *localdb.Store) error {
			return s.SetSecret(ctx, till.SecretServer, till.ServerSettings{URL: "https://kassa.example"})
		}},
		{"a practice shop of another day", false, func(ctx context.Context, s *localdb.Store) error {
			return errors.Join(s.SetCashier(ctx, localdb.Cashier{ID: "practice", Name: "Анна", Role: localdb.RoleCashier}),
				s.SetSetting(ctx, till.SettingShop, till.Shop{Name: "Ромашка"}))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			store, err := localdb.Open(t.Context(), localdb.Options{Dir: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			if err := c.set(t.Context(), store); err != nil {
				t.Fatal(err)
			}
			// There is no such program: a folder that may be used gets as far as starting it.
			_, err = practice.Open(t.Context(), store, practice.Options{Sim: t.TempDir()})
			if err == nil || errors.Is(err, practice.ErrRealTill) != c.real {
				t.Errorf("got %v", err)
			}
		})
	}
}
