// Package xscreen drives a window on an X display from outside, as a cashier does: it presses keys through the XTEST
// extension and looks at the pixels. What it measures holds for any program in the window. It sleeps until the display tells
// through the DAMAGE extension that something was drawn: a program that is drawn by the processor must not have to share it
// with whoever measures how long that takes.
package xscreen

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/damage"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// Screen is a display with one window of interest.
type Screen struct {
	c      *xgb.Conn
	root   xproto.Window
	window xproto.Window
	size   image.Rectangle
	codes  map[xproto.Keysym]xproto.Keycode
	damage damage.Damage
	drawn  chan struct{} // something was drawn in the window since the damage was last mended
}

// ErrNoWindow tells that no window came up in time.
var ErrNoWindow = errors.New("xscreen: no window came up")

// Open connects to a display.
func Open(display string) (*Screen, error) {
	xgb.Logger.SetOutput(io.Discard) // it tells of what it tries, on standard error
	c, err := xgb.NewConnDisplay(display)
	if err != nil {
		return nil, fmt.Errorf("connecting to display %s: %w", display, err)
	}
	if err := xtest.Init(c); err != nil {
		c.Close()
		return nil, fmt.Errorf("asking for XTEST: %w", err)
	}
	s := &Screen{c: c, root: xproto.Setup(c).DefaultScreen(c).Root, codes: map[xproto.Keysym]xproto.Keycode{}, drawn: make(chan struct{}, 1)}
	if err := errors.Join(s.askDamage(), s.readKeys()); err != nil {
		c.Close()
		return nil, err
	}
	go s.hear()
	return s, nil
}

func (s *Screen) askDamage() error {
	err := damage.Init(s.c)
	if err == nil {
		_, err = damage.QueryVersion(s.c, 1, 1).Reply()
	}
	if err == nil {
		s.damage, err = damage.NewDamageId(s.c)
	}
	if err != nil {
		return fmt.Errorf("asking for DAMAGE: %w", err)
	}
	return nil
}

// hear passes on that something was drawn, until the display is left.
func (s *Screen) hear() {
	for {
		event, err := s.c.WaitForEvent()
		if event == nil && err == nil {
			return
		}
		if _, ok := event.(damage.NotifyEvent); ok {
			select {
			case s.drawn <- struct{}{}:
			default:
			}
		}
	}
}

// Close leaves the display.
func (s *Screen) Close() { s.c.Close() }

func (s *Screen) readKeys() error {
	setup := xproto.Setup(s.c)
	first, count := setup.MinKeycode, setup.MaxKeycode-setup.MinKeycode+1
	m, err := xproto.GetKeyboardMapping(s.c, first, byte(count)).Reply()
	if err != nil {
		return fmt.Errorf("reading the keyboard: %w", err)
	}
	per := int(m.KeysymsPerKeycode)
	for i := range int(count) {
		if sym := m.Keysyms[i*per]; sym != 0 {
			if _, ok := s.codes[sym]; !ok {
				s.codes[sym] = first + xproto.Keycode(i)
			}
		}
	}
	return nil
}

// Find waits for a window of at least half the size of a till's, and gives it the keyboard: no window manager runs.
func (s *Screen) Find(ctx context.Context) error {
	for {
		tree, err := xproto.QueryTree(s.c, s.root).Reply()
		if err != nil {
			return fmt.Errorf("looking for the window: %w", err)
		}
		for _, w := range tree.Children {
			a, err1 := xproto.GetWindowAttributes(s.c, w).Reply()
			g, err2 := xproto.GetGeometry(s.c, xproto.Drawable(w)).Reply()
			if err1 != nil || err2 != nil || a.MapState != xproto.MapStateViewable || g.Width < 600 || g.Height < 400 {
				continue
			}
			s.window, s.size = w, image.Rect(0, 0, int(g.Width), int(g.Height))
			if err := damage.CreateChecked(s.c, s.damage, xproto.Drawable(w), damage.ReportLevelNonEmpty).Check(); err != nil {
				return fmt.Errorf("watching the window: %w", err)
			}
			return xproto.SetInputFocusChecked(s.c, xproto.InputFocusPointerRoot, w, xproto.TimeCurrentTime).Check()
		}
		if err := pause(ctx, 5*time.Millisecond); err != nil {
			return errors.Join(ErrNoWindow, err)
		}
	}
}

// Size is the window's, from 0, 0.
func (s *Screen) Size() image.Rectangle { return s.size }

// Keysyms of keys that are no characters.
const (
	Return    xproto.Keysym = 0xff0d
	Escape    xproto.Keysym = 0xff1b
	BackSpace xproto.Keysym = 0xff08
	Delete    xproto.Keysym = 0xffff
	Up        xproto.Keysym = 0xff52
	Down      xproto.Keysym = 0xff54
	Right     xproto.Keysym = 0xff53
	F1        xproto.Keysym = 0xffbe // and F2 to F12 after it
	Star      xproto.Keysym = 0xffaa // of the number pad
)

// Press presses a key and lets it go.
func (s *Screen) Press(sym xproto.Keysym) error {
	code, ok := s.codes[sym]
	if !ok {
		return fmt.Errorf("the keyboard has no key %#x", uint32(sym))
	}
	for _, kind := range []byte{xproto.KeyPress, xproto.KeyRelease} {
		if err := xtest.FakeInputChecked(s.c, kind, byte(code), 0, s.root, 0, 0, 0).Check(); err != nil {
			return fmt.Errorf("pressing a key: %w", err)
		}
	}
	return nil
}

// Type presses the keys of a text of digits, small Latin letters and what needs no shift.
func (s *Screen) Type(text string) error {
	for _, r := range text {
		sym := xproto.Keysym(r)
		if r == '*' {
			sym = Star
		}
		if err := s.Press(sym); err != nil {
			return err
		}
	}
	return nil
}

// Look reads the pixels of a part of the window, four bytes each.
func (s *Screen) Look(part image.Rectangle) ([]byte, error) {
	img, err := xproto.GetImage(s.c, xproto.ImageFormatZPixmap, xproto.Drawable(s.window), int16(part.Min.X), int16(part.Min.Y),
		uint16(part.Dx()), uint16(part.Dy()), ^uint32(0)).Reply()
	if err != nil {
		return nil, fmt.Errorf("looking at the window: %w", err)
	}
	return img.Data, nil
}

// Still waits until a part of the window has looked the same for so long, and gives what it looks like.
func (s *Screen) Still(ctx context.Context, part image.Rectangle, quiet time.Duration) ([]byte, error) {
	last, err := s.Look(part)
	if err != nil {
		return nil, err
	}
	for since := time.Now(); time.Since(since) < quiet; {
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return nil, err
		}
		now, err := s.Look(part)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(now, last) {
			last, since = now, time.Now()
		}
	}
	return last, nil
}

// Changed waits until a part of the window looks different from before, and tells when it did.
func (s *Screen) Changed(ctx context.Context, part image.Rectangle, before []byte) (time.Time, error) {
	for {
		if err := damage.SubtractChecked(s.c, s.damage, 0, 0).Check(); err != nil {
			return time.Time{}, fmt.Errorf("watching the window: %w", err)
		}
		now, err := s.Look(part)
		if err != nil {
			return time.Time{}, err
		}
		if !bytes.Equal(now, before) {
			return time.Now(), nil
		}
		select {
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		case <-s.drawn:
		}
	}
}

// Differs is the smallest part of the window in which two pictures of all of it differ.
func (s *Screen) Differs(a, b []byte) image.Rectangle {
	var part image.Rectangle
	width := s.size.Dx()
	for i := 0; i+4 <= min(len(a), len(b)); i += 4 {
		if !bytes.Equal(a[i:i+3], b[i:i+3]) {
			x, y := i/4%width, i/4/width
			part = part.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	return part
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
