package sbersim

import (
	"encoding/json"
	"fmt"

	"kassa/banks/banksim"
)

// Notice is the notification (/notify) that the bank would send of an order now: about its last operation, where it has
// one. The bank signs none; where they go, and how they are guarded, is between the bank and the shop.
func (b *Bank) Notice(id string) (json.RawMessage, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o := b.find(id)
	if o == nil {
		return nil, fmt.Errorf("%w: %q", banksim.ErrNoPayment, id)
	}
	request, err := b.random(16)
	if err != nil {
		return nil, err
	}
	a := answer{
		"rqUid": request, "rqTm": b.now().Format(layout), "memberId": b.conf.MemberID, "idQR": b.conf.IDQR, "tid": b.conf.TID,
		"orderId": o.id, "partnerOrderNumber": o.number, "orderState": o.shown(b.conf),
	}
	if n := len(o.operations); n > 0 {
		op := o.operations[n-1]
		for name, v := range map[string]any{
			"operationId": op.id, "operationDateTime": op.at.Format(layout), "operationType": op.kind, "responseCode": op.response,
			"rrn": op.rrn, "operationSum": int64(op.sum), "operationCurrency": "643", "authCode": op.auth, "responseDesc": op.words,
		} {
			a[name] = v
		}
	}
	return json.Marshal(a)
}
