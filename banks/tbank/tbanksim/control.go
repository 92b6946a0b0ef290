package tbanksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"kassa/register"
)

// addControls puts the controls where the package's comment says.
func (b *Bank) addControls(mux *http.ServeMux) {
	mux.HandleFunc("GET /control/payments", func(w http.ResponseWriter, r *http.Request) {
		reply(w, http.StatusOK, b.Payments(r.URL.Query().Get("order")))
	})
	act := func(pattern string, do func(id string, q url.Values) error) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			id := r.PathValue("id")
			if err := do(id, r.URL.Query()); err != nil {
				refuse(w, err)
				return
			}
			b.replyPayment(w, id)
		})
	}
	act("GET /control/payments/{id}", func(string, url.Values) error { return nil })
	act("POST /control/payments/{id}/pay", func(id string, q url.Values) error { return b.Pay(id, q.Get("late") == "true") })
	act("POST /control/payments/{id}/process", func(id string, _ url.Values) error { return b.Process(id) })
	act("POST /control/payments/{id}/reject", func(id string, _ url.Values) error { return b.Reject(id) })
	act("POST /control/payments/{id}/expire", func(id string, _ url.Values) error { return b.Expire(id) })
	act("POST /control/payments/{id}/refund", func(id string, q url.Values) error {
		amount, err := whole(q, "amount", 0)
		if err != nil {
			return err
		}
		return b.Refund(id, register.Money(amount))
	})
	act("POST /control/payments/{id}/notify", func(id string, _ url.Values) error { return b.NotifyAgain(id) })
	mux.HandleFunc("GET /control/faults", b.listFaults)
	mux.HandleFunc("POST /control/faults", b.addFault)
	mux.HandleFunc("POST /control/faults/{name}", b.addNamedFault)
	mux.HandleFunc("DELETE /control/faults", func(w http.ResponseWriter, r *http.Request) {
		b.Mend()
		b.listFaults(w, r)
	})
}

// replyPayment answers with one payment as it is now.
func (b *Bank) replyPayment(w http.ResponseWriter, id string) {
	for _, p := range b.Payments("") {
		if p.ID == id {
			reply(w, http.StatusOK, p)
			return
		}
	}
	refuse(w, fmt.Errorf("%w: %q", ErrNoPayment, id))
}

// listFaults answers with what waits to happen and with the names of all that can.
func (b *Bank) listFaults(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]any{"waiting": b.Faults(), "known": fits})
}

func (b *Bank) addFault(w http.ResponseWriter, r *http.Request) {
	plan := FaultPlan{Times: 1}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&plan); err != nil {
		refuse(w, fmt.Errorf("tbanksim: reading the fault: %w", err))
		return
	}
	b.takeFault(w, r, plan)
}

func (b *Bank) addNamedFault(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	plan := FaultPlan{Name: Fault(r.PathValue("name")), Method: q.Get("method"), Code: q.Get("code")}
	times, err := whole(q, "times", 1)
	if err != nil {
		refuse(w, err)
		return
	}
	plan.Times = int(times)
	if text := q.Get("delay"); text != "" {
		if plan.Delay, err = time.ParseDuration(text); err != nil {
			refuse(w, fmt.Errorf("tbanksim: delay: %w", err))
			return
		}
	}
	b.takeFault(w, r, plan)
}

func (b *Bank) takeFault(w http.ResponseWriter, r *http.Request, plan FaultPlan) {
	if err := b.Break(plan); err != nil {
		refuse(w, err)
		return
	}
	b.listFaults(w, r)
}

// whole reads a whole number that fits 32 bits from a query.
func whole(q url.Values, name string, otherwise int64) (int64, error) {
	text := q.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("tbanksim: %s must be a whole number", name)
	}
	return n, nil
}

func reply(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, err error) {
	code := http.StatusBadRequest
	switch {
	case errors.Is(err, ErrNoPayment), errors.Is(err, ErrNoFault):
		code = http.StatusNotFound
	case errors.Is(err, ErrStatus):
		code = http.StatusConflict
	}
	reply(w, code, map[string]string{"error": err.Error()})
}
