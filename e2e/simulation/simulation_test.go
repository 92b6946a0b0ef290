package simulation_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"kassa/app/till"
	"kassa/banks/banksim"
	"kassa/banks/every/sims"
	"kassa/server/pgcluster/pgtest"
)

var (
	from  = flag.Uint64("from", 1, "the first shop's number")
	count = flag.Uint64("shops", 20, "how many shops")
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

// TestTheBooksAgreeWithTheBank plays shops, one after another number, and compares each one's books with its bank. Each
// processor plays its share of them.
func TestTheBooksAgreeWithTheBank(t *testing.T) {
	hands := uint64(min(runtime.GOMAXPROCS(0), 8))
	for hand := range hands {
		t.Run(fmt.Sprintf("hand %d", hand), func(t *testing.T) {
			t.Parallel()
			g := openGame(t)
			for seed := *from + hand; seed < *from+*count; seed += hands {
				t.Run(fmt.Sprint(seed), func(t *testing.T) { g.playWell(t, seed) })
			}
		})
	}
}

// playWell plays a shop in which nothing may be wrong in the end.
func (g *game) playWell(t *testing.T, seed uint64) {
	s := g.play(t, seed, nil)
	if t.Failed() {
		return // it said why
	}
	for _, fault := range s.faults {
		t.Errorf("shop %d: %s", seed, fault)
	}
	if t.Failed() {
		t.Log(s.log)
	}
}

// game is what all shops share.
type game struct {
	pins string
	sims []banksim.Sim
	*premises
}

func openGame(t *testing.T) *game {
	t.Helper()
	pins, err := till.HashPIN(pin)
	if err != nil {
		t.Fatal(err)
	}
	return &game{pins: pins, sims: sims.Sims(), premises: openPremises(t)}
}

// play plays one shop: a time of troubles, and then as long as it takes to bring everything to its end.
func (g *game) play(t *testing.T, seed uint64, m mutant) (s *shop) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s = openShop(t, seed, dir, g.pins, g.sims, g.premises, m)
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
	trust := []int{600, 800, 900, 970}
	s.bankNet.setTrust(trust[s.dice.IntN(len(trust))])
	if s.back != nil {
		s.back.tillNet.setTrust(trust[s.dice.IntN(len(trust))])
	}
	for range 30 + s.dice.IntN(60) {
		switch n := s.dice.IntN(100); {
		case n < 55:
			s.cashier()
		case n < 85:
			s.buyer()
		case n < 90:
			s.owner()
		case n < 93:
			s.kill(s.outage())
		case n < 95 && s.back != nil:
			s.back.kill(s.outage())
		default:
			s.decide()
		}
		time.Sleep(time.Duration(s.dice.ExpFloat64() * float64(15*time.Second)))
	}
}

// outage is how long a program is away, mostly as long as it needs to start again.
func (s *shop) outage() time.Duration {
	if s.dice.IntN(3) > 0 {
		return time.Duration(s.dice.Int64N(int64(5 * time.Second)))
	}
	return time.Duration(s.dice.Int64N(int64(20 * time.Minute)))
}

// shut ends the shop.
func (s *shop) shut() {
	s.life.kill()
	s.Stop()
	s.must(s.store.Close())
	if s.back != nil {
		s.back.stop()
		s.back.tillNet.late.Wait()
	}
	s.bankNet.late.Wait()
}
