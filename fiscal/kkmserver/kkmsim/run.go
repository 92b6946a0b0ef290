package kkmsim

import (
	"context"
	"errors"
	"net/http"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
)

// documents are the kinds of the commands that make one; RegisterCheck has its own by TypeCheck.
var documents = map[string]fiscal.Kind{
	"OpenShift": fiscal.OpenShift, "CloseShift": fiscal.CloseShift, "ZReport": fiscal.CloseShift, "XReport": fiscal.XReport,
	"DepositingCash": fiscal.CashIn, "PaymentCash": fiscal.CashOut, "RegisterCheck": "",
}

// run does what a command asks. A nil reply means that there is none: the power went.
func (s *Sim) run(ctx context.Context, c command) (*reply, int) {
	switch _, makes := documents[c.Command]; {
	case c.Command == "GetRezult":
		return s.rezult(c)
	case !makes && c.Command != "GetDataKKT" && c.Command != "GetDataCheck":
		return nil, http.StatusNotImplemented
	case c.NumDevice != 0 && c.NumDevice != s.o.Number || c.NumDevice == 0 && c.InnKkm != "" && c.InnKkm != s.device.Look().INN:
		r := begin(c)
		r.Status, r.Error = statusNotFound, "Устройство не найдено: не настроено или отключено."
		return r, http.StatusOK
	case makes:
		return s.document(ctx, c)
	}
	s.printOn()
	if c.Command == "GetDataKKT" {
		return s.dataKKT(c), http.StatusOK
	}
	return s.dataCheck(c), http.StatusOK
}

// printOn has the device go on printing when the paper is back: drivers do so by themselves.
func (s *Sim) printOn() {
	if look := s.device.Look(); look.Unprinted && !look.PaperOut && !look.CoverOpen && !look.Off {
		_ = s.device.Resume() // what stands in the way now is told by the next command
	}
}

// document takes a command that makes a document, and waits for its end as long as the command says.
func (s *Sim) document(ctx context.Context, c command) (*reply, int) {
	doc, err := s.documentOf(c)
	if err != nil {
		return failed(c, err.Error()), http.StatusOK
	}
	e, isNew := s.take(c, doc)
	if !isNew {
		r := begin(c)
		r.Status, r.Error = statusBefore, "Команда с таким IdCommand уже подана"
		return r, http.StatusOK
	}
	seconds := c.Timeout
	if seconds == 0 {
		seconds = 60
	}
	wait := time.Duration(seconds) * time.Second
	if seconds == 1 {
		wait = 0 // the command is only handed over
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-e.done:
	case <-timer.C:
	case <-ctx.Done():
	}
	if s.cutOff(e) {
		return nil, http.StatusOK
	}
	return s.look(c, e), http.StatusOK
}

// cutOff tells whether the power went while somebody waited for the end of a command.
func (s *Sim) cutOff(e *entry) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return e.power
}

// take remembers a command by its id, and has the device begin. It is not new when the id was taken before.
func (s *Sim) take(c command, doc fnsim.Document) (*entry, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, known := s.commands[c.IDCommand]; known && c.IDCommand != "" {
		return e, false
	}
	e := &entry{name: c.Command, done: make(chan struct{})}
	s.commands[c.IDCommand] = e
	ctx, stop := context.WithTimeout(s.ctx, s.o.Patience)
	s.running.Go(func() {
		defer stop()
		s.make(ctx, c, e, doc)
	})
	return e, true
}

// look gives the reply of a command, or that it has none yet.
func (s *Sim) look(c command, e *entry) *reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.reply != nil {
		return e.reply
	}
	r := begin(c)
	if r.Status = statusWaits; e.running {
		r.Status = statusRuns
	}
	return r
}

// make has the device make a document.
func (s *Sim) make(ctx context.Context, c command, e *entry, doc fnsim.Document) {
	s.mu.Lock()
	e.running = true
	s.mu.Unlock()
	s.printOn()
	record, err := s.device.Make(ctx, doc)
	r := begin(c)
	switch {
	case err != nil:
		r.Status, r.Error = statusFailed, words(err)
	case record.NotPrinted:
		r.Status, r.Error = statusFailed, "Закончилась бумага"
	default:
		r.Status = statusOK
		r.document(record)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if errors.Is(err, fnsim.ErrPower) {
		e.power = true // the computer was on the same plug
		r.Error = "Команда прервана"
	}
	e.reply = r
	close(e.done)
}

// more are words for codes that the device gives only when it is told to.
var more = map[fnsim.Code]string{35: "Проверьте дату и время", 114: "Перегрев головки принтера", 150: "Ошибка отрезчика"}

// words are what a driver says of an error.
func words(err error) string {
	var e *fnsim.Error
	if !errors.As(err, &e) {
		return "Ошибка устройства"
	}
	if words := more[e.Code]; words != "" {
		return words
	}
	if e.What == "" {
		return e.Words()
	}
	return e.Words() + " (" + e.What + ")"
}

// rezult answers GetRezult.
func (s *Sim) rezult(c command) (*reply, int) {
	r := begin(c)
	s.mu.Lock()
	e, known := s.commands[c.IDCommand]
	s.mu.Unlock()
	if !known || c.IDCommand == "" {
		r.Status, r.Error = statusNotFound, "Команда не найдена"
		return r, http.StatusOK
	}
	r.Rezult, r.Status = s.look(command{Command: e.name, IDCommand: c.IDCommand}, e), statusOK
	return r, http.StatusOK
}
