package sber

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kassa/banks"
	"kassa/banks/bankjson"
)

// The bank's registry lists orders by the time they were made, each with all its operations so far. Money moves later
// than that: a payment up to a code's life later, a refund up to registryReach, beyond which a refund made at the bank
// is found only by asking for the order itself.
const (
	registryReach = 14 * 24 * time.Hour
	registryMost  = 1000 // orders in an answer, at most
	registryLeast = time.Minute
)

// registryRequest is the body of /registry. The period is in Moscow time, with a Z all the same.
type registryRequest struct {
	UID   string `json:"rqUid"`
	Time  string `json:"rqTm"`
	IDQR  string `json:"idQR"`
	Start string `json:"startPeriod"`
	End   string `json:"endPeriod"`
	Type  string `json:"registryType"`
}

// registryReply is its answer.
type registryReply struct {
	UID         bankjson.Text `json:"rqUid"`
	ErrorCode   bankjson.Text `json:"errorCode"`
	Description bankjson.Text `json:"errorDescription"`
	Data        struct {
		Orders struct {
			List []registered `json:"orderParam"`
		} `json:"orderParams"`
	} `json:"registryData"`
}

// registered is one order of a registry.
type registered struct {
	OrderID    bankjson.Text    `json:"orderId"`
	Number     bankjson.Text    `json:"partnerOrderNumber"`
	Amount     bankjson.Kopecks `json:"amount"`
	Currency   bankjson.Text    `json:"currency"`
	State      bankjson.Text    `json:"orderState"`
	Operations struct {
		List []struct {
			Type bankjson.Text `json:"operationType"`
			Time bankjson.Text `json:"operationDateTime"`
		} `json:"orderOperationParam"`
	} `json:"orderOperationParams"`
}

// Registry lists the payments that had money move from one time to another, refunds made at the bank included. It calls
// the bank as often as the registry's limits make it, and once more for each order of which something went back.
func (b *Bank) Registry(ctx context.Context, from, to time.Time) ([]banks.Entry, error) {
	orders := map[bankjson.Text]registered{}
	if err := b.period(ctx, from.Add(-registryReach).Truncate(time.Second), to.Add(time.Second).Truncate(time.Second), orders); err != nil {
		return nil, err
	}
	entries := []banks.Entry{}
	for _, o := range orders {
		paid, moved, err := o.times(from, to)
		if err != nil {
			return nil, err
		}
		if !moved {
			continue
		}
		e, err := b.entry(ctx, o)
		if err != nil {
			return nil, err
		}
		e.Paid = paid
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b banks.Entry) int {
		return cmp.Or(a.Paid.Compare(b.Paid), strings.Compare(a.BankID, b.BankID))
	})
	return entries, nil
}

// period collects the orders made in a period, by halves where the bank finds it too long or has too many.
func (b *Bank) period(ctx context.Context, from, to time.Time, orders map[bankjson.Text]registered) error {
	list, err := b.page(ctx, from, to)
	var refusal *banks.Refusal
	tooLong := errors.As(err, &refusal) && strings.HasPrefix(refusal.Code, "17") || err == nil && len(list) >= registryMost
	switch {
	case tooLong && to.Sub(from) > registryLeast:
		middle := from.Add(to.Sub(from) / 2).Truncate(time.Second)
		if err := b.period(ctx, from, middle, orders); err != nil {
			return err
		}
		return b.period(ctx, middle, to, orders)
	case tooLong && err == nil:
		return fmt.Errorf("sber: registry: %w: more than %d orders in a minute", banks.ErrUnknown, registryMost)
	case errors.Is(err, banks.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	for _, o := range list {
		if !longID.MatchString(string(o.OrderID)) {
			return fmt.Errorf("sber: registry: %w: an order without an id", banks.ErrUnknown)
		}
		orders[o.OrderID] = o // one at the border of two halves comes twice
	}
	return nil
}

// page asks for one period (/registry).
func (b *Bank) page(ctx context.Context, from, to time.Time) ([]registered, error) {
	body, uid, err := b.call(ctx, registry, func(h head) any {
		return registryRequest{
			UID: h.UID, Time: h.Time, IDQR: b.idQR, Type: "REGISTRY",
			Start: from.In(moscow).Format(layout), End: to.In(moscow).Format(layout),
		}
	})
	if err != nil {
		return nil, err
	}
	list, err := b.decodeRegistry(body, uid)
	if err != nil {
		return nil, fmt.Errorf("sber: registry: %w", err)
	}
	return list, nil
}

func (b *Bank) decodeRegistry(body []byte, uid string) ([]registered, error) {
	var re registryReply
	if err := json.Unmarshal(body, &re); err != nil {
		return nil, fmt.Errorf("%w: it is no such JSON", banks.ErrUnknown)
	}
	return re.Data.Orders.List, b.judge(re.UID, uid, re.ErrorCode, re.Description)
}

// times gives the time of an order's first operation, which paid it, and tells whether any was in a period. Samples of the
// bank show these times in Moscow's zone, with a Z.
func (o registered) times(from, to time.Time) (paid time.Time, moved bool, err error) {
	for _, op := range o.Operations.List {
		wall, err := time.Parse(layout, string(op.Time))
		if err != nil {
			return time.Time{}, false, fmt.Errorf("sber: registry: %w: order %s has no times", banks.ErrUnknown, string(o.OrderID))
		}
		at := wall.Add(-3 * time.Hour)
		if paid.IsZero() || at.Before(paid) {
			paid = at
		}
		moved = moved || !at.Before(from) && at.Before(to)
	}
	return paid, moved, nil
}

// entry is what a registry's order comes to. Where money went back, or an operation's type does not tell whether it did,
// the order itself is asked for.
func (b *Bank) entry(ctx context.Context, o registered) (banks.Entry, error) {
	e := banks.Entry{ID: string(o.Number), BankID: string(o.OrderID), Amount: o.Amount.Value}
	if o.plain() {
		return e, nil
	}
	now, err := b.orderOf(ctx, banks.Ref{ID: e.ID, BankID: e.BankID})
	if err != nil {
		return banks.Entry{}, err
	}
	if !now.state.HadMoney() {
		return banks.Entry{}, fmt.Errorf("sber: registry: %w: order %s is paid there, and %s itself", banks.ErrUnknown, e.BankID, now.word)
	}
	e.Amount, e.Refunded = now.paid, now.refunded
	return e, nil
}

// plain tells that an order was paid and nothing else. SBP's payments have types of their own in the registry.
func (o registered) plain() bool {
	for _, op := range o.Operations.List {
		switch op.Type {
		case operationPay, "SBP_PAY_ACKNOWL", "SBP_ACK_ONUS":
		default:
			return false
		}
	}
	return o.State == "PAID" && o.Amount.Known && o.Currency == "643"
}
