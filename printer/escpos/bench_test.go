package escpos_test

import (
	"fmt"
	"testing"

	"kassa/printer"
	"kassa/printer/escpos"
)

// receipt is a slip of 40 lines of goods, as a till prints it.
func receipt() printer.Document {
	text := func(t printer.Text) printer.Element { return printer.Element{Text: &t} }
	doc := printer.Document{OpenDrawer: true, Elements: []printer.Element{
		text(printer.Text{Text: "РОМАШКА", Align: printer.Center, Big: true, Bold: true}),
		text(printer.Text{Text: "г. Москва, ул. Большая Садовая, д. 10, ИНН 7700000009", Align: printer.Center}),
		{Rule: true},
	}}
	for i := range 40 {
		name := fmt.Sprintf("%d. Хлеб «Бородинский» нарезанный — %d г", i+1, 350+i)
		doc.Elements = append(doc.Elements, printer.Element{Pair: &printer.Pair{Left: name, Right: "1\u00a0234,50"}})
	}
	return printer.Document{OpenDrawer: true, Elements: append(doc.Elements,
		printer.Element{Rule: true},
		printer.Element{Pair: &printer.Pair{Left: "ИТОГ", Right: "49\u00a0380,00", Big: true}},
		printer.Element{Pair: &printer.Pair{Left: "Наличными", Right: "50\u00a0000,00"}},
		printer.Element{Barcode: "9000000041123456"},
		text(printer.Text{Text: "Спасибо за покупку!", Align: printer.Center}),
	)}
}

func benchmarkEncode(b *testing.B, doc printer.Document, name string) {
	p, ok := escpos.ProfileByName(name)
	if !ok {
		b.Fatalf("no profile %q", name)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := escpos.Encode(doc, p); err != nil {
			b.Fatal(err)
		}
	}
}

// The bar is 2 ms, and memory that does not grow from one receipt to the next.
func BenchmarkEncode40Lines(b *testing.B) {
	withCode := receipt()
	withCode.Elements = append(withCode.Elements, printer.Element{
		QR: "https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=100000000007&sum=123450&cur=RUB&crc=AB75",
	})
	for _, name := range []string{"epson-80", "58", "picture-80"} {
		b.Run(name, func(b *testing.B) { benchmarkEncode(b, receipt(), name) })
		b.Run(name+"-qr", func(b *testing.B) { benchmarkEncode(b, withCode, name) })
	}
}

// What a job takes of memory is bounded by what it says, however many were made before. The figure is far above what is
// needed today and far below one allocation for each letter.
func TestEncodingTakesFewAllocations(t *testing.T) {
	const most = 3000
	doc := receipt()
	for _, name := range []string{"epson-80", "58", "picture-80"} {
		p, _ := escpos.ProfileByName(name)
		got := testing.AllocsPerRun(5, func() {
			if _, err := escpos.Encode(doc, p); err != nil {
				t.Fatal(err)
			}
		})
		if got > most {
			t.Errorf("%s: %.0f allocations for a receipt of 40 lines, at most %d are wanted", name, got, most)
		}
	}
}
