package localdb_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kassa/localdb"
	"kassa/register"
)

// product is something to sell; edit makes it what the test is about.
func product(name string, edit func(*register.Product)) register.Product {
	p := register.Product{Name: name, Unit: register.Piece, Price: 100, VAT: register.VAT10}
	if edit != nil {
		edit(&p)
	}
	return p
}

func in(group string, name string) register.Product {
	return product(name, func(p *register.Product) { p.Group = group })
}

func stocked(t *testing.T, goods ...register.Product) *localdb.Store {
	t.Helper()
	s := open(t, t.TempDir())
	take(t, s, goods...)
	return s
}

func take(t *testing.T, s *localdb.Store, goods ...register.Product) localdb.Imported {
	t.Helper()
	done, err := s.ImportGoods(t.Context(), list(goods...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func names(goods []register.Product) []string {
	var all []string
	for _, p := range goods {
		all = append(all, p.Name)
	}
	return all
}

func every(t *testing.T, s *localdb.Store) []register.Product {
	t.Helper()
	var all []register.Product
	if err := s.EachProduct(t.Context(), func(p register.Product) error { all = append(all, p); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAllOfAProductIsKept(t *testing.T) {
	stock := register.Quantity(-1500)
	want := register.Product{
		ID: "milk", Barcodes: []string{"4600000000015", "46 002"}, Code: "7", Article: "М-7/1", Name: "Молоко", NameEn: "Milk",
		Group: "Еда/Молочное", GroupEn: "Food/Dairy", Unit: register.Piece, Price: 8490, VAT: register.VAT10,
		Packs:      []register.Pack{{Barcode: "14600000000012", Name: "ящик", Quantity: 12000}, {Barcode: "24600000000019", Quantity: 144000}},
		NoDiscount: true, FreePrice: true, Marked: true, Stock: &stock,
	}
	s := stocked(t, want, product("Хлеб", nil))
	for name, find := range map[string]func() (register.Product, error){
		"by id":   func() (register.Product, error) { return s.ProductByID(t.Context(), "milk") },
		"by code": func() (register.Product, error) { return s.ProductByCode(t.Context(), "7") },
		"by barcode": func() (register.Product, error) {
			p, _, err := s.ProductByBarcode(t.Context(), "46 002")
			return p, err
		},
		"by search": func() (register.Product, error) {
			found, err := s.Search(t.Context(), "milk", 5)
			return append(found, register.Product{})[0], err
		},
		"in its group": func() (register.Product, error) {
			page, err := s.Goods(t.Context(), "Еда/Молочное", "", 5)
			return append(page, register.Product{})[0], err
		},
		"among all": func() (register.Product, error) { all := every(t, s); return all[len(all)-1], nil },
	} {
		got, err := find()
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("%s: %v\n%s", name, err, d)
		}
	}
}

func TestAPackIsItsProductManyTimes(t *testing.T) {
	s := stocked(t, product("Молоко", func(p *register.Product) {
		p.Barcodes = []string{"1001"}
		p.Packs = []register.Pack{{Barcode: "1012", Quantity: 12000}, {Barcode: "1001", Quantity: 6000}, {Barcode: "1013", Quantity: 1000}}
	}))
	for barcode, want := range map[string]register.Quantity{"1001": register.One, "1012": 12000, "1013": register.One} {
		p, q, err := s.ProductByBarcode(t.Context(), barcode)
		if err != nil || p.Name != "Молоко" || q != want {
			t.Errorf("%s is %s of %q, %v; want %s", barcode, q, p.Name, err, want)
		}
	}
	// A crate that is goods of its own in a later list takes its barcode from the pack.
	take(t, s, product("Ящик молока", func(p *register.Product) { p.Barcodes = []string{"1012"} }))
	p, q, err := s.ProductByBarcode(t.Context(), "1012")
	if err != nil || p.Name != "Ящик молока" || q != register.One {
		t.Errorf("1012 is %s of %q, %v", q, p.Name, err)
	}
	milk, _, err := s.ProductByBarcode(t.Context(), "1001")
	if err != nil || len(milk.Packs) != 1 || milk.Packs[0].Barcode != "1013" {
		t.Errorf("the milk has the packs %v, %v", milk.Packs, err)
	}
}

func TestABarcodeThatIsTakenOverIsGoneFromItsOldProduct(t *testing.T) {
	s := stocked(t,
		product("Старое", func(p *register.Product) { p.Barcodes, p.Code = []string{"5550001", "5550002"}, "77" }),
		product("Другое", nil))
	take(t, s, product("Новое", func(p *register.Product) { p.Barcodes, p.Code = []string{"5550009", "5550002"}, "78" }))
	old, err := s.ProductByCode(t.Context(), "77")
	if err != nil || !slices.Equal(old.Barcodes, []string{"5550001"}) {
		t.Errorf("the old product shows %v, %v", old.Barcodes, err)
	}
	for _, text := range []string{"5550002", "555000", "50002"} {
		found, err := s.Search(t.Context(), text, 10)
		if err != nil || !slices.Contains(names(found), "Новое") || text != "555000" && slices.Contains(names(found), "Старое") {
			t.Errorf("%q finds %v, %v", text, names(found), err)
		}
	}
	// The same with a code: it is found by its barcode, and takes the code of another.
	take(t, s, product("Новейшее", func(p *register.Product) { p.Barcodes, p.Code = []string{"5550009"}, "77" }))
	newest, err := s.ProductByCode(t.Context(), "77")
	if err != nil || newest.Name != "Новейшее" {
		t.Errorf("code 77 is of %q, %v", newest.Name, err)
	}
	if old, err = s.ProductByID(t.Context(), old.ID); err != nil || old.Code != "" {
		t.Errorf("the old product has the code %q, %v", old.Code, err)
	}
}

func TestPagesHoldAllGoodsOnce(t *testing.T) {
	var goods []register.Product
	for i := range 25 {
		goods = append(goods, in([]string{"", "Б", "А/В", "А"}[i%4], fmt.Sprintf("Товар %02d", i/8))) // many of one name
	}
	s := stocked(t, goods...)
	take(t, s, in("А", "Ещё"), in("", "Абрикос"))
	seen := map[string]bool{}
	page := func(what string, want int, read func(after string) ([]register.Product, error)) {
		t.Helper()
		n, last := 0, register.Product{}
		for {
			got, err := read(last.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range got {
				if seen[what+p.ID] {
					t.Errorf("%s: %s comes twice", what, p.Name)
				}
				if p.Group == last.Group && p.Name < last.Name {
					t.Errorf("%s: %q after %q", what, p.Name, last.Name)
				}
				seen[what+p.ID] = true
				last = p
				n++
			}
			if len(got) < 3 {
				break
			}
		}
		if n != want {
			t.Errorf("%s: %d goods, want %d", what, n, want)
		}
	}
	for group, want := range map[string]int{"": 8, "Б": 6, "А/В": 6, " А ": 7, "В": 0} {
		page("group "+group, want, func(after string) ([]register.Product, error) { return s.Goods(t.Context(), group, after, 3) })
	}
	page("all", 27, func(after string) ([]register.Product, error) { return s.AllGoods(t.Context(), after, 3) })
	if n := len(every(t, s)); n != 27 {
		t.Errorf("EachProduct gives %d goods", n)
	}
	if _, err := s.Goods(t.Context(), "Б", "nobody", 3); !errors.Is(err, localdb.ErrNoProduct) {
		t.Errorf("after a product that is not there: %v", err)
	}
	stop := errors.New("enough")
	if err := s.EachProduct(t.Context(), func(register.Product) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("stopped with %v", err)
	}
}

func TestGroupsAreATree(t *testing.T) {
	s := stocked(t,
		product("Сыр", func(p *register.Product) {
			p.Group, p.GroupEn = "Еда/Молочное/Сыры", "Food/Dairy/Cheese"
		}),
		product("Молоко", func(p *register.Product) { p.Group = " Еда // Молочное " }),
		product("Гвоздь", func(p *register.Product) { p.Group, p.GroupEn = "Дом", "For the/home" }),
		product("Прочее", nil))
	groups := func(parent string) []localdb.Group {
		t.Helper()
		got, err := s.Groups(t.Context(), parent)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	check := func(parent string, want ...localdb.Group) {
		t.Helper()
		if d := cmp.Diff(want, groups(parent)); d != "" {
			t.Errorf("below %q:\n%s", parent, d)
		}
	}
	check("", localdb.Group{Path: "Дом", Name: "Дом", NameEn: "home", Count: 1},
		localdb.Group{Path: "Еда", Name: "Еда", NameEn: "Food", Count: 2, HasGroups: true})
	check("Еда", localdb.Group{Path: "Еда/Молочное", Name: "Молочное", NameEn: "Dairy", Count: 2, HasGroups: true})
	check("Еда / Молочное/", localdb.Group{Path: "Еда/Молочное/Сыры", Name: "Сыры", NameEn: "Cheese", Count: 1})
	check("Еда/Молочное/Сыры")
	check("Никто")
	// The last cheese goes elsewhere, and its group with it.
	cheese, err := s.Search(t.Context(), "сыр", 1)
	if err != nil || len(cheese) != 1 {
		t.Fatal(cheese, err)
	}
	moved := cheese[0]
	moved.Group, moved.GroupEn = "Дом", "Home"
	if done := take(t, s, moved); done != (localdb.Imported{Changed: 1}) {
		t.Errorf("moving: %+v", done)
	}
	check("", localdb.Group{Path: "Дом", Name: "Дом", NameEn: "Home", Count: 2},
		localdb.Group{Path: "Еда", Name: "Еда", NameEn: "Food", Count: 1, HasGroups: true})
	check("Еда", localdb.Group{Path: "Еда/Молочное", Name: "Молочное", NameEn: "Dairy", Count: 1})
	if done := take(t, s, moved); done != (localdb.Imported{Same: 1}) {
		t.Errorf("moving again: %+v", done)
	}
}

func TestFavouritesKeepTheirOrder(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	var goods []register.Product
	for _, id := range []string{"a", "b", "c", "d"} {
		goods = append(goods, product(id, func(p *register.Product) { p.ID = id }))
	}
	take(t, s, goods...)
	check := func(want ...string) {
		t.Helper()
		got, err := s.Favourites(t.Context())
		if err != nil || !slices.Equal(names(got), want) {
			t.Errorf("favourites %v, %v; want %v", names(got), err, want)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check()
	for _, id := range []string{"c", "a", "unknown", "b", "c"} {
		do(s.SetFavourite(t.Context(), id, true))
	}
	check("c", "a", "b")
	do(s.OrderFavourites(t.Context(), []string{"b", "nobody", "c"}))
	check("b", "c", "a")
	do(s.SetFavourite(t.Context(), "b", false))
	do(s.SetFavourite(t.Context(), "d", true))
	check("c", "a", "d")
	s.Close()
	s = open(t, dir)
	check("c", "a", "d")
}
