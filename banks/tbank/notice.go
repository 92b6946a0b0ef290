package tbank

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"kassa/banks"
)

// maxNotice is far above any notification.
const maxNotice = 64 << 10

// taken is what the bank wants to hear, without a quote or a tag; anything else makes it repeat itself for a month.
const taken = "OK"

// Notice reads a notification (developer.tbank.ru, "Уведомления об операциях"): its signature is that of requests, made
// with the same password. What comes to the same address about other things, a receipt of a register at the bank or a
// card that was bound, is signed too; it is answered, and names no payment.
func (b *Bank) Notice(_ http.Header, body []byte) (banks.Notice, error) {
	root, err := rootOf(body)
	if err != nil {
		return banks.Notice{}, fmt.Errorf("tbank: %w: %w", banks.ErrNotice, err)
	}
	terminal, _ := root["TerminalKey"].(string)
	token, _ := root["Token"].(string)
	// Compared in constant time, so that nothing is learned from how long it takes. Hexadecimal digits have any case.
	same := subtle.ConstantTimeCompare([]byte(terminal), []byte(b.terminal)) &
		subtle.ConstantTimeCompare([]byte(strings.ToLower(token)), []byte(b.sign(root)))
	if same != 1 {
		return banks.Notice{}, fmt.Errorf("tbank: %w: the terminal or the signature is wrong", banks.ErrNotice)
	}
	n := banks.Notice{ContentType: "text/plain; charset=utf-8", Answer: taken}
	if textOf(root["Status"]) == "RECEIPT" || textOf(root["NotificationType"]) != "" {
		return n, nil // also AddCard and LINKACCOUNT
	}
	id, order := textOf(root["PaymentId"]), textOf(root["OrderId"])
	if !digits(id, 20) || order == "" || len(order) > 50 {
		return n, nil
	}
	n.ID, n.BankID = order, id
	return n, nil
}

// rootOf reads one JSON object, with its numbers as they are written: they are signed so.
func rootOf(body []byte) (map[string]any, error) {
	if len(body) > maxNotice {
		return nil, fmt.Errorf("it is longer than %d bytes", maxNotice)
	}
	var root map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&root); err != nil || root == nil || d.More() {
		return nil, errors.New("it is no JSON object")
	}
	return root, nil
}

// textOf is a string, or a number as it is written; anything else is empty.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}
