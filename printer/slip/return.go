package slip

import "kassa/register"

func (p *paper) saleReturn(op register.Operation) error {
	back, err := op.Return()
	if err != nil {
		return err
	}
	p.receiptTitle(p.lang.T("slip.return", "receipt", back.Receipt))
	p.origin(op)
	p.customer(back.Customer)
	if back.Sale != nil {
		p.basis("slip.sold_by", "slip.sold_at", *back.Sale)
	} else {
		p.text(p.lang.T("slip.no_basis"))
	}
	lines := make([]register.Line, len(back.Lines))
	for i, l := range back.Lines {
		lines[i] = l.Line
	}
	p.lines(lines)
	p.total("slip.paid_back", back.Total)
	p.paidBack(back.Payments)
	p.rule()
	p.vat(linesTaxed(lines))
	p.remarkApart("slip.reason", back.Reason)
	p.signed(op)
	return nil
}

// signed is the foot of a slip for money that went back to a buyer.
func (p *paper) signed(op register.Operation) {
	p.signature("slip.sign_buyer")
	p.signature("slip.sign_cashier")
	p.code(op)
}
