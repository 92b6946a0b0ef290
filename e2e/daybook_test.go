package e2e

import (
	"fmt"
	"math/big"
	"slices"
)

// daybook is what a day must come to, computed from the script of the day alone: in exact fractions, with no code of the
// till. Sums are kopecks, quantities thousandths.
type daybook struct {
	prices map[string]int64 // by barcode, of one unit

	sales, returns, prepaid, prepaidBack, in, out tally
	removed                                       int64 // lines taken off, and receipts given up
	receipts                                      int64
	drawer                                        int64
	kinds                                         map[string]int64 // operations by kind
	receiptsOf                                    []*receipt       // every sale, in the order of the day
}

// tally counts operations of one kind.
type tally struct {
	Count, Sum, Cash, Card, QR, Prepaid int64
}

func (t *tally) add(p paid) {
	t.Count++
	t.Sum += p.cash + p.card + p.qr + p.prepaid
	t.Cash += p.cash
	t.Card += p.card
	t.QR += p.qr
	t.Prepaid += p.prepaid
}

// paid is money by method.
type paid struct{ cash, card, qr, prepaid int64 }

// item is so much of the goods with a barcode.
type item struct {
	code     string
	quantity int64
	off      int64 // the line's own discount, hundredths of a per cent
}

// receipt is a sale of the day.
type receipt struct {
	items []item
	sums  []int64 // what each line came to
	left  []int64 // quantities that have not come back
	paid  paid    // what has not been paid back
	total int64
	code  string // on its slip
}

// half rounds half up.
func half(r *big.Rat) int64 {
	n := new(big.Int).Mul(r.Num(), big.NewInt(2))
	n.Add(n, r.Denom())
	d := new(big.Int).Mul(r.Denom(), big.NewInt(2))
	return new(big.Int).Div(n, d).Int64()
}

func rat(a, b int64) *big.Rat { return big.NewRat(a, b) }

func mul(a *big.Rat, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

// ring computes a receipt with a discount on all of it, in hundredths of a per cent.
func (d *daybook) ring(items []item, off int64) *receipt {
	r := &receipt{items: slices.Clone(items)}
	var base int64
	for _, it := range items {
		price, ok := d.prices[it.code]
		if !ok {
			panic("the script sells what the shop does not have: " + it.code)
		}
		gross := half(mul(rat(price, 1), rat(it.quantity, 1000)))
		sum := gross - half(mul(rat(gross, 1), rat(it.off, 10_000)))
		r.sums = append(r.sums, sum)
		r.left = append(r.left, it.quantity)
		base += sum
	}
	take := half(mul(rat(base, 1), rat(off, 10_000)))
	for i, share := range largestRemainder(take, r.sums) {
		r.sums[i] -= share
		r.total += r.sums[i]
	}
	return r
}

// largestRemainder divides a sum in proportion to weights.
func largestRemainder(sum int64, weights []int64) []int64 {
	var all int64
	for _, w := range weights {
		all += w
	}
	shares := make([]int64, len(weights))
	if all == 0 {
		return shares
	}
	rest := make([]*big.Rat, len(weights))
	order := make([]int, len(weights))
	given := int64(0)
	for i, w := range weights {
		exact := mul(rat(sum, 1), rat(w, all))
		floor := new(big.Int).Div(exact.Num(), exact.Denom()).Int64()
		shares[i], order[i] = floor, i
		rest[i] = new(big.Rat).Sub(exact, rat(floor, 1))
		given += floor
	}
	slices.SortStableFunc(order, func(a, b int) int { return rest[b].Cmp(rest[a]) })
	for _, i := range order[:sum-given] {
		shares[i]++
	}
	return shares
}

// sold books a sale.
func (d *daybook) sold(r *receipt, p paid) {
	if p.cash+p.card+p.qr+p.prepaid != r.total {
		panic(fmt.Sprintf("the script pays %+v for %d", p, r.total))
	}
	r.paid = p
	d.sales.add(p)
	d.drawer += p.cash
	d.receipts++
	d.kinds["sale"]++
	d.receiptsOf = append(d.receiptsOf, r)
}

// back books what comes back of a sale: quantities by line. The money goes back in cash first, as the
// screen offers it, then by card.
func (d *daybook) back(r *receipt, quantities map[int]int64) paid {
	var total int64
	for i, q := range quantities {
		whole := r.items[i].quantity
		before := half(mul(rat(r.sums[i], 1), rat(r.left[i], whole)))
		after := half(mul(rat(r.sums[i], 1), rat(r.left[i]-q, whole)))
		total += before - after
		r.left[i] -= q
	}
	var p paid
	p.cash = min(total, r.paid.cash)
	p.card = min(total-p.cash, r.paid.card)
	if p.card+p.cash != total {
		panic("the script returns what was paid by other means")
	}
	r.paid.card -= p.card
	r.paid.cash -= p.cash
	d.returns.add(p)
	d.drawer -= p.cash
	d.receipts++
	d.kinds["sale_return"]++
	return p
}

// backFree books goods that came back with no receipt, for cash.
func (d *daybook) backFree(sum int64) {
	d.returns.add(paid{cash: sum})
	d.drawer -= sum
	d.receipts++
	d.kinds["sale_return"]++
}

func (d *daybook) prepay(p paid) {
	d.prepaid.add(p)
	d.drawer += p.cash
	d.receipts++
	d.kinds["prepayment"]++
}

func (d *daybook) prepayBack(p paid) {
	d.prepaidBack.add(p)
	d.drawer -= p.cash
	d.receipts++
	d.kinds["prepayment_return"]++
}

func (d *daybook) cashIn(sum int64) {
	d.in.add(paid{cash: sum})
	d.drawer += sum
	d.kinds["cash_in"]++
}

func (d *daybook) cashOut(sum int64) {
	d.out.add(paid{cash: sum})
	d.drawer -= sum
	d.kinds["cash_out"]++
}

func (d *daybook) tookOff() {
	d.removed++
	d.kinds["line_removed"]++
}

func (d *daybook) gaveUp() {
	d.removed++
	d.kinds["receipt_cleared"]++
}
