package keyring

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestAKeyIsKept(t *testing.T) {
	kept := map[string]string{}
	s := &System{limit: limit,
		get: func(service, name string) (string, error) {
			if key, ok := kept[service+"/"+name]; ok {
				return key, nil
			}
			return "", errors.New("not found")
		},
		set: func(service, name, key string) error { kept[service+"/"+name] = key; return nil }}
	if _, err := s.Key(t.Context(), "a"); !errors.Is(err, ErrNone) {
		t.Errorf("a key that is not there: %v", err)
	}
	if err := s.SetKey(t.Context(), "a", "secret"); err != nil {
		t.Fatal(err)
	}
	if key, err := s.Key(t.Context(), "a"); err != nil || key != "secret" {
		t.Errorf("%q, %v", key, err)
	}
}

// A store that says that it has kept a key and gives another one has kept nothing.
func TestAKeyThatIsNotKept(t *testing.T) {
	s := &System{limit: limit, set: func(string, string, string) error { return nil },
		get: func(string, string) (string, error) { return "", nil }}
	if err := s.SetKey(t.Context(), "a", "secret"); !errors.Is(err, ErrNone) {
		t.Errorf("kept: %v", err)
	}
}

func TestAStoreThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		woken := make(chan struct{})
		s := &System{limit: limit, get: func(string, string) (string, error) { <-woken; return "late", nil }}
		if _, err := s.Key(context.Background(), "a"); !errors.Is(err, ErrNone) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a store that hangs: %v", err)
		}
		close(woken)
	})
}
