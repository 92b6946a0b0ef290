package pg

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"
)

// KeySize is the size of the server's key, in bytes.
const KeySize = 32

// Key encrypts what the server must be able to read again: the banks' credentials. It stands outside the database, so
// that a copy of the database gives nobody the right to move money. Its text never appears in a log.
type Key struct {
	aead cipher.AEAD
}

// ErrKey tells that a text is not a key, or not the one that something was encrypted with.
var ErrKey = errors.New("pg: not the server's key: 32 bytes, as 64 hexadecimal digits or in base64")

// ParseKey reads a key: 64 hexadecimal digits, or base64 of 32 bytes.
func ParseKey(text string) (*Key, error) {
	text = strings.TrimSpace(text)
	raw, err := hex.DecodeString(text)
	if err != nil {
		raw, err = base64.StdEncoding.DecodeString(text)
	}
	if err != nil || len(raw) != KeySize {
		return nil, ErrKey
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Key{aead: aead}, nil
}

// NewKey makes the text of a new key.
func NewKey(random io.Reader) (string, error) {
	raw := make([]byte, KeySize)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("making a key: %w", err)
	}
	return hex.EncodeToString(raw), nil
}

// String keeps a key out of whatever prints its owner.
func (k *Key) String() string { return "[key]" }

// Seal encrypts a text for one place, as text: it cannot be read in another.
func (k *Key) Seal(text, place string) (string, error) {
	sealed, err := k.seal(text, place)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// Open reads what Seal made for a place. The error is ErrKey for anything else.
func (k *Key) Open(sealed, place string) (string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return "", ErrKey
	}
	return k.open(raw, place)
}

// seal encrypts a secret for one place: it cannot be read in another.
func (k *Key) seal(secret, place string) ([]byte, error) {
	nonce := make([]byte, k.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return k.aead.Seal(nonce, nonce, []byte(secret), []byte(place)), nil
}

func (k *Key) open(sealed []byte, place string) (string, error) {
	n := k.aead.NonceSize()
	if len(sealed) < n {
		return "", ErrKey
	}
	secret, err := k.aead.Open(nil, sealed[:n], sealed[n:], []byte(place))
	if err != nil {
		return "", ErrKey
	}
	return string(secret), nil
}

// newSecret makes 256 random bits as text, and the hash that is stored of it. A plain SHA-256 is enough for a secret that
// nobody can guess, and it is fast enough for every request.
func newSecret() (secret string, hash []byte) {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails: crypto/rand ends the program instead
	secret = base64.RawURLEncoding.EncodeToString(raw)
	return secret, hashSecret(secret)
}

func hashSecret(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

// Parameters of argon2id: RFC 9106, section 4, the second recommended option, with fewer lanes.
const (
	argonTime    = 3
	argonMemory  = 64 << 10 // KiB
	argonLanes   = 2
	argonSaltLen = 16
	argonKeyLen  = 32
)

// hashPassword makes what is stored of a password, with its parameters in front, as in PHC strings.
func hashPassword(password string) string {
	salt := make([]byte, argonSaltLen)
	rand.Read(salt) // never fails, as above
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, argonKeyLen)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

// checkPassword compares a password with what was stored.
func checkPassword(stored, password string) bool {
	var version, memory, time uint32
	var lanes uint8
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &lanes); err != nil {
		return false
	}
	if memory == 0 || memory > 1<<20 || time == 0 || time > 20 || lanes == 0 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) == 0 || len(want) > 64 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, time, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}
