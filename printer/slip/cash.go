package slip

import "kassa/register"

func (p *paper) cashMove(op register.Operation) error {
	move, err := op.CashMove()
	if err != nil {
		return err
	}
	title, gives, takes := "slip.cash_in_title", "slip.sign_brought", "slip.sign_accepted"
	if op.Kind == register.KindCashOut {
		title, gives, takes = "slip.cash_out_title", "slip.sign_issued", "slip.sign_received"
	}
	p.title(p.lang.T(title))
	p.origin(op)
	p.rule()
	p.total("slip.cash_sum", move.Sum)
	p.remark("slip.reason", move.Reason)
	p.rule()
	p.signature(gives)
	p.signature(takes)
	return nil
}
