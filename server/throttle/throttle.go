// Package throttle slows down those who guess: passwords, pairing codes.
//
// It counts wrong guesses by who made them, in memory: each server process counts for itself, and a restart forgets.
// That is enough to make guessing hopeless, and no stranger can fill a database with it.
package throttle

import (
	"sync"
	"time"
)

// Throttle lets everybody make some wrong guesses at once and then one more each pause. It is safe for concurrent use.
type Throttle struct {
	clock  func() time.Time
	atOnce int
	pause  time.Duration

	mu sync.Mutex
	by map[string]time.Time // when all that was counted is forgotten
}

// most is how many names are remembered. When there are more, those that are nearly forgiven are forgotten.
const most = 10_000

// New makes a Throttle.
func New(clock func() time.Time, atOnce int, pause time.Duration) *Throttle {
	return &Throttle{clock: clock, atOnce: atOnce, pause: pause, by: map[string]time.Time{}}
}

// Wait is how long to wait before the next guess may be made; zero for now.
func (t *Throttle) Wait(who string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	// One guess is free as soon as what is counted leaves room for one more.
	counted := max(0, t.by[who].Sub(t.clock()))
	return max(0, counted-time.Duration(t.atOnce-1)*t.pause)
}

// Count notes a wrong guess.
func (t *Throttle) Count(who string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	if len(t.by) >= most {
		t.forget(now)
	}
	until := t.by[who]
	if until.Before(now) {
		until = now
	}
	t.by[who] = until.Add(t.pause)
}

// Forgive forgets the wrong guesses of somebody who has shown who they are.
func (t *Throttle) Forgive(who string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.by, who)
}

// forget drops whoever has nothing left to wait for, and then, when that is not enough, those with little.
func (t *Throttle) forget(now time.Time) {
	for limit := now; len(t.by) >= most; limit = limit.Add(t.pause) {
		for who, until := range t.by {
			if !until.After(limit) {
				delete(t.by, who)
			}
		}
	}
}
