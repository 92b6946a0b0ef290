package api

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"kassa/sync/wire"
)

// readBody reads a request's body, unpacking it when it says that it is gzip. A body that is larger than most, packed or
// unpacked, is refused before it has filled the memory.
func readBody(r *http.Request, most int64) ([]byte, error) {
	packed := http.MaxBytesReader(nil, r.Body, most)
	body := io.Reader(packed)
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, bodyError(err)
		}
		defer z.Close()
		body = z
	default:
		return nil, invalid("Content-Encoding is neither gzip nor identity")
	}
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(body, most+1))
	if err != nil {
		return nil, bodyError(err)
	}
	if n > most {
		return nil, tooLarge(most)
	}
	return b.Bytes(), nil
}

func bodyError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return tooLarge(large.Limit)
	}
	return invalid("the body cannot be read: %v", err)
}

func tooLarge(most int64) error {
	return &problem{code: wire.CodeTooLarge, message: fmt.Sprintf("the body has more than %d bytes", most)}
}

// smallBody bounds every body but a batch's.
const smallBody = 64 << 10

// readJSON reads a small body. Fields that it does not know are passed over: the till may be newer.
func readJSON(r *http.Request, v any) error {
	body, err := readBody(r, smallBody)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, v); err != nil {
		return invalid("the body is not the JSON that belongs here: %v", err)
	}
	return nil
}

// bearer is the secret that a request carries.
func bearer(r *http.Request) (string, bool) {
	scheme, secret, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") || secret == "" || len(secret) > wire.MaxTokenSize {
		return "", false
	}
	return secret, true
}
