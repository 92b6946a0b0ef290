package app

import (
	"context"
	"errors"
	"fmt"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// scan looks a code up. A code that nobody knows, and that could be a word, is searched for before it is called unknown.
func (s *sale) scan(text string) {
	w, st := s.w, &s.w.sale
	st.text = ""
	q, typed := st.take()
	s.goods.lineChanged()
	asked := q
	if !typed {
		asked = 0 // of goods sold by weight, the till wants to be told
	}
	var got till.Scanned
	var short *shortage
	w.gate.change(func(ctx context.Context) (err error) {
		if got, err = w.deps.Till.Scan(ctx, kit.Latin(text), asked); err == nil {
			short = w.shortOf(ctx, got.Line)
		}
		return err
	}, func(err error) {
		switch {
		case code(err) == till.CodeUnknownBarcode:
			if typed && st.quantity == 0 {
				st.quantity = q // the quantity was typed for a thing that is still to come
			}
			if searchable(text) {
				w.sound(SoundUnknown)
				st.text = text
				s.goods.searchNow(text, false)
				s.goods.paintLine()
				return
			}
			s.goods.paintLine()
		case err == nil:
			w.sound(SoundScan)
		}
		s.scanned(got, short, q, err)
	})
}

// scanned shows what a scan came to.
func (s *sale) scanned(got till.Scanned, short *shortage, q register.Quantity, err error) {
	w := s.w
	switch {
	case err != nil:
		s.notAdded(q, err)
	case got.Customer != nil:
		w.refresh()
		w.sayCustomer(*got.Customer)
	case got.Receipt != nil:
		w.refresh()
		w.openReturnOf(*got.Receipt)
	case got.Weigh != nil:
		w.refresh()
		s.askHowMuch(*got.Weigh)
	default:
		s.added(got.Line, nil)
		w.sayShort(short)
	}
}

// sayCustomer tells whose receipt it is now.
func (w *Window) sayCustomer(c register.Customer) {
	text := w.T("app.sale.customer_told", "name", clip(c.Name, 60))
	if c.Discount > 0 {
		text = w.T("app.sale.customer_discount", "name", clip(c.Name, 60), "percent", w.percent(c.Discount))
	}
	w.praise(text)
}

// addProduct adds what was touched or found; of weighed goods it asks how much.
func (s *sale) addProduct(p register.Product) {
	w, st := s.w, &s.w.sale
	s.wake()
	if w.view.Frozen {
		w.fail(&till.Problem{Code: till.CodeFrozen})
		return
	}
	q, typed := st.take()
	st.text = ""
	s.goods.lineChanged()
	if p.Unit.Weighed() && !typed {
		s.askHowMuch(p)
		return
	}
	s.add(p.ID, q, nil)
}

// askHowMuch asks for the weight of goods, and adds them.
func (s *sale) askHowMuch(p register.Product) {
	s.w.openQuantity(quantityQuestion{
		title: s.w.nameOf(p), unit: p.Unit, price: p.Price,
		take: func(q register.Quantity, then func(error)) { s.add(p.ID, q, then) },
	})
}

func (s *sale) add(product string, q register.Quantity, then func(error)) {
	w := s.w
	s.ring(q, then, func(ctx context.Context) (int, error) { return w.deps.Till.Add(ctx, product, q) })
}

// ring puts goods on the receipt and shows what came of it.
func (s *sale) ring(q register.Quantity, then func(error), add func(context.Context) (line int, err error)) {
	w := s.w
	var line int
	var short *shortage
	w.gate.change(func(ctx context.Context) (err error) {
		if line, err = add(ctx); err == nil {
			short = w.shortOf(ctx, line)
		}
		return err
	}, func(err error) {
		if then != nil {
			if code(err) == till.CodePriceNeeded {
				then(nil) // the next question is about the price
			} else {
				then(err)
			}
		}
		if err != nil {
			s.notAdded(q, err)
			return
		}
		s.added(line, nil)
		w.sayShort(short)
	})
}

// notAdded tells why nothing was added; goods that have no price of their own it asks for one.
func (s *sale) notAdded(q register.Quantity, err error) {
	w := s.w
	var p *till.Problem
	if errors.As(err, &p) && p.Code == till.CodePriceNeeded {
		w.refresh()
		s.askFreePrice(argument(p, "product"), argument(p, "name"), q)
		return
	}
	s.added(0, err)
}

// askFreePrice asks for the price of goods that the cashier prices.
func (s *sale) askFreePrice(product, name string, q register.Quantity) {
	w := s.w
	w.askNumberAnew(func() numberQuestion {
		return numberQuestion{
			name: "price", title: w.T("app.price.free"), text: glued(name), kind: numberMoney, least: 1,
			about: func(v int64) string { return w.priceTimes(register.Money(v), q) },
			take: func(v int64, then func(error)) {
				s.ring(q, then, func(ctx context.Context) (int, error) {
					return w.deps.Till.AddPriced(ctx, product, q, register.Money(v))
				})
			},
		}
	})
}

// argument is a problem's argument as text.
func argument(p *till.Problem, name string) string {
	for i := 0; i+1 < len(p.Args); i += 2 {
		if p.Args[i] == name {
			return fmt.Sprint(p.Args[i+1])
		}
	}
	return ""
}

// shortage is more on the receipt than the shop has.
type shortage struct {
	name string
	left register.Quantity
	unit register.Unit
}

// shortOf tells whether the receipt holds more of a line's goods than the shop has, where the cashier wants to know. It
// is called off the drawing goroutine.
func (w *Window) shortOf(ctx context.Context, line int) *shortage {
	v := w.deps.Till.View()
	if v.Settings == nil || v.Settings.Stock != till.StockWarn || line < 0 || line >= len(v.Lines) {
		return nil
	}
	p, err := w.deps.Till.Product(ctx, v.Lines[line].Product)
	if err != nil || p.Stock == nil {
		return nil // it is a warning: the goods are on the receipt
	}
	var q register.Quantity
	for _, l := range v.Lines {
		if l.Product == p.ID {
			q += l.Quantity
		}
	}
	if q <= *p.Stock {
		return nil
	}
	return &shortage{name: w.lineName(v.Lines[line]), left: max(*p.Stock, 0), unit: p.Unit}
}

func (w *Window) sayShort(s *shortage) {
	if s != nil {
		w.warn(w.T("app.sale.short", "name", clip(s.name, 60), "left", w.lang.Quantity(s.left), "unit", w.lang.Unit(s.unit)))
	}
}

// added shows a line that was added, or tells why none was.
func (s *sale) added(line int, err error) {
	w := s.w
	if err != nil {
		w.fail(err)
		w.refresh()
		return
	}
	w.toast.clear()
	w.refresh()
	w.sale.selected = line
	s.cart.reveal(line)
}

// askNext asks how many of the next thing are to be added: by touch what a number and '*' are on the keyboard.
func (s *sale) askNext() {
	w := s.w
	s.wake()
	w.askNumberAnew(func() numberQuestion {
		return numberQuestion{
			name: "next", title: w.T("app.quantity.next"), kind: numberQuantity, now: int64(w.sale.quantity), least: 1,
			take: func(v int64, then func(error)) {
				w.sale.quantity = register.Quantity(v)
				then(nil)
				s.goods.paintLine()
			},
		}
	})
}
