package register

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestShareIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Price times quantity, percentages and parts of returned lines are all within these.
		number := func(name string) int64 {
			return rapid.OneOf(rapid.Int64Range(0, 1000), rapid.Int64Range(0, int64(MaxMoney)*int64(MaxQuantity)), rapid.Int64()).Draw(t, name)
		}
		a, b, c := number("a"), number("b"), number("c")
		got := share(a, b, c)
		if a <= 0 || b <= 0 || c <= 0 {
			if got != 0 {
				t.Fatalf("%d × %d / %d is %d", a, b, c, got)
			}
			return
		}
		twice := new(big.Int).Mul(big.NewInt(2), new(big.Int).Mul(big.NewInt(a), big.NewInt(b)))
		want := twice.Add(twice, big.NewInt(c))
		want.Div(want, new(big.Int).Mul(big.NewInt(2), big.NewInt(c)))
		if want.IsInt64() && got != want.Int64() || !want.IsInt64() && got != math.MaxInt64 {
			t.Fatalf("%d × %d / %d is %d, want %s", a, b, c, got, want)
		}
	})
}

func TestShareAtTheLimits(t *testing.T) {
	const all = int64(MaxMoney) * int64(MaxQuantity)
	for _, c := range []struct{ a, b, c, want int64 }{
		{all, all, all, all},
		{all, all, 1, math.MaxInt64},
		{all, 1, all, 1},
		{math.MaxInt64, math.MaxInt64, math.MaxInt64, math.MaxInt64},
		{math.MaxInt64, 1, 1, math.MaxInt64},
		{1, 1, 2, 1},
		{1, 1, 3, 0},
		{5, 5, 0, 0},
		{-5, 5, 1, 0},
	} {
		if got := share(c.a, c.b, c.c); got != c.want {
			t.Errorf("%d × %d / %d is %d, want %d", c.a, c.b, c.c, got, c.want)
		}
	}
}
