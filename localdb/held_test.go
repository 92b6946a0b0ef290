package localdb_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"kassa/localdb"
	"kassa/register"
)

func TestReceiptsOnHold(t *testing.T) {
	w := newShop(t)
	for i, name := range []string{"очки", ""} {
		c := cart(w, piece("a", 1000, i+1), piece("b", 500, 1))
		w.ok(w.store.SaveDraft(t.Context(), c.Draft()))
		w.ok(w.store.Hold(t.Context(), localdb.Held{ID: fmt.Sprint(i), At: w.clock.Add(1), Name: name, Cashier: "Анна", Cart: c.Draft()}))
		w.clock = w.clock.Add(1e9)
		if d, err := w.store.Draft(t.Context()); err != nil || len(d.Lines) > 0 {
			t.Errorf("a receipt on hold is being rung up too: %+v, %v", d, err)
		}
	}
	w.reopen()
	held, err := w.store.HeldReceipts(t.Context())
	if err != nil || len(held) != 2 || held[0].Name != "очки" || held[0].Total != 1500 || held[1].Lines != 2 || held[1].Cashier != "Анна" {
		t.Fatalf("on hold: %+v, %v", held, err)
	}
	if n, err := w.store.HeldCount(t.Context()); err != nil || n != 2 {
		t.Errorf("%d on hold, %v", n, err)
	}
	back, err := w.store.Unhold(t.Context(), "1")
	if err != nil || back.Cart.Total() != 2500 {
		t.Errorf("took back %+v, %v", back, err)
	}
	w.reopen()
	if d, err := w.store.Draft(t.Context()); err != nil || d.Total() != 2500 {
		t.Errorf("the receipt that was taken back is not being rung up: %+v, %v", d, err)
	}
	if _, err := w.store.Unhold(t.Context(), "1"); !errors.Is(err, localdb.ErrNoHeld) {
		t.Errorf("taken back twice: %v", err)
	}
	if d, err := w.store.Draft(t.Context()); err != nil || d.Total() != 2500 {
		t.Errorf("the second time changed the receipt: %+v, %v", d, err)
	}
}

func TestAReceiptOnHoldIsTakenBackByOne(t *testing.T) {
	w := newShop(t)
	w.ok(w.store.Hold(t.Context(), localdb.Held{ID: "h", At: w.clock, Cart: cart(w, piece("a", 1000, 1)).Draft()}))
	var taken, gone int
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, err := w.store.Unhold(t.Context(), "h")
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				taken++
			case errors.Is(err, localdb.ErrNoHeld):
				gone++
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if taken != 1 || gone != 7 {
		t.Errorf("taken %d times, gone %d times", taken, gone)
	}
}

func TestTheDraftIsWrittenWithTheCommit(t *testing.T) {
	w := newShop(t)
	w.openShift()
	c := cart(w, piece("a", 1000, 1))
	w.ok(w.store.SaveDraft(t.Context(), c.Draft()))
	sale, err := register.NewSale(c, []register.Payment{cash(1000)})
	w.ok(err)
	e := localdb.Entry{ID: w.id(), Kind: register.KindSale, Shift: 7, Body: sale, Draft: &register.Draft{Comment: "next"}}
	if _, err := w.store.Commit(t.Context(), e); !errors.Is(err, localdb.ErrShift) {
		t.Errorf("in no shift: %v", err)
	}
	if d, err := w.store.Draft(t.Context()); err != nil || d.Total() != 1000 {
		t.Errorf("a refused commit changed the draft: %+v, %v", d, err)
	}
	e.Shift = 1
	if _, err := w.store.Commit(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	w.reopen()
	if d, err := w.store.Draft(t.Context()); err != nil || d.Total() != 0 || d.Comment != "next" {
		t.Errorf("the draft after the commit: %+v, %v", d, err)
	}
}
