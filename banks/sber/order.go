package sber

import (
	"context"
	"fmt"

	"kassa/banks"
	"kassa/banks/bankhttp"
	"kassa/banks/bankjson"
	"kassa/register"
)

// order is an order as /status tells of it.
type order struct {
	id    string
	word  string // order_state
	state banks.State

	paid     register.Money // by the operations that succeeded
	refunded register.Money // the same
	payment  operation      // what a refund refers to
	failed   []operation    // of the refunds, those that did not succeed
}

// states are the bank's words in ours. How much went back is not in them: see order.settle.
var states = map[string]banks.State{
	"CREATED":    banks.StateWaiting, // after failed attempts of the payer's, too
	"ON_PAYMENT": banks.StateProcessing,
	"AUTHORIZED": banks.StateProcessing, // this and the next are in the bank's list without a description
	"CONFIRMED":  banks.StateProcessing,
	"PAID":       banks.StatePaid,
	"REVERSED":   banks.StateRefunded,
	"REFUNDED":   banks.StateRefunded,
	"REVOKED":    banks.StateCancelled,
	"DECLINED":   banks.StateRejected,
	"EXPIRED":    banks.StateExpired, // reserved, the bank says
}

// order asks for an order by our own number (/status), which is enough by itself.
func (b *Bank) order(ctx context.Context, number string) (order, error) {
	body, uid, err := b.call(ctx, status, func(h head) any {
		return struct {
			head
			TID    string `json:"tid"`
			Number string `json:"partner_order_number"`
		}{h, b.tid, number}
	})
	if err != nil {
		return order{}, err
	}
	re, err := b.decode(body, uid)
	if err != nil {
		return order{}, fmt.Errorf("sber: status: %w", err)
	}
	o, err := re.order()
	if err != nil {
		return order{}, fmt.Errorf("sber: status: %w", err)
	}
	return o, nil
}

// orderOf asks for the order of a payment whose id at the bank may be known.
func (b *Bank) orderOf(ctx context.Context, ref banks.Ref) (order, error) {
	o, err := b.order(ctx, ref.ID)
	if err == nil && ref.BankID != "" && o.id != ref.BankID {
		return order{}, fmt.Errorf("sber: status: %w: it is about order %s, not %s", banks.ErrUnknown, o.id, ref.BankID)
	}
	return o, err
}

// order reads the order. A word that is new to us is no answer, nor is an order whose word and operations contradict
// each other.
func (re reply) order() (order, error) {
	o := order{id: string(re.OrderID), word: bankhttp.Clean(string(re.OrderState), 40)}
	state, known := states[string(re.OrderState)]
	switch {
	case !known:
		return order{}, fmt.Errorf("%w: order_state %q", banks.ErrUnknown, o.word)
	case !longID.MatchString(o.id):
		return order{}, fmt.Errorf("%w: it names no order", banks.ErrUnknown)
	}
	o.state = state
	for _, op := range re.Operations {
		if err := o.add(op); err != nil {
			return order{}, err
		}
	}
	return o, o.settle()
}

// add counts an operation.
func (o *order) add(op operation) error {
	if !op.done() {
		if op.Type != operationPay {
			o.failed = append(o.failed, op)
		}
		return nil
	}
	switch {
	case !op.Sum.Known:
		return fmt.Errorf("%w: an operation names no sum", banks.ErrUnknown)
	case op.Currency != "643":
		return fmt.Errorf("%w: an operation is in currency %s", banks.ErrAmountDiffers, bankhttp.Clean(string(op.Currency), 10))
	}
	switch op.Type {
	case operationPay:
		o.paid += op.Sum.Value
		o.payment = op
	case operationRefund, operationReverse:
		o.refunded += op.Sum.Value
	default:
		return fmt.Errorf("%w: an operation of the type %q", banks.ErrUnknown, bankhttp.Clean(string(op.Type), 40))
	}
	if o.paid > register.MaxMoney || o.refunded > register.MaxMoney {
		return fmt.Errorf("%w: more money than there is", banks.ErrUnknown)
	}
	return nil
}

// settle puts the order's word and its sums together. Sums decide what went back; that money came at all needs both.
func (o *order) settle() error {
	contradiction := fmt.Errorf("%w: %s, with %v paid and %v back", banks.ErrUnknown, o.word, o.paid, o.refunded)
	switch {
	case o.state.HadMoney() && o.paid == 0:
		return contradiction
	case o.state == banks.StateRefunded && o.refunded == 0:
		return contradiction
	case o.state.Closed() && o.paid > 0:
		return contradiction
	case !o.state.HadMoney() && o.paid > 0:
		o.state = banks.StateProcessing // the payment is there, the bank has not finished with it
	case !o.state.HadMoney():
	case o.refunded >= o.paid:
		o.state = banks.StateRefunded
	case o.refunded > 0:
		o.state = banks.StatePartlyRefunded
	default:
		o.state = banks.StatePaid
	}
	return nil
}

// answer tells of the order in our words, and what became of a refund.
func (o order) answer(r banks.Refund) banks.Answer {
	ans := banks.Answer{State: o.state, BankID: o.id, Amount: o.paid, Words: o.word}
	if o.state.HadMoney() {
		ans.Refunded = o.refunded
		ans.Refund = o.outcome(r)
	}
	return ans
}

// outcome is what the sums tell of a refund. It is one operation of its whole sum: while less than that has been added
// since it was sent, it was not carried out, whatever else went back meanwhile. One that the bank has taken is waited
// for all the same: its list may be late, and another refund would then be one too many.
func (o order) outcome(r banks.Refund) banks.Outcome {
	switch {
	case r.ID == "":
		return ""
	case o.refunded >= r.Base+r.Amount:
		return banks.RefundDone
	case r.Taken:
		return banks.RefundPending
	}
	return banks.RefundNone
}

// newFailure gives a refund that did not succeed and was not there before; false when there is none.
func (o order) newFailure(before order) (operation, bool) {
	old := map[bankjson.Text]bool{}
	for _, op := range before.failed {
		old[op.ID] = true
	}
	for _, op := range o.failed {
		if !old[op.ID] {
			return op, true
		}
	}
	return operation{}, false
}
