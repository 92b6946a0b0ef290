package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/register"
)

// discountState is which discount is asked for: of the receipt or of a line, per cent or a sum.
type discountState struct {
	line   int  // of the receipt
	onLine bool // the line's own, rather than the receipt's
	sum    bool
}

// askDiscount asks for a discount on the receipt; in the dialog it can be made the selected line's.
func (s *sale) askDiscount() {
	if s.mayChange() {
		s.askDiscountOf(&discountState{line: s.w.sale.selected})
	}
}

// openDiscount asks for a discount on a line.
func (s *sale) openDiscount(line int) {
	if s.mayChange() {
		s.askDiscountOf(&discountState{line: line, onLine: true})
	}
}

func (s *sale) askDiscountOf(state *discountState) {
	state.sum = s.discountNow(state).Sum > 0
	s.w.askNumberAnew(func() numberQuestion { return s.discountQuestion(state) })
}

// discountNow is the discount that there is already.
func (s *sale) discountNow(state *discountState) register.Discount {
	v := s.w.view
	if !state.onLine {
		return v.Discount
	}
	if state.line < len(v.Lines) {
		return v.Lines[state.line].Discount
	}
	return register.Discount{}
}

// discountBase is the sum that the discount is taken from.
func (s *sale) discountBase(state *discountState) (base register.Money) {
	v := s.w.view
	if state.onLine {
		if state.line < len(v.Lines) {
			base = v.Lines[state.line].Gross()
		}
		return base
	}
	for _, l := range v.Lines {
		if !l.NoDiscount {
			base += l.Gross() - l.Discount.Of(l.Gross())
		}
	}
	return base
}

func (s *sale) discountQuestion(state *discountState) numberQuestion {
	w := s.w
	now, base := s.discountNow(state), s.discountBase(state)
	q := numberQuestion{
		name: "discount", title: w.T("app.discount.receipt"), text: w.T("app.discount.from", "sum", w.lang.Money(base)), kind: numberPercent,
		now: int64(now.Percent), least: 1, opens: fyne.KeyF4,
		about: func(v int64) string {
			off := state.discount(v).Of(base)
			return w.T("app.discount.about", "off", w.lang.Money(-off), "sum", w.lang.Money(base-off))
		},
		take: func(v int64, then func(error)) { s.setDiscount(state, state.discount(v), then) },
	}
	if state.onLine && state.line < len(w.view.Lines) {
		q.title, q.text = w.T("app.discount.line"), w.lineName(w.view.Lines[state.line])
	}
	if state.sum {
		q.kind, q.now = numberMoney, int64(now.Sum)
	}
	q.buttons = w.discountButtons(state, base)
	tab := func(text, key string, name fyne.KeyName, chosen bool, do func()) numberTab {
		return numberTab{text: text, key: key, name: name, chosen: chosen, do: do}
	}
	q.tabs = [][]numberTab{
		{tab(w.T("app.discount.on_receipt"), "F5", fyne.KeyF5, !state.onLine, func() { state.onLine = false }),
			tab(w.T("app.discount.on_line"), "F6", fyne.KeyF6, state.onLine, func() { state.onLine = true })},
		{tab(w.T("app.discount.percent"), "F7", fyne.KeyF7, !state.sum, func() { state.sum = false }),
			tab(w.T("app.discount.sum"), "F8", fyne.KeyF8, state.sum, func() { state.sum = true })},
	}
	if !now.IsZero() {
		q.actions = []numberAction{{kind: kit.Danger, text: w.T("app.discount.remove"), key: "F9", name: fyne.KeyF9, do: func() {
			s.setDiscount(state, register.Discount{}, func(error) {})
		}}}
	}
	return q
}

// discount is what was typed.
func (state *discountState) discount(v int64) register.Discount {
	if state.sum {
		return register.Discount{Sum: register.Money(v)}
	}
	return register.Discount{Percent: register.Percent(v)}
}

// usualPercents and usualSums are what discounts usually come to.
var (
	usualPercents = []register.Percent{300, 500, 700, 1000, 1500, 2000, 2500, 3000, 5000}
	usualSums     = []register.Money{10_00, 50_00, 100_00, 200_00, 300_00, 500_00, 1000_00, 2000_00}
)

// mostButtons is how many discounts are offered for one touch.
const mostButtons = 6

// discountButtons offers the usual discounts that the shop allows, its limit the last.
func (w *Window) discountButtons(state *discountState, base register.Money) []numberButton {
	var out []numberButton
	most := register.Hundred
	if w.view.Settings != nil {
		most = w.view.Settings.MaxDiscount
	}
	if state.sum {
		for _, m := range usualSums {
			if m <= most.Of(base) && len(out) < mostButtons {
				out = append(out, numberButton{text: w.lang.Money(m), value: int64(m)})
			}
		}
		return out
	}
	for _, p := range usualPercents {
		if p < most && len(out) < mostButtons-1 {
			out = append(out, numberButton{text: w.percent(p), value: int64(p)})
		}
	}
	if most > 0 {
		out = append(out, numberButton{text: w.percent(most), value: int64(most)})
	}
	return out
}

func (s *sale) setDiscount(state *discountState, d register.Discount, then func(error)) {
	w := s.w
	s.alter(func(ctx context.Context) error {
		if state.onLine {
			return w.deps.Till.SetLineDiscount(ctx, state.line, d)
		}
		return w.deps.Till.SetDiscount(ctx, d)
	}, then)
}
