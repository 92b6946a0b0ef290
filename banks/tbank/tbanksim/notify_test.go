package tbanksim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"kassa/banks/tbank"
)

// shopServer takes notifications down and answers what it is told to.
type shopServer struct {
	*httptest.Server
	answer string
	got    []string // status, and whether the signature was right
}

func newShopServer(t *testing.T) *shopServer {
	s := &shopServer{answer: "OK"}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var root map[string]any
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		if err := d.Decode(&root); err != nil {
			t.Error(err)
		}
		s.got = append(s.got, fmt.Sprintf("%v %v %v", root["Status"], root["Token"] == tbank.Token(root, password), root["Amount"]))
		_, _ = io.WriteString(w, s.answer)
	}))
	t.Cleanup(s.Close)
	return s
}

// take is what came since the last time.
func (s *shopServer) take() []string {
	got := s.got
	s.got = nil
	return got
}

func (c *client) deliver(s *shopServer, want ...string) {
	c.t.Helper()
	c.bank.Deliver(c.t.Context())
	if got := s.take(); !slices.Equal(got, want) {
		c.t.Errorf("told %q, want %q", got, want)
	}
}

func TestNotifications(t *testing.T) {
	c := open(t, terminal)
	shop := newShopServer(t)
	c.bank.conf.Notify = shop.URL
	id := c.shown("a")
	c.deliver(shop)
	c.must("POST", "payments/"+id+"/pay")
	c.deliver(shop, "CONFIRMED true 19900")
	c.deliver(shop)
	c.call("Cancel", fieldsOf{"PaymentId": id, "Amount": 4900})
	c.deliver(shop)
	c.advance(2 * time.Second)
	c.deliver(shop, "PARTIAL_REFUNDED true 19900")
	c.bank.conf.AmountShrinks = true
	if code, text := c.control("POST", "payments/"+id+"/notify", ""); code != http.StatusNoContent {
		t.Errorf("%d %s", code, text)
	}
	if code, text := c.control("POST", "payments/1/notify", ""); code != http.StatusNotFound {
		t.Errorf("%d %s", code, text)
	}
	c.deliver(shop, "PARTIAL_REFUNDED true 15000")

	own := newShopServer(t)
	p := c.call("Init", fieldsOf{"Amount": 19900, "OrderId": "b", "NotificationURL": own.URL})["PaymentId"].(string)
	c.call("Cancel", fieldsOf{"PaymentId": p})
	c.deliver(own, "CANCELED true 19900")
	if len(shop.got) > 0 {
		t.Errorf("told at the terminal's address too: %q", shop.got)
	}
}

// TestNotificationsAreRepeated has a shop that answers wrong: the bank comes again, each hour of a day and each day of a
// month, and no more.
func TestNotificationsAreRepeated(t *testing.T) {
	c := open(t, terminal)
	shop := newShopServer(t)
	shop.answer = "<b>OK</b>"
	c.bank.conf.Notify = shop.URL
	c.must("POST", "payments/"+c.shown("a")+"/pay")
	c.deliver(shop, "CONFIRMED true 19900")
	c.advance(time.Hour - time.Second)
	c.deliver(shop)
	c.advance(time.Second)
	c.deliver(shop, "CONFIRMED true 19900")
	times := 2
	for range 100 {
		c.advance(24 * time.Hour)
		c.bank.Deliver(t.Context())
		times += len(shop.take())
	}
	if times != 1+24+30 {
		t.Errorf("told %d times", times)
	}
	shop.answer = "OK"
	c.must("POST", "payments/"+c.shown("b")+"/pay")
	c.deliver(shop, "CONFIRMED true 19900")
	c.advance(time.Hour)
	c.deliver(shop)
}

func TestFaultsOfNotifications(t *testing.T) {
	const paid, back = "CONFIRMED true 19900", "REFUNDED true 19900"
	for f, want := range map[Fault][][]string{ // at once, and an hour later
		"":             {{paid, back}, nil},
		NoticeLost:     {{back}, {paid}},
		NoticeTwice:    {{paid, paid, back}, nil},
		NoticeLater:    {{back, paid}, nil},
		NoticeBadToken: {{"CONFIRMED false 19900", back}, nil},
	} {
		t.Run(string(f), func(t *testing.T) {
			c := open(t, terminal)
			shop := newShopServer(t)
			c.bank.conf.Notify = shop.URL
			id := c.shown("a")
			if f != "" {
				c.must("POST", "faults/"+string(f))
			}
			c.must("POST", "payments/"+id+"/pay")
			c.must("POST", "payments/"+id+"/refund")
			c.deliver(shop, want[0]...)
			c.advance(time.Hour)
			c.deliver(shop, want[1]...)
		})
	}
}

// TestRunDelivers holds that the bank tells by itself while it runs.
func TestRunDelivers(t *testing.T) {
	c := open(t, terminal)
	came := make(chan bool, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "OK")
		came <- true
	}))
	defer server.Close()
	c.bank.conf.Notify = server.URL
	c.must("POST", "payments/"+c.shown("a")+"/pay")
	done := make(chan error)
	ctx, stop := context.WithCancel(t.Context())
	go func() { done <- c.bank.Run(ctx) }()
	<-came
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
