package slip

import (
	"fmt"
	"strings"
	"time"

	"kassa/i18n"
	"kassa/printer"
	"kassa/register"
)

// Sale is the slip of a sale. It opens the drawer when cash was taken. The error is register.ErrBadOperation when op is
// no sale or cannot be read.
func Sale(shop Shop, op register.Operation, lang *i18n.Language) (printer.Document, error) {
	p := newPaper(shop, lang)
	sale, err := p.sale(shop, op)
	if err != nil {
		return printer.Document{}, fmt.Errorf("making the slip of a sale: %w", err)
	}
	p.doc.OpenDrawer = sale.Drawer() > 0
	return p.doc, nil
}

// Copy is the slip of a sale made again at a later time, and says so. It never opens the drawer. Errors are those of
// Sale.
func Copy(shop Shop, op register.Operation, at time.Time, lang *i18n.Language) (printer.Document, error) {
	p := newPaper(shop, lang)
	p.add(printer.Text{Text: p.lang.T("slip.copy"), Align: printer.Center, Bold: true, Big: true})
	p.center(p.lang.T("slip.copied_at", "time", p.lang.DateTime(at)))
	p.feed()
	if _, err := p.sale(shop, op); err != nil {
		return printer.Document{}, fmt.Errorf("making the copy of a slip: %w", err)
	}
	return p.doc, nil
}

func (p *paper) sale(shop Shop, op register.Operation) (register.Sale, error) {
	sale, err := op.Sale()
	if err != nil {
		return sale, err
	}
	p.title(p.lang.T("slip.sale", "receipt", sale.Receipt))
	p.feed()
	p.place(shop, op.At)
	p.pair(p.lang.T("slip.shift", "shift", op.Shift), p.lang.T("slip.operation", "number", op.Number))
	p.cashier(op.Cashier)
	p.rule()
	for i, line := range sale.Lines {
		p.line(i+1, line)
	}
	p.rule()
	p.addPair(printer.Pair{Left: p.lang.T("slip.total"), Right: p.lang.Sum(sale.Total), Bold: true, Big: true})
	for _, payment := range sale.Payments {
		p.payment(payment)
	}
	p.rule()
	p.vat(sale.Lines)
	if shop.Footer != "" {
		p.feed()
		p.center(shop.Footer)
	}
	return sale, nil
}

// line is the name over the full width, and below it quantity, price and sum.
func (p *paper) line(number int, l register.Line) {
	p.text(fmt.Sprintf("%d.%s%s", number, nbsp, l.Name))
	p.pair("   "+p.lang.T("slip.quantity",
		"quantity", p.lang.Quantity(l.Quantity),
		"unit", p.lang.Unit(l.Unit),
		"price", p.lang.Sum(l.Price)), p.lang.Sum(l.Sum))
}

// payment shows cash as it was handed over and handed back.
func (p *paper) payment(m register.Payment) {
	sum := m.Amount
	if m.Method == register.Cash && m.Given > 0 {
		sum = m.Given
	}
	p.pair(p.lang.T("method."+string(m.Method)), p.lang.Sum(sum))
	if m.Method == register.Cash {
		p.pair(p.lang.T("slip.change"), p.lang.Sum(m.Change))
	}
	if m.BankID != "" {
		p.pair(p.lang.T("slip.bank_payment"), m.BankID)
	}
}

// vat shows the tax of each rate on the receipt; of goods with no tax, what they came to.
func (p *paper) vat(lines []register.Line) {
	tax := map[register.VAT]register.Money{}
	sum := map[register.VAT]register.Money{}
	for _, l := range lines {
		tax[l.VAT] += l.VATSum
		sum[l.VAT] += l.Sum
	}
	rates := []register.VAT{
		register.VAT22, register.VAT20, register.VAT10, register.VAT7, register.VAT5, register.VAT0, register.VATNone,
	}
	for _, rate := range rates {
		if _, sold := sum[rate]; !sold {
			continue
		}
		name := strings.ReplaceAll(p.lang.VAT(rate), " ", nbsp)
		switch rate {
		case register.VATNone:
			p.pair(p.lang.T("slip.without_vat"), p.lang.Sum(sum[rate]))
		case register.VAT0:
			p.pair(p.lang.T("slip.zero_vat", "vat", name), p.lang.Sum(sum[rate]))
		default:
			p.pair(p.lang.T("slip.included_vat", "vat", name), p.lang.Sum(tax[rate]))
		}
	}
}
