package qrpaysim

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// tokens checks the callers' tokens. It is safe for concurrent use.
type tokens struct {
	url    string // of the keys; empty when they were given
	issuer string
	http   *http.Client

	mu      sync.Mutex
	keys    map[string]*rsa.PublicKey // by kid
	fetched time.Time
	used    map[string]time.Time // ids of tokens, until the tokens expire
}

const (
	// keysLife is how long fetched keys are believed.
	keysLife = time.Minute
	// leeway is by how much the callers' clocks may differ.
	leeway = 5 * time.Second
	// maxKeys is far above any document of keys.
	maxKeys = 256 << 10
	// maxUsed is when the ids of expired tokens are thrown away.
	maxUsed = 10_000
)

func newTokens(c Config) (*tokens, error) {
	t := &tokens{url: c.JWKS, issuer: c.Issuer, http: &http.Client{Timeout: 5 * time.Second}, used: map[string]time.Time{}}
	if len(c.Keys) > 0 {
		keys, err := parseKeys(c.Keys)
		if err != nil {
			return nil, fmt.Errorf("qrpaysim: %w", err)
		}
		t.keys = keys
	}
	return t, nil
}

func errToken(words string, args ...any) error {
	return no{http.StatusUnauthorized, 101, "Токен не принят", fmt.Sprintf(words, args...)}
}

// check takes a request's token, which works once.
func (t *tokens) check(r *http.Request, now time.Time) error {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || text == "" {
		return errToken("Нужен заголовок Authorization: Bearer")
	}
	claims := jwt.MapClaims{}
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(t.issuer), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(leeway), jwt.WithTimeFunc(func() time.Time { return now }), jwt.WithStrictDecoding(),
	)
	_, err := parser.ParseWithClaims(text, claims, func(token *jwt.Token) (any, error) {
		kid, _ := token.Header["kid"].(string)
		if kid == "" {
			return nil, errors.New("нет kid")
		}
		return t.key(r, kid, now)
	})
	if err != nil {
		return errToken("%v", err)
	}
	id, _ := claims["id"].(string)
	issued, _ := claims.GetIssuedAt()
	expires, _ := claims.GetExpirationTime()
	if id == "" || len(id) > 200 || issued == nil {
		return errToken("В токене должны быть id и iat")
	}
	return t.use(id, now, expires.Time)
}

// use takes an id that was never used before. An id is kept until its token would not be taken for its age.
func (t *tokens) use(id string, now, expires time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, seen := t.used[id]; seen {
		return errToken("Токен уже использован")
	}
	if len(t.used) >= maxUsed {
		for old, end := range t.used {
			if now.After(end) {
				delete(t.used, old)
			}
		}
	}
	t.used[id] = expires.Add(2 * leeway)
	return nil
}

// key finds a key, and fetches the keys when it has none of that name or they are old.
func (t *tokens) key(r *http.Request, kid string, now time.Time) (*rsa.PublicKey, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	key, known := t.keys[kid]
	if t.url != "" && (!known || now.Sub(t.fetched) >= keysLife) {
		keys, err := t.fetch(r)
		if err != nil {
			return nil, fmt.Errorf("ключи по адресу %s: %w", t.url, err)
		}
		t.keys, t.fetched = keys, now
		key, known = keys[kid]
	}
	if !known {
		return nil, fmt.Errorf("нет ключа %q", kid)
	}
	return key, nil
}

func (t *tokens) fetch(r *http.Request) (map[string]*rsa.PublicKey, error) {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, t.url, nil)
	if err != nil {
		return nil, err
	}
	res, err := t.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxKeys+1))
	switch {
	case err != nil:
		return nil, err
	case res.StatusCode != http.StatusOK || len(text) > maxKeys:
		return nil, fmt.Errorf("HTTP %d, %d bytes", res.StatusCode, len(text))
	}
	return parseKeys(text)
}

// parseKeys reads a JSON Web Key Set (RFC 7517): the RSA keys in it that may check signatures, by their ids.
func parseKeys(text []byte) (map[string]*rsa.PublicKey, error) {
	var set struct {
		Keys []struct {
			Kty, Kid, Use, Alg, N, E string
		} `json:"keys"`
	}
	if err := json.Unmarshal(text, &set); err != nil {
		return nil, errors.New("it is no key set")
	}
	keys := map[string]*rsa.PublicKey{}
	for _, k := range set.Keys {
		if k.Kty != "RSA" || k.Kid == "" || k.Use != "" && k.Use != "sig" || k.Alg != "" && k.Alg != "RS256" {
			continue
		}
		n, errN := base64.RawURLEncoding.DecodeString(k.N)
		e, errE := base64.RawURLEncoding.DecodeString(k.E)
		if errN != nil || errE != nil || len(n) < 2048/8 || len(n) > 8192/8 || len(e) == 0 || len(e) > 4 {
			return nil, fmt.Errorf("key %q is no RSA key of 2048 to 8192 bits", k.Kid)
		}
		keys[k.Kid] = &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	}
	if len(keys) == 0 {
		return nil, errors.New("it holds no key")
	}
	return keys, nil
}
