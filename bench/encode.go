package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/text/encoding/charmap"

	"kassa/printer"
	"kassa/printer/escpos"
)

// encode measures a receipt of 40 lines of goods on its way to a print job. The raw limit is the letters alone, put into
// the printer's code page.
func (b *bench) encode(ctx context.Context) error {
	plain, withCode := longReceipt(), longReceipt()
	withCode.Elements = append(withCode.Elements, printer.Element{QR: paymentLink})
	for _, p := range []struct {
		what, profile string
		doc           printer.Document
	}{
		{"receipt of 40 lines to print job, 80 mm", "epson-80", plain},
		{"the same with a QR code as a picture, 58 mm", "58", withCode},
		{"the same with every letter as a picture, 80 mm", "picture-80", plain},
	} {
		profile, ok := escpos.ProfileByName(p.profile)
		if !ok {
			return errors.New("no printer profile " + p.profile)
		}
		say("encoding %d receipts for %s", b.sales, profile.Name)
		jobs, letters, grown, err := encodeAll(ctx, p.doc, profile, b.sales)
		if err != nil {
			return err
		}
		b.add(p.what, jobs.summary(), "letters alone: "+letters.summary(), fmt.Sprintf("%s  memory %+d KB", ratio(jobs, letters), grown>>10))
	}
	return nil
}

const paymentLink = "https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=100000000007&sum=123450&cur=RUB&crc=AB75"

// longReceipt is a slip as a till prints it.
func longReceipt() printer.Document {
	text := func(s string) printer.Element {
		return printer.Element{Text: &printer.Text{Text: s, Align: printer.Center}}
	}
	doc := printer.Document{Elements: []printer.Element{text("Магазин «Ромашка»"), text("ИНН 7700000009"), {Rule: true}}}
	for i := range 40 {
		name := fmt.Sprintf("%d. Хлеб «Бородинский» нарезанный — %d г", i+1, 350+i)
		doc.Elements = append(doc.Elements, printer.Element{Pair: &printer.Pair{Left: name, Right: "1\u00a0234,50"}})
	}
	doc.Elements = append(doc.Elements, printer.Element{Rule: true},
		printer.Element{Pair: &printer.Pair{Left: "ИТОГ", Right: "49\u00a0380,00", Big: true}}, text("Спасибо за покупку!"))
	return doc
}

// encodeAll makes the job n times, and the raw limit in turn. grown is how much more memory is in use after the
// last one than after the first tenth of them.
func encodeAll(ctx context.Context, doc printer.Document, p escpos.Profile, n int) (jobs, letters times, grown int64, err error) {
	plain := printer.PlainText(doc, p.Columns)
	buffer := make([]byte, 0, len(plain))
	var settled int64
	for i := range n {
		if i == n/10 {
			settled = inUse()
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, 0, err
		}
		began := time.Now()
		if _, err := escpos.Encode(doc, p); err != nil {
			return nil, nil, 0, err
		}
		encoded := time.Now()
		buffer = buffer[:0]
		for _, r := range plain {
			c, _ := charmap.CodePage866.EncodeRune(r)
			buffer = append(buffer, c)
		}
		jobs, letters = append(jobs, encoded.Sub(began)), append(letters, time.Since(encoded))
	}
	return jobs, letters, inUse() - settled, nil
}

// inUse is the memory that is still referred to.
func inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
