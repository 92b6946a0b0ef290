//go:build !race

package fiscal_test

import (
	"context"
	"errors"
	"testing"

	"kassa/app/till"
	"kassa/fiscal"
)

// pusher sends a document again as a new try when its answer was lost.
type pusher struct {
	fiscal.Device
	newID func() string
}

func (p pusher) Find(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	before, err := p.Before(ctx)
	if err != nil {
		return fiscal.Receipt{}, &fiscal.Error{Fate: fiscal.ErrUnknown, Trouble: fiscal.TroubleOff, Err: err}
	}
	return p.Device.Make(ctx, fiscal.Try{ID: p.newID(), Before: before, Document: try.Document})
}

// believer takes the absence of an answer for a refusal, as a hurried programmer would.
type believer struct{ fiscal.Device }

func (b believer) Make(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	r, err := b.Device.Make(ctx, try)
	return r, believe(err)
}

func (b believer) Find(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	r, err := b.Device.Find(ctx, try)
	return r, believe(err)
}

func believe(err error) error {
	if errors.Is(err, fiscal.ErrUnknown) {
		return &fiscal.Error{Fate: fiscal.ErrRefused, Trouble: fiscal.TroubleOff}
	}
	return err
}

// paperReader takes a document that is not on paper for one that was not made.
type paperReader struct{ fiscal.Device }

func (p paperReader) Make(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	r, err := p.Device.Make(ctx, try)
	if err == nil && r.NotPrinted {
		return fiscal.Receipt{}, &fiscal.Error{Fate: fiscal.ErrRefused, Trouble: fiscal.TroublePaper}
	}
	return r, err
}

// TestABrokenRuleIsFound shows that the shops find what they are for: with one rule broken, the documents of some shop do
// not agree with its operations before long.
func TestABrokenRuleIsFound(t *testing.T) {
	const most = 20 // shops
	pins, err := till.HashPIN(pin)
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]mutant{
		"after a time-out it is sent again as a new try": func(d fiscal.Device, newID func() string) fiscal.Device { return pusher{d, newID} },
		"a time-out is believed to be a refusal":         func(d fiscal.Device, _ func() string) fiscal.Device { return believer{d} },
		"what is not on paper is made again":             func(d fiscal.Device, _ func() string) fiscal.Device { return paperReader{d} },
	} {
		t.Run(name, func(t *testing.T) {
			for seed := uint64(1); seed <= most; seed++ {
				if s := play(t, seed, pins, m); len(s.faults) > 0 {
					t.Logf("shop %d: %s", seed, s.faults[0])
					return
				}
			}
			t.Errorf("%d shops have found nothing", most)
		})
	}
}
