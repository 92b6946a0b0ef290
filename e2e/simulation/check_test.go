package simulation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kassa/app/till"
	"kassa/banks"
	"kassa/register"
)

// tillsAttempt is the attempt as the till keeps it; the zero one when it has none.
func (s *shop) tillsAttempt(id string) banks.Attempt {
	p, err := s.store.QRPaymentByID(context.Background(), id)
	if err != nil {
		return banks.Attempt{}
	}
	var a banks.Attempt
	s.must(json.Unmarshal(p.Attempt, &a))
	return a
}

// tellsTotals: the bank says how much of a payment went back, whoever gave it.
func (s *shop) tellsTotals() bool { return s.adapter.Name == "sber" }

// nights are how long the shop is closed between the days on which it looks after what came late: the pauses between
// the looks grow.
var nights = []time.Duration{0, 3 * time.Minute, 40 * time.Minute, 3 * time.Hour, 15 * time.Hour}

// settle brings everything to its end: the world works again, and people do what is left for them.
func (s *shop) settle() {
	s.log.add("the dust settles")
	s.bankNet.setTrust(1000)
	if s.back != nil {
		s.back.tillNet.setTrust(1000)
	}
	for _, h := range s.bank.Held() {
		if s.seen[h.ID] && !h.Paid && s.control("payments/%s/%s", h.BankID, []string{"pay", "reject"}[s.dice.IntN(2)]) == nil {
			s.log.add("buyer: comes to an end with %s", h.BankID)
		}
	}
	for _, night := range nights {
		s.night(night)
		for round, quiet := 0, 0; quiet < 2; round++ {
			if round == 200 {
				s.wrong("it does not come to an end: %s", s.leftover())
				return
			}
			if s.tidy() {
				quiet++
			} else {
				quiet = 0
			}
			if round < 40 {
				time.Sleep(30 * time.Second)
			} else {
				time.Sleep(5 * time.Minute) // till and server look after what came late each by itself
			}
		}
	}
	s.bankNet.late.Wait()
}

// night ends till and server, and starts them again in the morning.
func (s *shop) night(long time.Duration) {
	if long < 10*time.Minute {
		time.Sleep(long)
		return
	}
	s.life.kill()
	s.Stop()
	s.must(s.store.Close())
	if s.back != nil {
		s.back.stop()
	}
	time.Sleep(long)
	if s.back != nil {
		s.back.start()
	}
	s.restart()
	s.open(false)
}

// tidy does what is left to do, and tells whether there is nothing.
func (s *shop) tidy() bool {
	ctx, stop := briefly()
	defer stop()
	v := s.look()
	s.decide()
	switch {
	case v.Back == nil && v.QR == nil && len(v.Lines)+len(v.Parked)+len(v.Backs)+len(v.Late) == 0:
		return s.back == nil || len(s.back.leftover()) == 0
	case v.Cashier == "":
		s.says("signs in", s.SignIn(ctx, pin))
	case !v.Shift.Open:
		s.says("opens a shift", s.OpenShift(ctx))
	case v.Back != nil && v.Back.State == till.BackRefused:
		s.says("gives the refund up", s.DropBack(ctx, v.Back.ID))
	case v.Back != nil:
		s.says("puts the refund aside", s.ParkBack(ctx))
	case v.QR != nil && v.QR.Done:
		s.says("puts the payment away", s.CloseQR(ctx))
	case v.QR != nil:
		s.says("cancels the code", s.CancelQR(ctx))
	case len(v.Lines) > 0:
		_, err := s.PayCash(ctx, v.Due)
		s.says("takes cash", err)
	case len(v.Parked) > 0:
		s.says("takes a parked payment up", s.ResumeQR(ctx, v.Parked[0].ID))
	case len(v.Backs) > 0 && s.refused(v) != "":
		s.says("gives the refund up", s.DropBack(ctx, s.refused(v)))
	case len(v.Late) > 0:
		s.late(ctx, v.Late[s.dice.IntN(len(v.Late))])
	}
	return false
}

func (s *shop) refused(v till.View) string {
	for _, b := range v.Backs {
		if b.State == till.BackRefused {
			return b.ID
		}
	}
	return ""
}

// leftover says what has not ended.
func (s *shop) leftover() string {
	v := s.View()
	b, err := json.Marshal(map[string]any{"qr": v.QR, "parked": v.Parked, "back": v.Back, "backs": v.Backs, "late": v.Late, "server": s.wanting()})
	s.must(err)
	return string(b)
}

func (s *shop) wanting() any {
	if s.back == nil {
		return nil
	}
	return s.back.leftover()
}

// book is what the till's history says of one QR payment.
type book struct {
	sold register.Money
	back register.Money
	uses int
}

// books reads the till's whole history.
func (s *shop) books() map[string]*book {
	all := map[string]*book{}
	of := func(p register.Payment) *book {
		if all[p.QRID] == nil {
			all[p.QRID] = &book{}
		}
		return all[p.QRID]
	}
	ctx := context.Background()
	for before := int64(0); ; {
		page, err := s.store.History(ctx, before, 100)
		s.must(err)
		if len(page) == 0 {
			return all
		}
		for _, o := range page {
			taken, given := byQR(s, o.Operation)
			for _, p := range taken {
				b := of(p)
				b.sold += p.Amount
				b.uses++
			}
			for _, p := range given {
				of(p).back += p.Amount
			}
			before = o.Position
		}
	}
}

// byQR are an operation's QR payments, taken and given back.
func byQR(s *shop, o register.Operation) (taken, given []register.Payment) {
	only := func(all []register.Payment) (out []register.Payment) {
		for _, p := range all {
			if p.Method == register.QR {
				out = append(out, p)
			}
		}
		return out
	}
	switch o.Kind {
	case register.KindSale:
		b, err := o.Sale()
		s.must(err)
		return only(b.Payments), nil
	case register.KindPrepayment:
		b, err := o.Prepayment()
		s.must(err)
		return only(b.Payments), nil
	case register.KindReturn:
		b, err := o.Return()
		s.must(err)
		return nil, only(b.Payments)
	case register.KindPrepaymentReturn:
		b, err := o.PrepaymentReturn()
		s.must(err)
		return nil, only(b.Payments)
	}
	return nil, nil
}

// check compares the books with the bank.
func (s *shop) check() {
	books := s.books()
	for id, b := range books {
		held := s.held(id)
		switch {
		case b.uses > 1:
			s.wrong("payment %s was sold %d times", id, b.uses)
		case len(held) == 0 || !held[0].Paid:
			s.wrong("payment %s was sold without money", id)
		case held[0].Amount != b.sold:
			s.wrong("payment %s: sold for %v, paid %v", id, b.sold, held[0].Amount)
		}
	}
	for _, h := range s.bank.Held() {
		b := books[h.ID]
		if b == nil {
			b = &book{}
		}
		if !h.Paid {
			continue
		}
		a := s.attempt(h.ID)
		switch {
		case b.uses == 0 && h.Refunded != h.Amount:
			s.wrong("payment %s: %v is at the bank, and there is no sale", h.ID, h.Amount-h.Refunded)
		case b.uses == 1 && (h.Refunded < b.back || h.Refunded-b.back > s.outside[h.ID]):
			s.wrong("payment %s: %v went back at the bank, %v of it by the owner; the books say %v", h.ID, h.Refunded, s.outside[h.ID], b.back)
		case s.outside[h.ID] == 0 && a.Refunded != h.Refunded:
			s.wrong("payment %s: %v went back, and %v is known of", h.ID, h.Refunded, a.Refunded)
		}
	}
}

// wrong notes that the shop is not as it should be.
func (s *shop) wrong(format string, args ...any) {
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}
