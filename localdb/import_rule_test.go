package localdb

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kassa/register"
)

// shop is what a catalogue must hold after some price lists, computed in the plainest way.
type shop struct {
	goods []register.Product // without ids
	stock []*register.Quantity
}

func (s *shop) take(p register.Product) {
	p.Group = cleanPath(p.Group)
	p.Barcodes, p.Packs = once(p.Barcodes, p.Packs)
	stock := p.Stock
	p.Stock = nil
	n := s.find(p)
	if n < 0 {
		n = len(s.goods)
		s.goods, s.stock = append(s.goods, register.Product{}), append(s.stock, nil)
	}
	if p.Code == "" {
		p.Code = s.goods[n].Code
	}
	for i := range s.goods {
		if i != n {
			s.goods[i] = without(s.goods[i], p)
		}
	}
	s.goods[n] = p
	if stock != nil {
		s.stock[n] = stock
	}
}

func (s *shop) find(p register.Product) int {
	if len(p.Barcodes) > 0 {
		if n := slices.IndexFunc(s.goods, func(q register.Product) bool { return slices.Contains(q.Barcodes, p.Barcodes[0]) }); n >= 0 {
			return n
		}
	}
	return slices.IndexFunc(s.goods, func(q register.Product) bool { return p.Code != "" && q.Code == p.Code })
}

// without takes from q what p has.
func without(q, p register.Product) register.Product {
	taken := barcodesOf(p)
	q.Barcodes = slices.DeleteFunc(slices.Clone(q.Barcodes), func(b string) bool { return slices.Contains(taken, b) })
	q.Packs = slices.DeleteFunc(slices.Clone(q.Packs), func(k register.Pack) bool { return slices.Contains(taken, k.Barcode) })
	if q.Code == p.Code {
		q.Code = ""
	}
	return q
}

// texts writes goods in an order and a form that can be compared.
func texts(goods []register.Product, stock []*register.Quantity) []string {
	var all []string
	for i, p := range goods {
		p.ID, p.Stock = "", stock[i]
		if len(p.Barcodes) == 0 {
			p.Barcodes = nil
		}
		if len(p.Packs) == 0 {
			p.Packs = nil
		}
		b, _ := json.Marshal(p)
		all = append(all, string(b))
	}
	slices.Sort(all)
	return all
}

func drawProduct(t *rapid.T) register.Product {
	barcodes := []string{"1001", "1002", "1003", "20000001", "2000000000022", "ABC-1"}
	p := register.Product{
		Name:       rapid.SampledFrom([]string{"Молоко топлёное", "Milk", "Сырок «Ёж»", "Crème 10%", "Чай"}).Draw(t, "name"),
		NameEn:     rapid.SampledFrom([]string{"", "Baked milk"}).Draw(t, "name_en"),
		Barcodes:   rapid.SliceOfN(rapid.SampledFrom(barcodes), 0, 3).Draw(t, "barcodes"),
		Code:       rapid.SampledFrom([]string{"", "", "7", "К-12"}).Draw(t, "code"),
		Article:    rapid.SampledFrom([]string{"", "АРТ0077", "кефир12"}).Draw(t, "article"),
		Group:      rapid.SampledFrom([]string{"", "Еда", "Еда/Чай", "Еда/Чай/Зелёный", " Дом / ", "Дом"}).Draw(t, "group"),
		Unit:       register.Piece,
		VAT:        register.VAT10,
		Price:      register.Money(rapid.IntRange(0, 3).Draw(t, "price")),
		NoDiscount: rapid.Bool().Draw(t, "no discount"), Marked: rapid.Bool().Draw(t, "marked"),
	}
	for _, b := range rapid.SliceOfN(rapid.SampledFrom(barcodes), 0, 2).Draw(t, "packs") {
		p.Packs = append(p.Packs, register.Pack{Barcode: b, Name: "Ящик", Quantity: 6000})
	}
	if rapid.Bool().Draw(t, "counted") {
		q := register.Quantity(rapid.IntRange(-1, 2).Draw(t, "stock"))
		p.Stock = &q
	}
	return p
}

func given(goods []register.Product) iter.Seq2[register.Product, error] {
	return func(yield func(register.Product, error) bool) {
		for _, p := range goods {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// Whatever lists come, the catalogue holds what the plain rule says, whether the importer looks up what a list touches
// or reads the catalogue whole; and all of it is found.
func TestPriceListsOneAfterTheOther(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := &shop{}
		lists := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(drawProduct), 0, 6), 1, 4).Draw(rt, "lists")
		few := rapid.SampledFrom([]int{0, fewGoods}).Draw(rt, "few")
		s, err := Open(t.Context(), Options{Dir: t.TempDir()})
		if err != nil {
			rt.Fatal(err)
		}
		defer s.Close()
		s.goods.few = few
		for _, list := range lists {
			done, err := s.ImportGoods(t.Context(), given(list), nil)
			if err != nil || done.Added+done.Changed+done.Same != len(list) {
				rt.Fatalf("imported %+v of %d, %v", done, len(list), err)
			}
			for _, p := range list {
				want.take(p)
			}
			checkCatalogue(rt, t, s, want)
		}
		for i, p := range every(rt, t, s) {
			if i < 4 {
				checkFound(rt, t, s, p)
			}
		}
	})
}

func every(rt *rapid.T, t *testing.T, s *Store) (all []register.Product) {
	err := s.EachProduct(t.Context(), func(p register.Product) error { all = append(all, p); return nil })
	if err != nil {
		rt.Fatal(err)
	}
	return all
}

func checkCatalogue(rt *rapid.T, t *testing.T, s *Store, want *shop) {
	got := every(rt, t, s)
	var stock []*register.Quantity
	for _, p := range got {
		stock = append(stock, p.Stock)
	}
	if d := cmp.Diff(texts(want.goods, want.stock), texts(got, stock)); d != "" {
		rt.Fatal(d)
	}
	counts := map[string]int{}
	for _, p := range got {
		for path := p.Group; path != ""; path, _ = cutPath(path) {
			counts[path]++
		}
	}
	tree := map[string]int{}
	collectGroups(rt, t, s, "", tree)
	if d := cmp.Diff(counts, tree); d != "" {
		rt.Fatalf("groups:\n%s", d)
	}
}

func collectGroups(rt *rapid.T, t *testing.T, s *Store, parent string, into map[string]int) {
	groups, err := s.Groups(t.Context(), parent)
	if err != nil {
		rt.Fatal(err)
	}
	for _, g := range groups {
		into[g.Path] = g.Count
		before := len(into)
		collectGroups(rt, t, s, g.Path, into)
		if (len(into) > before) != g.HasGroups {
			rt.Fatalf("%q has groups: %v", g.Path, g.HasGroups)
		}
	}
}

// checkFound holds that a product is found by its barcodes and by any part of its words: three letters, four of what is
// as long as a barcode.
func checkFound(rt *rapid.T, t *testing.T, s *Store, p register.Product) {
	for _, b := range barcodesOf(p) {
		found, q, err := s.ProductByBarcode(t.Context(), b)
		if err != nil || found.ID != p.ID || (q == register.One) != slices.Contains(p.Barcodes, b) {
			rt.Fatalf("%s finds %s of %+v, %v", b, q, found, err)
		}
	}
	text := strings.Join(append(barcodesOf(p), p.Name, p.NameEn, p.Code, p.Article), " ")
	for _, w := range words(text) {
		letters := []rune(w)
		n := pieceLength
		if len(letters) >= longNumber {
			n = longPieceLength
		}
		if len(letters) < n {
			n = len(letters)
		}
		from := rapid.IntRange(0, len(letters)-n).Draw(rt, "from")
		if len(letters) < pieceLength {
			from = 0
		}
		part := string(letters[from : from+n])
		found, err := s.Search(t.Context(), part, 1000)
		if err != nil || !slices.ContainsFunc(found, func(q register.Product) bool { return q.ID == p.ID }) {
			rt.Fatalf("%q of %q does not find it, %v", part, w, err)
		}
	}
}

// What the index gives up when goods go is given up whole: a search finds nothing that is not there.
func TestNothingIsFoundThatIsNoMoreThere(t *testing.T) {
	s, err := Open(t.Context(), Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range 30 {
		s.goods.few = i % 2 * fewGoods
		p := register.Product{Name: fmt.Sprintf("Имя%d одно", i), Code: "1", Article: fmt.Sprintf("арт%d", i), Barcodes: []string{fmt.Sprintf("40000000%05d", i)},
			Unit: register.Piece, VAT: register.VAT10}
		if _, err := s.ImportGoods(t.Context(), given([]register.Product{p}), nil); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"имя", "одно", "арт", "400000", "0000000", "дно"} {
			found, err := s.Search(t.Context(), text, 50)
			if err != nil || len(found) != 1 {
				t.Fatalf("%q after %d lists: %d goods, %v", text, i+1, len(found), err)
			}
		}
		if i == 0 {
			continue
		}
		for _, text := range []string{fmt.Sprintf("имя%d", i-1), fmt.Sprintf("арт%d", i-1), fmt.Sprintf("40000000%05d", i-1)} {
			if found, err := s.Search(t.Context(), text, 50); err != nil || len(found) != 0 {
				t.Fatalf("%q is found after list %d: %v, %v", text, i+1, found, err)
			}
		}
	}
}
