package tbank

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"

	"kassa/banks"
	"kassa/banks/bankhttp"
	"kassa/register"
)

// payment is one payment as the bank tells of it.
type payment struct {
	id     string
	status string
	state  banks.State
	amount register.Money // zero when the bank did not say, or when what it says may be the rest after a refund
	said   register.Money // Amount as it was said, whatever it means; zero when it was not
}

// answer tells of the payment in our words, without what went back of it.
func (p payment) answer() banks.Answer {
	return banks.Answer{State: p.state, BankID: p.id, Amount: p.amount, Words: p.status}
}

// init opens a payment (Init).
func (b *Bank) init(ctx context.Context, r banks.Request) (payment, error) {
	// The bank takes whole seconds; a part of one is given to the buyer.
	due := r.Expires.Add(999_999_999).Truncate(1e9).In(moscow)
	const most = 140 // letters of a description
	re, err := b.call(ctx, "Init", map[string]any{
		"Amount":          int64(r.Amount),
		"OrderId":         r.ID,
		"Description":     bankhttp.Clean(r.Purpose, most),
		"PayType":         "O", // SBP knows no holds
		"RedirectDueDate": due.Format("2006-01-02T15:04:05-07:00"),
	})
	if err != nil {
		return payment{}, err
	}
	if err := re.about("", r.ID); err != nil {
		return payment{}, fmt.Errorf("tbank: Init: %w", err)
	}
	return re.payment("Init")
}

// getQR fetches the string for the code (GetQr). The document does not say whether asking again gives the same string.
func (b *Bank) getQR(ctx context.Context, id, order string) (string, error) {
	re, err := b.call(ctx, "GetQr", map[string]any{"PaymentId": id, "DataType": "PAYLOAD"})
	if err != nil {
		return "", err
	}
	if err := re.about(id, order); err != nil {
		return "", fmt.Errorf("tbank: GetQr: %w", err)
	}
	const most = 1024 // characters that a code still holds well
	var payload string
	if err := json.Unmarshal(re.Data, &payload); err != nil || payload == "" || len(payload) > most || payload != bankhttp.Clean(payload, most) {
		return "", fmt.Errorf("tbank: GetQr: %w: it holds no string for a code", banks.ErrUnknown)
	}
	return payload, nil
}

// getState asks by the bank's id (GetState).
func (b *Bank) getState(ctx context.Context, ref banks.Ref) (payment, error) {
	re, err := b.call(ctx, "GetState", map[string]any{"PaymentId": ref.BankID})
	if err != nil {
		return payment{}, err
	}
	if err := re.about(ref.BankID, ref.ID); err != nil {
		return payment{}, fmt.Errorf("tbank: GetState: %w", err)
	}
	return re.payment("GetState")
}

// checkOrder asks by our id (CheckOrder). An order can hold several payments: one that had money wins over one
// that can still have it, that one over a closed one, and the newest among equals.
func (b *Bank) checkOrder(ctx context.Context, order string) (payment, error) {
	re, err := b.call(ctx, "CheckOrder", map[string]any{"OrderId": order})
	if err != nil {
		return payment{}, err
	}
	if err := re.about("", order); err != nil {
		return payment{}, fmt.Errorf("tbank: CheckOrder: %w", err)
	}
	if len(re.Payments) == 0 {
		return payment{}, fmt.Errorf("tbank: CheckOrder: %w: the order has no payment", banks.ErrNotFound)
	}
	var best payment
	for _, one := range re.Payments {
		p, err := one.payment("CheckOrder")
		if err != nil {
			return payment{}, err
		}
		if best.id == "" || rank(p) > rank(best) || rank(p) == rank(best) && newer(p.id, best.id) {
			best = p
		}
	}
	return best, nil
}

// cancel cancels an unpaid payment (Cancel without an amount). Of a paid one it gives back all.
func (b *Bank) cancel(ctx context.Context, ref banks.Ref) (payment, error) {
	re, err := b.call(ctx, "Cancel", map[string]any{"PaymentId": ref.BankID})
	if err != nil {
		return payment{}, err
	}
	if err := re.about(ref.BankID, ref.ID); err != nil {
		return payment{}, fmt.Errorf("tbank: Cancel: %w", err)
	}
	return re.payment("Cancel")
}

func rank(p payment) int {
	switch {
	case p.state.Closed():
		return 0
	case p.state.Open():
		return 1
	}
	return 2
}

// newer compares the bank's ids, which are numbers of at most twenty digits and grow.
func newer(a, b string) bool {
	x, _ := new(big.Int).SetString(a, 10)
	y, _ := new(big.Int).SetString(b, 10)
	return x != nil && y != nil && x.Cmp(y) > 0
}

// getQRState asks what became of a payment's last refund (GetQrState). A refund that failed leaves a code; the payment
// has its status of before then.
func (b *Bank) getQRState(ctx context.Context, ref banks.Ref) (cancelled, error) {
	re, err := b.call(ctx, "GetQrState", map[string]any{"PaymentId": ref.BankID})
	if err != nil {
		return cancelled{}, err
	}
	if err := re.about(ref.BankID, ref.ID); err != nil {
		return cancelled{}, fmt.Errorf("tbank: GetQrState: %w", err)
	}
	return cancelled{known: true, failed: re.QrCancelCode != "", amount: re.Amount.Value}, nil
}
