package pricelist_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kassa/app/pricelist"
	"kassa/register"
)

func TestEveryLineGetsAnAnswer(t *testing.T) {
	const head = "Штрихкод;Код;Артикул;Наименование;Группа;Цена;НДС;Ед. изм.;Остаток;Без скидки;Упаковки;лишнее\n"
	for _, c := range []struct {
		name, line string
		reason     pricelist.Reason
		value      string
	}{
		{"no name", "4600000000024;2;;;;10;;;;;;", pricelist.ReasonName, ""},
		{"price in words", ";3;;Хлеб;;дорого;10;шт;;;;", pricelist.ReasonPrice, "дорого"},
		{"no price", ";3;;Хлеб;;;10;шт;;;;", pricelist.ReasonPrice, ""},
		{"price below zero", ";3;;Хлеб;;-5;10;шт;;;;", pricelist.ReasonPrice, "-5"},
		{"parts of a kopeck", ";3;;Хлеб;;1,234;10;шт;;;;", pricelist.ReasonPrice, "1,234"},
		{"another currency", ";3;;Хлеб;;$5;10;шт;;;;", pricelist.ReasonPrice, "$5"},
		{"price of the earth", ";3;;Хлеб;;100000000;10;шт;;;;", pricelist.ReasonPrice, "100000000"},
		{"a rate of old", ";4;;Сыр;;749,00;18;кг;;;;", pricelist.ReasonVAT, "18"},
		{"a calculated rate", ";4;;Сыр;;749,00;20/120;кг;;;;", pricelist.ReasonVAT, "20/120"},
		{"an odd unit", ";5;;Ткань;;100;22;аршин;;;;", pricelist.ReasonUnit, "аршин"},
		{"no barcode", "штрих;7;;Не код;;1;;;;;;", pricelist.ReasonBarcode, "штрих"},
		{"a rounded barcode", "4,6E+12;7;;Не код;;1;;;;;;", pricelist.ReasonRounded, "4,6E+12"},
		{"a long code", ";" + strings.Repeat("1", 33) + ";;Соль;;1;;;;;;", pricelist.ReasonCode, strings.Repeat("1", 33)},
		{"a long article", ";;" + strings.Repeat("1", 65) + ";Соль;;1;;;;;;", pricelist.ReasonArticle, strings.Repeat("1", 60) + "…"},
		{"a long group", ";;;Соль;" + strings.Repeat("г", 257) + ";1;;;;;;", pricelist.ReasonGroup, strings.Repeat("г", 60) + "…"},
		{"stock in words", ";;;Соль;;1;;;много;;;", pricelist.ReasonStock, "много"},
		{"neither yes nor no", ";;;Соль;;1;;;;может быть;;", pricelist.ReasonFlag, "может быть"},
		{"a pack of nothing", ";;;Соль;;1;;;;;460=0;", pricelist.ReasonPack, "460=0"},
		{"half a pack of pieces", ";;;Соль;;1;;;;;460=1.5;", pricelist.ReasonPack, ""},
		{"control characters", ";10;;Соль\x01;;1;;;;;;", pricelist.ReasonText, "Соль\x01"},
		{"bytes that are no text", ";11;;Со\xff;;1;;;;;;", pricelist.ReasonText, ""},
		{"a barcode again", "4600000000017;8;;Молоко ещё раз;;85;10;шт;;;;", pricelist.ReasonTwice, "4600000000017"},
		{"a code again", ";1;;Молоко ещё раз;;85;10;шт;;;;", pricelist.ReasonTwice, "1"},
		{"a pack's barcode again", ";;;Молоко ещё раз;;85;10;шт;;;4600000000017=6;", pricelist.ReasonTwice, "4600000000017"},
		{"a pack with the barcode of its goods", "77;;;Соль;;1;;;;;77=6;", pricelist.ReasonTwice, "77"},
		{"a quote that is not closed", `;9;;"Молоко;;85;10;шт;;;;`, pricelist.ReasonQuote, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			const good = "4600000000017;1;;Молоко;;84,90;10;шт;;;;\n"
			f := open(t, head+good+c.line+"\n;99;;Последний;;1;;;;;;\n")
			all, report := check(t, f)
			if len(report.Bad) != 1 || report.BadLines != 1 || report.BadByType[c.reason] != 1 {
				t.Fatalf("bad lines are %+v", report.Bad)
			}
			bad := report.Bad[0]
			if bad.Line != 3 || bad.Reason != c.reason || c.value != "" && bad.Value != c.value {
				t.Errorf("the bad line is %+v, want %s %q", bad, c.reason, c.value)
			}
			if c.reason == pricelist.ReasonTwice && bad.First != 2 && bad.Value != "77" {
				t.Errorf("it stood in line %d before", bad.First)
			}
			if len(all) != 2 || all[1].Name != "Последний" {
				t.Errorf("the others are %+v", all)
			}
			// All or nothing: the first bad line ends it.
			var last error
			for _, err := range f.Goods(t.Context(), f.Guess(), pricelist.Pass{}) {
				last = err
			}
			var b *pricelist.BadLine
			if !errors.As(last, &b) || !errors.Is(last, pricelist.ErrBadLine) || *b != bad {
				t.Errorf("with nothing to be skipped: %v", last)
			}
		})
	}
}

func TestWhatCellsMayLookLike(t *testing.T) {
	const head = "barcode;code;name;price;vat;unit;stock;no_discount;free_price;packs\n"
	milk := register.Product{Name: "Молоко", Price: 8490, VAT: register.VAT22, Unit: register.Piece}
	with := func(change func(*register.Product)) register.Product {
		p := milk
		change(&p)
		return p
	}
	priced := func(m register.Money) register.Product { return with(func(p *register.Product) { p.Price = m }) }
	coded := func(codes ...string) register.Product {
		return with(func(p *register.Product) { p.Barcodes = codes })
	}
	for line, want := range map[string]register.Product{
		";;Молоко;84,9;;;;;;":                             milk,
		";;Молоко;84.9000;;;;;;":                          milk,
		";;Молоко;84,90 руб.;;;;;;":                       milk,
		";;Молоко;84-90;;;;;;":                            {},
		";;Молоко;1 234,50 ₽;;;;;;":                       priced(123450),
		";;Молоко;1\u00a0234,50р;;;;;;":                   priced(123450),
		";;Молоко;1,234.50;;;;;;":                         priced(123450),
		";;Молоко;1.234,50 руб/шт;;;;;;":                  priced(123450),
		";;Молоко;1,234,567;;;;;;":                        priced(123456700),
		";;Молоко;1'234.50;;;;;;":                         priced(123450),
		";;Молоко;0;;;;;;":                                priced(0),
		";;Молоко;12 34;;;;;;":                            {},
		";;Молоко;1..5;;;;;;":                             {},
		";;Молоко;;;;;;да;":                               with(func(p *register.Product) { p.Price, p.FreePrice = 0, true }),
		";;Молоко;84,90;НДС 10%;;;;;":                     with(func(p *register.Product) { p.VAT = register.VAT10 }),
		";;Молоко;84,90;0,1;;;;;":                         with(func(p *register.Product) { p.VAT = register.VAT10 }),
		";;Молоко;84,90;0;;;;;":                           with(func(p *register.Product) { p.VAT = register.VAT0 }),
		";;Молоко;84,90;БезНДС;;;;;":                      with(func(p *register.Product) { p.VAT = register.VATNone }),
		";;Молоко;84,90;;л;;;;":                           with(func(p *register.Product) { p.Unit = register.Litre }),
		";;Молоко;84,90;;бут.;;;;":                        milk,
		";;Молоко;84,90;;;-1 000,5;;;":                    with(func(p *register.Product) { p.Stock = quantity(-1_000_500) }),
		";;Молоко;84,90;;;0;нет;0;":                       with(func(p *register.Product) { p.Stock = quantity(0) }),
		";;Молоко;84,90;;;;Истина;;":                      with(func(p *register.Product) { p.NoDiscount = true }),
		"46 17;;Молоко;84,90;;;;;;":                       coded("46", "17"),
		"46,17;;Молоко;84,90;;;;;;":                       coded("46", "17"),
		"4600000000017 4600000000017;;Молоко;84,90;;;;;;": coded("4600000000017"),
		"4 600 000 000 015;;Молоко;84,90;;;;;;":           coded("4600000000015"),
		"4600000000017,00;;Молоко;84,90;;;;;;":            coded("4600000000017"),
		"'4600000000017;;Молоко;84,90;;;;;;":              coded("4600000000017"),
		`="0400000000015";;Молоко;84,90;;;;;;`:            coded("0400000000015"),
		"AB-12/3,4;;Молоко;84,90;;;;;;":                   coded("AB-12/3,4"),
		`;;"Мо""локо";84,90;;;;;;`:                        with(func(p *register.Product) { p.Name = `Мо"локо` }),
		`;;"Молоко" ООО;84,90;;;;;;`:                      with(func(p *register.Product) { p.Name = `"Молоко" ООО` }),
		`;;"Сыр "Рос" 45%";84,90;;;;;;`:                   with(func(p *register.Product) { p.Name = `Сыр "Рос" 45%` }),
		";;'=Молоко;84,90;;;;;;":                          with(func(p *register.Product) { p.Name = "=Молоко" }),
		";;Молоко;84,90;;;;;;460=10 Блок: большой": with(func(p *register.Product) {
			p.Packs = []register.Pack{{Barcode: "460", Name: "Блок: большой", Quantity: 10_000}}
		}),
	} {
		all, report := check(t, open(t, head+line+"\n"))
		if want.Name == "" {
			if len(all) != 0 {
				t.Errorf("%s: it is %+v", line, all)
			}
			continue
		}
		if len(all) != 1 || fmt.Sprintf("%+v", all[0]) != fmt.Sprintf("%+v", want) {
			t.Errorf("%s: it is %+v, want %+v, bad %+v", line, all, want, report.Bad)
		}
	}
}

func TestAnOpenQuoteCostsItsOwnLineAlone(t *testing.T) {
	var text strings.Builder
	text.WriteString("name;price\n")
	for i := range 5000 {
		if i%1000 == 10 {
			fmt.Fprintf(&text, "\"Товар %d;1\n", i)
			continue
		}
		fmt.Fprintf(&text, "Товар %d;1\n", i)
	}
	all, report := check(t, open(t, text.String()))
	if len(all) != 4995 || report.BadLines != 5 {
		t.Fatalf("%d goods, bad lines %+v", len(all), report.Bad)
	}
	for i, b := range report.Bad {
		if b.Line != 1000*i+12 || b.Reason != pricelist.ReasonQuote {
			t.Errorf("bad line %+v", b)
		}
	}
}

func TestALineWithoutAnEnd(t *testing.T) {
	text := "name;price\nХлеб;1\n" + strings.Repeat("я", 300_000) + "\nСоль;2\n"
	all, report := check(t, open(t, text))
	if len(all) != 2 || len(report.Bad) != 1 || report.Bad[0].Line != 3 || report.Bad[0].Reason != pricelist.ReasonLong {
		t.Errorf("%+v, bad lines %+v", all, report.Bad)
	}
}

// 1С writes a product of several barcodes as several lines.
func TestALineForEachBarcode(t *testing.T) {
	all, report := check(t, open(t, "Код;Номенклатура;Штрихкод;Цена;Остаток\n"+
		"1;Молоко;111;84,90;5\n1;Молоко;112;84,90;5\n1;Молоко;113;84,90;5\n"+
		"2;Хлеб;211;39;\n2;Хлеб;211;39;\n"+ // line 6: the same barcode
		"3;Сыр;311;749;\n3;Сыр;312;750;\n"+ // line 8: another price
		"1;Молоко;114;84,90;5\n")) // line 9: not beside the first ones
	if len(all) != 3 || strings.Join(all[0].Barcodes, " ") != "111 112 113" || len(all[1].Barcodes) != 1 || len(all[2].Barcodes) != 1 {
		t.Errorf("goods are %+v", all)
	}
	var lines []int
	for _, b := range report.Bad {
		if lines = append(lines, b.Line); b.Reason != pricelist.ReasonTwice {
			t.Errorf("bad line %+v", b)
		}
	}
	if !slices.Equal(lines, []int{6, 8, 9}) {
		t.Errorf("bad lines are %d", lines)
	}
}

func TestWarnings(t *testing.T) {
	const list = "barcode;code;name;price;vat;unit\n" +
		"4600000000017;1;Молоко;1;20;шт\n" +
		"4600000000015;2;Хлеб;1;10;упак\n" +
		";;Соль;1;10;шт\n" +
		";3;%s;1;10;шт\n" +
		";;Итого;;;\n" +
		"barcode;code;name;price;vat;unit\n"
	all, report := check(t, open(t, fmt.Sprintf(list, strings.Repeat("Щ", 500))))
	if len(all) != 4 || report.BadLines != 0 || report.Warned != 6 {
		t.Fatalf("%d goods, bad lines %+v, warnings %+v", len(all), report.Bad, report.Warnings)
	}
	for i, want := range []struct {
		line int
		kind pricelist.WarningKind
	}{{2, pricelist.WarnVAT20}, {2, pricelist.WarnCheckDigit}, {3, pricelist.WarnUnit}, {4, pricelist.WarnNoKey}, {5, pricelist.WarnShortened}, {6, pricelist.WarnTotal}} {
		if w := report.Warnings[i]; w.Line != want.line || w.Kind != want.kind || report.WarnedByKind[want.kind] != 1 {
			t.Errorf("warning %+v, want %+v", w, want)
		}
	}
	if n := len([]rune(all[3].Name)); n != register.MaxName {
		t.Errorf("a long name has %d letters", n)
	}
}

func TestAReportStaysSmall(t *testing.T) {
	var text strings.Builder
	text.WriteString("name;price;vat\n")
	for i := range 3 * pricelist.MaxBad {
		fmt.Fprintf(&text, "Товар %d;1;20\nТовар;;\n", i)
	}
	var done, total int64
	f := open(t, text.String())
	r, err := f.Check(t.Context(), f.Guess(), func(d, of int64) {
		if d < done || d > of {
			t.Errorf("%d of %d after %d", d, of, done)
		}
		done, total = d, of
	})
	if err != nil || r.Goods != 3*pricelist.MaxBad || r.BadLines != r.Goods || len(r.Bad) != pricelist.MaxBad || len(r.Warnings) != pricelist.MaxWarned ||
		r.Warned != 2*r.Goods || len(r.Preview) != pricelist.MaxPreview {
		t.Errorf("%v, %d goods, %d of %d bad lines, %d of %d warnings, %d shown", err, r.Goods, len(r.Bad), r.BadLines, len(r.Warnings), r.Warned, len(r.Preview))
	}
	if done != int64(text.Len()) || done != total {
		t.Errorf("in the end %d of %d bytes were done", done, total)
	}
}
