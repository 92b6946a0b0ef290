package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"kassa/banks"
	"kassa/banks/every"
	"kassa/server/payments"
	"kassa/server/pg"
)

// checkLimit is how long a bank may take to answer a check.
const checkLimit = 30 * time.Second

// bankList tells which banks there are and what their contracts give.
func (p *program) bankList(_ context.Context, args []string) error {
	f := p.flags("bank list", "list the banks and the fields that bank set takes for each")
	if err := f.parse(args); err != nil {
		return err
	}
	for _, a := range every.Banks() {
		fmt.Fprintf(p.out, "%s: %s\n", a.Name, a.Title.En)
		for _, field := range a.Fields {
			fmt.Fprintf(p.out, "  %-14s %s%s\n", field.Name, field.Label.En, traits(field))
		}
	}
	return nil
}

// traits tells in brackets what is special about a field.
func traits(f banks.Field) string {
	var words []string
	if f.Optional || f.Default != "" {
		words = append(words, "optional")
	}
	if f.Default != "" {
		words = append(words, f.Default+" when not given")
	}
	if f.Secret {
		words = append(words, "secret: from a file")
	}
	if words == nil {
		return ""
	}
	return " (" + strings.Join(words, "; ") + ")"
}

// bankSet chooses a store's bank.
func (p *program) bankSet(ctx context.Context, args []string) error {
	f := p.flags("bank set", "choose a store's bank for QR payments; payments made with the one before stay with it")
	dsn, key, store := f.dsn(), f.key(), f.store()
	name := f.String("bank", "", "the `bank`: "+strings.Join(bankNames(), ", "))
	given := f.settings()
	if err := f.parse(args); err != nil {
		return err
	}
	adapter, ok := every.Bank(*name)
	if !ok {
		return usagef("--bank is one of %s, not %q", strings.Join(bankNames(), ", "), *name)
	}
	settings, err := given(adapter)
	if err != nil {
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
		return usagef("no key: give --key-file or set KASSA_SERVER_KEY (kassa-server key makes one)")
	}
	b := pg.BankSetting{Bank: adapter.Name, Settings: settings}
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
	fmt.Fprintf(p.out, "%s uses %s\n", shop.Name, adapter.Title.En)
	return nil
}

func bankNames() []string {
	var names []string
	for _, a := range every.Banks() {
		names = append(names, a.Name)
	}
	return names
}

// settings is the flag of a bank's fields; the values are to be read after parse.
func (f *flags) settings() func(banks.Adapter) (banks.Settings, error) {
	var given []string
	f.Func("set", "a field of the bank's as `name=value`, or name=@FILE to read it from a file, or name=@- from the standard input; repeat it for each (kassa-server bank list)",
		func(text string) error {
			given = append(given, text)
			return nil
		})
	return func(a banks.Adapter) (banks.Settings, error) {
		settings := banks.Settings{}
		for _, text := range given {
			name, value, ok := strings.Cut(text, "=")
			field, known := fieldOf(a, name)
			switch {
			case !ok || !known:
				return nil, usagef("--set takes a field of %s and its value, %q is none (kassa-server bank list)", a.Name, name)
			case settings[name] != "":
				return nil, usagef("--set %s is given twice", name)
			}
			value, err := f.p.setting(field, value)
			if err != nil {
				return nil, err
			}
			settings[name] = value
		}
		return settings, nil
	}
}

func fieldOf(a banks.Adapter, name string) (banks.Field, bool) {
	for _, f := range a.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return banks.Field{}, false
}

// setting reads a field's value. A secret never stands on the command line, where everybody on the machine can read it.
func (p *program) setting(f banks.Field, value string) (string, error) {
	path, file := strings.CutPrefix(value, "@")
	var err error
	switch {
	case !file && f.Secret:
		return "", usagef("%s is a secret: give it as %s=@FILE, or %s=@- for the standard input", f.Name, f.Name, f.Name)
	case !file:
		return value, nil
	case path == "-":
		value, err = readLimited(p.in, maxSetting)
	default:
		value, err = readSmall(path, maxSetting)
	}
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", f.Name, err)
	}
	return strings.TrimRight(value, "\r\n"), nil
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
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	if err := bank.Check(ctx); err != nil {
		return fmt.Errorf("%s at %s: %w", shop.Name, setting.Bank, err)
	}
	fmt.Fprintf(p.out, "%s at %s: works\n", shop.Name, setting.Bank)
	return nil
}
