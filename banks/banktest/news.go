package banktest

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"kassa/banks"
)

// news are the tests of what a bank tells beside its answers: notifications and the registry.
func news(f Fixture) map[string]func(*testing.T, *shop) {
	tests := map[string]func(*testing.T, *shop){}
	if f.Notice != nil {
		tests["a notification tells which payment"] = noticeTells
		tests["a notification that is wrong is not believed"] = noticeWrong
	}
	if _, ok := f.Bank.(banks.Registered); ok {
		tests["the registry agrees with what happened"] = registryAgrees
	}
	return tests
}

func (s *shop) notified(b banks.Bank) banks.Notified {
	s.t.Helper()
	n, ok := b.(banks.Notified)
	if !ok {
		s.t.Fatal("the bank notifies and its adapter does not read it")
	}
	return n
}

// noticeTells reads a notification, and again when it is repeated.
func noticeTells(t *testing.T, s *shop) {
	a := s.paid()
	header, body := s.Notice(a.BankID)
	for range 2 {
		n, err := s.notified(s.Bank).Notice(header, body)
		if err != nil || n.ID != a.ID && n.BankID != a.BankID {
			t.Fatalf("%+v, %v", n, err)
		}
	}
}

func noticeWrong(t *testing.T, s *shop) {
	a := s.paid()
	header, body := s.Notice(a.BankID)
	refused := func(name string, b banks.Bank, body []byte) {
		t.Helper()
		if n, err := s.notified(b).Notice(header, body); !errors.Is(err, banks.ErrNotice) || n != (banks.Notice{}) {
			t.Errorf("%s: %+v, %v", name, n, err)
		}
	}
	refused("empty", s.Bank, nil)
	refused("null", s.Bank, []byte("null"))
	refused("half", s.Bank, body[:len(body)/2])
	refused("a page", s.Bank, []byte("<html></html>"))
	refused("ten megabytes", s.Bank, append(slices.Clone(body), bytes.Repeat([]byte(" "), 10<<20)...))
	if s.NoticeUnsigned {
		return
	}
	refused("of another shop", s.WrongPassword(t), body)
	// Not every bank's signature covers the bank's own id; ours, where it is named, is covered.
	changed := bytes.ReplaceAll(body, []byte(a.ID), []byte(other(a.ID)))
	if bytes.Equal(changed, body) {
		changed = bytes.ReplaceAll(body, []byte(a.BankID), []byte(other(a.BankID)))
	}
	refused("of another payment", s.Bank, changed)
	for name := range header {
		bare := header.Clone()
		bare.Del(name)
		// A header that is missing is either not needed or makes it worthless; the right one must do in the end.
		if n, err := s.notified(s.Bank).Notice(bare, body); err != nil && (!errors.Is(err, banks.ErrNotice) || n != (banks.Notice{})) {
			t.Errorf("without %s: %+v, %v", name, n, err)
		}
	}
}

// other is another id of the same kind.
func other(id string) string {
	b := []byte(id)
	if last := &b[len(b)-1]; *last == '1' {
		*last = '2'
	} else {
		*last = '1'
	}
	return string(b)
}

// registryAgrees lists a day on which one payment was paid, one was paid and given back, and one was closed.
func registryAgrees(t *testing.T, s *shop) {
	registered := s.Bank.(banks.Registered)
	from := s.Now()
	paid := s.paid()
	back := s.settle(s.cancel(s.paid()))
	s.is(back, banks.StateRefunded)
	s.waiting()
	s.Advance(time.Hour)
	entries, err := registered.Registry(s.ctx(), from, s.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []banks.Attempt{paid, back} {
		i := slices.IndexFunc(entries, func(e banks.Entry) bool { return e.ID == a.ID || e.BankID == a.BankID })
		if i < 0 {
			t.Errorf("%s is missing in %+v", a.ID, entries)
			continue
		}
		if e := entries[i]; e.Amount != a.Amount || e.Refunded != a.Refunded || e.Paid.Before(from) || e.Paid.After(s.Now()) {
			t.Errorf("%+v for %+v", e, a)
		}
	}
	if len(entries) != 2 {
		t.Errorf("%d entries: %+v", len(entries), entries)
	}
	if early, err := registered.Registry(s.ctx(), from.Add(-48*time.Hour), from.Add(-24*time.Hour)); err != nil || len(early) != 0 {
		t.Errorf("of days before: %+v, %v", early, err)
	}
}
