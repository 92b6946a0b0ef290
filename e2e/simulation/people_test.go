package simulation_test

import (
	"context"
	"errors"
	"time"

	"kassa/app/till"
	"kassa/banks"
	"kassa/register"
)

// briefly bounds what a person waits for.
func briefly() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 3*time.Minute)
}

// says writes down what a person did, and what the till answered.
func (s *shop) says(what string, err error) {
	if err == nil {
		s.log.add("cashier: %s", what)
		return
	}
	var p *till.Problem
	if errors.As(err, &p) {
		s.log.add("cashier: %s: %s", what, p.Code)
		return
	}
	s.log.add("cashier: %s: %v", what, err)
}

// look is what everybody at the counter sees; a code that is seen can be paid from then on.
func (s *shop) look() till.View {
	v := s.View()
	if v.QR != nil && v.QR.Payload != "" && !s.seen[v.QR.ID] {
		s.seen[v.QR.ID] = true
		s.log.add("a code is on the screen: %s for %v", v.QR.ID, v.QR.Amount)
	}
	return v
}

// cashier does one thing, as the screen allows.
func (s *shop) cashier() {
	ctx, stop := briefly()
	defer stop()
	v := s.look()
	switch {
	case v.Cashier == "":
		s.says("signs in", s.SignIn(ctx, pin))
	case !v.Shift.Open:
		s.says("opens a shift", s.OpenShift(ctx))
	case v.Back != nil:
		s.atRefund(ctx, *v.Back)
	case v.QR != nil:
		s.atCode(ctx, *v.QR)
	case len(v.Lines) > 0:
		s.atReceipt(ctx, v)
	default:
		s.atRest(ctx, v)
	}
	s.look()
}

func (s *shop) atCode(ctx context.Context, q till.QR) {
	n := s.dice.IntN(100)
	switch {
	case q.Done && n < 40:
		s.says("wants another code", s.RenewQR(ctx))
	case q.Done:
		s.says("puts the payment away", s.CloseQR(ctx))
	case n < 15:
		s.says("cancels the code", s.CancelQR(ctx))
	case n < 28:
		s.says("parks the code", s.ParkQR(ctx))
	case n < 36:
		s.says("wants another code", s.RenewQR(ctx))
	}
}

func (s *shop) atReceipt(ctx context.Context, v till.View) {
	switch n := s.dice.IntN(100); {
	case n < 10:
		s.ring(ctx)
	case n < 75 || v.Due < 2:
		s.says("takes the receipt by QR", s.StartQR(ctx))
	case n < 87:
		s.says("takes a prepayment by QR", s.PrepayQR(ctx, 1+register.Money(s.dice.Int64N(int64(v.Due)))))
	default:
		_, err := s.PayCash(ctx, v.Due)
		s.says("takes cash", err)
	}
}

func (s *shop) ring(ctx context.Context) {
	for range 1 + s.dice.IntN(3) {
		_, err := s.Scan(ctx, barcode(s.dice.IntN(5)), register.Quantity(1+s.dice.IntN(3))*register.One)
		s.says("scans", err)
	}
}

func (s *shop) atRest(ctx context.Context, v till.View) {
	switch n := s.dice.IntN(100); {
	case len(v.Parked) > 0 && n < 35:
		s.says("takes a parked payment up", s.ResumeQR(ctx, v.Parked[s.dice.IntN(len(v.Parked))].ID))
	case len(v.Backs) > 0 && n < 50:
		s.says("takes a refund up", s.ResumeBack(ctx, v.Backs[s.dice.IntN(len(v.Backs))].ID))
	case len(v.Late) > 0 && n < 65:
		s.late(ctx, v.Late[s.dice.IntN(len(v.Late))])
	case n < 85:
		s.ring(ctx)
	case n < 97:
		s.giveBack(ctx)
	default:
		_, err := s.CloseShift(ctx, nil)
		s.says("closes the shift", err)
	}
}

func (s *shop) late(ctx context.Context, l till.Late) {
	switch {
	case l.CanFinish() && s.dice.IntN(2) == 0:
		_, err := s.FinishLate(ctx, l.ID)
		s.says("finishes the late payment "+l.ID, err)
	case l.CanRefund():
		s.says("gives the late payment back "+l.ID, s.RefundLate(ctx, l.ID))
	}
}

func (s *shop) atRefund(ctx context.Context, b till.Back) {
	n := s.dice.IntN(100)
	switch {
	case b.State == till.BackRefused && n < 50:
		s.says("tries the refund again", s.RetryBack(ctx, b.ID))
	case b.State == till.BackRefused:
		s.says("gives the refund up", s.DropBack(ctx, b.ID))
	case n < 60:
		s.says("puts the refund aside", s.ParkBack(ctx))
	}
}

// giveBack returns a part of something that was paid by QR.
func (s *shop) giveBack(ctx context.Context) {
	all, err := s.store.History(ctx, 0, 200)
	s.must(err)
	var paid []register.Operation
	for _, o := range all {
		if o.Kind == register.KindSale || o.Kind == register.KindPrepayment {
			paid = append(paid, o.Operation)
		}
	}
	if len(paid) == 0 {
		return
	}
	op := paid[s.dice.IntN(len(paid))]
	outside := []till.Outside{"", till.OutsideCounts, till.OutsideIgnored}[s.dice.IntN(3)]
	if op.Kind == register.KindPrepayment {
		p, err := op.Prepayment()
		s.must(err)
		amount := 1 + register.Money(s.dice.Int64N(int64(p.Amount)))
		if s.dice.IntN(2) == 0 {
			amount = p.Amount
		}
		err = s.StartPrepaymentReturn(ctx, till.PrepaymentReturnOrder{Prepayment: op.ID, Amount: amount, Outside: outside})
		s.says("gives a prepayment back by QR", err)
		return
	}
	r, err := s.Returnable(ctx, op.ID)
	if err != nil {
		s.says("looks for what can come back", err)
		return
	}
	order := till.ReturnOrder{Sale: op.ID, Outside: outside}
	for i, l := range r.Left {
		if l.Quantity > 0 && s.dice.IntN(3) > 0 {
			order.Wants = append(order.Wants, register.Want{Line: i, Quantity: register.One * register.Quantity(1+s.dice.Int64N(int64(l.Quantity/register.One)))})
		}
	}
	if len(order.Wants) == 0 {
		return
	}
	if r.Refundable[register.QR] == 0 {
		_, err := s.Return(ctx, order)
		s.says("gives cash back", err)
		return
	}
	s.says("gives money back by QR", s.StartReturn(ctx, order))
}

// buyer does something with a code that he has seen.
func (s *shop) buyer() {
	var able []string
	for _, h := range s.bank.Held() {
		if s.seen[h.ID] {
			able = append(able, h.BankID)
		}
	}
	if len(able) == 0 {
		return
	}
	// The newest codes are the likeliest to be paid.
	id := able[len(able)-1-min(s.dice.IntN(len(able)), s.dice.IntN(len(able)))]
	verb := []string{"pay", "pay", "pay", "pay", "process", "reject", "pay?late=true"}[s.dice.IntN(7)]
	err := s.control("payments/%s/%s", id, verb)
	if err == nil {
		s.log.add("buyer: %s %s", verb, id)
	}
}

// owner gives money back in the bank's own pages, at banks that tell of it afterwards.
func (s *shop) owner() {
	if !s.tellsTotals() {
		return
	}
	for _, h := range s.bank.Held() {
		if !h.Paid || h.Refunded >= h.Amount || s.dice.IntN(3) > 0 {
			continue
		}
		amount := h.Amount - h.Refunded
		if s.dice.IntN(2) == 0 {
			amount = 1 + register.Money(s.dice.Int64N(int64(amount)))
		}
		if err := s.control("payments/%s/refund?amount=%d", h.BankID, amount); err == nil {
			s.log.add("owner: gives %v of %s back at the bank", amount, h.BankID)
			s.outside[h.ID] += amount
		}
		return
	}
}

// decide ends the refunds of which the bank cannot tell what became of them: the owner looks there.
func (s *shop) decide() {
	ctx, stop := briefly()
	defer stop()
	if s.back != nil {
		s.back.decide(ctx)
		return
	}
	v := s.View()
	all := v.Backs
	if v.Back != nil {
		all = append(all, *v.Back)
	}
	for _, b := range all {
		if b.State != till.BackUnclear {
			continue
		}
		went := s.wentBack(b.Payment)
		s.log.add("owner: the refund %s went: %t", b.ID, went)
		s.says("decides", s.DecideBack(ctx, b.ID, went))
	}
}

// wentBack tells whether the bank has given back more of a payment than is known here: the refund that nobody could tell of.
func (s *shop) wentBack(payment string) bool {
	a := s.attempt(payment)
	for _, h := range s.held(payment) {
		if h.Refunded > a.Refunded {
			return true
		}
	}
	return false
}

// attempt is what the till, or its server, believes of a payment.
func (s *shop) attempt(id string) banks.Attempt {
	if s.back != nil {
		return s.back.attempt(id)
	}
	return s.tillsAttempt(id)
}
