package pg_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"kassa/banks"
	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
)

// due stores payments of a setting that are due at a time.
func due(t *testing.T, s *pg.Store, till pg.Till, setting uuid.UUID, n int, at time.Time) {
	t.Helper()
	for range n {
		id := uuid.New()
		p := pg.Payment{Account: till.Account, ID: id, Store: till.Store, Till: till.ID, Setting: setting, Created: now, AskAt: &at,
			Attempt: banks.Attempt{ID: id.String(), Amount: 100, Expires: now.Add(time.Hour), State: banks.StateWaiting}}
		if _, _, err := s.CreatePayment(t.Context(), p, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDueSettings finds each contract with work once, the longest due first, and no other.
func TestDueSettings(t *testing.T) {
	s := open(t)
	_, _, till, _ := shop(t, s, "anna")
	first, second, later := uuid.New(), uuid.New(), uuid.New()
	due(t, s, till, second, 3, now.Add(-time.Second))
	due(t, s, till, first, 2, now.Add(-time.Minute))
	due(t, s, till, first, 2, now.Add(time.Minute))
	due(t, s, till, later, 2, now.Add(time.Second))
	list, err := s.DueSettings(t.Context(), now)
	want := []pg.SettingKey{{Account: till.Account, Setting: first}, {Account: till.Account, Setting: second}}
	if err != nil || len(list) != 2 || list[0] != want[0] || list[1] != want[1] {
		t.Errorf("due are %v, want %v; %v", list, want, err)
	}
}

// TestACrowdedContractLeavesTheOthersTheirs: a contract with much to do and one with little, each gets its own room.
func TestACrowdedContractLeavesTheOthersTheirs(t *testing.T) {
	s := open(t)
	_, _, till, _ := shop(t, s, "anna")
	crowded, quiet := uuid.New(), uuid.New()
	due(t, s, till, crowded, 30, now.Add(-time.Hour))
	due(t, s, till, quiet, 2, now)
	list, err := s.LeaseDue(t.Context(), now, now.Add(time.Minute),
		[]pg.Lane{{Setting: crowded, Room: 5, AtOnce: 1}, {Setting: quiet, Room: 5, AtOnce: 1}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[uuid.UUID]int{}
	for _, p := range list {
		got[p.Setting]++
	}
	if got[crowded] != 5 || got[quiet] != 2 {
		t.Errorf("reserved were %v", got)
	}
}

// TestNoSecondHasMoreCallsThanAllowed, over two processes that take what they can get, with tills' calls in between: those go
// at once, and the others make room.
func TestNoSecondHasMoreCallsThanAllowed(t *testing.T) {
	dsn := pgtest.DSN(t)
	var stores [2]*pg.Store
	for i := range stores {
		s, err := pg.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		stores[i] = s
	}
	_, _, till, _ := shop(t, stores[0], "anna")
	setting := uuid.New()
	due(t, stores[0], till, setting, 120, now)
	lane := pg.Lane{Setting: setting, Room: 50, Pause: 125 * time.Millisecond, AtOnce: 2}
	var calls []time.Time
	var mu sync.Mutex
	for at := now; at.Before(now.Add(8 * time.Second)); at = at.Add(70 * time.Millisecond) {
		var both sync.WaitGroup
		for _, s := range stores {
			both.Go(func() {
				list, err := s.LeaseDue(t.Context(), at, at.Add(time.Hour), []pg.Lane{lane})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				for range list {
					calls = append(calls, at)
				}
			})
		}
		both.Wait()
	}
	if len(calls) < 55 || len(calls) > 70 {
		t.Errorf("in eight seconds there were %d calls", len(calls))
	}
	for _, from := range calls {
		n := 0
		for _, at := range calls {
			if !at.Before(from) && at.Before(from.Add(time.Second)) {
				n++
			}
		}
		if n > 10 {
			t.Fatalf("%d calls in the second from %v", n, from.Sub(now))
		}
	}
	end := now.Add(9 * time.Second)
	if wait, err := stores[0].TakeCalls(t.Context(), end, lane, 2); wait != 0 || err != nil {
		t.Errorf("a till's first calls wait %v, %v", wait, err)
	}
	if wait, err := stores[1].TakeCalls(t.Context(), end, lane, 8); wait != time.Second || err != nil {
		t.Errorf("and eight more wait %v, %v", wait, err)
	}
	if list, err := stores[0].LeaseDue(t.Context(), end.Add(time.Second), end.Add(time.Hour), []pg.Lane{lane}); len(list) != 0 || err != nil {
		t.Errorf("the questions do not make room: %d, %v", len(list), err)
	}
}

// TestPutOff gives leases back, and does not lose what happened meanwhile.
func TestPutOff(t *testing.T) {
	s := open(t)
	_, _, till, _ := shop(t, s, "anna")
	setting := uuid.New()
	due(t, s, till, setting, 4, now)
	list, err := s.LeaseDue(t.Context(), now, now.Add(time.Minute), []pg.Lane{{Setting: setting, Room: 4, AtOnce: 1}})
	if err != nil || len(list) != 4 {
		t.Fatalf("%v, %v", list, err)
	}
	key := pg.SettingKey{Account: till.Account, Setting: setting}
	quiet, wished, noticed, taken := list[0], list[1], list[2], list[3]
	if _, err := s.WantCancel(t.Context(), now, till.Account, wished.ID, true); err != nil {
		t.Fatal(err)
	}
	if known, err := s.Noticed(t.Context(), now, key, noticed.ID, ""); !known || err != nil {
		t.Fatalf("%v, %v", known, err)
	}
	later := now.Add(2 * time.Minute)
	if _, ok, err := s.Lease(t.Context(), later, later.Add(time.Minute), till.Account, taken.ID); !ok || err != nil {
		t.Fatalf("%v, %v", ok, err)
	}
	next := now.Add(time.Hour)
	for i := range list {
		list[i].AskAt, list[i].Asks = &next, 7
	}
	if err := s.PutOff(t.Context(), later, list); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		p    pg.Payment
		ask  time.Time
		free bool
	}{"quiet": {quiet, next, true}, "wished": {wished, later, true}, "noticed": {noticed, later, true}, "taken": {taken, now, false}} {
		p, err := s.Payment(t.Context(), till.Account, c.p.ID)
		if err != nil || p.AskAt == nil || !p.AskAt.Equal(c.ask) || p.Asks == 7 != c.free {
			t.Errorf("%s: asked next at %v, after %d questions, %v", name, p.AskAt, p.Asks, err)
		}
		if _, free, err := s.Lease(t.Context(), later, later.Add(time.Minute), till.Account, c.p.ID); free != c.free || err != nil {
			t.Errorf("%s: free is %v, %v", name, free, err)
		}
	}
}

// TestRefundRowsFollowTheAttempt through any steps that package banks allows: in the end the rows that are done come to what
// was returned, and none is under way but the attempt's own.
func TestRefundRowsFollowTheAttempt(t *testing.T) {
	s := open(t)
	_, _, till, _ := shop(t, s, "anna")
	setting := uuid.New()
	rapid.Check(t, func(r *rapid.T) {
		id := uuid.New()
		p := pg.Payment{Account: till.Account, ID: id, Store: till.Store, Till: till.ID, Setting: setting, Created: now, AskAt: &now,
			Attempt: banks.Attempt{ID: id.String(), Amount: 1000, Expires: now.Add(time.Hour), State: banks.StateWaiting}}
		p, _, err := s.CreatePayment(t.Context(), p, now.Add(time.Hour))
		if err != nil {
			r.Fatal(err)
		}
		save := func(next banks.Attempt, stepErr error, again bool) {
			if stepErr != nil {
				return
			}
			p.Attempt = next
			if p, err = s.SavePayment(t.Context(), now, p, pg.Change{Cause: pg.CauseAsk, Keep: true, Again: again}); err != nil {
				r.Fatal(err)
			}
		}
		apply := func(a banks.Answer) { next, err := p.Attempt.Apply(a); save(next, err, false) }
		apply(banks.Answer{State: banks.StatePaid})
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			switch rapid.IntRange(0, 6).Draw(r, "step") {
			case 0:
				w := pg.Wish{ID: uuid.New(), Amount: 1 + p.Attempt.Left()/3, Till: till.ID}
				if got, err := s.WantRefund(t.Context(), now, till.Account, id, w); err == nil {
					p.Wanted = got.Wanted
				}
			case 1:
				if p.Wanted.ID != "" {
					next, err := p.Attempt.RefundSent(p.Wanted.ID, p.Wanted.Amount)
					save(next, err, false)
				}
			case 2:
				apply(banks.Answer{State: banks.StatePaid, Refunded: p.Attempt.Refunded, Refund: banks.RefundDone})
			case 3:
				apply(banks.Answer{State: banks.StatePaid, Refunded: p.Attempt.Refunded, Refund: banks.RefundFailed})
			case 4:
				next, err := p.Attempt.RefundLost()
				save(next, err, true)
			case 5:
				apply(banks.Answer{State: banks.StatePartlyRefunded, Refunded: min(1000, p.Attempt.Refunded+7)})
			case 6:
				if got, err := s.WantCancel(t.Context(), now, till.Account, id, false); err == nil {
					p.Wanted = got.Wanted
				}
			}
			checkRefunds(t, r, s, p)
		}
	})
}

func checkRefunds(t *testing.T, r *rapid.T, s *pg.Store, p pg.Payment) {
	stored, err := s.Payment(t.Context(), p.Account, p.ID)
	if err != nil {
		r.Fatal(err)
	}
	list, err := s.Refunds(t.Context(), p.Account, p.ID)
	if err != nil {
		r.Fatal(err)
	}
	var done int64
	open := ""
	for _, row := range list {
		switch row.State {
		case pg.RefundDone:
			done += int64(row.Amount)
		case pg.RefundWanted, pg.RefundSent, pg.RefundUnknown:
			open = row.State + " " + row.ID.String()
		}
	}
	want := ""
	switch {
	case stored.Attempt.Refund.ID != "":
		want = pg.RefundSent + " " + stored.Attempt.Refund.ID
	case stored.Wanted.ID != "":
		want = pg.RefundWanted + " " + stored.Wanted.ID
	}
	if done != int64(stored.Attempt.Returned) || open != want {
		r.Fatalf("done are %d of %v returned; under way is %q, want %q", done, stored.Attempt.Returned, open, want)
	}
}
