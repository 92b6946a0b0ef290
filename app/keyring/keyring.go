// Package keyring keeps keys in the operating system's store of secrets: the Windows Credential Manager, the macOS
// Keychain, or on Linux a Secret Service on D-Bus such as GNOME Keyring or KWallet. A machine may have none, and one that
// is there may be locked or hang: every call ends soon, and the caller goes on without.
package keyring

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"
)

// ErrNone tells that the system has no such key, or no store of secrets that answers.
var ErrNone = errors.New("keyring: the system's store of secrets does not give the key")

// service is under which name the program's keys stand there.
const service = "kassa"

// limit is how long the system may take. A D-Bus that waits for somebody to type a password is not waited for.
const limit = 3 * time.Second

// System is the operating system's store of secrets. It is safe for concurrent use.
type System struct {
	limit time.Duration
	get   func(service, name string) (string, error)
	set   func(service, name, key string) error
}

// New finds the system's store. Nothing is asked yet.
func New() *System {
	return &System{limit: limit, get: keyring.Get, set: keyring.Set}
}

// Key gives a key: ErrNone when there is none, or no answer.
func (s *System) Key(ctx context.Context, name string) (string, error) {
	return s.soon(ctx, func() (string, error) { return s.get(service, name) })
}

// SetKey keeps a key, and looks whether it is there: ErrNone when it is not.
func (s *System) SetKey(ctx context.Context, name, key string) error {
	found, err := s.soon(ctx, func() (string, error) {
		if err := s.set(service, name, key); err != nil {
			return "", err
		}
		return s.get(service, name)
	})
	if err == nil && found != key {
		err = fmt.Errorf("%w: it gives another one", ErrNone)
	}
	return err
}

// soon calls f, and does not wait for it longer than the limit. A call that hangs is left behind: the libraries of the
// systems know no deadline.
func (s *System) soon(ctx context.Context, f func() (string, error)) (string, error) {
	ctx, stop := context.WithTimeout(ctx, s.limit)
	defer stop()
	type answer struct {
		key string
		err error
	}
	answers := make(chan answer, 1)
	go func() {
		key, err := f()
		answers <- answer{key, err}
	}()
	select {
	case a := <-answers:
		if a.err != nil {
			return "", fmt.Errorf("%w: %w", ErrNone, a.err)
		}
		return a.key, nil
	case <-ctx.Done():
		return "", fmt.Errorf("%w: %w", ErrNone, ctx.Err())
	}
}
