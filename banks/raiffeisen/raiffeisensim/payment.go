package raiffeisensim

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"kassa/banks/banksim"
	"kassa/banks/nspk"
	"kassa/register"
)

// qrStatus, as the bank's document has it.
const (
	qrNew       = "NEW"
	qrBusy      = "IN_PROGRESS"
	qrPaid      = "PAID"
	qrCancelled = "CANCELLED"
	qrExpired   = "EXPIRED"
)

// paymentStatus.
const (
	payNone     = "NO_INFO"
	payBusy     = "IN_PROGRESS"
	paySuccess  = "SUCCESS"
	payDeclined = "DECLINED"
)

// refundStatus.
const (
	refundBusy     = "IN_PROGRESS"
	refundDone     = "COMPLETED"
	refundDeclined = "DECLINED"
)

// payment is one code and what was paid by it. The Bank's lock guards it.
type payment struct {
	id, order string
	number    int64
	amount    register.Money
	info      string // additionalInfo
	details   string // paymentDetails
	created   time.Time
	expires   time.Time

	qr, pay     string
	paidAt      time.Time // of the last result of a payer's attempt
	transaction int64     // its number, zero when nobody has tried

	refunds []*refund
	outside register.Money // given back in the cabinet
}

// refund is a refund that the shop has asked for.
type refund struct {
	of     *payment
	amount register.Money
	status string
	done   time.Time
	fails  bool
}

// tick brings the code up to now.
func (p *payment) tick(now time.Time) {
	if p.qr == qrNew && !now.Before(p.expires) {
		p.qr = qrExpired
	}
	for _, r := range p.refunds {
		if r.status != refundBusy || now.Before(r.done) {
			continue
		}
		r.status = refundDone
		if r.fails {
			r.status = refundDeclined
		}
	}
}

// left is what a refund can still give back.
func (p *payment) left() register.Money {
	left := p.amount - p.outside
	for _, r := range p.refunds {
		if r.status != refundDeclined {
			left -= r.amount
		}
	}
	return left
}

// refunded is what has gone back.
func (p *payment) refunded() register.Money {
	sum := p.outside
	for _, r := range p.refunds {
		if r.status == refundDone {
			sum += r.amount
		}
	}
	return sum
}

func (p *payment) payload() string { return nspk.Make(p.link()) }

func (p *payment) link() nspk.Link {
	const raiffeisen = "100000000007"
	return nspk.Link{ID: p.id, Type: nspk.TypeDynamic, Bank: raiffeisen, Sum: p.amount, Currency: "RUB"}
}

func (p *payment) tell() banksim.Payment {
	return banksim.Payment{
		ID: p.id, Order: p.order, Amount: p.amount, Refunded: p.refunded(), Status: p.qr + " " + p.pay,
		Payload: p.payload(), Created: p.created, Expires: p.expires,
	}
}

// qrIDOf makes an id of a code: 32 letters and digits.
func qrIDOf(number int64) string { return fmt.Sprintf("AD10SIM%025d", number) }

// number writes a sum as a JSON number of roubles without the zeros that say nothing: 150, 12399.1.
func number(m register.Money) json.Number {
	return json.Number(strings.TrimSuffix(strings.TrimRight(m.String(), "0"), "."))
}

// moscow is the zone of the bank's times.
var moscow = time.FixedZone("MSK", 3*60*60)

// moment writes a time as the bank's samples have it: with microseconds and a zone.
func moment(t time.Time) string { return t.In(moscow).Format("2006-01-02T15:04:05.000000-07:00") }

// second writes a time in whole seconds.
func second(t time.Time) string { return t.In(moscow).Format("2006-01-02T15:04:05-07:00") }
