package payments

import (
	"context"
	"errors"
	"sync"
	"time"

	"kassa/server/pg"
)

const (
	tick   = 200 * time.Millisecond // how often the database is looked at for payments to ask about
	atOnce = 8                      // how many banks' answers are waited for at a time

	afterFailure = 2 * time.Second // before a database that does not answer is asked again
)

// Run asks the banks about every payment that is not at its end, until the context is done; then it waits for the
// questions that are under way. Several processes may run on one database.
func (s *Service) Run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { s.listen(ctx) })
	slots := make(chan struct{}, atOnce)
	for {
		for s.round(ctx, slots, &all) {
		}
		timer := time.NewTimer(tick)
		select {
		case <-ctx.Done():
			timer.Stop()
			close(s.stopping)
			return
		case <-s.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// round takes as many due payments as there are free slots, and tells whether there may be more.
func (s *Service) round(ctx context.Context, slots chan struct{}, all *sync.WaitGroup) bool {
	free := cap(slots) - len(slots)
	if free == 0 || ctx.Err() != nil {
		return false
	}
	due, err := s.due(ctx, free)
	if err != nil {
		if ctx.Err() == nil {
			s.log.Error("cannot look for payments to ask about", "error", err)
		}
		_ = pause(ctx, afterFailure) // the caller looks whether the context is done
		return false
	}
	for _, p := range due {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots; s.rouse() }()
			s.workOn(ctx, p)
		})
	}
	return len(due) == free && free > 0
}

// due reserves payments. A connection that went dead without a word must not hold up the work for as long as the system
// takes to notice.
func (s *Service) due(ctx context.Context, most int) ([]pg.Payment, error) {
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	now := s.clock().UTC()
	return s.store.LeaseDue(ctx, now, now.Add(leaseLife), most)
}

func (s *Service) workOn(ctx context.Context, p pg.Payment) {
	// A question that was begun is ended, and its answer stored, when the server stops.
	_, err := s.work(context.WithoutCancel(ctx), p)
	if err != nil && !errors.Is(err, pg.ErrConflict) {
		s.log.Error("work on a payment failed", "payment", p.ID, "error", err)
	}
}

// rouse has Run look at once.
func (s *Service) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// listen passes on what the database tells of changed payments, and connects again when it must.
func (s *Service) listen(ctx context.Context) {
	for ctx.Err() == nil {
		err := s.store.ListenPayments(ctx, s.watchers.all, s.watchers.changed)
		if ctx.Err() != nil {
			return
		}
		s.log.Warn("cannot hear of changed payments; looking at them instead", "error", err)
		if pause(ctx, 5*time.Second) != nil {
			return
		}
	}
}
