package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/register"
)

// lineRow is one line of a receipt: what it is, how it came to its sum, and the sum.
type lineRow struct {
	*kit.Press
	w      *Window
	i      int
	mark   *kit.Ground
	rule   *kit.Ground
	name   *kit.Text
	how    *kit.Text
	remark *kit.Text // hidden where there is none
	sum    *kit.Text
	was    *kit.Text // what it would have come to; hidden where nothing was taken off
	strike *kit.Ground
	all    *fyne.Container
}

func newLineRow(w *Window, tap func(int)) *lineRow {
	l := w.look
	r := &lineRow{w: w}
	r.mark, r.rule, r.strike = kit.Fill(l.Accent, 2), kit.Fill(l.Line, 0), kit.Fill(l.Muted, 0)
	r.name = kit.NewText("", kit.Style{Size: 14, Bold: true, Color: l.Ink, Lines: 2})
	r.how = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Shrink: true})
	r.remark = kit.NewText("", kit.Style{Size: 13, Color: l.Accent, Shrink: true})
	r.sum = kit.NewText("", kit.Style{Size: 18, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing})
	r.was = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Align: fyne.TextAlignTrailing})
	r.all = &fyne.Container{Layout: lineLayout{r}, Objects: []fyne.CanvasObject{r.rule, r.mark, r.name, r.how, r.remark, r.sum, r.was, r.strike}}
	r.Press = kit.NewPress(r.all, 6, kit.Clear, kit.Mix(l.Surface, l.Accent, 0.06), func() {
		w.gate.enter(func() { tap(r.i) })
	})
	return r
}

// lineLayout sets name and particulars at the left, as many lines as the name needs, and the sums at the right.
type lineLayout struct{ r *lineRow }

func (y lineLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	r := y.r
	r.mark.Move(fyne.NewPos(0, 8))
	r.mark.Resize(fyne.NewSize(4, s.Height-16))
	r.rule.Move(fyne.NewPos(0, s.Height-1))
	r.rule.Resize(fyne.NewSize(s.Width, 1))
	sums := y.sums(s)
	width := max(s.Width-sums-14-10-14, 40)
	most := 2
	if r.remark.Visible() {
		most = 1
	}
	bold := fyne.TextStyle{Bold: true}
	name := fyne.MeasureText("Й", 14, bold).Height * float32(len(kit.Wrap(r.name.Value(), width, 14, bold, most)))
	how := r.how.MinSize().Height
	below := how - 2
	if r.remark.Visible() {
		below += how - 2
	}
	at := (s.Height-name-below)/2 - 1
	for _, t := range []struct {
		text   *kit.Text
		height float32
	}{{r.name, name}, {r.how, how}, {r.remark, how}} {
		t.text.Move(fyne.NewPos(14, at))
		t.text.Resize(fyne.NewSize(width, t.height))
		at += t.height - 2
	}
}

// sums places what the line came to, and what it would have come to, and tells how much room they take.
func (y lineLayout) sums(s fyne.Size) (width float32) {
	r := y.r
	sum, was := r.sum.MinSize(), fyne.Size{}
	if r.was.Visible() {
		was = r.was.MinSize()
	}
	at := (s.Height - sum.Height - was.Height) / 2
	if r.was.Visible() {
		r.was.Move(fyne.NewPos(s.Width-was.Width-10, at))
		r.was.Resize(was)
		r.strike.Move(fyne.NewPos(s.Width-was.Width-11, at+was.Height/2))
		r.strike.Resize(fyne.NewSize(was.Width+2, 1))
	}
	r.sum.Move(fyne.NewPos(s.Width-sum.Width-10, at+was.Height))
	r.sum.Resize(sum)
	return max(sum.Width, was.Width)
}

func (lineLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 60) }

func (r *lineRow) show(i int, line register.Line, chosen bool) {
	w, l := r.w, r.w.look
	r.i = i
	lines := 2
	if line.Comment != "" {
		lines = 1
	}
	r.name.SetStyle(w.lineName(line), func(s *kit.Style) { s.Lines = lines })
	r.how.Set(w.lineHow(i, line))
	r.remark.Set(line.Comment)
	r.sum.Set(w.lang.Money(line.Sum))
	r.was.Set(w.lang.Money(line.Gross()))
	show(line.Comment != "", r.remark)
	show(line.Off > 0, r.was, r.strike)
	show(chosen, r.mark)
	if chosen {
		r.SetGround(l.AccentSoft, l.AccentSoft)
	} else {
		r.SetGround(kit.Clear, kit.Mix(l.Surface, l.Accent, 0.06))
	}
	r.all.Layout.Layout(nil, r.all.Size())
}

// lineHow tells how a line came to its sum: so many, at what price, with what taken off.
func (w *Window) lineHow(i int, l register.Line) string {
	text := w.T("app.cart.line", "n", i+1, "quantity", w.lang.Quantity(l.Quantity), "unit", w.lang.Unit(l.Unit), "price", w.lang.Money(l.Price))
	switch {
	case l.Off > 0 && l.Discount.Percent > 0:
		text += " · " + w.T("app.cart.line_percent", "percent", w.percent(l.Discount.Percent))
	case l.Off > 0:
		text += " · " + w.T("app.cart.line_off", "sum", w.lang.Money(l.Off))
	}
	if l.FreePrice {
		text += " · " + w.T("app.cart.line_free")
	}
	return text
}
