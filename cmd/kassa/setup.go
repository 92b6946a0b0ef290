package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"kassa/app/till"
	"kassa/localdb"
	"kassa/printer/connect"
	"kassa/sync/client"
	"kassa/sync/wire"
)

const setHelp = `kassa set NAME=VALUE… [--data DIR]

  shop      name of the shop, as receipts show it
  address   its address
  inn       the taxpayer's number
  till      name or number of this till
  footer    what is said to the buyer at the end of a slip; at most 6 lines
  printer   the receipt printer's address: 192.168.1.50:9100, usb:/dev/usb/lp0, usb:serial=NUMBER, serial:COM3,
            serial:/dev/ttyUSB0?baud=115200, cups:QUEUE, windows:QUEUE, file:/PATH; empty: none
  profile   its kind: generic-80, generic-58, epson-80, xprinter-80, rongta-80, picture-58 and others

An empty VALUE takes a text away.

`

// maxSetting bounds a text of the shop's, in letters.
const maxSetting = 120

func set(ctx context.Context, args []string, s streams) int {
	f := flag.NewFlagSet("set", flag.ContinueOnError)
	data := dataFlag(f)
	rest, code := parse(f, args, s, setHelp)
	if code >= 0 {
		return code
	}
	if len(rest) == 0 {
		fmt.Fprint(s.err, setHelp)
		return exitUsage
	}
	return withStore(ctx, *data, s, func(store *localdb.Store) int {
		var shop till.Shop
		var printer till.PrinterSettings
		_, err1 := store.Setting(ctx, till.SettingShop, &shop)
		_, err2 := store.Setting(ctx, till.SettingPrinter, &printer)
		if err := errors.Join(err1, err2); err != nil {
			return fail(s, err)
		}
		before := printer
		texts := map[string]*string{"shop": &shop.Name, "address": &shop.Address, "inn": &shop.INN, "till": &shop.Till,
			"footer": &shop.Footer, "printer": &printer.Address, "profile": &printer.Profile}
		for _, a := range rest {
			name, value, ok := strings.Cut(a, "=")
			if texts[name] == nil || !ok || utf8.RuneCountInString(value) > maxSetting {
				fmt.Fprintf(s.err, "kassa: %q cannot be set\n\n%s", a, setHelp)
				return exitUsage
			}
			*texts[name] = value
		}
		if printer.Profile == "" {
			printer.Profile = "generic80"
		}
		if printer != before {
			printer.Letters = till.Letters{} // it is another printer, or said to be of another kind
		}
		if _, ok := till.Profile(printer.Profile); !ok {
			fmt.Fprintf(s.err, "kassa: there is no printer profile %q\n\n%s", printer.Profile, setHelp)
			return exitUsage
		}
		if err := till.CheckINN(shop.INN); err != nil {
			fmt.Fprintf(s.err, "kassa: %q is no taxpayer's number: its check digits do not agree\n", shop.INN)
			return exitUsage
		}
		if _, err := connect.Parse(printer.Address); err != nil && printer.Address != "" {
			fmt.Fprintf(s.err, "kassa: %q is no printer's address\n\n%s", printer.Address, setHelp)
			return exitUsage
		}
		all := till.DefaultSettings()
		all.Shop, all.Printer = shop, printer
		if err := all.Check(); err != nil {
			fmt.Fprintf(s.err, "kassa: %v\n", err)
			return exitUsage
		}
		err := errors.Join(store.SetSetting(ctx, till.SettingShop, shop), store.SetSetting(ctx, till.SettingPrinter, printer))
		if err != nil {
			return fail(s, err)
		}
		return exitOK
	})
}

const cashierHelp = `kassa cashier NAME [--role cashier|senior|owner] [--data DIR]

Adds somebody who may sign in. The PIN, 4 to 8 digits, is read from standard input; everybody has another one. The first
one of a till is its owner, whatever --role says; after that it is cashier unless it says otherwise.

`

func addCashier(ctx context.Context, args []string, s streams) int {
	f := flag.NewFlagSet("cashier", flag.ContinueOnError)
	data := dataFlag(f)
	role := f.String("role", localdb.RoleCashier, "cashier, senior or owner")
	rest, code := parse(f, args, s, cashierHelp)
	if code >= 0 {
		return code
	}
	if len(rest) != 1 || strings.TrimSpace(rest[0]) == "" || utf8.RuneCountInString(rest[0]) > 64 || localdb.RoleRank(*role) < 0 {
		fmt.Fprint(s.err, cashierHelp)
		return exitUsage
	}
	pin, err := secret(s, "PIN: ")
	if err != nil {
		return fail(s, err)
	}
	return withStore(ctx, *data, s, func(store *localdb.Store) int {
		if err := till.AddMember(ctx, store, strings.TrimSpace(rest[0]), till.Role(*role), pin); err != nil {
			return fail(s, err)
		}
		return exitOK
	})
}

const pairHelp = `kassa pair --server URL --code CODE [--data DIR]

Connects the till to its server. The one-time code comes from the back office (Tills, Connect a till) or from
"kassa-server pair".

`

func pair(ctx context.Context, args []string, s streams) int {
	f := flag.NewFlagSet("pair", flag.ContinueOnError)
	data := dataFlag(f)
	server := f.String("server", "", "the server's address, https://…")
	code := f.String("code", "", "the one-time code")
	rest, end := parse(f, args, s, pairHelp)
	if end >= 0 {
		return end
	}
	if len(rest) != 0 || *server == "" || *code == "" {
		fmt.Fprint(s.err, pairHelp)
		return exitUsage
	}
	return withStore(ctx, *data, s, func(store *localdb.Store) int {
		var shop till.Shop
		if _, err := store.Setting(ctx, till.SettingShop, &shop); err != nil {
			return fail(s, err)
		}
		paired, err := client.Pair(ctx, *server, wire.Pair{Code: *code, Name: shop.Till, Version: version})
		if err != nil {
			return fail(s, err)
		}
		err = store.SetSecret(ctx, till.SecretServer, till.ServerSettings{URL: *server, Till: paired.Till, Store: paired.Store, Secret: paired.Secret})
		if err != nil {
			return fail(s, err)
		}
		fmt.Fprintf(s.out, "This till is %q of %q now.\n", paired.Name, paired.Store)
		return exitOK
	})
}

// secret reads a line from standard input, without showing it when a person types it.
func secret(s streams, prompt string) (string, error) {
	if f, ok := s.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprint(s.err, prompt)
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(s.err)
		return string(b), err
	}
	line, err := bufio.NewReader(io.LimitReader(s.in, 256)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}
