// Package atolsim is a practice ATOL Web Requests: the maker's HTTP service over a virtual registrar (package fnsim), as
// strict as the real one is known to be, with controls in place of everything that can go wrong. A client written for
// the real service works against it, and the code under test never knows that it talks to it.
//
// The service answers under /api/v2/: the queue of jobs (requests, getRequestsQueueStatus), the questions that go past
// it (operations/query…), serverInfo, settings, activateDevice and deactivateDevice. Jobs run one by one, while Run runs.
// A field that the service does not know is refused, where the real one would pass over it: a wrong name should be found
// here. Not there: the expense kinds (buy…), marking, and the life of the fiscal storage (registration, fnChange).
//
// The controls are under /control/: those of fnsim.AddControls, whose faults happen to a kind of document (fiscal.Kind) or
// to one of the Methods, and the service's own:
//
//	POST /control/crash                     the service dies: connections end without an answer
//	POST /control/restart?memory=true       it starts again, with or without its jobs, and the device is on
//	POST /control/forget?uuid=UUID          results vanish; all of them without uuid
//	POST /control/busy?times=N              the driver is busy: questions are answered with HTTP 408
//	POST /control/lockout?on=true           the address was changed today: everything is answered with HTTP 401
//	POST /control/recovery?after=5s         how long a job stays blocked before the service asks the device
//	POST /control/marks?kept=false          the device's model does not give tag 1084 back
//
// What happens to a document whose fate the service lost: the job is "blocked", and after the recovery "ready" with the
// warning "recovered", or "error". When the power goes (fnsim.PowerBefore, PowerAfter) the service dies with the device,
// and starts with it again when the power is back, with the jobs that it had on disk.
package atolsim

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode"

	"kassa/fiscal/fnsim"
)

// Config is how a service is installed. The zero value of every field is usable.
type Config struct {
	Setup fnsim.Setup // of the device

	Login    string // of the only account; empty: an old service, which knows no accounts
	Password string // at least twelve letters, with a digit, a small and a capital letter
	DeviceID string // "default" when empty

	Took     time.Duration // how long a document takes at least; nothing when zero
	Hang     time.Duration // how long the service waits for the device; 30 seconds when zero
	Recovery time.Duration // how long a job stays blocked; 100 ms when zero

	HTTP *http.Client // calls the callbacks; one with a deadline of five seconds when nil
	Log  *slog.Logger // of callbacks that failed; silent when nil
}

// Server is the practice service. It is safe for concurrent use.
type Server struct {
	conf   Config
	device *fnsim.Device
	clock  func() time.Time
	wake   chan struct{}

	mu sync.Mutex
	service
}

// service is what the program holds in memory, beside the device.
type service struct {
	jobs     map[string]*job
	queue    []*job // in the order of their coming, finished ones too
	settings settings
	inactive bool

	life     context.Context // of this start of the program
	die      context.CancelFunc
	dead     bool
	unlit    bool // it died when the power went
	busy     int  // answers of HTTP 408 that are still to come
	lockout  bool
	noMarks  bool
	recovery time.Duration
}

// settings are those of GET /api/v2/settings.
type settings struct {
	BlockQueueOnPrintErrors bool   `json:"blockQueueOnPrintErrors"`
	DeleteRequestsAfter     int    `json:"deleteRequestsAfter"` // minutes
	ValidateRequestsOnAdd   bool   `json:"validateRequestsOnAdd"`
	ScriptsPath             string `json:"scriptsPath"`
	InvertCashDrawerStatus  bool   `json:"invertCashDrawerStatus"`
	AdditionalHeaderLines   string `json:"additionalHeaderLines"`
	AdditionalFooterLines   string `json:"additionalFooterLines"`
}

// New opens a service. It listens nowhere and starts nothing. The error is about the configuration.
func New(c Config) (*Server, error) {
	if c.Login == "" && c.Password != "" || c.Login != "" && !strong(c.Password) {
		return nil, errors.New("atolsim: an account has a login, and a password of twelve letters with a digit, a small and a capital one")
	}
	device, err := fnsim.New(c.Setup)
	if err != nil {
		return nil, err
	}
	if c.DeviceID == "" {
		c.DeviceID = "default"
	}
	if c.Hang == 0 {
		c.Hang = 30 * time.Second
	}
	if c.Recovery == 0 {
		c.Recovery = 100 * time.Millisecond
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 5 * time.Second}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	s := &Server{conf: c, device: device, clock: c.Setup.Clock, wake: make(chan struct{}, 1)}
	if s.clock == nil {
		s.clock = time.Now
	}
	s.recovery = c.Recovery
	s.start(nil, nil)
	return s, nil
}

// strong tells whether the service takes a password.
func strong(p string) bool {
	return len([]rune(p)) >= 12 && strings.IndexFunc(p, unicode.IsDigit) >= 0 && strings.IndexFunc(p, unicode.IsUpper) >= 0 &&
		strings.IndexFunc(p, unicode.IsLower) >= 0
}

// start begins a life of the program with the jobs that it has on disk.
func (s *Server) start(queue []*job, jobs map[string]*job) {
	if jobs == nil {
		jobs = map[string]*job{}
		s.settings = settings{DeleteRequestsAfter: 30 * 24 * 60}
	}
	s.queue, s.jobs, s.dead, s.unlit = queue, jobs, false, false
	s.life, s.die = context.WithCancel(context.Background())
}

// Device is the virtual registrar behind the service.
func (s *Server) Device() *fnsim.Device { return s.device }

// Crash ends the program in the middle of whatever it does. The device stays as it is.
func (s *Server) Crash() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.crash()
}

func (s *Server) crash() {
	s.dead = true
	s.die()
}

// Restart switches the device on and starts the program again: with the jobs that it had on disk, or without any. A job
// that was under way is blocked until the device was asked.
func (s *Server) Restart(memory bool) {
	s.device.SetPower(true)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.restart(memory)
}

func (s *Server) restart(memory bool) {
	s.die()
	queue, jobs := s.queue, s.jobs
	if !memory {
		queue, jobs = nil, nil
	}
	for _, j := range queue {
		j.interrupt()
	}
	s.start(queue, jobs)
	s.nudge()
}

// alive tells whether the program runs. One that died when the power went starts when it is back. The lock is held.
func (s *Server) alive() bool {
	if s.unlit && !s.device.Look().Off {
		s.restart(true)
	}
	return !s.dead
}

// Forget has the results of a job vanish, or those of all that have ended when uuid is empty.
func (s *Server) Forget(uuid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(func(j *job) bool { return uuid == "" && j.ended() || j.uuid == uuid })
}

// nudge tells Run that there is something to do. The lock is held.
func (s *Server) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
