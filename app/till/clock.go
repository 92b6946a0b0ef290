package till

import (
	"context"
	"time"
)

// clockSlack is how far the till's clock may fall behind its own history before the cashier is told: a clock that the
// network puts right moves by less.
const clockSlack = 10 * time.Minute

// loadNewest finds the moment of the newest operation. Older ones may bear a later one, if the clock was set back before;
// that was told then.
func (t *Till) loadNewest(ctx context.Context) error {
	last, err := t.c.Store.History(ctx, 0, 1)
	if err == nil && len(last) > 0 {
		t.newest = last[0].At
	}
	return err
}

// clockTrouble tells whether the clock was set back: receipts would bear a wrong day. Selling goes on, and the order of
// the history does not depend on the clock. t.mu is held.
func (t *Till) clockTrouble() Code {
	if t.c.Now().Before(t.newest.Add(-clockSlack)) {
		return CodeClockBack
	}
	return ""
}
