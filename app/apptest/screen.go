// Package apptest works the till's window with no display: it presses keys, scans, touches and reads what is written on
// the screen, as a cashier would. It stands on Fyne's test driver; it is for tests, and for programs that are killed by
// tests.
package apptest

import (
	"errors"
	"fmt"
	"image"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"kassa/app"
	"kassa/app/kit"
)

// Screen is a window on Fyne's test driver. All its methods are called on one goroutine, which is the drawing goroutine.
type Screen struct {
	Window *app.Window
	App    fyne.App

	mu      sync.Mutex
	queue   []func()
	working int // calls to the till under way
	news    chan struct{}
}

// patience is how long Settle and Until wait.
const patience = 30 * time.Second

// ErrWaiting tells that what was waited for did not come.
var ErrWaiting = errors.New("apptest: waited in vain")

// Open opens the window in a size. Go and Draw of deps are replaced, so that everything that draws runs inside the
// methods of Screen.
func Open(deps app.Deps, width, height float32) (*Screen, error) {
	s := &Screen{App: test.NewApp(), news: make(chan struct{}, 1)}
	deps.Go = s.run
	deps.Draw = s.draw
	w, err := app.New(s.App, deps)
	if err != nil {
		return nil, err
	}
	s.Window = w
	w.Fyne().Resize(fyne.NewSize(width, height))
	return s, s.Settle()
}

func (s *Screen) run(f func()) {
	s.mu.Lock()
	s.working++
	s.mu.Unlock()
	go func() {
		f()
		s.mu.Lock()
		s.working--
		s.mu.Unlock()
		s.wake()
	}()
}

func (s *Screen) draw(f func()) {
	s.mu.Lock()
	s.queue = append(s.queue, f)
	s.mu.Unlock()
	s.wake()
}

func (s *Screen) wake() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// Draw draws what waits to be drawn, and tells whether the till is still working on something.
func (s *Screen) Draw() (busy bool) {
	for {
		s.mu.Lock()
		queue := s.queue
		s.queue = nil
		working := s.working
		s.mu.Unlock()
		if len(queue) == 0 {
			return working > 0
		}
		for _, f := range queue {
			f()
		}
	}
}

// Settle waits until everything that was asked of the till has been answered and drawn.
func (s *Screen) Settle() error {
	end := time.After(patience)
	for s.Draw() {
		select {
		case <-s.news:
		case <-end:
			return fmt.Errorf("%w: the till is still at work", ErrWaiting)
		}
	}
	return nil
}

// Until draws until cond holds.
func (s *Screen) Until(what string, cond func() bool) error {
	end := time.After(patience)
	for {
		s.Draw()
		if cond() {
			return nil
		}
		select {
		case <-s.news:
		case <-time.After(20 * time.Millisecond): // something that no view tells of
		case <-end:
			return fmt.Errorf("%w: %s; the screen says:\n%s", ErrWaiting, what, strings.Join(s.Texts(), "\n"))
		}
	}
}

// Press presses a key and waits for what comes of it.
func (s *Screen) Press(k fyne.KeyName) error {
	s.Window.Fyne().Canvas().OnTypedKey()(&fyne.KeyEvent{Name: k})
	return s.Settle()
}

// Type types a text. It does not wait.
func (s *Screen) Type(text string) {
	for _, r := range text {
		s.Window.Fyne().Canvas().OnTypedRune()(r)
	}
}

// Scan is what a scanner does: the code and Enter. It does not wait, as a scanner does not.
func (s *Screen) Scan(code string) {
	s.Type(code)
	s.Window.Fyne().Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn})
}

// Tap touches the first thing that can be touched and has a text, from the top layer down.
func (s *Screen) Tap(text string) error {
	at, err := s.find(text)
	if err != nil {
		return err
	}
	s.TapAt(at)
	return s.Settle()
}

// Hold touches what Tap does and lifts the finger after wait.
func (s *Screen) Hold(text string, wait func()) error {
	at, err := s.find(text)
	if err != nil {
		return err
	}
	var under desktop.Mouseable
	s.walk(func(o fyne.CanvasObject, pos fyne.Position) {
		m, ok := o.(desktop.Mouseable)
		if ok && at.X >= pos.X && at.Y >= pos.Y && at.X < pos.X+o.Size().Width && at.Y < pos.Y+o.Size().Height {
			under = m
		}
	})
	if under == nil {
		return fmt.Errorf("apptest: %q cannot be touched", text)
	}
	under.MouseDown(&desktop.MouseEvent{})
	wait()
	under.MouseUp(&desktop.MouseEvent{})
	s.TapAt(at)
	return s.Settle()
}

// find is the middle of the uppermost thing that has a text.
func (s *Screen) find(text string) (fyne.Position, error) {
	s.Draw()
	return Find(s.canvas(), text)
}

// Find is the middle of the uppermost thing on a canvas that has a text.
func Find(c fyne.Canvas, text string) (fyne.Position, error) {
	var at *fyne.Position
	see(c, func(o fyne.CanvasObject, pos fyne.Position) {
		switch v := o.(type) {
		case *kit.Button:
			if v.Label() != text {
				return
			}
		case *kit.Text:
			if plain(v.Value()) != plain(text) {
				return
			}
		default:
			return
		}
		p := pos.AddXY(o.Size().Width/2, o.Size().Height/2)
		at = &p // the last one is the uppermost
	})
	if at == nil {
		return fyne.Position{}, fmt.Errorf("apptest: nothing says %q; the screen says:\n%s", text, strings.Join(Texts(c), "\n"))
	}
	return *at, nil
}

// TapAt touches a place.
func (s *Screen) TapAt(at fyne.Position) { test.TapCanvas(s.Window.Fyne().Canvas(), at) }

// Texts are the texts on the screen, from the lowest layer up.
func (s *Screen) Texts() []string { return Texts(s.canvas()) }

// Texts are the texts on a canvas, from the lowest layer up.
func Texts(c fyne.Canvas) []string {
	var out []string
	see(c, func(o fyne.CanvasObject, _ fyne.Position) {
		switch v := o.(type) {
		case *kit.Text:
			if v.Value() != "" {
				out = append(out, v.Value())
			}
		case *kit.Button:
			if v.Label() != "" {
				out = append(out, "["+v.Label()+"]")
			}
		case *kit.Field:
			if v.Value() != "" {
				out = append(out, v.Value())
			}
		}
	})
	return out
}

// Says tells whether a text on the screen contains part.
func (s *Screen) Says(part string) bool {
	for _, t := range s.Texts() {
		if strings.Contains(plain(t), plain(part)) {
			return true
		}
	}
	return false
}

// Codes counts the pictures on the screen that are no icons: QR codes.
func (s *Screen) Codes() int {
	n := 0
	s.walk(func(o fyne.CanvasObject, _ fyne.Position) {
		if i, ok := o.(*canvas.Image); ok && i.Resource == nil && i.Image != nil {
			n++
		}
	})
	return n
}

// plain makes spaces that do not break ordinary ones: nobody sees the difference.
func plain(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

// Paper is the widest picture that can be seen: on the page of the slips' look, the preview. nil when there is none.
func (s *Screen) Paper() (paper image.Image) {
	s.walk(func(o fyne.CanvasObject, _ fyne.Position) {
		if img, ok := o.(*canvas.Image); ok && img.Image != nil && (paper == nil || img.Image.Bounds().Dx() > paper.Bounds().Dx()) {
			paper = img.Image
		}
	})
	return paper
}

// Picture is the window as it is painted.
func (s *Screen) Picture() image.Image { return s.Window.Fyne().Canvas().Capture() }

// Cut lists texts that leave the window, or the room that their widget has: what a person would see cut.
func (s *Screen) Cut() []string { return Cut(s.canvas()) }

// Cut lists what a person would see cut on a canvas.
func Cut(c fyne.Canvas) []string {
	var out []string
	size := c.Size()
	see(c, func(o fyne.CanvasObject, pos fyne.Position) {
		if row, ok := o.(*fyne.Container); ok {
			out = append(out, overfull(row)...)
		}
		t, ok := o.(*canvas.Text)
		if !ok || strings.TrimSpace(t.Text) == "" {
			return
		}
		need := t.MinSize()
		switch {
		case need.Width > t.Size().Width+1.5:
			out = append(out, fmt.Sprintf("%q is %.0f wide in a place of %.0f", t.Text, need.Width, t.Size().Width))
		case pos.X < -1 || pos.X+need.Width > size.Width+1 || pos.Y < -1 || pos.Y+need.Height > size.Height+1:
			out = append(out, fmt.Sprintf("%q leaves the window at %v", t.Text, pos))
		}
	})
	return out
}

// overfull lists the buttons of a row that stand outside of it: the row was given less than its buttons need.
func overfull(row *fyne.Container) []string {
	var out []string
	for _, o := range row.Objects {
		b, ok := o.(*kit.Button)
		if c, grows := o.(*fyne.Container); grows && len(c.Objects) == 1 {
			b, ok = c.Objects[0].(*kit.Button)
		}
		if right := o.Position().X + o.Size().Width; ok && o.Visible() && right > row.Size().Width+1 {
			out = append(out, fmt.Sprintf("the button %q ends at %.0f in a row of %.0f", b.Label(), right, row.Size().Width))
		}
	}
	return out
}

// Close closes the window.
func (s *Screen) Close() {
	s.Window.Close()
	s.Window.Fyne().Close()
}

func (s *Screen) canvas() fyne.Canvas { return s.Window.Fyne().Canvas() }

func (s *Screen) walk(visit func(fyne.CanvasObject, fyne.Position)) { see(s.canvas(), visit) }

// see visits what can be seen, the lower before the upper; what a list clips away is left out.
func see(c fyne.Canvas, visit func(fyne.CanvasObject, fyne.Position)) {
	size := c.Size()
	walk(c.Content(), fyne.Position{}, sight{to: fyne.NewPos(size.Width, size.Height)}, visit)
}

// sight is the part of the window in which something can be seen.
type sight struct {
	from, to fyne.Position
	list     bool // a list clips: what it shows in part can be scrolled
}

// within is what a list leaves of it.
func (s sight) within(pos fyne.Position, size fyne.Size) sight {
	return sight{
		from: fyne.NewPos(max(s.from.X, pos.X), max(s.from.Y, pos.Y)),
		to:   fyne.NewPos(min(s.to.X, pos.X+size.Width), min(s.to.Y, pos.Y+size.Height)),
		list: true,
	}
}

func walk(o fyne.CanvasObject, at fyne.Position, in sight, visit func(fyne.CanvasObject, fyne.Position)) {
	if o == nil || !o.Visible() {
		return
	}
	pos, size := at.Add(o.Position()), o.Size()
	if clips(o) {
		in = in.within(pos, size)
	}
	if pos.X+size.Width <= in.from.X || pos.Y+size.Height <= in.from.Y || pos.X >= in.to.X && size.Width > 0 || pos.Y >= in.to.Y && size.Height > 0 {
		if _, container := o.(*fyne.Container); !container {
			return
		}
	}
	if _, text := o.(*canvas.Text); text && in.list && (pos.Y < in.from.Y || pos.Y+size.Height > in.to.Y) {
		return
	}
	visit(o, pos)
	switch v := o.(type) {
	case *fyne.Container:
		for _, child := range v.Objects {
			walk(child, pos, in, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(v).Objects() {
			walk(child, pos, in, visit)
		}
	}
}

func clips(o fyne.CanvasObject) bool {
	switch o.(type) {
	case *kit.Grid, *kit.Strip:
		return true
	}
	return false
}
