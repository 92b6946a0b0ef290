package sbersim

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kassa/banks/banksim"
)

// scopes are what a token can be for, by method.
var scopes = map[string]string{
	"creation":   "https://api.sberbank.ru/qr/order.create",
	"status":     "https://api.sberbank.ru/qr/order.status",
	"revocation": "https://api.sberbank.ru/qr/order.revoke",
	"cancel":     "https://api.sberbank.ru/qr/order.cancel",
	"registry":   "auth://qr/order.registry",
}

// token is a token that was given.
type token struct {
	scope string
	until time.Time
}

// oauth gives a token.
func (b *Bank) oauth(r *http.Request, body []byte, f banksim.Plan) (answer, error) {
	id, secret, ok := r.BasicAuth()
	right := subtle.ConstantTimeCompare([]byte(id+"\n"+secret), []byte(b.conf.ClientID+"\n"+b.conf.ClientSecret)) == 1
	switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); {
	case !ok || !right:
		return nil, gateway{http.StatusUnauthorized, "client id or client secret is wrong"}
	case !uid.MatchString(r.Header.Get("RqUID")):
		return nil, bad("the header RqUID must have 32 hex digits")
	case kind != "application/x-www-form-urlencoded":
		return nil, bad("Content-Type must be application/x-www-form-urlencoded")
	}
	form, err := url.ParseQuery(string(body))
	switch {
	case err != nil || len(form["grant_type"]) != 1 || form.Get("grant_type") != "client_credentials":
		return nil, bad("grant_type must be client_credentials")
	case len(form["scope"]) != 1 || !known(form.Get("scope")):
		return nil, gateway{http.StatusForbidden, "one scope that the contract has is needed"}
	}
	text, err := b.random(16)
	if err != nil {
		return nil, err
	}
	given := token{scope: form.Get("scope"), until: b.now().Add(b.conf.TokenLife)}
	if f.Name == TokenWrongScope {
		given.scope = "another"
	}
	for old, t := range b.tokens {
		if !b.now().Before(t.until) {
			delete(b.tokens, old)
		}
	}
	b.tokens[text] = given
	session, err := b.random(16)
	if err != nil {
		return nil, err
	}
	return answer{
		"access_token": text, "token_type": "Bearer", "expires_in": int64(b.conf.TokenLife / time.Second),
		"scope": form.Get("scope"), "session_state": session,
	}, nil
}

func known(scope string) bool {
	for _, s := range scopes {
		if s == scope {
			return true
		}
	}
	return false
}

// admit checks the token of a request to a method.
func (b *Bank) admit(method string, r *http.Request, f banksim.Plan) error {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if f.Name == TokenExpired {
		delete(b.tokens, text)
	}
	t, given := b.tokens[text]
	switch {
	case !ok || !given || !b.now().Before(t.until):
		return gateway{http.StatusUnauthorized, "the token is not valid"}
	case t.scope != scopes[method]:
		return gateway{http.StatusForbidden, "the token's scope is another"}
	}
	return nil
}
