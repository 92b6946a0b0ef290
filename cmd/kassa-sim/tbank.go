package main

import (
	"context"
	"flag"
	"fmt"
	"time"

	"kassa/banks/tbank/tbanksim"
)

// bankFlags are the flags of the practice bank.
type bankFlags struct {
	listen, terminal, password string
}

// register adds them; the address has a name of the command's own, terminal and password are the defaults.
func (f *bankFlags) register(fs *flag.FlagSet, listen, terminal, password string) {
	fs.StringVar(&f.listen, listen, "127.0.0.1:0", "the bank's `address`; port 0 takes a free one")
	fs.StringVar(&f.terminal, "terminal", terminal, "the terminal `key` (TerminalKey); one that ends in DEMO may use SbpPayTest")
	fs.StringVar(&f.password, "password", password, "the terminal's `password`; a practice one, not your bank's")
}

func runBank(ctx context.Context, args []string, std streams) error {
	fs, c := newFlags("tbank", "A practice T-Bank: the bank under /v2/, the payer's part and faults under /control/.")
	var f bankFlags
	f.register(fs, "listen", "", "")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	var w world
	if err := w.addBank(f, c.allowRemote); err != nil {
		w.close()
		return err
	}
	return w.run(ctx, c, std)
}

// addBank opens the practice bank.
func (w *world) addBank(f bankFlags, allowRemote bool) error {
	if f.terminal == "" || f.password == "" {
		return fmt.Errorf("%w: the bank needs --terminal and --password", errUsage)
	}
	bank, err := tbanksim.New(tbanksim.Config{Terminal: f.terminal, Password: f.password, Clock: time.Now})
	if err != nil {
		return err
	}
	l, err := w.listen(f.listen, allowRemote)
	if err != nil {
		return err
	}
	w.ready.Bank = "http://" + l.Addr().String() + "/v2/"
	w.ready.BankControl = "http://" + l.Addr().String() + "/control/"
	w.add(func(ctx context.Context) error { return serveHTTP(ctx, l, bank.Handler()) })
	return nil
}
