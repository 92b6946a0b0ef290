package sber

import (
	"context"
	"errors"
	"fmt"

	"kassa/banks"
)

// refundRequest is the body of /cancel.
type refundRequest struct {
	head
	OrderID     string `json:"order_id"`
	Type        string `json:"operation_type"`
	OperationID string `json:"operation_id"` // of the payment
	AuthCode    string `json:"auth_code"`    // the same
	IDQR        string `json:"id_qr"`
	TID         string `json:"tid"`
	Sum         int64  `json:"cancel_operation_sum"`
	Currency    string `json:"operation_currency"`
}

// refund gives back what ref.Refund says. The order is asked for before, since /cancel names the payment's operation, and
// after, since only the list of operations tells what was carried out. Where as much has gone back as the refund is for
// since its base was noted, by whomever, nothing is sent: it could be this very refund.
func (b *Bank) refund(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	before, err := b.orderOf(ctx, ref)
	switch {
	case err != nil:
		return banks.Answer{}, err
	case !before.state.HadMoney():
		return banks.Answer{}, notNow(before, "the order is not paid: "+before.word)
	case before.outcome(ref.Refund) == banks.RefundDone:
		return banks.Answer{}, notNow(before, fmt.Sprintf("%v have gone back already", before.refunded))
	}
	id, err := b.giveBack(ctx, before, ref.Refund)
	var refusal *banks.Refusal
	if err != nil && !errors.As(err, &refusal) {
		return banks.Answer{}, err
	}
	after, asked := b.orderOf(ctx, ref)
	if asked != nil {
		after = before // nothing new is known
	}
	if refusal != nil {
		return banks.Answer{}, refused(err, refusal, before, after)
	}
	ans := after.answer(ref.Refund)
	failure, failed := after.newFailure(before)
	switch {
	case ans.Refund == banks.RefundDone:
	case failed && string(failure.ID) == id:
		ans.Refund = banks.RefundFailed
	default:
		ans.Refund = banks.RefundPending
	}
	return ans, nil
}

// notNow refuses a refund before the bank is asked for it.
func notNow(o order, words string) error {
	return fmt.Errorf("sber: cancel: %w", &banks.Refusal{Reason: banks.ReasonState, Code: o.word, Message: words})
}

// refused is the error of a refund that the bank refused, by what the order's operations say of it. When money went back
// all the same nobody knows whose it was: State tells.
func refused(err error, refusal *banks.Refusal, before, after order) error {
	if after.refunded > before.refunded {
		return fmt.Errorf("%w: %v", banks.ErrUnknown, err)
	}
	if failure, failed := after.newFailure(before); failed && failure.Response == noMoney {
		refusal.Reason = banks.ReasonBalance
	}
	return err
}

// noMoney is the response_code of an operation for which there was not enough money. The codes are those of cards; the
// bank's own list was not found.
const noMoney = "51"

// giveBack sends /cancel and gives the id of the operation that the bank made of it.
func (b *Bank) giveBack(ctx context.Context, o order, r banks.Refund) (string, error) {
	body, uid, err := b.call(ctx, cancel, func(h head) any {
		return refundRequest{
			head: h, OrderID: o.id, Type: operationRefund, OperationID: string(o.payment.ID), AuthCode: string(o.payment.AuthCode),
			IDQR: b.idQR, TID: b.tid, Sum: int64(r.Amount), Currency: "643",
		}
	})
	if err != nil {
		return "", err
	}
	re, err := b.decode(body, uid)
	switch {
	case err != nil:
		return "", fmt.Errorf("sber: cancel: %w", err)
	case re.OrderID != "" && string(re.OrderID) != o.id:
		return "", fmt.Errorf("sber: cancel: %w: it is about another order", banks.ErrUnknown)
	case re.Sum.Known && re.Sum.Value != r.Amount:
		return "", fmt.Errorf("sber: cancel: %w: %v instead of %v went back", banks.ErrAmountDiffers, re.Sum.Value, r.Amount)
	}
	return string(re.operation.ID), nil
}
