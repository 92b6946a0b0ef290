package app

import (
	"context"
	"unicode"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// sale is the screen on which goods are rung up: at the left what can be sold, at the right the receipt.
type sale struct {
	w     *Window
	root  fyne.CanvasObject
	keys  *kit.Layer
	goods *goods
	cart  *cart
}

func newSale(w *Window) *sale {
	s := &sale{w: w}
	s.goods = newGoods(w, s)
	s.cart = newCart(w, s)
	s.root = &fyne.Container{Layout: desk{}, Objects: []fyne.CanvasObject{s.goods.root, s.cart.root}}
	s.keys = &kit.Layer{
		Name: nameSale,
		Rune: func(r rune) bool { s.typed(r); return true },
		Keys: map[fyne.KeyName]func(){
			fyne.KeyReturn:    s.enter,
			fyne.KeyTab:       s.tab,
			fyne.KeyEscape:    s.escape,
			fyne.KeyBackspace: func() { s.wake(); w.sale.erase(); s.goods.lineChanged() },
			fyne.KeyDelete:    func() { s.wake(); s.removeLine() },
			fyne.KeyUp:        func() { s.move(-1) },
			fyne.KeyDown:      func() { s.move(1) },
			fyne.KeyLeft:      func() { s.goods.shelf.next(-1) },
			fyne.KeyRight:     func() { s.goods.shelf.next(1) },
			fyne.KeyPageUp:    func() { s.goods.page(-1) },
			fyne.KeyPageDown:  func() { s.goods.page(1) },
			fyne.KeyF1:        w.openHelp,
			fyne.KeyF2:        func() { s.wake(); s.goods.startSearch() },
			fyne.KeyF3:        func() { s.wake(); s.askQuantity() },
			fyne.KeyF4:        func() { s.wake(); s.askDiscount() },
			fyne.KeyF5:        func() { s.wake(); w.openCustomers() },
			fyne.KeyF6:        func() { s.wake(); w.askHold() },
			fyne.KeyF7:        func() { s.wake(); w.openHeld() },
			fyne.KeyF8:        func() { s.wake(); w.openReturns() },
			fyne.KeyF9:        s.payCard,
			fyne.KeyF10:       s.payCash,
			fyne.KeyF11:       s.payQR,
			fyne.KeyF12:       w.openMenu,
		},
	}
	return s
}

// desk divides the screen: the receipt takes what it needs to be read, the goods take the rest. The window is cleared with
// the colour of the receipt and of the tiles, and only what lies around them is painted.
type desk struct{}

func (desk) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	right := float32(int(max(min(s.Width*0.36, 520), 424)))
	objects[0].Resize(fyne.NewSize(s.Width-right, s.Height))
	objects[1].Move(fyne.NewPos(s.Width-right, 0))
	objects[1].Resize(fyne.NewSize(right, s.Height))
}

func (desk) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(900, max(objects[0].MinSize().Height, objects[1].MinSize().Height))
}

func (s *sale) object() fyne.CanvasObject { return s.root }
func (s *sale) layer() *kit.Layer         { return s.keys }

func (s *sale) update(v till.View) {
	s.cart.update(v)
	s.goods.shelf.follow(v)
}

// wake puts "sold" away: whatever comes next is for the next buyer. It tells whether "sold" was on the screen.
func (s *sale) wake() bool {
	w := s.w
	if w.sale.sold(w.view) == nil {
		return false
	}
	w.sale.seen = w.view.Last.Number
	s.cart.update(w.view)
	return true
}

func (s *sale) typed(r rune) {
	woke, st := s.wake(), &s.w.sale
	if r == ' ' && !woke && st.text == "" && st.quantity == 0 && len(s.w.view.Lines) > 0 {
		s.openLine()
		return
	}
	if err := s.w.sale.typed(r); err != nil {
		s.w.fail(err)
	}
	s.goods.lineChanged()
}

// enter ends what was typed or scanned; on an empty field it goes on to the payment.
func (s *sale) enter() {
	w, st := s.w, &s.w.sale
	if st.unread(w.view, w.deps.Now()) {
		return // the Enter that has just paid, pressed too often
	}
	woke := s.wake()
	if code, ok := st.scannedAfterSearch(); ok {
		st.text = code
	}
	text := st.text
	switch {
	case text == "" && woke:
	case text == "":
		w.openPayment()
	case st.found.text == text && len(st.found.goods) > 0:
		s.addProduct(st.found.goods[st.found.at])
	case codeLike(text):
		s.scan(text)
	default:
		s.goods.searchNow(text, true)
	}
}

// tab ends a code, for scanners that end theirs so. By itself it does nothing.
func (s *sale) tab() {
	if s.w.sale.text != "" {
		s.enter()
	}
}

func (s *sale) removeLine() {
	w := s.w
	if len(w.view.Lines) == 0 {
		return
	}
	line := w.sale.selected
	w.gate.change(func(ctx context.Context) error { return w.deps.Till.Remove(ctx, line) }, s.changed)
}

// changed draws what became of a change of the receipt.
func (s *sale) changed(err error) {
	if err != nil {
		s.w.fail(err)
	} else {
		s.w.toast.clear()
	}
	s.w.refresh()
}

func (s *sale) askQuantity() {
	w := s.w
	if !s.mayChange() {
		return
	}
	n := w.sale.selected
	l := w.view.Lines[n]
	w.openQuantity(quantityQuestion{
		title: w.lineName(l), unit: l.Unit, price: l.Price, now: l.Quantity,
		take: func(q register.Quantity, then func(error)) {
			s.alter(func(ctx context.Context) error { return w.deps.Till.SetQuantity(ctx, n, q) }, then)
		},
	})
}

// escape goes one step back: a search, what was typed, and last the receipt, after a question.
func (s *sale) escape() {
	st := &s.w.sale
	switch {
	case s.wake():
	case st.letters && st.text == "":
		s.goods.letters(false)
	case st.text != "" || st.quantity != 0 || st.found.text != "":
		st.text, st.quantity = "", 0
		s.goods.lineChanged()
	default:
		s.askClear()
	}
}

func (s *sale) askClear() {
	w := s.w
	if len(w.view.Lines) == 0 {
		return
	}
	if w.view.Frozen {
		w.fail(&till.Problem{Code: till.CodeFrozen})
		return
	}
	text := w.lang.N("app.clear.text", int64(len(w.view.Lines)), "lines", w.lang.N("app.lines", int64(len(w.view.Lines))), "sum", w.lang.Money(w.view.Total))
	if w.view.Order != nil {
		text = w.T("app.clear.order")
	}
	w.ask("clear", w.T("app.clear.title"), text,
		w.T("app.clear.yes"), w.T("app.clear.no"), kit.Danger, func() {
			w.gate.change(func(ctx context.Context) error { return w.deps.Till.Clear(ctx) }, s.changed)
		})
}

// move goes through what was found, or else through the receipt.
func (s *sale) move(by int) {
	st := &s.w.sale
	if len(st.found.goods) > 0 {
		s.goods.moveFound(by)
		return
	}
	s.cart.selectLine(max(min(st.selected+by, len(s.w.view.Lines)-1), 0))
}

func (s *sale) payCash() {
	if !s.wake() {
		s.w.openCash()
	}
}

func (s *sale) payCard() {
	if !s.wake() {
		s.w.openCard()
	}
}

func (s *sale) payQR() {
	if !s.wake() {
		s.w.startQR()
	}
}

// nameOf is a product's name in the language on the screen.
func (w *Window) nameOf(p register.Product) string {
	if w.lang.Tag() == "en" && p.NameEn != "" {
		return glued(p.NameEn)
	}
	return glued(p.Name)
}

// glued keeps a number and the short word after it on one line, as in "400 g" and "3.2 %".
func glued(name string) string {
	runes := []rune(name)
	for i := 1; i+1 < len(runes); i++ {
		if runes[i] != ' ' || !unicode.IsDigit(runes[i-1]) {
			continue
		}
		end := i + 1
		for end < len(runes) && runes[end] != ' ' {
			end++
		}
		if end-i-1 <= 4 {
			runes[i] = '\u00a0'
		}
	}
	return string(runes)
}
