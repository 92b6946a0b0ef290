// Command kassa-server is Kassa's central server: it takes the tills' operations, asks the banks about QR payments and
// shows owners their business.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	_ "time/tzdata" // stores' time zones, also on a machine without the tz database
)

// version is set when the program is linked.
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := program{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// program is what a run of the command sees of the world.
type program struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
}

// command is one subcommand. run parses its own flags.
type command struct {
	name  string // of one or two words
	about string
	run   func(p *program, ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"serve", "serve tills and owners", (*program).serve},
		{"migrate", "bring the database's schema up to date", (*program).migrate},
		{"owner create", "make an account with its owner", (*program).ownerCreate},
		{"store create", "make another store in an account", (*program).storeCreate},
		{"pair", "print a one-time code that lets a till in", (*program).pair},
		{"bank list", "list the banks and what their contracts give", (*program).bankList},
		{"bank set", "choose a store's bank for QR payments", (*program).bankSet},
		{"bank check", "ask a store's bank whether it knows us", (*program).bankCheck},
		{"key", "print a new key for the banks' credentials", (*program).key},
		{"check", "check the database and every journal's chain", (*program).check},
		{"version", "print the version", (*program).version},
	}
}

// Exit codes.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

// usageError is the caller's mistake in the command line.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

func (p *program) run(ctx context.Context, args []string) int {
	if len(args) == 0 {
		p.usage(p.err)
		return exitUsage
	}
	if slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0]) {
		p.usage(p.out)
		return exitOK
	}
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(args) < len(words) || !slices.Equal(args[:len(words)], words) {
			continue
		}
		return p.exit(c.name, c.run(p, ctx, args[len(words):]))
	}
	fmt.Fprintf(p.err, "kassa-server: no command %q; see kassa-server --help\n", strings.Join(args[:min(2, len(args))], " "))
	return exitUsage
}

// exit tells of an error and gives the exit code for it.
func (p *program) exit(name string, err error) int {
	var usage usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.As(err, &usage):
		fmt.Fprintf(p.err, "kassa-server %s: %v; see kassa-server %s --help\n", name, err, name)
		return exitUsage
	}
	fmt.Fprintf(p.err, "kassa-server %s: %v\n", name, err)
	return exitError
}

func (p *program) usage(w io.Writer) {
	fmt.Fprint(w, "kassa-server is the central server of Kassa.\n\nUsage: kassa-server COMMAND [FLAGS]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-14s %s\n", c.name, c.about)
	}
	fmt.Fprint(w, `
kassa-server COMMAND --help tells the flags of a command.

The database's address is taken from --dsn or from the environment variable KASSA_DSN, the key of the banks'
credentials from --key-file or from KASSA_SERVER_KEY. Exit codes: 0 done, 1 failed, 2 wrong command line.
`)
}

// version prints the version.
func (p *program) version(_ context.Context, args []string) error {
	f := p.flags("version", "print the version")
	if err := f.parse(args); err != nil {
		return err
	}
	fmt.Fprintln(p.out, version)
	return nil
}
