// Package kkmsim is a practice KkmServer: the HTTP and JSON of the real one (see package kkmserver for the sources), with
// the virtual registrar of fnsim behind it.
//
// It is stricter than the real one where a mistake of a caller could pass unseen: a field that it does not know, a number
// of the wrong form or a sum in parts of a kopeck is an error. Where the public material says nothing, it does what is
// harder for the caller: results of commands are forgotten when the program is restarted, a receipt whose paper ended is
// reported as failed although the fiscal storage has it, and the slip of GetDataCheck does not show the user's attribute.
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

	SlipShowsMark bool // the slip of GetDataCheck shows the user's attribute
	NoReports     bool // GetDataCheck does not know reports of a shift
}

// Sim is a practice KkmServer with one registrar.
type Sim struct {
	device *fnsim.Device
	o      Options
	mux    *http.ServeMux

	ctx  context.Context // of the commands, which outlive the requests that brought them
	stop context.CancelFunc

	mu       sync.Mutex
	commands map[string]*entry // by IdCommand
}

// entry is a command that was taken.
type entry struct {
	name    string
	running bool          // the device has it
	done    chan struct{} // closed when reply is there
	reply   *reply
	power   bool // the power went: there is no answer, and never will be
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
	s.mux.HandleFunc("POST /control/restart", func(w http.ResponseWriter, _ *http.Request) {
		s.Restart()
		w.WriteHeader(http.StatusNoContent)
	})
	return s
}

// ServeHTTP serves /Execute, and the controls of fnsim.AddControls under /control/. POST /control/restart has the program
// start again: it forgets all commands. The methods of faults of the connection are the names of the commands.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Close ends the commands that wait for the device.
func (s *Sim) Close() { s.stop() }

// Restart has the program forget every command.
func (s *Sim) Restart() {
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
