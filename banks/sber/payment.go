package sber

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kassa/banks"
	"kassa/banks/bankhttp"
	"kassa/banks/nspk"
)

// createRequest is the body of /creation.
type createRequest struct {
	head
	MemberID    string `json:"member_id"`
	OrderNumber string `json:"order_number"`
	Created     string `json:"order_create_date"`
	IDQR        string `json:"id_qr"`
	Sum         int64  `json:"order_sum"`
	Currency    string `json:"currency"`
	Description string `json:"description,omitempty"`
	SBPMemberID string `json:"sbp_member_id,omitempty"`
}

const (
	maxDescription = 256  // letters
	maxPayload     = 1024 // characters that a code still holds well; the bank's schema has 256
)

// Create opens an order and gives its code. See banks.Bank. An order that an earlier call made under the same number
// cannot be shown again: it is found with the state it has, or, while it waits, is ErrUnknown.
func (b *Bank) Create(ctx context.Context, r banks.Request) (banks.Answer, error) {
	if err := b.check(r); err != nil {
		return banks.Answer{}, err
	}
	re, err := b.create(ctx, r)
	var refusal *banks.Refusal
	switch {
	case errors.As(err, &refusal) && (refusal.Reason == banks.ReasonState || refusal.Reason == banks.ReasonOther):
		return b.earlier(ctx, r, err)
	case err != nil:
		return banks.Answer{}, err
	case re.OrderState == "DECLINED":
		return banks.Answer{}, fmt.Errorf("sber: creation: %w", &banks.Refusal{
			Reason: banks.ReasonOther, Code: "DECLINED", Message: bankhttp.Clean(b.redact(string(re.Description)), maxWords),
		})
	case re.OrderState != "CREATED": // the number was used before, and the bank answers with that order
		return b.earlier(ctx, r, fmt.Errorf("sber: creation: %w: order_state %q", banks.ErrUnknown, bankhttp.Clean(string(re.OrderState), 40)))
	}
	return b.shown(ctx, re, r)
}

// create sends /creation.
func (b *Bank) create(ctx context.Context, r banks.Request) (reply, error) {
	body, uid, err := b.call(ctx, creation, func(h head) any {
		return createRequest{
			head: h, MemberID: b.member, OrderNumber: r.ID, Created: h.Time, IDQR: b.idQR, Sum: int64(r.Amount),
			Currency: "643", Description: bankhttp.Clean(r.Purpose, maxDescription), SBPMemberID: b.kind,
		}
	})
	if err != nil {
		return reply{}, err
	}
	re, err := b.decode(body, uid)
	switch {
	case err != nil:
		return reply{}, fmt.Errorf("sber: creation: %w", err)
	case re.OrderNumber != "" && string(re.OrderNumber) != r.ID:
		return reply{}, fmt.Errorf("sber: creation: %w: it is about another order", banks.ErrUnknown)
	case !longID.MatchString(string(re.OrderID)):
		return reply{}, fmt.Errorf("sber: creation: %w: it names no order", banks.ErrUnknown)
	}
	return re, nil
}

// shown is the answer for an order that was just made. A code that names another sum is shown to nobody, and its order is
// revoked.
func (b *Bank) shown(ctx context.Context, re reply, r banks.Request) (banks.Answer, error) {
	payload, id := string(re.FormURL), string(re.OrderID)
	if len(payload) > maxPayload || payload != bankhttp.Clean(payload, maxPayload) || !strings.HasPrefix(payload, "http") {
		return banks.Answer{}, fmt.Errorf("sber: creation: %w: it holds no string for a code", banks.ErrUnknown)
	}
	if err := nspk.Check(payload, r.Amount); err != nil {
		_, _ = b.revoke(ctx, id) // for tidiness: whoever keeps the payment asks for it again, and cancels it
		return banks.Answer{}, fmt.Errorf("sber: the code of order %s: %w: %w", id, banks.ErrAmountDiffers, err)
	}
	return banks.Answer{State: banks.StateWaiting, BankID: id, Payload: payload, Words: "CREATED"}, nil
}

// earlier looks for an order that was made under the same number before; err is what made us look. When there is none
// the answer is err.
func (b *Bank) earlier(ctx context.Context, r banks.Request, err error) (banks.Answer, error) {
	o, asked := b.order(ctx, r.ID)
	switch {
	case errors.Is(asked, banks.ErrNotFound):
		return banks.Answer{}, err
	case asked != nil:
		return banks.Answer{}, fmt.Errorf("sber: creation: %w: %v (then %v)", banks.ErrUnknown, err, asked)
	case o.state == banks.StateWaiting:
		return banks.Answer{}, fmt.Errorf("sber: creation: %w: order %s has been made, its code is lost", banks.ErrUnknown, o.id)
	}
	return o.answer(banks.Refund{}), nil
}

// State asks by our id. The answer has no payload: the bank gives it once.
func (b *Bank) State(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	o, err := b.orderOf(ctx, ref)
	if err != nil {
		return banks.Answer{}, err
	}
	return o.answer(ref.Refund), nil
}

// Cancel revokes an unpaid order, or carries out ref.Refund. An order that was paid meanwhile stays paid.
func (b *Bank) Cancel(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	if ref.Refund.ID != "" {
		return b.refund(ctx, ref)
	}
	if ref.BankID == "" {
		o, err := b.orderOf(ctx, ref)
		if err != nil || o.state != banks.StateWaiting {
			return o.answer(banks.Refund{}), err
		}
		ref.BankID = o.id
	}
	word, err := b.revoke(ctx, ref.BankID)
	var refusal *banks.Refusal
	switch {
	case err == nil && word == "REVOKED":
		return banks.Answer{State: banks.StateCancelled, BankID: ref.BankID, Words: word}, nil
	case err == nil, errors.As(err, &refusal) && refusal.Reason != banks.ReasonSettings:
		return b.notRevoked(ctx, ref, err)
	}
	return banks.Answer{}, err
}

// revoke sends /revocation and gives the order's state.
func (b *Bank) revoke(ctx context.Context, id string) (string, error) {
	body, uid, err := b.call(ctx, revocation, func(h head) any {
		return struct {
			head
			OrderID string `json:"order_id"`
		}{h, id}
	})
	if err != nil {
		return "", err
	}
	re, err := b.decode(body, uid)
	switch {
	case err != nil:
		return "", fmt.Errorf("sber: revocation: %w", err)
	case re.OrderID != "" && string(re.OrderID) != id:
		return "", fmt.Errorf("sber: revocation: %w: it is about another order", banks.ErrUnknown)
	}
	return string(re.OrderState), nil
}

// notRevoked tells where an order stands that could not be revoked: it was paid, is being paid, or is closed. One that
// still waits was refused.
func (b *Bank) notRevoked(ctx context.Context, ref banks.Ref, err error) (banks.Answer, error) {
	o, asked := b.orderOf(ctx, ref)
	switch {
	case asked != nil && err != nil:
		return banks.Answer{}, fmt.Errorf("%w (then %v)", err, asked)
	case asked != nil:
		return banks.Answer{}, asked
	case o.state == banks.StateWaiting && err != nil:
		return banks.Answer{}, err
	}
	return o.answer(banks.Refund{}), nil
}

// check refuses what must not be made: a sum outside the limits, an id that is too long, an end outside of the life that
// codes have here.
func (b *Bank) check(r banks.Request) error {
	if !longID.MatchString(r.ID) {
		return &banks.Refusal{Reason: banks.ReasonOther, Code: "id", Message: "an order number has 1 to 36 letters, digits and hyphens"}
	}
	return capabilities.Check(r, b.clock())
}
