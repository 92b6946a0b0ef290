package app

import (
	"context"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// sentState is what is known of whether the operations in sight have been sent meanwhile.
type sentState struct {
	waiting int64
	turn    int           // grows whenever some were sent
	asked   map[int64]int // by position: in which turn it was asked whether that one was sent
}

// follow tells whether operations were sent since.
func (s *sentState) follow(server till.Server) bool {
	sent := server.Waiting < s.waiting
	s.waiting = server.Waiting
	if sent {
		s.turn++
	}
	return sent
}

// ask tells whether it should be asked whether the operation was sent.
func (s *sentState) ask(o till.Operation) bool {
	if o.Sent || s.turn == 0 || s.asked[o.Position] == s.turn {
		return false
	}
	if s.asked == nil {
		s.asked = map[int64]int{}
	}
	s.asked[o.Position] = s.turn
	return true
}

// showRow shows an operation of the list. One that stands there as unsent is looked up again after something was sent:
// only rows in sight are, however many wait.
func (h *pastScreen) showRow(i int, r *pastRow) {
	w, st := h.w, h.state
	if st == nil || i >= len(st.all) {
		return
	}
	o := st.all[i]
	r.show(i, o, st.back.text(w, o), i == st.at)
	if h.returns {
		h.askBack(o)
	}
	if !st.sent.ask(o) {
		return
	}
	var is till.Operation
	w.fetch(func(ctx context.Context) (err error) {
		is, err = w.deps.Till.Operation(ctx, o.Position)
		return err
	}, func(err error) {
		if err != nil || !is.Sent {
			return // it stands as unsent, and is asked for again when more was sent
		}
		for n := range st.all {
			if st.all[n].Position == is.Position {
				st.all[n] = is
				if c := h.current(); c != nil {
					c.list.ReloadItem(n)
				}
			}
		}
	})
}

// pastRow is one operation of a list.
type pastRow struct {
	*kit.Press
	w     *Window
	i     int
	lamp  *canvas.Circle
	title *kit.Text
	about *kit.Text
	sum   *kit.Text
	how   *kit.Text
	all   *fyne.Container
}

// pastLayout gives what stands at the right as much room as it needs, and the name the rest.
type pastLayout struct{ r *pastRow }

func (y pastLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	const edge, gap, dot = 12, 12, 10
	r := y.r
	wide := func(t *kit.Text, size float32, bold bool) float32 {
		return fyne.MeasureText(t.Value(), size, fyne.TextStyle{Bold: bold}).Width + 1
	}
	right := min(max(wide(r.sum, 17, true), wide(r.how, 13, false)), s.Width*0.6)
	left := max(s.Width-2*edge-dot-2*gap-right, 40)
	r.lamp.Move(fyne.NewPos(edge, (s.Height-dot)/2))
	r.lamp.Resize(fyne.NewSize(dot, dot))
	stack := func(x, width float32, over, under *kit.Text) {
		a, b := over.MinSize().Height, under.MinSize().Height
		if under.Value() == "" {
			b = 0
		}
		top := (s.Height - a - b) / 2
		over.Move(fyne.NewPos(x, top))
		over.Resize(fyne.NewSize(width, a))
		under.Move(fyne.NewPos(x, top+a))
		under.Resize(fyne.NewSize(width, b))
	}
	stack(edge+dot+gap, left, r.title, r.about)
	stack(s.Width-edge-right, right, r.sum, r.how)
}

func (pastLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 60) }

func newPastRow(w *Window, tap func(int)) *pastRow {
	l := w.look
	r := &pastRow{w: w}
	r.lamp = canvas.NewCircle(l.Good)
	r.title = kit.NewText("", kit.Style{Size: 16, Bold: true, Color: l.Ink, Shrink: true})
	r.about = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Shrink: true})
	r.sum = kit.NewText("", kit.Style{Size: 17, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Shrink: true})
	r.how = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Align: fyne.TextAlignTrailing, Shrink: true})
	r.all = &fyne.Container{Layout: pastLayout{r}, Objects: []fyne.CanvasObject{r.lamp, r.title, r.about, r.sum, r.how}}
	r.Press = kit.NewPress(r.all, 8, l.Surface, kit.Mix(l.Surface, l.Accent, 0.06), func() {
		w.gate.enter(func() { tap(r.i) })
	})
	return r
}

// show shows an operation; back is what is known of its goods having come back.
func (r *pastRow) show(i int, o till.Operation, back string, chosen bool) {
	w, l := r.w, r.w.look
	sent, lamp := w.T("app.history.sent"), l.Good
	if !o.Sent {
		sent, lamp = w.T("app.history.unsent"), l.Practice
	}
	sum, ink := w.sumOf(o), l.Ink
	if strings.HasPrefix(sum, "-") {
		ink = l.Bad
	}
	about := w.lang.DateTime(o.At) + " · " + sent
	if back != "" {
		about = w.lang.DateTime(o.At) + " · " + back // in the list of what may come back this matters more
	}
	r.paint(i, w.operationTitle(o), about, sum, w.methodsOf(o), lamp, ink, chosen)
}

// paint writes the row.
func (r *pastRow) paint(i int, title, about, sum, how string, lamp, ink color.NRGBA, chosen bool) {
	l := r.w.look
	r.i = i
	r.title.Set(title)
	r.about.Set(about)
	if r.lamp.FillColor != lamp {
		r.lamp.FillColor = lamp
		r.lamp.Refresh()
	}
	r.sum.SetStyle(sum, func(s *kit.Style) { s.Color = ink })
	r.how.Set(how)
	r.all.Layout.Layout(nil, r.all.Size())
	if chosen {
		r.SetGround(l.AccentSoft, l.AccentSoft)
	} else {
		r.SetGround(l.Surface, kit.Mix(l.Surface, l.Accent, 0.06))
	}
}

// sumOf writes what an operation came to, with a minus where the shop paid; empty where there is no sum.
func (w *Window) sumOf(o till.Operation) string {
	sum := o.Total
	if o.Kind == register.KindReturn || o.Kind == register.KindPrepaymentReturn || o.Kind == register.KindCashOut {
		sum = -sum
	}
	if sum == 0 && o.Kind != register.KindSale && o.Kind != register.KindReturn {
		return ""
	}
	return w.lang.Money(sum)
}

// methodsOf names how an operation was paid.
func (w *Window) methodsOf(o till.Operation) string {
	text := ""
	for _, p := range o.Payments {
		if text != "" {
			text += ", "
		}
		text += w.T("method." + string(p.Method))
	}
	if text == "" && o.Method != "" {
		text = w.T("method." + string(o.Method))
	}
	return text
}
