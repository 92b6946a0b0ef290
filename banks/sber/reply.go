package sber

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"kassa/banks"
	"kassa/banks/bankhttp"
	"kassa/register"
)

// reply is what any of the methods that deal with one order answers.
type reply struct {
	UID         text `json:"rq_uid"`
	ErrorCode   text `json:"error_code"`
	Description text `json:"error_description"`

	OrderID     text        `json:"order_id"`
	OrderState  text        `json:"order_state"`
	OrderStatus text        `json:"order_status"` // cancel alone
	OrderNumber text        `json:"order_number"` // creation
	FormURL     text        `json:"order_form_url"`
	Operations  []operation `json:"order_operation_params"` // status
	operation               // cancel
}

// operation is one movement of an order's money, or one that was tried.
type operation struct {
	ID       text    `json:"operation_id"`
	Type     text    `json:"operation_type"`
	Sum      kopecks `json:"operation_sum"`
	Currency text    `json:"operation_currency"`
	AuthCode text    `json:"auth_code"`
	Response text    `json:"response_code"`
	Words    text    `json:"response_desc"`
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
func (b *Bank) judge(got text, want string, errorCode, words text) error {
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

// text is a string that may come as a number: samples of the bank's own do both.
type text string

// UnmarshalJSON takes a string, a number or null.
func (t *text) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, (*string)(t))
	}
	if string(data) == "null" {
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	*t = text(n)
	return nil
}

// kopecks is a sum; it may come as a string.
type kopecks struct {
	value register.Money
	known bool
}

// UnmarshalJSON takes a whole number from zero to register.MaxMoney, as a number or a string, or null.
func (k *kopecks) UnmarshalJSON(data []byte) error {
	var t text
	if err := t.UnmarshalJSON(data); err != nil {
		return err
	}
	if t == "" {
		return nil
	}
	n, err := strconv.ParseUint(string(t), 10, 63)
	if err != nil || n > uint64(register.MaxMoney) {
		return errors.New("not a sum in kopecks")
	}
	*k = kopecks{value: register.Money(n), known: true}
	return nil
}
