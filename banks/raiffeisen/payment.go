package raiffeisen

import (
	"context"
	"errors"
	"fmt"

	"kassa/banks"
	"kassa/banks/bankhttp"
	"kassa/banks/nspk"
	"kassa/register"
)

// Create registers a code. See banks.Bank. Registering an order again makes a second code, and the bank does not say
// whether both can be paid: whoever has lost the answer lets the attempt run out unseen and begins another.
//
// A code that names another sum, another currency or another id than the answer around it is closed at once and shown to
// nobody. When the order has been paid already the answer is banks.ErrUnknown: there is money, and a notification knows
// under which code.
func (b *Bank) Create(ctx context.Context, r banks.Request) (banks.Answer, error) {
	if err := b.check(r); err != nil {
		return banks.Answer{}, err
	}
	made, err := b.register(ctx, r)
	if err != nil {
		return banks.Answer{}, err
	}
	ref := banks.Ref{ID: r.ID, BankID: made.id, Amount: r.Amount}
	ans, err := waiting(ref, made, statusNew)
	if err != nil {
		_ = b.remove(ctx, made.id) // it would run out by itself, unseen
		return banks.Answer{}, err
	}
	return ans, nil
}

// State asks by the bank's id. A payment whose id at the bank was lost is not found: there may be a code, but nobody has
// seen it, so nobody can pay it, and the attempt may be given up like one that was never made (banks.Missing). Should a
// notification name the code after all (Notice), it is found by that.
func (b *Bank) State(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	if err := askable(ref); err != nil {
		return banks.Answer{}, err
	}
	ans, err := b.payment(ctx, ref)
	if err != nil || ref.Refund.ID == "" || !ans.State.HadMoney() {
		return ans, err
	}
	back, err := b.refundInfo(ctx, ref.Refund.ID)
	var o banks.Outcome
	switch {
	case errors.Is(err, errNoRefund):
		o = banks.RefundNone
	case err == nil:
		if o, err = back.outcome(ref.Refund.Amount); err != nil {
			return banks.Answer{}, fmt.Errorf("raiffeisen: asking for the refund: %w", err)
		}
		ans.Words = "refund " + back.RefundStatus
	default:
		return banks.Answer{}, err
	}
	return withRefund(ans, ref, o), nil
}

// Cancel closes an unpaid code, or gives money back. Whatever the bank says to the closing, it is asked afterwards where
// the payment stands: a payer who was faster has paid, and the payment stays paid.
func (b *Bank) Cancel(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	if ref.Refund.ID != "" {
		return b.giveBack(ctx, ref)
	}
	if err := askable(ref); err != nil {
		return banks.Answer{}, err
	}
	err := b.remove(ctx, ref.BankID)
	var no *banks.Refusal
	refused := errors.As(err, &no) && no.Reason != banks.ReasonSettings
	if err != nil && !refused {
		return banks.Answer{}, err
	}
	ans, asked := b.payment(ctx, ref)
	switch {
	case asked != nil:
		return banks.Answer{}, fmt.Errorf("%w: closed or not: %w", banks.ErrUnknown, asked)
	case refused && ans.State == banks.StateWaiting:
		return banks.Answer{}, err
	}
	return ans, nil
}

// giveBack sends the refund. The bank takes our id for it, so that a lost answer can be asked for.
func (b *Bank) giveBack(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	if !ownID.MatchString(ref.Refund.ID) || !ownID.MatchString(ref.ID) || ref.Refund.Amount <= 0 || ref.Refund.Amount > ref.Amount-ref.Refunded {
		return banks.Answer{}, &banks.Refusal{Reason: banks.ReasonAmount, Code: "limits", Message: "the bank would not take such a refund"}
	}
	back, err := b.refund(ctx, ref)
	if err != nil {
		return banks.Answer{}, err
	}
	o, err := back.outcome(ref.Refund.Amount)
	if err != nil {
		return banks.Answer{}, fmt.Errorf("raiffeisen: giving back: %w", err)
	}
	return withRefund(banks.Answer{BankID: ref.BankID, Words: "refund " + back.RefundStatus}, ref, o), nil
}

// The bank's words for a code and for a payment.
const (
	statusNew       = "NEW"
	statusBusy      = "IN_PROGRESS"
	statusPaid      = "PAID"
	statusCancelled = "CANCELLED"
	statusExpired   = "EXPIRED"

	paymentNone     = "NO_INFO" // nobody has paid yet
	paymentBusy     = "IN_PROGRESS"
	paymentSuccess  = "SUCCESS"
	paymentDeclined = "DECLINED"
)

// payment asks where a payment stands: first for the money, which decides, and where there is none for the code.
func (b *Bank) payment(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	// A payment that comes between the two questions is asked for once more.
	for range 2 {
		word, amount, err := b.paymentInfo(ctx, ref)
		if err != nil {
			return banks.Answer{}, err
		}
		ans := banks.Answer{BankID: ref.BankID, Amount: amount, Words: word}
		switch word {
		case paymentSuccess:
			return withRefund(ans, ref, ""), nil
		case paymentBusy:
			ans.State = banks.StateProcessing
			return ans, nil
		case paymentNone, paymentDeclined:
		default:
			return banks.Answer{}, fmt.Errorf("raiffeisen: %w: payment status %q", banks.ErrUnknown, bankhttp.Clean(word, 40))
		}
		life, shown, err := b.qr(ctx, ref.BankID)
		if err != nil {
			return banks.Answer{}, err
		}
		if life != statusPaid {
			return unpaid(ref, shown, life, word)
		}
	}
	return banks.Answer{}, fmt.Errorf("raiffeisen: %w: the code is paid, the payment is not", banks.ErrUnknown)
}

// unpaid is where a payment stands that nobody has made, by the bank's words for the code and for the payment. A payer
// who was refused may try again for as long as the code is new.
func unpaid(ref banks.Ref, shown code, life, word string) (banks.Answer, error) {
	ans := banks.Answer{BankID: ref.BankID, Words: life + " " + word}
	switch {
	case life == statusNew:
		return waiting(ref, shown, ans.Words)
	case life == statusBusy:
		ans.State = banks.StateProcessing
	case life == statusCancelled:
		ans.State = banks.StateCancelled
	case life == statusExpired && word == paymentDeclined:
		ans.State = banks.StateRejected
	case life == statusExpired:
		ans.State = banks.StateExpired
	default:
		return banks.Answer{}, fmt.Errorf("raiffeisen: %w: code status %q", banks.ErrUnknown, bankhttp.Clean(life, 40))
	}
	return ans, nil
}

// waiting is the answer for a code that can be paid. One that names another sum is shown to nobody, and neither is one
// whose link is not its own: what is paid by it could not be asked for.
func waiting(ref banks.Ref, shown code, words string) (banks.Answer, error) {
	if err := nspk.Check(shown.payload, ref.Amount); err != nil {
		return banks.Answer{}, fmt.Errorf("raiffeisen: the code %s: %w: %w", shown.id, banks.ErrAmountDiffers, err)
	}
	if link, err := nspk.Parse(shown.payload); err == nil && link.ID != shown.id {
		return banks.Answer{}, fmt.Errorf("raiffeisen: the code %s: %w: its link is another one's", shown.id, banks.ErrUnknown)
	}
	return banks.Answer{State: banks.StateWaiting, BankID: shown.id, Payload: shown.payload, Words: words}, nil
}

// withRefund adds to an answer about paid money what is known of what went back: the bank tells of no total, so it is
// what went back before and, when it is done, the refund that was asked about.
func withRefund(ans banks.Answer, ref banks.Ref, o banks.Outcome) banks.Answer {
	ans.Refund, ans.Refunded = o, ref.Refunded
	if o == banks.RefundDone {
		ans.Refunded += ref.Refund.Amount
	}
	switch {
	case o == banks.RefundPending:
		ans.State = banks.StateRefundPending
	case ans.Refunded == ref.Amount:
		ans.State = banks.StateRefunded
	case ans.Refunded > 0:
		ans.State = banks.StatePartlyRefunded
	default:
		ans.State = banks.StatePaid
	}
	return ans
}

// outcome is what a refund's answer says. A refund of another sum than was asked for is no answer.
func (re reply) outcome(asked register.Money) (banks.Outcome, error) {
	amount, err := re.Amount.money()
	switch {
	case err != nil:
		return "", fmt.Errorf("%w: it names no sum", banks.ErrUnknown)
	case amount != asked:
		return "", fmt.Errorf("%w: a refund of %v instead of %v", banks.ErrAmountDiffers, amount, asked)
	}
	switch re.RefundStatus {
	case "IN_PROGRESS":
		return banks.RefundPending, nil
	case "COMPLETED":
		return banks.RefundDone, nil
	case "DECLINED":
		return banks.RefundFailed, nil
	}
	return "", fmt.Errorf("%w: refund status %q", banks.ErrUnknown, bankhttp.Clean(re.RefundStatus, 40))
}

// askable refuses what cannot stand in a question.
func askable(ref banks.Ref) error {
	switch {
	case ref.BankID == "":
		return fmt.Errorf("raiffeisen: %w by our id alone", banks.ErrNotFound)
	case !qrID.MatchString(ref.BankID), ref.Refund.ID != "" && !ownID.MatchString(ref.Refund.ID):
		return fmt.Errorf("raiffeisen: %w: no id of this bank", banks.ErrNotFound)
	}
	return nil
}

// check refuses what the bank would refuse, before anything is made there.
func (b *Bank) check(r banks.Request) error {
	if !ownID.MatchString(r.ID) {
		return &banks.Refusal{Reason: banks.ReasonOther, Code: "order", Message: "the bank takes no such id"}
	}
	return capabilities.Check(r, b.clock())
}
