package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"kassa/banks/every/sims"
)

func runAll(ctx context.Context, args []string, std streams) error {
	fs, c := newFlags("all", "A practice world in one process: banks, receipt printer and, if asked for, a fiscal registrar and a central server.")
	var banks []*bankFlags
	var names []string
	for _, sim := range sims.Sims() {
		f := &bankFlags{sim: sim}
		f.register(fs, sim.Name+"-")
		banks = append(banks, f)
		names = append(names, sim.Name)
	}
	shops := fs.String("bank", "tbank", "the `name` of the bank that the practice shop has: "+strings.Join(names, ", "))
	var printer printerFlags
	printer.register(fs, "printer-listen", "printer-control-listen", "; a new temporary one when none is named")
	registrar := fiscalFlags{registrar: registrars()[0]}
	registrar.listen = "127.0.0.1:0"
	withFiscal := fs.Bool("fiscal", false, "a fiscal registrar, too: "+registrar.title)
	registrar.register(fs, "fiscal-")
	withServer := fs.Bool("server", false, "a central server, too, on a temporary PostgreSQL cluster where PostgreSQL is installed")
	serverListen := fs.String("server-listen", "127.0.0.1:0", "the server's `address`")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	if printer.out != "" { // a device whose paper nobody keeps begins anew with each start
		registrar.out = filepath.Join(printer.out, "registrar")
	} else {
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
		func() error { return w.addBanks(banks, *shops, c.allowRemote, bankLog(std)) },
		func() error { return w.addPrinter(printer, c.allowRemote) },
		func() error {
			if !*withFiscal {
				return nil
			}
			return w.addFiscal(registrar, c.allowRemote)
		},
		func() error {
			if !*withServer {
				return nil
			}
			log := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelError}))
			return w.addServer(ctx, *serverListen, c.allowRemote, *shops, log)
		},
	} {
		if err := add(); err != nil {
			w.close()
			return err
		}
	}
	return w.run(ctx, c, std)
}

// addBanks opens all practice banks. One of them is the shop's.
func (w *world) addBanks(all []*bankFlags, shops string, allowRemote bool, log *slog.Logger) error {
	for _, f := range all {
		b, err := w.addBank(*f, allowRemote, log)
		if err != nil {
			return err
		}
		if b.Name == shops {
			w.ready.Bank, w.ready.BankControl = b.URL, b.Control
		}
	}
	if w.ready.Bank == "" {
		return fmt.Errorf("%w: there is no bank %q", errUsage, shops)
	}
	return nil
}
