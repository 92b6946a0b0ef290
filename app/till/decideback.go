package till

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kassa/banks"
	"kassa/localdb"
)

// ParkBack lets the refund on the screen go on in the background: View.Backs.
func (t *Till) ParkBack(context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.back == nil {
		return problem(CodeNoBack, nil)
	}
	t.back.left = false
	t.back = nil
	t.changed()
	return nil
}

// ResumeBack puts a refund of View.Backs on the screen; another one that is there goes to View.Backs.
func (t *Till) ResumeBack(_ context.Context, id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.backByID(id)
	if b == nil {
		return problem(CodeNoBack, nil)
	}
	t.back = b
	t.changed()
	return nil
}

// backByID finds a refund that has not ended; nil when there is none. t.mu is held.
func (t *Till) backByID(id string) *refunder {
	for _, b := range t.backs {
		if b.r.ID == id {
			return b
		}
	}
	return nil
}

// backIn finds a refund that is in a state, and holds it there until it is let go.
func (t *Till) backIn(id string, state BackState) (b *refunder, r localdb.QRRefund, a banks.Attempt, err error) {
	t.mu.Lock()
	b = t.backByID(id)
	t.mu.Unlock()
	if b == nil {
		return nil, r, a, problem(CodeNoBack, nil)
	}
	b.steps.Lock()
	if r, a = b.now(); BackState(r.State) != state {
		b.steps.Unlock()
		return nil, r, a, problem(CodeNoBack, nil)
	}
	return b, r, a, nil
}

// letGo ends what backIn began.
func (b *refunder) letGo() { b.steps.Unlock() }

// RetryBack sends a refused refund again. Banks count failed refunds of a payment and take no more after some.
func (t *Till) RetryBack(ctx context.Context, id string) error {
	b, r, a, err := t.backIn(id, BackRefused)
	if err != nil {
		return err
	}
	defer b.letGo()
	r.Try, r.State, r.Trouble, r.Message = t.c.NewID(), string(BackSending), "", ""
	if err := b.keep(ctx, r, a, "the cashier tries again"); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	b.trouble, b.message = "", ""
	t.followBack(b)
	t.changed()
	return nil
}

// DropBack gives a refused refund up. Nothing was returned then, and the goods can be returned again.
func (t *Till) DropBack(ctx context.Context, id string) error {
	b, r, _, err := t.backIn(id, BackRefused)
	if err != nil {
		return err
	}
	defer b.letGo()
	err = t.c.Store.DropQRRefund(context.WithoutCancel(ctx), r.ID, "the cashier gave the refund up")
	if errors.Is(err, localdb.ErrNoRefund) {
		return problem(CodeNoBack, err)
	}
	if err != nil {
		return disk(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.removeBack(b)
	t.changed()
	return nil
}

// DecideBack ends a refund in BackUnclear, or that of late money whose Trouble is CodeBackUnclear, by what
// a person has seen at the bank: went is true when the money went back. It needs RightSettings, and keeps who decided.
// What was begun through a server is decided on its page (Back.DecideHere): the problem is CodeNotAllowed.
func (t *Till) DecideBack(ctx context.Context, id string, went bool) error {
	if l, err := t.lateByID(id); err == nil {
		return t.decideLate(ctx, l, went)
	}
	b, r, a, err := t.backIn(id, BackUnclear)
	if err != nil {
		return err
	}
	defer b.letGo()
	if !t.decidesHere(b.setting) {
		return problem(CodeNotAllowed, nil, "right", string(RightSettings))
	}
	l, err := t.may(RightSettings)
	if err != nil {
		return err
	}
	next, state, decide := banks.Attempt{}, BackDone, a.RefundSeen
	if !went {
		state, decide = BackRefused, a.RefundLost
		r.Trouble = string(CodeBackRefused)
	}
	if next, err = decide(); err != nil {
		return t.unused(l, problem(CodeNoBack, err))
	}
	r.State = string(state)
	if err := b.keep(ctx, r, next, t.looked(l, went)); err != nil {
		return t.unused(l, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	b.trouble, b.message = "", ""
	poke(b.wake)
	t.followBack(b)
	t.changed()
	return nil
}

// decideLate is DecideBack for late money.
func (t *Till) decideLate(ctx context.Context, l *late, went bool) error {
	if err := l.asking.take(ctx); err != nil {
		return err
	}
	defer l.asking.give()
	t.mu.Lock()
	a, unclear := l.a, l.trouble == CodeBackUnclear
	t.mu.Unlock()
	switch {
	case !unclear:
		return problem(CodeNoBack, nil)
	case !t.decidesHere(l.p.Setting):
		return problem(CodeNotAllowed, nil, "right", string(RightSettings))
	}
	lv, err := t.may(RightSettings)
	if err != nil {
		return err
	}
	decide := a.RefundSeen
	if !went {
		decide = a.RefundLost
	}
	next, err := decide()
	if err != nil {
		return t.unused(lv, problem(CodeNoBack, err))
	}
	if err := t.keepLate(ctx, next, t.looked(lv, went), true); err != nil {
		return t.unused(lv, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	l.a, l.trouble, l.message, l.silent, l.next = next, "", "", time.Time{}, t.c.Now()
	if next.State == banks.StateRefunded {
		t.removeLate(l)
	}
	t.changed()
	poke(t.lateNews)
	return nil
}

// looked is what the story keeps of a person's decision.
func (t *Till) looked(by *leave, went bool) string {
	who := by.name()
	if who == "" {
		who = t.View().Cashier
	}
	return fmt.Sprintf("%s has looked at the bank: went back is %t", who, went)
}
