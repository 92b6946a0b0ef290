package pg_test

import (
	"os"
	"testing"
	"time"

	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func open(t *testing.T) *pg.Store {
	t.Helper()
	s, err := pg.Open(t.Context(), pgtest.DSN(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// shop makes an owner with a store and a till in it.
func shop(t *testing.T, s *pg.Store, login string) (pg.Owner, pg.Shop, pg.Till, string) {
	t.Helper()
	o, err := s.CreateOwner(t.Context(), now, pg.NewOwner{Login: login, Password: "correct horse", Store: "Shop of " + login})
	if err != nil {
		t.Fatal(err)
	}
	stores, err := s.Stores(t.Context(), o.Account)
	if err != nil || len(stores) != 1 {
		t.Fatalf("stores: %v, %v", stores, err)
	}
	code, _, err := s.NewPairingCode(t.Context(), now, o.Account, stores[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	till, secret, err := s.Pair(t.Context(), now, code, "Till 1", "test")
	if err != nil {
		t.Fatal(err)
	}
	return o, stores[0], till, secret
}
