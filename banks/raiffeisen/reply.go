package raiffeisen

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"kassa/banks"
	"kassa/banks/bankhttp"
)

// reply is what any of the calls answers.
type reply struct {
	Code    string `json:"code"` // SUCCESS or ERROR.…; calls of version 2 may leave it out
	Message string `json:"message"`

	QRID     string `json:"qrId"`
	Payload  string `json:"payload"`
	QRStatus string `json:"qrStatus"`

	Order         string  `json:"order"`
	Merchant      string  `json:"sbpMerchantId"`
	Amount        roubles `json:"amount"`
	Currency      string  `json:"currency"`
	PaymentStatus string  `json:"paymentStatus"`
	RefundStatus  string  `json:"refundStatus"`
}

// Errors of single calls.
var (
	// errNoRefund tells that the bank has no refund with our id.
	errNoRefund = errors.New("the bank has no such refund")
	// errOrderPaid tells that an order of ours has been paid already.
	errOrderPaid = errors.New("the order has been paid already")
)

const success = "SUCCESS"

// decode reads an answer and turns the errors that it tells of into errors. The first version of the API answers
// errors with HTTP 200; for the second that is not documented, so a refusal counts with any status that the bank's own
// program gives on purpose. What comes with 5xx or 429 is a gateway's word and tells nothing.
func decode(res bankhttp.Reply) (reply, error) {
	switch {
	case res.Status == http.StatusUnauthorized, res.Status == http.StatusForbidden:
		return reply{}, &banks.Refusal{Reason: banks.ReasonSettings, Code: fmt.Sprintf("HTTP %d", res.Status), Message: "the bank does not take the secret key"}
	case res.Status >= 500, res.Status == http.StatusTooManyRequests, res.Status >= 300 && res.Status < 400:
		return reply{}, fmt.Errorf("%w: HTTP %d", banks.ErrUnknown, res.Status)
	}
	var re reply
	if !utf8.Valid(res.Body) || json.Unmarshal(res.Body, &re) != nil {
		return reply{}, fmt.Errorf("%w: HTTP %d, and it is no such JSON", banks.ErrUnknown, res.Status)
	}
	if strings.HasPrefix(re.Code, "ERROR.") {
		return reply{}, refusal(bankhttp.Clean(re.Code, 60), bankhttp.Clean(re.Message, 200))
	}
	if res.Status != http.StatusOK || re.Code != "" && re.Code != success {
		return reply{}, fmt.Errorf("%w: HTTP %d, code %q", banks.ErrUnknown, res.Status, bankhttp.Clean(re.Code, 60))
	}
	return re, nil
}

// refusal sorts the bank's error codes (the list in its document) by what can be done about them.
func refusal(code, words string) error {
	reason := banks.ReasonOther
	switch code {
	case "ERROR.NOT_FOUND", "ERROR.SECURITY_CHECK_ERROR": // no such code, or one of another shop
		return fmt.Errorf("%w: %s", banks.ErrNotFound, words)
	case "ERROR.REFUND_NOT_FOUND":
		return fmt.Errorf("%w: %w", banks.ErrNotFound, errNoRefund)
	case "ERROR.ORDER_NUMBER_ALREADY_REGISTERED":
		// No refusal: there is a payment, and it was made under our id.
		return fmt.Errorf("%w: %w: %s", banks.ErrUnknown, errOrderPaid, words)
	case "ERROR.MERCHANT_NOT_REGISTERED", "ERROR.SBP_MERCHANT_ID_IS_MISSING", "ERROR.ACCOUNT_IS_NOT_REGISTERED":
		reason = banks.ReasonSettings
	case "ERROR.DYNAMIC_QR_WITHOUT_AMOUNT", "ERROR.REFUND_INSUFFICIENT_FUNDS":
		// The second is, in the document's words, a refund of more than is left of the payment. What the bank says when the
		// shop's account is empty is not documented.
		reason = banks.ReasonAmount
	}
	return &banks.Refusal{Reason: reason, Code: code, Message: words}
}
