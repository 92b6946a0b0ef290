package kkmserver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"kassa/fiscal"
)

// maxBody is far above any answer: a slip of a hundred lines is a few kilobytes.
const maxBody = 1 << 20

// notSent wraps an error of a connection that never was: not a byte has left.
type notSent struct{ error }

// Unwrap gives the cause.
func (e notSent) Unwrap() error { return e.error }

// call sends a command and reads the answer. The error is an *fiscal.Error without a fate; it holds a notSent when nothing
// has reached KkmServer, or nothing was taken by it.
func (d *Device) call(ctx context.Context, c command, limit time.Duration) (reply, error) {
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	body, err := json.Marshal(c)
	if err != nil {
		return reply{}, &fiscal.Error{Trouble: fiscal.TroubleOther, Err: notSent{errors.New("the command cannot be written")}}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, bytes.NewReader(body))
	if err != nil {
		return reply{}, &fiscal.Error{Trouble: fiscal.TroubleOther, Err: notSent{errors.New("the command cannot be sent")}}
	}
	d.authorize(req)
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "kassa")
	res, err := d.http.Do(req)
	if err != nil {
		return reply{}, &fiscal.Error{Trouble: fiscal.TroubleOff, Err: connection(err)}
	}
	defer res.Body.Close()
	if err := d.refusedBy(res); err != nil {
		return reply{}, err
	}
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	switch {
	case err != nil:
		return reply{}, &fiscal.Error{Trouble: fiscal.TroubleOff, Err: fmt.Errorf("reading the answer: %w", connection(err))}
	case len(answer) > maxBody:
		return reply{}, &fiscal.Error{Trouble: fiscal.TroubleOff, Err: fmt.Errorf("the answer is longer than %d bytes", maxBody)}
	}
	r, err := decode(answer)
	if err == nil && (r.Command != "" && r.Command != c.Command || r.IDCommand != "" && c.IDCommand != "" && r.IDCommand != c.IDCommand) {
		err = errForeign
	}
	if err != nil {
		return reply{}, &fiscal.Error{Trouble: fiscal.TroubleOff, Err: err}
	}
	return r, nil
}

// refusedBy gives the error of an answer that is none of KkmServer's own.
func (d *Device) refusedBy(res *http.Response) error {
	status := fmt.Errorf("HTTP status %d", res.StatusCode)
	switch res.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusUnauthorized, http.StatusForbidden:
		return &fiscal.Error{Trouble: fiscal.TroubleAccess, Code: fmt.Sprint(res.StatusCode), Err: notSent{status}}
	case http.StatusNotImplemented: // its answer to a command that it does not have
		return &fiscal.Error{Trouble: fiscal.TroubleCannot, Code: fmt.Sprint(res.StatusCode), Err: notSent{status}}
	}
	return &fiscal.Error{Trouble: fiscal.TroubleOff, Code: fmt.Sprint(res.StatusCode), Err: status}
}

// connection strips an error of http of the address, and tells whether there was a connection at all.
func connection(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return notSent{err}
	}
	return err
}

// failed gives the error of a question that KkmServer answered with one.
func (d *Device) failed(r reply) *fiscal.Error {
	words := clean(d.redact(r.Error), 200)
	return &fiscal.Error{Trouble: troubleOf(words), Code: fmt.Sprint(*r.Status), Words: words}
}

// fate gives an error its fate.
func fate(what error, err error) error {
	var e *fiscal.Error
	if !errors.As(err, &e) {
		return &fiscal.Error{Fate: what, Trouble: fiscal.TroubleOther, Err: err}
	}
	copied := *e
	copied.Fate = what
	return &copied
}
