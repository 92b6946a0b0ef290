// Package bankjson reads the values of banks' answers whose type is not sure: banks write the same field as a string and
// as a number, in one method and the next, or in the document and its samples.
package bankjson

import (
	"encoding/json"
	"errors"
	"strconv"

	"kassa/register"
)

// Text is a string that may come as a number.
type Text string

// UnmarshalJSON takes a string, a number or null.
func (t *Text) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, (*string)(t))
	}
	if string(data) == "null" {
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	*t = Text(n)
	return nil
}

// Kopecks is a sum in kopecks; it may come as a string. Known is false when it did not come.
type Kopecks struct {
	Value register.Money
	Known bool
}

// UnmarshalJSON takes a whole number from zero to register.MaxMoney, as a number or a string, or null.
func (k *Kopecks) UnmarshalJSON(data []byte) error {
	var t Text
	if err := t.UnmarshalJSON(data); err != nil {
		return err
	}
	if t == "" {
		return nil
	}
	n, err := strconv.ParseUint(string(t), 10, 63)
	if err != nil || n > uint64(register.MaxMoney) {
		return errors.New("bankjson: not a sum in kopecks")
	}
	*k = Kopecks{Value: register.Money(n), Known: true}
	return nil
}
