package fiscal_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/atol"
	"kassa/fiscal/atol/atolsim"
	"kassa/fiscal/fnsim"
	"kassa/fiscal/kkmserver"
	"kassa/fiscal/kkmserver/kkmsim"
)

// program is the program that serves the registrar, and the hands to move it.
type program struct {
	driver   fiscal.Driver
	settings fiscal.Settings
	unit     *fnsim.Device
	handler  http.Handler

	down    atomic.Bool            // it does not run
	crash   func()                 // ends it in the middle of whatever it does
	restart func(memory bool)      // starts it again, and the registrar; without its memory it was installed anew
	own     func(which int) string // one of two troubles of its own, by name
	close   func()
}

const password = "Practice-Secret-1"

// openATOL opens a practice ATOL Web Requests, set up in one way or another.
func openATOL(setup fnsim.Setup, seed uint64) (*program, error) {
	sim, err := atolsim.New(atolsim.Config{Setup: setup, Login: "kassa", Password: password, Recovery: 3 * time.Second})
	if err != nil {
		return nil, err
	}
	sim.SetSettings(seed%3 == 0, seed%5 == 0)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- sim.Run(ctx) }()
	p := &program{driver: atol.Driver(), settings: fiscal.Settings{"login": "kassa", "password": password}, unit: sim.Device(), handler: sim.Handler()}
	p.crash = func() {
		sim.Crash()
		p.down.Store(true)
	}
	p.restart = func(memory bool) {
		sim.Restart(memory)
		p.down.Store(false)
	}
	p.own = func(which int) string {
		if which == 0 {
			sim.Forget("")
			return "the service forgets what has ended"
		}
		sim.SetBusy(3)
		return "the driver is busy"
	}
	p.close = func() {
		stop()
		<-done
	}
	return p, nil
}

// openKkmServer opens a practice KkmServer.
func openKkmServer(setup fnsim.Setup) (*program, error) {
	unit, err := fnsim.New(setup)
	if err != nil {
		return nil, err
	}
	sim := kkmsim.New(unit, kkmsim.Options{Password: password})
	p := &program{driver: kkmserver.Driver(), settings: fiscal.Settings{kkmserver.FieldPassword: password}, unit: unit, close: sim.Close}
	p.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.down.Load() {
			panic(http.ErrAbortHandler)
		}
		sim.ServeHTTP(w, r)
	})
	p.crash = func() {
		p.down.Store(true)
		sim.Restart()
	}
	p.restart = func(memory bool) {
		if !memory {
			sim.Forget()
		}
		unit.SetPower(true)
		p.down.Store(false)
	}
	p.own = func(which int) string {
		if which == 0 {
			sim.Forget()
			return "KkmServer was installed anew"
		}
		sim.Restart()
		return "KkmServer was restarted"
	}
	return p, nil
}
