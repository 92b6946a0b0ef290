package raiffeisensim

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kassa/register"
)

// no is a refusal in the bank's words.
type no struct{ code, message string }

func (n no) Error() string { return n.code + ": " + n.message }

// bad is the bank's answer to a request that is not as the document says.
func bad(message string) error { return no{"ERROR.INVALID_REQUEST", message} }

var errNoCode = no{"ERROR.NOT_FOUND", "QR-код не найден у данного партнера"}

// request is a request's root object.
type request map[string]json.RawMessage

// read takes a request apart. Its fields are those that are named, and no other.
func read(body []byte, fields ...string) (request, error) {
	var r request
	d := json.NewDecoder(bytes.NewReader(body))
	if !utf8.Valid(body) || d.Decode(&r) != nil || r == nil {
		return nil, bad("Тело запроса не является объектом JSON")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, bad("Тело запроса не является объектом JSON")
	}
	for name, v := range r {
		if !slices.Contains(fields, name) {
			return nil, bad("Параметр " + name + " не известен")
		}
		if string(v) == "null" {
			delete(r, name)
		}
	}
	return r, nil
}

// text is a string of at most so many letters; an absent one is empty.
func (r request) text(name string, most int) (string, error) {
	raw, there := r[name]
	if !there {
		return "", nil
	}
	var s string
	switch err := json.Unmarshal(raw, &s); {
	case err != nil:
		return "", bad("Параметр " + name + " должен быть строкой")
	case utf8.RuneCountInString(s) > most:
		return "", bad("Параметр " + name + " слишком длинный")
	}
	return s, nil
}

// required is a text that must be there.
func (r request) required(name string, most int) (string, error) {
	s, err := r.text(name, most)
	if err == nil && s == "" {
		err = bad("Не передан обязательный параметр " + name)
	}
	return s, err
}

// sum is a JSON number with at most two decimals, in digits; ok is false where it is absent or no such number.
func (r request) sum(name string) (register.Money, bool) {
	raw := string(r[name])
	whole, part, _ := strings.Cut(raw, ".")
	if !plainNumber.MatchString(raw) || len(whole) > 12 {
		return 0, false
	}
	m, err := register.ParseMoney(whole + "." + part)
	return m, err == nil
}

// plainNumber is a number without sign and exponent.
var plainNumber = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]{1,2})?$`)

// order is an order's number: "В номере заказа поддерживаются A-z09_-.".
func (r request) order() (string, error) {
	s, err := r.required("order", 40)
	if err == nil && !ownID.MatchString(s) {
		err = no{"ERROR.INVALID_ORDER", "В номере заказа поддерживаются A-z09_-."}
	}
	return s, err
}

var ownID = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// expires is the end of a code's life: three days ahead when absent, never in the past.
func (r request) expires(now time.Time) (time.Time, error) {
	s, err := r.text("qrExpirationDate", 40)
	if err != nil || s == "" {
		return now.Add(3 * 24 * time.Hour), err
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Before(now) {
		return time.Time{}, no{"ERROR.QR_EXPIRATION_DATE_NOT_VALID", "Неверная дата истечения QR-кода"}
	}
	return t, nil
}

// account is the account that is paid to. The document has it as a number, the bank's own SDK sends a string.
func (r request) account(ours string) error {
	raw, there := r["account"]
	if there && (ours == "" || strings.Trim(string(raw), `"`) != ours) {
		return no{"ERROR.ACCOUNT_IS_NOT_REGISTERED", "Указан неверный счет. Проверьте его или удалите. Параметр является необязательным"}
	}
	return nil
}
