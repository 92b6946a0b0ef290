package pricelist_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kassa/app/pricelist"
	"kassa/register"
)

func columns(m pricelist.Mapping) string {
	var out []string
	for _, f := range m.Columns {
		out = append(out, string(f))
	}
	return strings.Join(out, " ")
}

func TestGuessing(t *testing.T) {
	for name, c := range map[string]struct {
		headings string
		sample   string
		want     string
	}{
		"short English":             {"Barcode|Name|Price", "", "barcode name price"},
		"the better price":          {"Товар|Закупочная цена|Цена|Розничная цена|Валюта цены", "", "name   price "},
		"the filled price":          {"Товар|Розничная цена|Цена", "Соль||10;Хлеб||20", "name  price"},
		"the name, not the group":   {"Наименование группы|Наименование|Наименование поставщика|Цена", "", " name  price"},
		"the code, not the others":  {"Внешний код|Код|Код ТН ВЭД|Код ед. изм.|Товар|Цена", "", " code   name price"},
		"1C with a dot":             {"Номенклатура.Код|Номенклатура.Наименование|Номенклатура.Ставка НДС|Номенклатура.Родитель|ЦенаПродажи", "", "code name vat group price"},
		"1C's units":                {"Номенклатура|Базовая единица измерения|Штрих-код|Цена, руб.", "", "name unit barcode price"},
		"a full and a short name":   {"Полное наименование|Наименование|Цена", "", " name price"},
		"stock":                     {"Товар|Неснижаемый остаток|Остаток|Цена", "", "name  stock price"},
		"stock before the quantity": {"Товар|Кол-во|Конечный остаток|Цена", "", "name  stock price"},
		"MoySklad's flag":           {"Наименование|Цена: Цена продажи|Запретить скидки при продаже в розницу", "", "name price no_discount"},
		"several barcodes":          {"Штрихкод EAN13|Штрихкод Code128|Тип штрихкода|Название|Цена", "", "barcode barcode  name price"},
		"VAT in the price":          {"Товар|Цена с НДС|НДС, %", "", "name price vat"},
		"no headings":               {"||||", "1|4600000000015|Молоко|шт|84,90;2|4600000000022|Хлеб белый|шт|39,00;3||Сыр|кг|749,00", "code barcode name unit price"},
		"no headings, whole prices": {"|", "Молоко|84;Хлеб|39;Сыр|749", "name price"},
		"nothing at all":            {"|", "", " "},
		"a column of pictures":      {"Фото|Товар|Цена|", "|Соль|1|x", " name price "},
	} {
		var sample [][]string
		for row := range strings.SplitSeq(c.sample, ";") {
			if row != "" {
				sample = append(sample, strings.Split(row, "|"))
			}
		}
		if got := columns(pricelist.Guess(strings.Split(c.headings, "|"), sample)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestGuessingHowGroupsAreWritten(t *testing.T) {
	for _, c := range []struct{ group, divider, want string }{
		{"Еда/Молочное", "", "Еда/Молочное"},
		{"Еда / Молочное", " / ", "Еда/Молочное"},
		{"Еда > Чай/кофе", " > ", "Еда/Чай-кофе"},
		{`Еда\Молочное`, `\`, "Еда/Молочное"},
		{"Еда|Молочное|", "|", "Еда/Молочное"},
		{"Еда", "", "Еда"},
	} {
		f := open(t, "name\tprice\tgroup\nСоль\t1\t"+c.group+"\n")
		all, _ := check(t, f)
		if m := f.Guess(); m.GroupDivider != c.divider || len(all) != 1 || all[0].Group != c.want {
			t.Errorf("%s: divided by %q, goods %+v", c.group, m.GroupDivider, all)
		}
	}
}

func TestAUserChangesTheMapping(t *testing.T) {
	const list = "Список\nодин;два;три\nСоль;10;4600000000015\nХлеб;20;4600000000022\n"
	f := open(t, list)
	if f.Format().Headings != 0 || f.Width() != 3 {
		t.Fatalf("it is %+v, %d columns", f.Format(), f.Width())
	}
	if err := f.Choose(pricelist.Choice{Headings: 2}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(f.Headings(), []string{"один", "два", "три"}) || len(f.Sample(1)) != 1 || f.Sample(1)[0][0] != "Соль" {
		t.Errorf("headings %q, sample %q", f.Headings(), f.Sample(1))
	}
	m := pricelist.Mapping{VAT: register.VATNone}
	m.Set(2, pricelist.FieldBarcode)
	m.Set(0, pricelist.FieldPrice)
	m.Set(1, pricelist.FieldPrice) // no longer the first column
	m.Set(0, pricelist.FieldName)
	r, err := f.Check(t.Context(), m, nil)
	if err != nil || r.Goods != 2 || r.Preview[0].Name != "Соль" || r.Preview[0].Price != 1000 || r.Preview[0].VAT != register.VATNone {
		t.Errorf("%v, %+v", err, r)
	}
	if err := f.Choose(pricelist.Choice{Headings: -1}); err != nil || len(f.Sample(9)) != 4 {
		t.Errorf("without headings: %v, %q", err, f.Sample(9))
	}
	if err := f.Choose(pricelist.Choice{Headings: 77}); !errors.Is(err, pricelist.ErrNotAList) {
		t.Errorf("a line that is not there: %v", err)
	}
}

func TestMappingsThatCannotBe(t *testing.T) {
	f := open(t, "name;price\nСоль;1\n")
	for name, c := range map[string]struct {
		mapping pricelist.Mapping
		why     pricelist.Why
	}{
		"nothing":      {pricelist.Mapping{}, pricelist.WhyNoName},
		"no price":     {pricelist.Mapping{Columns: []pricelist.Field{pricelist.FieldName}}, pricelist.WhyNoPrice},
		"two prices":   {pricelist.Mapping{Columns: []pricelist.Field{pricelist.FieldName, pricelist.FieldPrice, pricelist.FieldPrice}}, pricelist.WhyColumn},
		"no field":     {pricelist.Mapping{Columns: []pricelist.Field{"colour"}}, pricelist.WhyColumn},
		"no such rate": {pricelist.Mapping{Columns: []pricelist.Field{pricelist.FieldName, pricelist.FieldPrice}, VAT: "21"}, pricelist.WhyColumn},
	} {
		var not *pricelist.NotAList
		if _, err := f.Check(t.Context(), c.mapping, nil); !errors.As(err, &not) || not.Why != c.why {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestChangingAMappingInWords(t *testing.T) {
	for text, want := range map[string]string{
		"price=3":                 "barcode name price",
		"price=c":                 "barcode name price",
		"barcode=0, price=1":      "price name ",
		"barcode=3,price=1":       "price name barcode",
		"barcode=1,barcode=3":     "barcode name barcode",
		"name=1":                  "name  ",
		"price=4":                 "",
		"price=-1":                "",
		"price=AAAAAAAAAAAAAAAAA": "",
		"price":                   "",
		"colour=1":                "",
		"":                        "",
	} {
		m := pricelist.Mapping{Columns: []pricelist.Field{pricelist.FieldBarcode, pricelist.FieldName, pricelist.FieldNone}}
		err := m.Change(text, 3)
		if (err == nil) != (want != "") || err == nil && columns(m) != want || err != nil && !errors.Is(err, pricelist.ErrNotAList) {
			t.Errorf("%q: %v, %q", text, err, columns(m))
		}
	}
}

func TestACheckCanBeGivenUp(t *testing.T) {
	var text strings.Builder
	text.WriteString("name,price\n")
	for i := range 50_000 {
		fmt.Fprintf(&text, "Товар %d,1\n", i)
	}
	f := open(t, text.String())
	ctx, cancel := context.WithCancel(t.Context())
	r, err := f.Check(ctx, f.Guess(), func(done, _ int64) {
		if done > 0 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || r.Goods > 20_000 {
		t.Errorf("%d goods, %v", r.Goods, err)
	}
}
