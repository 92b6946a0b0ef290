package atolsim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"sync"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
)

// Run works on the queue until the context ends.
func (s *Server) Run(ctx context.Context) error {
	var callbacks sync.WaitGroup
	defer callbacks.Wait()
	for ctx.Err() == nil {
		pause, told := s.work(ctx)
		if told != nil {
			callbacks.Go(func() { s.tell(ctx, told) })
			continue
		}
		s.rest(ctx, pause)
	}
	return nil
}

// rest waits for work: at most for a pause, or for ever when it is below zero.
func (s *Server) rest(ctx context.Context, pause time.Duration) {
	if pause == 0 {
		return
	}
	var over <-chan time.Time
	if pause > 0 {
		t := time.NewTimer(pause)
		defer t.Stop()
		over = t.C
	}
	select {
	case <-ctx.Done():
	case <-s.wake:
	case <-over:
	}
}

// work does the next thing there is to do. It gives how long there is nothing else (below zero: until something comes),
// and a job that has just ended and wants to be told of.
func (s *Server) work(ctx context.Context) (time.Duration, *job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead {
		return -1, nil
	}
	for _, j := range s.queue {
		t := j.current()
		if t == nil {
			continue
		}
		if t.status == blocked {
			if left := time.Until(t.until); left > 0 {
				return left, nil
			}
			if !s.recover(j, t) {
				t.until = time.Now().Add(s.recovery)
				return s.recovery, nil
			}
		} else {
			s.do(ctx, j, t)
		}
		if !j.ended() {
			return 0, nil
		}
		if j.ends = s.clock(); j.callback != "" {
			return 0, j
		}
		return 0, nil
	}
	return -1, nil
}

// do runs one task. The lock is given back while the device works.
func (s *Server) do(ctx context.Context, j *job, t *step) {
	life := s.life
	t.status = inProgress
	doc, get, err := s.readTask(t.task)
	if err == nil && get == nil {
		t.doc, t.before = &doc, s.device.Look()
	}
	s.mu.Unlock()
	var result any
	switch {
	case err != nil:
	case get != nil:
		result, err = get()
	default:
		result, err = s.make(ctx, life, doc)
	}
	s.mu.Lock()
	if life.Err() != nil {
		return // the program died in between
	}
	s.finish(j, t, result, err)
}

// make has the device make a document.
func (s *Server) make(ctx, life context.Context, doc fnsim.Document) (any, error) {
	ctx, stop := context.WithTimeout(ctx, s.conf.Hang)
	defer stop()
	defer context.AfterFunc(life, stop)()
	if s.conf.Took > 0 {
		t := time.NewTimer(s.conf.Took)
		defer t.Stop()
		select {
		case <-ctx.Done():
		case <-t.C:
		}
	}
	r, err := s.device.Make(ctx, doc)
	if err != nil {
		return nil, err
	}
	return documentResult(r, false), nil
}

// finish writes down what became of a task. The lock is held.
func (s *Server) finish(j *job, t *step, result any, err error) {
	var bad invalid
	var code *fnsim.Error
	switch {
	case err == nil:
		j.end(t, ready, 0, "", result)
	case errors.Is(err, fnsim.ErrPower):
		s.crash()
		s.unlit = true
	case errors.As(err, &bad):
		j.end(t, failed, 501, bad.words(), nil)
	case !errors.As(err, &code):
		j.end(t, failed, 503, "Ошибка выполнения скрипта", nil)
	case code.Code == fnsim.LinkLost:
		t.block(code.Code, code.Words(), time.Now().Add(s.recovery))
	case s.settings.BlockQueueOnPrintErrors && t.doc != nil && reasonOf(code.Code) == "paperError":
		t.block(code.Code, code.Words(), time.Now().Add(s.recovery))
	default:
		j.end(t, failed, code.Code, wordsOf(code), nil)
	}
}

// wordsOf are a driver's words, with what they are about.
func wordsOf(e *fnsim.Error) string {
	if e.What == "" {
		return e.Words()
	}
	return e.Words() + ": " + e.What
}

// recover asks the device what became of a blocked task, and tells whether it answered. The lock is held.
func (s *Server) recover(j *job, t *step) bool {
	now, err := s.device.Status()
	if err != nil {
		return false
	}
	if t.code != fnsim.LinkLost {
		// It waits for paper, and nothing was made.
		if now.PaperOut || now.CoverOpen || s.device.Resume() != nil {
			return false
		}
		t.status = waiting
		return true
	}
	if r, made := s.made(t, now); made {
		j.end(t, ready, 0, "", documentResult(r, true))
		return true
	}
	j.end(t, failed, t.code, t.words, nil)
	return true
}

// made finds the document of a task among those that the device made since.
func (s *Server) made(t *step, now fnsim.Status) (fnsim.Record, bool) {
	if !t.doc.Kind.Stored() {
		moved := now.Drawer - t.before.Drawer
		made := t.doc.Kind == fiscal.CashIn && moved == t.doc.Cash || t.doc.Kind == fiscal.CashOut && moved == -t.doc.Cash
		return fnsim.Record{Document: *t.doc, Drawer: now.Drawer}, made
	}
	for n := t.before.Last + 1; n <= now.Last && now.FN == t.before.FN; n++ {
		if r, err := s.device.Find(n); err == nil && r.Kind == t.doc.Kind {
			return r, true
		}
	}
	return fnsim.Record{}, false
}

// tell calls a job's callback.
func (s *Server) tell(ctx context.Context, j *job) {
	s.mu.Lock()
	body := maps.Clone(j.results())
	s.mu.Unlock()
	body["uuid"] = j.uuid
	text, err := json.Marshal(body)
	if err == nil {
		err = s.callback(ctx, j.callback, text)
	}
	if err != nil {
		s.conf.Log.Warn("a callback failed", "uuid", j.uuid, "error", err)
	}
}

func (s *Server) callback(ctx context.Context, url string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("atolsim: making a callback: %w", err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := s.conf.HTTP.Do(req)
	if err != nil {
		return fmt.Errorf("atolsim: calling back: %w", err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxBody))
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("atolsim: a callback was answered with HTTP %d", res.StatusCode)
	}
	return nil
}
