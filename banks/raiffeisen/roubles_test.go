package raiffeisen

import (
	"encoding/json"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

func TestRoublesAreRead(t *testing.T) {
	for text, want := range map[string]register.Money{
		"0": 0, "0.00": 0, "0.01": 1, "0.1": 10, "1": 100, "150": 150_00, "1110.11": 1110_11, "12399.1": 12399_10,
		"199.00": 199_00, "199.000": 199_00, "99999999.99": register.MaxMoney, "1E+2": 100_00, "1e2": 100_00, "1.5E+1": 15_00,
		"19900E-2": 199_00, "1E-2": 1, "0E+30": 0, "101.10": 101_10,
	} {
		got, err := roubles(text).money()
		if err != nil || got != want {
			t.Errorf("%s is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "-1", "+1", "-0.01", ".", "1.001", "0.009", "100000000", "99999999.999", "1E-3", "15E-3", "1E+9", "1E+99999999999",
		"1e", "1ee2", "1.2.3", "0x10", "NaN", "Infinity", "1 000", "1,5", "null", `"1"`, "1E+30", "9223372036854775808",
		"1111111111111111111111111111111111111111111111111111111111",
	} {
		if got, err := roubles(text).money(); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestRoublesInJSON(t *testing.T) {
	for body, want := range map[string]roubles{
		`{"amount":101.10}`: "101.10", `{"amount":1e2}`: "1e2", `{"amount":null}`: "", `{}`: "", `{"amount":-5}`: "-5",
	} {
		var re reply
		if err := json.Unmarshal([]byte(body), &re); err != nil || re.Amount != want {
			t.Errorf("%s: %q, %v; want %q", body, re.Amount, err, want)
		}
	}
	for _, body := range []string{`{"amount":"101.10"}`, `{"amount":true}`, `{"amount":{}}`, `{"amount":[1]}`} {
		var re reply
		if err := json.Unmarshal([]byte(body), &re); err == nil {
			t.Errorf("%s was taken as %q", body, re.Amount)
		}
	}
}

// TestRoublesRoundTrip writes every sum and reads it again, as it was written and as a bank may write it.
func TestRoublesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := register.Money(rapid.Int64Range(0, int64(register.MaxMoney)).Draw(t, "sum"))
		body, err := json.Marshal(struct {
			Amount roubles `json:"amount"`
		}{write(m)})
		if err != nil {
			t.Fatal(err)
		}
		var re reply
		if err := json.Unmarshal(body, &re); err != nil {
			t.Fatal(err)
		}
		if got, err := re.Amount.money(); err != nil || got != m {
			t.Fatalf("%v became %s and then %v, %v", m, body, got, err)
		}
	})
}

// FuzzRoubles compares with exact fractions.
func FuzzRoubles(f *testing.F) {
	for _, text := range []string{"0", "199.00", "12399.1", "1E+2", "1E-3", "0.009", "-1", "1e999999999", "99999999.99", "00012", "1."} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := roubles(text).money()
		if err != nil {
			return
		}
		if got < 0 || got > register.MaxMoney {
			t.Fatalf("%q is %v", text, got)
		}
		exact, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("%q was read, and is no number", text)
		}
		if exact.Cmp(big.NewRat(int64(got), 100)) != 0 {
			t.Fatalf("%q was read as %v", text, got)
		}
	})
}
