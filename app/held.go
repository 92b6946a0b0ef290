package app

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// askHold puts the receipt aside, under a name if the cashier gives it one.
func (w *Window) askHold() {
	if !w.mayPay() {
		return
	}
	w.askText(textQuestion{
		name: "hold", sign: kit.SignPause, title: w.T("app.held.title"), text: w.T("app.held.text"), hint: w.T("app.held.hint"),
		yes: w.T("app.held.yes"), most: register.MaxName / 2, empty: true,
		take: func(text string, then func(error)) {
			w.gate.change(func(ctx context.Context) error { return w.deps.Till.Hold(ctx, text) }, func(err error) {
				then(err)
				w.refresh()
				if err == nil {
					title, rest := halves(w.T("app.held.done"))
					w.toast.say(moodInfo, title, rest)
				}
			})
		},
	})
}

// waiting is one thing that was put aside: a receipt, or a QR payment that goes on by itself.
type waiting struct {
	sign   kit.Sign
	title  string
	about  string
	sum    register.Money
	plain  bool // there is no sum
	warn   bool // it wants the cashier
	resume func(context.Context) error
	open   func() // in the place of resume, where the receipt on the screen is not touched
}

// heldState is what the list shows beside the view.
type heldState struct {
	held []till.Held
	at   int
}

// openHeld lists what waits: money that came late, refunds and QR payments that go on in the background, receipts on hold.
func (w *Window) openHeld() {
	if v := w.view; v.Held+len(v.Parked)+len(v.Backs)+len(v.Late) == 0 {
		w.inform(w.T("app.held.none"))
		return
	}
	w.toast.clear()
	state := &heldState{}
	w.gate.change(func(ctx context.Context) (err error) { // keys wait: F7 twice opens one list
		state.held, err = w.deps.Till.Held(ctx)
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		var d *dialog
		d = w.open(func() body { return w.heldBody(state, func() { w.close(d) }) })
	})
}

// waitingThings are what wants the cashier first: late money, refunds, then the receipts, and after them the QR payments.
func (w *Window) waitingThings(state *heldState) []waiting {
	var all []waiting
	for _, l := range w.view.Late {
		all = append(all, waiting{
			sign: kit.SignBank, warn: true, title: w.T("app.late.row"), sum: l.Left,
			about: w.T("app.late.about", "time", w.lang.DateTime(l.At), "lines", w.lang.N("app.lines", int64(len(l.Lines)))),
			open:  func() { w.openLate(l.ID) },
		})
	}
	for _, b := range w.view.Backs {
		_, title, _ := w.backFaceOf(&b)
		all = append(all, waiting{
			sign: kit.SignBack, warn: b.State == till.BackRefused || b.State == till.BackUnclear, title: w.T("app.held.back", "n", w.lang.Integer(b.Basis.Receipt)),
			about: title, sum: b.Amount,
			open: func() { w.resumeBack(b.ID) },
		})
	}
	for _, h := range state.held {
		title := h.Name
		if title == "" {
			title = w.T("app.held.receipt")
		}
		all = append(all, waiting{
			sign: kit.SignPause, title: title, sum: h.Total,
			about:  w.T("app.held.about", "lines", w.lang.N("app.lines", int64(h.Lines)), "time", w.lang.Time(h.At), "cashier", h.Cashier),
			resume: func(ctx context.Context) error { return w.deps.Till.Unhold(ctx, h.ID) },
		})
	}
	for _, p := range w.view.Parked {
		title, _ := halves(w.T("app.qr.state." + faceAt(&p, w.deps.Now(), w.deps.Now()).key))
		all = append(all, waiting{
			sign: kit.SignQR, title: w.T(w.qrKey("app.held.qr", &p)), about: title, sum: p.Amount,
			resume: func(ctx context.Context) error { return w.deps.Till.ResumeQR(ctx, p.ID) },
		})
	}
	return all
}

func (w *Window) heldBody(state *heldState, shut func()) body {
	l := w.look
	all := w.waitingThings(state)
	var notice fyne.CanvasObject
	if v := w.view; len(v.Lines) > 0 && len(state.held)+len(v.Parked) > 0 {
		text := w.T("app.held.swap", "lines", w.lang.N("app.lines", int64(len(v.Lines))), "sum", w.lang.Money(v.Total))
		notice = kit.Tinted(l.AccentSoft, 12, kit.NewText(text, kit.Style{Size: 15, Color: l.Ink, Lines: 3, Width: 560}))
	}
	b := w.waitingBody("held", w.T("app.held.list"), notice, all, &state.at, func(t waiting) {
		shut()
		if t.open != nil {
			t.open()
			return
		}
		w.resume(t)
	}, shut)
	b.layer.Keys[fyne.KeyF7] = shut
	return b
}

// openWaiting reads things that wait and lists them, each as row shows it; where there are none, it says so. title and
// none are keys of texts.
func openWaiting[T any](w *Window, name, title, none string, read func(context.Context) ([]T, error), row func(T) waiting) {
	var things []T
	at := 0
	w.gate.change(func(ctx context.Context) (err error) {
		things, err = read(ctx)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			w.fail(err)
			return
		case len(things) == 0:
			w.inform(w.T(none))
			return
		}
		var d *dialog
		shut := func() { w.close(d) }
		d = w.open(func() body {
			all := make([]waiting, len(things))
			for i, thing := range things {
				all[i] = row(thing)
			}
			return w.waitingBody(name, w.T(title), nil, all, &at, func(t waiting) { shut(); t.open() }, shut)
		})
	})
}

// listWidth is how wide a list of what waits is at least.
const listWidth = 600

// listHeight is how tall a list of so many rows is: six are seen at once.
func listHeight(rows int) float32 { return float32(min(rows, 6)) * 68 }

// waitingBody is a list of what waits: each row answers to a touch, to its number, and to the arrows and Enter. at is the
// row that is chosen; notice stands above the list and may be nil.
func (w *Window) waitingBody(name, title string, notice fyne.CanvasObject, all []waiting, at *int, take func(waiting), shut func()) body {
	l := w.look
	*at = max(min(*at, len(all)-1), 0)
	open := func(i int) {
		if i >= 0 && i < len(all) {
			take(all[i])
		}
	}
	list := kit.NewGrid(l, kit.GridSpec{
		CellHeight: 64, Gap: 4,
		New: func() fyne.CanvasObject { return newWaitingRow(w, open) },
		Show: func(i int, o fyne.CanvasObject) {
			if i < len(all) {
				o.(*waitingRow).show(i, all[i], i == *at)
			}
		},
	})
	list.SetCount(len(all))
	list.Resize(fyne.NewSize(listWidth, listHeight(len(all))))
	list.Reveal(*at)
	move := func(by int) {
		old := *at
		*at = max(min(*at+by, len(all)-1), 0)
		list.ReloadItem(old)
		list.ReloadItem(*at)
		list.Reveal(*at)
	}
	keys := map[fyne.KeyName]func(){
		fyne.KeyEscape: shut, fyne.KeyReturn: func() { open(*at) },
		fyne.KeyUp: func() { move(-1) }, fyne.KeyDown: func() { move(1) },
		fyne.KeyPageUp: func() { move(-5) }, fyne.KeyPageDown: func() { move(5) },
	}
	numbers := map[string]func(){}
	for i := range all {
		numbers[strconv.Itoa(i+1)] = func() { open(i) }
	}
	column := kit.Column(12,
		kit.Row(8,
			kit.Grow(kit.Middle(kit.NewText(title, kit.Style{Size: kit.TextLarge, Bold: true, Color: l.Ink, Shrink: true}))),
			w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Key: "Esc"}, shut)))
	if notice != nil {
		column.Add(notice)
	}
	column.Add(kit.Least(listWidth, listHeight(len(all)), list))
	return body{beside: shut, content: kit.Pad(20, column), layer: w.numberLayer(name, keys, numbers)}
}

// resume goes on with what was put aside. What is on the receipt by then is put aside in its place, as the list has said.
func (w *Window) resume(t waiting) {
	swap := len(w.view.Lines) > 0
	w.gate.change(func(ctx context.Context) error {
		if swap {
			if err := w.deps.Till.Hold(ctx, ""); err != nil {
				return err
			}
		}
		return t.resume(ctx)
	}, func(err error) {
		w.refresh()
		switch {
		case err != nil:
			w.fail(err)
		case swap:
			title, rest := halves(w.T("app.held.done"))
			w.toast.say(moodInfo, title, rest)
		}
	})
}

// waitingRow is one of the list.
type waitingRow struct {
	*kit.Press
	w      *Window
	i      int
	number *kit.Text
	icon   *fyne.Container
	title  *kit.Text
	about  *kit.Text
	sum    *kit.Text
}

func newWaitingRow(w *Window, tap func(int)) *waitingRow {
	l := w.look
	r := &waitingRow{w: w}
	r.number = kit.NewText("", kit.Style{Size: 14, Bold: true, Color: l.Muted, Align: fyne.TextAlignCenter})
	r.icon = kit.Stack()
	r.title = kit.NewText("", kit.Style{Size: 17, Bold: true, Color: l.Ink, Shrink: true})
	r.about = kit.NewText("", kit.Style{Size: 14, Color: l.Muted, Shrink: true})
	r.sum = kit.NewText("", kit.Style{Size: 19, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing})
	r.Press = kit.NewPress(kit.PadSides(0, 16, 0, 12, kit.Row(12,
		kit.Middle(kit.Least(22, 0, r.number)),
		kit.Middle(kit.Least(24, 24, r.icon)),
		kit.Grow(kit.Middle(kit.Column(1, r.title, r.about))),
		kit.Middle(r.sum))), kit.Radius, l.Background, l.Raised, func() {
		w.gate.enter(func() { tap(r.i) })
	})
	return r
}

func (r *waitingRow) show(i int, t waiting, chosen bool) {
	l := r.w.look
	r.i = i
	r.number.Set(strconv.Itoa(i + 1))
	ink := l.Accent
	if t.warn {
		ink = l.Warn
	}
	r.icon.Objects = nil
	if t.sign != "" {
		r.icon.Objects = []fyne.CanvasObject{kit.Icon(t.sign, ink, 24)}
	}
	r.icon.Refresh()
	r.title.Set(t.title)
	r.about.Set(t.about)
	show(t.about != "", r.about)
	sum := r.w.lang.Money(t.sum)
	if t.plain {
		sum = ""
	}
	r.sum.Set(sum)
	if chosen {
		r.SetGround(l.AccentSoft, l.AccentSoft)
		return
	}
	r.SetGround(l.Background, l.Raised)
}
