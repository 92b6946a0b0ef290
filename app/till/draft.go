package till

import (
	"context"
	"time"
)

// keepDraft writes the receipt to the disk after every change, so that a power cut loses at most what was rung up in
// the last moments, and an orderly end nothing.
func (t *Till) keepDraft(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-t.draft:
			t.saveDraft()
		}
	}
	select {
	case <-t.draft:
		t.saveDraft()
	default:
	}
}

// saveDraft writes the receipt as it stands, also while the till is being stopped.
func (t *Till) saveDraft() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	t.drafts.Lock()
	defer t.drafts.Unlock()
	t.mu.Lock()
	cart, frozen := t.cart.Draft(), t.current != nil
	t.mu.Unlock()
	if frozen {
		return
	}
	if err := t.c.Store.SaveDraft(ctx, cart); err != nil {
		t.c.Log.Warn("keeping the receipt", "error", err)
	}
}
