package app

import (
	"context"
	"image/color"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

const nameSlips = "slips"

// slipDesk is what the paper lies on, in the colour of package picture's.
var slipDesk = color.NRGBA{R: 228, G: 231, B: 236, A: 255}

// slipState is what the page of the receipts shows. It outlives a change of language or palette.
type slipState struct {
	at     int // the chosen row
	sample int // of previewed
	wanted int // counts the previews that were asked for
	undo   *till.Settings
}

// slipPage is where the shop chooses how its receipts look, beside one of them.
type slipPage struct {
	w       *Window
	state   *slipState
	root    fyne.CanvasObject
	keys    *kit.Layer
	rows    []setting
	list    *kit.Grid
	roll    *kit.Roll
	samples []*kit.Button // a button for each sample; none where the window is low
	sample  *kit.Text     // the chosen one, there
	undo    *kit.Button
	drawn   *till.Settings // by which the preview was drawn last
}

// openSlips shows the page of the receipts.
func (w *Window) openSlips() {
	state := &slipState{}
	w.openPage(page{name: nameSlips, make: func() screen { return newSlipPage(w, state) }})
}

func newSlipPage(w *Window, state *slipState) *slipPage {
	p := &slipPage{w: w, state: state, roll: kit.NewRoll()}
	l := w.look
	p.list = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 62, Gap: 6,
		New: func() fyne.CanvasObject { return newSlipRow(p) },
		Show: func(i int, o fyne.CanvasObject) {
			if i < len(p.rows) {
				o.(*slipRow).show(i)
			}
		},
	})
	p.undo = w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.set.undo"), Key: "F4", Height: 56, Size: 15}, p.takeBack)
	p.root = kit.Pad(kit.Inset-4, kit.Column(12,
		kit.Row(12,
			w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, p.close),
			kit.Grow(kit.Middle(kit.NewText(w.T("app.slips.title"), kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Shrink: true}))),
			p.undo,
			w.button(kit.ButtonSpec{Sign: kit.SignPrint, Text: w.T("app.slips.print"), Key: "F9", Height: 56, Size: 15}, w.printTest)),
		kit.Grow(kit.Row(12,
			kit.GrowBy(1, p.list),
			kit.GrowBy(1, kit.Column(8,
				p.sampleBar(),
				kit.Grow(kit.Tinted(slipDesk, 0, p.roll))))))))
	p.keys = &kit.Layer{Name: nameSlips, Scan: w.scanBlocked, Keys: map[fyne.KeyName]func(){
		fyne.KeyEscape: p.close, fyne.KeyReturn: p.act, fyne.KeyF4: p.takeBack, fyne.KeyF9: w.printTest, fyne.KeyF1: w.openHelp,
		fyne.KeyUp: func() { p.choose(state.at - 1) }, fyne.KeyDown: func() { p.choose(state.at + 1) },
		fyne.KeyHome: func() { p.choose(0) }, fyne.KeyEnd: func() { p.choose(len(p.rows) - 1) },
		fyne.KeyPageUp: func() { p.roll.Page(-1) }, fyne.KeyPageDown: func() { p.roll.Page(1) },
		fyne.KeyLeft: func() { p.turn(state.sample - 1) }, fyne.KeyRight: func() { p.turn(state.sample + 1) },
		fyne.KeyTab: func() { p.turn((state.sample + 1) % len(previewed)) },
	}}
	p.paint()
	return p
}

// sampleBar is the choice of a sample. Where the window is low it takes one row, and leaves the rest to the paper.
func (p *slipPage) sampleBar() fyne.CanvasObject {
	w, st := p.w, p.state
	if w.window.Canvas().Size().Height >= 720 {
		var chips []fyne.CanvasObject
		for i := range previewed {
			b := w.button(kit.ButtonSpec{Kind: kit.Chip, Text: p.sampleName(i), Size: 15, Height: kit.Touch}, func() { p.turn(i) })
			p.samples = append(p.samples, b)
			chips = append(chips, b)
		}
		return kit.Even(3, 6, chips...)
	}
	p.sample = kit.NewText("", kit.Style{Size: 16, Bold: true, Color: w.look.Ink, Align: fyne.TextAlignCenter, Shrink: true})
	step := func(sign kit.Sign, by int) fyne.CanvasObject {
		return kit.Least(72, 0, w.button(kit.ButtonSpec{Kind: kit.Chip, Sign: sign, Height: kit.Touch}, func() { p.turn(st.sample + by) }))
	}
	return kit.Row(6, step(kit.SignLeft, -1), kit.Grow(kit.Middle(p.sample)), step(kit.SignRight, 1))
}

func (p *slipPage) sampleName(i int) string {
	return p.w.T("app.slips.sample." + string(previewed[i]))
}

func (p *slipPage) object() fyne.CanvasObject { return p.root }
func (p *slipPage) layer() *kit.Layer         { return p.keys }
func (p *slipPage) close()                    { p.w.closePage(nameSlips) }

func (p *slipPage) update(till.View) { p.paint() }

// paint shows the rows as they are now, and draws the preview anew when the settings are others.
func (p *slipPage) paint() {
	st := p.state
	p.rows = p.slipRows()
	st.at = max(min(st.at, len(p.rows)-1), 0)
	p.undo.SetDisabled(st.undo == nil)
	for i, b := range p.samples {
		b.SetChosen(i == st.sample)
	}
	if p.sample != nil {
		p.sample.Set(p.sampleName(st.sample))
	}
	p.list.SetCount(len(p.rows))
	if p.drawn != p.w.view.Settings {
		p.drawn = p.w.view.Settings
		p.draw()
	}
}

// turn shows another sample.
func (p *slipPage) turn(to int) {
	if to = max(min(to, len(previewed)-1), 0); to == p.state.sample {
		return
	}
	p.state.sample = to
	p.roll.ToTop()
	p.drawn = nil
	p.paint()
}

func (p *slipPage) choose(i int) {
	if i < 0 || i >= len(p.rows) {
		return
	}
	old := p.state.at
	p.state.at = i
	p.list.ReloadItem(old)
	p.list.ReloadItem(i)
	p.list.Reveal(i)
}

func (p *slipPage) act() {
	if p.state.at < len(p.rows) {
		p.rows[p.state.at].do()
	}
}

// change keeps other settings at once. then may be nil; without it the page tells of an error.
func (p *slipPage) change(f func(*till.Settings), then func(error)) {
	before := p.w.view.Settings.Clone()
	next := before.Clone()
	f(&next)
	p.keep(next, func(err error) {
		if err == nil {
			p.state.undo = &before
		}
		if then != nil {
			then(err)
		} else if err != nil {
			p.w.fail(err)
		}
	})
}

// takeBack makes the settings what they were before the last change.
func (p *slipPage) takeBack() {
	if p.state.undo == nil {
		return
	}
	p.keep(*p.state.undo, func(err error) {
		if err != nil {
			p.w.fail(err)
			return
		}
		p.state.undo = nil
		p.w.praise(p.w.T("app.set.undone"))
	})
}

// keep has the till work by other settings, and shows them.
func (p *slipPage) keep(next till.Settings, then func(error)) {
	w, st := p.w, p.state
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.SetSettings(ctx, next) }, func(err error) {
		then(err)
		w.refresh()
		if c, ok := w.screen.(*slipPage); ok && c.state == st {
			c.paint()
		}
	})
}

// slipRow shows one choice: what it is, and what it is set to.
type slipRow struct {
	*kit.Press
	p       *slipPage
	i       int
	title   *kit.Text
	about   *kit.Text
	control *fyne.Container
}

func newSlipRow(p *slipPage) *slipRow {
	w, l := p.w, p.w.look
	r := &slipRow{p: p, control: kit.Stack()}
	r.title = kit.NewText("", kit.Style{Size: 16, Bold: true, Color: l.Ink, Shrink: true})
	r.about = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Shrink: true})
	r.Press = kit.NewPress(kit.PadSides(4, 14, 4, 14, kit.Row(12,
		kit.Grow(kit.Middle(kit.Column(0, r.title, r.about))), kit.Middle(r.control))),
		kit.Radius, l.Surface, kit.Mix(l.Surface, l.Accent, 0.06), func() {
			w.gate.enter(func() {
				if r.i < len(p.rows) {
					p.choose(r.i)
					p.act()
				}
			})
		})
	return r
}

func (r *slipRow) show(i int) {
	l := r.p.w.look
	s := r.p.rows[i]
	r.i = i
	r.title.Set(s.title)
	r.about.Set(s.about)
	if s.onOff != nil {
		r.control.Objects = []fyne.CanvasObject{lever(l, *s.onOff)}
	} else {
		value := kit.NewText(s.value, kit.Style{Size: 15, Bold: true, Color: l.Accent, Align: fyne.TextAlignTrailing, Lines: 2, Width: 170})
		r.control.Objects = []fyne.CanvasObject{kit.Row(6, kit.Middle(value), kit.Middle(kit.Icon(kit.SignRight, l.Muted, 18)))}
	}
	ground := l.Surface
	if i == r.p.state.at {
		ground = l.AccentSoft
	}
	r.SetGround(ground, kit.Mix(ground, l.Accent, 0.06))
	r.control.Refresh()
	r.Press.Refresh()
}
