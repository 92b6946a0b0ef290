package app_test

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/apptest"
	"kassa/app/till"
	"kassa/banks"
	"kassa/register"
)

// The answers that pictures of money by QR ask for.

func (p *posed) PrepayQR(context.Context, register.Money) error        { return p.wrong }
func (p *posed) RenewQR(context.Context) error                         { return p.wrong }
func (p *posed) StartReturn(context.Context, till.ReturnOrder) error   { return p.wrong }
func (p *posed) ParkBack(context.Context) error                        { return p.wrong }
func (p *posed) ResumeBack(context.Context, string) error              { return p.wrong }
func (p *posed) RetryBack(context.Context, string) error               { return p.wrong }
func (p *posed) DropBack(context.Context, string) error                { return p.wrong }
func (p *posed) DecideBack(context.Context, string, bool) error        { return p.wrong }
func (p *posed) RefundLate(context.Context, string) error              { return p.wrong }
func (p *posed) FinishLate(context.Context, string) (till.Sold, error) { return till.Sold{}, p.wrong }
func (p *posed) StartPrepaymentReturn(context.Context, till.PrepaymentReturnOrder) error {
	return p.wrong
}

// goingBackNow is a view with a refund by QR on the screen.
func goingBackNow(state till.BackState, change func(*till.Back)) till.View {
	v := standing()
	v.Bank.Direct = true
	b := backOf(state)
	b.DecideHere = true
	if change != nil {
		change(&b)
	}
	v.Back, v.Backs = &b, []till.Back{b}
	return v
}

func backOf(state till.BackState) till.Back {
	lines, _ := basket(1)
	return till.Back{ID: "b-" + string(state), Kind: register.KindReturn, Basis: register.Ref{ID: "x", Receipt: 118, Shift: 42}, Amount: lines[0].Sum, Total: lines[0].Sum,
		Lines: []register.ReturnLine{{Of: 1, Line: lines[0]}}, Began: noon.Add(-12 * time.Second), State: state}
}

// late is money that came after its code was put away.
func late(n int, change func(*till.Late)) till.Late {
	lines, total := basket(n)
	l := till.Late{ID: "late", Kind: register.KindSale, Amount: total, Left: total, Began: noon.Add(-40 * time.Minute), At: noon.Add(-2 * time.Minute), Lines: lines, State: banks.StatePaid}
	if change != nil {
		change(&l)
	}
	return l
}

func withLate(v till.View, all ...till.Late) till.View {
	for i := range all {
		all[i].ID += strings.Repeat("i", i)
	}
	v.Late = all
	return v
}

func moneyStories() []story {
	out := append(backStories(), lateStories()...)
	return append(out, codeStories()...)
}

func backStories() []story {
	long := strings.Repeat("Очень длинное название ", 5) + "товара"
	out := []story{
		{name: "back-left", view: goingBackNow(till.BackSending, func(b *till.Back) { b.Left, b.Began = true, noon.Add(-19*time.Hour) })},
		{name: "back-pending", view: goingBackNow(till.BackPending, func(b *till.Back) { b.Began = noon.Add(-4*time.Minute - 7*time.Second) })},
		{name: "back-prepayment", view: goingBackNow(till.BackSending, func(b *till.Back) { b.Kind, b.Lines, b.Amount = register.KindPrepaymentReturn, nil, 99_999_999_99 })},
		{name: "back-long", view: goingBackNow(till.BackPending, func(b *till.Back) {
			for range 5 {
				l := b.Lines[0]
				l.Name, l.NameEn = long, ""
				b.Lines = append(b.Lines, l)
			}
			b.Lines, b.Message, b.Left = b.Lines[1:], strings.Repeat("Обратитесь в поддержку банка. ", 8), true
		})},
		{name: "back-drop", view: goingBackNow(till.BackRefused, func(b *till.Back) { b.Trouble = till.CodeBackBalance }), do: keys(fyne.KeyF8)},
		{name: "back-went", view: goingBackNow(till.BackUnclear, func(b *till.Back) { b.Trouble = till.CodeBackUnclear }), do: keys(fyne.KeyF9)},
		{name: "back-not-went", view: goingBackNow(till.BackUnclear, func(b *till.Back) { b.Trouble = till.CodeBackUnclear }), do: keys(fyne.KeyF10)},
	}
	for state, troubles := range map[till.BackState][]till.Code{
		till.BackSending: {"", till.CodeBankDown, till.CodeBackWaiting},
		till.BackUnclear: {till.CodeBackUnclear},
		till.BackRefused: {till.CodeBackBalance, till.CodeBackFailed, till.CodeBackRefused, till.CodeBackTooMuch, till.CodeBackSettings},
		till.BackDone:    {"", till.CodeNoShift, till.CodeDisk},
	} {
		for _, c := range troubles {
			out = append(out, story{name: strings.TrimSuffix("back-"+string(state)+"-"+string(c), "-"), view: goingBackNow(state, func(b *till.Back) {
				b.Trouble = c
				if c == till.CodeBackRefused {
					b.Message = "Операция недоступна, обратитесь в службу поддержки банка"
				}
			})})
		}
	}
	server := goingBackNow(till.BackUnclear, func(b *till.Back) { b.Trouble, b.DecideHere = till.CodeBackUnclear, false })
	total, _ := basket(2)
	qr := goingBack{past: everyKind(), sale: soldOnce(2, register.Payment{Method: register.QR, Amount: total[0].Sum + total[1].Sum, QRID: "x"})}
	giveBack := keys(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF6)
	return append(out,
		story{name: "back-unclear-server", view: server},
		story{name: "return-qr", view: standing(), back: qr, do: giveBack},
		story{name: "prepayment-back-qr", view: standing(), back: goingBack{prepaid: []till.Prepayment{prepaidByQR()}}, do: do(keys(fyne.KeyF12), typed("5", fyne.KeyReturn, fyne.KeyF8))},
		story{name: "return-qr-sure", view: standing(), back: qr, do: do(giveBack, keys(fyne.KeyReturn))},
		story{name: "return-qr-outside", view: standing(), back: qr, err: problem(till.CodeBackOutside, "sum", register.Money(264_70)), do: do(giveBack, keys(fyne.KeyReturn, fyne.KeyReturn))},
		story{name: "return-qr-offline", view: standing(), back: qr, err: problem(till.CodeBackOffline), do: do(giveBack, keys(fyne.KeyReturn, fyne.KeyReturn))},
		story{name: "return-qr-whole", view: standing(), back: qr, err: problem(till.CodeBackWhole, "sum", register.Money(264_70)), do: do(giveBack, keys(fyne.KeyReturn, fyne.KeyReturn))},
		story{name: "sold-return-qr", view: soldAs(register.KindReturn, register.Payment{Method: register.QR, Amount: 364_15, QRID: "x"})},
	)
}

// prepaidByQR is an open order that was paid by QR in part.
func prepaidByQR() till.Prepayment {
	p := prepaid()[0]
	p.Order.Payments = []register.Payment{{Method: register.QR, Amount: paidSum(p.Order.Payments), QRID: "x"}}
	return p
}

func paidSum(payments []register.Payment) (sum register.Money) {
	for _, p := range payments {
		sum += p.Amount
	}
	return sum
}

func lateStories() []story {
	open := keys(fyne.KeyF7, fyne.KeyReturn)
	pending := late(2, func(l *till.Late) { l.State = banks.StateRefundPending })
	name := strings.Repeat("Очень длинное название ", 5) + "товара"
	longest := late(9, func(l *till.Late) {
		l.Lines[0].Name, l.Lines[0].NameEn = name, ""
		l.Amount, l.Left = 99_999_999_99, 99_999_999_99
		l.Customer = &register.Customer{Name: "Константинопольская Александра Владиславовна"}
		l.Trouble, l.Message = till.CodeBackRefused, strings.Repeat("Обратитесь в поддержку банка. ", 8)
	})
	all := withLate(withBasket(3), late(3, nil), late(1, nil), pending)
	all.Held, all.Parked = 2, []till.QR{{ID: "a", Amount: 864_15, State: banks.StateWaiting}}
	refused := backOf(till.BackRefused)
	refused.Trouble = till.CodeBackBalance
	all.Backs = []till.Back{backOf(till.BackPending), refused}
	backs := withBasket(2)
	backs.Backs = all.Backs
	shut := withLate(standing(), late(2, nil))
	shut.Shift.Open = false
	shut.Backs = all.Backs
	return []story{
		{name: "late-told", view: withLate(withBasket(3), late(2, nil))},
		{name: "late-told-empty", view: withLate(standing(), late(2, nil))},
		{name: "late-many", view: all},
		{name: "late-list", view: all, do: keys(fyne.KeyF7)},
		{name: "late-backs-list", view: backs, do: keys(fyne.KeyF7)},
		{name: "late-open", view: withLate(standing(), late(2, nil)), do: open},
		{name: "late-open-prepayment", view: withLate(standing(), late(2, func(l *till.Late) { l.Kind = register.KindPrepayment })), do: open},
		{name: "late-open-long", view: withLate(standing(), longest), do: open},
		{name: "late-sold", view: withLate(standing(), late(2, func(l *till.Late) { l.SameSold = true })), do: open},
		{name: "late-part", view: withLate(standing(), late(2, func(l *till.Late) { l.Left, l.State = l.Left/2, banks.StatePartlyRefunded })), do: open},
		{name: "late-going", view: withLate(standing(), pending), do: open},
		{name: "late-unclear", do: open, view: withLate(standing(), late(2, func(l *till.Late) {
			l.State, l.Trouble, l.DecideHere = banks.StateRefundPending, till.CodeBackUnclear, true
		}))},
		{name: "late-closed", view: shut},
		{name: "late-sure", view: withLate(standing(), late(2, nil)), do: do(open, keys(fyne.KeyF8))},
	}
}

func codeStories() []story {
	down, off, wrong := withBasket(3), withBasket(3), withBasket(3)
	down.Bank = till.Bank{Link: till.LinkDown, Direct: true, Trouble: till.CodeBankDown}
	off.Bank = till.Bank{Link: till.LinkOff}
	wrong.Bank = till.Bank{Link: till.LinkDown, Direct: true, Trouble: till.CodeBankSettings}
	named := standing()
	named.Bank = till.Bank{Link: till.LinkUp, Direct: true, Name: "qrpay"}
	prepaid := func(change func(*till.QR)) till.View {
		return withQR(func(q *till.QR) { q.Kind = register.KindPrepayment; change(q) })
	}
	at := noon
	later := func() time.Time { return at }
	slow := func(s *apptest.Screen) {
		at = noon.Add(30 * time.Second)
		s.Window.SetLanguage(map[bool]string{true: "ru", false: "en"}[s.Says("Чек сохранён")])
	}
	return []story{
		{name: "qr-time-over", view: withQR(func(q *till.QR) { q.Expires = noon.Add(-time.Second) })},
		{name: "qr-renewing", view: withQR(func(q *till.QR) { q.Renewing, q.State = true, banks.StateCancelling })},
		{name: "qr-slow", view: withQR(func(q *till.QR) { q.State = banks.StateCreating }), now: later, do: slow},
		{name: "qr-lost-cancelling", view: withQR(func(q *till.QR) { q.State, q.Trouble = banks.StateCancelling, till.CodeServerDown })},
		{name: "qr-prepayment", view: prepaid(func(*till.QR) {})},
		{name: "qr-prepayment-ask", view: prepaid(func(*till.QR) {}), do: keys(fyne.KeyEscape)},
		{name: "qr-prepayment-paid", view: prepaid(func(q *till.QR) { q.State = banks.StatePaid })},
		{name: "qr-down", view: down},
		{name: "qr-bank-note", view: named, do: touch("Банк (QR)", "Bank (QR)")},
		{name: "qr-down-note", view: down, do: keys(fyne.KeyF11)},
		{name: "qr-down-payment", view: down, do: keys(fyne.KeyReturn)},
		{name: "qr-off", view: off},
		{name: "qr-wrong", view: wrong},
		{name: "qr-wrong-note", view: wrong, do: keys(fyne.KeyF11)},
		{name: "qr-limits", view: withBasket(3), err: problem(till.CodeQRLimits, "min", register.Money(10_00), "max", register.Money(1_000_000_00)), do: keys(fyne.KeyF11)},
		{name: "qr-mixed", view: withBasket(3), do: keys(fyne.KeyReturn, fyne.KeyF8, fyne.KeyF11)},
	}
}
