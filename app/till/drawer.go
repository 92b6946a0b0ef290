package till

import (
	"context"
	"errors"
	"sync"
	"time"

	"kassa/localdb"
	"kassa/printer"
	"kassa/printer/escpos"
	"kassa/register"
)

// kickPatience is how long a drawer may be late. Later it stays shut: one that springs open when the cashier thinks of
// something else is worse than one that is opened with the key.
const kickPatience = 5 * time.Second

// drawerWish is that the cash drawer be opened. It is kept nowhere but here: a drawer is never opened after a restart.
// The lock is held while a job and the wish for the drawer are put into place together.
type drawerWish struct {
	sync.Mutex
	asked chan struct{} // holds one while somebody wants it open
	since time.Time     // when the first of them asked
}

// ask asks for the drawer. The lock need not be held.
func (d *drawerWish) ask() {
	select {
	case d.asked <- struct{}{}:
	default:
	}
}

// wanted tells whether the drawer is to be opened.
func (d *drawerWish) wanted() bool { return len(d.asked) > 0 }

// withDrawer has a commit's slips tell whether the drawer is to be opened. The drawer's lock is held until done, which
// asks for it if the commit was made.
func (t *Till) withDrawer(e *localdb.Entry) (done func(committed bool)) {
	slips := e.Slips
	if slips == nil {
		return func(bool) {}
	}
	open := false
	e.Slips = func(op register.Operation) ([]localdb.PrintJob, error) {
		jobs, err := slips(op)
		open = false // a commit may be begun anew
		for _, j := range jobs {
			open = open || j.Drawer
		}
		return jobs, err
	}
	t.drawer.Lock()
	return func(committed bool) {
		if committed && open {
			if !t.drawer.wanted() {
				t.drawer.since = time.Now()
			}
			t.drawer.ask()
		}
		t.drawer.Unlock()
	}
}

// kick opens the drawer, which somebody wants. The print worker calls it between two jobs.
func (t *Till) kick(ctx context.Context) {
	select {
	case <-t.drawer.asked:
	default:
		return
	}
	t.drawer.Lock()
	late := time.Since(t.drawer.since)
	t.drawer.Unlock()
	if late > kickPatience {
		t.c.Log.Warn("the drawer stays shut", "late", late)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, kickPatience)
	defer cancel()
	parts := t.parts()
	job, urgent, err := pulses(parts.profile)
	if err == nil && job != nil {
		if k, ok := parts.printer.(printer.Kicker); ok {
			err = k.Kick(ctx, job, urgent)
		} else {
			_, err = parts.printer.Send(ctx, job)
		}
	}
	if err != nil {
		t.c.Log.Warn("opening the drawer", "error", err)
		if ctx.Err() == nil {
			t.printerSaid(err)
		}
	}
}

// kickMeanwhile opens the drawer while a job is being sent, until over. A wish that the printer had no time for is there
// again afterwards.
func (t *Till) kickMeanwhile(ctx context.Context, k printer.Kicker, over <-chan struct{}) {
	job, urgent, err := pulses(t.parts().profile)
	if err != nil || job == nil {
		return
	}
	for {
		select {
		case <-over:
			return
		case <-t.drawer.asked:
		}
		kick, cancel := context.WithTimeout(ctx, kickPatience)
		stop := make(chan struct{})
		go func() {
			select {
			case <-over:
				cancel()
			case <-stop:
			}
		}()
		err := k.Kick(kick, job, urgent)
		close(stop)
		cancel()
		if errors.Is(err, context.Canceled) && ctx.Err() == nil {
			t.drawer.ask()
			return
		}
		if err != nil {
			t.c.Log.Warn("opening the drawer", "error", err)
		}
	}
}

// pulses are the two ways to open the drawer: as a job of its own, and the one that a printer obeys at once (DLE DC4,
// function 1, in tenths of a second). job is nil for a printer that has no drawer.
func pulses(p escpos.Profile) (job, urgent []byte, err error) {
	if p.Drawer == (escpos.Drawer{}) {
		return nil, nil, nil
	}
	if job, err = escpos.Encode(printer.Document{OpenDrawer: true}, p); err != nil {
		return nil, nil, err
	}
	pin := byte(0)
	if p.Drawer.Pin == 5 {
		pin = 1
	}
	return job, []byte{0x10, 0x14, 0x01, pin, byte(max(1, min((p.Drawer.On+99)/100, 8)))}, nil
}
