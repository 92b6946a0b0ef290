package register

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"
)

// Hash is a link of a journal's chain.
type Hash [sha256.Size]byte

// String is the hash in lower-case hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// ParseHash reads 64 hexadecimal digits.
func ParseHash(text string) (Hash, error) {
	var h Hash
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(h) {
		return h, fmt.Errorf("%w: hash %q", ErrBadOperation, clip(text))
	}
	copy(h[:], b)
	return h, nil
}

// Link computes an operation's hash: SHA-256 over the previous operation's hash and the operation's stored bytes. The
// first operation of a journal follows the zero Hash.
func Link(prev Hash, record []byte) Hash {
	d := sha256.New()
	d.Write(prev[:])
	d.Write(record)
	var h Hash
	d.Sum(h[:0])
	return h
}

// Encode gives the bytes that are stored, hashed and sent. They are made once, when the operation is committed, and
// never again: everything later works on the stored bytes. What DecodeOperation would not take back is
// ErrTooMuch or ErrBadOperation.
func (o Operation) Encode() ([]byte, error) {
	o.At = o.At.UTC().Truncate(time.Millisecond)
	b, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("encoding operation %d: %w", o.Number, err)
	}
	if len(b) > MaxRecord {
		return nil, fmt.Errorf("encoding operation %d: %w: %d bytes", o.Number, ErrTooMuch, len(b))
	}
	if !utf8.Valid(b) {
		return nil, fmt.Errorf("encoding operation %d: %w: not a text", o.Number, ErrBadOperation)
	}
	return b, nil
}

// MaxRecord bounds the stored bytes of one operation. The longest receipt that a cart takes, with the longest texts and
// every letter of them escaped, is well below it.
const MaxRecord = 3 << 20

// DecodeOperation reads stored bytes. It checks their form only: an unknown kind or a newer version is not an error.
func DecodeOperation(record []byte) (Operation, error) {
	var o Operation
	if len(record) > MaxRecord || !utf8.Valid(record) {
		return o, fmt.Errorf("%w: %d bytes", ErrBadOperation, len(record))
	}
	if err := json.Unmarshal(record, &o); err != nil {
		return o, fmt.Errorf("%w: %w", ErrBadOperation, err)
	}
	return o, nil
}
