// Command kassa-sim is a practice world on loopback: banks, fiscal registrars and a receipt printer that speak the real
// protocols, so that a till can be tried and tested with no contract, no device and no network.
//
//	kassa-sim tbank    a bank, by its adapter's name; kassa-sim --help lists them
//	kassa-sim atol     a fiscal registrar, by its driver's name
//	kassa-sim printer  the receipt printer
//	kassa-sim all      everything in one process
//
// Each says with --help what it takes. A program that starts one gives --ready, and reads one line of JSON with the
// addresses from its standard output; with --until-stdin-closes it ends when that program does.
//
// It exits with 0 when it was told to stop, 1 when something failed, 2 when it was called wrongly.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"kassa/banks/every/sims"
)

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// errUsage marks errors of whoever wrote the command line.
var errUsage = errors.New("wrong use")

// streams are a process's standard streams.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// usage is the help of the whole program.
func usage() string {
	var b strings.Builder
	b.WriteString("kassa-sim is a practice world on loopback for the Kassa till.\n\nUsage:\n")
	for _, s := range sims.Sims() {
		fmt.Fprintf(&b, "  kassa-sim %-28s a practice bank: %s\n", s.Name+" [flags]", s.Title)
	}
	for _, r := range registrars() {
		fmt.Fprintf(&b, "  kassa-sim %-28s a practice fiscal registrar: %s\n", r.name+" [flags]", r.title)
	}
	b.WriteString(`  kassa-sim printer --out DIR [flags]    a practice receipt printer
  kassa-sim all [flags]                  all of them, in one process
  kassa-sim COMMAND --help               the flags of a command

A bank listens at --listen ADDR. It has the payer and its faults under /control/. So does a registrar, with its paper,
its power and its faults.

Exit codes: 0 it was told to stop, 1 something failed, 2 wrong use.
`)
	return b.String()
}

// run is the whole program: it ends when ctx does, and gives the exit code.
func run(ctx context.Context, args []string, std streams) int {
	err := dispatch(ctx, args, std)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		fmt.Fprintf(std.err, "kassa-sim: %v\n", err)
		return exitUsage
	}
	fmt.Fprintf(std.err, "kassa-sim: %v\n", err)
	return exitFailed
}

func dispatch(ctx context.Context, args []string, std streams) error {
	if len(args) == 0 {
		return fmt.Errorf("%w: no command; see kassa-sim --help", errUsage)
	}
	switch args[0] {
	case "printer":
		return runPrinter(ctx, args[1:], std)
	case "all":
		return runAll(ctx, args[1:], std)
	case "help", "-h", "-help", "--help":
		fmt.Fprint(std.out, usage())
		return nil
	}
	if r, ok := registrarNamed(args[0]); ok {
		return runFiscal(ctx, r, args[1:], std)
	}
	if sim, ok := sims.Sim(args[0]); ok {
		return runBank(ctx, sim, args[1:], std)
	}
	return fmt.Errorf("%w: no command %q; see kassa-sim --help", errUsage, args[0])
}
