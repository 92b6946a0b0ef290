package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"kassa/i18n"
	"kassa/server/pg"
)

// paymentsBody is what the list of QR payments shows.
type paymentsBody struct {
	Rows   []paymentRow
	Older  string
	Newest string
}

// paymentRow is a QR payment in the list.
type paymentRow struct {
	pg.Payment
	L        *i18n.Language // with the store's time
	TillName string
}

// State names the payment's state.
func (p paymentRow) State() string { return p.L.T("web.state." + string(p.Attempt.State)) }

// Tone is the colour that the state is shown in.
func (p paymentRow) Tone() string { return tone(p.Payment) }

// TroubleText says what stands in the way, empty when nothing does.
func (p paymentRow) TroubleText() string {
	if p.Trouble == "" {
		return ""
	}
	return p.L.T("web.trouble." + p.Trouble)
}

func tone(p pg.Payment) string {
	switch s := p.Attempt.State; {
	case p.Trouble != "":
		return "bad"
	case s.Paid():
		return "good"
	case s.Final():
		return "quiet"
	}
	return "busy"
}

func (s *site) payments(v visit) error {
	q := v.r.URL.Query()
	after, err := readPaymentCursor(q.Get("after"))
	if err != nil {
		return err
	}
	list, err := s.Store.Payments(v.r.Context(), v.owner.Account, after, pageSize+1)
	if err != nil {
		return err
	}
	names, err := s.tillNames(v)
	if err != nil {
		return err
	}
	var b paymentsBody
	if len(list) > pageSize {
		list = list[:pageSize]
		last := list[pageSize-1]
		b.Older = address("/payments", url.Values{}, "after", fmt.Sprintf("%d_%s", last.Created.UnixMicro(), last.ID))
	}
	if !after.Created.IsZero() {
		b.Newest = "/payments"
	}
	for _, p := range list {
		b.Rows = append(b.Rows, paymentRow{Payment: p, L: v.at(v.shop(p.Store)), TillName: names[p.Till]})
	}
	return v.show("payments", "web.payments.title", b)
}

func readPaymentCursor(text string) (pg.PaymentCursor, error) {
	if text == "" {
		return pg.PaymentCursor{}, nil
	}
	at, id, ok := strings.Cut(text, "_")
	micros, err1 := strconv.ParseInt(at, 10, 52)
	parsed, err2 := uuid.Parse(id)
	if !ok || err1 != nil || err2 != nil {
		return pg.PaymentCursor{}, errBadForm
	}
	return pg.PaymentCursor{Created: time.UnixMicro(micros).UTC(), ID: parsed}, nil
}

func (s *site) tillNames(v visit) (map[uuid.UUID]string, error) {
	tills, err := s.Store.Tills(v.r.Context(), v.owner.Account)
	if err != nil {
		return nil, err
	}
	names := map[uuid.UUID]string{}
	for _, t := range tills {
		names[t.ID] = t.Name
	}
	return names, nil
}

// paymentBody is one QR payment with its story.
type paymentBody struct {
	paymentRow
	Shop      pg.Shop
	BankTitle string
	Story     []storyLine
}

// storyLine is one event.
type storyLine struct {
	pg.Event
	L    *i18n.Language
	zone *time.Location
}

// Cause says what happened.
func (e storyLine) Cause() string { return e.L.T("web.cause." + e.Event.Cause) }

// State names the state after it.
func (e storyLine) State() string { return e.L.T("web.state." + string(e.Event.State)) }

// Trouble says what stood in the way, empty when nothing did.
func (e storyLine) Trouble() string {
	if e.Event.Trouble == "" {
		return ""
	}
	return e.L.T("web.trouble." + e.Event.Trouble)
}

// Clock is the time to the second: a payment's story is quick.
func (e storyLine) Clock() string {
	return e.L.Date(e.At) + "\u00a0" + e.At.In(e.zone).Format(time.TimeOnly)
}

func (s *site) payment(v visit) error {
	id, err := uuid.Parse(v.r.PathValue("id"))
	if err != nil {
		return pg.ErrNotFound
	}
	p, err := s.Store.Payment(v.r.Context(), v.owner.Account, id)
	if err != nil {
		return err
	}
	events, err := s.Store.Events(v.r.Context(), v.owner.Account, id)
	if err != nil {
		return err
	}
	names, err := s.tillNames(v)
	if err != nil {
		return err
	}
	shop := v.shop(p.Store)
	b := paymentBody{paymentRow: paymentRow{Payment: p, L: v.at(shop), TillName: names[p.Till]}, Shop: shop,
		BankTitle: s.bankTitle(v.lang, p.Attempt.Bank)}
	for _, e := range events {
		b.Story = append(b.Story, storyLine{Event: e, L: b.L, zone: shop.Location()})
	}
	return v.show("payment", "web.payment.title", b)
}
