package sber

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"

	"kassa/banks"
	"kassa/banks/bankjson"
)

// maxNotice is far above any notification.
const maxNotice = 64 << 10

var (
	uidPattern  = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)
	timePattern = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$`)
)

// Notice reads a notification (/notify). The bank signs none: whoever knows the address can send one, and all that it
// can do is to make us ask. One for another contract is banks.ErrNotice. The answer repeats rqUid and rqTm.
func (b *Bank) Notice(_ http.Header, body []byte) (banks.Notice, error) {
	var n struct {
		UID      string        `json:"rqUid"`
		Time     string        `json:"rqTm"`
		MemberID bankjson.Text `json:"memberId"`
		IDQR     bankjson.Text `json:"idQR"`
		TID      bankjson.Text `json:"tid"`
		OrderID  bankjson.Text `json:"orderId"`
		Number   bankjson.Text `json:"partnerOrderNumber"`
	}
	if len(body) > maxNotice {
		return banks.Notice{}, fmt.Errorf("sber: %w: %d bytes", banks.ErrNotice, len(body))
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&n); err != nil || d.More() {
		return banks.Notice{}, fmt.Errorf("sber: %w: it is no such JSON", banks.ErrNotice)
	}
	differs := func(got bankjson.Text, want string) bool { return got != "" && string(got) != want }
	switch {
	case !uidPattern.MatchString(n.UID) || !timePattern.MatchString(n.Time):
		return banks.Notice{}, fmt.Errorf("sber: %w: rqUid or rqTm is missing", banks.ErrNotice)
	case n.MemberID == "" && n.IDQR == "",
		differs(n.MemberID, b.member), differs(n.IDQR, b.idQR), differs(n.TID, b.tid):
		return banks.Notice{}, fmt.Errorf("sber: %w: it is for another shop", banks.ErrNotice)
	case n.OrderID != "" && !longID.MatchString(string(n.OrderID)), len(n.Number) > 36:
		return banks.Notice{}, fmt.Errorf("sber: %w: its order has no such id", banks.ErrNotice)
	}
	answer, err := json.Marshal(map[string]string{"rqUid": n.UID, "rqTm": n.Time})
	if err != nil {
		return banks.Notice{}, fmt.Errorf("sber: answering a notification: %w", err)
	}
	return banks.Notice{
		ID: string(n.Number), BankID: string(n.OrderID), ContentType: "application/json", Answer: string(answer),
	}, nil
}
