package pricelist_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"kassa/app/pricelist"
	"kassa/assets/catalogue"
	"kassa/register"
)

func TestEveryLineGetsAnAnswer(t *testing.T) {
	const list = "\ufeffШтрихкод;Код;Наименование;Цена;НДС;Ед. изм.;лишнее\r\n" +
		"4600000000017;1;Молоко «Утро»   3,2 %;84,90;10;шт;x\r\n" +
		"4600000000024;2;;10;;;\r\n" + // line 3: no name
		"4600000000031;3;Хлеб;дорого;10;шт;\r\n" + // line 4: the price
		"4600000000048;4;Сыр;749,00;18;кг;\r\n" + // line 5: the rate
		"4600000000055;5;Ткань;100;22;аршин;\r\n" + // line 6: the unit
		"46000 0000;6;Два кода;1;;;\r\n" +
		"штрих;7;Не код;1;;;\r\n" + // line 8: the barcode
		"4600000000017;8;Молоко ещё раз;85;10;шт;\r\n" + // line 9: twice
		";9;\"Сахар;\r\nпесок\";1 099.5;;кг\r\n" + // lines 10 and 11
		";10;Соль\x01;1;;\r\n" + // line 12: control characters
		";11;Со\xff;1;;\r\n" // line 13: not UTF-8
	r, err := pricelist.NewReader(strings.NewReader(list))
	if err != nil {
		t.Fatal(err)
	}
	var bad []pricelist.BadLine
	var good []register.Product
	for p, err := range r.Good(func(b *pricelist.BadLine) { bad = append(bad, *b) }) {
		if err != nil {
			t.Fatal(err)
		}
		good = append(good, p)
	}
	for i, want := range []struct {
		line   int
		reason pricelist.Reason
	}{{3, pricelist.ReasonName}, {4, pricelist.ReasonPrice}, {5, pricelist.ReasonVAT}, {6, pricelist.ReasonUnit}, {8, pricelist.ReasonBarcode},
		{9, pricelist.ReasonTwice}, {12, pricelist.ReasonOther}, {13, pricelist.ReasonText}} {
		if i >= len(bad) || bad[i].Line != want.line || bad[i].Reason != want.reason {
			t.Fatalf("bad lines are %+v; want %+v at %d", bad, want, i)
		}
	}
	if len(good) != 3 || good[0].Name != "Молоко «Утро» 3,2 %" || good[0].Price != 8490 || good[0].VAT != register.VAT10 {
		t.Fatalf("good lines are %+v", good)
	}
	if len(good[1].Barcodes) != 2 || good[1].VAT != register.VAT22 || good[1].Unit != register.Piece {
		t.Errorf("defaults: %+v", good[1])
	}
	if good[2].Name != "Сахар; песок" || good[2].Price != 109950 || good[2].Unit != register.Kilogram {
		t.Errorf("a cell of two lines: %+v", good[2])
	}
}

func TestWhatIsNoPriceList(t *testing.T) {
	for name, text := range map[string]string{
		"empty":           "",
		"a JPEG":          "\xff\xd8\xff\xe0\x00\x10JFIF",
		"no price column": "name,vat\nМолоко,10\n",
		"Windows-1251":    "\xed\xe0\xe7\xe2\xe0\xed\xe8\xe5;\xf6\xe5\xed\xe0\n",
		"words":           "There was a crooked man",
	} {
		if _, err := pricelist.NewReader(strings.NewReader(text)); !errors.Is(err, pricelist.ErrNotAList) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestALongNameIsCutToWhatAReceiptHolds(t *testing.T) {
	r, err := pricelist.NewReader(strings.NewReader("name\tprice\n" + strings.Repeat("Щ", 500) + "\t1\n"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Next()
	if err != nil || len([]rune(p.Name)) != register.MaxName {
		t.Errorf("%d letters, %v", len([]rune(p.Name)), err)
	}
}

func TestTheDemoCatalogueIsAPriceList(t *testing.T) {
	r, err := pricelist.NewReader(catalogue.Demo())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range r.Good(func(b *pricelist.BadLine) { t.Error(b) }) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n < 300 {
		t.Errorf("%d goods", n)
	}
}

func FuzzReader(f *testing.F) {
	f.Add("name,price\nМолоко,1\n")
	f.Add("\ufeffНазвание;Цена;НДС\n\"Хл\"\"еб\";1,5;10\n;;;\n")
	f.Add("name\tprice\n\"")
	f.Add("name,price,name,barcode\na,1,b,\"1 2\n3\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := pricelist.NewReader(strings.NewReader(text))
		if err != nil {
			return
		}
		for range len(text) + 1 { // a line takes a byte at least
			p, err := r.Next()
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.Is(err, pricelist.ErrBadLine):
				continue
			case err != nil:
				return
			}
			p.ID = "id"
			if err := p.Check(); err != nil {
				t.Fatalf("a good line is none: %v", err)
			}
		}
		t.Fatal("reading does not end")
	})
}
