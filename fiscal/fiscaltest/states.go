package fiscaltest

import (
	"context"
	"testing"
	"time"

	"kassa/fiscal"
)

// states are the tests of what a device says of itself.
func states() map[string]test {
	return map[string]test{
		"the state of a device":             {run: state},
		"the state before the first shift":  {run: firstState},
		"the state in FFD 1.05":             {run: state, setup: ffd105},
		"the state without paper":           {run: stateNoPaper},
		"the state of the fiscal storage":   {run: stateStorage},
		"the state of a device that is off": {run: stateOff},
		"how it stood before a try":         {run: before},
		"a clock that is wrong":             {run: stateClock},
	}
}

func (s *till) state() fiscal.State {
	s.t.Helper()
	state, err := s.Device.State(s.ctx())
	if err != nil {
		s.t.Fatal(err)
	}
	return state
}

// sameState compares what the adapter tells with the device. What an adapter's protocol does not tell is zero.
func (s *till) sameState(have fiscal.State) {
	s.t.Helper()
	want := s.Sim.Look()
	if have.Shift != want.Shift || have.Number != want.Number {
		s.t.Errorf("shift %s %d, want %s %d", have.Shift, have.Number, want.Shift, want.Number)
	}
	if !have.Expires.IsZero() && !have.Expires.Equal(want.Expires) {
		s.t.Errorf("the shift expires at %v, want %v", have.Expires, want.Expires)
	}
	if have.FN != want.FN || have.Last != want.Last || have.Drawer != want.Drawer || have.Unsent != want.Unsent || have.FFD != want.FFD {
		s.t.Errorf("%+v, want %+v", have, want)
	}
	if have.PaperOut != want.PaperOut {
		s.t.Errorf("paper out: %v, want %v", have.PaperOut, want.PaperOut)
	}
	if have.Serial != "" && have.Serial != want.Serial {
		s.t.Errorf("serial number %q, want %q", have.Serial, want.Serial)
	}
	if d := have.FNUntil.Sub(want.FNUntil).Abs(); d > 24*time.Hour {
		s.t.Errorf("the fiscal storage ends at %v, want %v", have.FNUntil, want.FNUntil)
	}
	if !have.Clock.IsZero() && have.Clock.Sub(want.Clock).Abs() > time.Second {
		s.t.Errorf("clock %v, want %v", have.Clock, want.Clock)
	}
}

func state(t *testing.T, s *till) {
	s.begin()
	s.make(s.sale())
	have := s.state()
	s.sameState(have)
	if have.Shift != fiscal.ShiftOpen || have.Blocked != "" || have.FNReplace || have.FNExhausted || have.PaperOut || have.CoverOpen || have.Model == "" {
		t.Errorf("%+v", have)
	}
	if !have.UnsentSince.IsZero() {
		t.Errorf("nothing is unsent: %+v", have)
	}
	s.make(s.doc(fiscal.CloseShift))
	have = s.state()
	s.sameState(have)
	if have.Shift != fiscal.ShiftClosed || have.Number != 1 || !have.Expires.IsZero() {
		t.Errorf("closed: %+v", have)
	}
}

func firstState(t *testing.T, s *till) {
	have := s.state()
	s.sameState(have)
	if have.Shift != fiscal.ShiftClosed || have.Last != 1 {
		t.Errorf("%+v", have)
	}
}

func stateNoPaper(t *testing.T, s *till) {
	s.begin()
	s.Sim.SetPaper(false)
	if have := s.state(); !have.PaperOut {
		t.Errorf("%+v", have)
	}
	s.Sim.SetPaper(true)
	if have := s.state(); have.PaperOut || have.CoverOpen {
		t.Errorf("%+v", have)
	}
}

// stateStorage looks at the warnings: a month before the keys end, and three days before.
func stateStorage(t *testing.T, s *till) {
	s.begin()
	s.Sim.SetUntil(s.Now().Add(20 * 24 * time.Hour))
	have := s.state()
	s.sameState(have)
	if !have.FNReplace || have.FNExhausted {
		t.Errorf("20 days left: %+v", have)
	}
	s.Sim.SetUntil(s.Now().Add(2 * 24 * time.Hour))
	if have = s.state(); !have.FNReplace && !have.FNExhausted {
		t.Errorf("2 days left: %+v", have)
	}
	s.Sim.SetOFD(false)
	_, r := s.make(s.sale())
	if have = s.state(); have.Unsent != 1 || !have.UnsentSince.IsZero() && !have.UnsentSince.Equal(r.At) {
		t.Errorf("one unsent since %v: %+v", r.At, have)
	}
}

func stateOff(t *testing.T, s *till) {
	s.begin()
	s.Sim.SetPower(false)
	for name, ask := range map[string]func(context.Context) error{
		"state":  func(ctx context.Context) error { _, err := s.Device.State(ctx); return err },
		"before": func(ctx context.Context) error { _, err := s.Device.Before(ctx); return err },
	} {
		if err := ask(s.ctx()); fiscal.TroubleOf(err) != fiscal.TroubleOff {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.Sim.SetPower(true)
	s.sameState(s.state())
}

func before(t *testing.T, s *till) {
	s.begin()
	s.make(s.sale())
	have, err := s.Device.Before(s.ctx())
	if err != nil {
		t.Fatal(err)
	}
	want := s.Sim.Look()
	if have != (fiscal.Before{FN: want.FN, Last: want.Last, Drawer: want.Drawer}) {
		t.Errorf("%+v, want %+v", have, want)
	}
}

// stateClock finds out that the device's clock is ahead by no whole hours: those might be another zone.
func stateClock(t *testing.T, s *till) {
	s.begin()
	s.Sim.SetSkew(20 * time.Minute)
	if have := s.state().Clock; !have.IsZero() && have.Sub(s.Now()).Round(time.Minute) != 20*time.Minute {
		t.Errorf("%v, and it is %v", have, s.Now())
	}
	s.make(s.sale())
}
