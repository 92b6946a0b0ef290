package slip

import "kassa/register"

func (p *paper) sale(op register.Operation) error {
	sale, err := op.Sale()
	if err != nil {
		return err
	}
	p.receiptTitle(p.lang.T("slip.sale", "receipt", sale.Receipt))
	p.origin(op)
	p.customer(sale.Customer)
	if sale.Prepayment != nil {
		p.basis("slip.prepaid_by", "slip.prepaid_at", *sale.Prepayment)
	}
	p.lines(sale.Lines)
	p.subtotal(sale.Lines)
	p.total("slip.total", sale.Total)
	p.paid(sale.Payments)
	p.rule()
	p.vat(linesTaxed(sale.Lines))
	p.remarkApart("slip.comment", sale.Comment)
	p.footer()
	p.code(op)
	return nil
}

// footer is what the shop says to its buyers.
func (p *paper) footer() {
	if p.shop.Footer != "" {
		p.feed()
		p.center(p.shop.Footer)
	}
}

// basis names the operation that this one goes back to.
func (p *paper) basis(key, atKey string, ref register.Ref) {
	p.pair(p.lang.T(key, "receipt", ref.Receipt), p.lang.T("slip.shift", "shift", ref.Shift))
	if !ref.At.IsZero() {
		p.pair(p.lang.T(atKey), p.lang.DateTime(ref.At))
	}
}
