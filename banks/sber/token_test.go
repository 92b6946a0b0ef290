package sber

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kassa/banks"
)

// desk is a bank's giving of tokens that is moved by hand.
type desk struct {
	mu    sync.Mutex
	now   time.Time
	asked map[string]int
	life  time.Duration
	err   error
}

func newDesk() (*desk, *tokens) {
	d := &desk{now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), asked: map[string]int{}, life: time.Minute}
	return d, &tokens{clock: d.clock, fetch: d.fetch, scopes: map[string]*scope{}}
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) fetch(_ context.Context, scope string) (string, time.Duration, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil {
		return "", 0, d.err
	}
	d.asked[scope]++
	return fmt.Sprint(scope, "-", d.asked[scope]), d.life, nil
}

func TestTokensAreKept(t *testing.T) {
	for name, test := range map[string]struct {
		life time.Duration
		kept time.Duration // for so long, and not a moment longer
	}{
		"a minute":           {time.Minute, 45 * time.Second},
		"an hour":            {time.Hour, 45 * time.Second},
		"half a minute":      {30 * time.Second, 20 * time.Second},
		"less than a margin": {5 * time.Second, 0},
		"nothing":            {0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d, tokens := newDesk()
			d.life = test.life
			get := func(scope, want string) {
				t.Helper()
				if got, err := tokens.get(t.Context(), scope); err != nil || got != want {
					t.Errorf("%s, %v; want %s", got, err, want)
				}
			}
			get("a", "a-1")
			get("b", "b-1") // another scope is another token
			if test.kept > 0 {
				d.now = d.now.Add(test.kept - 1)
				get("a", "a-1")
				d.now = d.now.Add(1)
			}
			get("a", "a-2")
		})
	}
}

func TestTokenDropped(t *testing.T) {
	_, tokens := newDesk()
	first, err := tokens.get(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	tokens.drop("a", first)
	second, err := tokens.get(t.Context(), "a")
	if err != nil || second == first {
		t.Fatalf("%s again, %v", second, err)
	}
	tokens.drop("a", first) // somebody else is late with the news
	if third, err := tokens.get(t.Context(), "a"); err != nil || third != second {
		t.Errorf("%s, %v; want %s", third, err, second)
	}
}

func TestTokenErrorsAreNotKept(t *testing.T) {
	d, tokens := newDesk()
	d.err = banks.ErrUnknown
	if _, err := tokens.get(t.Context(), "a"); !errors.Is(err, banks.ErrUnknown) {
		t.Errorf("%v", err)
	}
	d.err = nil
	if got, err := tokens.get(t.Context(), "a"); err != nil || got != "a-1" {
		t.Errorf("%s, %v", got, err)
	}
}

// TestTokenSingleFlight holds that many callers make one question, and that one who gives up does not take the answer
// from the others.
func TestTokenSingleFlight(t *testing.T) {
	var asked atomic.Int32
	release := make(chan struct{})
	entered := make(chan struct{}, 16)
	_, tokens := newDesk()
	tokens.fetch = func(ctx context.Context, _ string) (string, time.Duration, error) {
		asked.Add(1)
		entered <- struct{}{}
		<-release
		return "t", time.Minute, ctx.Err()
	}
	ctx, giveUp := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() {
		_, err := tokens.get(ctx, "a")
		first <- err
	}()
	<-entered
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got, err := tokens.get(t.Context(), "a"); err != nil || got != "t" {
				t.Errorf("%s, %v", got, err)
			}
		})
	}
	giveUp()
	if err := <-first; !errors.Is(err, banks.ErrUnknown) || !errors.Is(err, context.Canceled) {
		t.Errorf("who gave up got %v", err)
	}
	close(release)
	wg.Wait()
	if asked.Load() != 1 {
		t.Errorf("the bank was asked %d times", asked.Load())
	}
}

func TestDecodeToken(t *testing.T) {
	const want = "https://api.sberbank.ru/qr/order.create"
	for _, test := range []struct {
		name, body string
		life       time.Duration
		err        error
	}{
		{"documented", `{"access_token":"3b1c","token_type":"Bearer","expires_in":60,"scope":"` + want + `","session_state":"x"}`, time.Minute, nil},
		{"seconds in quotes", `{"access_token":"3b1c","expires_in":"60"}`, time.Minute, nil},
		{"no end", `{"access_token":"3b1c"}`, 0, nil},
		{"an end in words", `{"access_token":"3b1c","expires_in":"soon"}`, 0, nil},
		{"an end in the past", `{"access_token":"3b1c","expires_in":-5}`, 0, nil},
		{"an end beyond reason", `{"access_token":"3b1c","expires_in":99999999999999}`, 0, nil},
		{"another scope", `{"access_token":"3b1c","scope":"another"}`, 0, banks.ErrUnknown},
		{"no token", `{"expires_in":60}`, 0, banks.ErrUnknown},
		{"a token of two lines", `{"access_token":"a\r\nX-Admin: 1"}`, 0, banks.ErrUnknown},
		{"a token of another type", `{"access_token":5}`, 0, banks.ErrUnknown},
		{"a page", `<html>`, 0, banks.ErrUnknown},
		{"nothing", ``, 0, banks.ErrUnknown},
	} {
		token, life, err := decodeToken([]byte(test.body), want)
		if !errors.Is(err, test.err) || life != test.life || (err == nil) != (token == "3b1c") {
			t.Errorf("%s: %q, %v, %v", test.name, token, life, err)
		}
	}
}
