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
	id, order        string
	number           int64 // the id as a number
	amount           register.Money
	status           string
	payload          string
	notify           string // where its notifications go
	created, expires time.Time
	paid             bool // money came, whatever went back since

	refunded register.Money
	refund   *refund // the one under way
	// What the last refund was for, and the word about it when it failed, for GetQrState.
	lastRefund              register.Money
	cancelCode, cancelWords string
	failures                []time.Time // of refunds, oldest first

	moves []move // statuses that nobody was told of yet
}

// refund is a refund under way.
type refund struct {
	amount register.Money
	done   time.Time
	fails  bool
}

// move is a payment's coming into a status, and what was left of its sum then.
type move struct {
	status string
	left   register.Money
}

// to puts the payment into a status.
func (p *payment) to(status string) {
	p.status = status
	p.moves = append(p.moves, move{status: status, left: p.left()})
}

// tick brings the payment up to now.
func (p *payment) tick(now time.Time) {
	if (p.status == statusNew || p.status == formShowed) && !now.Before(p.expires) {
		p.to(deadlineExpired)
	}
	if p.refund == nil || now.Before(p.refund.done) {
		return
	}
	r := *p.refund
	p.refund = nil
	if r.fails {
		p.to(p.paidStatus())
		p.cancelCode, p.cancelWords = "I05043", "Банк плательщика отклонил возврат"
		p.failures = append(p.failures, r.done)
		return
	}
	p.giveBack(r.amount)
}

// begin begins a refund.
func (p *payment) begin(r refund) {
	p.refund = &r
	p.lastRefund, p.cancelCode, p.cancelWords = r.amount, "", ""
	p.to(asyncRefunding)
}

func (p *payment) giveBack(amount register.Money) {
	p.refunded += amount
	p.to(p.paidStatus())
}

// paidStatus is the status of a paid payment with no refund under way.
func (p *payment) paidStatus() string {
	switch p.refunded {
	case 0:
		return confirmed
	case p.amount:
		return refunded
	}
	return partialRefunded
}

// left is what a refund can still give back.
func (p *payment) left() register.Money { return p.amount - p.refunded }

// failed counts the refunds that failed since a time.
func (p *payment) failed(since time.Time) int {
	n := 0
	for _, at := range p.failures {
		if at.After(since) {
			n++
		}
	}
	return n
}

// showQR gives the payment its code; asked again it gives the same.
func (p *payment) showQR() string {
	if p.payload == "" {
		p.payload = nspk.Make(p.link())
		p.to(formShowed)
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
	p.paid = true
	p.to(confirmed)
	return true
}

// moveUnpaid changes the status of a payment that is not paid. Before its code is shown it can do nothing but expire.
func (p *payment) moveUnpaid(to string) bool {
	switch {
	case p.status == to:
		return false
	case p.status == formShowed, p.status == authorizing, p.status == statusNew && to == deadlineExpired:
		p.to(to)
		return true
	}
	return false
}

func (p *payment) tell() Payment {
	return Payment{
		ID: p.id, Order: p.order, Amount: p.amount, Refunded: p.refunded, Status: p.status, Payload: p.payload,
		Created: p.created, Expires: p.expires,
	}
}
