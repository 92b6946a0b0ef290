package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"kassa/banks"
	"kassa/fiscal"
)

// ready is the line that --ready prints: where everything listens. A command prints the part that it has.
type ready struct {
	Banks          []readyBank  `json:"banks,omitempty"`
	Bank           string       `json:"bank,omitempty"`         // the base URL of the one bank, or of the shop's
	BankControl    string       `json:"bank_control,omitempty"` // in place of its payer
	Printer        string       `json:"printer,omitempty"`      // host and port, as a network printer has
	PrinterControl string       `json:"printer_control,omitempty"`
	PrinterOut     string       `json:"printer_out,omitempty"` // the folder with the paper
	Fiscal         *readyFiscal `json:"fiscal,omitempty"`      // the fiscal registrar
	Server         string       `json:"server,omitempty"`      // the central server and its back office
	PairCode       string       `json:"pair_code,omitempty"`   // lets one till in
	OwnerLogin     string       `json:"owner_login,omitempty"`
	OwnerPassword  string       `json:"owner_password,omitempty"`
	NoServer       string       `json:"no_server,omitempty"` // why there is none although one was asked for
}

// readyFiscal is a practice registrar that listens.
type readyFiscal struct {
	Name     string          `json:"name"` // the driver's
	URL      string          `json:"url"`
	Control  string          `json:"control"`
	Out      string          `json:"out,omitempty"` // the folder with its memory and its paper
	Settings fiscal.Settings `json:"settings"`      // what its driver takes; they open nothing real
}

// lines are what a person wants to know of it.
func (f *readyFiscal) lines() [][2]string {
	if f == nil {
		return nil
	}
	return [][2]string{{f.Name, f.URL}, {"its controls", f.Control}, {"login", f.Settings["login"]}, {"password", f.Settings["password"]},
		{"its paper", f.Out}}
}

// readyBank is a practice bank that listens.
type readyBank struct {
	Name     string         `json:"name"`
	URL      string         `json:"url"`
	Control  string         `json:"control"`
	Settings banks.Settings `json:"settings"` // what its adapter takes; they open nothing real
}

// contract is what the adapter takes beside the address, for a person to type.
func (b readyBank) contract() string {
	var parts []string
	for name, value := range b.Settings {
		switch {
		case name == banks.FieldURL:
			continue
		case strings.Contains(value, "\n"):
			value = "(--ready prints it)"
		}
		parts = append(parts, name+" "+value)
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// world is what a command has opened: services that listen already and are served when all of them do.
type world struct {
	ready    ready
	serve    []func(context.Context) error
	listened []net.Listener
}

// listen opens an address for a service. Addresses that other machines reach need allowRemote: there is no password on
// the controls.
func (w *world) listen(address string, allowRemote bool) (net.Listener, error) {
	resolved, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%w: the address %q: %v", errUsage, address, err)
	}
	if !allowRemote && !resolved.IP.IsLoopback() {
		return nil, fmt.Errorf("%w: other machines could reach %q; give --allow-remote if they should", errUsage, address)
	}
	l, err := net.ListenTCP("tcp", resolved)
	if err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}
	w.listened = append(w.listened, l)
	return l, nil
}

// close gives up what was opened; it is for a world that is never run.
func (w *world) close() {
	for _, l := range w.listened {
		_ = l.Close()
	}
}

// add puts a service into the world.
func (w *world) add(serve func(context.Context) error) { w.serve = append(w.serve, serve) }

// run tells that everything listens and serves until ctx ends, standard input does (where that was asked for), or a
// service fails.
func (w *world) run(ctx context.Context, c *common, std streams) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if c.untilStdinCloses {
		go func() {
			_, _ = io.Copy(io.Discard, std.in)
			stop()
		}()
	}
	ended := make(chan error, len(w.serve))
	for _, serve := range w.serve {
		go func() { ended <- serve(ctx) }()
	}
	err := w.tell(c, std)
	if err != nil {
		stop()
	}
	for range w.serve {
		err = errors.Join(err, <-ended)
		stop() // one that ends takes the others with it
	}
	return err
}

// tell prints the addresses: as JSON for a program, as text for a person.
func (w *world) tell(c *common, std streams) error {
	if c.ready {
		if err := json.NewEncoder(std.out).Encode(w.ready); err != nil {
			return fmt.Errorf("printing the addresses: %w", err)
		}
		return nil
	}
	var lines [][2]string
	for _, b := range w.ready.Banks {
		lines = append(lines, [2]string{b.Name, b.URL}, [2]string{"its controls", b.Control}, [2]string{"its contract", b.contract()})
	}
	lines = append(lines, w.ready.Fiscal.lines()...)
	for _, line := range append(lines, [][2]string{
		{"printer", w.ready.Printer},
		{"its controls", w.ready.PrinterControl},
		{"its paper", w.ready.PrinterOut},
		{"server", w.ready.Server},
		{"pairing code", w.ready.PairCode},
		{"owner", w.ready.OwnerLogin},
		{"password", w.ready.OwnerPassword},
		{"no server", w.ready.NoServer},
	}...) {
		if line[1] != "" {
			fmt.Fprintf(std.err, "%-13s %s\n", line[0], line[1])
		}
	}
	return nil
}

// serveHTTP serves until ctx ends; requests that are being held end with it.
func serveHTTP(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		patience, stop := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer stop()
		if server.Shutdown(patience) != nil {
			_ = server.Close()
		}
		stopped <- nil
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving HTTP at %s: %w", l.Addr(), err)
	}
	return <-stopped
}
