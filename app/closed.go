package app

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

// closed is the screen of a till whose shift is closed: one thing to do.
type closed struct {
	w    *Window
	root *fyne.Container
	keys *kit.Layer
	text *kit.Text
	late *fyne.Container // money by QR that wants the cashier
	is   string
}

func newClosed(w *Window) *closed {
	c := &closed{w: w}
	l := w.look
	const width = 520
	c.text = kit.NewText("", kit.Style{Size: 18, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: width})
	big := w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.closed.open"), Key: "Enter", Size: kit.TextTitle, Height: 104}, c.open)
	c.late = kit.Row(8)
	c.late.Hide()
	c.root = kit.Centre(kit.Card(l, 40, kit.Column(18,
		kit.CentreX(kit.Icon(kit.SignLock, l.Muted, 56)),
		kit.NewText(w.T("app.closed.title"), kit.Style{Size: 34, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Width: width}),
		c.text, c.late, big,
		kit.Row(kit.Gap,
			kit.Grow(w.button(kit.ButtonSpec{Sign: kit.SignHistory, Text: w.T("app.menu.history"), Key: "F8", Height: 56}, w.openHistory)),
			kit.Grow(w.button(kit.ButtonSpec{Sign: kit.SignOut, Text: w.T("app.menu.signout"), Key: "Esc", Height: 56}, w.signOut)),
		))))
	c.keys = &kit.Layer{
		Name: nameClosed,
		Keys: map[fyne.KeyName]func(){
			fyne.KeyReturn: c.enter,
			fyne.KeyEscape: w.signOut,
			fyne.KeyF1:     w.openHelp,
			fyne.KeyF7:     w.openHeld,
			fyne.KeyF8:     w.openHistory,
			fyne.KeyF12:    w.openMenu,
		},
		Scan: func(string) { w.fail(&till.Problem{Code: till.CodeNoShift}) },
	}
	return c
}

func (c *closed) object() fyne.CanvasObject { return c.root }
func (c *closed) layer() *kit.Layer         { return c.keys }

func (c *closed) update(v till.View) {
	text := c.w.T("app.closed.first")
	if v.Shift.Number > 0 {
		text = c.w.T("app.closed.last", "n", c.w.lang.Integer(v.Shift.Number),
			"sales", c.w.lang.N("app.sales", v.Shift.Totals.Sales.Count), "sum", c.w.lang.Money(v.Shift.Totals.Sales.Sum))
	}
	c.text.Set(text)
	c.tellMoney(v)
}

// tellMoney shows the money by QR that waits for a word, or goes on by itself: that needs no open shift.
func (c *closed) tellMoney(v till.View) {
	w := c.w
	is := fmt.Sprint(w.lateText(v.Late), len(v.Backs)+len(v.Parked))
	if is == c.is {
		return
	}
	c.is = is
	c.late.Objects = nil
	if len(v.Late) > 0 {
		c.late.Add(kit.GrowBy(1.6, w.lateChip(v.Late)))
	}
	if n := len(v.Backs) + len(v.Parked); n > 0 {
		c.late.Add(kit.Grow(w.button(kit.ButtonSpec{Sign: kit.SignPause, Text: w.T("app.cart.waiting", "n", w.lang.Integer(int64(n))), Key: "F7", Size: 15}, w.openHeld)))
	}
	show(len(c.late.Objects) > 0, c.late)
	c.root.Refresh()
}

// enter opens a shift, unless it is the Enter that has just closed one, pressed twice.
func (c *closed) enter() {
	const twice = time.Second
	if c.w.deps.Now().Sub(c.w.shiftEnded) >= twice {
		c.open()
	}
}

func (c *closed) open() {
	w := c.w
	w.gate.commit(w.deps.Till.OpenShift, func(err error) {
		if err != nil {
			w.fail(err)
		} else {
			w.toast.clear()
		}
		w.refresh()
	})
}

// signOut lets another cashier in; the receipt stays.
func (w *Window) signOut() {
	w.gate.commit(func(context.Context) error { w.deps.Till.SignOut(); return nil }, func(error) { w.refresh() })
}
