package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"kassa/banks"
	"kassa/server/pg"
)

// Practice describes a server for practice: one owner, one store, and a bank unless its name is empty.
type Practice struct {
	DSN      string // of an empty database
	Login    string
	Password string
	Account  string
	Store    string

	Bank     string         // as its adapter's
	Settings banks.Settings // what its adapter takes
}

// Practised is what a practice server and its till need.
type Practised struct {
	Key  *pg.Key // for Config
	Code string  // lets one till in, for a quarter of an hour
}

// PreparePractice migrates an empty database and puts there what p describes. The key is a new one: a practice world does
// not outlive the program that made it.
func PreparePractice(ctx context.Context, now time.Time, p Practice) (Practised, error) {
	done, err := preparePractice(ctx, now.UTC(), p)
	if err != nil {
		return Practised{}, fmt.Errorf("preparing the practice server: %w", err)
	}
	return done, nil
}

func preparePractice(ctx context.Context, now time.Time, p Practice) (Practised, error) {
	text, err := pg.NewKey(rand.Reader)
	if err != nil {
		return Practised{}, err
	}
	key, err := pg.ParseKey(text)
	if err != nil {
		return Practised{}, err
	}
	if err := pg.Migrate(ctx, p.DSN); err != nil {
		return Practised{}, err
	}
	store, err := pg.Open(ctx, p.DSN)
	if err != nil {
		return Practised{}, err
	}
	defer store.Close()
	owner, err := store.CreateOwner(ctx, now, pg.NewOwner{Login: p.Login, Password: p.Password, Account: p.Account})
	if err != nil {
		return Practised{}, err
	}
	shop, err := store.CreateStore(ctx, now, pg.NewStore{Account: owner.Account, Name: p.Store})
	if err != nil {
		return Practised{}, err
	}
	if p.Bank != "" {
		_, err = store.SetBank(ctx, now, key, pg.BankSetting{Account: owner.Account, Store: shop.ID, Bank: p.Bank, Settings: p.Settings})
		if err != nil {
			return Practised{}, err
		}
	}
	code, _, err := store.NewPairingCode(ctx, now, owner.Account, shop.ID)
	return Practised{Key: key, Code: code}, err
}
