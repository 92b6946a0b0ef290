package app

import (
	"fmt"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kassa/app/kit"
	"kassa/app/till"
)

// bar is the strip at the top that is always true: shop, connection, printer, registrar, bank, shift, cashier, clock. Each part
// opens what can be done about it.
type bar struct {
	w    *Window
	root fyne.CanvasObject

	name, shop            *kit.Text
	practice, line        fyne.CanvasObject
	server, printer, bank *gauge
	registrar             *gauge // hidden where the till has none
	shift, cashier        *gauge
	clock                 *kit.Text
	signed                []fyne.CanvasObject // shown only while somebody is signed in
	last                  string              // what is painted
}

// gauge is one part of the bar: a dot, a caption and a value.
type gauge struct {
	root    *kit.Press
	dot     *canvas.Circle
	caption *kit.Text
	value   *kit.Text
}

func (w *Window) newGauge(caption string, dot bool, tap func()) *gauge {
	l := w.look
	g := &gauge{
		caption: kit.NewText(caption, kit.Style{Size: 12, Color: l.BarMuted}),
		value:   kit.NewText(" ", kit.Style{Size: 15, Bold: true, Color: l.BarInk}),
	}
	row := kit.Row(8)
	if dot {
		g.dot = canvas.NewCircle(l.BarMuted)
		row.Add(kit.Middle(kit.Least(10, 10, g.dot)))
	}
	row.Add(kit.Middle(kit.Column(-1, g.caption, g.value)))
	g.root = kit.NewPress(kit.PadSides(4, 6, 4, 6, row), kit.Rounding, kit.Clear, l.BarRaised, func() { w.gate.enter(tap) })
	return g
}

func (g *gauge) set(c color.Color, caption, value string) {
	g.caption.Set(caption)
	g.value.Set(value)
	if g.dot != nil && g.dot.FillColor != c {
		g.dot.FillColor = c
		g.dot.Refresh()
	}
}

func newBar(w *Window) *bar {
	l := w.look
	b := &bar{w: w}
	b.name = kit.NewText("", kit.Style{Size: 18, Bold: true, Color: l.BarInk, Shrink: true})
	b.shop = kit.NewText("", kit.Style{Size: 12, Color: l.BarMuted, Shrink: true})
	b.practice = kit.Middle(kit.NewPress(
		kit.PadSides(5, 10, 5, 10, kit.NewText(w.T("app.practice"), kit.Style{Size: 13, Bold: true, Color: l.OnPractice})),
		6, l.Practice, l.Practice, func() { w.gate.enter(w.openPractice) }))
	b.server = w.newGauge(w.T("app.bar.server"), true, w.openServer)
	b.printer = w.newGauge(w.T("app.bar.printer"), true, w.openPrinter)
	b.bank = w.newGauge(w.T("app.bar.bank"), true, w.openBank)
	b.registrar = w.newGauge(w.T("app.bar.registrar"), true, w.openRegistrar)
	b.shift = w.newGauge("", false, w.openShift)
	b.cashier = w.newGauge(w.T("app.bar.cashier"), false, w.openCashier)
	b.clock = kit.NewText("00:00", kit.Style{Size: 22, Bold: true, Color: l.BarInk, Align: fyne.TextAlignCenter})
	menu := kit.Middle(w.button(kit.ButtonSpec{Kind: kit.OnBar, Sign: kit.SignMenu, Key: "F12", Size: 16}, w.openMenu))
	b.signed = []fyne.CanvasObject{b.shift.root, b.cashier.root, menu}
	b.line = kit.Least(1, 4, kit.Fill(l.Practice, 0))
	b.root = kit.Column(0,
		kit.Stack(kit.Fill(l.Bar, 0), kit.Least(0, kit.BarSize, kit.PadSides(4, 6, 4, 16, kit.Row(4,
			kit.Grow(kit.Middle(kit.Column(-2, b.name, b.shop))),
			b.practice, kit.Blank(4, 0),
			b.server.root, b.printer.root, b.registrar.root, b.bank.root, b.shift.root, b.cashier.root,
			kit.PadSides(0, 4, 0, 6, kit.Middle(b.clock)), menu,
		)))),
		b.line,
	)
	return b
}

func (b *bar) update(v till.View) {
	w, l := b.w, b.w.look
	now := w.deps.Now()
	is := fmt.Sprint(v.Shop, v.Practice, v.Cashier, v.Shift.Open, v.Shift.Number, v.Shift.Opened, v.Server, v.Printer, v.Bank, v.Fiscal, now.Unix()/60)
	if is == b.last {
		return
	}
	b.last = is
	b.name.Set(w.T("app.bar.till", "till", v.Shop.Till))
	b.shop.Set(v.Shop.Name)
	show(v.Practice, b.practice, b.line)
	show(v.Cashier != "", b.signed...)

	c, text := w.serverGauge(v.Server)
	b.server.set(c, w.T("app.bar.server"), text)
	c, text = w.printerGauge(v.Printer)
	b.printer.set(c, w.T("app.bar.printer"), text)
	c, text = w.registrarGauge(v.Fiscal)
	b.registrar.set(c, w.T("app.bar.registrar"), text)
	show(v.Fiscal.Configured, b.registrar.root)
	c, text = w.bankGauge(v.Bank)
	b.bank.set(c, w.T("app.bar.bank"), text)

	caption, value := w.T("app.bar.shift"), w.T("app.bar.shift_closed")
	if v.Shift.Open {
		caption = w.T("app.bar.shift_n", "n", w.lang.Integer(v.Shift.Number))
		value = w.hours(now.Sub(v.Shift.Opened))
	}
	b.shift.set(nil, caption, value)
	ink := l.BarInk
	if v.Shift.Open && now.Sub(v.Shift.Opened) >= longShift {
		ink = l.Practice
	}
	b.shift.value.SetStyle(value, func(s *kit.Style) { s.Color = ink })
	b.cashier.set(nil, w.T("app.bar.cashier"), clip(v.Cashier, 14))
	b.clock.Set(w.lang.Time(now))
	b.root.Refresh()
}

// longShift is after how long a shift is shown as too long: the law gives a shift 24 hours.
const longShift = 23 * time.Hour

// hours writes a time span as hours and minutes.
func (w *Window) hours(d time.Duration) string {
	d = max(d, 0)
	return w.T("app.hours", "h", int(d.Hours()), "m", int(d.Minutes())%60)
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

func show(on bool, objects ...fyne.CanvasObject) {
	for _, o := range objects {
		if on == o.Visible() {
			continue
		}
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

// The lamps of the bar.
func (w *Window) lampGood() color.Color { return color.NRGBA{R: 0x35, G: 0xc9, B: 0x7f, A: 0xff} }
func (w *Window) lampWarn() color.Color { return w.look.Practice }
func (w *Window) lampBad() color.Color  { return color.NRGBA{R: 0xff, G: 0x6b, B: 0x5e, A: 0xff} }
func (w *Window) lampOff() color.Color  { return color.NRGBA{R: 0x6f, G: 0x82, B: 0x90, A: 0xff} }

func (w *Window) serverGauge(s till.Server) (color.Color, string) {
	switch s.Link {
	case till.LinkOff:
		return w.lampOff(), w.T("app.link.off")
	case till.LinkUp:
		if s.Trouble != "" {
			return w.lampWarn(), w.T("app.server.trouble")
		}
		if s.Waiting > 0 {
			return w.lampGood(), w.T("app.server.sending", "n", w.lang.Integer(s.Waiting))
		}
		return w.lampGood(), w.T("app.server.up")
	case till.LinkDown:
		if s.Waiting > 0 {
			return w.lampWarn(), w.T("app.server.waiting", "n", w.lang.Integer(s.Waiting))
		}
		return w.lampWarn(), w.T("app.link.down")
	}
	return w.lampOff(), w.T("app.link.unknown")
}

func (w *Window) printerGauge(p till.Printer) (color.Color, string) {
	switch {
	case p.Link == till.LinkOff:
		return w.lampOff(), w.T("app.link.off")
	case p.Doubt > 0:
		return w.lampBad(), w.T("app.printer.doubt")
	case p.Trouble == till.CodePaperOut:
		return w.lampBad(), w.T("app.printer.paper")
	case p.Trouble == till.CodeCoverOpen:
		return w.lampBad(), w.T("app.printer.cover")
	case p.Trouble != "" || p.Link == till.LinkDown:
		return w.lampBad(), w.T("app.printer.down")
	case p.Waiting > 0:
		return w.lampGood(), w.T("app.printer.busy", "n", w.lang.Integer(int64(p.Waiting)))
	case p.Link == till.LinkUnknown:
		return w.lampOff(), w.T("app.link.unknown")
	}
	if p.PaperLow {
		return w.lampWarn(), w.T("app.printer.low")
	}
	return w.lampGood(), w.T("app.printer.ready")
}

func (w *Window) bankGauge(b till.Bank) (color.Color, string) {
	switch {
	case b.Link == till.LinkOff:
		return w.lampOff(), w.T("app.link.off")
	case b.Link == till.LinkDown || b.Trouble != "":
		return w.lampWarn(), w.T("app.link.down")
	case b.Link == till.LinkUnknown:
		return w.lampOff(), w.T("app.link.unknown")
	}
	return w.lampGood(), w.T("app.bank.up")
}
