package printer

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// goods is how a sale stands in columns: name, quantity, price and sum.
var goods = []Column{{Share: 1}, {Align: Right}, {Align: Right, Lead: "× "}, {Align: Right, Lead: "="}}

func TestTable(t *testing.T) {
	head := []string{"Товар", "Кол-во", "Цена", "Сумма"}
	short := []Row{{Cells: []string{"Хлеб", "2 шт", "52,00", "104,00"}}, {Cells: []string{"Молоко топлёное", "1,5 л", "80,00", "120,00"}}}
	long := append(slices.Clone(short), Row{Cells: []string{"Картофель молодой мытый фасованный в сетке", "1", "1\u00a0250,00", "1\u00a0250,00"}})
	tests := []struct {
		name    string
		table   Table
		columns int
		want    []string
	}{
		{"in columns", Table{Head: head, Columns: goods, Rows: short}, 48, []string{
			"Товар                      Кол-во   Цена   Сумма",
			"────────────────────────────────────────────────",
			"Хлеб                         2 шт  52,00  104,00",
			"Молоко топлёное             1,5 л  80,00  120,00",
		}},
		{"a name on two lines", Table{Columns: goods, Rows: short[1:]}, 32, []string{
			"Молоко      1,5 л  80,00  120,00",
			"топлёное",
		}},
		{"too narrow for all rows when it is for one", Table{Head: head, Columns: goods, Rows: long}, 42, []string{
			"Хлеб",
			"  2 шт × 52,00                     =104,00",
			"Молоко топлёное",
			"  1,5 л × 80,00                    =120,00",
			"Картофель молодой мытый фасованный в сетке",
			"  1 × 1 250,00                   =1 250,00",
		}},
		{"shares", Table{Columns: []Column{{Share: 2}, {Share: 1, Align: Center}}, Rows: []Row{{Cells: []string{"abc", "x"}}}}, 11, []string{
			"abc      x",
		}},
		{"no columns described", Table{Rows: []Row{{Cells: []string{"a", "1"}}, {Cells: []string{"b"}}, {}}}, 8, []string{"a      1", "b", ""}},
		{"two cells too wide", Table{Rows: []Row{{Cells: []string{"бородинский", "52,00"}}}}, 12, []string{"бородинский", "       52,00"}},
		{"an empty column takes no room", Table{Columns: goods, Rows: []Row{{Cells: []string{"Хлеб", "", "", "52,00"}}}}, 16, []string{"Хлеб       52,00"}},
		{"nothing", Table{}, 16, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, l := range Layout(Document{Elements: []Element{{Table: &tt.table}}}, tt.columns) {
				got = append(got, l.Fill(tt.columns))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever the width, the cells of a row come out in order, and a column without a share is never broken while the table
// stands in columns.
func TestTableLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		columns := rapid.IntRange(1, 64).Draw(t, "columns")
		lines := Layout(Document{Elements: []Element{{Table: table}}}, columns)
		stacked := table.widths(columns) == nil
		want := map[rune]int{}
		count := func(text string, sign int) {
			for _, r := range visible(text) {
				want[r] += sign
			}
		}
		if len(table.Head) > 0 && !stacked {
			for _, c := range table.Head {
				count(c, 1)
			}
		}
		for _, r := range table.Rows {
			for i, c := range r.Cells {
				count(c, 1)
				if stacked && i > 0 && oneLine(c) != "" {
					count(table.column(i).Lead, 1)
				}
			}
		}
		for _, l := range lines {
			if !l.Rule {
				count(l.Left+l.Right, -1)
			}
			if n := utf8.RuneCountInString(l.Left); n > columns {
				t.Fatalf("%q is %d wide on %d columns", l.Left, n, columns)
			}
		}
		for r, n := range want {
			if n != 0 {
				t.Fatalf("%q: %d of them are lost\n%s", r, n, PlainText(Document{Elements: []Element{{Table: table}}}, columns))
			}
		}
	})
}

func TestRewriteReachesEveryText(t *testing.T) {
	doc := Document{OpenDrawer: true, Beep: true, Elements: []Element{
		{Text: &Text{Text: "a", Bold: true}}, {Pair: &Pair{Left: "a", Right: "a"}}, {Rule: true}, {Feed: 2}, {QR: "a"}, {Barcode: "a"},
		{EAN13: "4601234567893"}, {Picture: &Picture{PNG: []byte("a")}},
		{Table: &Table{Head: []string{"a"}, Columns: []Column{{Lead: "a"}}, Rows: []Row{{Cells: []string{"a", "a"}}}}},
	}}
	want := Document{OpenDrawer: true, Beep: true, Elements: []Element{
		{Text: &Text{Text: "A", Bold: true}}, {Pair: &Pair{Left: "A", Right: "A"}}, {Rule: true}, {Feed: 2}, {QR: "a"}, {Barcode: "a"},
		{EAN13: "4601234567893"}, {Picture: &Picture{PNG: []byte("a")}},
		{Table: &Table{Head: []string{"A"}, Columns: []Column{{Lead: "A"}}, Rows: []Row{{Cells: []string{"A", "A"}}}}},
	}}
	if diff := cmp.Diff(want, doc.Rewrite(strings.ToUpper)); diff != "" {
		t.Error(diff)
	}
	if doc.Elements[0].Text.Text != "a" || doc.Elements[8].Table.Rows[0].Cells[0] != "a" {
		t.Error("the document itself was changed")
	}
}
