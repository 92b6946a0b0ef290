package raiffeisensim

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"

	"kassa/banks/banksim"
	"kassa/banks/raiffeisen"
)

// The pace of a notification that is not taken: the document says "for a day, with growing pauses".
const (
	firstPause = 5 * time.Second
	mostPause  = time.Hour
	giveUp     = 24 * time.Hour
)

// note is a notification. The Bank's lock guards it.
type note struct {
	url       string
	body      []byte
	signature string
	payment   string
	order     string
	status    string
	made, due time.Time
	tries     int
	over      bool // taken, or given up
	taken     bool
	twice     bool // to be sent once more after it was taken
	held      bool // until another one has been sent
}

// Notification is what the controls tell of one.
type Notification struct {
	Payment string    `json:"payment_id"`
	Order   string    `json:"order_id"`
	Status  string    `json:"status"` // paymentStatus
	Tries   int       `json:"tries"`
	Taken   bool      `json:"taken"` // answered with HTTP 200
	Due     time.Time `json:"due,omitzero"`
}

// Notifications lists what was sent and what waits to be, oldest first.
func (b *Bank) Notifications() []Notification {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []Notification{}
	for _, n := range b.notes {
		told := Notification{Payment: n.payment, Order: n.order, Status: n.status, Tries: n.tries, Taken: n.taken}
		if !n.over {
			told.Due = n.due
		}
		list = append(list, told)
	}
	return list
}

// Notice is the notification of a code's last result, as the bank sends it; ok is false when there is nothing to tell.
func (b *Bank) Notice(id string) (header http.Header, body []byte, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.byID[id]
	if p == nil || p.transaction == 0 {
		return nil, nil, false
	}
	n := b.write(p, "")
	return n.header(), n.body, true
}

// tell makes the notification of a payment's result, where there is an address for it.
func (b *Bank) tell(p *payment) {
	if b.callback == "" {
		return
	}
	f := b.faults.Meet(callNotice).Name
	if f == NoticeLost {
		return
	}
	n := b.write(p, f)
	n.twice, n.held = f == NoticeTwice, f == NoticeLate
	b.notes, b.waiting = append(b.notes, n), append(b.waiting, n)
	b.awake()
}

// write writes the notification of a code.
func (b *Bank) write(p *payment, f banksim.Fault) *note {
	n := &note{url: b.callback, payment: p.id, order: p.order, status: p.pay, made: b.now(), due: b.now()}
	amount, date, qr := p.amount.String(), moment(p.paidAt), p.id
	key := b.conf.SecretKey
	switch f {
	case NoticeBadSignature:
		key += "?"
	case NoticeOtherQR:
		qr = qrIDOf(77)
	}
	n.signature = raiffeisen.Sign(key, amount, b.conf.Merchant, p.order, p.pay, date)
	var info any // null, as in the bank's sample, where there is none
	if p.info != "" {
		info = p.info
	}
	n.body, _ = json.Marshal(answer{ // of strings and numbers: it has no error
		"transactionId": p.transaction, "qrId": qr, "sbpMerchantId": b.conf.Merchant, "merchantId": 123,
		"amount": json.Number(amount), "currency": "RUB", "transactionDate": date, "paymentStatus": p.pay,
		"additionalInfo": info, "order": p.order, "createDate": second(p.created),
	})
	return n
}

func (n *note) header() http.Header {
	h := http.Header{"Content-Type": {"application/json"}}
	h.Set(raiffeisen.SignatureHeader, n.signature)
	return h
}

// awake makes Run look at once. The Bank's lock is held.
func (b *Bank) awake() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Run sends notifications as they fall due, until the context ends.
func (b *Bank) Run(ctx context.Context) error {
	return banksim.Repeat(ctx, 250*time.Millisecond, b.wake, b.Deliver)
}

// Deliver sends the notifications that are due by the bank's clock, one after another, and tells how many were sent. It
// is for tests that have no Run.
func (b *Bank) Deliver(ctx context.Context) int {
	b.delivering.Lock()
	defer b.delivering.Unlock()
	sent := 0
	for {
		n := b.next()
		if n == nil || ctx.Err() != nil {
			return sent
		}
		b.result(n, b.post(ctx, n))
		sent++
	}
}

// next gives a notification that is due, or nil.
func (b *Bank) next() *note {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	i := slices.IndexFunc(b.waiting, func(n *note) bool { return !n.held && !n.due.After(now) })
	if i < 0 {
		return nil
	}
	return b.waiting[i]
}

// post sends a notification and tells whether it was taken.
func (b *Bank) post(ctx context.Context, n *note) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, n.url, bytes.NewReader(n.body))
	if err != nil {
		return false
	}
	req.Header = n.header()
	res, err := b.conf.HTTP.Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxBody))
	return res.StatusCode == http.StatusOK
}

// result keeps what came of sending a notification.
func (b *Bank) result(n *note, taken bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n.tries++
	for _, other := range b.waiting {
		if other != n {
			other.held = false
		}
	}
	switch now := b.now(); {
	case taken && n.twice:
		n.taken, n.twice = true, false
	case taken:
		n.taken, n.over = true, true
	default:
		n.due = now.Add(min(firstPause<<min(n.tries-1, 20), mostPause))
		n.over = n.due.Sub(n.made) > giveUp
	}
	if n.over {
		b.waiting = slices.DeleteFunc(b.waiting, func(other *note) bool { return other == n })
	}
}
