package tbanksim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"kassa/banks/banksim"
	"kassa/banks/tbank"
)

// told are the statuses that the bank tells of. It tells of DEADLINE_EXPIRED only where a shop has asked it to.
var told = []string{"AUTHORIZED", confirmed, "PARTIAL_REVERSED", "REVERSED", canceled, partialRefunded, refunded, rejected}

// note is a notification on its way.
type note struct {
	to    string
	body  []byte
	right []byte // the body when it is sent again; nil for the same
	due   time.Time
	tries int
}

// Run sends notifications until the context ends; it reckons the bank's own time by the bank's clock.
func (b *Bank) Run(ctx context.Context) error {
	return banksim.Repeat(ctx, 50*time.Millisecond, nil, b.Deliver)
}

// Deliver sends the notifications that are due, one after another, and tells how many were taken. It is not called by
// two at a time.
func (b *Bank) Deliver(ctx context.Context) int {
	taken := 0
	for _, n := range b.due() {
		switch err := b.post(ctx, n); {
		case err == nil:
			taken++
		case ctx.Err() != nil:
			b.keep(n, time.Nanosecond)
		default:
			b.conf.Log.Info("a notification was not taken", "to", n.to, "error", err)
			b.keep(n, later(n.tries))
		}
	}
	return taken
}

// later is how long the bank waits after so many tries: an hour on the first day, a day for a month, and then it gives
// up, which is zero.
func later(tries int) time.Duration {
	switch {
	case tries <= 24:
		return time.Hour
	case tries <= 24+30:
		return 24 * time.Hour
	}
	return 0
}

// due takes the notifications that are to be sent now out of the outbox, in their order but for the faults.
func (b *Bank) due() []*note {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.collect()
	now := b.conf.Clock()
	var list []*note
	var put *note // one that goes after the next
	keep := b.outbox[:0]
	for _, n := range b.outbox {
		if now.Before(n.due) {
			keep = append(keep, n)
			continue
		}
		n.tries++
		switch b.faults.Meet(notification).Name {
		case NoticeLost:
			n.due = now.Add(time.Hour)
			keep = append(keep, n)
			continue
		case NoticeTwice:
			list = append(list, n)
		case NoticeBadToken:
			spoiled := *n
			spoiled.right = n.body
			spoiled.body = bytes.Replace(n.body, []byte(`"Token":"`), []byte(`"Token":"0`), 1)
			list = append(list, &spoiled)
			continue
		case NoticeLater:
			if put == nil {
				put = n
				continue
			}
		}
		list = append(list, n)
		if put != nil {
			list, put = append(list, put), nil
		}
	}
	if put != nil {
		list = append(list, put)
	}
	b.outbox = slices.Clip(keep)
	return list
}

// collect makes a notification of every change of a status that is told.
func (b *Bank) collect() {
	now := b.conf.Clock()
	for _, p := range b.payments {
		p.tick(now)
		for _, m := range p.moves {
			if p.notify != "" && slices.Contains(told, m.status) {
				b.outbox = append(b.outbox, &note{to: p.notify, body: b.noticeOf(p, m), due: now})
			}
		}
		p.moves = nil
	}
}

// keep puts a notification back, to be sent after a while; after no while it is dropped.
func (b *Bank) keep(n *note, wait time.Duration) {
	if wait == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	n.due = b.conf.Clock().Add(wait)
	if n.right != nil {
		n.body, n.right = n.right, nil
	}
	b.outbox = append(b.outbox, n)
}

// post sends one notification. It was taken when the answer is HTTP 200 and exactly "OK".
func (b *Bank) post(ctx context.Context, n *note) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, n.to, bytes.NewReader(n.body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := b.conf.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 100))
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK || string(answer) != "OK" {
		return fmt.Errorf("HTTP %d with %q", res.StatusCode, strings.TrimSpace(string(answer)))
	}
	return nil
}

// noticeOf writes and signs a notification.
func (b *Bank) noticeOf(p *payment, m move) []byte {
	amount := p.amount
	if b.conf.AmountShrinks && p.paid {
		amount = m.left
	}
	root := map[string]any{
		"TerminalKey": b.conf.Terminal, "OrderId": p.order, "Success": m.status != rejected, "Status": m.status,
		"PaymentId": p.number, "ErrorCode": "0", "Amount": int64(amount),
	}
	root["Token"] = tbank.Token(root, b.conf.Password)
	body, err := json.Marshal(root)
	if err != nil { // strings, numbers and a truth value
		panic(err)
	}
	return body
}

// Notice is a notification about a payment as it is now, signed, for whoever delivers it himself.
func (b *Bank) Notice(id string) (http.Header, []byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.find(id)
	if p == nil {
		return nil, nil, fmt.Errorf("%w: %q", banksim.ErrNoPayment, id)
	}
	p.tick(b.conf.Clock())
	return http.Header{"Content-Type": {"application/json"}}, b.noticeOf(p, move{status: p.status, left: p.left()}), nil
}

// NotifyAgain makes the bank tell of a payment's status again.
func (b *Bank) NotifyAgain(id string) error {
	return b.control(id, func(p *payment, _ time.Time) bool {
		p.moves = append(p.moves, move{status: p.status, left: p.left()})
		return true
	})
}
