package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

// signinState is what was typed, and until when nothing may be.
type signinState struct {
	pin   []rune
	code  string // all that was typed, once it was no PIN: most likely a barcode
	title string // what was wrong
	rest  string
	until time.Time // too many wrong PINs
}

// longestPIN is what a PIN has at most: a barcode that was scanned here is no wrong PIN.
const longestPIN = 8

// signin asks for the cashier's PIN.
type signin struct {
	w     *Window
	root  fyne.CanvasObject
	keys  *kit.Layer
	beads *kit.Beads
	title *kit.Text
	text  *kit.Text
	enter *kit.Button
	pad   []*kit.Button
}

func newSignin(w *Window) *signin {
	s := &signin{w: w}
	w.signin.pin, w.signin.code = nil, ""
	l := w.look
	const width = 348
	s.beads = kit.NewBeads(l, 4)
	s.title = kit.NewText("", kit.Style{Size: kit.TextLarge, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 2, Width: width})
	s.text = kit.NewText("", kit.Style{Size: 15, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: width})
	s.enter = w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.signin.enter"), Key: "Enter", Size: kit.TextLarge, Height: 60}, s.submit)
	pad := kit.KeypadWith(l, 64, "", func(r rune) { w.gate.enter(func() { s.typed(r) }) }, func(b *kit.Button) { s.pad = append(s.pad, b) })
	card := kit.Card(l, 20, kit.Column(14,
		kit.Least(width, 80, kit.Column(6, s.title, s.text)),
		kit.CentreX(s.beads.Container),
		kit.Blank(0, 0),
		pad, s.enter))
	s.root = kit.Centre(card)
	if len(w.deps.PracticeStaff) > 0 && w.view.Practice {
		column := kit.Column(6, kit.NewText(w.T("app.signin.practice"), kit.Style{Size: kit.TextBody, Bold: true, Color: l.Warn, Lines: 2, Width: 230}))
		for _, m := range w.deps.PracticeStaff {
			column.Add(kit.Row(8,
				kit.Grow(kit.NewText(w.T("role."+string(m.Role)), kit.Style{Color: l.Warn, Shrink: true})),
				kit.NewText(m.PIN, kit.Style{Bold: true, Color: l.Warn})))
		}
		hint := kit.Tinted(l.WarnSoft, 14, column)
		s.root = kit.Row(0, kit.Space(), kit.Blank(258+24, 0), kit.Centre(card), kit.Blank(24, 0), kit.Middle(hint), kit.Space())
	}
	s.keys = &kit.Layer{
		Name: nameSignin,
		Keys: map[fyne.KeyName]func(){
			fyne.KeyReturn:    s.submit,
			fyne.KeyTab:       s.submit,
			fyne.KeyEscape:    func() { w.signin = signinState{until: w.signin.until}; s.paint() },
			fyne.KeyBackspace: func() { s.typed('\b') },
			fyne.KeyF1:        w.openHelp,
		},
		Rune: func(r rune) bool { s.typed(r); return true },
	}
	s.paint()
	if s.waiting() > 0 { // built anew, for other colours
		s.countDown()
	}
	return s
}

func (s *signin) object() fyne.CanvasObject { return s.root }
func (s *signin) layer() *kit.Layer         { return s.keys }
func (s *signin) update(till.View)          {}

func (s *signin) waiting() time.Duration { return s.w.signin.until.Sub(s.w.deps.Now()) }

func (s *signin) typed(r rune) {
	st := &s.w.signin
	switch {
	case s.waiting() > 0:
		return
	case r == '\b':
		st.code = ""
		if len(st.pin) > 0 {
			st.pin = st.pin[:len(st.pin)-1]
		}
	case st.code == "" && r >= '0' && r <= '9' && len(st.pin) < longestPIN:
		st.pin = append(st.pin, r)
		st.title, st.rest = "", ""
	default:
		if st.code == "" {
			st.code = string(st.pin)
		}
		st.code += string(r)
	}
	s.paint()
}

func (s *signin) submit() {
	w, st := s.w, &s.w.signin
	if st.code != "" {
		st.pin, st.code = nil, ""
		st.title, st.rest = halves(w.T("app.signin.scan"))
		s.paint()
		return
	}
	if len(st.pin) == 0 || s.waiting() > 0 {
		return
	}
	pin := string(st.pin)
	st.pin = nil
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.SignIn(ctx, pin) }, func(err error) {
		if err == nil {
			w.signin = signinState{}
			w.toast.clear()
			w.refresh()
			return
		}
		st.title, st.rest = w.sentence(err)
		if code(err) == till.CodeWait {
			st.until = w.deps.Now().Add(seconds(err))
			s.countDown()
		}
		s.paint()
	})
}

// seconds is how long a CodeWait asks to wait.
func seconds(err error) time.Duration {
	var p *till.Problem
	if errors.As(err, &p) {
		for i := 0; i+1 < len(p.Args); i += 2 {
			if p.Args[i] == "seconds" {
				var n int
				if _, e := fmt.Sscan(fmt.Sprint(p.Args[i+1]), &n); e == nil && n > 0 && n < 24*60*60 {
					return time.Duration(n) * time.Second
				}
			}
		}
	}
	return 5 * time.Second
}

// countDown paints the seconds that are left, once a second and only while there are some.
func (s *signin) countDown() {
	w := s.w
	w.deps.After(time.Second, func() {
		w.deps.Draw(func() {
			if w.screen != screen(s) {
				return
			}
			if s.waiting() > 0 {
				s.countDown()
			} else {
				w.signin = signinState{}
			}
			s.paint()
		})
	})
}

func (s *signin) paint() {
	w, st, l := s.w, &s.w.signin, s.w.look
	title, text, ink := w.T("app.signin.title"), w.T("app.signin.text"), l.Ink
	if st.title != "" {
		title, text, ink = st.title, st.rest, l.Bad
	}
	left := s.waiting()
	if left > 0 {
		title, text = halves(w.T(problemKey(till.CodeWait), "seconds", w.lang.Integer(int64((left+time.Second-1)/time.Second))))
		ink = l.Warn
	}
	s.title.SetStyle(title, func(st *kit.Style) { st.Color = ink })
	s.text.Set(text)
	s.beads.Set(len(st.pin))
	s.enter.SetDisabled(left > 0 || len(st.pin) == 0)
	for _, b := range s.pad {
		b.SetDisabled(left > 0)
	}
}
