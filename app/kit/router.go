package kit

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Layer is what keys mean on one screen or in one dialog.
type Layer struct {
	Name string
	Keys map[fyne.KeyName]func()
	// Rune takes a typed character and tells whether it wanted it.
	Rune func(r rune) bool
	// Scan takes what a scanner, or a person, typed and ended with Enter where Rune did not want the characters.
	Scan func(code string)
	// Closed keeps keys that the layer does not know from those below: a dialog.
	Closed bool
}

// stale is how long half a code may lie about before Enter is an Enter again.
const stale = 2 * time.Second

// Router takes every key of the window to the layer at the top, or to the first below it that knows the key.
//
// It is also the decoder of scanners: a scanner types fast and ends with Enter or Tab. Characters that no layer wanted
// are collected, and the Enter after them belongs to the code and presses nothing.
type Router struct {
	layers []*Layer
	now    func() time.Time
	code   []rune
	last   time.Time
	downs  map[fyne.KeyName]bool // keys that went down and were not yet delivered; nil while the driver reports no such thing
	gate   func(func()) bool
	moved  map[fyne.KeyName]fyne.KeyName // what a key means, where it means another one

	// Torn is called for a code of which a part was dropped; it has to be scanned again. May be nil.
	Torn  func()
	heard time.Time // when the last character came, dropped or not
	torn  bool      // it, or one just before it, was dropped
}

// hand is less than what lies between two characters that a person types on purpose, and more than between two of a
// scanner.
const hand = 80 * time.Millisecond

// NewRouter makes a router. Every key passes through gate, which may run it now, or later, in order, or else drops it and
// returns false.
func NewRouter(now func() time.Time, gate func(func()) bool) *Router {
	return &Router{now: now, gate: gate}
}

// Move has keys mean other ones: the first of a pair is the one on the keyboard.
func (r *Router) Move(means map[fyne.KeyName]fyne.KeyName) { r.moved = means }

// Attach makes the router hear a canvas.
func (r *Router) Attach(c fyne.Canvas) {
	c.SetOnTypedKey(func(e *fyne.KeyEvent) { r.Key(e.Name) })
	c.SetOnTypedRune(r.Rune)
	if d, ok := c.(desktop.Canvas); ok {
		d.SetOnKeyDown(func(e *fyne.KeyEvent) { r.keyDown(e.Name) })
	}
	c.AddShortcut(&fyne.ShortcutPaste{}, func(s fyne.Shortcut) {
		p, ok := s.(*fyne.ShortcutPaste)
		if !ok || p.Clipboard == nil {
			return
		}
		r.Paste(p.Clipboard.Content())
	})
}

// Paste types a text that was copied somewhere; a long one is cut.
func (r *Router) Paste(text string) {
	for i, c := range []rune(text) {
		if c < ' ' || i >= 128 {
			return
		}
		r.Rune(c)
	}
}

// Base puts a screen's layer under everything and drops all that was above.
func (r *Router) Base(l *Layer) {
	r.layers = append(r.layers[:0], l)
	r.tear()
}

// Push puts a layer on top.
func (r *Router) Push(l *Layer) {
	r.layers = append(r.layers, l)
	r.tear()
}

// Remove takes a layer away, wherever it is.
func (r *Router) Remove(l *Layer) {
	for i, o := range r.layers {
		if o == l {
			r.layers = append(r.layers[:i], r.layers[i+1:]...)
			r.tear()
			return
		}
	}
}

// tear forgets a code that was begun: its rest would be another code, in another place.
func (r *Router) tear() {
	r.torn = r.torn || len(r.code) > 0
	r.code = nil
}

// rest tells whether what comes now is the rest of a code whose beginning was dropped.
func (r *Router) rest() bool {
	r.torn = r.torn && r.now().Sub(r.heard) < hand
	return r.torn
}

// Has tells whether a layer is there, wherever it is.
func (r *Router) Has(l *Layer) bool { return slices.Contains(r.layers, l) }

// Top is the name of the uppermost layer.
func (r *Router) Top() string {
	if len(r.layers) == 0 {
		return ""
	}
	return r.layers[len(r.layers)-1].Name
}

// keyDown hears a key go down, which drivers report once, where they report its typing again and again while it is held.
func (r *Router) keyDown(k fyne.KeyName) {
	if r.downs == nil {
		r.downs = map[fyne.KeyName]bool{}
	}
	r.downs[k] = true
	if k == fyne.KeyTab { // never typed: Fyne keeps it for moving the focus
		r.Key(k)
	}
}

// Key presses a key.
func (r *Router) Key(k fyne.KeyName) {
	if k == fyne.KeyEnter {
		k = fyne.KeyReturn
		if r.downs != nil {
			r.downs[k] = r.downs[k] || r.downs[fyne.KeyEnter]
			delete(r.downs, fyne.KeyEnter)
		}
	}
	if r.downs != nil {
		again := !r.downs[k]
		delete(r.downs, k)
		if again && !repeats(k) {
			return // the key is being held down: nothing is confirmed twice by that
		}
	}
	if (k == fyne.KeyReturn || k == fyne.KeyTab) && r.rest() {
		r.torn = false
		if r.Torn != nil {
			r.Torn()
		}
		return
	}
	if means, ok := r.moved[k]; ok {
		k = means
	}
	r.gate(func() { r.press(k) })
}

// repeats tells which keys may act again while they are held.
func repeats(k fyne.KeyName) bool {
	switch k {
	case fyne.KeyBackspace, fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight, fyne.KeyPageUp, fyne.KeyPageDown:
		return true
	}
	return false
}

func (r *Router) press(k fyne.KeyName) {
	if len(r.code) > 0 && (k == fyne.KeyReturn || k == fyne.KeyTab) {
		code := string(r.code)
		r.code = nil
		if r.now().Sub(r.last) < stale {
			r.scanned(code)
			return
		}
	}
	for i := len(r.layers) - 1; i >= 0; i-- {
		l := r.layers[i]
		if f, ok := l.Keys[k]; ok {
			f()
			return
		}
		if l.Closed {
			return
		}
	}
}

func (r *Router) scanned(code string) {
	for i := len(r.layers) - 1; i >= 0; i-- {
		l := r.layers[i]
		if l.Scan != nil {
			l.Scan(Latin(code))
			return
		}
		if l.Closed {
			return
		}
	}
}

// Rune types a character.
func (r *Router) Rune(c rune) {
	rest := r.rest()
	r.heard = r.now()
	if rest {
		return
	}
	took := r.gate(func() {
		for i := len(r.layers) - 1; i >= 0; i-- {
			l := r.layers[i]
			if l.Rune != nil && l.Rune(c) {
				return
			}
			if l.Closed {
				break
			}
		}
		now := r.now()
		if now.Sub(r.last) >= stale {
			r.code = nil
		}
		r.last = now
		if len(r.code) < 256 {
			r.code = append(r.code, c)
		}
	})
	r.torn = r.torn || !took
}
