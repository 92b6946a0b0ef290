package localdb_test

import (
	"errors"
	"testing"

	"kassa/localdb"
)

func TestCashiers(t *testing.T) {
	w := newShop(t)
	anna := localdb.Cashier{ID: "a", Name: "Анна", PINHash: "1", Role: localdb.RoleCashier, Active: true}
	w.ok(w.store.SetCashier(t.Context(), anna)) // a till with no owner yet
	w.ok(w.store.SetCashier(t.Context(), localdb.Cashier{ID: "o", Name: "Олег", PINHash: "2", Role: localdb.RoleOwner}))
	w.ok(w.store.SetPIN(t.Context(), "a", "3"))
	w.ok(w.store.RemoveCashier(t.Context(), "a"))
	w.reopen()
	list, err := w.store.Cashiers(t.Context())
	if err != nil || len(list) != 1 || list[0].ID != "o" {
		t.Errorf("who may sign in: %+v, %v", list, err)
	}
	all, err := w.store.AllCashiers(t.Context())
	if err != nil || len(all) != 2 || all[0].Active || all[0].PINHash != "3" || !all[1].Active {
		t.Errorf("all: %+v, %v", all, err)
	}
	w.ok(w.store.SetCashier(t.Context(), anna)) // let in again
	if list, err = w.store.Cashiers(t.Context()); err != nil || len(list) != 2 || list[0] != anna {
		t.Errorf("after letting in again: %+v, %v", list, err)
	}
	for name, err := range map[string]error{"the PIN of nobody": w.store.SetPIN(t.Context(), "x", "1"), "removing nobody": w.store.RemoveCashier(t.Context(), "x")} {
		if !errors.Is(err, localdb.ErrNoCashier) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.store.SetCashier(t.Context(), localdb.Cashier{ID: "x", Name: "X", Role: "king"}); !errors.Is(err, localdb.ErrRole) {
		t.Errorf("a role that is none: %v", err)
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	w := newShop(t)
	first := localdb.Cashier{ID: "1", Name: "Анна", Role: localdb.RoleOwner}
	w.ok(w.store.SetCashier(t.Context(), first))
	lower := first
	lower.Role = localdb.RoleSenior
	held := func(what string) {
		t.Helper()
		for name, err := range map[string]error{"removed": w.store.RemoveCashier(t.Context(), "1"), "lowered": w.store.SetCashier(t.Context(), lower)} {
			if !errors.Is(err, localdb.ErrLastOwner) {
				t.Errorf("%s, %s: %v", what, name, err)
			}
		}
		if list, err := w.store.Cashiers(t.Context()); err != nil || list[0].ID != "1" || list[0].Role != localdb.RoleOwner {
			t.Errorf("%s: %+v, %v", what, list, err)
		}
	}
	held("alone")
	w.ok(w.store.SetCashier(t.Context(), localdb.Cashier{ID: "2", Name: "Олег", Role: localdb.RoleOwner}))
	w.ok(w.store.RemoveCashier(t.Context(), "2"))
	held("beside an owner who may not sign in")
	w.ok(w.store.SetCashier(t.Context(), localdb.Cashier{ID: "2", Name: "Олег", Role: localdb.RoleOwner}))
	w.ok(w.store.RemoveCashier(t.Context(), "1"))
}

func TestRolesAreRanked(t *testing.T) {
	if !(localdb.RoleRank(localdb.RoleCashier) < localdb.RoleRank(localdb.RoleSenior) && localdb.RoleRank(localdb.RoleSenior) < localdb.RoleRank(localdb.RoleOwner)) {
		t.Error("the roles are out of order")
	}
	if localdb.RoleRank("") >= 0 {
		t.Error("nothing is a role")
	}
}
