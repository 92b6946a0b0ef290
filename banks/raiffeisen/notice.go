package raiffeisen

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"kassa/banks"
)

// SignatureHeader carries the signature of a notification, in hex.
const SignatureHeader = "X-Api-Signature-SHA256"

// maxNotice is far above any notification, in bytes.
const maxNotice = 64 << 10

// Notice reads a notification: banks.Notified. The signature covers the sum, the merchant, our id, the payment's status
// and time; the bank's id it does not cover, so whoever takes that from a notice for an attempt which has none asks State
// with it, and State believes it only when the bank names our id for it. Notifications about another merchant, or about
// something without an order, are answered and passed over.
func (b *Bank) Notice(header http.Header, body []byte) (banks.Notice, error) {
	given, err := hex.DecodeString(strings.TrimSpace(header.Get(SignatureHeader)))
	if err != nil || len(given) != sha256.Size {
		return banks.Notice{}, fmt.Errorf("raiffeisen: %w: it has no signature", banks.ErrNotice)
	}
	var n notice
	if len(body) > maxNotice || json.Unmarshal(body, &n) != nil {
		return banks.Notice{}, fmt.Errorf("raiffeisen: %w: it is no such JSON", banks.ErrNotice)
	}
	if !hmac.Equal(given, b.sign(n.signed())) {
		return banks.Notice{}, fmt.Errorf("raiffeisen: %w: its signature is wrong", banks.ErrNotice)
	}
	heard := banks.Notice{ContentType: "text/plain; charset=utf-8", Answer: "OK"} // HTTP 200 is all that the bank looks at
	if n.Merchant != b.merchant || !ownID.MatchString(n.Order) {
		return heard, nil
	}
	heard.ID = n.Order
	if qrID.MatchString(n.QRID) {
		heard.BankID = n.QRID
	}
	return heard, nil
}

// notice is a notification, as far as it is looked at.
type notice struct {
	QRID     string  `json:"qrId"`
	Merchant string  `json:"sbpMerchantId"`
	Amount   roubles `json:"amount"`
	Order    string  `json:"order"`
	Status   string  `json:"paymentStatus"`
	Time     string  `json:"transactionDate"`
}

// signed is the text that the signature covers. The sum is in the bank's own digits: 101.10 and 101.1 are not the same.
func (n notice) signed() string {
	return strings.Join([]string{string(n.Amount), n.Merchant, n.Order, n.Status, n.Time}, "|")
}

// Sign makes the signature of a notification from its fields, in hex: HMAC-SHA-256 by the secret key. amount is the
// text of the JSON number.
func Sign(secretKey, amount, sbpMerchantID, order, paymentStatus, transactionDate string) string {
	n := notice{Merchant: sbpMerchantID, Amount: roubles(amount), Order: order, Status: paymentStatus, Time: transactionDate}
	return hex.EncodeToString(mac(secretKey, n.signed()))
}

func mac(key, text string) []byte {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(text))
	return m.Sum(nil)
}
