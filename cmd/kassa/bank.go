package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"kassa/app/keyring"
	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/every"
	"kassa/localdb"
)

const bankHelp = `kassa bank [NAME|none] [--set FIELD=VALUE]… [--check] [--data DIR]

For a till that has no server: it asks the bank itself. With no NAME it lists the banks and the fields that each takes;
"none" takes the bank away. A value can be read from a file: --set FIELD=@FILE. Secrets never stand on the command line:
those that no file gives are read from standard input, a line each, in the order of the list. They are kept
encrypted, under a key in the system's keyring where there is one. With --check the bank is asked whether it takes them.

`

// bankCheck is how long a bank may take to answer.
const bankCheck = 30 * time.Second

func setBank(ctx context.Context, args []string, s streams) int {
	f := flag.NewFlagSet("bank", flag.ContinueOnError)
	data := dataFlag(f)
	ask := f.Bool("check", false, "ask the bank whether it takes the settings")
	var given []string
	f.Func("set", "a field of the bank's as `FIELD=VALUE`, or FIELD=@FILE; repeat it for each", func(text string) error {
		given = append(given, text)
		return nil
	})
	rest, code := parse(f, args, s, bankHelp)
	switch {
	case code >= 0:
		return code
	case len(rest) == 0 && len(given) == 0:
		return listBanks(s)
	case len(rest) != 1:
		fmt.Fprint(s.err, bankHelp)
		return exitUsage
	}
	name, values := rest[0], banks.Settings(nil)
	if name == "none" {
		name = ""
	} else if values, code = bankValues(name, given, s); code >= 0 {
		return code
	}
	if *ask && name != "" {
		if err := askBank(ctx, name, values); err != nil {
			return fail(s, err)
		}
	}
	return withStore(ctx, *data, s, func(store *localdb.Store) int {
		if err := till.SaveBank(ctx, store, keyring.New(), name, values); err != nil {
			return fail(s, err)
		}
		return exitOK
	})
}

func listBanks(s streams) int {
	for _, a := range every.Banks() {
		fmt.Fprintf(s.out, "%s: %s\n", a.Name, a.Title.En)
		for _, field := range a.Fields {
			var words []string
			if field.Optional || field.Default != "" {
				words = append(words, "optional")
			}
			if field.Default != "" {
				words = append(words, field.Default+" when not given")
			}
			if field.Secret {
				words = append(words, "secret")
			}
			traits := ""
			if words != nil {
				traits = " (" + strings.Join(words, "; ") + ")"
			}
			fmt.Fprintf(s.out, "  %-14s %s%s\n", field.Name, field.Label.En, traits)
		}
	}
	return exitOK
}

// bankValues reads the values of a bank's fields. A non-negative code ends the command.
func bankValues(name string, given []string, s streams) (banks.Settings, int) {
	adapter, ok := every.Bank(name)
	if !ok {
		fmt.Fprintf(s.err, "kassa: there is no bank %.40q; \"kassa bank\" lists them\n", name)
		return nil, exitUsage
	}
	values := banks.Settings{}
	for _, text := range given {
		field, value, ok := strings.Cut(text, "=")
		f, known := bankField(adapter, field)
		path, file := strings.CutPrefix(value, "@")
		switch {
		case !ok || !known:
			fmt.Fprintf(s.err, "kassa: %.40q is no field of %s; \"kassa bank\" lists them\n", field, name)
			return nil, exitUsage
		case f.Secret && !file:
			fmt.Fprintf(s.err, "kassa: %s is a secret: give it as %s=@FILE, or on standard input\n", field, field)
			return nil, exitUsage
		case file:
			text, err := readSmall(path)
			if err != nil {
				return nil, fail(s, err)
			}
			value = text
		}
		values[field] = value
	}
	if err := askSecrets(adapter, values, s); err != nil {
		return nil, fail(s, err)
	}
	return values, -1
}

// askSecrets reads the secrets that are needed and that no file gave.
func askSecrets(a banks.Adapter, values banks.Settings, s streams) error {
	lines := s
	lines.in = onlyOnce(s.in)
	for _, f := range a.Fields {
		if !f.Secret || f.Long || f.Optional || f.Default != "" || values[f.Name] != "" {
			continue
		}
		value, err := secret(lines, f.Label.En+": ")
		if err != nil {
			return fmt.Errorf("reading %s: %w", f.Name, err)
		}
		values[f.Name] = value
	}
	return nil
}

// onlyOnce gives a stream byte by byte, so that a line that is read takes nothing of the next one. A terminal stays one.
func onlyOnce(in io.Reader) io.Reader {
	if f, file := in.(*os.File); file && term.IsTerminal(int(f.Fd())) {
		return in
	}
	return oneByte{in}
}

type oneByte struct{ in io.Reader }

func (o oneByte) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	return o.in.Read(b[:1])
}

func bankField(a banks.Adapter, name string) (banks.Field, bool) {
	for _, f := range a.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return banks.Field{}, false
}

// readSmall reads a file that holds one setting.
func readSmall(path string) (string, error) {
	const most = 32 << 10
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && len(text) > most {
		err = errors.New(path + " is too long for a setting")
	}
	return strings.TrimRight(string(text), "\r\n"), err
}

// askBank asks a bank whether it takes its settings.
func askBank(ctx context.Context, name string, values banks.Settings) error {
	adapter, _ := every.Bank(name)
	full, err := adapter.Check(values)
	if err != nil {
		return err
	}
	bank, err := adapter.Open(full, banks.Options{})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, bankCheck)
	defer cancel()
	return bank.Check(ctx)
}
