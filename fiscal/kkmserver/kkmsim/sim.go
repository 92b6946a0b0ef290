// Package kkmsim is a practice KkmServer: the HTTP and JSON of the real one (see package kkmserver for the sources), with
// the virtual registrar of fnsim behind it.
//
// It is stricter than the real one where a mistake of a caller could pass unseen: a field that it does not know, a number
// of the wrong form or a sum in parts of a kopeck is an error. Where the public material says nothing, it does what is
// harder for the caller: a command that was cut off is reported as failed whatever became of its document, and so is one
// whose paper ended although the fiscal storage has the receipt.
package kkmsim

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"

	"kassa/fiscal/fnsim"
)

// Options of a practice KkmServer. The zero value is usable.
type Options struct {
	Login    string // "Admin" when empty
	Password string
	Number   int           // of the device; 1 when zero
	Patience time.Duration // how long it waits for the device; 30 s when zero

	NoMark    bool // the slip of GetDataCheck does not show the user's attribute
	NoReports bool // GetDataCheck does not know reports of a shift
}

// Sim is a practice KkmServer with one registrar.
type Sim struct {
	device *fnsim.Device
	o      Options
	mux    *http.ServeMux

	mu       sync.Mutex
	ctx      context.Context // of the commands, which outlive the requests that brought them
	stop     context.CancelFunc
	running  sync.WaitGroup
	commands map[string]*entry // by IdCommand
}

// entry is a command that was taken.
type entry struct {
	name    string
	running bool          // the device has it
	done    chan struct{} // closed when reply is there
	reply   *reply
	power   bool // the power went: whoever waits for it hears nothing
}

// New puts a KkmServer before a device. Close ends it.
func New(d *fnsim.Device, o Options) *Sim {
	if o.Login == "" {
		o.Login = "Admin"
	}
	if o.Number == 0 {
		o.Number = 1
	}
	if o.Patience == 0 {
		o.Patience = 30 * time.Second
	}
	s := &Sim{device: d, o: o, mux: http.NewServeMux(), commands: map[string]*entry{}}
	s.ctx, s.stop = context.WithCancel(context.Background())
	execute := fnsim.Wire(d.Faults, method, http.HandlerFunc(s.execute))
	s.mux.Handle("POST /Execute", execute)
	s.mux.Handle("POST /Execute/sync", execute)
	fnsim.AddControls(s.mux, d)
	s.mux.HandleFunc("POST /control/restart", func(w http.ResponseWriter, r *http.Request) {
		s.Restart()
		if r.URL.Query().Get("forget") == "true" {
			s.Forget()
		}
		w.WriteHeader(http.StatusNoContent)
	})
	return s
}

// ServeHTTP serves /Execute, and the controls of fnsim.AddControls under /control/. POST /control/restart has the program
// start again; with ?forget=true it has forgotten all commands. Faults of the connection are narrowed by the names of the
// commands.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Close ends the commands that wait for the device.
func (s *Sim) Close() {
	s.mu.Lock()
	s.stop()
	s.mu.Unlock()
	s.running.Wait()
}

// Restart ends the program and starts it again: commands that wait for the device are cut off. What it knows of the others
// it keeps.
func (s *Sim) Restart() {
	s.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ctx, s.stop = context.WithCancel(context.Background())
}

// Forget has the program forget every command, as when it was installed anew. A command that waits for the device is cut
// off.
func (s *Sim) Forget() {
	s.Restart()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands = map[string]*entry{}
}

// maxBody is far above any command.
const maxBody = 1 << 20

// method names a request by its command, for plans of faults. It leaves the body to be read again.
func method(r *http.Request) string {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return ""
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var c struct{ Command string }
	_ = json.Unmarshal(body, &c)
	return c.Command
}

func (s *Sim) execute(w http.ResponseWriter, r *http.Request) {
	login, password, _ := r.BasicAuth()
	if subtle.ConstantTimeCompare([]byte(login), []byte(s.o.Login))&subtle.ConstantTimeCompare([]byte(password), []byte(s.o.Password)) == 0 {
		w.Header().Set("WWW-Authenticate", `Basic realm="KkmServer"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c, err := read(body)
	if err != nil {
		s.answer(w, failed(c, "Ошибка разбора команды: "+err.Error()))
		return
	}
	answer, status := s.run(r.Context(), c)
	switch {
	case status != http.StatusOK:
		w.WriteHeader(status)
	case answer == nil:
		panic(http.ErrAbortHandler) // the power is gone
	default:
		s.answer(w, answer)
	}
}

func (s *Sim) answer(w http.ResponseWriter, r *reply) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(r)
}
