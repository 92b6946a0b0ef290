package till_test

import (
	"testing"
	"time"

	"kassa/app/till"
)

func TestAClockThatIsSetBackAYear(t *testing.T) {
	w := newWorld(t).working()
	w.scan(milk)
	_, err := w.PayCash(t.Context(), 100_00)
	w.must(err)
	if v := w.View(); v.Clock != "" {
		t.Errorf("a clock that is right: %s", v.Clock)
	}
	before := w.newest()
	w.clock.move(-365 * 24 * time.Hour)
	w.reopen()
	w.working()
	if v := w.View(); v.Clock != till.CodeClockBack || !v.Shift.Open {
		t.Errorf("a clock of last year: %q, the shift is %+v", v.Clock, v.Shift)
	}
	w.scan(bread)
	sold, err := w.PayCash(t.Context(), 100_00)
	w.must(err)
	if o := w.newest(); o.ID != sold.ID || o.Number != before.Number+1 || !o.At.Before(before.At) {
		t.Errorf("the history's end is %+v", o)
	}
	w.clock.move(365 * 24 * time.Hour)
	w.scan(milk)
	if v := w.View(); v.Clock != "" {
		t.Errorf("a clock that was put right: %s", v.Clock)
	}
	w.healthy(2)
}
