package localdb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kassa/localdb"
	"kassa/register"
)

func searched(t *testing.T, s *localdb.Store, text string, limit int) []string {
	t.Helper()
	found, err := s.Search(t.Context(), text, limit)
	if err != nil {
		t.Errorf("%q: %v", text, err)
	}
	return names(found)
}

func TestSearchFindsAnyPartOfAWord(t *testing.T) {
	s := stocked(t,
		product("Молоко «Домик в деревне» 3,2 %", func(p *register.Product) {
			p.NameEn, p.Barcodes, p.Code = "Whole milk", []string{"4607004891694"}, "501"
		}),
		product("Сырок глазированный «Ёжик»", func(p *register.Product) { p.NameEn, p.Article = "Glazed curd bar", "ГЛЗ-0042/Б" }),
		product("Crème brûlée Ångström", func(p *register.Product) { p.Barcodes = []string{"96385074"} }),
		product("Йогурт клубника", func(p *register.Product) {
			p.Packs = []register.Pack{{Barcode: "14607004891691", Name: "упаковка", Quantity: 6000}}
		}))
	milk, curd, creme, yogurt := "Молоко «Домик в деревне» 3,2 %", "Сырок глазированный «Ёжик»", "Crème brûlée Ångström", "Йогурт клубника"
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"two letters", "мо", []string{milk}},
		{"capital ones", "МОЛ", []string{milk}},
		{"the other language", "whol", []string{milk}},
		{"any order", "деревне мол домик", []string{milk}},
		{"a word of each language", "milk мол", []string{milk}},
		{"one word too many", "молоко хлеб", nil},
		{"ё for е", "ежик", []string{curd}},
		{"е for ё", "ёжик", []string{curd}},
		{"a middle", "олок", []string{milk}},
		{"an end", "рок", []string{curd}},
		{"a middle in English", "laze", []string{curd}},
		{"two middles", "рок зиров", []string{curd}},
		{"a beginning and a middle", "глаз рок", []string{curd}},
		{"what stands in no word", "олокно", nil},
		{"a number in the name", "молоко 3,2", []string{milk}},
		{"one letter more", "молоко д", []string{milk}},
		{"the wrong layout", "vjkjrj", []string{milk}},
		{"the wrong layout the other way", "ьшдл", []string{milk}},
		{"with a key that is no letter there", "'bpbr", nil},
		{"ж, э, х, ъ, б, ю and ё on the wrong layout", "t;br", []string{curd}},
		{"the first key of the wrong layout", "`;br", []string{creme, curd}},
		{"a middle on the wrong layout", "jkjr", []string{milk}},
		{"each word in its own layout", "ьшдл мол", []string{milk}},
		{"capitals on the wrong layout", "VJKJRJ", []string{milk}},
		{"letters without their marks", "creme brulee", []string{creme}},
		{"letters with their marks", "brûlée", []string{creme}},
		{"й as two signs", "и\u0306огурт", []string{yogurt}},
		{"й is not и", "иогурт", nil},
		{"code", "501", []string{milk}},
		{"article", "ГЛЗ-0042/Б", []string{curd}},
		{"article in small letters", "глз-0042", []string{curd}},
		{"a part of the article", "042", []string{curd}},
		{"barcode", "4607004891694", []string{milk}},
		{"a barcode's beginning", "460700489", []string{milk, yogurt}},
		{"a barcode's end", "1694", []string{milk}},
		{"a barcode's middle", "70048", []string{yogurt, milk}},
		{"a short barcode's middle", "385", []string{creme}},
		{"a pack's barcode", "14607004891691", []string{yogurt}},
		{"a pack's name", "упак", []string{yogurt}},
		{"a name and a barcode's middle", "молоко 89169", []string{milk}},
		{"a barcode's middle and another name", "хлеб 89169", nil},
		{"nothing", "", nil},
		{"spaces", " \t\n", nil},
		{"signs", "«»%", nil},
		{"signs around", "«молоко», ", []string{milk}},
		{"FTS5 syntax", `мол" OR "сыр`, nil},
		{"a column", "words:молоко", nil},
		{"a star", "мол*", []string{milk}},
		{"NEAR", "NEAR(молоко деревне)", nil},
		{"minus", "-молоко", []string{milk}},
		{"NUL", "мол\x00око", []string{milk}},
		{"bytes that are no text", "\xff\xfe", nil},
		{"more words than count", strings.Repeat("мол ", 16) + "хлеб", []string{milk}},
		{"more letters than count", "молоко " + strings.Repeat("ы", 5000), nil},
		{"a LIKE", "мол%око", []string{milk}},
		{"two letters of a middle", "ол", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := searched(t, s, c.text, 10); !slices.Equal(got, c.want) {
				t.Errorf("%q finds %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func TestSearchRanks(t *testing.T) {
	s := stocked(t,
		product("Барбарис", nil), product("Рис круглый", nil), product("Рис длинный", nil), product("Сок рисовый", nil),
		product("Hbc", nil), // what рис is on the other layout
		product("Яблоко", func(p *register.Product) { p.Article = "рис" }),
		product("Кирисан", nil))
	want := []string{"Яблоко", "Рис длинный", "Рис круглый", "Сок рисовый", "Hbc", "Барбарис", "Кирисан"}
	for limit := range len(want) + 1 {
		got := searched(t, s, "рис", limit)
		if len(got) != limit || limit == len(want) && !slices.Equal(got, want) {
			t.Errorf("limit %d: %q", limit, got)
		}
	}
	for range 5 {
		if got := searched(t, s, "рис", 10); !slices.Equal(got, want) {
			t.Errorf("asked again: %q", got)
		}
	}
}

// More goods and more words than the search takes at a time.
func TestSearchAmongMany(t *testing.T) {
	var goods []register.Product
	for i := range 2000 {
		goods = append(goods, product(fmt.Sprintf("Шоколад %04d сорт%d", i, i), func(p *register.Product) {
			p.Barcodes = []string{fmt.Sprintf("46%011d", i*7)}
		}))
	}
	goods = append(goods, product("Шоколадка редкая", nil), product("Пирог с шоколадом", nil), product("Мармеладошоколад", nil))
	s := stocked(t, goods...)
	for text, want := range map[string]int{
		"шок": 60, "шоколад": 60, "шоко редк": 1, "шоколад пирог": 1, "шоколад сорт1999": 1, "мелад": 1, "олад": 60, "лад пир": 1,
		"4600": 60, "46000": 60, "13993": 1, "ладошок": 1, "ijrj htlr": 1, "редк лад": 1, "орт19": 60,
	} {
		if got := searched(t, s, text, 60); len(got) != want {
			t.Errorf("%q finds %d, want %d", text, len(got), want)
		}
	}
	// A text that finds more than is asked for gives the first of them by name.
	if got := searched(t, s, "шоколад", 3); !slices.Equal(got, []string{"Пирог с шоколадом", "Шоколад 0000 сорт0", "Шоколад 0001 сорт1"}) {
		t.Errorf("the first are %q", got)
	}
}

func TestASearchCanBeCancelled(t *testing.T) {
	s := stocked(t, product("Молоко", nil))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if found, err := s.Search(ctx, "молоко", 10); !errors.Is(err, context.Canceled) {
		t.Errorf("found %v, %v", names(found), err)
	}
}

func FuzzSearch(f *testing.F) {
	for _, text := range []string{"", "мол", "vjk", `"`, `мол" AND "`, "a*", "NEAR(", "-", "^a", "{words}:", "a\x00b", "\xff", "'", "4607", "½", "ﬁ",
		strings.Repeat("я", 4096), strings.Repeat(`" OR "`, 700), strings.Repeat("a ", 2048), "e\u0301", "\U0010ffff", "ab\U0010ffff"} {
		f.Add(text)
	}
	s, err := localdb.Open(context.Background(), localdb.Options{Dir: f.TempDir()})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	goods := []register.Product{
		product("Молоко «Домик» 3,2 %", func(p *register.Product) { p.Barcodes, p.Code, p.Article = []string{"4607004891694"}, "7", "A-1" }),
		product("Milk chocolate", nil), product("Crème", nil),
	}
	if _, err := s.ImportGoods(context.Background(), list(goods...), nil); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found, err := s.Search(t.Context(), text, 2)
		if err != nil || len(found) > 2 {
			t.Errorf("%q finds %d goods, %v", text, len(found), err)
		}
	})
}
