//go:build !race

package simulation_test

import (
	"context"
	"errors"
	"testing"

	"kassa/banks"
)

// believer takes the absence of an answer for a refusal, as a hurried programmer would.
type believer struct{ banks.Bank }

func (b believer) Create(ctx context.Context, r banks.Request) (banks.Answer, error) {
	ans, err := b.Bank.Create(ctx, r)
	return ans, believe(err)
}

func (b believer) Cancel(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	ans, err := b.Bank.Cancel(ctx, ref)
	if ref.Refund.ID == "" {
		return ans, err
	}
	return ans, believe(err)
}

func believe(err error) error {
	if errors.Is(err, banks.ErrUnknown) {
		return &banks.Refusal{Reason: banks.ReasonOther, Code: "timeout", Message: "the bank did not answer"}
	}
	return err
}

// pusher sends a refund again when its answer was lost.
type pusher struct{ banks.Bank }

func (p pusher) Cancel(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	ans, err := p.Bank.Cancel(ctx, ref)
	if ref.Refund.ID != "" && errors.Is(err, banks.ErrUnknown) {
		return p.Bank.Cancel(context.WithoutCancel(ctx), ref)
	}
	return ans, err
}

// closer takes every unpaid code that was cancelled for closed, whatever the bank says.
type closer struct{ banks.Bank }

func (c closer) Cancel(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	ans, err := c.Bank.Cancel(ctx, ref)
	if ref.Refund.ID == "" && err != nil {
		return banks.Answer{State: banks.StateCancelled, BankID: ref.BankID, Words: "given up"}, nil
	}
	return ans, err
}

func (c closer) State(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	ans, err := c.Bank.State(ctx, ref)
	if err == nil && ref.State.Closed() {
		ans = banks.Answer{State: ref.State, BankID: ref.BankID, Words: "closed is closed"}
	}
	return ans, err
}

// TestABrokenRuleIsFound shows that the shops find what they are for: with one rule broken, the books of some shop do not
// agree with its bank before long.
func TestABrokenRuleIsFound(t *testing.T) {
	const most = 60 // shops
	g := openGame(t)
	for name, m := range map[string]mutant{
		"a time-out is believed to be a refusal": func(b banks.Bank) banks.Bank { return believer{b} },
		"a refund without an answer is repeated": func(b banks.Bank) banks.Bank { return pusher{b} },
		"a closed code is not looked at again":   func(b banks.Bank) banks.Bank { return closer{b} },
	} {
		t.Run(name, func(t *testing.T) {
			for seed := uint64(1); seed <= most; seed++ {
				if s := g.play(t, seed, m); len(s.faults) > 0 {
					t.Logf("shop %d: %s", seed, s.faults[0])
					return
				}
			}
			t.Errorf("%d shops have found nothing", most)
		})
	}
}
