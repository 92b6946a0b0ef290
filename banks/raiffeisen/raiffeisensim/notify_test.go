package raiffeisensim

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/raiffeisen"
)

// shop listens for notifications.
type shop struct {
	*client
	adapter banks.Notified

	mu     sync.Mutex
	status int
	heard  []string // the orders, in the order of arrival
	codes  []string // qrId
	liars  int      // notifications that are not to be believed
}

func listen(t *testing.T) *shop {
	t.Helper()
	s := &shop{client: start(t, nil), status: http.StatusOK}
	b, err := raiffeisen.Adapter().Open(banks.Settings{raiffeisen.FieldSecretKey: key, raiffeisen.FieldMerchant: merchant}, banks.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.adapter = b.(banks.Notified)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	if a := s.call("POST", "/api/settings/v1/callback", `{"callbackUrl":"`+server.URL+`/notice"}`); a["callbackUrl"] != server.URL+"/notice" {
		t.Fatalf("%v", a)
	}
	return s
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.adapter.Notice(r.Header, body)
	switch {
	case errors.Is(err, banks.ErrNotice):
		s.liars++
		w.WriteHeader(http.StatusForbidden)
		return
	case s.status == http.StatusOK:
		s.heard, s.codes = append(s.heard, n.ID), append(s.codes, n.BankID)
	}
	w.WriteHeader(s.status)
}

// paid registers codes for orders and pays them.
func (s *shop) paid(orders ...string) {
	s.t.Helper()
	for _, o := range orders {
		if err := s.bank.Pay(s.register("order", `"`+o+`"`), false); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *shop) deliver() int { return s.bank.Deliver(s.t.Context()) }

func (s *shop) hears(want ...string) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.heard, want) {
		s.t.Errorf("heard %v, want %v", s.heard, want)
	}
}

func TestNotifications(t *testing.T) {
	s := listen(t)
	s.paid("a")
	s.deliver()
	s.hears("a")
	if s.deliver() != 0 {
		t.Error("it was sent again")
	}
	id := s.register("order", `"b"`)
	if err := errors.Join(s.bank.Process(id), s.bank.Reject(id), s.bank.Pay(id, false)); err != nil {
		t.Fatal(err)
	}
	s.deliver()
	s.hears("a", "b", "b")
	list := s.bank.Notifications()
	if len(list) != 3 || list[1].Status != "DECLINED" || list[2].Status != "SUCCESS" || !list[2].Taken || list[2].Tries != 1 {
		t.Errorf("%+v", list)
	}
	_, text := s.send("GET", "/control/notifications", "")
	var told []Notification
	if err := json.Unmarshal([]byte(text), &told); err != nil || len(told) != 3 || told[2].Order != "b" {
		t.Errorf("%s, %v", text, err)
	}
}

// TestNotificationsAreRepeated holds that they go on for a day with growing pauses, until HTTP 200.
func TestNotificationsAreRepeated(t *testing.T) {
	s := listen(t)
	s.status = http.StatusNoContent // not good enough
	s.paid("a")
	var pauses []time.Duration
	for last, over := s.bank.Now(), s.bank.Now().Add(26*time.Hour); s.bank.Now().Before(over); s.bank.Advance(time.Second) {
		if s.deliver() > 0 {
			pauses = append(pauses, s.bank.Now().Sub(last))
			last = s.bank.Now()
		}
	}
	s.hears()
	if !slices.IsSorted(pauses) || pauses[1] != firstPause || pauses[len(pauses)-1] != mostPause || len(pauses) < 24 || len(pauses) > 48 {
		t.Errorf("%v", pauses)
	}
	if n := s.bank.Notifications()[0]; n.Taken || !n.Due.IsZero() {
		t.Errorf("%+v", n)
	}

	s = listen(t)
	s.status = http.StatusInternalServerError
	s.paid("a")
	s.deliver()
	s.status = http.StatusOK
	if s.deliver() != 0 {
		t.Error("it was repeated at once")
	}
	s.bank.Advance(firstPause)
	s.deliver()
	s.hears("a")
}

func TestFaultsOfNotifications(t *testing.T) {
	t.Run("twice", func(t *testing.T) {
		s := listen(t)
		s.arm(banksim.Plan{Name: NoticeTwice, Times: 1})
		s.paid("a", "b")
		s.deliver()
		s.hears("a", "a", "b")
	})
	t.Run("in another order", func(t *testing.T) {
		s := listen(t)
		s.arm(banksim.Plan{Name: NoticeLate, Times: 1})
		s.paid("a")
		s.deliver()
		s.hears()
		s.paid("b")
		s.deliver()
		s.hears("b", "a")
	})
	t.Run("lost", func(t *testing.T) {
		s := listen(t)
		s.arm(banksim.Plan{Name: NoticeLost, Times: 1})
		s.paid("a", "b")
		s.deliver()
		s.hears("b")
	})
	t.Run("with a wrong signature", func(t *testing.T) {
		s := listen(t)
		s.arm(banksim.Plan{Name: NoticeBadSignature, Times: 1})
		s.paid("a", "b")
		s.deliver()
		s.hears("b")
		if s.liars != 1 {
			t.Errorf("%d were not believed", s.liars)
		}
	})
	t.Run("with another code", func(t *testing.T) {
		s := listen(t)
		s.arm(banksim.Plan{Name: NoticeOtherQR, Times: 1})
		s.paid("a")
		s.deliver()
		s.hears("a")
		if s.codes[0] == s.bank.Held()[0].BankID {
			t.Error("it names its own code")
		}
	})
}

func TestCallback(t *testing.T) {
	c := start(t, nil)
	for _, body := range []string{`{}`, `{"callbackUrl":""}`, `{"callbackUrl":"shop"}`, `{"callbackUrl":"ftp://shop/"}`, `{"callbackUrl":1}`, `{"url":"https://shop/"}`, ``} {
		if a := c.call("POST", "/api/settings/v1/callback", body); a["code"] != "ERROR.INVALID_REQUEST" {
			t.Errorf("%s: %v", body, a)
		}
	}
	if err := c.bank.Pay(c.register(), false); err != nil {
		t.Fatal(err)
	}
	if len(c.bank.Notifications()) != 0 {
		t.Error("told of nowhere")
	}
	if _, _, ok := c.bank.Notice("AD1"); ok {
		t.Error("a notification of no code")
	}
}

// TestRun holds that Run sends by itself and ends with its context.
func TestRun(t *testing.T) {
	s := listen(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.bank.Run(ctx) }()
	s.paid("a")
	for !strings.Contains(strings.Join(s.all(), " "), "a") {
		time.Sleep(time.Millisecond)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func (s *shop) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.heard)
}
