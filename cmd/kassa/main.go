// Command kassa is the till: it opens the cashier's window, and does the small chores that an owner's helper or the
// support desk does from a command line.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"kassa/localdb"
)

// version is set when the program is linked.
var version = "development"

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // the command could not do its work
	exitUsage  = 2 // the command line is wrong
	exitPartly = 3 // done, but not with everything: some lines of a price list were left out, or a check found faults
	exitInUse  = 4 // another program has the data folder open
)

const usage = `kassa: an offline-first cash register

  kassa [--data DIR] [--practice] [--lang ru|en] [--windowed]
                                                    open the till
  kassa import FILE [--data DIR] [--yes]            read a price list (XLSX, CSV) into the catalogue
  kassa export goods|operations [--data DIR] [--format csv|csv-excel|xlsx|jsonl]
  kassa check [--data DIR] [--format text|json]     check the database and the chain of operations
  kassa set NAME=VALUE… [--data DIR]                shop and devices; "kassa set --help" lists the names
  kassa cashier NAME [--role ROLE] [--data DIR]     add somebody who may sign in; the PIN is read from standard
                                                    input, and the first one is the owner
  kassa pair --server URL --code CODE [--data DIR]  connect the till to its server
  kassa bank [NAME|none] [--set FIELD=VALUE]… [--check] [--data DIR]
                                                    QR payments without a server; with no NAME it lists the banks and
                                                    their fields
  kassa print-test [--data DIR] [--lang ru|en]      print the test page, and say what became of it
  kassa print-samples --profile NAME --to DIR [--lang ru|en]
                                                    write every slip as a printer's bytes, with a picture of each
  kassa version

Every command answers --help. Exit codes: 0 done, 1 failed, 2 wrong command line, 3 done but not with everything,
4 the till is open in another program.
`

// command runs one subcommand and returns its exit code.
type command func(ctx context.Context, args []string, io streams) int

// streams are a command's standard input and outputs.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

func run(ctx context.Context, args []string, s streams) int {
	commands := map[string]command{
		"import": importGoods, "export": export, "check": check, "set": set, "cashier": addCashier, "pair": pair, "bank": setBank,
		"print-samples": printSamples, "print-test": printTest,
		"version": func(_ context.Context, _ []string, s streams) int {
			fmt.Fprintf(s.out, "kassa %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return exitOK
		},
	}
	if len(args) > 0 {
		switch args[0] {
		case "help", "-h", "-help", "--help":
			fmt.Fprint(s.out, usage)
			return exitOK
		}
		if c, ok := commands[args[0]]; ok {
			return c(ctx, args[1:], s)
		}
		if args[0] != "" && args[0][0] != '-' {
			fmt.Fprintf(s.err, "kassa: there is no command %q\n\n%s", args[0], usage)
			return exitUsage
		}
	}
	return openTill(ctx, args, s)
}

// parse reads flags, which may stand before and after the arguments. A non-negative code ends the command.
func parse(f *flag.FlagSet, args []string, s streams, help string) (rest []string, code int) {
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	for {
		err := f.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(s.out, help)
			f.SetOutput(s.out)
			f.PrintDefaults()
			return nil, exitOK
		}
		if err != nil {
			fmt.Fprintf(s.err, "kassa: %v\n", err)
			return nil, exitUsage
		}
		if f.NArg() == 0 {
			return rest, -1
		}
		rest = append(rest, f.Arg(0))
		args = f.Args()[1:]
	}
}

// dataFlag adds --data to a command.
func dataFlag(f *flag.FlagSet) *string {
	return f.String("data", defaultData(), "the till's data folder")
}

// defaultData is where a till's data lies when nobody says otherwise.
func defaultData() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return "kassa-data"
	}
	switch runtime.GOOS {
	case "windows":
		if dir := os.Getenv("LOCALAPPDATA"); dir != "" {
			return filepath.Join(dir, "Kassa")
		}
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "Kassa")
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "kassa")
	}
	return filepath.Join(home, ".local", "share", "kassa")
}

// withTill is withStore for a folder that must hold a till already: a mistyped name is told, not made.
func withTill(ctx context.Context, dir string, s streams, f func(*localdb.Store) int) int {
	if _, err := os.Stat(filepath.Join(dir, localdb.FileName)); errors.Is(err, os.ErrNotExist) {
		return fail(s, fmt.Errorf("there is no till in %s", dir))
	}
	return withStore(ctx, dir, s, f)
}

// withStore opens the data folder for one command.
func withStore(ctx context.Context, dir string, s streams, f func(*localdb.Store) int) int {
	store, err := localdb.Open(ctx, localdb.Options{Dir: dir})
	if err != nil {
		return fail(s, err)
	}
	code := f(store)
	if err := store.Close(); err != nil && code == exitOK {
		return fail(s, err)
	}
	return code
}

// fail tells an error in a person's words where there are any.
func fail(s streams, err error) int {
	if errors.Is(err, localdb.ErrInUse) {
		fmt.Fprintln(s.err, "kassa: the till is open in another window or program. Close it there first; nothing was changed.")
		return exitInUse
	}
	fmt.Fprintf(s.err, "kassa: %v\n", err)
	return exitFailed
}
