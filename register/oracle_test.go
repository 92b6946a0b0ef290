package register_test

import (
	"math/big"

	"kassa/register"
)

// The documented arithmetic of a receipt once more, by fractions of any size: what the package's own is held against.

func rat(a, b int64) *big.Rat { return big.NewRat(a, b) }

func whole(a register.Money) *big.Rat { return rat(int64(a), 1) }

// halfUp rounds a fraction that is not negative.
func halfUp(x *big.Rat) register.Money {
	x = new(big.Rat).Add(x, rat(1, 2))
	return register.Money(new(big.Int).Div(x.Num(), x.Denom()).Int64())
}

func exact(sum register.Money, num, denom int64) register.Money {
	return halfUp(new(big.Rat).Mul(whole(sum), rat(num, denom)))
}

func exactDiscount(d register.Discount, sum register.Money) register.Money {
	if d.Percent > 0 {
		return exact(sum, int64(d.Percent), 10_000)
	}
	return min(d.Sum, sum)
}

var percents = map[register.VAT]int64{register.VAT22: 22, register.VAT20: 20, register.VAT10: 10, register.VAT7: 7, register.VAT5: 5,
	register.VAT22of122: 22, register.VAT20of120: 20, register.VAT10of110: 10, register.VAT7of107: 7, register.VAT5of105: 5}

// exactSpread gives every part the whole kopecks of its share, then kopeck by kopeck what is left to the part that is
// furthest behind, the first among equals.
func exactSpread(sum register.Money, weights []register.Money) []register.Money {
	shares := make([]register.Money, len(weights))
	var all register.Money
	for _, w := range weights {
		all += w
	}
	if sum <= 0 || all == 0 {
		return shares
	}
	behind := make([]*big.Rat, len(weights))
	left := sum
	for i, w := range weights {
		share := new(big.Rat).Mul(whole(sum), rat(int64(w), int64(all)))
		shares[i] = register.Money(new(big.Int).Div(share.Num(), share.Denom()).Int64())
		behind[i] = share.Sub(share, whole(shares[i]))
		left -= shares[i]
	}
	for ; left > 0; left-- {
		first := 0
		for i := range behind {
			if behind[i].Cmp(behind[first]) > 0 {
				first = i
			}
		}
		shares[first]++
		behind[first] = rat(0, 1)
	}
	return shares
}

type sums struct{ off, sum, vat register.Money }

// bill is what each line of a receipt must come to.
func bill(d register.Draft) []sums {
	var base, gross, own register.Money
	prices, owns, weights := make([]register.Money, len(d.Lines)), make([]register.Money, len(d.Lines)), make([]register.Money, len(d.Lines))
	for i, l := range d.Lines {
		prices[i] = exact(l.Price, int64(l.Quantity), 1000)
		if l.NoDiscount {
			continue
		}
		owns[i] = min(exactDiscount(l.Discount, prices[i]), exact(prices[i], int64(d.Rules.MaxDiscount), 10_000))
		weights[i] = prices[i] - owns[i]
		gross, own, base = gross+prices[i], own+owns[i], base+weights[i]
	}
	off := min(exactDiscount(d.Discount, base), max(exact(gross, int64(d.Rules.MaxDiscount), 10_000)-own, 0))
	if d.Customer != nil {
		off = max(off, exact(base, int64(d.Customer.Discount), 10_000))
	}
	all := make([]sums, len(d.Lines))
	for i, share := range exactSpread(off, weights) {
		rate := percents[d.Lines[i].VAT]
		net := prices[i] - owns[i] - share
		all[i] = sums{off: owns[i] + share, sum: net, vat: exact(net, rate, 100+rate)}
		if d.Lines[i].OnTop {
			all[i].vat = exact(net, rate, 100)
			all[i].sum = net + all[i].vat
		}
	}
	return all
}

func sumsOf(lines []register.Line) []sums {
	all := make([]sums, len(lines))
	for i, l := range lines {
		all[i] = sums{l.Off, l.Sum, l.VATSum}
	}
	return all
}
