package sber

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"kassa/banks"
	"kassa/banks/bankjson"
)

// A token lives about a minute. It is used for 45 seconds at most, and given up tokenMargin before its end: a call that
// begins with it must still find it alive at the bank.
const (
	tokenLife   = 45 * time.Second
	tokenMargin = 10 * time.Second
	maxToken    = 4096 // characters
)

// tokens keeps one access token for each scope. Of callers who need the same one at once, one asks the bank and the
// others wait for its answer.
type tokens struct {
	fetch func(ctx context.Context, scope string) (string, time.Duration, error)
	clock func() time.Time

	mu     sync.Mutex
	scopes map[string]*scope
}

type scope struct {
	token  string
	until  time.Time
	flight *flight // nil when nobody asks the bank
}

// flight is one question for a token. Its fields are set when done is closed.
type flight struct {
	done  chan struct{}
	token string
	err   error
}

func newTokens(b *Bank, id, secret string) *tokens {
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
	return &tokens{
		clock: b.clock, scopes: map[string]*scope{},
		fetch: func(ctx context.Context, scope string) (string, time.Duration, error) {
			return b.oauth(ctx, basic, scope)
		},
	}
}

// get gives a token for a scope. Its errors are those of banks.Bank.
func (t *tokens) get(ctx context.Context, name string) (string, error) {
	t.mu.Lock()
	s := t.scopes[name]
	if s == nil {
		s = &scope{}
		t.scopes[name] = s
	}
	if s.token != "" && t.clock().Before(s.until) {
		defer t.mu.Unlock()
		return s.token, nil
	}
	f := s.flight
	if f == nil {
		f = &flight{done: make(chan struct{})}
		s.flight = f
		// It is everybody's answer: it does not end because the first who asked has given up.
		go t.fly(context.WithoutCancel(ctx), name, s, f)
	}
	t.mu.Unlock()
	select {
	case <-f.done:
		return f.token, f.err
	case <-ctx.Done():
		return "", fmt.Errorf("sber: waiting for a token: %w: %w", banks.ErrUnknown, ctx.Err())
	}
}

// fly asks the bank, keeps the token and wakes those who wait. The request's own deadline ends it.
func (t *tokens) fly(ctx context.Context, name string, s *scope, f *flight) {
	asked := t.clock()
	token, life, err := t.fetch(ctx, name)
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		s.token, s.until = token, asked.Add(min(tokenLife, life-tokenMargin))
	}
	f.token, f.err = token, err
	s.flight = nil
	close(f.done)
}

// drop forgets a token that the bank did not take, unless another has taken its place already.
func (t *tokens) drop(name, token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := t.scopes[name]; s != nil && s.token == token {
		s.token = ""
	}
}

const oauthPath = "prod/tokens/v3/oauth"

// oauth asks the bank for a token, and tells how long it lives.
func (b *Bank) oauth(ctx context.Context, basic, scope string) (string, time.Duration, error) {
	uid, err := b.uids.next()
	if err != nil {
		return "", 0, err
	}
	r, err := b.http.Do(ctx, http.MethodPost, oauthPath, http.Header{
		"Authorization": {basic},
		"Content-Type":  {"application/x-www-form-urlencoded"},
		"Accept":        {"application/json"},
		"RqUID":         {uid},
	}, url.Values{"grant_type": {"client_credentials"}, "scope": {scope}}.Encode())
	if err != nil {
		return "", 0, fmt.Errorf("sber: oauth: %w", err)
	}
	if r.Status != http.StatusOK {
		return "", 0, fmt.Errorf("sber: oauth for %s: %w", scope, b.gatewayError(r, true))
	}
	token, life, err := decodeToken(r.Body, scope)
	if err != nil {
		return "", 0, fmt.Errorf("sber: oauth for %s: %w", scope, err)
	}
	return token, life, nil
}

// decodeToken reads the answer to oauth. A token of another scope is no answer.
func decodeToken(body []byte, scope string) (string, time.Duration, error) {
	var re struct {
		Token   string        `json:"access_token"`
		Type    bankjson.Text `json:"token_type"`
		Expires bankjson.Text `json:"expires_in"`
		Scope   bankjson.Text `json:"scope"`
	}
	if err := json.Unmarshal(body, &re); err != nil {
		return "", 0, fmt.Errorf("%w: it is no such JSON", banks.ErrUnknown)
	}
	if re.Token == "" || len(re.Token) > maxToken || !visible(re.Token) {
		return "", 0, fmt.Errorf("%w: it holds no token", banks.ErrUnknown)
	}
	if re.Scope != "" && string(re.Scope) != scope {
		return "", 0, fmt.Errorf("%w: the token is of another scope", banks.ErrUnknown)
	}
	life, err := time.ParseDuration(string(re.Expires) + "s")
	if err != nil || life < 0 || life > 24*time.Hour {
		life = 0 // used once, and not kept
	}
	return re.Token, life, nil
}

// visible tells whether a text is made of ASCII that can stand in a header.
func visible(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}
