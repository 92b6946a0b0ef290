package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// choose marks a line.
func (p *returnPage) choose(i int) {
	st := p.state
	if i < 0 || i >= len(st.takes) {
		return
	}
	old := st.at
	st.at = i
	p.lines.ReloadItem(old)
	p.lines.ReloadItem(i)
	p.lines.Reveal(i)
}

// take chooses how much of a line comes back, at most what is left.
func (p *returnPage) take(i int, q register.Quantity) {
	st := p.state
	if i < 0 || i >= len(st.takes) {
		return
	}
	q = max(min(q, st.left(i)), 0)
	if st.left(i) == 0 {
		p.w.inform(p.w.T("app.returns.line_gone"))
	}
	same := st.takes[i] == q
	st.takes[i] = q
	p.choose(i)
	if !same {
		p.changed()
	}
}

// step takes one piece more or less; of weighed goods, all or nothing.
func (p *returnPage) step(i int, by register.Quantity) {
	st := p.state
	if st.sale == nil || i < 0 || i >= len(st.takes) {
		return
	}
	q := st.takes[i] + by*register.One
	if st.sale.Sale.Lines[i].Unit.Weighed() {
		q = 0
		if by > 0 {
			q = st.left(i)
		}
	}
	p.take(i, q)
}

// toggle takes all that is left of a line, or nothing.
func (p *returnPage) toggle(i int) {
	if st := p.state; i < len(st.takes) && st.takes[i] > 0 {
		p.take(i, 0)
		return
	}
	p.take(i, p.state.left(i))
}

func (p *returnPage) all()     { p.fill(p.state.left) }
func (p *returnPage) nothing() { p.fill(func(int) register.Quantity { return 0 }) }

func (p *returnPage) fill(q func(i int) register.Quantity) {
	st := p.state
	if st.sale == nil {
		return
	}
	for i := range st.takes {
		st.takes[i] = q(i)
	}
	p.lines.Reload()
	p.changed()
}

// ask asks how much of a line comes back.
func (p *returnPage) ask(i int) {
	w, st := p.w, p.state
	left := st.left(i)
	if left == 0 {
		return
	}
	line := st.sale.Sale.Lines[i]
	now := st.takes[i]
	if now == 0 {
		now = left
	}
	w.askNumber(numberQuestion{
		name: "return_quantity", title: w.T("app.returns.how_much", "left", w.amount(left, line.Unit)), text: w.lineName(line), kind: numberQuantity, unit: line.Unit,
		now: int64(now), least: 1, most: int64(left), opens: fyne.KeyF3,
		take: func(v int64, then func(error)) {
			then(nil)
			p.take(i, register.Quantity(v))
		},
	})
}

// amount writes a quantity with its unit.
func (w *Window) amount(q register.Quantity, u register.Unit) string {
	return w.lang.Quantity(q) + "\u00a0" + w.lang.Unit(u)
}

// keysPace tells a key that was pressed from the character of a code, which comes right behind another one.
type keysPace struct{ last time.Time }

func (k *keysPace) alone(now time.Time) bool {
	const hand = 80 * time.Millisecond
	alone := now.Sub(k.last) > hand
	k.last = now
	return alone
}

// typed takes the keys that are characters: plus, minus and the space bar. Within a code they belong to it.
func (p *returnPage) typed(r rune) bool {
	st := p.state
	if !p.keysAt.alone(p.w.deps.Now()) {
		return false
	}
	switch r {
	case '+', '=':
		p.step(st.at, 1)
	case '-':
		p.step(st.at, -1)
	case ' ':
		p.toggle(st.at)
	default:
		return false
	}
	return true
}

// scan takes what was scanned: goods of this sale come back, one for each scan; another receipt is opened.
func (p *returnPage) scan(code string) {
	w, st := p.w, p.state
	if receiptLike(code) {
		w.openReceipt(code)
		return
	}
	var found []register.Product
	w.fetch(func(ctx context.Context) (err error) {
		found, err = w.deps.Till.Search(ctx, code, 5)
		return err
	}, func(err error) {
		c, ok := w.screen.(*returnPage)
		switch {
		case !ok || c.state != st || st.sale == nil:
		case err != nil:
			w.fail(err)
		default:
			c.takeScanned(code, found)
		}
	})
}

func (p *returnPage) takeScanned(code string, found []register.Product) {
	w, st := p.w, p.state
	is := func(l register.Line) bool {
		if l.Barcode == code {
			return true
		}
		for _, g := range found {
			if g.ID == l.Product {
				return true
			}
		}
		return false
	}
	full := false
	for i, l := range st.sale.Sale.Lines {
		if !is(l) {
			continue
		}
		full = true
		if st.takes[i] < st.left(i) {
			p.step(i, 1)
			return
		}
	}
	if full {
		w.fail(&till.Problem{Code: till.CodeReturned})
		return
	}
	w.warn(w.T("app.returns.not_in_sale", "code", code))
}

// openReceipt opens the sale or the prepayment whose receipt was scanned.
func (w *Window) openReceipt(code string) {
	var found []till.Operation
	w.fetch(func(ctx context.Context) (err error) {
		found, err = w.deps.Till.Find(ctx, till.Search{Text: code}, 0, 2)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			w.fail(err)
		case len(found) == 1:
			w.openReturnOf(found[0])
		case len(found) > 1:
			w.openReturns()
			if c, ok := w.screen.(*pastScreen); ok {
				c.line.state.text = code
				c.line.enter()
			}
		default:
			w.fail(&till.Problem{Code: till.CodeNoSale})
		}
	})
}

// returnRow is a line of the sale, with how much of it comes back.
type returnRow struct {
	*kit.Press
	p     *returnPage
	i     int
	tick  *fyne.Container
	box   *kit.Ground
	name  *kit.Text
	about *kit.Text
	gone  *kit.Text
	count *kit.Button
	steps *fyne.Container
	less  *kit.Button
	more  *kit.Button
}

func newReturnRow(p *returnPage) *returnRow {
	w, l := p.w, p.w.look
	r := &returnRow{p: p}
	r.box = kit.Fill(l.Surface, 6)
	r.box.StrokeColor, r.box.StrokeWidth = l.Muted, 2
	r.tick = kit.Pad(4, kit.Icon(kit.SignCheck, l.OnAccent, 20))
	r.name = kit.NewText("", kit.Style{Size: 15, Bold: true, Color: l.Ink, Lines: 2, Shrink: true})
	r.about = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Shrink: true})
	r.gone = kit.NewText("", kit.Style{Size: 14, Bold: true, Color: l.Muted, Align: fyne.TextAlignTrailing})
	r.less = w.button(kit.ButtonSpec{Sign: kit.SignMinus}, func() { p.step(r.i, -1) })
	r.more = w.button(kit.ButtonSpec{Sign: kit.SignPlus}, func() { p.step(r.i, 1) })
	r.count = w.button(kit.ButtonSpec{Kind: kit.Quiet, Text: " ", Size: 17}, func() { p.choose(r.i); p.ask(r.i) })
	r.steps = kit.Row(4, r.less, kit.Least(92, kit.Touch, r.count), r.more)
	r.Press = kit.NewPress(kit.PadSides(0, 8, 0, 12, kit.Row(12,
		kit.Middle(kit.Least(28, 28, kit.Stack(r.box, r.tick))),
		kit.Grow(kit.Middle(&fyne.Container{Layout: nameOver{}, Objects: []fyne.CanvasObject{r.name, r.about}})),
		kit.Middle(kit.Stack(kit.Middle(r.gone), r.steps)))),
		8, l.Surface, kit.Mix(l.Surface, l.Accent, 0.06), func() { w.gate.enter(func() { p.toggle(r.i) }) })
	return r
}

// nameOver puts a name of up to two lines over its particulars, in the middle of the height.
type nameOver struct{}

func (nameOver) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	name, about := objects[0].(*kit.Text), objects[1]
	one := textHeight(15, true)
	height := one * float32(wrapped(name.Value(), s.Width, 15, true, 2))
	below := about.MinSize().Height
	top := max((s.Height-height-below)/2, 0)
	name.Move(fyne.NewPos(0, top))
	name.Resize(fyne.NewSize(s.Width, height))
	about.Move(fyne.NewPos(0, top+height-1))
	about.Resize(fyne.NewSize(s.Width, below))
}

func (nameOver) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, 60) }

func (r *returnRow) show(i int) {
	p := r.p
	w, l, st := p.w, p.w.look, p.state
	r.i = i
	line, left, take := st.sale.Sale.Lines[i], st.left(i), st.takes[i]
	r.name.SetStyle(w.lineName(line), func(s *kit.Style) {
		s.Color = l.Ink
		if left == 0 {
			s.Color = l.Muted
		}
	})
	about := w.T("app.operation.line", "quantity", w.lang.Quantity(line.Quantity), "unit", w.lang.Unit(line.Unit), "price", w.lang.Money(line.Price)) +
		" = " + w.lang.Money(line.Sum)
	if back := line.Quantity - left; back > 0 && left > 0 {
		about = w.T("app.returns.line_left", "left", w.amount(left, line.Unit), "back", w.amount(back, line.Unit))
	}
	r.about.Set(about)
	r.gone.Set("")
	show(left == 0, r.gone)
	show(left > 0, r.steps)
	if left == 0 {
		r.gone.Set(w.T("app.returns.gone"))
	}
	r.count.SetText(w.amount(take, line.Unit))
	r.less.SetDisabled(take == 0)
	r.more.SetDisabled(take == left)
	fill, stroke := l.Surface, l.Muted
	if take > 0 {
		fill, stroke = l.Accent, l.Accent
	}
	if left == 0 {
		fill, stroke = l.Raised, l.Raised
	}
	r.box.FillColor, r.box.StrokeColor = fill, stroke
	r.box.Refresh()
	show(take > 0, r.tick)
	rest := l.Surface
	if i == st.at {
		rest = l.AccentSoft
	}
	r.SetGround(rest, kit.Mix(rest, l.Accent, 0.06))
	r.Press.Refresh()
	r.Press.Resize(r.Press.Size())
}
