package e2e

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// The staff of the day.
const (
	cashierPIN = "2468"
	seniorPIN  = "3579"
)

// TestAWorkingDay plays a whole day by the keys of the real window: a shift with two hundred sales of every kind, returns,
// prepayments, cash in and out, and power cuts. At its end the drawer, the Z report and the history must agree to the
// kopeck with what the script of the day comes to when it is added up without any code of the till.
//
// "make day" plays the same day on the real program under a virtual display (day_window_test.go).
func TestAWorkingDay(t *testing.T) {
	f := newDayShop(t)
	h := &testWindow{T: t, shop: f}
	h.open()
	t.Cleanup(h.close)
	newDay(t, f, h, 200).play()
}

// hands are what a cashier works with: the keyboard, and eyes to see when the screen is at rest.
type hands interface {
	press(keys ...string)
	write(text string)
	settle()
	// codeGone waits until no QR code stands on the screen: the sale is on the disk a moment before.
	codeGone()
	// cut cuts the power in the middle of whatever is going on, and starts the till again, up to the PIN.
	cut()
	// giveUp ends the test and shows the screen.
	giveUp(why string)
}

// day is one working day.
type day struct {
	*testing.T
	hands
	*dayShop
	book   *daybook
	random *rand.Rand
	sales  int

	operations int64 // on the disk, as the script knows them
	open       []*order
	cuts       int
}

// order is a prepayment of which something is left.
type order struct {
	code  string // on its slip
	total int64
	left  paid
	items *receipt
}

func newDay(t *testing.T, shop *dayShop, h hands, sales int) *day {
	return &day{T: t, hands: h, dayShop: shop, sales: sales, random: rand.New(rand.NewPCG(20260309, 1)),
		book: &daybook{prices: dayPrices(), kinds: map[string]int64{}}}
}

func (d *day) play() {
	d.write(cashierPIN)
	d.press("Return")
	d.settle()
	d.press("Return") // opens the shift
	d.committed("shift_opened", nil)
	d.cashIn(3000_00)
	for i := range d.sales {
		d.oneSale(i)
		d.between(i)
	}
	d.finishOrders()
	d.cashOut(d.book.drawer / 2 / 100 * 100)
	d.printX()
	d.closeShift(d.book.drawer - 50) // half a rouble is missing
	d.compare()
}

// oneSale sells in one of the ways, in turn.
func (d *day) oneSale(i int) {
	switch i % 10 {
	case 0:
		d.sell(d.basket(), 0, d.cashExactly)
	case 1:
		d.sell(d.basket(), 0, d.cashWithChange)
	case 2:
		d.sell(d.basket(), 0, d.card)
	case 3:
		d.sell(d.basket(), 0, d.mixed)
	case 4:
		d.sell(d.basket(), 1000, d.cashExactly)
	case 5:
		d.sell(d.lineDiscount(d.basket(), 10), 0, d.card)
	case 6:
		d.heldSale()
	case 7:
		d.sell(d.lineDiscount(d.basket(), 4), 500, d.cashWithChange) // together within the shop's limit of 10 %
	case 8:
		d.customersSale()
	case 9:
		if i%20 == 9 {
			d.sell(d.basket(), 0, d.qr)
			d.codeGone()
		} else {
			d.removingSale()
		}
	}
}

// between is what happens between two sales.
func (d *day) between(i int) {
	switch {
	case i%13 == 5:
		d.returnPart(d.recent())
	case i%13 == 9:
		d.returnWhole(d.recent())
	case i%17 == 3:
		d.prepay()
	case i%17 == 11 && len(d.open) > 0:
		d.handOver(d.open[0])
	case i%29 == 20 && len(d.open) > 0:
		d.prepaymentBack(d.open[len(d.open)-1])
	case i%41 == 25:
		d.cashOut(500_00)
	case i%23 == 12:
		d.returnFree()
	case i%37 == 30:
		d.giveReceiptUp()
	case i%50 == 33:
		d.powerCut()
	}
}

// basket is what a buyer takes: one to four kinds of goods.
func (d *day) basket() []item {
	goods := dayGoods()
	d.random.Shuffle(len(goods), func(i, j int) { goods[i], goods[j] = goods[j], goods[i] })
	var all []item
	for _, g := range goods[:1+d.random.IntN(4)] {
		q := int64(1+d.random.IntN(3)) * 1000
		if g.weighed {
			q = 100 + int64(d.random.IntN(2400))
		}
		all = append(all, item{code: g.code, quantity: q})
	}
	return all
}

// lineDiscount gives the last line of a basket a discount of at most so many per cent.
func (d *day) lineDiscount(items []item, most int) []item {
	items[len(items)-1].off = int64(1+d.random.IntN(most)) * 100
	return items
}

// label is what the shop's scales print: 20, the number of the goods, grams, and a check digit.
func label(code string, quantity int64) string {
	digits := fmt.Sprintf("20%s%05d", code[8:13], quantity)
	sum := 0
	for i, r := range digits {
		sum += int(r-'0') * []int{1, 3}[i%2]
	}
	return fmt.Sprint(digits, (10-sum%10)%10)
}

// ring scans goods: the label of what was weighed at the scales, or so many, an asterisk, and the code.
func (d *day) ring(items []item) {
	for _, it := range items {
		if it.quantity%1000 != 0 && it.quantity%2 == 0 {
			it.code = label(it.code, it.quantity)
		} else if it.quantity != 1000 {
			d.write(quantityText(it.quantity) + "*")
		}
		d.scan(it.code)
		if it.off > 0 {
			d.settle()
			d.press("F4", "F6")
			d.write(fmt.Sprint(it.off / 100))
			d.press("Return")
			d.settle()
		}
	}
	d.settle()
}

func (d *day) scan(code string) {
	d.write(code)
	d.press("Return")
}

// quantityText writes thousandths as a cashier types them.
func quantityText(q int64) string {
	if q%1000 == 0 {
		return fmt.Sprint(q / 1000)
	}
	return fmt.Sprintf("%d,%03d", q/1000, q%1000)
}

// sumText writes kopecks as a cashier types them.
func sumText(m int64) string {
	if m%100 == 0 {
		return fmt.Sprint(m / 100)
	}
	return fmt.Sprintf("%d,%02d", m/100, m%100)
}

// sell rings goods up, with a discount on all of them, and takes the money.
func (d *day) sell(items []item, off int64, pay func(due int64) paid) *receipt {
	d.ring(items)
	d.discount(off)
	return d.takeMoney(d.book.ring(items, off), pay)
}

func (d *day) discount(off int64) {
	if off == 0 {
		return
	}
	d.press("F4")
	d.write(fmt.Sprint(off / 100))
	d.press("Return")
	d.settle()
}

func (d *day) takeMoney(r *receipt, pay func(due int64) paid) *receipt {
	p := pay(r.total)
	d.committed("sale", func(code string) { r.code = code })
	d.book.sold(r, p)
	return r
}

func (d *day) cashExactly(due int64) paid {
	d.press("F10", "Return")
	return paid{cash: due}
}

func (d *day) cashWithChange(due int64) paid {
	d.press("F10")
	d.write(fmt.Sprint(due/100_00*100 + 100 + 300))
	d.press("Return")
	return paid{cash: due}
}

func (d *day) card(due int64) paid {
	d.press("F9")
	if d.random.IntN(2) == 0 {
		d.write(fmt.Sprint(100000 + d.random.IntN(900000)))
		d.press("Return")
	}
	d.press("Return")
	return paid{card: due}
}

func (d *day) mixed(due int64) paid {
	byCard := due/3/100*100 + 1
	d.press("Return")
	d.settle()
	d.press("F8")
	d.write(sumText(byCard))
	d.press("Return", "Return")
	return paid{card: byCard, cash: due - byCard}
}

func (d *day) qr(due int64) paid {
	d.press("F11")
	d.payAtBank()
	return paid{qr: due}
}

// heldSale puts a receipt aside, serves somebody else, and goes on with it.
func (d *day) heldSale() {
	items := d.basket()
	d.ring(items)
	d.press("F6")
	d.write("jacket")
	d.press("Return")
	d.heldOnDisk(1)
	d.sell(d.basket(), 0, d.card)
	d.settle()
	d.press("F7")
	d.settle()
	d.press("Return")
	d.heldOnDisk(0)
	d.takeMoney(d.book.ring(items, 0), d.cashExactly)
}

// customersSale is to a customer whose card gives seven per cent.
func (d *day) customersSale() {
	items := d.basket()
	d.ring(items)
	d.scan(customerCard)
	d.settle()
	d.takeMoney(d.book.ring(items, customerOff), d.cashExactly)
}

// removingSale takes the last line off again.
func (d *day) removingSale() {
	items := d.basket()
	d.ring(append(items[:len(items):len(items)], item{code: newspaper, quantity: 1000}))
	d.press("Delete")
	d.committed("line_removed", nil)
	d.book.tookOff()
	d.takeMoney(d.book.ring(items, 0), d.card)
}

// giveReceiptUp clears a receipt.
func (d *day) giveReceiptUp() {
	d.ring(d.basket())
	d.press("Escape")
	d.settle()
	d.press("Return")
	d.committed("receipt_cleared", nil)
	d.book.gaveUp()
}
