package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
)

// The contract of the practice bank where none is given. They are no secret: this bank has no money.
const (
	practiceTerminal = "1700000000001DEMO"
	practicePassword = "practice"
)

func runAll(ctx context.Context, args []string, std streams) error {
	fs, c := newFlags("all", "A practice world in one process: bank, receipt printer and, if asked for, a central server.")
	var bank bankFlags
	bank.register(fs, "bank-listen", practiceTerminal, practicePassword)
	var printer printerFlags
	printer.register(fs, "printer-listen", "printer-control-listen", "; a new temporary one when none is named")
	withServer := fs.Bool("server", false, "a central server, too, on a temporary PostgreSQL cluster where PostgreSQL is installed")
	serverListen := fs.String("server-listen", "127.0.0.1:0", "the server's `address`")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	if printer.out == "" {
		dir, err := os.MkdirTemp("", "kassa-paper-")
		if err != nil {
			return fmt.Errorf("making a folder for the paper: %w", err)
		}
		defer os.Remove(dir) // stays when there is paper in it
		printer.out = dir
	}
	// A service that needs another's address comes after it: w.ready has it by then.
	var w world
	for _, add := range []func() error{
		func() error { return w.addBank(bank, c.allowRemote) },
		func() error { return w.addPrinter(printer, c.allowRemote) },
		func() error {
			if !*withServer {
				return nil
			}
			log := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelError}))
			return w.addServer(ctx, *serverListen, c.allowRemote, bank, log)
		},
	} {
		if err := add(); err != nil {
			w.close()
			return err
		}
	}
	return w.run(ctx, c, std)
}
