package slip

import "kassa/register"

func (p *paper) prepayment(op register.Operation) error {
	pre, err := op.Prepayment()
	if err != nil {
		return err
	}
	p.receiptTitle(p.lang.T("slip.prepayment", "receipt", pre.Receipt))
	p.origin(op)
	p.customer(pre.Customer)
	p.lines(pre.Lines)
	p.subtotal(pre.Lines)
	p.boldPair(p.lang.T("slip.order_total"), p.lang.Sum(pre.Total))
	p.total("slip.prepaid", pre.Amount)
	p.paid(pre.Payments)
	p.rule()
	p.boldPair(p.lang.T("slip.left_to_pay"), p.lang.Sum(pre.Total-pre.Amount))
	shares := make([]taxed, len(pre.Shares))
	for i, s := range pre.Shares {
		shares[i] = taxed{s.VAT, s.Sum, s.VATSum}
	}
	p.vat(shares)
	p.remarkApart("slip.comment", pre.Comment)
	p.feed()
	p.center(p.lang.T("slip.keep_prepayment"))
	p.code(op)
	return nil
}

func (p *paper) prepaymentReturn(op register.Operation) error {
	back, err := op.PrepaymentReturn()
	if err != nil {
		return err
	}
	p.receiptTitle(p.lang.T("slip.prepayment_return", "receipt", back.Receipt))
	p.origin(op)
	p.customer(back.Customer)
	p.basis("slip.prepaid_by", "slip.prepaid_at", back.Prepayment)
	p.rule()
	p.total("slip.paid_back", back.Amount)
	p.paidBack(back.Payments)
	p.rule()
	p.remark("slip.reason", back.Reason)
	p.signed(op)
	return nil
}
