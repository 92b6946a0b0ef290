package till_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"kassa/app/till"
)

func TestKeysThatDoTwoThingsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		keys till.Keys
		bad  bool
	}{
		"none":               {keys: nil},
		"two swapped":        {keys: till.Keys{"F9": "F10", "F10": "F9"}},
		"three turned":       {keys: till.Keys{"F1": "F2", "F2": "F3", "F3": "F1"}},
		"one on another":     {keys: till.Keys{"F9": "F10"}, bad: true},
		"two on one":         {keys: till.Keys{"F9": "F11", "F10": "F11"}, bad: true},
		"a letter":           {keys: till.Keys{"A": "F1", "F1": "A"}, bad: true},
		"onto a letter":      {keys: till.Keys{"F1": "A"}, bad: true},
		"an unknown one":     {keys: till.Keys{"F13": "F13"}, bad: true},
		"a key on its place": {keys: till.Keys{"F9": "F9"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := till.DefaultSettings()
			s.Keys = c.keys
			if err := s.Check(); errors.Is(err, till.ErrBadSetting) != c.bad {
				t.Errorf("%v", err)
			}
		})
	}
}

// However keys are moved, each does one thing, and the one that was moved last is where it was put.
func TestMovedKeysStayWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SampledFrom(till.FunctionKeys())
		s := till.DefaultSettings()
		for range rapid.IntRange(0, 30).Draw(t, "moves") {
			k, to := key.Draw(t, "key"), key.Draw(t, "to")
			before := s.Keys
			was := before.At(k)
			s.Keys = before.Move(k, to)
			if err := s.Check(); err != nil {
				t.Fatal(err)
			}
			if s.Keys.At(k) != to {
				t.Fatalf("%s is on %s", k, s.Keys.At(k))
			}
			if back := s.Keys.Move(k, was); len(back) != len(before) {
				t.Fatalf("moved back, %v became %v", before, back)
			}
		}
	})
}
