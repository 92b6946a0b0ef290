package tbank

import (
	"context"
	"errors"
	"fmt"

	"kassa/banks"
	"kassa/register"
)

// What this bank tells of refunds. It takes no id of ours for one (ExternalRequestId does not work for SBP, says the text
// of v1.80), and a payment's status is all that tells whether a refund is under way. How much went back is told in two
// places: OriginalAmount and NewAmount of Cancel's answer are documented; whether Amount of GetState goes down with a
// refund is not, so that a smaller Amount is believed and the same one tells nothing.

// refund gives a part of a paid payment back (Cancel with an amount), or all of it. The amount is named in any case:
// without one the bank would give back what is left, which may be less than our books say.
func (b *Bank) refund(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	re, err := b.call(ctx, "Cancel", map[string]any{"PaymentId": ref.BankID, "Amount": int64(ref.Refund.Amount)})
	var refusal *banks.Refusal
	if errors.As(err, &refusal) && refusal.Code == codeRepeated {
		// The bank has seen this very call: what became of the first one is to be asked.
		return banks.Answer{}, fmt.Errorf("%w: %v", banks.ErrUnknown, err)
	}
	if err != nil {
		return banks.Answer{}, err
	}
	if err := re.about(ref.BankID, ref.ID); err != nil {
		return banks.Answer{}, fmt.Errorf("tbank: Cancel: %w", err)
	}
	p, err := re.payment("Cancel")
	if err != nil {
		return banks.Answer{}, err
	}
	ans := p.answer()
	before, after := re.OriginalAmount, re.NewAmount
	told := before.Known && after.Known && before.Value <= ref.Amount && before.Value-after.Value == ref.Refund.Amount
	switch p.state {
	case banks.StateRefundPending:
		ans.Refund = banks.RefundPending
		if told {
			ans.Refunded = ref.Amount - before.Value
		}
	case banks.StatePartlyRefunded, banks.StateRefunded:
		ans.Refund = banks.RefundDone
		if told {
			ans.Refunded = ref.Amount - after.Value
		}
	}
	return ans, nil
}

// money is the answer about a payment, with what can be told of the money that went back.
func (b *Bank) money(ctx context.Context, p payment, ref banks.Ref) banks.Answer {
	ans := p.answer()
	ans.Refunded = p.refunded(ref)
	if p.state == banks.StatePaid && ref.Refunded > 0 && p.said == ref.Amount-ref.Refunded {
		ans.Amount = 0 // the status after a refund that failed, with the sum that earlier ones left
	}
	if ref.Refund.ID == "" {
		return ans
	}
	var last cancelled
	if p.state == banks.StatePaid && ref.Refund.Taken || p.state == banks.StatePartlyRefunded {
		last, _ = b.getQRState(ctx, ref) // without an answer to this, less can be told
	}
	ans.Refund = p.outcome(ref, ans.Refunded, last)
	return ans
}

// refunded is how much has gone back in all, where that can be told: zero where not.
func (p payment) refunded(ref banks.Ref) register.Money {
	total := ref.Amount - p.said
	switch {
	case p.state == banks.StateRefunded:
		return ref.Amount
	case p.state == banks.StatePartlyRefunded && p.said > 0 && total > 0 && total >= ref.Refunded:
		return total
	}
	return 0
}

// cancelled is what GetQrState tells of a payment's last refund.
type cancelled struct {
	known  bool
	failed bool           // QrCancelCode is set
	amount register.Money // what it was for; zero when it did not say
}

// outcome is what became of ref.Refund. Where others' refunds cannot be told from ours, it is nothing: a person
// looks at the bank's cabinet.
func (p payment) outcome(ref banks.Ref, total register.Money, last cancelled) banks.Outcome {
	r := ref.Refund
	absent := banks.RefundNone
	if r.Taken {
		absent = ""
		if last.failed {
			absent = banks.RefundFailed
		}
	}
	switch p.state {
	case banks.StateRefundPending:
		if r.Taken {
			return banks.RefundPending
		}
	case banks.StateRefunded:
		return banks.RefundDone
	case banks.StatePaid:
		return absent
	case banks.StatePartlyRefunded:
		switch {
		case r.Base+r.Amount == ref.Amount, total > 0 && total < r.Base+r.Amount:
			return absent
		case total > 0:
			return banks.RefundDone
		case r.Taken && last.known && !last.failed:
			return banks.RefundDone
		case ref.Refunded == 0 && last.known && !last.failed && last.amount == r.Amount:
			return banks.RefundDone // the first refund of all, and of this sum
		}
	}
	return ""
}
