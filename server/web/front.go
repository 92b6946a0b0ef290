package web

import (
	"time"

	"kassa/i18n"
	"kassa/register"
	"kassa/server/pg"
)

// frontBody is what the front page shows.
type frontBody struct {
	Tills    []tillCard
	Revoked  []tillCard
	Troubles pg.Troubles
	Payments int64 // troubles with QR payments
	Today    today
}

// today is what was sold since midnight, as far as the tills have told. Sum is the sales less the returns.
type today struct {
	Sales, Returns int64
	Sum            register.Money
}

func (t *today) add(o today) {
	t.Sales += o.Sales
	t.Returns += o.Returns
	t.Sum += o.Sum
}

// tillCard is a till on the front page.
type tillCard struct {
	pg.Till
	L      *i18n.Language // with the store's time
	Online bool
	Seen   string
	Skewed string // how far the till's clock is off, where that matters
	Today  today
}

const (
	onlineFor = 2 * time.Minute // after it was last heard of
	skewShown = 2 * time.Minute
)

func (s *site) front(v visit) error {
	ctx := v.r.Context()
	tills, err := s.Store.Tills(ctx, v.owner.Account)
	if err != nil {
		return err
	}
	var b frontBody
	if b.Troubles, err = s.Store.Troubles(ctx, v.now, v.owner.Account); err != nil {
		return err
	}
	if b.Payments, err = s.troublesInAll(v); err != nil {
		return err
	}
	for _, shop := range v.shops {
		sales, err := s.Store.SoldSince(ctx, shop, midnight(v.now, shop.Location()))
		if err != nil {
			return err
		}
		for _, t := range tills {
			if t.Store != shop.ID {
				continue
			}
			card := v.tillCard(t, shop)
			sold := sales[t.ID]
			card.Today = today{Sales: sold.Sales, Returns: sold.Returns, Sum: sold.Sum}
			b.Today.add(card.Today)
			if t.RevokedAt != nil {
				b.Revoked = append(b.Revoked, card)
			} else {
				b.Tills = append(b.Tills, card)
			}
		}
	}
	return v.show("front", "web.front.title", b)
}

func midnight(now time.Time, zone *time.Location) time.Time {
	year, month, day := now.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

func (v visit) tillCard(t pg.Till, shop pg.Shop) tillCard {
	card := tillCard{Till: t, L: v.at(shop)}
	if t.SeenAt != nil {
		card.Online = t.RevokedAt == nil && v.now.Sub(*t.SeenAt) < onlineFor
		card.Seen = ago(card.L, v.now, *t.SeenAt)
	}
	if t.Skew != nil && t.Skew.Abs() >= skewShown {
		key := "web.till.clock_ahead"
		if *t.Skew < 0 {
			key = "web.till.clock_behind"
		}
		card.Skewed = v.lang.N(key, int64(t.Skew.Abs()/time.Minute))
	}
	return card
}

// ago tells a time in the past the way people do while it is near.
func ago(l *i18n.Language, now, then time.Time) string {
	switch d := now.Sub(then); {
	case d < time.Minute:
		return l.T("web.ago.now")
	case d < time.Hour:
		return l.N("web.ago.minutes", int64(d/time.Minute))
	case d < 12*time.Hour:
		return l.N("web.ago.hours", int64(d/time.Hour))
	}
	return l.DateTime(then)
}
