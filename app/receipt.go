package app

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// receiptAbout is the row over the lines: what waits beside this receipt, and what belongs to all of it. A touch takes
// such a thing away. With nothing to show it takes no room.
type receiptAbout struct {
	w    *Window
	root *fyne.Container
	is   string
}

func newReceiptAbout(w *Window) *receiptAbout {
	a := &receiptAbout{w: w, root: kit.Column(6)}
	a.root.Hide()
	return a
}

// update tells whether anything changed.
func (a *receiptAbout) update(v till.View) (moved bool) {
	is := fmt.Sprint(v.Held, len(v.Parked), len(v.Backs), a.w.lateText(v.Late), v.Discount, v.Customer, v.Comment, v.Order)
	if v.Customer != nil {
		is += fmt.Sprint(*v.Customer)
	}
	if is == a.is {
		return false
	}
	a.is = is
	w := a.w
	var all []fyne.CanvasObject
	if n := v.Held + len(v.Parked) + len(v.Backs); n > 0 {
		all = append(all, w.button(kit.ButtonSpec{Kind: kit.Plain, Sign: kit.SignPause, Text: w.T("app.cart.waiting", "n", w.lang.Integer(int64(n))), Key: "F7", Size: 15}, w.openHeld))
	}
	chip := func(sign kit.Sign, text string, drop func(context.Context) error) {
		if v.Order != nil {
			drop = nil
		}
		all = append(all, w.newChip(sign, text, drop))
	}
	if v.Order != nil {
		all = append(all, w.newChip(kit.SignBox, w.T("app.cart.order", "n", w.lang.Integer(v.Order.Prepayment.Receipt)), nil))
	}
	if c := v.Customer; c != nil {
		text := c.Name
		if c.Discount > 0 {
			text = w.T("app.cart.customer", "name", clip(c.Name, 60), "percent", w.percent(c.Discount))
		}
		chip(kit.SignPerson, text, func(ctx context.Context) error { return w.deps.Till.SetCustomer(ctx, "") })
	}
	if d := v.Discount; !d.IsZero() {
		chip(kit.SignPercent, w.T("app.cart.receipt_discount", "off", w.discountText(d)), func(ctx context.Context) error {
			return w.deps.Till.SetDiscount(ctx, register.Discount{})
		})
	}
	if v.Comment != "" {
		chip(kit.SignComment, v.Comment, func(ctx context.Context) error { return w.deps.Till.SetComment(ctx, "") })
	}
	a.root.Objects = nil
	show(len(all)+len(v.Late) > 0, a.root)
	if len(v.Late) > 0 {
		a.root.Add(w.lateChip(v.Late))
	}
	for len(all) > 0 { // two beside each other, an odd one alone
		n := min(2, len(all))
		a.root.Add(kit.Even(n, 6, all[:n]...))
		all = all[n:]
	}
	return true
}

// newChip is a small thing that belongs to the receipt, and goes away by a touch where there is drop.
func (w *Window) newChip(sign kit.Sign, text string, drop func(context.Context) error) *kit.Press {
	l := w.look
	row := kit.Row(7,
		kit.Middle(kit.Icon(sign, l.Accent, 18)),
		kit.Grow(kit.Middle(kit.NewText(text, kit.Style{Size: 15, Color: l.Ink, Shrink: true}))))
	if drop != nil {
		row.Add(kit.Middle(kit.Icon(kit.SignClose, l.Muted, 14)))
	}
	content := kit.Least(0, kit.Touch, kit.PadSides(0, 12, 0, 12, row))
	if drop == nil {
		return kit.NewPress(content, kit.Rounding, l.AccentSoft, l.AccentSoft, nil)
	}
	return kit.NewPress(content, kit.Rounding, l.AccentSoft, kit.Mix(l.AccentSoft, l.Ink, 0.06), func() {
		w.gate.enter(func() {
			w.gate.change(drop, func(err error) {
				if err != nil {
					w.fail(err)
				}
				w.refresh()
			})
		})
	})
}

// discountText is a discount as it was given.
func (w *Window) discountText(d register.Discount) string {
	if d.Percent > 0 {
		return w.percent(d.Percent)
	}
	return w.lang.Money(d.Sum)
}

// receiptSums is what stands under the lines: what was taken off, what was prepaid, and the total.
type receiptSums struct {
	w       *Window
	root    *fyne.Container
	off     *sumRow
	order   *sumRow
	caption *kit.Text
	count   *kit.Text
	total   *kit.Text
}

// sumRow is a caption and a sum.
type sumRow struct {
	root      fyne.CanvasObject
	text, sum *kit.Text
}

func newSumRow(l *kit.Look) *sumRow {
	r := &sumRow{
		text: kit.NewText("", kit.Style{Size: 15, Color: l.Muted, Shrink: true}),
		sum:  kit.NewText("", kit.Style{Size: 16, Bold: true, Color: l.Good, Align: fyne.TextAlignTrailing}),
	}
	r.root = kit.Row(8, kit.Grow(r.text), r.sum)
	r.root.Hide()
	return r
}

// set shows the row with a text and a sum, or hides it; it tells whether it came or went.
func (r *sumRow) set(on bool, text, sum string) (moved bool) {
	moved = on != r.root.Visible()
	show(on, r.root)
	r.text.Set(text)
	r.sum.Set(sum)
	return moved
}

func newReceiptSums(w *Window) *receiptSums {
	l := w.look
	r := &receiptSums{w: w, off: newSumRow(l), order: newSumRow(l)}
	r.caption = kit.NewText(w.T("app.cart.total"), kit.Style{Size: kit.TextLarge, Bold: true, Color: l.Ink})
	r.count = kit.NewText("", kit.Style{Size: 14, Color: l.Muted, Shrink: true})
	r.total = kit.NewText("", kit.Style{Size: kit.TextTotal, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Fit: true})
	r.root = kit.PadSides(0, 6, 0, 6, kit.Column(2,
		r.off.root, r.order.root,
		kit.Row(8, kit.Middle(kit.Column(0, r.caption, kit.Least(86, 0, r.count))), kit.Grow(r.total))))
	return r
}

// update tells whether a row came or went.
func (r *receiptSums) update(v till.View) (moved bool) {
	w := r.w
	var gross register.Money
	for _, l := range v.Lines {
		gross += l.Gross()
	}
	moved = r.off.set(v.Off > 0, w.T("app.cart.gross", "sum", w.lang.Money(gross)), w.T("app.cart.off", "sum", w.lang.Money(-v.Off)))
	paid, text := "", ""
	if v.Order != nil {
		text, paid = w.T("app.cart.order_total", "sum", w.lang.Money(v.Total)), w.T("app.cart.prepaid", "sum", w.lang.Money(-v.Order.Paid))
	}
	moved = r.order.set(v.Order != nil, text, paid) || moved
	caption, sum := w.T("app.cart.total"), v.Total
	if v.Order != nil {
		caption, sum = w.T("app.cart.due"), v.Due
	}
	r.caption.Set(caption)
	ink := w.look.Ink
	if len(v.Lines) == 0 {
		ink = kit.Mix(w.look.Muted, w.look.Surface, 0.4)
	}
	r.total.SetStyle(w.lang.Money(sum), func(s *kit.Style) { s.Color = ink })
	count := ""
	if len(v.Lines) > 0 {
		count = w.lang.N("app.lines", int64(len(v.Lines)))
	}
	r.count.Set(count)
	return moved
}
