package raiffeisen

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"kassa/banks"
	"kassa/banks/bankhttp"
	"kassa/register"
)

// moscow is the zone in which the bank's own times are. It has had no summer time since 2014.
var moscow = time.FixedZone("MSK", 3*60*60)

var (
	// qrID is what the bank's ids look like; they stand in addresses.
	qrID = regexp.MustCompile(`^[A-Za-z0-9]{1,32}$`)
	// ownID is what the bank takes for an order or a refund.
	ownID = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,40}$`)
)

// code is a code that was registered.
type code struct{ id, payload string }

// register asks for a dynamic code (POST qr/register). The bank shows the call without a key; it does no harm there, and
// a key that is wrong shows at once.
func (b *Bank) register(ctx context.Context, r banks.Request) (code, error) {
	const forPayer, forStatement = 140, 185 // letters
	re, err := b.call(ctx, http.MethodPost, "api/sbp/v1/qr/register", struct {
		Type     string  `json:"qrType"`
		Order    string  `json:"order"`
		Amount   roubles `json:"amount"`
		Currency string  `json:"currency"`
		Merchant string  `json:"sbpMerchantId"`
		Expires  string  `json:"qrExpirationDate"`
		Account  string  `json:"account,omitempty"`
		Info     string  `json:"additionalInfo,omitempty"`
		Details  string  `json:"paymentDetails,omitempty"`
	}{
		Type: "QRDynamic", Order: r.ID, Amount: write(r.Amount), Currency: "RUB", Merchant: b.merchant, Account: b.account,
		// The bank's samples have whole seconds; a part of one is given to the buyer.
		Expires: r.Expires.Add(time.Second - 1).Truncate(time.Second).In(moscow).Format("2006-01-02T15:04:05-07:00"),
		Info:    bankhttp.Clean(r.Purpose, forPayer), Details: bankhttp.Clean(r.Purpose, forStatement),
	})
	if err != nil {
		return code{}, fmt.Errorf("raiffeisen: registering the code: %w", err)
	}
	const most = 1024 // characters that a code still holds well
	if !qrID.MatchString(re.QRID) || re.Payload == "" || len(re.Payload) > most || re.Payload != bankhttp.Clean(re.Payload, most) {
		return code{}, fmt.Errorf("raiffeisen: registering the code: %w: it holds no code", banks.ErrUnknown)
	}
	return code{id: re.QRID, payload: re.Payload}, nil
}

// paymentInfo asks for the money (GET payment-info): the bank's word for it, and the sum.
func (b *Bank) paymentInfo(ctx context.Context, ref banks.Ref) (string, register.Money, error) {
	re, err := b.call(ctx, http.MethodGet, "api/sbp/v1/qr/"+ref.BankID+"/payment-info", nil)
	if err == nil {
		err = b.about(re, ref)
	}
	var amount register.Money
	if paid := re.PaymentStatus == paymentSuccess; err == nil && (paid || re.Amount != "") {
		if amount, err = re.Amount.money(); err != nil || paid && amount == 0 {
			err = fmt.Errorf("%w: it names no sum", banks.ErrUnknown)
		}
	}
	if err != nil {
		return "", 0, fmt.Errorf("raiffeisen: asking for the payment: %w", err)
	}
	return re.PaymentStatus, amount, nil
}

// about checks that the answer to payment-info is about the payment that was asked for. All of these fields are
// required there.
func (b *Bank) about(re reply, ref banks.Ref) error {
	switch {
	case re.QRID != ref.BankID || re.Order != ref.ID || re.Merchant != b.merchant:
		return fmt.Errorf("%w: it is about another payment", banks.ErrUnknown)
	case re.Currency != "RUB":
		return fmt.Errorf("%w: it is in %q", banks.ErrAmountDiffers, bankhttp.Clean(re.Currency, 10))
	}
	return nil
}

// qr asks for the code's life (GET qrs): the bank's word for it, and the code.
func (b *Bank) qr(ctx context.Context, id string) (string, code, error) {
	re, err := b.call(ctx, http.MethodGet, "api/sbp/v2/qrs/"+id, nil)
	if err == nil && re.QRID != id {
		err = fmt.Errorf("%w: it is about another code", banks.ErrUnknown)
	}
	if err != nil {
		return "", code{}, fmt.Errorf("raiffeisen: asking for the code: %w", err)
	}
	return re.QRStatus, code{id: id, payload: re.Payload}, nil
}

// remove closes a code (DELETE qrs). What its answer holds is not documented, so it is believed to have worked only when
// the code's page says so.
func (b *Bank) remove(ctx context.Context, id string) error {
	_, err := b.call(ctx, http.MethodDelete, "api/sbp/v2/qrs/"+id, nil)
	if err != nil {
		return fmt.Errorf("raiffeisen: closing the code: %w", err)
	}
	return nil
}

// refund asks to give money back (POST refund).
func (b *Bank) refund(ctx context.Context, ref banks.Ref) (reply, error) {
	re, err := b.call(ctx, http.MethodPost, "api/sbp/v1/refund", struct {
		Amount roubles `json:"amount"`
		Order  string  `json:"order"`
		Refund string  `json:"refundId"`
	}{write(ref.Refund.Amount), ref.ID, ref.Refund.ID})
	if err != nil {
		return reply{}, fmt.Errorf("raiffeisen: giving back: %w", err)
	}
	return re, nil
}

// refundInfo asks what became of a refund (GET refund). The error is errNoRefund when the bank has none with that id.
func (b *Bank) refundInfo(ctx context.Context, id string) (reply, error) {
	re, err := b.call(ctx, http.MethodGet, "api/sbp/v1/refund/"+id, nil)
	if err != nil {
		return reply{}, fmt.Errorf("raiffeisen: asking for the refund: %w", err)
	}
	return re, nil
}

// call sends a request and reads the answer. Its errors are those of banks.Bank, and errNoRefund and errOrderPaid.
func (b *Bank) call(ctx context.Context, method, path string, body any) (reply, error) {
	header := http.Header{"Authorization": {b.authorize()}, "Accept": {"application/json"}}
	text := ""
	if body != nil {
		written, err := json.Marshal(body)
		if err != nil {
			return reply{}, fmt.Errorf("%w: writing the request: %w", banks.ErrUnknown, err)
		}
		header.Set("Content-Type", "application/json")
		text = string(written)
	}
	res, err := b.http.Do(ctx, method, path, header, text)
	if err != nil {
		return reply{}, err
	}
	if method == http.MethodDelete && res.Status == http.StatusOK && len(res.Body) == 0 {
		return reply{}, nil // all that is documented of it
	}
	res.Body = []byte(b.redact(string(res.Body))) // nothing that the bank might say back reaches a log
	return decode(res)
}
