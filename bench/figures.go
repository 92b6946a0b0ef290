package main

import (
	"fmt"
	"slices"
	"time"
)

// times are the durations of one thing done many times.
type times []time.Duration

// at gives the quantile q, from 0 to 1.
func (t times) at(q float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// summary shows the middle and the slow end.
func (t times) summary() string {
	return fmt.Sprintf("p50 %s  p99 %s  worst %s", short(t.at(0.5)), short(t.at(0.99)), short(t.at(1)))
}

// short writes a duration with three digits or so.
func short(d time.Duration) string {
	switch {
	case d < 10*time.Microsecond:
		return d.Round(10 * time.Nanosecond).String()
	case d < time.Millisecond:
		return d.Round(time.Microsecond).String()
	case d < time.Second:
		return d.Round(10 * time.Microsecond).String()
	}
	return d.Round(10 * time.Millisecond).String()
}

// ratio compares the middles and the slow ends.
func ratio(ours, raw times) string {
	return fmt.Sprintf("p50 %s  p99 %s", quotient(ours.at(0.5), raw.at(0.5)), quotient(ours.at(0.99), raw.at(0.99)))
}

func quotient(ours, raw time.Duration) string {
	if raw == 0 {
		return "?"
	}
	return fmt.Sprintf("%.2f", float64(ours)/float64(raw))
}
