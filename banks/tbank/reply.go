package tbank

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"kassa/banks"
	"kassa/banks/bankhttp"
	"kassa/register"
)

// reply is what any of the methods answers. Fields whose type differs between methods, or between the document and its
// samples, have types of their own that take either.
type reply struct {
	Success     flag
	ErrorCode   text
	Message     text
	Details     text
	TerminalKey text
	item
	OrderId  text
	Data     json.RawMessage // GetQr: a string
	Payments []item          // CheckOrder

	OriginalAmount, NewAmount kopecks // Cancel: what was left before it, and after
	QrCancelCode              text    // GetQrState: why a refund failed
}

// item is one payment: the root of most answers, and each of CheckOrder's Payments.
type item struct {
	PaymentId text
	Status    text
	Amount    kopecks
}

// decode reads an answer and turns the errors that it tells of into errors.
func decode(body []byte, terminal string) (reply, error) {
	var re reply
	if err := json.Unmarshal(body, &re); err != nil {
		return reply{}, fmt.Errorf("%w: it is no such JSON", banks.ErrUnknown)
	}
	switch {
	case re.TerminalKey != "" && string(re.TerminalKey) != terminal:
		return reply{}, fmt.Errorf("%w: it is for another terminal", banks.ErrUnknown)
	case re.Success.known && !re.Success.value && re.ErrorCode != "" && re.ErrorCode != "0":
		return reply{}, re.refusal()
	case !re.Success.value || re.ErrorCode != "" && re.ErrorCode != "0":
		return reply{}, fmt.Errorf("%w: it says neither yes nor no", banks.ErrUnknown)
	}
	return re, nil
}

func (re reply) refusal() error {
	const most = 200
	words := string(re.Message)
	if re.Details != "" && re.Details != re.Message {
		words = strings.TrimSpace(words + " " + string(re.Details))
	}
	code, words := bankhttp.Clean(string(re.ErrorCode), 20), bankhttp.Clean(words, most)
	err := refusal(code, words)
	if errors.Is(err, banks.ErrRefused) {
		return err
	}
	return fmt.Errorf("%w: %s: %s", err, code, words)
}

// about checks that the answer is about the payment that was asked for, as far as it says.
func (re reply) about(id, order string) error {
	if id != "" && re.PaymentId != "" && string(re.PaymentId) != id {
		return fmt.Errorf("%w: it is about payment %s, not %s", banks.ErrUnknown, bankhttp.Clean(string(re.PaymentId), 20), id)
	}
	if re.OrderId != "" && string(re.OrderId) != order {
		return fmt.Errorf("%w: it is about another order", banks.ErrUnknown)
	}
	return nil
}

// payment reads the payment. A status that is new to us is no answer, nor is "paid" without a sum.
func (it item) payment(method string) (payment, error) {
	p := payment{id: string(it.PaymentId), status: bankhttp.Clean(string(it.Status), 40)}
	state, ok := states[string(it.Status)]
	switch {
	case !ok:
		return payment{}, fmt.Errorf("tbank: %s: %w: status %q", method, banks.ErrUnknown, p.status)
	case !digits(p.id, 20):
		return payment{}, fmt.Errorf("tbank: %s: %w: it names no payment", method, banks.ErrUnknown)
	case state == banks.StatePaid && !it.Amount.known:
		return payment{}, fmt.Errorf("tbank: %s: %w: paid, but it names no sum", method, banks.ErrUnknown)
	}
	p.state, p.said = state, it.Amount.value
	switch state {
	case banks.StateRefundPending, banks.StatePartlyRefunded, banks.StateRefunded:
		// Whether Amount then is the payment's or what is left of it is not documented.
	default:
		p.amount = it.Amount.value
	}
	return p, nil
}

// digits tells whether s is a number of 1 to most digits.
func digits(s string, most int) bool {
	return s != "" && len(s) <= most && strings.Trim(s, "0123456789") == ""
}

// text is a string that may come as a number: PaymentId and ErrorCode do both.
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

// flag is a truth value that may come as a string: Success in CheckOrder does.
type flag struct{ value, known bool }

// UnmarshalJSON takes true, false, either as a string, or null.
func (f *flag) UnmarshalJSON(data []byte) error {
	switch strings.ToLower(strings.Trim(string(data), `"`)) {
	case "true":
		*f = flag{value: true, known: true}
	case "false":
		*f = flag{known: true}
	case "null", "":
	default:
		return errors.New("neither true nor false")
	}
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
