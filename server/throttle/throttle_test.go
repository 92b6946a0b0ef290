package throttle_test

import (
	"fmt"
	"testing"
	"time"

	"kassa/server/throttle"
)

func TestThrottle(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	th := throttle.New(func() time.Time { return now }, 3, 10*time.Second)
	for i := range 3 {
		if w := th.Wait("anna"); w != 0 {
			t.Fatalf("guess %d has to wait %s", i+1, w)
		}
		th.Count("anna")
	}
	if w := th.Wait("anna"); w != 10*time.Second {
		t.Errorf("after three wrong guesses the wait is %s", w)
	}
	if w := th.Wait("boris"); w != 0 {
		t.Errorf("somebody else waits %s", w)
	}
	now = now.Add(10 * time.Second)
	if w := th.Wait("anna"); w != 0 {
		t.Errorf("after the pause the wait is %s", w)
	}
	th.Count("anna")
	if w := th.Wait("anna"); w != 10*time.Second {
		t.Errorf("after one more the wait is %s", w)
	}
	th.Forgive("anna")
	if w := th.Wait("anna"); w != 0 {
		t.Errorf("after the right guess the wait is %s", w)
	}
}

func TestStrangersDoNotFillTheMemory(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	th := throttle.New(func() time.Time { return now }, 3, time.Second)
	for range 5 {
		th.Count("guesser")
	}
	for i := range 20_000 {
		th.Count(fmt.Sprint("stranger ", i))
	}
	if th.Wait("guesser") == 0 {
		t.Error("many strangers made the server forget the one who guesses")
	}
}
