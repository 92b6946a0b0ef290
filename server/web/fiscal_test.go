package web_test

import (
	"testing"
	"time"

	"kassa/register"
	"kassa/server/servertest"
	"kassa/sync/wire"
)

// TestAMissingFiscalReceipt: the registrar fails after its first receipt, and somebody decides about one sale.
func TestAMissingFiscalReceipt(t *testing.T) {
	w := servertest.Start(t)
	j := &servertest.Journal{ID: journalID}
	add := func(of int64, change func(*register.FiscalDocument)) {
		d := register.FiscalDocument{Of: register.Ref{Journal: journalID, Number: of, ID: "op", Receipt: of}, Document: "sale", FN: "9999078902000123",
			Number: 1000 + of, Sign: 1, At: servertestNow}
		change(&d)
		j.Add(t, servertestNow, register.KindFiscalDocument, d)
	}
	sent := int64(0)
	upload := func() {
		var ack wire.Ack
		w.Upload(w.Secret, j, sent, int64(len(j.Records))).Into(&ack)
		sent = ack.Number
	}
	j.AddSale(t, servertestNow, 1) // 1
	add(1, func(d *register.FiscalDocument) { d.NotPrinted, d.Found = true, true })
	j.AddSale(t, servertestNow, 3) // 3
	j.AddSale(t, servertestNow, 4) // 4
	j.Add(t, servertestNow, register.KindFiscalDocument, register.FiscalDocument{Document: "moon_landing", Decided: "Анна", GivenUp: true})
	upload()

	b := newBrowser(t, w, "ru").login()
	b.get(at(1)).expect(t, "Фискальный чек: приход", "1001", "найден в его памяти", "кончилась бумага")
	b.get(at(1)).expectNot(t, "Фискального чека", "ещё не сообщила")
	b.get(at(3)).expect(t, "ещё не сообщила о фискальном чеке")
	b.get(at(5)).expect(t, "moon_landing", "Документа нет и не будет. Решил: Анна")
	b.get("/").expectNot(t, "фискального чека")

	w.Clock.Move(25 * time.Hour)
	front := b.get("/")
	front.expect(t, "У 2 операций больше суток нет фискального чека", `href="/operations?unfiscal=1"`)
	list := b.get("/operations?unfiscal=1")
	list.expect(t, at(3), at(4), "Только без фискального чека")
	list.expectNot(t, at(1))
	b.get(at(3)).expect(t, "нет больше суток")
	newBrowser(t, w, "en").login().get("/").expect(t, "2 operations have had no fiscal receipt for more than a day")

	add(3, func(d *register.FiscalDocument) {
		d.FN, d.Number, d.Sign, d.At, d.Decided = "", 0, 0, time.Time{}, "Мария"
	})
	add(4, func(d *register.FiscalDocument) {
		d.FN, d.Number, d.Sign, d.Decided, d.GivenUp = "", 0, 0, "Мария", true
	})
	add(77, func(*register.FiscalDocument) {})
	upload()
	b.get("/").expectNot(t, "фискального чека")
	decided := b.get(at(3))
	decided.expect(t, "подтвердил: Мария")
	decided.expectNot(t, "нет больше суток", "<dt>ФН</dt>")
	b.get(at(4)).expect(t, "Документа нет и не будет. Решил: Мария")
}

// TestTheContactIsShown on the page of the operation.
func TestTheContactIsShown(t *testing.T) {
	w := servertest.Start(t)
	j := &servertest.Journal{ID: journalID}
	var cart register.Cart
	if _, err := cart.Add(register.Product{ID: "milk", Name: "Молоко", Unit: register.Piece, Price: 89_90, VAT: register.VAT10}, register.One); err != nil {
		t.Fatal(err)
	}
	if err := cart.SetContact("8 912 345-67-89", true); err != nil {
		t.Fatal(err)
	}
	s, err := register.NewSale(&cart, []register.Payment{{Method: register.Card, Amount: 89_90}})
	if err != nil {
		t.Fatal(err)
	}
	j.Add(t, servertestNow, register.KindSale, s)
	var ack wire.Ack
	w.Upload(w.Secret, j, 0, 1).Into(&ack)
	page := newBrowser(t, w, "ru").login().get(at(1))
	page.expect(t, "Чек отправлен на", "79123456789", "без бумажного чека")
	page.expectNot(t, "не разобрана", "ещё не сообщила")
}
