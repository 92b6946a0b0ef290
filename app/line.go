package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// lineAction is one thing to do with a line.
type lineAction struct {
	sign kit.Sign
	text string
	hint string // the key that does the same on the sale screen; the number when empty
	key  fyne.KeyName
	do   func()
}

// mayChange tells whether the receipt's lines can be changed, and the cashier when not.
func (s *sale) mayChange() bool {
	w := s.w
	switch {
	case len(w.view.Lines) == 0:
		w.warn(w.T("app.sale.no_line"))
	case w.view.Frozen:
		w.fail(&till.Problem{Code: till.CodeFrozen})
	case w.view.Order != nil:
		w.fail(&till.Problem{Code: till.CodeLocked})
	default:
		return true
	}
	return false
}

// openLine shows what can be done with the selected line.
func (s *sale) openLine() {
	w := s.w
	if !s.mayChange() {
		return
	}
	n := w.sale.selected
	line := w.view.Lines[n]
	var d *dialog
	shut := func() { w.close(d) }
	d = w.open(func() body {
		l := w.look
		const width = 560
		keys := map[fyne.KeyName]func(){fyne.KeyEscape: shut}
		numbers := map[string]func(){}
		var buttons []fyne.CanvasObject
		for i, a := range s.lineActions(n, line) {
			number := w.lang.Integer(int64(i + 1))
			do := func() { shut(); a.do() }
			hint := a.hint
			if hint == "" {
				hint = number
			}
			numbers[number] = do
			if a.key != "" {
				keys[a.key] = do
			}
			buttons = append(buttons, w.button(kit.ButtonSpec{Kind: kit.Plain, Sign: a.sign, Text: a.text, Key: hint, Size: 17, Height: kit.TouchBig, Left: true}, do))
		}
		return body{
			beside: shut,
			content: kit.Pad(22, kit.Column(14,
				kit.Row(12,
					kit.Grow(kit.Middle(kit.Column(2,
						kit.NewText(w.lineName(line), kit.Style{Size: kit.TextLarge, Bold: true, Color: l.Ink, Lines: 2, Width: width - 70}),
						kit.NewText(w.lineHow(n, line), kit.Style{Size: 15, Color: l.Muted, Shrink: true})))),
					w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Key: "Esc"}, shut)),
				kit.Least(width, 0, kit.Even(2, kit.Gap, buttons...)),
			)),
			layer: w.numberLayer("line", keys, numbers),
		}
	})
}

func (s *sale) lineActions(n int, line register.Line) []lineAction {
	w := s.w
	star, starred := w.T("app.line.star"), s.goods.favourite(line.Product)
	if starred {
		star = w.T("app.line.unstar")
	}
	return []lineAction{
		{sign: kit.SignKeys, text: w.T("app.line.quantity"), hint: "F3", key: fyne.KeyF3, do: s.askQuantity},
		{sign: kit.SignPercent, text: w.T("app.line.discount"), hint: "F4", key: fyne.KeyF4, do: func() { s.openDiscount(n) }},
		{sign: kit.SignTag, text: w.T("app.line.price"), do: func() { s.askPrice(n, line) }},
		{sign: kit.SignComment, text: w.T("app.line.comment"), do: func() { s.askLineComment(n, line) }},
		{sign: kit.SignRepeat, text: w.T("app.line.repeat"), do: func() { s.repeat(n) }},
		{sign: kit.SignStar, text: star, do: func() { s.goods.setFavourite(line.Product, !starred) }},
		{sign: kit.SignHistory, text: w.T("app.line.receipt_comment"), do: s.askComment},
		{sign: kit.SignTrash, text: w.T("app.line.remove"), hint: "Del", key: fyne.KeyDelete, do: s.removeLine},
	}
}

// repeat puts the line's goods on the receipt once more.
func (s *sale) repeat(n int) {
	w := s.w
	var at int
	w.gate.change(func(ctx context.Context) (err error) {
		at, err = w.deps.Till.Repeat(ctx, n)
		return err
	}, func(err error) { s.added(at, err) })
}

func (s *sale) askPrice(n int, line register.Line) {
	w := s.w
	w.askNumberAnew(func() numberQuestion {
		return numberQuestion{
			name: "price", title: w.T("app.price.title", "unit", w.lang.Unit(line.Unit)), text: w.lineName(line), kind: numberMoney, now: int64(line.Price), least: 1,
			about: func(v int64) string { return w.priceTimes(register.Money(v), line.Quantity) },
			take: func(v int64, then func(error)) {
				s.alter(func(ctx context.Context) error { return w.deps.Till.SetPrice(ctx, n, register.Money(v)) }, then)
			},
		}
	})
}

// priceTimes is what so much comes to at a price.
func (w *Window) priceTimes(price register.Money, q register.Quantity) string {
	sum, err := price.Times(q)
	if err != nil {
		return " "
	}
	return w.T("app.quantity.sum", "price", w.lang.Quantity(q), "sum", w.lang.Money(sum))
}

// alter changes the receipt and draws; then hears of it first.
func (s *sale) alter(f func(context.Context) error, then func(error)) {
	s.w.gate.change(f, func(err error) {
		then(err)
		s.changed(err)
	})
}

func (s *sale) askLineComment(n int, line register.Line) {
	w := s.w
	w.askText(textQuestion{
		sign: kit.SignComment, title: w.T("app.line.comment"), text: w.lineName(line), now: line.Comment, most: register.MaxComment, empty: true,
		take: func(text string, then func(error)) {
			w.gate.change(func(ctx context.Context) error { return w.deps.Till.SetLineComment(ctx, n, text) }, w.redrawn(then))
		},
	})
}

func (s *sale) askComment() {
	w := s.w
	w.askText(textQuestion{
		sign: kit.SignComment, title: w.T("app.line.receipt_comment"), text: w.T("app.line.receipt_comment_text"), now: w.view.Comment,
		most: register.MaxComment, empty: true,
		take: func(text string, then func(error)) {
			w.gate.change(func(ctx context.Context) error { return w.deps.Till.SetComment(ctx, text) }, w.redrawn(then))
		},
	})
}

// redrawn draws the newest view after then.
func (w *Window) redrawn(then func(error)) func(error) {
	return func(err error) {
		then(err)
		w.refresh()
	}
}
