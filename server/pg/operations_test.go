package pg_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kassa/register"
	"kassa/server/pg"
	"kassa/server/servertest"
	"kassa/sync/accept"
)

// upload gives a till a day with every kind of operation, in a journal.
func upload(t *testing.T, s *pg.Store, till pg.Till, journal uuid.UUID) servertest.Day {
	t.Helper()
	j := &servertest.Journal{ID: journal.String()}
	day := j.AddDay(t, now.Add(-time.Hour))
	records := make([]string, len(j.Records))
	for i, r := range j.Records {
		records[i] = string(r)
	}
	if _, err := s.Append(t.Context(), now, till, journal, batch(accept.Head{}, records...)); err != nil {
		t.Fatal(err)
	}
	return day
}

func TestFollowing(t *testing.T) {
	s := open(t)
	_, _, till, _ := shop(t, s, "anna")
	_, _, strangers, _ := shop(t, s, "boris")
	journal := uuid.New()
	day := upload(t, s, till, journal)
	upload(t, s, strangers, journal) // the same journal in another account, as after a copied database
	tests := []struct {
		name   string
		number int64
		want   []int64
	}{
		{"a sale that was brought back", day.Sale, []int64{day.Return}},
		{"a prepayment that was handed over", day.Prepayment, []int64{day.Handed}},
		{"a prepayment that was given up", day.Second, []int64{day.SecondBack}},
		{"a return", day.Return, nil},
		{"what the server does not have", 77, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list, err := s.Following(t.Context(), till.Account, accept.Place{Journal: journal, Number: test.number}, 10)
			if err != nil {
				t.Fatal(err)
			}
			var got []int64
			for _, o := range list {
				got = append(got, o.Number)
				if o.Till != till.ID {
					t.Error("another account's operation is listed")
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	few, err := s.Following(t.Context(), till.Account, accept.Place{Journal: journal, Number: day.Sale}, 0)
	if err != nil || len(few) != 0 {
		t.Errorf("a list of none has %d, %v", len(few), err)
	}
}

func TestSoldIsNetOfReturns(t *testing.T) {
	s := open(t)
	_, stores, till, _ := shop(t, s, "anna")
	_, elsewhere, _, _ := shop(t, s, "boris")
	day := upload(t, s, till, uuid.New())
	want := map[uuid.UUID]pg.Sold{till.ID: {Sales: 2, Returns: 2, Sum: day.Taken}}
	for name, test := range map[string]struct {
		store pg.Shop
		since time.Time
		want  map[uuid.UUID]pg.Sold
	}{
		"today":            {stores, now.Add(-2 * time.Hour), want},
		"from now":         {stores, now, map[uuid.UUID]pg.Sold{}},
		"in another store": {elsewhere, now.Add(-2 * time.Hour), map[uuid.UUID]pg.Sold{}},
	} {
		got, err := s.SoldSince(t.Context(), test.store, test.since)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestTallyOfTwoShifts(t *testing.T) {
	s := open(t)
	_, _, till, _ := shop(t, s, "anna")
	journal := uuid.New()
	j := &servertest.Journal{ID: journal.String()}
	first := j.AddDay(t, now.Add(-2*time.Hour))
	second := j.AddDay(t, now.Add(-time.Hour))
	j.Add(t, now, register.KindShiftOpened, register.ShiftOpened{Float: 7})
	records := make([]string, len(j.Records))
	for i, r := range j.Records {
		records[i] = string(r)
	}
	if _, err := s.Append(t.Context(), now, till, journal, batch(accept.Head{}, records...)); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		closing int64
		want    register.Totals
		whole   bool
	}{
		"the first":         {first.Closed, first.Totals, true},
		"the second":        {second.Closed, second.Totals, true},
		"before any shift":  {first.Opened, register.Totals{}, false},
		"of no such number": {-5, register.Totals{}, false},
	} {
		tally, err := s.Tally(t.Context(), till.Account, journal, test.closing)
		if err != nil {
			t.Fatal(err)
		}
		got, whole := tally.Totals()
		if diff := cmp.Diff(test.want, got); diff != "" || whole != test.whole {
			t.Errorf("%s: whole %t, %s", name, whole, diff)
		}
	}
	stranger, err := s.Tally(t.Context(), uuid.New(), journal, first.Closed)
	if err != nil {
		t.Fatal(err)
	}
	if _, whole := stranger.Totals(); whole {
		t.Error("another account's shift was computed")
	}
}

func TestOperationsOfAKind(t *testing.T) {
	s := open(t)
	_, _, till, _ := shop(t, s, "anna")
	upload(t, s, till, uuid.New())
	for _, kind := range register.Kinds() {
		list, err := s.Operations(t.Context(), till.Account, pg.OperationFilter{Kind: string(kind), Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			t.Errorf("no %s is listed", kind)
		}
		for _, o := range list {
			if o.Kind != string(kind) {
				t.Errorf("%s is listed under %s", o.Kind, kind)
			}
			if o.Total != nil && (*o.Total < 0) != (kind == register.KindReturn || kind == register.KindPrepaymentReturn || kind == register.KindCashOut) {
				t.Errorf("%s moved %d", kind, *o.Total)
			}
		}
	}
}
