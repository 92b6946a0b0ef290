package localdb_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kassa/localdb"
	"kassa/register"
)

func TestADamagedCatalogueDoesNotKeepTheTillFromSelling(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"no database at all": func([]byte) []byte { return []byte(strings.Repeat("not a database ", 5000)) },
		"pages of nonsense": func(b []byte) []byte {
			for i := 4096; i < len(b); i++ {
				b[i] = byte(i * 7)
			}
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			openShift(t, s, 1)
			take(t, s, register.Product{Name: "Молоко", Barcodes: []string{"46"}, Unit: register.Piece, Price: 100, VAT: register.VAT10})
			if _, err := s.Commit(t.Context(), cashSale(t, "before", 100)); err != nil {
				t.Fatal(err)
			}
			s.Close()
			path := filepath.Join(dir, localdb.CatalogueName)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(b), 0o600); err != nil {
				t.Fatal(err)
			}

			s = open(t, dir)
			if aside := s.SetAside(); aside == "" {
				t.Error("nothing was set aside")
			} else if _, err := os.Stat(filepath.Join(dir, aside)); err != nil {
				t.Error(err)
			}
			if _, err := s.Commit(t.Context(), cashSale(t, "after", 100)); err != nil {
				t.Error(err)
			}
			take(t, s, register.Product{Name: "Молоко", Barcodes: []string{"46"}, Unit: register.Piece, Price: 100, VAT: register.VAT10})
			if p, _, err := s.ProductByBarcode(t.Context(), "46"); err != nil || p.Name != "Молоко" {
				t.Errorf("after another price list: %+v, %v", p, err)
			}
			s.Close()
			s = open(t, dir)
			if s.SetAside() != "" {
				t.Error("a catalogue that is whole was set aside")
			}
			healthy(t, s, 3)
		})
	}
}
