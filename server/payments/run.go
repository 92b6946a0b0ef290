package payments

import (
	"context"
	"errors"
	"sync"
	"time"

	"kassa/banks"
	"kassa/server/pg"
)

const (
	tick     = 100 * time.Millisecond // how often the database is looked at for payments to ask about
	fastTick = 20 * time.Millisecond  // and at most, however many wishes and notifications come

	afterFailure = 2 * time.Second // before a database that does not answer is asked again
)

// Run asks the banks about every payment that is not at its end, and compares the books with the banks' each day, until the
// context is done; then it waits for the questions that are under way. Several processes may run on one database.
func (s *Service) Run(ctx context.Context) {
	var all sync.WaitGroup
	if !s.deaf {
		all.Go(func() { s.listen(ctx) })
	}
	all.Go(func() { s.reconcileDaily(ctx) })
	all.Go(func() { s.returnLeases(ctx) })
	for ctx.Err() == nil {
		s.round(ctx, &all)
		if pause(ctx, fastTick) == nil {
			timer := time.NewTimer(s.look - fastTick)
			select {
			case <-ctx.Done():
			case <-s.wake:
			case <-timer.C:
			}
			timer.Stop()
		}
	}
	close(s.stopping)
	all.Wait()
	s.storeRests(ctx)
}

// round takes as many due payments as there is room for.
func (s *Service) round(ctx context.Context, all *sync.WaitGroup) {
	due, err := s.due(ctx)
	if err != nil {
		if ctx.Err() == nil {
			s.log.Error("cannot look for payments to ask about", "error", err)
		}
		_ = pause(ctx, afterFailure) // the caller looks whether the context is done
		return
	}
	for _, p := range due {
		s.lanes.enter(p.Setting)
		all.Go(func() {
			defer s.lanes.leave(p.Setting)
			s.workOn(ctx, p)
		})
	}
}

// due reserves payments. A connection that went dead without a word must not hold up the work for as long as the system
// takes to notice.
func (s *Service) due(ctx context.Context) ([]pg.Payment, error) {
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	now := s.clock().UTC()
	settings, err := s.store.DueSettings(ctx, now)
	if err != nil {
		return nil, err
	}
	return s.store.LeaseDue(ctx, now, now.Add(leaseLife), s.lanes.open(settings, func(k pg.SettingKey) (banks.Bank, error) {
		return s.bankAt(ctx, k)
	}))
}

func (s *Service) workOn(ctx context.Context, p pg.Payment) {
	// A question that was begun is ended, and its answer stored, when the server stops.
	p, leased, err := s.step(context.WithoutCancel(ctx), p)
	switch {
	case err == nil && leased:
		s.rests.add(p)
	case err != nil && !errors.Is(err, pg.ErrConflict):
		s.log.Error("work on a payment failed", "payment", p.ID, "error", err)
	}
}

// rests are the payments about which nothing new was found out: nearly all of them, nearly always. Their leases are given
// back many at a time. The zero value is ready.
type rests struct {
	mu   sync.Mutex
	list []pg.Payment
}

func (r *rests) add(p pg.Payment) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, p)
}

func (r *rests) take() []pg.Payment {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.list
	r.list = nil
	return list
}

// returnLeases gives the leases back of payments about which nothing new was found out. A question's end is held back a
// while, to be stored with others.
func (s *Service) returnLeases(ctx context.Context) {
	for pause(ctx, s.look/4) == nil {
		s.storeRests(ctx)
	}
}

func (s *Service) storeRests(ctx context.Context) {
	list := s.rests.take()
	if len(list) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	if err := s.store.PutOff(ctx, s.clock().UTC(), list); err != nil {
		s.log.Error("questions to banks cannot be put off: their leases run out", "payments", len(list), "error", err)
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
