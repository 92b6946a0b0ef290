package register_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

func drawWeights(t *rapid.T) []register.Money {
	most := oneOf[register.Money](t, "most", 1, 3, 100, 1_000_000, register.MaxMoney)
	weights := make([]register.Money, pick(t, "parts", 30))
	for i := range weights {
		weights[i] = draw[register.Money](t, "weight", 0, most)
	}
	return weights
}

func add64(weights []register.Money) (sum register.Money) {
	for _, w := range weights {
		sum += w
	}
	return sum
}

func TestSpread(t *testing.T) {
	check(t, func(t *rapid.T) {
		weights := drawWeights(t)
		whole := add64(weights)
		sum := draw[register.Money](t, "sum", 0, max(whole, 1))
		if rapid.Bool().Draw(t, "more than the weights") {
			sum += draw[register.Money](t, "more", 0, register.MaxMoney)
		}
		shares := register.Spread(sum, weights)
		if whole == 0 {
			if add64(shares) != 0 || len(shares) != len(weights) {
				t.Fatalf("with no weight: %v", shares)
			}
			return
		}
		if add64(shares) != sum {
			t.Fatalf("the shares of %s come to %s", sum, add64(shares))
		}
		for i, s := range shares {
			if sum <= whole && s > weights[i] || s < 0 || weights[i] == 0 && s != 0 {
				t.Fatalf("%s of a weight of %s", s, weights[i])
			}
			exact := new(big.Rat).Mul(rat(int64(sum), 1), rat(int64(weights[i]), int64(whole)))
			if d := exact.Sub(exact, rat(int64(s), 1)); d.Abs(d).Cmp(rat(1, 1)) >= 0 {
				t.Fatalf("share %d is %s, a kopeck or more from its exact value", i, s)
			}
		}
		if want := exactSpread(sum, weights); !slices.Equal(shares, want) {
			t.Fatalf("got %v, want %v", shares, want)
		}
	})
}

// The order of the parts decides only between equal remainders: where there are none, it changes nothing; else a kopeck.
// Whatever the order, a heavier part never gets less, and of equal parts the first is the dearer.
func TestSpreadHardlyDependsOnTheOrder(t *testing.T) {
	check(t, func(t *rapid.T) {
		weights := drawWeights(t)
		whole := add64(weights)
		sum := draw[register.Money](t, "sum", 0, max(whole, 1))
		indexes := make([]int, len(weights))
		rests := map[string]bool{}
		for i, w := range weights {
			indexes[i] = i
			rest := new(big.Int).Mul(big.NewInt(int64(sum)), big.NewInt(int64(w)))
			rests[rest.Mod(rest, big.NewInt(max(int64(whole), 1))).String()] = true
		}
		first := register.Spread(sum, weights)
		order := rapid.Permutation(indexes).Draw(t, "order")
		other := make([]register.Money, len(weights))
		for i, at := range order {
			other[i] = weights[at]
		}
		for i, s := range register.Spread(sum, other) {
			d := s - first[order[i]]
			if d < -1 || d > 1 || d != 0 && len(rests) == len(weights) {
				t.Fatalf("the weight %s gets %s in one order, %s in another", other[i], first[order[i]], s)
			}
		}
		for i, w := range weights {
			for j := i + 1; j < len(weights); j++ {
				v, d := weights[j], first[i]-first[j]
				if w == v && d != 0 && d != 1 || w > v && d < 0 || w < v && d > 0 {
					t.Fatalf("%s gets %s before %s gets %s", w, first[i], v, first[j])
				}
			}
		}
	})
}

func TestSpreadByHand(t *testing.T) {
	for _, c := range []struct {
		name    string
		sum     register.Money
		weights []register.Money
		want    []register.Money
	}{
		{"ties go to the first", 1, []register.Money{5, 5, 5}, []register.Money{1, 0, 0}},
		{"two of three", 2, []register.Money{5, 5, 5}, []register.Money{1, 1, 0}},
		{"the largest remainder", 10, []register.Money{1, 1, 8}, []register.Money{1, 1, 8}},
		{"a remainder that is larger", 5, []register.Money{3, 7}, []register.Money{2, 3}}, // 1.5 and 3.5
		{"a remainder that is larger, behind", 4, []register.Money{3, 7}, []register.Money{1, 3}},
		{"no weight in the middle", 3, []register.Money{1, 0, 1}, []register.Money{2, 0, 1}},
		{"nothing", 0, []register.Money{1, 2}, []register.Money{0, 0}},
		{"less than nothing", -5, []register.Money{1, 2}, []register.Money{0, 0}},
		{"over nothing", 5, []register.Money{0, 0}, []register.Money{0, 0}},
		{"over no parts", 5, nil, []register.Money{}},
		{"weights below zero count as zero", 5, []register.Money{-7, 1}, []register.Money{0, 5}},
		{"weights beyond a receipt count as the most", 9, []register.Money{math.MaxInt64, math.MaxInt64, math.MaxInt64}, []register.Money{3, 3, 3}},
		{"a sum beyond all receipts", math.MaxInt64, []register.Money{1, 1}, []register.Money{math.MaxInt64/2 + 1, math.MaxInt64 / 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := register.Spread(c.sum, c.weights); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
