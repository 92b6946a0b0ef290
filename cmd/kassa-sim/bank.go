package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"kassa/banks"
	"kassa/banks/banksim"
)

// bankFlags are the flags of one practice bank.
type bankFlags struct {
	sim             banksim.Sim
	listen, control string
	values          map[string]string
}

// register adds them, each with the prefix before its name.
func (f *bankFlags) register(fs *flag.FlagSet, prefix string) {
	f.values = map[string]string{}
	listen := f.sim.Listen
	if listen == "" {
		listen = "127.0.0.1:0"
	}
	fs.StringVar(&f.listen, prefix+"listen", listen, "the `address` of "+f.sim.Title+"; port 0 takes a free one")
	fs.StringVar(&f.control, prefix+"control-listen", "127.0.0.1:0", "the `address` of its controls, where they have one of their own")
	for _, one := range f.sim.Flags {
		f.values[one.Name] = one.Default
		usage := one.Usage
		if one.Default != "" {
			usage += fmt.Sprintf(" (default %q)", one.Default)
		}
		fs.Func(prefix+one.Name, usage, func(v string) error {
			f.values[one.Name] = v
			return nil
		})
	}
}

// runBank opens one practice bank.
func runBank(ctx context.Context, sim banksim.Sim, args []string, std streams) error {
	fs, c := newFlags(sim.Name, "A practice bank: "+sim.Title+" as its callers see it, the payer's part and faults under /control/.")
	f := bankFlags{sim: sim}
	f.register(fs, "")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	var w world
	b, err := w.addBank(f, c.allowRemote, bankLog(std))
	if err != nil {
		w.close()
		return err
	}
	w.ready.Bank, w.ready.BankControl = b.URL, b.Control
	return w.run(ctx, c, std)
}

// bankLog is where practice banks tell of trouble.
func bankLog(std streams) *slog.Logger {
	return slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// addBank opens a practice bank.
func (w *world) addBank(f bankFlags, allowRemote bool, log *slog.Logger) (readyBank, error) {
	l, err := w.listen(f.listen, allowRemote)
	if err != nil {
		return readyBank{}, err
	}
	bank, err := f.sim.Open(banksim.Options{Clock: time.Now, Log: log, Host: hostOf(l), Values: f.values})
	if err != nil {
		return readyBank{}, fmt.Errorf("%w: %v", errUsage, err)
	}
	scheme, served := "http", net.Listener(l)
	if bank.TLS != nil {
		scheme, served = "https", tls.NewListener(l, bank.TLS)
	}
	made := readyBank{Name: f.sim.Name, URL: scheme + "://" + l.Addr().String() + bank.Path, Settings: banks.Settings{}}
	made.Control = scheme + "://" + l.Addr().String() + "/control/"
	for name, value := range bank.Settings {
		made.Settings[name] = value
	}
	made.Settings[banks.FieldURL] = made.URL
	w.add(func(ctx context.Context) error { return serveHTTP(ctx, served, bank.Handler) })
	if bank.Control != nil {
		if made.Control, err = w.addControl(f.control, allowRemote, bank.Control); err != nil {
			return readyBank{}, err
		}
	}
	if bank.Run != nil {
		w.add(func(ctx context.Context) error {
			if err := bank.Run(ctx); err != nil && ctx.Err() == nil {
				return fmt.Errorf("%s: %w", f.sim.Name, err)
			}
			<-ctx.Done() // a bank that has no more work of its own is a bank still
			return nil
		})
	}
	w.ready.Banks = append(w.ready.Banks, made)
	return made, nil
}

// addControl serves a bank's controls at an address of their own.
func (w *world) addControl(address string, allowRemote bool, h http.Handler) (string, error) {
	l, err := w.listen(address, allowRemote)
	if err != nil {
		return "", err
	}
	w.add(func(ctx context.Context) error { return serveHTTP(ctx, l, h) })
	return "http://" + l.Addr().String() + "/control/", nil
}

// hostOf is the name under which callers find what listens at l.
func hostOf(l net.Listener) string {
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok || addr.IP.IsUnspecified() {
		return "127.0.0.1"
	}
	return addr.IP.String()
}
