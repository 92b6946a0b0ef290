package fiscal_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kassa/app/till"
	"kassa/fiscal/fnsim"
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

// cashier does one thing, as the screen allows.
func (s *shop) cashier() {
	ctx, stop := briefly()
	defer stop()
	v := s.View()
	switch {
	case v.Cashier == "":
		s.says("signs in", s.SignIn(ctx, pin))
	case !v.Shift.Open:
		s.says("opens a shift", s.OpenShift(ctx))
	case len(v.Lines) > 0:
		s.atReceipt(ctx, v)
	default:
		s.atRest(ctx)
	}
}

func (s *shop) atReceipt(ctx context.Context, v till.View) {
	n := s.dice.IntN(100)
	if n < 15 && v.Order == nil {
		s.says("gives a discount", s.SetDiscount(ctx, register.Discount{Percent: register.Percent(1 + s.dice.IntN(4000))}))
		n = 15 + s.dice.IntN(85)
	}
	if n < 25 {
		s.says("takes the buyer's e-mail", s.SetContact(ctx, "buyer@example.ru", s.dice.IntN(2) == 0))
	}
	due := s.View().Due
	part := 1 + register.Money(s.dice.Int64N(max(1, int64(due))))
	var err error
	switch n = s.dice.IntN(100); {
	case n < 30:
		_, err = s.PayCash(ctx, due)
	case n < 50:
		_, err = s.PayCash(ctx, due+part)
	case n < 65:
		_, err = s.PayCard(ctx, "0001")
	case n < 80:
		_, err = s.Pay(ctx, till.Tender{Card: part, Slip: "0002", Given: due - part})
	case n < 90:
		_, err = s.Prepay(ctx, part, till.Tender{Given: part})
	default:
		_, err = s.Prepay(ctx, due, till.Tender{Card: due, Slip: "0003"})
	}
	s.says("takes the money", err)
}

func (s *shop) ring(ctx context.Context) {
	for range 1 + s.dice.IntN(3) {
		i := s.dice.IntN(kinds)
		quantity := register.Quantity(1+s.dice.IntN(3)) * register.One
		if i == kinds-1 {
			quantity = register.Quantity(1 + s.dice.IntN(2500))
		}
		_, err := s.Scan(ctx, barcode(i), quantity)
		s.says("scans", err)
	}
}

func (s *shop) atRest(ctx context.Context) {
	switch n := s.dice.IntN(100); {
	case n < 52:
		s.ring(ctx)
	case n < 70:
		s.giveBack(ctx)
	case n < 80:
		s.order(ctx)
	case n < 85:
		_, err := s.CashIn(ctx, register.Money(1+s.dice.IntN(5000_00)), "размен")
		s.says("puts cash in", err)
	case n < 89:
		_, err := s.CashOut(ctx, register.Money(1+s.dice.IntN(1000_00)), "инкассация")
		s.says("takes cash out", err)
	case n < 92:
		s.says("prints an X report", s.PrintX(ctx))
	case n < 94:
		s.says("closes the registrar's shift", s.CloseDeviceShift(ctx))
	case n < 95:
		s.says("has everything made again", s.RetryFiscal(ctx, ""))
	default:
		_, err := s.CloseShift(ctx, nil)
		s.says("closes the shift", err)
	}
}

// giveBack takes a part of some sale back, or all of it.
func (s *shop) giveBack(ctx context.Context) {
	all, err := s.store.History(ctx, 0, 60)
	s.must(err)
	var sales []string
	for _, o := range all {
		if o.Kind == register.KindSale {
			sales = append(sales, o.ID)
		}
	}
	if len(sales) == 0 {
		return
	}
	id := sales[s.dice.IntN(len(sales))]
	r, err := s.Returnable(ctx, id)
	if err != nil {
		s.says("looks for what can come back", err)
		return
	}
	order := till.ReturnOrder{Sale: id, Prefer: []register.Method{register.Cash, register.Card}[s.dice.IntN(2)]}
	for i, l := range r.Left {
		if l.Quantity > 0 && s.dice.IntN(3) > 0 {
			want := l.Quantity
			if l.Unit == register.Piece && s.dice.IntN(2) == 0 {
				want = register.One * register.Quantity(1+s.dice.Int64N(int64(l.Quantity/register.One)))
			}
			order.Wants = append(order.Wants, register.Want{Line: i, Quantity: want})
		}
	}
	if len(order.Wants) > 0 {
		_, err = s.Return(ctx, order)
		s.says("takes goods back", err)
	}
}

// order hands a prepaid order over, or gives money of it back.
func (s *shop) order(ctx context.Context) {
	all, err := s.Prepayments(ctx, "", 0, 20)
	if err != nil || len(all) == 0 {
		return
	}
	p := all[s.dice.IntN(len(all))]
	if s.dice.IntN(2) == 0 {
		s.says("hands an order over", s.HandOver(ctx, p.ID))
		return
	}
	amount := p.State.Left()
	if s.dice.IntN(2) == 0 && amount > 1 {
		amount = 1 + register.Money(s.dice.Int64N(int64(amount)))
	}
	_, err = s.ReturnPrepayment(ctx, p.ID, amount, register.Cash, "")
	s.says("gives a prepayment back", err)
}

// colleague puts right at the registrar what can be seen there, and decides what the registrar cannot tell.
func (s *shop) colleague() {
	ctx, stop := briefly()
	defer stop()
	look := s.unit.Look()
	switch {
	case s.down():
		s.revive()
	case look.PaperOut:
		s.log.add("colleague: puts paper in")
		s.unit.SetPaper(true)
	case look.CoverOpen:
		s.log.add("colleague: closes the cover")
		s.unit.SetCover(false)
	}
	s.decide(ctx)
}

// down tells whether the program that serves the registrar, or the registrar, is off.
func (s *shop) down() bool { return s.unit.Look().Off || s.program.down.Load() }

// revive switches everything on again. Mostly the program remembers what it was asked; sometimes it was installed anew.
func (s *shop) revive() {
	memory := s.dice.IntN(4) > 0
	s.log.add("colleague: starts the registrar's program again, with its memory: %t", memory)
	if !memory {
		s.net.late.Wait() // as for a program that is installed anew
	}
	s.program.restart(memory)
}

// technician puts a new fiscal storage into the registrar, where its shift is closed and all is sent.
func (s *shop) technician() {
	s.storages++
	if err := s.unit.ReplaceFN(fmt.Sprintf("99990789020%05d", s.storages)); err == nil {
		s.log.add("technician: a new fiscal storage")
	}
}

// decide answers for the registrar where it cannot tell: somebody looks at its paper.
func (s *shop) decide(ctx context.Context) {
	all, err := s.FiscalQueue(ctx)
	s.must(err)
	for _, d := range all {
		alike := func(o till.FiscalDocument) bool {
			return o.State == till.FiscalSending && o.Kind == d.Kind && o.Total == d.Total
		}
		switch {
		case d.State == till.FiscalUnclear && slices.ContainsFunc(all, alike):
			// What is on the paper may be the other one: who looks at it waits for its end.
		case d.State == till.FiscalUnclear:
			made := s.stands(ctx, d)
			s.unclear++
			s.log.add("colleague: %s %s of %v was made: %t", d.Kind, d.ID, d.Total, made)
			s.says("decides", s.ResolveFiscal(ctx, d.ID, made))
		case d.State == till.FiscalRefused:
			s.says("has "+d.ID+" made again", s.RetryFiscal(ctx, d.ID))
		}
	}
}

// stands tells whether the device has made a document of the till's queue, of all that the till knows not to have made:
// by its mark, or where there is no room for one, by counting.
func (s *shop) stands(ctx context.Context, d till.FiscalDocument) bool {
	alike, known := 0, 0
	for _, r := range s.unit.All() {
		switch {
		case r.Kind != d.Kind || r.Kind.Receipt() && r.Sum != d.Total:
		case r.Attribute.Value == d.ID:
			return true
		case r.Attribute.Value == "":
			alike++
		}
	}
	for _, r := range s.unit.Moves() {
		if r.Kind == d.Kind && r.Cash == d.Total {
			alike++
		}
	}
	for _, m := range s.made(ctx) {
		if m.Document == string(d.Kind) && s.totalOf(ctx, m) == d.Total {
			known++
		}
	}
	return alike > known
}

// trouble is something that goes wrong at the registrar.
func (s *shop) trouble() {
	device := s.unit
	plan := func(f fnsim.Fault, code fnsim.Code) {
		s.log.add("trouble: %s %d", f, code)
		s.must(device.Faults.Break(fnsim.Plan{Name: f, Times: 1, Code: code, Delay: time.Duration(1+s.dice.IntN(40)) * time.Second}))
	}
	device.Faults.Mend()
	defer s.atPace()
	switch n := s.dice.IntN(100); {
	case n < 45:
		all := []fnsim.Fault{fnsim.LostBefore, fnsim.LostAfter, fnsim.PowerBefore, fnsim.PowerAfter, fnsim.PaperEnds, fnsim.HangBefore,
			fnsim.HangAfter, fnsim.Slow}
		plan(all[s.dice.IntN(len(all))], 0)
	case n < 55:
		codes := []fnsim.Code{fnsim.NoPaper, 47, 114, 150, fnsim.Busy, 35, 115, 1999}
		plan(fnsim.Refuse, codes[s.dice.IntN(len(codes))])
	case n < 63:
		s.log.add("trouble: the paper is out")
		device.SetPaper(false)
	case n < 66:
		s.log.add("trouble: the cover is open")
		device.SetCover(true)
	case n < 72:
		s.log.add("trouble: the registrar is off")
		device.SetPower(false)
	case n < 82:
		s.log.add("trouble: the registrar's program dies")
		s.program.crash()
	case n < 90:
		s.net.late.Wait() // what is on its way to a program does not arrive at one that was installed anew
		s.log.add("trouble: %s", s.program.own(s.dice.IntN(2)))
	case n < 94:
		on := s.dice.IntN(2) == 0
		s.log.add("trouble: the tax data operator is there: %t", on)
		device.SetOFD(on)
	default:
		skew := time.Duration(s.dice.IntN(600)-300) * time.Second
		s.log.add("trouble: the registrar's clock is ahead by %v", skew)
		device.SetSkew(skew)
	}
}

// totalOf is what the operation of a document came to; zero for the registrar's own shift.
func (s *shop) totalOf(ctx context.Context, d register.FiscalDocument) register.Money {
	op, ok, err := s.store.OperationByID(ctx, d.Of.ID)
	s.must(err)
	if !ok {
		return 0
	}
	return s.wanted(ctx, op).Total
}

// made are the documents that the till's history has.
func (s *shop) made(ctx context.Context) []register.FiscalDocument {
	var all []register.FiscalDocument
	for _, o := range s.history(ctx) {
		if o.Kind == register.KindFiscalDocument {
			d, err := o.FiscalDocument()
			s.must(err)
			if !d.GivenUp {
				all = append(all, d)
			}
		}
	}
	return all
}
