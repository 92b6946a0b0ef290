package pg_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"kassa/register"
	"kassa/server/pg"
	"kassa/server/servertest"
	"kassa/sync/accept"
)

// receipt is what a registrar says of an operation.
func receipt(of accept.Place) register.FiscalDocument {
	return register.FiscalDocument{Of: register.Ref{Journal: of.Journal.String(), Number: of.Number, ID: "op"}, Document: "sale", FN: "9999078902000123",
		Number: 1042, Sign: 2780318453, At: now}
}

// entries are what a till writes into a journal: a sale, or the fiscal document of a place.
func entries(t testing.TB, journal uuid.UUID, all ...any) []string {
	t.Helper()
	j := &servertest.Journal{ID: journal.String()}
	for _, e := range all {
		switch e := e.(type) {
		case accept.Place:
			j.Add(t, now, register.KindFiscalDocument, receipt(e))
		case nil:
			j.Add(t, now, register.KindDrawerOpened, register.DrawerOpened{})
		default:
			j.AddSale(t, now, 1)
		}
	}
	records := make([]string, len(j.Records))
	for i, r := range j.Records {
		records[i] = string(r)
	}
	return records
}

const aSale = "sale"

// Operations count as missing their fiscal documents from the first document that a till tells of on, and only until the
// document comes, in whatever order the journals arrive.
func TestWhatWantsAFiscalDocument(t *testing.T) {
	s := open(t)
	_, place, first, _ := shop(t, s, "anna")
	_, _, strangers, _ := shop(t, s, "boris")
	later := now.Add(pg.UnfiscalAfter + time.Second)
	rapid.Check(t, func(rt *rapid.T) {
		code, _, err := s.NewPairingCode(t.Context(), now, first.Account, place.ID)
		if err != nil {
			rt.Fatal(err)
		}
		till, _, err := s.Pair(t.Context(), now, code, "Another", "test")
		if err != nil {
			rt.Fatal(err)
		}
		before, err := s.Troubles(t.Context(), later, till.Account)
		if err != nil {
			rt.Fatal(err)
		}
		journals := []uuid.UUID{uuid.New(), uuid.New()}
		// What the journals hold, before anything is sent.
		var held [2][]any
		for n := range rapid.IntRange(1, 12).Draw(rt, "entries") {
			j := rapid.IntRange(0, 1).Draw(rt, "journal")
			switch rapid.IntRange(0, 3).Draw(rt, "what") {
			case 0:
				held[j] = append(held[j], nil)
			case 1:
				of := rapid.IntRange(0, 1).Draw(rt, "document of journal")
				held[j] = append(held[j], accept.Place{Journal: journals[of], Number: rapid.Int64Range(1, int64(n)+1).Draw(rt, "number")})
			default:
				held[j] = append(held[j], aSale)
			}
		}
		var heads [2]accept.Head
		var sent [2]int
		fiscal := false
		want, told := map[accept.Place]bool{}, map[accept.Place]bool{}
		for sent[0] < len(held[0]) || sent[1] < len(held[1]) {
			j := rapid.IntRange(0, 1).Draw(rt, "sending journal")
			n := rapid.IntRange(1, 4).Draw(rt, "so many")
			to := min(sent[j]+n, len(held[j]))
			b := batch(heads[j], entries(t, journals[j], held[j][:to]...)[sent[j]:]...)
			if _, err := s.Append(t.Context(), now, till, journals[j], b); err != nil {
				rt.Fatal(err)
			}
			for i := sent[j]; i < to; i++ {
				if _, is := held[j][i].(accept.Place); is {
					fiscal = true
				}
				if place := (accept.Place{Journal: journals[j], Number: int64(i) + 1}); fiscal && held[j][i] == aSale && !told[place] {
					want[place] = true
				}
				if of, is := held[j][i].(accept.Place); is {
					told[of] = true
					delete(want, of)
				}
			}
			heads[j], sent[j] = b.Last(), to
			compare(t, rt, s, till, want, before.Unfiscal)
		}
		compare(t, rt, s, strangers, nil, 0)
	})
}

// compare holds what the server says of a till against what it should; before is what its other tills lack.
func compare(t *testing.T, rt *rapid.T, s *pg.Store, till pg.Till, want map[accept.Place]bool, before int64) {
	rt.Helper()
	later := now.Add(pg.UnfiscalAfter + time.Second)
	troubles, err := s.Troubles(t.Context(), later, till.Account)
	if err != nil || troubles.Unfiscal != int64(len(want))+before {
		rt.Fatalf("%d are counted, want %d and %d, %v", troubles.Unfiscal, len(want), before, err)
	}
	if troubles, err = s.Troubles(t.Context(), now.Add(pg.UnfiscalAfter), till.Account); err != nil || troubles.Unfiscal != 0 {
		rt.Fatalf("%d are counted within a day, %v", troubles.Unfiscal, err)
	}
	list, err := s.Operations(t.Context(), till.Account, pg.OperationFilter{Till: till.ID, Unfiscal: later, Limit: 100})
	if err != nil || len(list) != len(want) {
		rt.Fatalf("%d are listed, want %d, %v", len(list), len(want), err)
	}
	for _, o := range list {
		place := accept.Place{Journal: o.Journal, Number: o.Number}
		if due, err := s.FiscalDue(t.Context(), till.Account, place); !want[place] || !due || err != nil {
			rt.Fatalf("operation %d is listed, wanted %t, due %t, %v", o.Number, want[place], due, err)
		}
	}
}

func TestFiscalDocuments(t *testing.T) {
	s := open(t)
	_, _, till, _ := shop(t, s, "anna")
	_, _, strangers, _ := shop(t, s, "boris")
	journal := uuid.New()
	of := accept.Place{Journal: journal, Number: 1}
	b := batch(accept.Head{}, entries(t, journal, aSale, accept.Place{Journal: journal, Number: 3}, aSale, of)...)
	if _, err := s.Append(t.Context(), now, till, journal, b); err != nil {
		t.Fatal(err)
	}
	list, err := s.FiscalDocuments(t.Context(), till.Account, of, 10)
	if err != nil || len(list) != 1 || list[0].Operation.Number != 4 || list[0].Document.Number != 1042 || !list[0].Document.At.Equal(now) {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := s.FiscalDocuments(t.Context(), strangers.Account, of, 10); err != nil || len(list) != 0 {
		t.Errorf("another account's: %+v, %v", list, err)
	}
	if following, err := s.Following(t.Context(), till.Account, of, 10); err != nil || len(following) != 0 {
		t.Errorf("it is among what followed: %+v, %v", following, err)
	}
}
