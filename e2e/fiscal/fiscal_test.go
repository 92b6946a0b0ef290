package fiscal_test

import (
	"flag"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kassa/app/till"
)

var (
	from  = flag.Uint64("from", 1, "the first shop's number")
	told  = flag.Bool("told", false, "tell the story of every shop as it goes on")
	count = flag.Uint64("shops", shops, "how many shops")
)

// So many shops make so many fiscal documents between them, and meet every kind of trouble.
const (
	enough = 26
	wanted = 2000
)

// TestTheDocumentsAgreeWithTheOperations plays shops, one after another number, and compares each one's history with its
// registrar.
func TestTheDocumentsAgreeWithTheOperations(t *testing.T) {
	pins, err := till.HashPIN(pin)
	if err != nil {
		t.Fatal(err)
	}
	var all tally
	t.Run("shops", func(t *testing.T) {
		hands := uint64(min(runtime.GOMAXPROCS(0), 8))
		for hand := range hands {
			t.Run(fmt.Sprintf("hand %d", hand), func(t *testing.T) {
				t.Parallel()
				for seed := *from + hand; seed < *from+*count; seed += hands {
					t.Run(fmt.Sprint(seed), func(t *testing.T) { all.add(playWell(t, seed, pins)) })
				}
			})
		}
	})
	t.Logf("%+v", all.seen)
	if n := all.seen; *count >= enough && (n.documents < wanted || n.corrections == 0 || n.found == 0 || n.unprinted == 0) {
		t.Errorf("%+v are too few to prove anything", n)
	}
}

// seen is what happened in a shop.
type seen struct {
	documents   int // in the fiscal storage
	corrections int // of sales and returns of more than a day ago
	found       int // in the device's memory, or by the service's
	unprinted   int // when they were made
	decided     int // by a person
	moves       int // of cash
}

// tally adds up what happened in all shops.
type tally struct {
	mu   sync.Mutex
	seen seen
}

func (t *tally) add(s *shop) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen.decided += s.unclear
	t.seen.moves += len(s.unit.Moves())
	for _, r := range s.unit.All() {
		t.seen.documents++
		if r.Correction != nil {
			t.seen.corrections++
		}
		if r.NotPrinted {
			t.seen.unprinted++
		}
	}
	t.seen.found += s.found
}

// playWell plays a shop in which nothing may be wrong in the end.
func playWell(t *testing.T, seed uint64, pins string) *shop {
	s := play(t, seed, pins, nil)
	for _, fault := range s.faults {
		t.Errorf("shop %d: %s", seed, fault)
	}
	if t.Failed() && !*told {
		t.Log(s.log)
	}
	return s
}

// play plays one shop: a time of troubles, and then as long as it takes to bring everything to its end.
func play(t *testing.T, seed uint64, pins string, m mutant) (s *shop) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s = openShop(t, seed, dir, pins, m)
		defer s.shut()
		s.troubles()
		s.settle()
		if len(s.faults) == 0 {
			s.check()
		}
	})
	return s
}

// troubles is a time in which nothing can be relied upon.
func (s *shop) troubles() {
	trust := []int{700, 850, 950, 990}
	s.net.setTrust(trust[s.dice.IntN(len(trust))])
	for range 180 + s.dice.IntN(120) {
		switch n := s.dice.IntN(100); {
		case n < 72:
			s.cashier()
		case n < 80:
			s.colleague()
		case n < 96:
			s.trouble()
		case n < 98:
			s.kill(s.outage())
		default:
			s.longPause()
		}
		time.Sleep(time.Duration(s.dice.ExpFloat64() * float64(30*time.Second)))
	}
}

// longPause is lunch, a night, or once in a while a weekend; the longer ones with the till switched off.
func (s *shop) longPause() {
	pauses := []time.Duration{30 * time.Minute, 9 * time.Hour, 13 * time.Hour, 25 * time.Hour, 50 * time.Hour}
	pause := pauses[s.dice.IntN(len(pauses))]
	s.log.add("nothing happens for %v", pause)
	if s.dice.IntN(2) == 0 {
		defer s.technician()
	}
	if pause > time.Hour {
		s.kill(pause)
		return
	}
	time.Sleep(pause)
}

// outage is how long a program is away, mostly as long as it needs to start again.
func (s *shop) outage() time.Duration {
	if s.dice.IntN(3) > 0 {
		return time.Duration(s.dice.Int64N(int64(5 * time.Second)))
	}
	return time.Duration(s.dice.Int64N(int64(20 * time.Minute)))
}
