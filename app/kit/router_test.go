package kit_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kassa/app/kit"
)

// pressed is a router whose layers write down what they hear.
type pressed struct {
	*kit.Router
	now   time.Time
	heard []string
}

func newPressed() *pressed {
	p := &pressed{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	p.Router = kit.NewRouter(func() time.Time { return p.now }, func(f func()) bool { f(); return true })
	return p
}

func (p *pressed) layer(name string, closed bool, keys ...fyne.KeyName) *kit.Layer {
	l := &kit.Layer{Name: name, Closed: closed, Keys: map[fyne.KeyName]func(){}, Scan: func(code string) { p.heard = append(p.heard, name+" scan "+code) }}
	for _, k := range keys {
		l.Keys[k] = func() { p.heard = append(p.heard, name+" "+string(k)) }
	}
	return l
}

func (p *pressed) typed(text string) {
	for _, r := range text {
		p.Rune(r)
	}
}

func (p *pressed) want(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(p.heard, want) {
		t.Fatalf("heard %q, want %q", p.heard, want)
	}
	p.heard = nil
}

func TestKeysGoToTheTopLayerThatKnowsThem(t *testing.T) {
	p := newPressed()
	p.Base(p.layer("screen", false, fyne.KeyF1, fyne.KeyReturn))
	p.Push(p.layer("open", false, fyne.KeyReturn))
	p.Key(fyne.KeyReturn)
	p.Key(fyne.KeyEnter) // of the number pad
	p.Key(fyne.KeyF1)
	p.want(t, "open Return", "open Return", "screen F1")
	dialog := p.layer("dialog", true, fyne.KeyEscape)
	p.Push(dialog)
	p.Key(fyne.KeyF1)
	p.Key(fyne.KeyReturn)
	p.Key(fyne.KeyEscape)
	p.want(t, "dialog Escape")
	p.Remove(dialog)
	p.Key(fyne.KeyF1)
	p.want(t, "screen F1")
	if p.Top() != "open" {
		t.Fatalf("on top is %q", p.Top())
	}
}

func TestEnterAfterACodeBelongsToTheCode(t *testing.T) {
	for name, end := range map[string]fyne.KeyName{"Enter": fyne.KeyReturn, "number pad": fyne.KeyEnter, "Tab": fyne.KeyTab} {
		t.Run(name, func(t *testing.T) {
			p := newPressed()
			p.Base(p.layer("screen", false, fyne.KeyReturn))
			p.Push(p.layer("dialog", true, fyne.KeyReturn))
			p.typed("4600000000011")
			p.Key(end)
			p.want(t, "dialog scan 4600000000011")
		})
	}
}

func TestStrayLetterDoesNotEatAnEnterForEver(t *testing.T) {
	p := newPressed()
	p.Base(p.layer("screen", false, fyne.KeyReturn))
	p.typed("x")
	p.now = p.now.Add(10 * time.Second)
	p.Key(fyne.KeyReturn)
	p.want(t, "screen Return")
}

// desk is a canvas that tells when a key goes down, as those of desktop drivers do.
type desk struct {
	fyne.Canvas
	down func(*fyne.KeyEvent)
}

func (d *desk) OnKeyDown() func(*fyne.KeyEvent)     { return d.down }
func (d *desk) SetOnKeyDown(f func(*fyne.KeyEvent)) { d.down = f }
func (d *desk) OnKeyUp() func(*fyne.KeyEvent)       { return nil }
func (d *desk) SetOnKeyUp(func(*fyne.KeyEvent))     {}

func TestHeldKeyConfirmsOnce(t *testing.T) {
	c := &desk{Canvas: test.NewTempApp(t).NewWindow("").Canvas()}
	p := newPressed()
	p.Attach(c)
	p.Base(p.layer("screen", false, fyne.KeyReturn, fyne.KeyDown))
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyDown} {
		c.down(&fyne.KeyEvent{Name: k})
		for range 3 { // the press, and two repeats while it is held
			c.OnTypedKey()(&fyne.KeyEvent{Name: k})
		}
	}
	p.want(t, "screen Return", "screen Down", "screen Down", "screen Down")
	c.down(&fyne.KeyEvent{Name: fyne.KeyEnter})
	c.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEnter})
	p.want(t, "screen Return")
}

func TestPasteIsTyping(t *testing.T) {
	p := newPressed()
	p.Base(p.layer("screen", false))
	p.Paste("4600000000011\nrest")
	p.Key(fyne.KeyReturn)
	p.want(t, "screen scan 4600000000011")
}

func TestLatin(t *testing.T) {
	for typed, want := range map[string]string{
		"4600000000011": "4600000000011",
		"ФИ-12":         "AB-12",
		"йцу№1":         "qwe#1",
		"ABC.1":         "ABC.1", // nothing Cyrillic: the layout was English
		"Ф.1":           "A/1",
		"":              "",
	} {
		if got := kit.Latin(typed); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
}

func FuzzLatin(f *testing.F) {
	for _, s := range []string{"", "ФИ-12", "4600000000011", "\xff№", "ёЁ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := kit.Latin(s)
		if utf8.ValidString(s) && utf8.RuneCountInString(got) != utf8.RuneCountInString(s) {
			t.Fatalf("%q became %q", s, got)
		}
		if !strings.ContainsFunc(got, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) && kit.Latin(got) != got {
			t.Fatalf("%q is not settled: %q", got, kit.Latin(got))
		}
	})
}

func FuzzRouter(f *testing.F) {
	f.Add("4600000000011\n*\n\tФИ\n")
	f.Fuzz(func(t *testing.T, keys string) {
		p := newPressed()
		p.Base(p.layer("screen", false, fyne.KeyReturn))
		p.Push(p.layer("dialog", true, fyne.KeyReturn))
		for _, r := range keys {
			switch r {
			case '\n':
				p.Key(fyne.KeyReturn)
			case '\t':
				p.Key(fyne.KeyTab)
			default:
				p.Rune(r)
			}
		}
		for _, h := range p.heard {
			if h[:6] != "dialog" {
				t.Fatalf("past the dialog: %q", p.heard)
			}
		}
	})
}

// A till that is at work drops what is typed. The rest of a code whose beginning was dropped is no code, and its Enter
// is nobody's.
func TestRestOfATornCodeIsNoCode(t *testing.T) {
	p := newPressed()
	busy, torn := false, 0
	p.Router = kit.NewRouter(func() time.Time { return p.now }, func(f func()) bool {
		if !busy {
			f()
		}
		return !busy
	})
	p.Torn = func() { torn++ }
	p.Base(p.layer("screen", false, fyne.KeyReturn))
	busy = true
	p.typed("4600")
	busy = false
	p.typed("000011")
	p.Key(fyne.KeyReturn)
	p.want(t)
	if torn != 1 {
		t.Fatalf("told %d times", torn)
	}
	p.typed("4600000000011")
	p.Key(fyne.KeyReturn)
	p.want(t, "screen scan 4600000000011")

	busy = true
	p.typed("4")
	busy = false
	p.now = p.now.Add(time.Second) // a person, not the scanner that was dropped
	p.typed("12")
	p.Key(fyne.KeyReturn)
	p.want(t, "screen scan 12")

	p.typed("460000") // a dialog goes away in the middle of a code
	p.Base(p.layer("screen", false, fyne.KeyReturn))
	p.typed("0000011")
	p.Key(fyne.KeyReturn)
	p.want(t)
	if torn != 2 {
		t.Fatalf("told %d times", torn)
	}
}
