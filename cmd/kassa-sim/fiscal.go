package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/atol/atolsim"
	"kassa/fiscal/fnsim"
	"kassa/fiscal/kkmserver/kkmsim"
)

// registrar is a make of practice registrar.
type registrar struct {
	name, title     string // the name is the driver's
	listen          string // its maker's port
	login, password string // they open nothing real
	open            func(s fnsim.Setup, login, password string) (served, error)
}

// served is a practice registrar that was opened.
type served struct {
	handler http.Handler // with the controls under /control/
	device  *fnsim.Device
	run     func(ctx context.Context) error // its own work
}

// registrars are all makes. The practice world has the first.
func registrars() []registrar {
	return []registrar{
		{name: "atol", title: "ATOL Web Requests", listen: "127.0.0.1:16732", login: "kassa", password: "Practice-2026", open: openATOL},
		{name: "kkmserver", title: "KkmServer", listen: "127.0.0.1:5893", login: "Admin", password: "practice-2026", open: openKkmServer},
	}
}

func registrarNamed(name string) (registrar, bool) {
	for _, r := range registrars() {
		if r.name == name {
			return r, true
		}
	}
	return registrar{}, false
}

func openATOL(s fnsim.Setup, login, password string) (served, error) {
	sim, err := atolsim.New(atolsim.Config{Setup: s, Login: login, Password: password})
	if err != nil {
		return served{}, err
	}
	return served{sim.Handler(), sim.Device(), sim.Run}, nil
}

func openKkmServer(s fnsim.Setup, login, password string) (served, error) {
	device, err := fnsim.New(s)
	if err != nil {
		return served{}, err
	}
	sim := kkmsim.New(device, kkmsim.Options{Login: login, Password: password})
	return served{sim, device, func(ctx context.Context) error {
		<-ctx.Done()
		sim.Close()
		return nil
	}}, nil
}

// fiscalFlags are the flags of a practice registrar.
type fiscalFlags struct {
	registrar
	ffd, out string
}

// register adds them, each with the prefix before its name.
func (f *fiscalFlags) register(fs *flag.FlagSet, prefix string) {
	fs.StringVar(&f.listen, prefix+"listen", f.listen, "the `address` of "+f.title+"; port 0 takes a free one")
	fs.StringVar(&f.login, prefix+"login", f.login, "the `login` that it wants")
	fs.StringVar(&f.password, prefix+"password", f.password, "the `password` that it wants")
	fs.StringVar(&f.ffd, prefix+"ffd", fnsim.FFD12, "the `version` of the fiscal format: 1.05 or 1.2")
}

// runFiscal opens one practice registrar.
func runFiscal(ctx context.Context, r registrar, args []string, std streams) error {
	fs, c := newFlags(r.name, "A practice fiscal registrar: "+r.title+" as its callers see it, the device and its faults under /control/.")
	f := fiscalFlags{registrar: r}
	f.register(fs, "")
	fs.StringVar(&f.out, "out", "", "the `folder` that keeps the device's memory and its paper: text, and a picture of each document")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	var w world
	if err := w.addFiscal(f, c.allowRemote); err != nil {
		w.close()
		return err
	}
	return w.run(ctx, c, std)
}

// addFiscal opens a practice registrar.
func (w *world) addFiscal(f fiscalFlags, allowRemote bool) error {
	l, err := w.listen(f.listen, allowRemote)
	if err != nil {
		return err
	}
	s, err := f.open(fnsim.Setup{FFD: f.ffd, Zone: time.Local, Seed: uint64(time.Now().UnixNano())}, f.login, f.password)
	if err != nil {
		return fmt.Errorf("%w: %v", errUsage, err)
	}
	url := "http://" + l.Addr().String()
	w.ready.Fiscal = &readyFiscal{Name: f.name, URL: url, Control: url + "/control/", Out: f.out,
		Settings: fiscal.Settings{"url": url, "login": f.login, "password": f.password}}
	if f.out != "" {
		kept := keptDevice{device: s.device, dir: f.out, name: "fiscal-" + f.name}
		if err := kept.load(); err != nil {
			return err
		}
		w.add(kept.run)
	}
	w.add(s.run)
	w.add(func(ctx context.Context) error { return serveHTTP(ctx, l, s.handler) })
	return nil
}
