package payments

import (
	"sync"

	"github.com/google/uuid"
)

// watchers are those that wait for a payment to change. The zero value is ready.
type watchers struct {
	mu   sync.Mutex
	byID map[uuid.UUID]map[chan struct{}]bool
}

// watch gives a channel that is sent to when the payment changes, and a function that ends that.
func (w *watchers) watch(id uuid.UUID) (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byID == nil {
		w.byID = map[uuid.UUID]map[chan struct{}]bool{}
	}
	if w.byID[id] == nil {
		w.byID[id] = map[chan struct{}]bool{}
	}
	w.byID[id][c] = true
	return c, func() { w.forget(id, c) }
}

func (w *watchers) forget(id uuid.UUID, c chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.byID[id], c)
	if len(w.byID[id]) == 0 {
		delete(w.byID, id)
	}
}

// changed wakes those who wait for one payment.
func (w *watchers) changed(id uuid.UUID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	wake(w.byID[id])
}

// all wakes everybody: something may have been missed.
func (w *watchers) all() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, waiting := range w.byID {
		wake(waiting)
	}
}

func wake(waiting map[chan struct{}]bool) {
	for c := range waiting {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}
