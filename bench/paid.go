package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"sync"
	"time"

	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/every"
	"kassa/banks/tbank/tbanksim"
	"kassa/server/pg"
	"kassa/server/pgcluster"
)

const (
	payingShops  = 8               // sell at the same time, each with one till and a contract of its own
	paidPromise  = time.Second     // the median with notifications; without, so long after the bank's pace
	paidPatience = 2 * time.Minute // for one sale

	paidRow = "paid to sale on the till's disk: "
)

// paid measures how long it takes from the moment when the bank knows that a code is paid until the sale is on the till's
// disk: with a bank that notifies the server, with one that the server must ask, and with one that the till asks itself.
// Everything between is real: the practice bank, its adapter and its notifications over HTTP, the server on PostgreSQL with
// fsync, the till's long poll, the till on its database. A buyer pays at any moment between two questions.
func (b *bench) paid(ctx context.Context) (err error) {
	if b.paying == 0 {
		return nil
	}
	adapter, _ := every.Bank(followBank)
	bank, err := adapter.Open(payContract("http://127.0.0.1/"), banks.Options{})
	if err != nil {
		return err
	}
	pace := bank.Can().Poll
	asked := fmt.Sprintf("pace %v and %v", pace, paidPromise)
	alone := payWay{"the till asks the bank", pace, pace + paidPromise, asked, connectToBank}
	cluster, err := pgcluster.Start(ctx, pgcluster.Options{Durable: true})
	if errors.Is(err, pgcluster.ErrNotInstalled) {
		say("no PostgreSQL here: payments through a server are not measured")
		b.add(paidRow+"through a server", "no PostgreSQL", "", "")
		return b.payBy(ctx, alone)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	s, stop, err := serve(ctx, cluster)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	for _, way := range []payWay{
		{"the bank notifies the server", pace, paidPromise, paidPromise.String(), s.connectNotified},
		{"the server asks the bank", pace, pace + paidPromise, asked, s.connectAsking},
		alone,
	} {
		if err := b.payBy(ctx, way); err != nil {
			return fmt.Errorf("paying where %s: %w", way.name, err)
		}
	}
	return nil
}

// payWay is a way in which a till hears of a payment.
type payWay struct {
	name     string
	pace     time.Duration // of the bank's contract
	most     time.Duration // the median is to be less
	promised string        // the same in words
	// connect makes what connects a till to a new contract with a bank; notify is where the bank is to send notifications.
	connect func(ctx context.Context, contract banks.Settings) (c till.Config, notify string, err error)
}

// payContract is what a contract with the bank at a URL gives.
func payContract(url string) banks.Settings {
	return banks.Settings{banks.FieldURL: url, "terminal": "BenchDEMO", "password": "bench"}
}

// connectToBank connects a till that has no server.
func connectToBank(_ context.Context, contract banks.Settings) (till.Config, string, error) {
	adapter, _ := every.Bank(followBank)
	bank, err := adapter.Open(contract, banks.Options{})
	if err != nil {
		return till.Config{}, "", err
	}
	return till.Config{Payments: till.NewDirectPayments(bank, time.Now), Direct: true}, "", nil
}

// connectAsking connects a till of a new store to the server, whose bank sends no notifications.
func (r *running) connectAsking(ctx context.Context, contract banks.Settings) (till.Config, string, error) {
	c, _, err := r.connectNotified(ctx, contract)
	return c, "", err
}

// connectNotified is connectAsking with a bank that sends notifications.
func (r *running) connectNotified(ctx context.Context, contract banks.Settings) (till.Config, string, error) {
	shop, err := r.newStore(ctx)
	if err != nil {
		return till.Config{}, "", err
	}
	setting, err := r.store.SetBank(ctx, time.Now().UTC(), r.key, pg.BankSetting{Account: r.account, Store: shop.ID, Bank: followBank, Settings: contract})
	if err != nil {
		return till.Config{}, "", err
	}
	c, err := r.pair(ctx, shop.ID)
	if err != nil {
		return till.Config{}, "", err
	}
	return till.Config{Payments: till.NewServerPayments(c, time.Now), Server: c}, r.url + "/bank/" + setting.ID.String(), nil
}

// payBy measures one way.
func (b *bench) payBy(ctx context.Context, way payWay) (err error) {
	shops := make([]*payShop, min(payingShops, b.paying))
	for i := range shops {
		shops[i], err = b.openPayShop(ctx, way, fmt.Sprintf("%s %d", way.name, i))
		defer func() { err = errors.Join(err, shops[i].close()) }()
		if err != nil {
			return err
		}
	}
	say("selling %d times by QR, %s", b.paying, way.name)
	sold := make([]times, len(shops))
	errs := make([]error, len(shops))
	var all sync.WaitGroup
	for i, s := range shops {
		all.Go(func() {
			for range (b.paying + i) / len(shops) {
				took, err := s.sell(ctx, rand.N(way.pace))
				if err != nil {
					errs[i] = err
					return
				}
				sold[i] = append(sold[i], took)
			}
		})
	}
	all.Wait()
	var took times
	for _, t := range sold {
		took = append(took, t...)
	}
	b.add(paidRow+way.name, took.summary(), "p50 at most "+way.promised, "p50 "+quotient(took.at(0.5), way.most))
	return errors.Join(errs...)
}

// payShop is a shop with one till and a bank.
type payShop struct {
	bank  *tbanksim.Bank
	sales *sales
	news  chan struct{} // the till shows something else
	ends  []func() error
}

// openPayShop opens a shop in the morning. It is to be closed, with an error too.
func (b *bench) openPayShop(ctx context.Context, way payWay, name string) (*payShop, error) {
	s := &payShop{news: make(chan struct{}, 1)}
	listener := httptest.NewUnstartedServer(nil)
	s.atEnd(func() error { listener.Close(); return nil })
	contract := payContract("http://" + listener.Listener.Addr().String() + "/v2/")
	c, notify, err := way.connect(ctx, contract)
	if err != nil {
		return s, err
	}
	if s.bank, err = tbanksim.New(tbanksim.Config{Terminal: contract["terminal"], Password: contract["password"], Notify: notify}); err != nil {
		return s, err
	}
	listener.Config.Handler = s.bank.Handler()
	listener.Start()
	work, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- s.bank.Run(work) }()
	s.atEnd(func() error { stop(); return <-done })
	return s, s.openTill(ctx, b, name, c)
}

func (s *payShop) openTill(ctx context.Context, b *bench, name string, c till.Config) error {
	store, err := b.openStore(ctx, name)
	if store != nil {
		s.atEnd(store.Close)
	}
	if err != nil {
		return err
	}
	if err := importSaleGoods(ctx, store); err != nil {
		return err
	}
	c.Store = store
	t, err := openTill(ctx, c)
	if err != nil {
		return err
	}
	s.sales = &sales{store: store, till: t}
	t.Start(ctx)
	s.atEnd(func() error { t.Stop(); return nil })
	unwatch := t.Watch(func() {
		select {
		case s.news <- struct{}{}:
		default:
		}
	})
	s.atEnd(func() error { unwatch(); return nil })
	return nil
}

func (s *payShop) atEnd(end func() error) { s.ends = append(s.ends, end) }

func (s *payShop) close() (err error) {
	for i := len(s.ends) - 1; i >= 0; i-- {
		err = errors.Join(err, s.ends[i]())
	}
	return err
}

// sell sells a receipt by QR to a buyer who takes so long to pay, and gives the time from then until the sale is on the disk.
func (s *payShop) sell(ctx context.Context, buyer time.Duration) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, paidPatience)
	defer cancel()
	if err := s.sales.ring(ctx); err != nil {
		return 0, err
	}
	if err := s.sales.till.StartQR(ctx); err != nil {
		return 0, err
	}
	v, err := s.until(ctx, func(v till.View) bool { return v.QR.Payload != "" || v.QR.Done })
	if err != nil {
		return 0, err
	}
	made := s.bank.Payments(v.QR.ID)
	if v.QR.Done || len(made) != 1 {
		return 0, fmt.Errorf("the code is %s, and the bank has %d of it", v.QR.State, len(made))
	}
	time.Sleep(buyer)
	paid := time.Now()
	if err := s.bank.Pay(made[0].ID, false); err != nil {
		return 0, err
	}
	_, err = s.until(ctx, func(v till.View) bool { return v.Last != nil })
	return time.Since(paid), err
}

// until waits for the till to show what f wants to see.
func (s *payShop) until(ctx context.Context, f func(till.View) bool) (till.View, error) {
	for {
		if v := s.sales.till.View(); f(v) {
			return v, nil
		}
		select {
		case <-s.news:
		case <-ctx.Done():
			return till.View{}, fmt.Errorf("waiting for the till: %w", ctx.Err())
		}
	}
}
