package pg_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/server/pg"
)

func TestOwners(t *testing.T) {
	s := open(t)
	shop(t, s, "Anna@Example.com")
	ctx := t.Context()
	if _, err := s.Login(ctx, " anna@example.COM ", "correct horse"); err != nil {
		t.Errorf("the right password: %v", err)
	}
	for _, wrong := range [][2]string{{"anna@example.com", "correct hors"}, {"anna", "correct horse"}, {"", ""}} {
		if _, err := s.Login(ctx, wrong[0], wrong[1]); !errors.Is(err, pg.ErrNotFound) {
			t.Errorf("login %q: %v", wrong[0], err)
		}
	}
	tests := []struct {
		name string
		n    pg.NewOwner
		want error
	}{
		{"the login is taken", pg.NewOwner{Login: "ANNA@example.com", Password: "another horse"}, pg.ErrConflict},
		{"no login", pg.NewOwner{Login: "  ", Password: "another horse"}, pg.ErrBadOwner},
		{"a short password", pg.NewOwner{Login: "boris", Password: "horse"}, pg.ErrBadOwner},
		{"a login with a line's end", pg.NewOwner{Login: "bo\nris", Password: "another horse"}, pg.ErrBadOwner},
		{"a zone that is not", pg.NewOwner{Login: "boris", Password: "another horse", Store: "x", Zone: "Europe/Atlantis"}, pg.ErrBadStore},
		{"in good order", pg.NewOwner{Login: "boris", Password: "another horse", Store: "Shop of Anna@Example.com"}, nil},
	}
	for _, test := range tests {
		if _, err := s.CreateOwner(ctx, now, test.n); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if _, err := s.FindStore(ctx, "Shop of Anna@Example.com"); !errors.Is(err, pg.ErrAmbiguous) {
		t.Errorf("a name that two stores have: %v", err)
	}
	if _, err := s.FindStore(ctx, "nowhere"); !errors.Is(err, pg.ErrNotFound) {
		t.Errorf("a name that none has: %v", err)
	}
}

func TestSessions(t *testing.T) {
	s := open(t)
	o, _, _, _ := shop(t, s, "anna")
	ctx := t.Context()
	token, err := s.StartSession(ctx, now, o, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	at := now
	for range 5 { // it is used, and so it lives on
		at = at.Add(50 * time.Minute)
		if got, err := s.Session(ctx, at, token, time.Hour); err != nil || got.ID != o.ID {
			t.Fatalf("at %s: %+v, %v", at, got, err)
		}
	}
	if _, err := s.Session(ctx, at.Add(61*time.Minute), token, time.Hour); !errors.Is(err, pg.ErrNotFound) {
		t.Errorf("an old session: %v", err)
	}
	if _, err := s.Session(ctx, at, token+"x", time.Hour); !errors.Is(err, pg.ErrNotFound) {
		t.Errorf("another token: %v", err)
	}
	if err := s.EndSession(ctx, token); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Session(ctx, at, token, time.Hour); !errors.Is(err, pg.ErrNotFound) {
		t.Errorf("an ended session: %v", err)
	}
}

const keyText = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

func TestKeys(t *testing.T) {
	for text, good := range map[string]bool{keyText: true, "\n" + strings.ToUpper(keyText) + " ": true,
		"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=": true, "": false, keyText[2:]: false, keyText + "00": false, "secret": false} {
		if _, err := pg.ParseKey(text); (err == nil) != good {
			t.Errorf("key %q: %v", text, err)
		}
	}
}

func TestBankSettings(t *testing.T) {
	s, pool := both(t)
	o, store, _, _ := shop(t, s, "anna")
	ctx := t.Context()
	key, err := pg.ParseKey(keyText)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CurrentBank(ctx, key, o.Account, store.ID); !errors.Is(err, pg.ErrNotFound) {
		t.Errorf("no bank yet: %v", err)
	}
	set := func(password string) pg.BankSetting {
		t.Helper()
		b, err := s.SetBank(ctx, now, key, pg.BankSetting{Account: o.Account, Store: store.ID, Bank: "tbank", By: "anna",
			Settings: banks.Settings{"terminal": "T", "password": password}})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	first, second := set("first password"), set("second password")
	if got, err := s.CurrentBank(ctx, key, o.Account, store.ID); err != nil || got.ID != second.ID || got.Settings["password"] != "second password" || got.By != "anna" {
		t.Errorf("the current bank: %v, %v", got, err)
	}
	if got, err := s.Bank(ctx, key, o.Account, first.ID); err != nil || got.Settings["password"] != "first password" || got.Retired == nil || got.RetiredBy != "anna" {
		t.Errorf("the bank before: %v, %v", got, err)
	}
	if _, err := s.Bank(ctx, key, uuid.New(), first.ID); !errors.Is(err, pg.ErrNotFound) {
		t.Errorf("another account: %v", err)
	}
	other, err := pg.ParseKey(strings.Repeat("ab", pg.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	for name, wrong := range map[string]*pg.Key{"another": other, "no": nil} {
		if _, err := s.CurrentBank(ctx, wrong, o.Account, store.ID); !errors.Is(err, pg.ErrKey) {
			t.Errorf("%s key: %v", name, err)
		}
	}
	var inTheClear bool
	err = pool.QueryRow(ctx, `select bool_or(position('password'::bytea in settings) > 0) from bank_settings`).Scan(&inTheClear)
	if err != nil || inTheClear {
		t.Errorf("the password is readable in the database: %v, %v", inTheClear, err)
	}
	// Settings that are moved to another row, to be used for another store, are of no use there.
	_, err = pool.Exec(ctx, `update bank_settings set settings = (select settings from bank_settings where setting_id = $1)
		where setting_id = $2`, first.ID, second.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CurrentBank(ctx, key, o.Account, store.ID); !errors.Is(err, pg.ErrKey) {
		t.Errorf("moved settings: %v", err)
	}
}

// TestTheBankIsChosenByTwoAtOnce: one comes after the other, and one setting is in use in the end.
func TestTheBankIsChosenByTwoAtOnce(t *testing.T) {
	s, _ := both(t)
	o, store, _, _ := shop(t, s, "anna")
	ctx := t.Context()
	key, err := pg.ParseKey(keyText)
	if err != nil {
		t.Fatal(err)
	}
	const choices = 8
	var all sync.WaitGroup
	for i := range choices {
		all.Go(func() {
			at := now.Add(time.Duration(i) * time.Second)
			_, err := s.SetBank(ctx, at, key, pg.BankSetting{Account: o.Account, Store: store.ID, Bank: "tbank", By: "anna", Settings: banks.Settings{"terminal": "T"}})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	history, err := s.BankHistory(ctx, o.Account, store.ID, 100)
	if err != nil || len(history) != choices {
		t.Fatalf("%d settings, %v", len(history), err)
	}
	current, err := s.CurrentBank(ctx, key, o.Account, store.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range history {
		if (h.Retired == nil) != (h.ID == current.ID) || h.Settings != nil || h.By != "anna" {
			t.Errorf("%v, retired %v", h, h.Retired)
		}
	}
	if any, err := s.AnyBank(ctx, key, current.ID); err != nil || any.Account != o.Account {
		t.Errorf("by its id alone: %v, %v", any, err)
	}
	later := now.Add(time.Hour)
	if err := s.RetireBank(ctx, later, o.Account, store.ID, "boris"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CurrentBank(ctx, key, o.Account, store.ID); !errors.Is(err, pg.ErrNotFound) {
		t.Errorf("after it was taken away: %v", err)
	}
	if gone, err := s.Bank(ctx, key, o.Account, current.ID); err != nil || gone.RetiredBy != "boris" || !gone.Retired.Equal(later) {
		t.Errorf("%+v, %v", gone, err)
	}
	if ids, err := s.SettingIDs(ctx, later.Add(-time.Minute)); err != nil || !slices.Contains(ids, current.ID) {
		t.Errorf("in use until a minute ago: %v, %v", ids, err)
	}
	if ids, err := s.SettingIDs(ctx, later); err != nil || slices.Contains(ids, current.ID) {
		t.Errorf("in use after it was taken away: %v, %v", ids, err)
	}
	if err := s.RetireBank(ctx, now, o.Account, uuid.New(), "boris"); !errors.Is(err, pg.ErrNotFound) {
		t.Errorf("a store that is not there: %v", err)
	}
}
