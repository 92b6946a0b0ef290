package fnsim

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"kassa/fiscal"
	"kassa/register"
)

// mostTape bounds the lines of paper that are kept.
const mostTape = 20_000

// paper is the roll that hangs out of the device.
type paper struct {
	lines []string
}

func (p *paper) feed(lines []string) {
	p.lines = append(p.lines, lines...)
	if over := len(p.lines) - mostTape; over > 0 {
		p.lines = append([]string(nil), p.lines[over:]...)
	}
}

// Tape is what was printed, the newest at the end.
func (d *Device) Tape() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.paper.lines, "\n") + "\n"
}

// print prints a document, by half where whole is false, and tells whether something of it is missing on paper.
func (d *Device) print(r Record, whole bool) (missing bool) {
	if r.NoPaper {
		return false
	}
	lines := d.text(r)
	if whole {
		d.paper.feed(lines)
		return false
	}
	half := len(lines) / 2
	d.paper.feed(lines[:half])
	d.Pending = lines[half:]
	return true
}

// titles are what documents are called on paper.
var titles = map[fiscal.Kind]string{
	fiscal.OpenShift: "ОТЧЕТ ОБ ОТКРЫТИИ СМЕНЫ", fiscal.CloseShift: "ОТЧЕТ О ЗАКРЫТИИ СМЕНЫ", fiscal.Sale: "КАССОВЫЙ ЧЕК",
	fiscal.Return: "КАССОВЫЙ ЧЕК", fiscal.SaleCorrection: "КАССОВЫЙ ЧЕК КОРРЕКЦИИ", fiscal.ReturnCorrection: "КАССОВЫЙ ЧЕК КОРРЕКЦИИ",
	fiscal.CashIn: "ВНЕСЕНИЕ", fiscal.CashOut: "ВЫПЛАТА", fiscal.XReport: "X-ОТЧЕТ", Registering: "ОТЧЕТ О РЕГИСТРАЦИИ",
}

// methods are tag 1214 on paper; the full payment needs no words.
var methods = map[fiscal.Method]string{
	fiscal.FullPrepayment: "ПРЕДОПЛАТА 100%", fiscal.PartPrepayment: "ПРЕДОПЛАТА", fiscal.Advance: "АВАНС",
	fiscal.PartPayment: "ЧАСТИЧНЫЙ РАСЧЕТ И КРЕДИТ", fiscal.Credit: "ПЕРЕДАЧА В КРЕДИТ", fiscal.CreditPayment: "ОПЛАТА КРЕДИТА",
}

// text lays a document out.
func (d *Device) text(r Record) []string {
	lines := []string{d.middle(titles[r.Kind]), d.middle(d.setup.User), d.middle(d.setup.Address),
		d.sides("ИНН "+d.setup.INN, r.At.Format("02.01.06 15:04"))}
	if r.Kind != Registering {
		lines = append(lines, fmt.Sprintf("СМЕНА %d", r.Shift))
	}
	if r.Operator.Name != "" {
		lines = append(lines, "КАССИР "+r.Operator.Name)
	}
	switch {
	case r.Kind.Receipt():
		lines = append(lines, d.receiptText(r)...)
	case r.Kind == fiscal.CashIn || r.Kind == fiscal.CashOut:
		lines = append(lines, d.sides("СУММА", "="+r.Cash.String()))
	case r.Kind == fiscal.XReport || r.Kind == fiscal.CloseShift:
		lines = append(lines, d.totalsText()...)
	}
	if r.Kind.Stored() || r.Kind == Registering {
		lines = append(lines, d.sides("РН ККТ", r.Registration), d.sides("ФН", r.FN), d.sides("ФД", fmt.Sprint(r.Number)),
			d.sides("ФП", fmt.Sprintf("%010d", r.Sign)))
	}
	if r.QR != "" {
		lines = append(lines, "[QR "+r.QR+"]")
	}
	return append(lines, strings.Repeat("-", d.setup.Width))
}

func (d *Device) receiptText(r Record) []string {
	way := "ПРИХОД"
	if r.Direction() == 2 {
		way = "ВОЗВРАТ ПРИХОДА"
	}
	lines := []string{d.sides(way, fmt.Sprintf("ЧЕК %d", r.InShift))}
	for _, l := range r.Lines {
		lines = append(lines, d.wrapped(l.Name)...)
		lines = append(lines, d.sides(fmt.Sprintf("  %v x %v", l.Quantity, l.Price), "="+l.Sum.String()))
		if words := methods[l.Method]; words != "" {
			lines = append(lines, "  "+words)
		}
	}
	lines = append(lines, d.sides("ИТОГ", "="+r.Sum.String()))
	sum := func(name string, m register.Money) {
		if m != 0 {
			lines = append(lines, d.sides(name, "="+m.String()))
		}
	}
	sum("НАЛИЧНЫМИ", r.Payments.Cash)
	sum("БЕЗНАЛИЧНЫМИ", r.Payments.Electronic)
	sum("ПРЕДВАРИТЕЛЬНАЯ ОПЛАТА (АВАНС)", r.Payments.Prepaid)
	sum("ПОСЛЕДУЮЩАЯ ОПЛАТА (КРЕДИТ)", r.Payments.Credit)
	sum("ИНАЯ ФОРМА ОПЛАТЫ", r.Payments.Other)
	sum("СДАЧА", r.Change)
	for _, t := range r.VAT {
		sum(vatWords(t.VAT), t.Sum)
	}
	if r.Contact != "" {
		lines = append(lines, "ЭЛ. АДР. ПОКУПАТЕЛЯ "+r.Contact)
	}
	return append(lines, r.Texts...)
}

func (d *Device) totalsText() []string {
	t := d.Shift.Totals
	lines := []string{fmt.Sprintf("ЧЕКОВ ЗА СМЕНУ %d", t.Inside)}
	for _, one := range []struct {
		name string
		kind fiscal.Kind
	}{{"ПРИХОД", fiscal.Sale}, {"ВОЗВРАТ ПРИХОДА", fiscal.Return}} {
		sum := t.Receipts[one.kind]
		lines = append(lines, d.sides(fmt.Sprintf("%s %d", one.name, sum.Count.Count), "="+sum.Sum.String()))
	}
	return append(lines, d.sides("ВНЕСЕНО", "="+t.In.Sum.String()), d.sides("ВЫПЛАЧЕНО", "="+t.Out.Sum.String()),
		d.sides("В КАССЕ", "="+d.Drawer.String()))
}

// vatWords are a rate on paper.
func vatWords(v register.VAT) string {
	switch {
	case v == register.VATNone:
		return "СУММА БЕЗ НДС"
	case v == register.VAT0:
		return "СУММА С НДС 0%"
	case strings.Contains(string(v), "/"):
		return "СУММА НДС " + string(v)
	}
	return "СУММА НДС " + string(v) + "%"
}

// wrapped puts a text on as many lines as it needs.
func (d *Device) wrapped(text string) []string {
	var lines []string
	runes := []rune(text)
	for len(runes) > d.setup.Width {
		lines, runes = append(lines, string(runes[:d.setup.Width])), runes[d.setup.Width:]
	}
	return append(lines, string(runes))
}

// middle puts a text in the middle of the paper.
func (d *Device) middle(text string) string {
	return strings.Repeat(" ", max(0, (d.setup.Width-utf8.RuneCountInString(text))/2)) + text
}

// sides puts one text to the left and one to the right; on two lines where they do not fit beside each other.
func (d *Device) sides(left, right string) string {
	gap := d.setup.Width - utf8.RuneCountInString(left) - utf8.RuneCountInString(right)
	if gap < 1 {
		return left + "\n" + strings.Repeat(" ", max(0, d.setup.Width-utf8.RuneCountInString(right))) + right
	}
	return left + strings.Repeat(" ", gap) + right
}
