package atol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"kassa/fiscal"
)

// outcome is what the service tells of a job's only task.
type outcome struct {
	Status string          `json:"status"`
	Error  fault           `json:"error"`
	Result json.RawMessage `json:"result"`
}

// final tells whether the service will say nothing else any more.
func (o outcome) final() bool {
	switch o.Status {
	case "ready", "error", "interrupted", "canceled":
		return true
	}
	return false
}

// Errors of a job. Beside them there are those of client.call, and questions' *fiscal.Error.
var (
	errNoJob    = errors.New("the service has no such job")
	errNonsense = errors.New("the answer makes no sense")
	errRejected = errors.New("the service did not take the job") // it said so; the *fiscal.Error beside it says why
	errUnknown  = errors.New("the service may have taken the job")
)

// readOutcome reads the answer to a question after a job of one task.
func readOutcome(body []byte) (outcome, error) {
	var a struct {
		Results []outcome `json:"results"`
	}
	if err := json.Unmarshal(body, &a); err != nil || len(a.Results) != 1 {
		return outcome{}, errNonsense
	}
	switch o := a.Results[0]; o.Status {
	case "wait", "inProgress", "blocked", "ready", "error", "interrupted", "canceled":
		return o, nil
	}
	return outcome{}, errNonsense
}

// post puts a job into the queue. No error: the service has it, or had it before. An error matches errNotSent,
// errRejected or errUnknown, and is a *fiscal.Error.
func (d *Device) post(ctx context.Context, j job) error {
	r, err := d.client.call(ctx, http.MethodPost, "requests", j)
	if err != nil {
		e := d.client.problem(err)
		if !errors.Is(err, errNotSent) {
			e.Err = fmt.Errorf("%w: %w", errUnknown, err)
		}
		return e
	}
	if r.status == http.StatusCreated || r.status == http.StatusOK || r.status == http.StatusConflict {
		return nil
	}
	e := d.client.complaint(r)
	_, told := readFault(r.body)
	switch {
	case r.status == http.StatusUnauthorized, told && r.status == http.StatusForbidden, told && r.status == http.StatusNotFound:
		e.Err = errRejected
	case told && (r.status == statusFailed || r.status == http.StatusBadRequest || r.status == http.StatusUnprocessableEntity):
		if e.Err = errRejected; e.Trouble == fiscal.TroubleOther {
			e.Trouble = fiscal.TroubleDocument
		}
		e.Fate = fiscal.ErrRefused
	default:
		e.Err = errUnknown
	}
	return e
}

// look asks once what became of a job. The error matches errNoJob, or is a *fiscal.Error.
func (d *Device) look(ctx context.Context, id string) (outcome, error) {
	r, err := d.client.call(ctx, http.MethodGet, "requests/"+id, nil)
	if err != nil {
		return outcome{}, d.client.problem(err)
	}
	switch r.status {
	case http.StatusOK:
		o, err := readOutcome(r.body)
		if err != nil {
			return outcome{}, &fiscal.Error{Trouble: fiscal.TroubleOther, Err: err}
		}
		return o, nil
	case http.StatusNotFound:
		if _, told := readFault(r.body); told {
			return outcome{}, errNoJob
		}
	}
	return outcome{}, d.client.complaint(r)
}

// maxSilent is how often in a row a job may be asked after in vain.
const maxSilent = 20

// follow asks after a job until its end. The error matches errNoJob, or is a *fiscal.Error that says what is in the way.
func (d *Device) follow(ctx context.Context, id string) (outcome, error) {
	silent := 0
	trouble := &fiscal.Error{Trouble: fiscal.TroubleBusy}
	for i := 0; ; i++ {
		o, err := d.look(ctx, id)
		var e *fiscal.Error
		switch {
		case err == nil && o.final():
			return o, nil
		case err == nil:
			silent = 0
			if o.Status != "inProgress" && i%5 == 0 {
				trouble = d.standstill(ctx, o)
			}
		case !errors.As(err, &e):
			return outcome{}, err
		case ctx.Err() == nil:
			trouble, silent = e, silent+1
		}
		if silent >= maxSilent || trouble.Trouble == fiscal.TroubleAccess {
			return outcome{}, trouble
		}
		if !wait(ctx, d.pause) {
			trouble.Err = errors.Join(trouble.Err, ctx.Err())
			return outcome{}, trouble
		}
	}
}

// standstill tells why a job is not under way.
func (d *Device) standstill(ctx context.Context, o outcome) *fiscal.Error {
	e := &fiscal.Error{Trouble: fiscal.TroubleBusy}
	if o.Status == "blocked" && o.Error.Code != 0 {
		e.Trouble, e.Code, e.Words = o.Error.trouble(), fmt.Sprint(o.Error.Code), d.client.clean(string(o.Error.Description))
	}
	if t, err := d.blocked(ctx); err == nil && t != "" {
		e.Trouble = t
	}
	return e
}

// blocked tells why the queue stands still; empty when it does not.
func (d *Device) blocked(ctx context.Context) (fiscal.Trouble, error) {
	var q struct {
		IsBlocked   flag   `json:"isBlocked"`
		BlockReason string `json:"blockReason"`
	}
	if err := d.get(ctx, http.MethodGet, "getRequestsQueueStatus", &q); err != nil {
		return "", err
	}
	switch t, known := blocks[q.BlockReason]; {
	case !bool(q.IsBlocked):
		return "", nil
	case known:
		return t, nil
	}
	return fiscal.TroubleOther, nil
}

// run has a task done that makes no document, and gives its result. The error is a *fiscal.Error.
func (d *Device) run(ctx context.Context, t task) (json.RawMessage, error) {
	ctx, stop := context.WithTimeout(ctx, d.deadline)
	defer stop()
	id, err := uuid.NewRandom()
	if err != nil {
		return nil, &fiscal.Error{Trouble: fiscal.TroubleOther, Err: fmt.Errorf("making an id: %w", err)}
	}
	if err := d.post(ctx, job{id.String(), []task{t}}); err != nil && !errors.Is(err, errUnknown) {
		return nil, err
	}
	o, err := d.follow(ctx, id.String())
	var e *fiscal.Error
	switch {
	case errors.Is(err, errNoJob):
		return nil, &fiscal.Error{Trouble: fiscal.TroubleOff, Err: err}
	case errors.As(err, &e):
		d.drop(ctx, id.String())
		return nil, err
	case o.Status != "ready":
		return nil, d.failed(o)
	}
	return o.Result, nil
}

// failed is the error of a job that ended without success.
func (d *Device) failed(o outcome) *fiscal.Error {
	return &fiscal.Error{Trouble: o.Error.trouble(), Code: fmt.Sprint(o.Error.Code), Words: d.client.clean(string(o.Error.Description)), Err: deviceError{o.Error}}
}

// drop takes a job that nobody waits for any more out of the queue, if it has not begun.
func (d *Device) drop(ctx context.Context, id string) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer stop()
	_, _ = d.client.call(ctx, http.MethodDelete, "requests/"+id, nil)
}

// get asks a question and reads the answer into to. The error is a *fiscal.Error.
func (d *Device) get(ctx context.Context, method, path string, to any) error {
	r, err := d.client.call(ctx, method, path, nil)
	switch {
	case err != nil:
		return d.client.problem(err)
	case r.status != http.StatusOK:
		return d.client.complaint(r)
	}
	if err := json.Unmarshal(r.body, to); err != nil {
		return &fiscal.Error{Trouble: fiscal.TroubleOther, Err: fmt.Errorf("%s: %w", path, errNonsense)}
	}
	return nil
}

// wait tells false when the context ended first.
func wait(ctx context.Context, pause time.Duration) bool {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
