package sbersim

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
)

// How a notification that is not taken is repeated is not documented; it is here after a growing pause, so many times.
const (
	noticePause = 5 * time.Second
	noticeTries = 10
)

// note is a notification on its way. It is written when it is sent: it tells of the order as it is then.
type note struct {
	order *order
	fault banksim.Fault
	due   time.Time
	tries int
	held  bool // until another one has been sent
}

// tell puts a notification of an order on its way, where there is an address for it. The Bank's lock is held.
func (b *Bank) tell(o *order) {
	if b.conf.Notify == "" {
		return
	}
	f := b.faults.Meet(noticeMethod).Name
	if f == NoticeLost {
		return
	}
	n := &note{order: o, fault: f, due: b.now(), held: f == NoticeLate}
	b.notes = append(b.notes, n)
	if f == NoticeTwice {
		again := *n
		b.notes = append(b.notes, &again)
	}
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Run sends notifications as they fall due, until the context ends.
func (b *Bank) Run(ctx context.Context) error {
	return banksim.Repeat(ctx, 250*time.Millisecond, b.wake, b.Deliver)
}

// Deliver sends the notifications that are due by the bank's clock, one after another, and tells how many were taken. It
// is for tests that have no Run, and is not called by two at a time.
func (b *Bank) Deliver(ctx context.Context) int {
	taken := 0
	for ctx.Err() == nil {
		n, body := b.next()
		if n == nil {
			break
		}
		ok := b.post(ctx, body)
		if ok {
			taken++
		}
		b.sent(n, ok)
	}
	return taken
}

// next gives a notification that is due, and its text; nil when none is.
func (b *Bank) next() (*note, []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	i := slices.IndexFunc(b.notes, func(n *note) bool { return !n.held && !n.due.After(now) })
	if i < 0 {
		return nil, nil
	}
	n := b.notes[i]
	body, err := b.write(n.order, n.fault)
	if err != nil {
		return nil, nil // there are no random numbers: the next round tries again
	}
	return n, body
}

// sent keeps what came of sending a notification.
func (b *Bank) sent(n *note, taken bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, other := range b.notes {
		other.held = false
	}
	n.tries++
	n.due = b.now().Add(noticePause * time.Duration(n.tries))
	if taken || n.tries == noticeTries {
		b.notes = slices.DeleteFunc(b.notes, func(other *note) bool { return other == n })
	}
}

// post sends a notification. It was taken when the answer is HTTP 200 and repeats rqUid.
func (b *Bank) post(ctx context.Context, body []byte) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.conf.Notify, bytes.NewReader(body))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := b.conf.HTTP.Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	var said, asked struct {
		UID string `json:"rqUid"`
	}
	if json.Unmarshal(body, &asked) != nil || json.NewDecoder(io.LimitReader(res.Body, maxBody)).Decode(&said) != nil {
		return false
	}
	return res.StatusCode == http.StatusOK && strings.EqualFold(said.UID, asked.UID)
}

// Notice is the notification (/notify) that the bank would send of an order now: about its last operation, where it has
// one. The bank signs none; how the shop's address for them is guarded is between the two.
func (b *Bank) Notice(id string) (json.RawMessage, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o := b.find(id)
	if o == nil {
		return nil, fmt.Errorf("%w: %q", banksim.ErrNoPayment, id)
	}
	return b.write(o, "")
}

// write writes a notification.
func (b *Bank) write(o *order, f banksim.Fault) ([]byte, error) {
	request, err := b.random(16)
	if err != nil {
		return nil, err
	}
	a := answer{
		"rqUid": request, "rqTm": b.now().Format(layout), "memberId": b.conf.MemberID, "idQR": b.conf.IDQR, "tid": b.conf.TID,
		"orderId": o.id, "partnerOrderNumber": o.number, "orderState": o.shown(b.conf),
	}
	if f == NoticeOtherShop {
		a["memberId"], a["idQR"] = "99999999", "99999999"
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
