package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"kassa/server/pg"
	"kassa/sync/wire"
)

// createPayment asks the bank for a code.
func (a *API) createPayment(r *http.Request, t pg.Till) (any, error) {
	var in wire.NewPayment
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	p, err := a.Payments.Create(r.Context(), t, in)
	if err != nil {
		return nil, err
	}
	return a.tell(r, p)
}

// payment tells where a payment stands, as soon as that is news to the till.
func (a *API) payment(r *http.Request, t pg.Till) (any, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return nil, err
	}
	revision, err := queryNumber(r, "revision")
	if err != nil {
		return nil, err
	}
	wait, err := queryNumber(r, "wait")
	if err != nil {
		return nil, err
	}
	most := time.Duration(min(wait, wire.MaxWait)) * time.Second
	p, err := a.Payments.Wait(r.Context(), t, id, revision, most)
	if err != nil {
		return nil, err
	}
	return a.tell(r, p)
}

// cancelPayment cancels or refunds.
func (a *API) cancelPayment(r *http.Request, t pg.Till) (any, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return nil, err
	}
	body, err := readBody(r, smallBody)
	if err != nil {
		return nil, err
	}
	var in wire.Cancel
	// The length that is declared does not tell whether there is a body: a proxy may send on in pieces.
	if len(body) > 0 {
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, invalid("the body is not the JSON that belongs here: %v", err)
		}
	}
	var p pg.Payment
	switch {
	case in.Refund != nil && in.UnpaidOnly:
		return nil, invalid("a refund is not for an unpaid payment")
	case in.Refund != nil:
		p, err = a.Payments.Refund(r.Context(), t, id, *in.Refund)
	default:
		p, err = a.Payments.Cancel(r.Context(), t, id, in.UnpaidOnly)
	}
	if err != nil {
		return nil, err
	}
	return a.tell(r, p)
}

// queryNumber reads a number of the query that is not below zero; zero when it is not there.
func queryNumber(r *http.Request, name string) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, invalid("%s is not a number", name)
	}
	return n, nil
}

func (a *API) tell(r *http.Request, p pg.Payment) (any, error) {
	w, err := a.Payments.Tell(r.Context(), p)
	if err != nil {
		return nil, err
	}
	return w, nil
}
