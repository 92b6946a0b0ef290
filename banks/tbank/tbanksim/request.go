package tbanksim

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kassa/banks/tbank"
)

// no is a refusal in the bank's words.
type no struct{ code, message, details string }

func (n no) Error() string { return n.code + ": " + n.message + " " + n.details }

// bad is the bank's answer to a request that is not as the document says.
func bad(format string, args ...any) error {
	return no{"9999", "Неверные параметры.", fmt.Sprintf(format, args...)}
}

// fields are the fields that each method takes, besides TerminalKey and Token.
var fields = map[string][]string{
	"Init": {
		"Amount", "OrderId", "Description", "PayType", "RedirectDueDate", "NotificationURL", "SuccessURL", "FailURL",
		"CustomerKey", "Recurrent", "Language", "DATA",
		"Receipt",
	},
	"GetQr":      {"PaymentId", "DataType", "BankId"},
	"GetState":   {"PaymentId", "IP"},
	"CheckOrder": {"OrderId"},
	"Cancel":     {"PaymentId", "Amount", "IP", "QrMemberId", "ExternalRequestId"},
	"GetQrState": {"PaymentId"},

	"QrMembersList": {"PaymentId"},
	"SbpPayTest":    {"PaymentId", "IsDeadlineExpired", "IsRejected"},
}

// request is a request's root object.
type request map[string]any

// read takes a request apart and checks what is the same for every method: its fields' names, the terminal and the
// signature.
func (b *Bank) read(method string, body []byte) (request, error) {
	if !utf8.Valid(body) {
		return nil, bad("Тело запроса не в UTF-8.")
	}
	var r request
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&r); err != nil || r == nil || d.More() {
		return nil, bad("Тело запроса не является объектом JSON.")
	}
	for name := range r {
		if name != "TerminalKey" && name != "Token" && !slices.Contains(fields[method], name) {
			return nil, bad("Поле %s методу %s не известно.", name, method)
		}
	}
	terminal, err := r.text("TerminalKey", 1, 64)
	if err != nil {
		return nil, err
	}
	token, err := r.text("Token", 1, 64)
	if err != nil {
		return nil, err
	}
	if terminal != b.conf.Terminal {
		return nil, no{"205", "Указанный терминал не найден.", ""}
	}
	want := tbank.Token(r, b.conf.Password)
	if subtle.ConstantTimeCompare([]byte(strings.ToLower(token)), []byte(want)) != 1 {
		return nil, no{"204", "Неверный токен. Проверьте пару TerminalKey/SecretKey.", ""}
	}
	return r, nil
}

// text is a string of least to most letters; an absent one is empty, which is right where least is zero.
func (r request) text(name string, least, most int) (string, error) {
	v, there := r[name]
	s, ok := v.(string)
	n := utf8.RuneCountInString(s)
	switch {
	case there && !ok:
		return "", bad("Поле %s должно быть строкой.", name)
	case n < least && n == 0:
		return "", bad("Поле %s не должно быть пустым.", name)
	case n < least || n > most:
		return "", bad("Размер поля %s должен быть от %d до %d.", name, least, most)
	}
	return s, nil
}

// number is a whole number of at most ten digits; ok is false where it is absent.
func (r request) number(name string) (n int64, ok bool, err error) {
	v, there := r[name]
	if !there {
		return 0, false, nil
	}
	num, isNumber := v.(json.Number)
	if isNumber {
		n, err = num.Int64()
	}
	if !isNumber || err != nil || n < 0 || len(num) > 10 {
		return 0, false, bad("Поле %s должно быть числом не длиннее 10 знаков.", name)
	}
	return n, true, nil
}

// flag is a truth value; an absent one is false.
func (r request) flag(name string) (bool, error) {
	v, there := r[name]
	f, ok := v.(bool)
	if there && !ok {
		return false, bad("Поле %s должно быть true или false.", name)
	}
	return f, nil
}

// paymentID is a string of digits, or a number, as the document has it for GetQr.
func (r request) paymentID() (string, error) {
	v, there := r["PaymentId"]
	id, _ := v.(string)
	if n, ok := v.(json.Number); ok {
		id = n.String()
	}
	switch {
	case !there || v == "":
		return "", bad("Поле PaymentId не должно быть пустым.")
	case len(id) > 20 || id == "" || strings.Trim(id, "0123456789") != "":
		return "", bad("Поле PaymentId должно быть числом.")
	}
	return id, nil
}

// due is the end of a code's life (RedirectDueDate): one minute to ninety days ahead, one day when absent.
func (r request) due(now time.Time) (time.Time, error) {
	s, err := r.text("RedirectDueDate", 0, 25)
	if err != nil || s == "" {
		return now.Add(24 * time.Hour), err
	}
	const layout = "2006-01-02T15:04:05-07:00"
	t, err := time.Parse(layout, s)
	if err != nil || t.Format(layout) != s {
		return time.Time{}, no{"12", "Неверные параметры.", "Неверный формат RedirectDueDate."}
	}
	if life := t.Sub(now); life < time.Minute || life > 90*24*time.Hour {
		return time.Time{}, no{"3017", "Неверный срок жизни QR.", "RedirectDueDate должен быть от 1 минуты до 90 дней."}
	}
	return t, nil
}

// extras checks the fields that this bank takes and does nothing with.
func (r request) extras() error {
	for name, most := range map[string]int{
		"NotificationURL": 2048, "SuccessURL": 2048, "FailURL": 2048, "CustomerKey": 36, "Recurrent": 1, "Language": 2,
		"IP": 45, "QrMemberId": 36, "ExternalRequestId": 256, "BankId": 36,
	} {
		if _, err := r.text(name, 0, most); err != nil {
			return err
		}
	}
	data, there := r["DATA"]
	if !there {
		return nil
	}
	pairs, ok := data.(map[string]any)
	if !ok || len(pairs) > 20 {
		return bad("DATA должно быть объектом не более чем с 20 парами.")
	}
	for key, v := range pairs {
		if s, ok := v.(string); !ok || utf8.RuneCountInString(key) > 20 || utf8.RuneCountInString(s) > 100 {
			return bad("Пара %q в DATA слишком длинная или не строка.", key)
		}
	}
	return nil
}

// receipt checks the one thing that every receipt for a register at the bank must keep: its items add up to the sum.
func (r request) receipt(amount int64) error {
	v, there := r["Receipt"]
	if !there {
		return nil
	}
	root, _ := v.(map[string]any)
	items, ok := root["Items"].([]any)
	if !ok || len(items) == 0 || len(items) > 100 {
		return no{"308", "Неверный чек.", "Items должно быть списком от 1 до 100 позиций."}
	}
	sum := int64(0)
	for _, v := range items {
		item, _ := v.(map[string]any)
		n, _, err := request(item).number("Amount")
		if err != nil {
			return err
		}
		sum += n
	}
	if sum != amount {
		return no{"323", "Сумма чека не равна сумме платежа.", ""}
	}
	return nil
}

// asciiID is what an order's id may be made of.
var asciiID = regexp.MustCompile(`^[!-~]{1,36}$`)
