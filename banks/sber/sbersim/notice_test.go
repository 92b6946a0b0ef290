package sbersim

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kassa/banks/banksim"
)

// shop takes notifications as a shop does, and can refuse to.
type shop struct {
	mu     sync.Mutex
	heard  []string // member, order number and state
	answer func(body string) (int, string)
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	var n struct{ RqUid, MemberId, PartnerOrderNumber, OrderState string }
	_ = json.Unmarshal(body, &n)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = append(s.heard, strings.Join([]string{n.MemberId, n.PartnerOrderNumber, n.OrderState}, " "))
	status, text := s.answer(n.RqUid)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

func rightly(uid string) (int, string) { return http.StatusOK, `{"rqUid":"` + uid + `"}` }

func openShop(t *testing.T) (*client, *shop) {
	t.Helper()
	s := &shop{answer: rightly}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return open(t, func(c *Config) { c.Notify = server.URL }), s
}

func TestNoticesAreSent(t *testing.T) {
	const ours = testMember
	for name, test := range map[string]struct {
		fault banksim.Fault
		want  []string
	}{
		"all is well":  {"", []string{ours + " a PAID", ours + " b DECLINED"}},
		"lost":         {NoticeLost, []string{ours + " b DECLINED"}},
		"twice":        {NoticeTwice, []string{ours + " a PAID", ours + " a PAID", ours + " b DECLINED"}},
		"out of order": {NoticeLate, []string{ours + " b DECLINED", ours + " a PAID"}},
		"another's":    {NoticeOtherShop, []string{"99999999 a PAID", ours + " b DECLINED"}},
	} {
		t.Run(name, func(t *testing.T) {
			c, s := openShop(t)
			a, b := c.made("a", 1000), c.made("b", 1000)
			if test.fault != "" {
				if err := c.bank.Break(banksim.Plan{Name: test.fault, Times: 1}); err != nil {
					t.Fatal(err)
				}
			}
			if err := c.bank.Pay(a, false); err != nil {
				t.Fatal(err)
			}
			if err := c.bank.Reject(b); err != nil {
				t.Fatal(err)
			}
			if taken := c.bank.Deliver(t.Context()); taken != len(test.want) || !slices.Equal(s.heard, test.want) {
				t.Errorf("%d were taken: %q", taken, s.heard)
			}
			if again := c.bank.Deliver(t.Context()); again != 0 {
				t.Errorf("%d were sent again", again)
			}
		})
	}
}

// TestNoticeNotTaken holds that only an answer that repeats rqUid takes a notification, and that the bank gives up.
func TestNoticeNotTaken(t *testing.T) {
	for name, answer := range map[string]func(string) (int, string){
		"HTTP 500":    func(uid string) (int, string) { return http.StatusInternalServerError, `{"rqUid":"` + uid + `"}` },
		"another uid": func(string) (int, string) { return http.StatusOK, `{"rqUid":"1"}` },
		"a page":      func(string) (int, string) { return http.StatusOK, "OK" },
	} {
		t.Run(name, func(t *testing.T) {
			c, s := openShop(t)
			s.answer = answer
			if err := c.bank.Pay(c.made("a", 1000), false); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if c.bank.Deliver(t.Context()) != 0 {
					t.Fatal("it was taken")
				}
			}
			if len(s.heard) != 1 {
				t.Errorf("it was sent %d times without a pause", len(s.heard))
			}
			for range 2 * noticeTries {
				c.clock = c.clock.Add(time.Minute)
				c.bank.Deliver(t.Context())
			}
			if len(s.heard) != noticeTries {
				t.Errorf("it was sent %d times", len(s.heard))
			}
		})
	}
}

// TestRunSends holds that a notification goes by itself, and that the controls send one again.
func TestRunSends(t *testing.T) {
	heard := make(chan string, 4)
	c, s := openShop(t)
	s.answer = func(uid string) (int, string) {
		heard <- uid
		return rightly(uid)
	}
	done := make(chan error, 1)
	ctx := t.Context()
	go func() { done <- c.bank.Run(ctx) }()
	id := c.made("a", 1000)
	if err := c.bank.Pay(id, false); err != nil {
		t.Fatal(err)
	}
	first := <-heard
	if status, text := c.control("POST", "payments/"+id+"/notify"); status != http.StatusOK {
		t.Fatal(text)
	}
	if second := <-heard; second == first {
		t.Error("two requests have one rqUid")
	}
}
