package till

import (
	"context"
	"errors"

	"kassa/localdb"
	"kassa/register"
	"kassa/sync/client"
	"kassa/sync/push"
	"kassa/sync/wire"
)

// outbox shows the store to the sync worker.
type outbox struct{ store *localdb.Store }

func (o outbox) Unsent(ctx context.Context, limit int) (push.Run, int64, error) {
	tail, waiting, err := o.store.Unsent(ctx, limit)
	run := push.Run{Journal: tail.Journal, After: tail.After, AfterHash: tail.AfterHash}
	for _, s := range tail.Stored {
		run.Records = append(run.Records, push.Record{Number: s.Number, Hash: s.Hash, Bytes: s.Record})
	}
	return run, waiting, err
}

func (o outbox) Acknowledge(ctx context.Context, journal string, number int64, hash register.Hash) error {
	err := o.store.Acknowledge(ctx, journal, number, hash)
	if errors.Is(err, localdb.ErrForked) {
		return errors.Join(push.ErrForked, err)
	}
	return err
}

// Outbox gives the sync worker's view of a store, for programs that send without a till.
func Outbox(store *localdb.Store) push.Outbox { return outbox{store} }

func (t *Till) syncChanged(s push.State) {
	t.mu.Lock()
	defer t.mu.Unlock()
	next := Server{Link: LinkUp, Waiting: s.Waiting, Last: s.Last}
	if s.Err != nil {
		next.Link, next.Trouble = LinkDown, serverTrouble(s.Err)
		t.c.Log.Info("sending", "error", s.Err)
	}
	t.server = next
	if t.parts().payments != nil && !t.parts().direct {
		t.showBank(bankThrough(next, s.Server))
	}
	t.hearLate(s.Server.Late)
	t.changed()
}

func bankThrough(s Server, st wire.Status) Bank {
	switch {
	case s.Link == LinkDown:
		return Bank{Link: LinkDown, Trouble: s.Trouble}
	case st.Till == "":
		return Bank{Link: LinkUnknown}
	case st.Bank == "":
		return Bank{Link: LinkOff, Trouble: CodeQRUnavailable}
	}
	return Bank{Link: LinkUp}
}

func serverTrouble(err error) Code {
	switch {
	case errors.Is(err, push.ErrForked), client.Code(err) == wire.CodeFork:
		return CodeServerFork
	case errors.Is(err, client.ErrRefused):
		return CodeServerRefused
	}
	return CodeServerDown
}

// SyncNow has the sync worker look at once, and the codes that were put away looked at.
func (t *Till) SyncNow() {
	t.wakeSync()
	poke(t.lateNow)
}

// wakeSync has what waits sent now.
func (t *Till) wakeSync() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sync != nil {
		t.sync.Wake()
	}
}
