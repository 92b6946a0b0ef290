package atolsim

import (
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// addControls puts the service's own controls into mux. They answer with the state of the queue.
func (s *Server) addControls(mux *http.ServeMux) {
	act := func(path string, do func(q url.Values) error) {
		mux.HandleFunc("POST /control/"+path, func(w http.ResponseWriter, r *http.Request) {
			if err := do(r.URL.Query()); err != nil {
				reply(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
				return
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			reply(w, http.StatusOK, s.queueStatus())
		})
	}
	act("crash", func(url.Values) error { s.Crash(); return nil })
	act("forget", func(q url.Values) error { s.Forget(q.Get("uuid")); return nil })
	act("restart", func(q url.Values) error {
		memory, err := strconv.ParseBool(q.Get("memory"))
		if err == nil {
			s.Restart(memory)
		}
		return err
	})
	act("busy", func(q url.Values) error {
		times, err := strconv.ParseUint(q.Get("times"), 10, 16)
		if err == nil {
			s.SetBusy(int(times))
		}
		return err
	})
	act("lockout", func(q url.Values) error {
		on, err := strconv.ParseBool(q.Get("on"))
		if err == nil {
			s.SetLockout(on)
		}
		return err
	})
	act("recovery", func(q url.Values) error {
		after, err := time.ParseDuration(q.Get("after"))
		if err == nil {
			s.SetRecovery(after)
		}
		return err
	})
	act("marks", func(q url.Values) error {
		kept, err := strconv.ParseBool(q.Get("kept"))
		if err == nil {
			s.SetMarks(kept)
		}
		return err
	})
}

// SetBusy has the driver be busy for so many questions: they are answered with HTTP 408.
func (s *Server) SetBusy(times int) { s.with(func() { s.busy = times }) }

// SetLockout has the service refuse everyone, as after a change of the client's address.
func (s *Server) SetLockout(on bool) { s.with(func() { s.lockout = on }) }

// SetRecovery sets how long a job stays blocked before the service asks the device.
func (s *Server) SetRecovery(after time.Duration) { s.with(func() { s.recovery = after }) }

// SetMarks sets whether the device gives the user's attribute, tag 1084, back.
func (s *Server) SetMarks(kept bool) { s.with(func() { s.noMarks = !kept }) }

// SetSettings sets whether the queue stands still for want of paper, and whether jobs are checked when they come.
func (s *Server) SetSettings(blockOnPaper, validateOnAdd bool) {
	s.with(func() {
		s.settings.BlockQueueOnPrintErrors, s.settings.ValidateRequestsOnAdd = blockOnPaper, validateOnAdd
	})
}

func (s *Server) with(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}
