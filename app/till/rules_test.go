package till

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kassa/banks"
	"kassa/register"
)

// Whatever the bank and the books say: no return is begun for more than the bank holds, and none is taken for
// money that went back outside unless so much did and somebody said so.
func TestHowMoneyGoesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		money := func(name string, most int64) register.Money {
			return register.Money(rapid.Int64Range(0, most).Draw(t, name))
		}
		a := banks.Attempt{ID: "a", Amount: money("amount", 1000) + 1, State: banks.StatePaid}
		a.Refunded = money("refunded", int64(a.Amount))
		booked := money("booked", int64(a.Refunded))
		amount := money("asked", int64(a.Amount)) + 1
		can := Refundable{Left: money("left", int64(a.Left())), WholeOnly: rapid.Bool().Draw(t, "whole only")}
		outside := rapid.SampledFrom([]Outside{"", OutsideCounts, OutsideIgnored}).Draw(t, "outside")
		state, err := howBack(a, can, amount, booked, outside)
		switch {
		case err != nil:
			var p *Problem
			if !errors.As(err, &p) || state != "" {
				t.Fatalf("%q, %v", state, err)
			}
			if p.Code == CodeBackOutside && (outside != "" || a.Refunded-booked < amount) {
				t.Fatalf("asked about %v that went back, for %v", a.Refunded-booked, amount)
			}
		case state == BackDone:
			if outside != OutsideCounts || a.Refunded-booked < amount {
				t.Fatalf("%v counts as %v", a.Refunded-booked, amount)
			}
		case state == BackSending:
			if amount > can.Left || can.WholeOnly && amount != a.Amount || outside == "" && a.Refunded-booked >= amount {
				t.Fatalf("sent: %v of %v", amount, can.Left)
			}
		default:
			t.Fatalf("%q", state)
		}
	})
}

// A closed payment is watched for three days at least, with a finite number of looks; one of which money may come at any
// moment, or is on its way, is watched until it has ended.
func TestTheWatchOverClosedPayments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		pause := time.Duration(rapid.Int64Range(0, int64(time.Minute)).Draw(t, "pause"))
		state := rapid.SampledFrom([]banks.State{banks.StateCancelled, banks.StateExpired, banks.StateRejected, banks.StateFailed}).Draw(t, "state")
		now, looks := start, 0
		for {
			next := nextLook(banks.Attempt{State: state}, start, now, pause)
			if next.IsZero() {
				break
			}
			if !next.After(now) || looks > len(lateLooks) {
				t.Fatalf("look %d at %v after %v", looks, next, now)
			}
			// The till may be off, or busy, for a while.
			now = next.Add(time.Duration(rapid.Int64Range(0, int64(2*time.Hour)).Draw(t, "late by")))
			looks++
		}
		if now.Sub(start) < 72*time.Hour {
			t.Fatalf("watched for %v", now.Sub(start))
		}
		for _, s := range []banks.State{banks.StateCreateUnknown, banks.StateWaiting, banks.StateProcessing, banks.StateCancelling, banks.StatePaid, banks.StatePartlyRefunded, banks.StateRefundPending} {
			if next := nextLook(banks.Attempt{State: s}, start, now, pause); !next.After(now) || next.Sub(now) > time.Minute {
				t.Fatalf("%s is looked at %v after %v", s, next, now)
			}
		}
		if !nextLook(banks.Attempt{State: banks.StateRefunded}, start, now, pause).IsZero() {
			t.Fatal("what went back is watched on")
		}
	})
}

func TestAnUnansweredQuestionIsAskedAgain(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	last := time.Duration(0)
	for failed := range 100 {
		wait := afterFailure(now, failed, time.Second).Sub(now)
		if wait < last || wait > lateFailed || wait < openPause {
			t.Fatalf("after %d failures it waits %v, before that %v", failed, wait, last)
		}
		last = wait
	}
}
