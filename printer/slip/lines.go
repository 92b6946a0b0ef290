package slip

import (
	"fmt"
	"strings"

	"kassa/i18n"
	"kassa/printer"
	"kassa/register"
)

// lines are the goods, and what was taken off them in all.
func (p *paper) lines(all []register.Line) {
	p.rule()
	if table, ok := p.oneLined(all); ok {
		p.doc.Elements = append(p.doc.Elements, printer.Element{Table: &table})
	} else {
		for i, l := range all {
			p.line(i+1, l)
		}
	}
	p.rule()
}

// line is the name over the full width, and below it quantity, price and sum. Where something was taken off, or tax was
// added, the sums stand under one another as they are computed.
func (p *paper) line(number int, l register.Line) {
	p.text(p.numbered(number, l))
	if l.Comment != "" {
		p.text(indent + l.Comment)
	}
	p.pair(indent+p.quantity(l), p.lang.Sum(p.first(l)))
	for _, c := range p.changes(l) {
		p.addPair(c)
	}
}

// numbered is the goods' name, with its number where the shop wants one.
func (p *paper) numbered(number int, l register.Line) string {
	if !p.shows(PartNumbers) {
		return p.name(l)
	}
	return fmt.Sprintf("%d.%s%s", number, nbsp, p.name(l))
}

// quantity is how much was sold, and at which price; with no price where it would not come to what stands beside it,
// because the shop does not show discounts.
func (p *paper) quantity(l register.Line) string {
	quantity, unit := p.lang.Quantity(l.Quantity), p.lang.Unit(l.Unit)
	if l.Off != 0 && !p.shows(PartDiscounts) {
		return quantity + " " + unit
	}
	return p.lang.T("slip.quantity", "quantity", quantity, "unit", unit, "price", p.lang.Sum(l.Price))
}

// first is the sum beside the quantity: before what is taken off and added below it.
func (p *paper) first(l register.Line) register.Money {
	if !p.shows(PartDiscounts) {
		return l.Gross() - l.Off
	}
	return l.Gross()
}

// changes are what was taken off a line's first sum, what was added to it, and what it came to.
func (p *paper) changes(l register.Line) (out []printer.Pair) {
	add := func(text, sum string) { out = append(out, printer.Pair{Left: indent + text, Right: sum}) }
	if l.Off != 0 && p.shows(PartDiscounts) {
		add(p.discountName(l), p.lang.Sum(-l.Off))
	}
	if l.OnTop && l.VATSum != 0 {
		add(p.lang.T("slip.vat_added", "vat", p.vatName(l.VAT)), "+"+p.lang.Sum(l.VATSum))
	}
	if len(out) > 0 {
		add(p.lang.T("slip.line_sum"), p.lang.Sum(l.Sum))
	}
	return out
}

// name is the goods' name in the slip's language, where they have one in it.
func (p *paper) name(l register.Line) string {
	if p.lang.Tag() == i18n.English && l.NameEn != "" {
		return l.NameEn
	}
	return l.Name
}

// discountName says how much was taken off where that is a round percentage of the line's own: a share of the receipt's
// discount makes it another.
func (p *paper) discountName(l register.Line) string {
	if l.Discount.Percent > 0 && l.Discount.Of(l.Gross()) == l.Off {
		return p.lang.T("slip.discount_percent", "percent", p.percent(l.Discount.Percent))
	}
	return p.lang.T("slip.discount")
}

// percent writes a percentage as the language writes numbers.
func (p *paper) percent(share register.Percent) string {
	if p.lang.Tag() == i18n.Russian {
		return strings.Replace(share.String(), ".", ",", 1)
	}
	return share.String()
}

// subtotal is what the goods cost by their prices, what was taken off that, and the tax that was added, where they come
// to something else than the total.
func (p *paper) subtotal(all []register.Line) {
	var gross, off, added register.Money
	for _, l := range all {
		gross += l.Gross()
		off += l.Off
		if l.OnTop {
			added += l.VATSum
		}
	}
	if !p.shows(PartDiscounts) {
		gross, off = gross-off, 0
	}
	if off == 0 && added == 0 {
		return
	}
	p.pair(p.lang.T("slip.by_price"), p.lang.Sum(gross))
	if off != 0 {
		p.pair(p.lang.T("slip.discounts"), p.lang.Sum(-off))
	}
	if added != 0 {
		p.pair(p.lang.T("slip.vat_on_top"), "+"+p.lang.Sum(added))
	}
}

// taxed is a sum and the tax within it.
type taxed struct {
	rate     register.VAT
	sum, tax register.Money
}

func linesTaxed(lines []register.Line) []taxed {
	all := make([]taxed, len(lines))
	for i, l := range lines {
		all[i] = taxed{l.VAT, l.Sum, l.VATSum}
	}
	return all
}

// rates are in the order of a receipt.
var rates = []register.VAT{
	register.VAT22, register.VAT20, register.VAT10, register.VAT7, register.VAT5,
	register.VAT22of122, register.VAT20of120, register.VAT10of110, register.VAT7of107, register.VAT5of105,
	register.VAT0, register.VATNone,
}

// vat shows the tax of each rate on the receipt; of goods with no tax, what they came to.
func (p *paper) vat(all []taxed) {
	if !p.shows(PartVAT) {
		return
	}
	tax := map[register.VAT]register.Money{}
	sum := map[register.VAT]register.Money{}
	for _, l := range all {
		tax[l.rate] += l.tax
		sum[l.rate] += l.sum
	}
	for _, rate := range rates {
		if _, sold := sum[rate]; !sold {
			continue
		}
		switch rate {
		case register.VATNone:
			p.pair(p.lang.T("slip.without_vat"), p.lang.Sum(sum[rate]))
		case register.VAT0:
			p.pair(p.lang.T("slip.zero_vat", "vat", p.vatName(rate)), p.lang.Sum(sum[rate]))
		default:
			p.pair(p.lang.T("slip.included_vat", "vat", p.vatName(rate)), p.lang.Sum(tax[rate]))
		}
	}
}

// vatName names a rate on one line. The calculated rates are fractions, not percentages.
func (p *paper) vatName(rate register.VAT) string {
	name := p.lang.VAT(rate)
	if strings.Contains(string(rate), "/") {
		name = strings.TrimRight(name, "% ")
	}
	return strings.ReplaceAll(name, " ", nbsp)
}

// paid shows what a buyer paid with: cash as it was handed over and handed back.
func (p *paper) paid(payments []register.Payment) {
	for _, m := range payments {
		sum := m.Amount
		if m.Method == register.Cash && m.Given > 0 {
			sum = m.Given
		}
		p.pair(p.method(m.Method), p.lang.Sum(sum))
		if m.Method == register.Cash {
			p.pair(p.lang.T("slip.change"), p.lang.Sum(m.Change))
		}
		p.named("slip.terminal", m.Slip)
		p.named("slip.bank_payment", m.BankID)
	}
}

// paidBack shows how money went back to the buyer.
func (p *paper) paidBack(payments []register.Payment) {
	for _, m := range payments {
		name := p.method(m.Method)
		if m.Method == register.Prepaid {
			name = p.lang.T("slip.to_prepayment")
		}
		p.pair(name, p.lang.Sum(m.Amount))
		p.named("slip.terminal", m.Slip)
		p.named("slip.bank_payment", m.BankID)
	}
}

func (p *paper) method(m register.Method) string { return p.lang.T("method." + string(m)) }
