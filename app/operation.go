package app

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// facts are the rows of an operation that is shown in full.
type facts struct {
	w    *Window
	rows []row
}

func (f *facts) add(name, value string) {
	if value != "" {
		f.rows = append(f.rows, row{name: name, value: value})
	}
}

func (f *facts) money(name string, m register.Money) { f.add(name, f.w.lang.Money(m)) }

// some adds a sum, unless it is nothing.
func (f *facts) some(name string, m register.Money) {
	if m != 0 {
		f.money(name, m)
	}
}

func (f *facts) head(name string) {
	f.rows = append(f.rows, row{kind: rowHead, name: name})
}

func (f *facts) link(name string, open func()) {
	f.rows = append(f.rows, row{kind: rowLink, name: name, open: open})
}

// operationRows are everything that an operation's body says. open shows another operation that this one goes back to.
func (w *Window) operationRows(o till.Operation, open func(register.Ref)) []row {
	f := &facts{w: w}
	if !f.particulars(o, open) {
		f.rows = []row{{name: w.T("app.history.newer")}}
	}
	f.add(w.T("app.operation.approved"), o.Approved)
	return f.rows
}

// particulars adds what the operation's kind has to say; false when it cannot be understood.
func (f *facts) particulars(o till.Operation, open func(register.Ref)) bool {
	switch o.Kind {
	case register.KindSale:
		s, err := o.Sale()
		if err == nil {
			f.sale(s, open)
		}
		return err == nil
	case register.KindReturn:
		r, err := o.Return()
		if err == nil {
			f.saleReturn(r, open)
		}
		return err == nil
	case register.KindPrepayment:
		p, err := o.Prepayment()
		if err == nil {
			f.prepayment(p)
		}
		return err == nil
	case register.KindPrepaymentReturn:
		r, err := o.PrepaymentReturn()
		if err == nil {
			f.prepaymentReturn(r, open)
		}
		return err == nil
	}
	if o.Kind == register.KindFiscalDocument {
		d, err := o.FiscalDocument()
		if err == nil {
			f.fiscalDocument(d, open)
		}
		return err == nil
	}
	return f.drawer(o)
}

// drawer adds the particulars of what is no trade with a buyer.
func (f *facts) drawer(o till.Operation) bool {
	w := f.w
	switch o.Kind {
	case register.KindCashIn, register.KindCashOut:
		m, err := o.CashMove()
		f.money(w.T("app.operation.sum"), m.Sum)
		f.add(w.T("app.operation.reason"), m.Reason)
		return err == nil
	case register.KindShiftOpened:
		var b register.ShiftOpened
		err := o.Decode(&b)
		f.money(w.T("app.totals.start"), b.Float)
		return err == nil
	case register.KindShiftClosed:
		var b register.ShiftClosed
		err := o.Decode(&b)
		f.closing(b)
		return err == nil
	case register.KindLineRemoved:
		var b register.LineRemoved
		err := o.Decode(&b)
		f.goods(b.Line)
		return err == nil
	case register.KindReceiptCleared:
		var b register.ReceiptCleared
		err := o.Decode(&b)
		f.lines(b.Lines)
		f.money(w.T("app.cart.total"), b.Total)
		return err == nil
	case register.KindDrawerOpened:
		var b register.DrawerOpened
		err := o.Decode(&b)
		reason := b.Reason
		if reason == "" {
			reason = w.T("app.operation.no_reason")
		}
		f.add(w.T("app.operation.reason"), reason)
		return err == nil
	}
	return false
}

func (f *facts) sale(s register.Sale, open func(register.Ref)) {
	w := f.w
	f.lines(s.Lines)
	if s.Off > 0 {
		f.money(w.T("app.operation.off"), s.Off)
		f.add(w.T("app.operation.off_receipt"), w.discount(s.Discount))
	}
	f.money(w.T("app.cart.total"), s.Total)
	f.head(w.T("app.operation.paid"))
	f.payments(s.Payments)
	f.customer(s.Customer, s.Comment)
	f.contact(s.Contact, s.NoPaper)
	if s.Prepayment != nil {
		f.link(w.T("app.operation.of_prepayment", "n", w.lang.Integer(s.Prepayment.Receipt), "time", w.lang.DateTime(s.Prepayment.At)),
			func() { open(*s.Prepayment) })
	}
}

func (f *facts) saleReturn(r register.SaleReturn, open func(register.Ref)) {
	w := f.w
	lines := make([]register.Line, len(r.Lines))
	for i, l := range r.Lines {
		lines[i] = l.Line
	}
	f.lines(lines)
	f.money(w.T("app.cart.total"), r.Total)
	f.head(w.T("app.operation.paid_back"))
	f.payments(r.Payments)
	f.add(w.T("app.operation.reason"), r.Reason)
	f.customer(r.Customer, "")
	f.contact(r.Contact, r.NoPaper)
	if r.Sale != nil {
		f.link(w.T("app.operation.of_sale", "n", w.lang.Integer(r.Sale.Receipt), "time", w.lang.DateTime(r.Sale.At)), func() { open(*r.Sale) })
	} else {
		f.rows = append(f.rows, row{name: w.T("app.operation.no_basis")})
	}
}

func (f *facts) prepayment(p register.Prepayment) {
	w := f.w
	f.lines(p.Lines)
	f.money(w.T("app.cart.total"), p.Total)
	f.money(w.T("app.operation.prepaid"), p.Amount)
	f.some(w.T("app.operation.left_to_pay"), p.Total-p.Amount)
	f.head(w.T("app.operation.paid"))
	f.payments(p.Payments)
	f.customer(p.Customer, p.Comment)
	f.contact(p.Contact, p.NoPaper)
}

func (f *facts) prepaymentReturn(r register.PrepaymentReturn, open func(register.Ref)) {
	w := f.w
	f.money(w.T("app.operation.sum"), r.Amount)
	f.head(w.T("app.operation.paid_back"))
	f.payments(r.Payments)
	f.add(w.T("app.operation.reason"), r.Reason)
	f.customer(r.Customer, "")
	f.contact(r.Contact, r.NoPaper)
	f.link(w.T("app.operation.of_prepayment", "n", w.lang.Integer(r.Prepayment.Receipt), "time", w.lang.DateTime(r.Prepayment.At)),
		func() { open(r.Prepayment) })
}

// closing adds a shift's counters, and what the drawer held.
func (f *facts) closing(b register.ShiftClosed) {
	w, t := f.w, b.Totals
	for _, r := range w.totalRows(t) {
		f.add(r[0], r[1])
	}
	f.some(w.T("app.operation.discounts"), t.Off)
	if t.Removed > 0 {
		f.add(w.T("app.operation.removed"), w.lang.Integer(t.Removed))
	}
	f.add(w.T("app.operation.receipts"), w.lang.Integer(t.Receipts))
	f.money(w.T("app.close_shift.cash"), t.CashEnd)
	if b.Counted == nil {
		f.rows = append(f.rows, row{name: w.T("app.operation.not_counted")})
		return
	}
	f.money(w.T("app.operation.counted"), *b.Counted)
	switch d := b.Difference(); {
	case d < 0:
		f.rows = append(f.rows, row{name: w.T("app.operation.missing"), value: w.lang.Money(-d), ink: w.look.Bad})
	case d > 0:
		f.rows = append(f.rows, row{name: w.T("app.operation.over"), value: w.lang.Money(d), ink: w.look.Warn})
	default:
		f.rows = append(f.rows, row{name: w.T("app.operation.agrees"), value: w.lang.Money(0), ink: w.look.Good})
	}
}

func (f *facts) lines(lines []register.Line) {
	for _, l := range lines {
		f.goods(l)
	}
}

// goods adds a line of a receipt.
func (f *facts) goods(l register.Line) {
	w := f.w
	f.rows = append(f.rows, row{kind: rowGoods, name: w.lineName(l), about: w.lineAbout(l), value: w.lang.Money(l.Sum)})
}

// lineName is what a line is of, in the language on the screen.
func (w *Window) lineName(l register.Line) string {
	return w.nameOf(register.Product{Name: l.Name, NameEn: l.NameEn})
}

// lineAbout is how much of what price a line holds, and what was taken off.
func (w *Window) lineAbout(l register.Line) string {
	parts := []string{w.T("app.operation.line", "quantity", w.lang.Quantity(l.Quantity), "unit", w.lang.Unit(l.Unit), "price", w.lang.Money(l.Price))}
	if l.Off > 0 {
		parts = append(parts, w.T("app.operation.line_off", "sum", w.lang.Money(l.Off)))
	}
	if l.Comment != "" {
		parts = append(parts, l.Comment)
	}
	return strings.Join(parts, " · ")
}

func (f *facts) payments(payments []register.Payment) {
	w := f.w
	for _, p := range payments {
		f.money(w.T("method."+string(p.Method)), p.Amount)
		if p.Change != 0 {
			f.money(w.T("app.cash.given"), p.Given)
			f.money(w.T("app.cash.change"), p.Change)
		}
		f.add(w.T("app.operation.slip"), p.Slip)
		if p.Bank != "" {
			f.add(w.T("app.history.bank"), strings.TrimSpace(p.Bank+" "+p.BankID))
		}
	}
	if len(payments) == 0 {
		f.rows = append(f.rows, row{name: w.T("app.operation.nothing_paid")})
	}
}

func (f *facts) customer(c *register.Customer, remark string) {
	w := f.w
	if c != nil {
		f.add(w.T("app.operation.customer"), c.Name)
		f.add(w.T("app.customers.phone"), c.Phone)
		f.add(w.T("app.customers.card"), c.Card)
		if c.Discount > 0 {
			f.add(w.T("app.customers.discount"), w.percent(c.Discount))
		}
	}
	f.add(w.T("app.operation.remark"), remark)
}

// discount writes a discount as it was given.
func (w *Window) discount(d register.Discount) string {
	switch {
	case d.Percent > 0:
		return w.percent(d.Percent)
	case d.Sum > 0:
		return w.lang.Money(d.Sum)
	}
	return ""
}

// operationTitle names an operation by its kind and the number of its receipt.
func (w *Window) operationTitle(o till.Operation) string {
	title := w.kindName(o.Kind)
	if d, err := o.FiscalDocument(); o.Kind == register.KindFiscalDocument && err == nil {
		title = w.T("app.registrar.kind." + d.Document)
		if d.Number > 0 {
			title = w.T("app.fiscal.title", "kind", title, "number", fmt.Sprint(d.Number))
		}
		return title
	}
	if o.Receipt > 0 {
		title = w.T("app.history.receipt", "kind", title, "n", w.lang.Integer(o.Receipt))
	}
	return title
}

// operationAbout says when, by whom and in which shift an operation was made.
func (w *Window) operationAbout(o till.Operation) string {
	return w.T("app.history.about", "time", w.lang.DateTime(o.At), "cashier", o.Cashier,
		"shift", w.lang.Integer(o.Shift), "number", w.lang.Integer(o.Number))
}

// operationHead is the title of an operation that is shown in full.
type operationHead struct {
	root         *fyne.Container
	title, about *kit.Text
	sum          *kit.Text
	leading      *fyne.Container // back to the operation that led here; nil where none can
}

func (w *Window) newOperationHead(back func()) *operationHead {
	l := w.look
	h := &operationHead{
		title: kit.NewText("", kit.Style{Size: 20, Bold: true, Color: l.Ink, Shrink: true}),
		about: kit.NewText("", kit.Style{Size: rowAbout, Color: l.Muted, Lines: 2}),
		sum:   kit.NewText("", kit.Style{Size: 22, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing}),
	}
	h.root = kit.Row(10)
	if back != nil {
		h.leading = kit.Middle(w.button(kit.ButtonSpec{Sign: kit.SignLeft}, back))
		h.root.Add(h.leading)
	}
	h.root.Add(kit.Grow(kit.Column(0, kit.Row(8, kit.Grow(h.title), h.sum), h.about)))
	h.led(false)
	return h
}

// led shows whether another operation led to this one.
func (h *operationHead) led(on bool) {
	if h.leading != nil {
		show(on, h.leading)
	}
}

func (h *operationHead) show(title, about, sum string) {
	h.title.Set(title)
	h.about.Set(about)
	h.sum.Set(sum)
	h.root.Refresh()
}
