package tbanksim

import (
	"fmt"
	"time"

	"kassa/banks/nspk"
	"kassa/register"
)

// The statuses of the SBP part of the bank's document that a payment here can have.
const (
	statusNew       = "NEW"
	formShowed      = "FORM_SHOWED"
	authorizing     = "AUTHORIZING"
	confirmed       = "CONFIRMED"
	asyncRefunding  = "ASYNC_REFUNDING"
	partialRefunded = "PARTIAL_REFUNDED"
	refunded        = "REFUNDED"
	canceled        = "CANCELED"
	deadlineExpired = "DEADLINE_EXPIRED"
	rejected        = "REJECTED"
)

// payment is one payment. The Bank's lock guards it.
type payment struct {
	id, order, description string
	number                 int64 // the id as a number
	amount                 register.Money
	status                 string
	payload                string
	created, expires       time.Time

	refunded register.Money
	refund   *refund // the one under way
	// What the last refund was for.
	lastRefund register.Money
	// The word of the last refund that failed, for GetQrState, and when it did.
	cancelCode, cancelWords string
	cancelFailed            time.Time
}

// refund is a refund under way.
type refund struct {
	amount register.Money
	done   time.Time
	fails  bool
}

// tick brings the payment up to now.
func (p *payment) tick(now time.Time) {
	if (p.status == statusNew || p.status == formShowed) && !now.Before(p.expires) {
		p.status = deadlineExpired
	}
	if p.refund == nil || now.Before(p.refund.done) {
		return
	}
	r := *p.refund
	p.refund = nil
	if r.fails {
		p.status = confirmed
		if p.refunded > 0 {
			p.status = partialRefunded
		}
		p.cancelCode, p.cancelWords = "I05043", "Банк плательщика отклонил возврат"
		p.cancelFailed = r.done
		return
	}
	p.giveBack(r.amount)
}

func (p *payment) giveBack(amount register.Money) {
	p.refunded += amount
	p.status = partialRefunded
	if p.left() == 0 {
		p.status = refunded
	}
}

// left is what a refund can still give back.
func (p *payment) left() register.Money { return p.amount - p.refunded }

// showQR gives the payment its code; asked again it gives the same.
func (p *payment) showQR() string {
	if p.payload == "" {
		p.payload = nspk.Make(p.link())
		p.status = formShowed
	}
	return p.payload
}

func (p *payment) link() nspk.Link {
	const tbank = "100000000004"
	return nspk.Link{
		ID: fmt.Sprintf("AD10SIM%025d", p.number), Type: nspk.TypeDynamic, Bank: tbank, Sum: p.amount, Currency: "RUB",
	}
}

// pay takes the money.
func (p *payment) pay(late bool) bool {
	switch p.status {
	case formShowed, authorizing:
	case canceled, deadlineExpired, rejected:
		if !late {
			return false
		}
	default:
		return false
	}
	if p.payload == "" { // nobody can pay what nobody could scan
		return false
	}
	p.status = confirmed
	return true
}

// moveUnpaid changes the status of a payment that is not paid. Before its code is shown it can do nothing but expire.
func (p *payment) moveUnpaid(to string) bool {
	switch {
	case p.status == to:
		return false
	case p.status == formShowed, p.status == authorizing, p.status == statusNew && to == deadlineExpired:
		p.status = to
		return true
	}
	return false
}

func (p *payment) tell() Payment {
	return Payment{
		ID: p.id, Order: p.order, Amount: p.amount, Refunded: p.refunded, Status: p.status, Description: p.description,
		Payload: p.payload, Created: p.created, Expires: p.expires,
	}
}
