package atol_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/atol"
	"kassa/fiscal/fnsim"
)

// storm is what may go wrong at any moment of a day.
var storm = []fnsim.Fault{
	fnsim.LostBefore, fnsim.LostAfter, fnsim.PowerBefore, fnsim.PowerAfter, fnsim.PaperEnds, fnsim.RequestLost, fnsim.AnswerLost, fnsim.HTTP500,
	fnsim.HTTP503, fnsim.HTTP500After, fnsim.Nonsense, fnsim.Truncated, fnsim.Empty, fnsim.Redirect,
}

// TestStorm makes documents while one or two things go wrong for each, the program is restarted and forgets: every
// document is made once, or a person is asked where nothing but the drawer could tell.
func TestStorm(t *testing.T) {
	w := open(t, fnsim.Setup{})
	w.Device = *w.adapter(func(c *atol.Config) { c.Deadline = 2 * time.Second })
	w.make(openShift())
	w.make(cash(fiscal.CashIn, 100_000_00))
	const seed = 20260314
	rnd := rand.New(rand.NewPCG(seed, seed))
	made, unclear := 0, 0
	for i := range 120 {
		doc := sale(fmt.Sprintf("m-%d", i))
		switch rnd.IntN(4) {
		case 0:
			doc.Kind = fiscal.Return
		case 1:
			doc = cash(fiscal.CashIn, 1_00)
		}
		before, try := w.unit.Look(), w.try(doc)
		for range 1 + rnd.IntN(2) {
			w.breaks(fnsim.Plan{Name: storm[rnd.IntN(len(storm))], Times: 1 + rnd.IntN(2)})
		}
		r, err := w.Make(t.Context(), try)
		for n := 0; err != nil && !errors.Is(err, fiscal.ErrUnclear); n++ {
			if n == 100 {
				t.Fatalf("%d: no end: %v", i, err)
			}
			w.calm(rnd.IntN(3))
			switch {
			case errors.Is(err, fiscal.ErrUnknown):
				r, err = w.Find(t.Context(), try)
			case errors.Is(err, fiscal.ErrRefused):
				try = w.try(doc)
				r, err = w.Make(t.Context(), try)
			case errors.Is(err, fiscal.ErrAbsent):
				r, err = w.Make(t.Context(), try)
			default:
				t.Fatalf("%d: %v", i, err)
			}
		}
		w.calm(0)
		now := w.unit.Look()
		switch {
		case err != nil && doc.Kind.Stored():
			t.Fatalf("%d: a receipt is unclear: %v", i, err)
		case err != nil:
			unclear++
		case doc.Kind.Stored() && (now.Last != before.Last+1 || r.Number != now.Last):
			t.Fatalf("%d: %s: documents %d to %d, told %d", i, doc.Kind, before.Last, now.Last, r.Number)
		case !doc.Kind.Stored() && now.Drawer != before.Drawer+doc.Total:
			t.Fatalf("%d: the drawer held %s and holds %s", i, before.Drawer, now.Drawer)
		default:
			made++
		}
	}
	if made < 110 {
		t.Errorf("%d were made, and %d are unclear", made, unclear)
	}
}

// calm puts everything right, after what happened to the program: nothing, a restart, or a new installation.
func (w *world) calm(what int) {
	w.t.Helper()
	w.unit.Faults.Mend()
	w.unit.SetPower(true)
	w.unit.SetPaper(true)
	switch what {
	case 1:
		w.sim.Restart(true)
	case 2:
		w.sim.Restart(false)
	}
	time.Sleep(2 * time.Millisecond) // the program finds out about its device by itself
	if err := w.Resume(w.t.Context()); err != nil {
		w.t.Errorf("going on with printing: %v", err)
	}
}
