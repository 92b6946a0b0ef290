package app

import (
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/i18n"
)

// The least window that everything can be used in.
const (
	leastWidth  = 1024
	leastHeight = 600
)

// Window is the till's window.
type Window struct {
	deps   Deps
	fyne   fyne.App
	window fyne.Window
	router *kit.Router
	gate   gate

	look  *kit.Look
	theme *kit.Theme
	lang  *i18n.Language
	view  till.View

	spoken *i18n.Language // lang, with the function keys called as the till has them
	moved  till.Keys      // where the shop has the function keys

	screen     screen
	dialogs    []*dialog
	bar        *bar
	full       bool    // the window fills the screen, as far as the settings go
	buyer      *buyer  // the window turned to the buyer; nil when the shop has none
	qrDialog   *dialog // not nil while a QR payment is shown
	backDialog *dialog // not nil while money that goes back by QR is shown
	toast      *toast
	under      *fyne.Container // the bar, and the screen's place
	place      *fyne.Container // of the screen
	layers     *fyne.Container // of the dialogs

	sale       saleState
	signin     signinState
	setup      setupState
	importing  *importJob // the price list that was opened last; nil when there is none
	pages      []page     // over the sale, the last one on top
	printer    till.Code  // the trouble that was told of last
	parkedSold int64      // the operation that was told of last
	soldHeard  int64      // the operation that was sounded for last
	told       told
	shiftEnded time.Time // when a shift was closed at this window
	quitting   func()    // stops watching the till
	qrSince    struct {  // since when the QR payment on the screen is in its state
		is string
		at time.Time
	}

	stale atomic.Bool // a newer view waits to be drawn
}

// screen is what fills the window under the bar.
type screen interface {
	object() fyne.CanvasObject
	layer() *kit.Layer
	update(v till.View)
}

// The choices that are kept from one start to the next.
const (
	preferLanguage = "language"
	preferLook     = "look" // "light", "dark" or "" for the system's
)

// New makes the window of a till. It must be called, like everything of Window, on the drawing goroutine.
func New(a fyne.App, deps Deps) (*Window, error) {
	w := &Window{deps: deps.filled(), fyne: a}
	w.gate.deps, w.gate.refresh, w.gate.leave = &w.deps, w.refresh, w.askLeave
	tag := w.deps.Language
	if tag == "" {
		tag = a.Preferences().StringWithFallback(preferLanguage, i18n.Russian)
	}
	if err := w.speak(tag); err != nil {
		return nil, fmt.Errorf("opening the window: %w", err)
	}
	w.window = a.NewWindow("Kassa")
	w.window.SetPadded(false)
	w.window.SetMaster()
	w.router = kit.NewRouter(w.deps.Now, w.gate.enter)
	w.router.Torn = func() { w.gate.after(func() { w.sound(SoundError); w.warn(w.T("app.scan.torn")) }) }
	w.router.Attach(w.window.Canvas())
	w.view = w.deps.Till.View()
	w.followKeys(w.view)
	w.full = w.wantsFull()
	w.window.SetFullScreen(w.full && !w.deps.Windowed)
	w.dress()
	w.build()
	w.window.Resize(fyne.NewSize(1280, 800))
	a.Settings().AddListener(func(fyne.Settings) { w.redress() })
	w.quitting = w.deps.Till.Watch(w.changed)
	w.tick()
	return w, nil
}

// ShowAndRun shows the window and returns when it was closed.
func (w *Window) ShowAndRun() {
	w.window.ShowAndRun()
	w.Close()
}

// Close stops listening to the till.
func (w *Window) Close() {
	if w.quitting != nil {
		w.quitting()
		w.quitting = nil
	}
	w.dropImport()
}

// Fyne is the window underneath, for its size, its icon and its canvas.
func (w *Window) Fyne() fyne.Window { return w.window }

// Press presses a key, as the keyboard does.
func (w *Window) Press(k fyne.KeyName) { w.router.Key(k) }

// Type types a text, as a keyboard or a scanner does.
func (w *Window) Type(text string) {
	for _, r := range text {
		w.router.Rune(r)
	}
}

// speak takes a language.
func (w *Window) speak(tag string) error {
	l, err := i18n.Load(tag)
	if err != nil {
		return err
	}
	if w.deps.Zone != nil {
		l = l.In(w.deps.Zone)
	}
	w.spoken = l
	w.reword()
	return nil
}

// dress takes the palette that was chosen, or the system's.
func (w *Window) dress() {
	w.look = chosenLook(w.fyne)
	w.theme = w.look.Theme()
	w.fyne.Settings().SetTheme(w.theme)
}

func chosenLook(a fyne.App) *kit.Look {
	dark := systemDark(a)
	switch a.Preferences().String(preferLook) {
	case "light":
		dark = false
	case "dark":
		dark = true
	}
	if dark {
		return kit.Dark()
	}
	return kit.Light()
}

// systemDark tells whether the desktop asks for dark colours. Where there is no desktop to ask, Fyne answers dark; a shop
// is bright.
func systemDark(a fyne.App) bool {
	if runtime.GOOS == "linux" && os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		return false
	}
	return a.Settings().ThemeVariant() == theme.VariantDark
}

// redress follows the system's change between light and dark.
func (w *Window) redress() {
	if w.fyne.Preferences().String(preferLook) != "" {
		return
	}
	if systemDark(w.fyne) != w.look.Dark {
		w.dress()
		w.build()
	}
}

// SetDark chooses a palette for good.
func (w *Window) SetDark(dark bool) {
	name := "light"
	if dark {
		name = "dark"
	}
	w.fyne.Preferences().SetString(preferLook, name)
	w.dress()
	w.build()
}

// SetLanguage chooses a language for good.
func (w *Window) SetLanguage(tag string) {
	if err := w.speak(tag); err != nil {
		w.deps.Log.Error("changing the language", "err", err)
		return
	}
	w.fyne.Preferences().SetString(preferLanguage, tag)
	w.build()
}

// build makes the whole picture from nothing: at the start, and for another language or palette.
func (w *Window) build() {
	w.bar = newBar(w)
	w.place = kit.Stack()
	w.layers = kit.Stack()
	w.toast = newToast(w, w.toast)
	w.screen = nil
	w.under = kit.Column(0, w.bar.root, kit.Grow(w.place))
	content := kit.Stack(
		w.under,
		w.layers,
		w.toast.root,
	)
	w.window.SetContent(kit.Least(leastWidth, leastHeight, content))
	w.show()
	for _, d := range w.dialogs {
		d.body = d.make()
	}
	w.stackDialogs()
	for _, d := range w.dialogs {
		if d.body.update != nil {
			d.body.update(w.view)
		}
	}
}

// changed is called by the till, on any goroutine, after every change.
func (w *Window) changed() {
	if w.stale.Swap(true) {
		return
	}
	w.deps.Draw(w.refresh)
}

// refresh draws the newest view.
func (w *Window) refresh() {
	w.stale.Store(false)
	v := w.deps.Till.View()
	if v.Revision == w.view.Revision && w.screen != nil {
		return
	}
	w.leaveReturned(w.view, v)
	w.view = v
	if w.followKeys(v) {
		w.build()
		return
	}
	w.show()
}

// show brings the screen that the view asks for, and tells everybody about the view.
func (w *Window) show() {
	w.sale.follow(w.view)
	w.followTitle()
	if want := w.wanted(); w.screen == nil || w.screen.layer().Name != want {
		w.switchTo(want)
	}
	w.bar.update(w.view)
	w.screen.update(w.view)
	w.followQR()
	w.followBack()
	w.followParked()
	w.followBackDone()
	w.followLate()
	w.followSold()
	w.followPrinter()
	w.followClock()
	w.followGoods()
	w.followHours()
	w.followRegistrar()
	w.followBuyer()
	w.followFull()
	for _, d := range append([]*dialog(nil), w.dialogs...) {
		if d.body.update != nil {
			d.body.update(w.view)
		}
	}
}

// followTitle names the till in the window's title, once it has a name.
func (w *Window) followTitle() {
	title := w.T("app.name")
	if w.view.Shop.Till != "" {
		title = w.T("app.title", "till", w.view.Shop.Till)
	}
	if w.window.Title() != title {
		w.window.SetTitle(title)
	}
}

func (w *Window) wantsFull() bool { return w.view.Settings != nil && w.view.Settings.FullScreen }

// followFull fills the screen, or goes back to a window, when that setting is changed.
func (w *Window) followFull() {
	if want := w.wantsFull(); want != w.full {
		w.full = want
		w.window.SetFullScreen(want)
	}
}

// page is a screen that was opened over the sale, which stays as it is. What it shows and what was typed into it lives
// in what make closes over: the page is made anew for another language or palette.
type page struct {
	name string
	make func() screen
}

// The screens' names.
const (
	nameSignin  = "signin"
	nameClosed  = "closed"
	nameSale    = "sale"
	nameHistory = "history"
)

func (w *Window) wanted() string {
	switch {
	case w.view.Fresh:
		return nameSetup
	case w.view.Cashier == "":
		return nameSignin
	case len(w.pages) > 0:
		return w.pages[len(w.pages)-1].name
	case !w.view.Shift.Open:
		return nameClosed
	}
	return nameSale
}

func (w *Window) switchTo(name string) {
	clear := w.look.Background
	switch name {
	case nameSetup:
		w.screen = newSetup(w)
	case nameSignin:
		w.pages = nil
		w.dropDialogs()
		w.screen = newSignin(w)
	case nameClosed:
		w.screen = newClosed(w)
	case nameSale:
		w.screen = newSale(w)
		clear = w.look.Surface
	default:
		w.screen = w.pages[len(w.pages)-1].make()
	}
	w.theme.ClearWith(clear)
	w.router.Base(w.screen.layer())
	for _, d := range w.dialogs {
		w.router.Push(d.body.layer)
	}
	w.place.Objects = []fyne.CanvasObject{w.screen.object()}
	w.place.Refresh()
	w.toast.replace()
}

// openPage opens a page; one that is open already comes to the top as it is.
func (w *Window) openPage(p page) {
	for i, o := range w.pages {
		if o.name == p.name {
			w.pages = append(w.pages[:i:i], w.pages[i+1:]...)
			p = o
			break
		}
	}
	w.pages = append(w.pages, p)
	w.show()
}

// closePage goes back to what was there before a page. It may be closed already.
func (w *Window) closePage(name string) {
	for i, o := range w.pages {
		if o.name == name {
			w.pages = append(w.pages[:i:i], w.pages[i+1:]...)
			w.show()
			return
		}
	}
}

// tick keeps the clock right: once a minute, on the minute.
func (w *Window) tick() {
	now := w.deps.Now()
	wait := now.Truncate(time.Minute).Add(time.Minute).Sub(now)
	w.deps.After(wait, func() {
		w.deps.Draw(func() {
			if w.quitting == nil {
				return
			}
			w.bar.update(w.view)
			w.followHours()
			w.tick()
		})
	})
}

// T is a text of the catalogue.
func (w *Window) T(key string, args ...any) string { return w.lang.T(key, args...) }

// button makes a button whose press goes through the gate, like a key.
func (w *Window) button(spec kit.ButtonSpec, f func()) *kit.Button {
	spec.Key = w.keyWords(spec.Key)
	return kit.NewButton(w.look, spec, func() { w.gate.enter(f) })
}
