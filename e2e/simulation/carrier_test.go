package simulation_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// carrier brings requests to a handler, as a network does: not always, not at once, not always once. It is one direction
// between two programs.
type carrier struct {
	name    string
	to      func() http.Handler // nil while nobody listens there
	doubles bool                // requests may arrive twice
	seed    uint64

	mu     sync.Mutex
	trust  int // of a thousand requests, how many go through as they should
	life   *life
	counts map[string]uint64
	late   sync.WaitGroup
}

// life is one run of the program that a carrier belongs to: when it is killed, what it asked for is not answered.
type life struct {
	ctx  context.Context
	kill context.CancelFunc
}

func newLife() *life {
	ctx, kill := context.WithCancel(context.Background())
	return &life{ctx: ctx, kill: kill}
}

var errNetwork = errors.New("simulation: the network gave up")

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
	doubled    // it arrives twice
	lastFault
)

// hang is how long a caller waits for nothing, should it have no deadline of its own.
const hang = 2 * time.Minute

// longest is how long after the caller's giving up a request can still arrive at a bank. A bank that carried a request
// out later than that, while it answers that it has no trace of it, could not be told from one that has lost it.
const longest = 4 * time.Second

// RoundTrip implements http.RoundTripper.
func (c *carrier) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := drain(r)
	if err != nil {
		return nil, err
	}
	f, dice, alive := c.next(r.Method + " " + kind(r.URL.Path))
	ctx, stop := context.WithTimeout(r.Context(), hang)
	defer stop()
	ended := context.AfterFunc(alive.ctx, stop)
	defer ended()
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
		return response(r, []int{500, 502, 503, 504, 429}[dice.IntN(5)], "text/html", "<html><body>Service temporarily unavailable</body></html>"), nil
	case badAnswer:
		res := c.arrive(ctx, r, body)
		if res == nil {
			return nil, errNetwork
		}
		whole, _ := io.ReadAll(res.Body)
		texts := []string{"", "<html>", `{"`, string(whole[:len(whole)/2]), "null", "[]"}
		return response(r, 200, "application/json", texts[dice.IntN(len(texts))]), nil
	case doubled:
		if c.arrive(ctx, r, body) == nil {
			return nil, errNetwork
		}
	}
	if res := c.arrive(ctx, r, body); res != nil {
		return res, nil
	}
	return nil, errNetwork
}

// arrive has the handler do what is asked. It is nil when nobody listens, or the caller's time was over before the answer.
func (c *carrier) arrive(ctx context.Context, r *http.Request, body []byte) *http.Response {
	h := c.to()
	if h == nil {
		return nil
	}
	in := httptest.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body)).WithContext(ctx)
	for name, values := range r.Header { // as they come off a wire
		in.Header[http.CanonicalHeaderKey(name)] = values
	}
	in.RemoteAddr = "127.0.0.1:1"
	out := httptest.NewRecorder()
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.ServeHTTP(out, in)
	}()
	<-done
	if ctx.Err() != nil {
		return nil
	}
	res := out.Result()
	res.Request = r
	return res
}

// next decides what happens to the caller's next request of a kind. It depends on the seed and on how many of the kind
// there were, and on nothing else, so that a shop can be played again.
func (c *carrier) next(kind string) (fault, *rand.Rand, *life) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.counts[kind]
	c.counts[kind]++
	h := c.seed
	for _, b := range []byte(c.name + kind) {
		h = h*1099511628211 ^ uint64(b)
	}
	dice := rand.New(rand.NewPCG(h, n))
	f := fine
	if dice.IntN(1000) >= c.trust {
		f = fault(1 + dice.IntN(int(lastFault)-1))
		if f == doubled && !c.doubles {
			f = unanswered
		}
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

// kind is a path without what names a single payment, so that the count does not depend on ids.
func kind(path string) string {
	out := []byte(path)
	for i, b := range out {
		if b >= '0' && b <= '9' || b >= 'a' && b <= 'f' {
			out[i] = 'x'
		}
	}
	return string(out)
}

func drain(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}

func response(r *http.Request, status int, contentType, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(bytes.NewReader([]byte(body))), ContentLength: int64(len(body)),
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
