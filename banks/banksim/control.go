package banksim

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

// Payment is what the controls tell of a payment.
type Payment struct {
	ID       string         `json:"payment_id"` // the bank's
	Order    string         `json:"order_id"`   // the shop's
	Amount   register.Money `json:"amount"`     // kopecks
	Refunded register.Money `json:"refunded"`
	Status   string         `json:"status"` // the bank's own word
	Payload  string         `json:"payload,omitempty"`
	Created  time.Time      `json:"created"`
	Expires  time.Time      `json:"expires"`
}

// Errors of the controls.
var (
	ErrNoPayment = errors.New("banksim: no such payment")
	ErrStatus    = errors.New("banksim: the payment's status does not allow it")
)

// Controlled is a practice bank as its controls see it. The errors are ErrNoPayment and ErrStatus.
type Controlled interface {
	Payments(order string) []Payment               // the payments of an order, or all, oldest first
	Pay(id string, late bool) error                // the payer pays; with late, a payment that is closed, too
	Process(id string) error                       // the payer has confirmed, the bank works
	Reject(id string) error                        // the bank refuses the payer
	Expire(id string) error                        // the code's time is over
	Refund(id string, amount register.Money) error // made in the bank's cabinet; zero means all that is left
}

// maxPlan is far above any fault that is described in JSON.
const maxPlan = 64 << 10

// AddControls puts a bank's controls into mux. They speak JSON:
//
//	GET    /control/payments[?order=ID]       the payments, oldest first
//	GET    /control/payments/{id}             one of them
//	POST   /control/payments/{id}/pay         the payer pays; ?late=true after cancel or expiry too
//	POST   /control/payments/{id}/process     the payer has confirmed, the bank works
//	POST   /control/payments/{id}/reject      the bank refuses the payer
//	POST   /control/payments/{id}/expire      the code's time is over
//	POST   /control/payments/{id}/refund      a refund made in the bank's cabinet; ?amount=KOPECKS for a part
//	GET    /control/faults                    every fault and how often it is still to happen
//	POST   /control/faults/{name}             makes a fault happen; times, method, code and delay as parameters
//	POST   /control/faults                    the same from {"name":…,"times":…,"method":…,"code":…,"delay":…}
//	DELETE /control/faults                    everything works again
//
// A fault happens to the next request that it fits, once, or as often as times says; times=0 lasts until DELETE. method
// narrows it to one method of the bank.
func AddControls(mux *http.ServeMux, b Controlled, f *Faults) {
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
			replyPayment(w, b, id)
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
	addFaultControls(mux, f)
}

func addFaultControls(mux *http.ServeMux, f *Faults) {
	list := func(w http.ResponseWriter) {
		reply(w, http.StatusOK, map[string]any{"waiting": f.Waiting(), "known": f.Known()})
	}
	take := func(w http.ResponseWriter, p Plan, err error) {
		if err == nil {
			err = f.Break(p)
		}
		if err != nil {
			refuse(w, err)
			return
		}
		list(w)
	}
	mux.HandleFunc("GET /control/faults", func(w http.ResponseWriter, _ *http.Request) { list(w) })
	mux.HandleFunc("POST /control/faults", func(w http.ResponseWriter, r *http.Request) {
		p := Plan{Times: 1}
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPlan))
		d.DisallowUnknownFields()
		err := d.Decode(&p)
		take(w, p, err)
	})
	mux.HandleFunc("POST /control/faults/{name}", func(w http.ResponseWriter, r *http.Request) {
		p, err := planOf(r)
		take(w, p, err)
	})
	mux.HandleFunc("DELETE /control/faults", func(w http.ResponseWriter, _ *http.Request) {
		f.Mend()
		list(w)
	})
}

// planOf reads a fault from the path and the parameters of a request.
func planOf(r *http.Request) (Plan, error) {
	q := r.URL.Query()
	p := Plan{Name: Fault(r.PathValue("name")), Method: q.Get("method"), Code: q.Get("code")}
	times, err := whole(q, "times", 1)
	if err != nil {
		return Plan{}, err
	}
	p.Times = int(times)
	if text := q.Get("delay"); text != "" {
		if p.Delay, err = time.ParseDuration(text); err != nil {
			return Plan{}, fmt.Errorf("banksim: delay: %w", err)
		}
	}
	return p, nil
}

// replyPayment answers with one payment as it is now.
func replyPayment(w http.ResponseWriter, b Controlled, id string) {
	for _, p := range b.Payments("") {
		if p.ID == id {
			reply(w, http.StatusOK, p)
			return
		}
	}
	refuse(w, fmt.Errorf("%w: %q", ErrNoPayment, id))
}

// whole reads a whole number that fits 32 bits from a query.
func whole(q url.Values, name string, otherwise int64) (int64, error) {
	text := q.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("banksim: %s must be a whole number", name)
	}
	return n, nil
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	switch {
	case errors.Is(err, ErrNoPayment), errors.Is(err, ErrNoFault):
		status = http.StatusNotFound
	case errors.Is(err, ErrStatus):
		status = http.StatusConflict
	}
	reply(w, status, map[string]string{"error": err.Error()})
}
