package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kassa/server/payments"
	"kassa/server/pg"
)

// bankSet chooses a store's bank.
func (p *program) bankSet(ctx context.Context, args []string) error {
	f := p.flags("bank set", "choose a store's bank for QR payments; payments made with the one before stay with it")
	dsn, key, password, store := f.dsn(), f.key(), f.password(), f.store()
	var b pg.BankSetting
	f.StringVar(&b.Bank, "bank", "tbank", "the `bank`: "+strings.Join(payments.Banks(), ", "))
	f.StringVar(&b.URL, "url", "", "`address` of the bank's API; the bank's own when not given")
	f.StringVar(&b.Terminal, "terminal", "", "`key` of the terminal")
	if err := f.parse(args); err != nil {
		return err
	}
	if b.Terminal == "" {
		return usagef("--terminal is missing")
	}
	if !slices.Contains(payments.Banks(), b.Bank) {
		return usagef("no bank %q; there is %s", b.Bank, strings.Join(payments.Banks(), ", "))
	}
	address, err := dsn()
	if err != nil {
		return err
	}
	k, err := key()
	if err != nil {
		return err
	}
	if k == nil {
		return usagef("no key: give --key-file or set KASSA_SERVER_KEY (kassa-server key makes one)")
	}
	if b.Password, err = password(); err != nil {
		return err
	}
	if _, err := payments.Open(b, time.Now); err != nil {
		return err
	}
	s, err := pg.Open(ctx, address)
	if err != nil {
		return err
	}
	defer s.Close()
	shop, err := s.FindStore(ctx, *store)
	if err != nil {
		return err
	}
	b.Account, b.Store = shop.Account, shop.ID
	if _, err := s.SetBank(ctx, time.Now().UTC(), k, b); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%s uses %s\n", shop.Name, b.Bank)
	return nil
}

// bankCheck asks a store's bank whether it knows us.
func (p *program) bankCheck(ctx context.Context, args []string) error {
	f := p.flags("bank check", "make a harmless call that proves the bank's address and credentials")
	dsn, key, store := f.dsn(), f.key(), f.store()
	if err := f.parse(args); err != nil {
		return err
	}
	address, err := dsn()
	if err != nil {
		return err
	}
	k, err := key()
	if err != nil {
		return err
	}
	if k == nil {
		return usagef("no key: give --key-file or set KASSA_SERVER_KEY")
	}
	s, err := pg.Open(ctx, address)
	if err != nil {
		return err
	}
	defer s.Close()
	shop, err := s.FindStore(ctx, *store)
	if err != nil {
		return err
	}
	setting, err := s.CurrentBank(ctx, k, shop.Account, shop.ID)
	if err != nil {
		return fmt.Errorf("store %s: %w", shop.Name, err)
	}
	bank, err := payments.Open(setting, time.Now)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := bank.Check(ctx); err != nil {
		return fmt.Errorf("%s: %w", setting, err)
	}
	fmt.Fprintf(p.out, "%s: works\n", setting)
	return nil
}
