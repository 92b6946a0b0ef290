package pricelist_test

import (
	"strings"
	"testing"

	"kassa/app/pricelist"
)

// What accounting programs put into a column about marking codes.
func TestMarkedGoods(t *testing.T) {
	read := func(heading, cell string) (marked, ok bool) {
		t.Helper()
		f, err := pricelist.NewReader(strings.NewReader("Наименование;Цена;" + heading + "\nТовар;84,90;" + cell + "\nДругой;10;" + cell + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		m := f.Guess()
		if m.Column(pricelist.FieldMarked) < 0 {
			return false, false
		}
		for p, err := range f.Goods(t.Context(), m, pricelist.Pass{}) {
			if err != nil {
				t.Fatalf("%s %q: %v", heading, cell, err)
			}
			marked = p.Marked
		}
		return marked, true
	}
	for _, heading := range []string{"marked", "Маркировка", "Маркированный товар", "Тип маркировки", "Номенклатура.Особенность учета", "trackingType"} {
		for _, cell := range []string{"да", "1", "+", "Истина", "Обувь", "Табачная продукция", "Молочная продукция", "Одежда и белье", "Упакованная вода", "Безалкогольные напитки",
			"Шины и покрышки", "Маркируемый", "TOBACCO", "LP_CLOTHES", "BEER_ALCOHOL", "Подлежит маркировке"} {
			if marked, ok := read(heading, cell); !marked || !ok {
				t.Errorf("%s: %q is not marked, known %v", heading, cell, ok)
			}
		}
		for _, cell := range []string{"нет", "0", "", "-", "Без маркировки", "Не маркируется", "Немаркированный товар", "Не подлежит маркировке", "Без особенностей учёта", "NOT_TRACKED", "Ложь"} {
			if marked, ok := read(heading, cell); marked || !ok {
				t.Errorf("%s: %q is marked, known %v", heading, cell, ok)
			}
		}
	}
	// What makers of cables and lamps call so is not read.
	for _, cell := range []string{"ВВГнг 3х1.5", "E27 12W", "ГОСТ 31565"} {
		if _, ok := read("Маркировка", cell); ok {
			t.Errorf("%q is taken for a kind of marked goods", cell)
		}
	}
}
