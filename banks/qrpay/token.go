package qrpay

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"kassa/banks"
)

const (
	// minKey is the smallest key that RS256 may be used with (RFC 7518, section 3.3), in bits.
	minKey = 2048
	// tokenLife is how long a token works: longer than a request, and long enough for clocks that differ a little.
	tokenLife = 2 * time.Minute
)

// signer makes the tokens. The key is reached through its functions alone, where nothing that prints a Bank finds it.
type signer struct {
	token func(now time.Time) (string, error)
	jwks  func() []byte
}

// Format keeps the key out of everything that prints a signer.
func (*signer) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "qrpay key") }

func newSigner(keyPEM, keyID, issuer string) (*signer, error) {
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(keyPEM))
	if err != nil {
		// The parser's own text could hold a part of what it could not read.
		return nil, fmt.Errorf("%w: %s is no RSA key in PEM", banks.ErrSettings, fieldKey)
	}
	if key.N.BitLen() < minKey {
		return nil, fmt.Errorf("%w: %s has %d bits, and needs %d", banks.ErrSettings, fieldKey, key.N.BitLen(), minKey)
	}
	if keyID == "" {
		keyID = thumbprint(&key.PublicKey)
	}
	document, err := keySet(keyID, &key.PublicKey)
	if err != nil {
		return nil, err
	}
	return &signer{
		token: func(now time.Time) (string, error) { return sign(key, keyID, issuer, now) },
		jwks:  func() []byte { return append([]byte(nil), document...) },
	}, nil
}

// sign makes a token that works once: its id is never used again.
func sign(key *rsa.PrivateKey, keyID, issuer string, now time.Time) (string, error) {
	id, err := uuid.NewRandom()
	if err != nil {
		return "", err
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"id": id.String(), "iat": now.Unix(), "exp": now.Add(tokenLife).Unix(), "iss": issuer,
	})
	token.Header["kid"] = keyID
	return token.SignedString(key)
}

// jwk is a public key as RFC 7517 and section 6.3 of RFC 7518 write it.
type jwk struct {
	E   string `json:"e"`
	Kty string `json:"kty"`
	N   string `json:"n"`
	Kid string `json:"kid,omitempty"`
	Use string `json:"use,omitempty"`
	Alg string `json:"alg,omitempty"`
}

func public(key *rsa.PublicKey) jwk {
	number := func(n *big.Int) string { return base64.RawURLEncoding.EncodeToString(n.Bytes()) }
	return jwk{Kty: "RSA", N: number(key.N), E: number(big.NewInt(int64(key.E)))}
}

// thumbprint names a key by its public half (RFC 7638): the hash of its members in the order of their names, which is
// the order that jwk has.
func thumbprint(key *rsa.PublicKey) string {
	text, _ := json.Marshal(public(key)) // strings cannot fail
	hash := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(hash[:])
}

func keySet(keyID string, key *rsa.PublicKey) ([]byte, error) {
	k := public(key)
	k.Kid, k.Use, k.Alg = keyID, "sig", "RS256"
	return json.Marshal(map[string][]jwk{"keys": {k}})
}
