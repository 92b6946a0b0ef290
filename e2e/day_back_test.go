package e2e

import "strings"

// recent is a sale of which something can still come back, and for which the drawer has the cash.
func (d *day) recent() *receipt {
	for i := len(d.book.receiptsOf) - 1; i >= 0; i-- {
		r := d.book.receiptsOf[i]
		left := r.paid.cash + r.paid.card
		if r.paid.qr == 0 && r.paid.prepaid == 0 && r.code != "" && left > 0 && r.paid.cash < d.book.drawer && d.random.IntN(2) == 0 {
			return r
		}
	}
	return nil
}

// openReturn scans the receipt, as a cashier does with the buyer's slip.
func (d *day) openReturn(r *receipt) {
	d.scan(r.code)
	d.settle()
}

func (d *day) returnWhole(r *receipt) {
	if r == nil {
		return
	}
	all := map[int]int64{}
	for i, q := range r.left {
		if q > 0 {
			all[i] = q
		}
	}
	d.openReturn(r)
	d.press("F6")
	d.giveBack(r, all)
}

// returnPart takes one piece of the first line back, or the whole of a weighing.
func (d *day) returnPart(r *receipt) {
	if r == nil {
		return
	}
	for i, q := range r.left {
		if q == 0 {
			continue
		}
		d.openReturn(r) // stands on the first line of which something is left
		part := q
		if q%1000 == 0 && q > 1000 {
			part = 1000
		}
		d.press("F3")
		d.write(quantityText(part))
		d.press("Return")
		d.giveBack(r, map[int]int64{i: part})
		return
	}
}

// returnFree takes goods back of which nobody has the receipt, with a senior cashier's leave.
func (d *day) returnFree() {
	items := d.basket()
	r := d.book.ring(items, 0)
	if r.total > d.book.drawer {
		return
	}
	d.ring(items)
	d.press("F8")
	d.settle()
	d.press("F9")
	d.settle()
	d.press("Return")
	d.leave()
	d.committed("sale_return", nil)
	d.book.backFree(r.total)
}

func (d *day) giveBack(r *receipt, quantities map[int]int64) {
	d.settle()
	d.press("Return")
	d.settle()
	d.press("Return")
	d.committed("sale_return", nil)
	d.book.back(r, quantities)
	d.press("Escape")
	d.settle()
}

// prepay takes a part of an order's sum.
func (d *day) prepay() {
	items := d.basket()
	o := &order{items: d.book.ring(items, 0)}
	o.total = o.items.total
	d.ring(items)
	d.press("Return")
	d.settle()
	d.press("F6")
	d.settle()
	d.write("order")
	d.press("Return")
	d.settle()
	amount := max(o.total/2/100*100, 100)
	amount = min(amount, o.total)
	d.write(sumText(amount))
	d.press("Return")
	d.settle()
	if len(d.open)%2 == 0 {
		d.press("F10", "Return")
		o.left = paid{cash: amount}
	} else {
		d.press("F9", "Return")
		o.left = paid{card: amount}
	}
	d.committed("prepayment", func(code string) { o.code = code })
	d.book.prepay(o.left)
	d.open = append(d.open, o)
}

// handOver hands an order over for what is left to pay.
func (d *day) handOver(o *order) {
	d.drop(o)
	d.scan(o.code)
	d.settle()
	d.press("F9")
	d.settle()
	before := o.left.cash + o.left.card
	d.takeMoney(o.items, func(due int64) paid {
		if due == before {
			d.press("Return")
			d.settle()
			d.press("Return")
			return paid{prepaid: before}
		}
		p := d.card(due - before)
		p.prepaid = before
		return p
	})
}

// prepaymentBack gives half of what is left back, with a senior cashier's leave.
func (d *day) prepaymentBack(o *order) {
	all := o.left.cash + o.left.card
	part := min(max(all/2/100*100, 100), all)
	if o.left.cash > d.book.drawer {
		return
	}
	d.scan(o.code)
	d.settle()
	d.press("F8")
	d.settle()
	d.press("F3")
	d.write(sumText(part))
	d.press("Return")
	d.settle()
	d.press("Return")
	d.leave()
	d.committed("prepayment_return", nil)
	back := paid{cash: min(part, o.left.cash)}
	back.card = part - back.cash
	o.left.cash -= back.cash
	o.left.card -= back.card
	d.book.prepayBack(back)
	if o.left.cash+o.left.card == 0 {
		d.drop(o)
	}
	d.press("Escape")
	d.settle()
}

func (d *day) drop(o *order) {
	for i, other := range d.open {
		if other == o {
			d.open = append(d.open[:i:i], d.open[i+1:]...)
			return
		}
	}
}

// finishOrders hands over what is still prepaid.
func (d *day) finishOrders() {
	for len(d.open) > 0 {
		d.handOver(d.open[0])
	}
}

// leave is the senior cashier's PIN.
func (d *day) leave() {
	d.settle()
	d.write(seniorPIN)
	d.press("Return")
}

// fromMenu chooses from the menu by its digit.
func (d *day) fromMenu(digit string) {
	d.press("F12")
	d.settle()
	d.write(digit)
	d.press("Return")
	d.settle()
}

func (d *day) cashIn(sum int64) {
	d.settle()
	d.fromMenu("1")
	d.write(sumText(sum))
	d.press("Return")
	d.settle()
	d.write("1")
	d.press("Return")
	d.committed("cash_in", nil)
	d.book.cashIn(sum)
}

func (d *day) cashOut(sum int64) {
	if sum == 0 || sum > d.book.drawer {
		return
	}
	d.settle()
	d.fromMenu("2")
	d.write(sumText(sum))
	d.press("Return")
	d.settle()
	d.write("1")
	d.press("Return")
	d.leave()
	d.committed("cash_out", nil)
	d.book.cashOut(sum)
}

func (d *day) printX() {
	d.settle()
	d.fromMenu("3")
	d.printed(d.slips())
	d.press("F5")
	x := d.printed(d.slips() + 1)
	d.press("Escape")
	d.settle()
	if !strings.Contains(x, sumOnPaper(d.book.drawer)) {
		d.Errorf("the X report does not show the drawer, %s:\n%s", sumOnPaper(d.book.drawer), x)
	}
}

func (d *day) closeShift(counted int64) {
	d.fromMenu("4")
	d.write(sumText(counted))
	d.press("Return")
	d.committed("shift_closed", nil)
}

// powerCut cuts the power with goods on the receipt, which must be there again, and are sold.
func (d *day) powerCut() {
	items := d.basket()
	d.ring(items)
	d.settle()
	d.cut()
	d.cuts++
	d.write(cashierPIN)
	d.press("Return")
	d.settle()
	d.takeMoney(d.book.ring(items, 0), d.cashExactly)
}
