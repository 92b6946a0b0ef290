package tbank

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"kassa/banks"
	"kassa/banks/bankhttp"
	"kassa/banks/bankjson"
)

// reply is what any of the methods answers. Fields whose type differs between methods, or between the document and its
// samples, have types of their own that take either.
type reply struct {
	Success     flag
	ErrorCode   bankjson.Text
	Message     bankjson.Text
	Details     bankjson.Text
	TerminalKey bankjson.Text
	item
	OrderId  bankjson.Text
	Data     json.RawMessage // GetQr: a string
	Payments []item          // CheckOrder

	OriginalAmount, NewAmount bankjson.Kopecks // Cancel: what was left before it, and after
	QrCancelCode              bankjson.Text    // GetQrState: why a refund failed
}

// item is one payment: the root of most answers, and each of CheckOrder's Payments.
type item struct {
	PaymentId bankjson.Text
	Status    bankjson.Text
	Amount    bankjson.Kopecks
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
	case state == banks.StatePaid && !it.Amount.Known:
		return payment{}, fmt.Errorf("tbank: %s: %w: paid, but it names no sum", method, banks.ErrUnknown)
	}
	p.state, p.said = state, it.Amount.Value
	switch state {
	case banks.StateRefundPending, banks.StatePartlyRefunded, banks.StateRefunded:
		// Whether Amount then is the payment's or what is left of it is not documented.
	default:
		p.amount = it.Amount.Value
	}
	return p, nil
}

// digits tells whether s is a number of 1 to most digits.
func digits(s string, most int) bool {
	return s != "" && len(s) <= most && strings.Trim(s, "0123456789") == ""
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
