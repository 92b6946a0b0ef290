// Package qrserver_test has a till make its QR payments through a whole central server, on a real PostgreSQL, at a
// practice bank: what the till's own tests do with a bank that it asks itself.
package qrserver_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kassa/app/pricelist"
	"kassa/app/till"
	"kassa/assets/catalogue"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/register"
	"kassa/server/pgcluster/pgtest"
	"kassa/server/servertest"
	"kassa/sync/client"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

const (
	pin   = "2468"
	milk  = "0400000000015" // 84.90
	bread = "0400000000022" // 89.90
)

// shop is a till with its server.
type shop struct {
	*testing.T
	*till.Till
	server *servertest.World
	store  *localdb.Store
	dir    string
	url    string      // of the way to the server
	cut    atomic.Bool // nothing comes through
	stop   func()
	ahead  atomic.Int64 // of the till's clock
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{T: t, server: servertest.Start(t).WithBank(), dir: t.TempDir()}
	to, err := url.Parse(s.server.URL)
	s.must(err)
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	way := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.cut.Load() {
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(way.Close)
	s.url = way.URL
	s.runClock()
	s.open()
	t.Cleanup(func() { s.stop() })
	return s
}

func (s *shop) now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

// runClock has the server's clock, which stands still in a test, go with the real one: its questions to the bank are
// due by it.
func (s *shop) runClock() {
	done, stop := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done.Done():
				return
			case <-tick.C:
				s.server.Clock.Move(10 * time.Millisecond)
			}
		}
	})
	s.Cleanup(func() { stop(); ended.Wait() })
}

func (s *shop) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// open starts the till on its folder, signs in and opens the shift.
func (s *shop) open() {
	s.Helper()
	ctx := s.Context()
	var err error
	s.store, err = localdb.Open(ctx, localdb.Options{Dir: s.dir, Now: s.now})
	s.must(err)
	s.firstDay()
	lang, err := i18n.Load(i18n.Russian)
	s.must(err)
	cl, err := client.New(s.url, s.server.Secret, nil)
	s.must(err)
	s.Till, err = till.New(ctx, till.Config{Store: s.store, Language: lang, Zone: time.UTC, Server: cl, Payments: till.NewServerPayments(cl, s.now), Now: s.now})
	s.must(err)
	s.Start(context.Background())
	s.stop = sync.OnceFunc(func() {
		s.Till.Stop()
		if err := s.store.Close(); err != nil {
			s.Error(err)
		}
	})
	s.must(s.SignIn(ctx, pin))
	if !s.View().Shift.Open {
		s.must(s.OpenShift(ctx))
	}
}

func (s *shop) reopen() {
	s.Helper()
	s.stop()
	s.open()
}

func (s *shop) firstDay() {
	s.Helper()
	ctx := s.Context()
	if staff, err := s.store.Cashiers(ctx); err != nil || len(staff) > 0 {
		return
	}
	hash, err := till.HashPIN(pin)
	s.must(err)
	s.must(s.store.SetCashier(ctx, localdb.Cashier{ID: "o", Name: "Ольга", PINHash: hash, Role: string(till.RoleOwner)}))
	list, err := pricelist.NewReader(catalogue.Demo())
	s.must(err)
	_, err = s.store.ImportGoods(ctx, list.Good(nil), nil)
	s.must(err)
}

// until waits for the view to be as f wants it.
func (s *shop) until(what string, f func(till.View) bool) till.View {
	s.Helper()
	news := make(chan struct{}, 1)
	stop := s.Watch(func() {
		select {
		case news <- struct{}{}:
		default:
		}
	})
	defer stop()
	limit := time.After(30 * time.Second)
	for {
		if v := s.View(); f(v) {
			return v
		}
		select {
		case <-news:
		case <-limit:
			v := s.View()
			s.Fatalf("it never came to this: %s; QR %+v, Back %+v, Late %+v, Last %+v, bank %+v", what, v.QR, v.Back, v.Late, v.Last, v.Bank)
		}
	}
}

// code has goods rung up and their code on the screen, and gives the bank's id of the payment.
func (s *shop) code(barcodes ...string) string {
	s.Helper()
	for _, b := range barcodes {
		_, err := s.Scan(s.Context(), b, register.One)
		s.must(err)
	}
	s.must(s.StartQR(s.Context()))
	s.until("a code", func(v till.View) bool { return v.QR != nil && v.QR.Payload != "" })
	all := s.server.Bank.Payments("")
	return all[len(all)-1].ID
}

func (s *shop) sold(barcodes ...string) till.Sold {
	s.Helper()
	s.must(s.server.Bank.Pay(s.code(barcodes...), false))
	v := s.until("sold", func(v till.View) bool { return v.Last != nil && v.Last.Kind == register.KindSale && v.QR == nil })
	return *v.Last
}

func back(sale till.Sold, lines ...int) till.ReturnOrder {
	r := till.ReturnOrder{Sale: sale.ID}
	for _, l := range lines {
		r.Wants = append(r.Wants, register.Want{Line: l, Quantity: register.One})
	}
	return r
}

// returned waits until nothing is on its way back.
func (s *shop) returned() {
	s.Helper()
	s.until("returned", func(v till.View) bool { return v.Back == nil && len(v.Backs) == 0 })
}

// books compares what the bank holds with what the history says.
func (s *shop) books(sales int, held register.Money) {
	s.Helper()
	var bank, books register.Money
	for _, p := range s.server.Bank.Payments("") {
		switch p.Status {
		case "CONFIRMED", "ASYNC_REFUNDING", "PARTIAL_REFUNDED", "REFUNDED":
			bank += p.Amount - p.Refunded
		}
	}
	ops, err := s.Find(s.Context(), till.Search{}, 0, 1000)
	s.must(err)
	n := 0
	for _, o := range ops {
		for _, p := range o.Payments {
			switch {
			case p.Method != register.QR:
			case o.Kind == register.KindSale || o.Kind == register.KindPrepayment:
				books += p.Amount
			default:
				books -= p.Amount
			}
		}
		if o.Kind == register.KindSale {
			n++
		}
	}
	if bank != held || books != held || n != sales {
		s.Errorf("the bank holds %s, the books %s, want %s; %d sales, want %d", bank, books, held, n, sales)
	}
	if r, err := s.store.Verify(s.Context()); err != nil || len(r.Faults) > 0 {
		s.Errorf("verified: %+v, %v", r, err)
	}
}

func is(err error, code till.Code) bool {
	var p *till.Problem
	return errors.As(err, &p) && p.Code == code
}
