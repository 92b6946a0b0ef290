package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"kassa/server/pg"
)

// flags are a command's flags. Every one has --help.
type flags struct {
	*flag.FlagSet
	p     *program
	about string
}

func (p *program) flags(name, about string) *flags {
	f := flag.NewFlagSet("kassa-server "+name, flag.ContinueOnError)
	f.SetOutput(io.Discard) // a mistake is told once, by exit
	return &flags{FlagSet: f, p: p, about: about}
}

// parse reads the command line. Help goes to the standard output, since it was asked for.
func (f *flags) parse(args []string) error {
	err := f.FlagSet.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(f.p.out, "%s: %s\n\n", f.Name(), f.about)
		f.SetOutput(f.p.out)
		f.PrintDefaults()
		return err
	case err != nil:
		return usageError{err.Error()}
	case f.NArg() > 0:
		return usagef("%q is not expected", f.Arg(0))
	}
	return nil
}

// dsn is the flag of the database's address. The value is to be read after parse.
func (f *flags) dsn() func() (string, error) {
	v := f.String("dsn", "", "address of the PostgreSQL `database`: postgres://user@host/name (KASSA_DSN)")
	return func() (string, error) {
		if *v != "" {
			return *v, nil
		}
		if dsn := f.p.env("KASSA_DSN"); dsn != "" {
			return dsn, nil
		}
		return "", usagef("no database: give --dsn or set KASSA_DSN")
	}
}

// format is the flag of the output's form; it tells whether that is JSON.
func (f *flags) format() func() (bool, error) {
	v := f.String("format", "text", "form of the output: `text or json`")
	return func() (bool, error) {
		switch *v {
		case "text":
			return false, nil
		case "json":
			return true, nil
		}
		return false, usagef("--format is text or json, not %q", *v)
	}
}

// key is the flag of the key of the banks' credentials; nil when none is given.
func (f *flags) key() func() (*pg.Key, error) {
	file := f.String("key-file", "", "`file` with the key of the banks' credentials (KASSA_SERVER_KEY holds the key itself)")
	return func() (*pg.Key, error) {
		text := f.p.env("KASSA_SERVER_KEY")
		if *file != "" {
			b, err := readSmall(*file, maxSecret)
			if err != nil {
				return nil, fmt.Errorf("reading the key: %w", err)
			}
			text = b
		}
		if text == "" {
			return nil, nil
		}
		return pg.ParseKey(text)
	}
}

// password is the pair of flags by which a password is given: never on the command line itself, where everybody on the
// machine can read it.
func (f *flags) password() func() (string, error) {
	stdin := f.Bool("password-stdin", false, "read the password from the standard input")
	file := f.String("password-file", "", "read the password from a `file`")
	return func() (string, error) {
		var text string
		var err error
		switch {
		case *stdin == (*file != ""):
			return "", usagef("give one of --password-stdin and --password-file")
		case *stdin:
			text, err = readLimited(f.p.in, maxSecret)
		default:
			text, err = readSmall(*file, maxSecret)
		}
		if err != nil {
			return "", fmt.Errorf("reading the password: %w", err)
		}
		// An editor or echo ends the file with a line's end, which nobody means.
		return strings.TrimRight(text, "\r\n"), nil
	}
}

// How long what is read from a file may be: a key or a password; a field of a bank's, which may be certificates.
const (
	maxSecret  = 4 << 10
	maxSetting = 32 << 10
)

func readSmall(path string, most int64) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return readLimited(f, most)
}

func readLimited(r io.Reader, most int64) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(b)) > most {
		err = errors.New("it is too long")
	}
	return string(b), err
}

// print writes a result as JSON, or as the text that is given.
func (p *program) print(asJSON bool, v any, text string) error {
	if !asJSON {
		_, err := fmt.Fprintln(p.out, text)
		return err
	}
	e := json.NewEncoder(p.out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
