package localdb_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"

	"kassa/localdb"
	"kassa/register"
)

// many are goods of which each has a barcode, a code and a price of its own.
func many(n int, price register.Money) []register.Product {
	var all []register.Product
	for i := range n {
		all = append(all, product(fmt.Sprintf("Товар %d", i), func(p *register.Product) {
			p.Barcodes, p.Code, p.Group, p.Price = []string{fmt.Sprintf("46%011d", i)}, fmt.Sprint(i), fmt.Sprintf("Группа %d", i%7), price+register.Money(i)
		}))
	}
	return all
}

func TestImportCounts(t *testing.T) {
	// Lists short enough to be looked up, and lists for which the catalogue is read whole.
	for _, n := range []int{20, 1500} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := open(t, t.TempDir())
			check := func(what string, goods []register.Product, want localdb.Imported) {
				t.Helper()
				if done := take(t, s, goods...); done != want {
					t.Errorf("%s: %+v, want %+v", what, done, want)
				}
			}
			goods := many(n, 100)
			check("at first", goods, localdb.Imported{Added: n})
			before := every(t, s)
			check("again", goods, localdb.Imported{Same: n})
			check("with other prices", many(n, 200), localdb.Imported{Changed: n})
			for i := range goods {
				goods[i].Price += 100
				goods[i].Name = fmt.Sprintf("Изделие %d", i)
			}
			check("with other names", goods, localdb.Imported{Changed: n})
			check("with some more", many(n+10, 300)[n-5:], localdb.Imported{Added: 10, Changed: 5})
			after := every(t, s)
			if len(after) != n+10 {
				t.Fatalf("%d goods", len(after))
			}
			ids := map[string]string{}
			for _, p := range after {
				ids[p.Barcodes[0]] = p.ID
			}
			for _, p := range before {
				if ids[p.Barcodes[0]] != p.ID {
					t.Fatalf("%s has another id than before", p.Barcodes[0])
				}
			}
			found, err := s.Search(t.Context(), fmt.Sprintf("делие %d", n-6), 10)
			if err != nil || len(found) == 0 || found[0].Price != 200+register.Money(n-6) {
				t.Errorf("found %+v, %v", found, err)
			}
			if found, err := s.Search(t.Context(), "товар", 100); err != nil || len(found) != 15 {
				t.Errorf("by a name that most have lost: %d, %v", len(found), err)
			}
		})
	}
}

func TestWhatAProductIsKnownBy(t *testing.T) {
	base := product("Молоко", func(p *register.Product) { p.ID, p.Barcodes, p.Code = "milk", []string{"111", "222"}, "7" })
	for _, c := range []struct {
		name    string
		edit    func(*register.Product)
		same    bool // it replaces the milk
		barcode []string
	}{
		{"the first barcode", func(p *register.Product) { p.Barcodes = []string{"111"} }, true, []string{"111"}},
		{"another barcode of it", func(p *register.Product) { p.Barcodes = []string{"222"} }, true, []string{"222"}},
		{"its second barcode", func(p *register.Product) { p.Barcodes = []string{"333", "222"} }, false, []string{"111"}},
		{"the code", func(p *register.Product) { p.Barcodes, p.Code = []string{"333"}, "7" }, true, []string{"333"}},
		{"the id", func(p *register.Product) { p.ID = "milk" }, true, nil},
		{"nothing", func(*register.Product) {}, false, []string{"111", "222"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := stocked(t, base)
			done := take(t, s, product("Новое", c.edit))
			if (done.Changed == 1) != c.same || (done.Added == 1) == c.same {
				t.Errorf("%+v", done)
			}
			p, err := s.ProductByID(t.Context(), "milk")
			if err != nil || !slices.Equal(p.Barcodes, c.barcode) || (p.Name == "Новое") != c.same || p.Code != "7" {
				t.Errorf("the milk is %+v, %v", p, err)
			}
		})
	}
}

func TestAListThatEndsInAnErrorLeavesNothing(t *testing.T) {
	torn := errors.New("the file ends in the middle of a line")
	for _, n := range []int{5, 3000} {
		s := stocked(t, many(10, 100)...)
		before := every(t, s)
		goods := many(n, 200)
		goods[n-1].Name = ""
		if _, err := s.ImportGoods(t.Context(), list(goods...), nil); !errors.Is(err, register.ErrBadProduct) {
			t.Errorf("a bad product: %v", err)
		}
		_, err := s.ImportGoods(t.Context(), func(yield func(register.Product, error) bool) {
			for _, p := range goods[:n-1] {
				if !yield(p, nil) {
					return
				}
			}
			yield(register.Product{}, torn)
		}, nil)
		if !errors.Is(err, torn) {
			t.Errorf("a torn list: %v", err)
		}
		if after := every(t, s); !slices.EqualFunc(before, after, func(a, b register.Product) bool { return a.ID == b.ID && a.Price == b.Price }) {
			t.Errorf("%d goods, other than before", len(after))
		}
	}
}

func TestAnImportCanBeCancelled(t *testing.T) {
	s := stocked(t, many(10, 100)...)
	for name, when := range map[string]int{"while it is read": 1, "while it is written": 1000} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := s.ImportGoods(ctx, list(many(3500, 200)...), func(n int) {
			if n >= when {
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		if all := every(t, s); len(all) != 10 || all[0].Price >= 200 {
			t.Errorf("%s: %d goods", name, len(all))
		}
	}
	if done := take(t, s, many(20, 300)...); done != (localdb.Imported{Added: 10, Changed: 10}) {
		t.Errorf("the next one: %+v", done)
	}
}

func TestProgressGrowsToTheEnd(t *testing.T) {
	s := open(t, t.TempDir())
	var told []int
	if _, err := s.ImportGoods(t.Context(), list(many(5500, 1)...), func(n int) { told = append(told, n) }); err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(told) || len(told) < 4 || told[len(told)-1] != 5500 {
		t.Errorf("told %v", told)
	}
}

// The program is killed while it writes a price list: the catalogue is the old one, whole.
func TestAKilledImportLeavesTheOldCatalogue(t *testing.T) {
	if dir := os.Getenv("KASSA_TEST_IMPORT_INTO"); dir != "" {
		importAndWait(t, dir)
		return
	}
	dir := t.TempDir()
	s := open(t, dir)
	take(t, s, many(50, 100)...)
	s.Close()
	for range 3 {
		child := exec.Command(os.Args[0], "-test.run=^TestAKilledImportLeavesTheOldCatalogue$")
		child.Env = append(os.Environ(), "KASSA_TEST_IMPORT_INTO="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		killErr := child.Process.Kill()
		child.Wait()
		if line != "writing\n" || killErr != nil {
			t.Fatalf("the other program said %q, %v, %v", line, err, killErr)
		}
		s = open(t, dir)
		if all := every(t, s); len(all) != 50 || all[0].Price >= 200 {
			t.Fatalf("%d goods", len(all))
		}
		if found, err := s.Search(t.Context(), "товар", 100); err != nil || len(found) != 50 {
			t.Errorf("found %d, %v", len(found), err)
		}
		healthy(t, s, 0)
		s.Close()
	}
	s = open(t, dir)
	if done := take(t, s, many(60, 300)...); done != (localdb.Imported{Added: 10, Changed: 50}) {
		t.Errorf("the next import: %+v", done)
	}
}

// importAndWait is the program that is killed.
func importAndWait(t *testing.T, dir string) {
	s, err := localdb.Open(context.Background(), localdb.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.ImportGoods(context.Background(), list(many(30_000, 200)...), func(n int) {
		if n > 20_000 {
			fmt.Println("writing")
			select {}
		}
	})
	t.Fatal("not killed", err)
}
