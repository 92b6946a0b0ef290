package web

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"kassa/i18n"
	"kassa/register"
	"kassa/server/pg"
)

// paymentBody is one QR payment with all that is known of it.
type paymentBody struct {
	paymentRow
	Shop      pg.Shop
	BankTitle string
	Done      bool // a decision has just been stored
	Troubles  []troubleRow
	Ways      []way // what can be done beside what the troubles need
	Refunds   []refundLine
	Uses      []useLine
	Story     []storyLine
}

// refundLine is money that went back, or is to.
type refundLine struct {
	pg.Refund
	L  *i18n.Language
	By string // who asked for it
}

// State names what became of it.
func (r refundLine) State() string { return r.L.T("web.refund." + r.Refund.State) }

// Tone is the colour that its state is shown in.
func (r refundLine) Tone() string {
	switch r.Refund.State {
	case pg.RefundDone:
		return "quiet"
	case pg.RefundFailed, pg.RefundUnknown:
		return "bad"
	}
	return "busy"
}

// useLine is an operation that names the payment.
type useLine struct {
	pg.Use
	L        *i18n.Language
	TillName string
}

// Address is where the operation is shown.
func (u useLine) Address() string {
	return fmt.Sprintf("/operations/%s/%d", u.Place.Journal, u.Place.Number)
}

// What is its kind in the owner's words.
func (u useLine) What() string { return kindName(u.L, u.Kind) }

// storyLine is one event.
type storyLine struct {
	pg.Event
	L     *i18n.Language
	zone  *time.Location
	moved bool           // the state is another than before it
	sent  register.Money // what had gone back after it; zero when it was as much before
	words string         // the bank's; empty when they were the same before
}

// Cause says what happened.
func (e storyLine) Cause() string { return e.L.T("web.cause." + e.Event.Cause) }

// State names the state after it; empty when it was the same before.
func (e storyLine) State() string {
	if !e.moved {
		return ""
	}
	return e.L.T("web.state." + string(e.Event.State))
}

// Back is how much had gone back after it; zero when it was as much before.
func (e storyLine) Back() register.Money { return e.sent }

// Said is the bank's own word; empty when it was the same before.
func (e storyLine) Said() string { return e.words }

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

// paymentInPath is the account's payment that the address names.
func (s *site) paymentInPath(v visit) (pg.Payment, error) {
	id, err := uuid.Parse(v.r.PathValue("id"))
	if err != nil {
		return pg.Payment{}, pg.ErrNotFound
	}
	return s.Store.Payment(v.r.Context(), v.owner.Account, id)
}

func (s *site) payment(v visit) error {
	p, err := s.paymentInPath(v)
	if err != nil {
		return err
	}
	names, err := s.tillNames(v)
	if err != nil {
		return err
	}
	shop := v.shop(p.Store)
	b := paymentBody{paymentRow: paymentRow{Payment: p, L: v.at(shop), TillName: names[p.Till]}, Shop: shop,
		BankTitle: s.bankTitle(v.lang, p.Attempt.Bank), Done: v.r.URL.Query().Get("done") != ""}
	b.Troubles, err = s.troublesOf(v, "", func(t pg.PaymentTrouble) bool { return t.Payment == p.ID })
	if err != nil {
		return err
	}
	b.Ways = s.otherWays(v, p, b.Troubles)
	if err := s.paymentHistory(v, &b, names); err != nil {
		return err
	}
	return v.show("payment", "web.payment.title", b)
}

// paymentHistory fills in the refunds, the operations and the story.
func (s *site) paymentHistory(v visit, b *paymentBody, names map[uuid.UUID]string) error {
	ctx, account := v.r.Context(), v.owner.Account
	refunds, err := s.Store.Refunds(ctx, account, b.ID)
	if err != nil {
		return err
	}
	for _, r := range refunds {
		line := refundLine{Refund: r, L: b.L, By: r.By.Name}
		if line.By == "" {
			line.By = names[r.Till]
		}
		b.Refunds = append(b.Refunds, line)
	}
	uses, err := s.Store.Uses(ctx, account, b.ID)
	if err != nil {
		return err
	}
	for _, u := range uses {
		b.Uses = append(b.Uses, useLine{Use: u, L: b.L, TillName: names[u.Till]})
	}
	events, err := s.Store.Events(ctx, account, b.ID)
	if err != nil {
		return err
	}
	for i, e := range events {
		var before pg.Event
		if i > 0 {
			before = events[i-1]
		}
		line := storyLine{Event: e, L: b.L, zone: b.Shop.Location(), moved: before.State != e.State}
		if before.Refunded != e.Refunded {
			line.sent = e.Refunded
		}
		if before.Words != e.Words {
			line.words = e.Words
		}
		b.Story = append(b.Story, line)
	}
	return nil
}

// otherWays are the decisions that can be made about a payment beside those that its troubles offer.
func (s *site) otherWays(v visit, p pg.Payment, troubles []troubleRow) []way {
	var offered []string
	for _, t := range troubles {
		for _, w := range t.Ways {
			offered = append(offered, w.Address)
		}
	}
	var ways []way
	for _, do := range []string{doAsk, doRefund, doPaid, doNote} {
		next := paymentWay(p.ID, do)
		if possible(v, p, do) && !slices.Contains(offered, next.Address) {
			ways = append(ways, next)
		}
	}
	return ways
}

// refundable tells whether money of a payment can be given back now.
func refundable(p pg.Payment) bool {
	return p.Attempt.State.Paid() && p.Attempt.Left() > 0 && p.Wanted.ID == ""
}

// markable tells whether it makes sense that a person says that a payment is paid: while its code works, the buyer may be
// paying just now, and the bank says so itself.
func markable(now time.Time, p pg.Payment) bool {
	s := p.Attempt.State
	return p.Setting != (uuid.UUID{}) && (s.Closed() || s.Open() && now.After(p.Attempt.Expires))
}
