package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// The measurements themselves, small: whatever they print, they must still run against the code as it is.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	o := options{goods: "../assets/catalogue/demo.csv", scans: 50, sales: 3, uploads: 600, payments: 60, following: 2 * time.Second, paying: 2, printed: 2, inside: true}
	if err := run(t.Context(), o, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"barcode to line on the receipt, 340 goods", "commit of a sale of 5 lines", "the same through the till", "receipt of 40 lines to print job, 80 mm", "upload of 600 operations", "following 60 open payments",
		"paid to sale on the till's disk: the till asks the bank", "commit to first byte at the printer: the slip of a card sale"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
}

func TestQuantiles(t *testing.T) {
	var hundred times
	for i := range 100 {
		hundred = append(hundred, time.Duration(100-i)*time.Millisecond)
	}
	for q, want := range map[float64]time.Duration{0: 1, 0.5: 51, 0.99: 100, 1: 100} {
		if got := hundred.at(q); got != want*time.Millisecond {
			t.Errorf("quantile %v is %v, want %d ms", q, got, want)
		}
	}
	if got := (times{}).at(0.5); got != 0 {
		t.Errorf("the middle of nothing is %v", got)
	}
}

func TestRatio(t *testing.T) {
	if got := ratio(times{3 * time.Millisecond}, times{2 * time.Millisecond}); got != "p50 1.50  p99 1.50" {
		t.Errorf("ratio is %q", got)
	}
	if got := quotient(time.Second, 0); got != "?" {
		t.Errorf("a ratio to nothing is %q", got)
	}
}
