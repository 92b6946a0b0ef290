package sber

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"kassa/banks"
	"kassa/banks/bankhttp"
	"kassa/banks/bankjson"
)

// reply is what any of the methods that deal with one order answers.
type reply struct {
	UID         bankjson.Text `json:"rq_uid"`
	ErrorCode   bankjson.Text `json:"error_code"`
	Description bankjson.Text `json:"error_description"`

	OrderID     bankjson.Text `json:"order_id"`
	OrderState  bankjson.Text `json:"order_state"`
	OrderStatus bankjson.Text `json:"order_status"` // cancel alone
	OrderNumber bankjson.Text `json:"order_number"` // creation
	FormURL     bankjson.Text `json:"order_form_url"`
	Operations  []operation   `json:"order_operation_params"` // status
	operation                 // cancel
}

// operation is one movement of an order's money, or one that was tried.
type operation struct {
	ID       bankjson.Text    `json:"operation_id"`
	Type     bankjson.Text    `json:"operation_type"`
	Sum      bankjson.Kopecks `json:"operation_sum"`
	Currency bankjson.Text    `json:"operation_currency"`
	AuthCode bankjson.Text    `json:"auth_code"`
	Response bankjson.Text    `json:"response_code"`
	Words    bankjson.Text    `json:"response_desc"`
}

// done tells that the operation succeeded.
func (o operation) done() bool { return o.Response == "00" }

// The types of an operation.
const (
	operationPay     = "PAY"
	operationRefund  = "REFUND"
	operationReverse = "REVERSE"
)

// code is what an error_code must look like.
var code = regexp.MustCompile(`^[0-9]{6}$`)

// decode reads the answer to the request with the given rq_uid, and turns the error that it tells of into an error of
// banks.Bank.
func (b *Bank) decode(body []byte, uid string) (reply, error) {
	var re reply
	if err := json.Unmarshal(body, &re); err != nil {
		return reply{}, fmt.Errorf("%w: it is no such JSON", banks.ErrUnknown)
	}
	return re, b.judge(re.UID, uid, re.ErrorCode, re.Description)
}

// judge checks that an answer is the request's, and says what its error code means.
func (b *Bank) judge(got bankjson.Text, want string, errorCode, words bankjson.Text) error {
	switch {
	case !strings.EqualFold(string(got), want):
		return fmt.Errorf("%w: it is the answer to another request", banks.ErrUnknown)
	case errorCode == "000000":
		return nil
	case !code.MatchString(string(errorCode)):
		return fmt.Errorf("%w: it says neither yes nor no", banks.ErrUnknown)
	}
	return refusal(string(errorCode), bankhttp.Clean(b.redact(string(words)), maxWords))
}

// refusal sorts the bank's error codes by what can be done about them. Only their families, the first two digits, are
// documented.
func refusal(code, words string) error {
	reason := banks.ReasonOther
	switch code[:2] {
	case "00": // no such error is documented
		return fmt.Errorf("%w: error %s: %s", banks.ErrUnknown, code, words)
	case "09", "10", "15": // the order, the payment that a refund is of, or the operation is not there
		return fmt.Errorf("%w: error %s: %s", banks.ErrNotFound, code, words)
	case "02", "03", "04", "12", "14", "16": // shop, suspended, not allowed, partner, id_qr, currency
		reason = banks.ReasonSettings
	case "07", "11":
		reason = banks.ReasonAmount
	case "08": // "the order of requests is violated"
		reason = banks.ReasonState
	}
	return &banks.Refusal{Reason: reason, Code: code, Message: words}
}
