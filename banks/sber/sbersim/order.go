package sbersim

import (
	"fmt"
	"time"

	"kassa/banks/banksim"
	"kassa/banks/nspk"
	"kassa/register"
)

// The states that an order here has. What the bank shows as REFUNDED or REVERSED is a paid order with operations of that
// type.
const (
	created   = "CREATED"
	onPayment = "ON_PAYMENT"
	paid      = "PAID"
	refunded  = "REFUNDED"
	reversed  = "REVERSED"
	revoked   = "REVOKED"
	declined  = "DECLINED"
	expired   = "EXPIRED"
)

// stubPays is how long after its creation the bank's stub pays an order.
const stubPays = time.Minute

// order is one order. The Bank's lock guards it.
type order struct {
	id, number, description string
	member                  string // the SBP member, or empty for the bank's own code
	payload                 string
	amount                  register.Money
	state                   string
	made                    time.Time
	operations              []operation
}

// operation is money that moved, or did not.
type operation struct {
	id, kind string
	sum      register.Money
	at       time.Time
	rrn      string
	auth     string
	response string
	words    string
	listed   time.Time // when /status begins to show it
}

// tick brings an order up to now.
func (b *Bank) tick(o *order) {
	now := b.now()
	switch {
	case o.state != created:
	case b.conf.Stub && now.Sub(o.made) >= stubPays:
		b.pay(o, false)
	case b.conf.Life > 0 && now.Sub(o.made) >= b.conf.Life:
		o.state = expired
	}
}

// open makes an order.
func (b *Bank) open(number, description, member string, amount register.Money) (*order, error) {
	id, err := b.random(16)
	if err != nil {
		return nil, err
	}
	o := &order{
		id: id, number: number, description: description, member: member, amount: amount, state: created, made: b.now(),
		payload: "https://sberbank.ru/qr/?dynamicQr=" + id,
	}
	if member != "" {
		b.counter++
		o.payload = nspk.Make(nspk.Link{
			ID: fmt.Sprintf("AD10SIM%s%05d", id[:20], b.counter%100_000), Type: nspk.TypeDynamic, Bank: member, Sum: amount, Currency: "RUB",
		})
	}
	b.orders = append(b.orders, o)
	b.ids[o.id], b.numbers[o.number] = o, o
	return o, nil
}

// operate writes an operation into an order and gives it. The numbers of operations need not be secret.
func (b *Bank) operate(o *order, kind string, sum register.Money, response, words string) *operation {
	b.counter++
	now := b.now()
	o.operations = append(o.operations, operation{
		id: fmt.Sprintf("%s-%08d", o.id, b.counter), kind: kind, sum: sum, at: now, listed: now,
		rrn: fmt.Sprintf("%012d", b.counter), auth: fmt.Sprintf("%06d", b.counter%1_000_000),
		response: response, words: words,
	})
	b.tell(o)
	return &o.operations[len(o.operations)-1]
}

// pay takes the money.
func (b *Bank) pay(o *order, late bool) bool {
	switch o.state {
	case created, onPayment:
	case revoked, declined, expired:
		if !late {
			return false
		}
	default:
		return false
	}
	o.state = paid
	b.operate(o, "PAY", o.amount, "00", "OK")
	return true
}

// move changes the state of an order that is not paid.
func (o *order) move(to string) bool {
	if o.state == to || o.state != created && o.state != onPayment {
		return false
	}
	o.state = to
	return true
}

// back is how much has gone back.
func (o *order) back() register.Money {
	var sum register.Money
	for _, op := range o.operations {
		if op.kind != "PAY" && op.response == "00" {
			sum += op.sum
		}
	}
	return sum
}

// left is how much can still be given back.
func (o *order) left() register.Money { return o.amount - o.back() }

// payment gives the operation that paid the order, or nil.
func (o *order) payment() *operation {
	for i, op := range o.operations {
		if op.kind == "PAY" && op.response == "00" {
			return &o.operations[i]
		}
	}
	return nil
}

// shown is the order_state that the bank tells.
func (o *order) shown(c Config) string {
	if o.state != paid || !c.ShowRefunded && !c.Stub {
		return o.state
	}
	word := paid
	for _, op := range o.operations {
		switch {
		case op.response != "00":
		case op.kind == "REFUND":
			word = refunded
		case op.kind == "REVERSE":
			word = reversed
		}
	}
	return word
}

func (o *order) tell(c Config) banksim.Payment {
	p := banksim.Payment{
		ID: o.id, Order: o.number, Amount: o.amount, Refunded: o.back(), Status: o.shown(c), Payload: o.payload, Created: o.made,
	}
	if c.Life > 0 {
		p.Expires = o.made.Add(c.Life)
	}
	return p
}
