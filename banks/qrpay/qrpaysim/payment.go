package qrpaysim

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"time"

	"kassa/banks/banksim"
	"kassa/banks/nspk"
	"kassa/register"
)

// status is where a payment stands, in the provider's books: more than it tells its callers.
type status string

const (
	waiting    status = "WAITING"
	processing status = "PROCESSING"
	done       status = "DONE"
	rejected   status = "REJECTED"
	cancelled  status = "CANCELLED"
	expired    status = "EXPIRED"
)

// payment is one operation. The Bank's lock guards it.
type payment struct {
	id               string // the caller's
	amount, refunded register.Money
	status           status
	payload          string
	created, expires time.Time
}

// newPayment opens a payment with its code.
func newPayment(id string, amount register.Money, now time.Time, life time.Duration) *payment {
	hash := sha256.Sum256([]byte(id))
	const tbank = "100000000004"
	link := nspk.Link{
		ID:   "BD10SIM" + base32.StdEncoding.EncodeToString(hash[:])[:25],
		Type: nspk.TypeDynamic, Bank: tbank, Sum: amount, Currency: "RUB",
	}
	return &payment{id: id, amount: amount, status: waiting, payload: nspk.Make(link), created: now, expires: now.Add(life)}
}

// tick brings the payment up to now.
func (p *payment) tick(now time.Time) {
	if p.status == waiting && !now.Before(p.expires) {
		p.status = expired
	}
}

// left is what a refund can still give back.
func (p *payment) left() register.Money { return p.amount - p.refunded }

// pay takes the money.
func (p *payment) pay(late bool) bool {
	from := []status{waiting, processing}
	if late {
		from = append(from, cancelled, expired, rejected)
	}
	return p.move(done, from...)
}

// move changes the status from one of some.
func (p *payment) move(to status, from ...status) bool {
	if !slices.Contains(from, p.status) {
		return false
	}
	p.status = to
	return true
}

// word is what the provider says of the payment.
func (p *payment) word(mute bool) string {
	switch {
	case p.status == done:
		return "DONE"
	case p.status == waiting, p.status == processing, mute && p.status != rejected:
		return "IN_PROGRESS"
	}
	return "REJECTED"
}

func (p *payment) tell() banksim.Payment {
	return banksim.Payment{
		ID: p.id, Order: p.id, Amount: p.amount, Refunded: p.refunded, Status: string(p.status),
		Payload: p.payload, Created: p.created, Expires: p.expires,
	}
}
