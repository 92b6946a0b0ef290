package fiscal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// carrier brings the till's requests to the program that serves the registrar, as a bad cable does: not always, not at
// once.
type carrier struct {
	to   http.Handler
	seed uint64

	mu     sync.Mutex
	trust  int // of a thousand requests, how many go through as they should
	life   *life
	counts map[string]uint64
	late   sync.WaitGroup
}

var errNetwork = errors.New("the network gave up")

// fault is what happens to a request.
type fault int

const (
	fine fault = iota
	slow
	refused    // it never arrives, and the caller knows at once
	swallowed  // it never arrives, and nobody tells
	unanswered // it arrives, and the answer is lost
	delayed    // it arrives after the caller has given up
	unwell     // 5xx instead of doing anything
	badAnswer  // it arrives, and the answer is not what it should be
	lastFault
)

// longest is how long after the caller's giving up a request can still arrive.
const longest = 4 * time.Second

// RoundTrip implements http.RoundTripper.
func (c *carrier) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		defer r.Body.Close()
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	f, dice, alive := c.next(r)
	ctx, stop := context.WithTimeout(r.Context(), 2*time.Minute)
	defer stop()
	defer context.AfterFunc(alive.ctx, stop)()
	res, err := c.carry(ctx, r, body, f, dice)
	if alive.ctx.Err() != nil {
		return nil, errNetwork // whoever asked is dead
	}
	return res, err
}

func (c *carrier) carry(ctx context.Context, r *http.Request, body []byte, f fault, dice *rand.Rand) (*http.Response, error) {
	switch f {
	case slow:
		if !sleep(ctx, time.Duration(dice.IntN(9000))*time.Millisecond) {
			return nil, errNetwork
		}
	case refused:
		return nil, errNetwork
	case swallowed:
		<-ctx.Done()
		return nil, errNetwork
	case unanswered:
		c.arrive(ctx, r, body)
		<-ctx.Done()
		return nil, errNetwork
	case delayed:
		<-ctx.Done()
		wait := time.Duration(dice.Int64N(int64(longest)))
		c.late.Go(func() {
			time.Sleep(wait)
			c.arrive(context.WithoutCancel(ctx), r, body)
		})
		return nil, errNetwork
	case unwell:
		return response(r, []int{500, 502, 503, 504, 408}[dice.IntN(5)], "<html><body>Service temporarily unavailable</body></html>"), nil
	case badAnswer:
		res := c.arrive(ctx, r, body)
		if res == nil {
			return nil, errNetwork
		}
		whole, _ := io.ReadAll(res.Body)
		texts := []string{"", "<html>", `{"`, string(whole[:len(whole)/2]), "null", "[]", "{}"}
		return response(r, res.StatusCode, texts[dice.IntN(len(texts))]), nil
	}
	if res := c.arrive(ctx, r, body); res != nil {
		return res, nil
	}
	return nil, errNetwork
}

// arrive has the program do what is asked. It is nil when it ended the connection, or the caller's time was over.
func (c *carrier) arrive(ctx context.Context, r *http.Request, body []byte) *http.Response {
	in := httptest.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body)).WithContext(ctx)
	in.Header = r.Header.Clone()
	in.RemoteAddr = "127.0.0.1:1"
	out := httptest.NewRecorder()
	done := make(chan bool)
	go func() {
		answered := false
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				panic(p)
			}
			done <- answered
		}()
		c.to.ServeHTTP(out, in)
		answered = true
	}()
	if !<-done || ctx.Err() != nil {
		return nil
	}
	res := out.Result()
	res.Request = r
	return res
}

// next decides what happens to the caller's next request of a kind. It depends on the seed and on how many of the kind
// there were, and on nothing else, so that a shop can be played again.
func (c *carrier) next(r *http.Request) (fault, *rand.Rand, *life) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kind := r.Method + " " + strings.Join(strings.SplitN(r.URL.Path, "/", 5)[:4], "/") // without the job's id
	n := c.counts[kind]
	c.counts[kind]++
	h := c.seed
	for _, b := range []byte(kind) {
		h = h*1099511628211 ^ uint64(b)
	}
	dice := rand.New(rand.NewPCG(h, n))
	f := fine
	if dice.IntN(1000) >= c.trust {
		f = fault(1 + dice.IntN(int(lastFault)-1))
	}
	return f, dice, c.life
}

func (c *carrier) setTrust(perMille int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trust = perMille
}

func (c *carrier) setLife(l *life) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.life = l
}

func response(r *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
