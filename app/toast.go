package app

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kassa/app/kit"
)

// mood is what kind of news a message is.
type mood int

const (
	moodInfo mood = iota
	moodGood
	moodWarn
	moodBad
)

// toast is the one line of news at the window's edge: what happened, and what to do. It goes away by itself, by a touch,
// or when something works again.
type toast struct {
	w     *Window
	root  *fyne.Container
	stop  func()
	text  string
	level mood
}

const toastWidth = 470

func newToast(w *Window, old *toast) *toast {
	if old != nil && old.stop != nil {
		old.stop()
	}
	t := &toast{w: w}
	t.root = &fyne.Container{Layout: corner{w}}
	return t
}

// corner keeps the message near the lower left, away from total and payment; beside a QR code near the upper right, and
// over another dialog near the upper left. From there it goes as far as it must to cover nothing that is pressed.
type corner struct{ w *Window }

func (c corner) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		m := o.MinSize()
		o.Resize(m)
		at := fyne.NewPos(kit.Inset, s.Height-m.Height-kit.Inset)
		switch {
		case c.w.qrDialog == nil && len(c.w.dialogs) > 0:
			at = fyne.NewPos(kit.Inset, kit.Inset)
		case c.w.qrDialog != nil:
			at = fyne.NewPos(s.Width-m.Width-2*kit.Inset, 2*kit.Inset)
		}
		o.Move(c.w.obstacles().clear(at, m, s))
	}
}

func (corner) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// say shows a message: a title, and what to do in a second line. It stays longer the more there is to read.
func (t *toast) say(level mood, title, text string) {
	t.clear()
	t.text, t.level = title+"\n"+text, level
	l := t.w.look
	sign, ink, ground := kit.SignInfo, l.Accent, l.AccentSoft
	switch level {
	case moodGood:
		sign, ink, ground = kit.SignCheck, l.Good, l.GoodSoft
	case moodWarn:
		sign, ink, ground = kit.SignWarning, l.Warn, l.WarnSoft
	case moodBad:
		sign, ink, ground = kit.SignWarning, l.Bad, l.BadSoft
	}
	column := kit.Column(2, kit.NewText(title, kit.Style{Size: 17, Bold: true, Color: l.Ink, Lines: 3, Width: toastWidth - 90}))
	if text != "" {
		column.Add(kit.NewText(text, kit.Style{Size: 15, Color: l.Ink, Lines: 5, Width: toastWidth - 90}))
	}
	press := kit.NewPress(
		kit.PadSides(14, 18, 14, 16, kit.Row(14, kit.Middle(kit.Icon(sign, ink, 28)), kit.Grow(column))),
		kit.Radius, ground, ground, t.clear)
	press.Border(ink, 1.5)
	shade := canvas.NewRectangle(color.Transparent)
	shade.CornerRadius = kit.Radius
	shade.Shadow.Color, shade.Shadow.BlurRadius, shade.Shadow.Offset = l.Shade, 14, fyne.NewPos(0, 4)
	t.root.Objects = []fyne.CanvasObject{kit.Stack(kit.Fill(l.Surface, kit.Radius), shade, press)}
	t.root.Refresh()
	long := 5*time.Second + time.Duration(len(title)+len(text))*30*time.Millisecond
	t.stop = t.w.deps.After(long, func() { t.w.deps.Draw(func() { t.expire(title + "\n" + text) }) })
}

// replace finds the message's place anew when something else stands on the screen.
func (t *toast) replace() {
	if len(t.root.Objects) > 0 {
		t.root.Refresh()
	}
}

func (t *toast) expire(text string) {
	if t.text == text {
		t.clear()
	}
}

func (t *toast) clear() {
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
	t.text = ""
	if len(t.root.Objects) > 0 {
		t.root.Objects = nil
		t.root.Refresh()
	}
}

func (w *Window) inform(text string) { w.news(moodInfo, text) }
func (w *Window) praise(text string) { w.news(moodGood, text) }
func (w *Window) warn(text string)   { w.news(moodWarn, text) }

// news shows a text whose first line is the title.
func (w *Window) news(level mood, text string) {
	title, rest := halves(text)
	w.toast.say(level, title, rest)
}
