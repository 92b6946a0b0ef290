package e2e

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"testing"
	"time"

	"kassa/app"
	"kassa/app/apptest"
	"kassa/app/pricelist"
	"kassa/app/till"
	"kassa/assets/catalogue"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/printer/printersim"
	"kassa/register"
	"kassa/server/servertest"
	"kassa/sync/client"
	"kassa/sync/wire"
)

const pin = "2468"

// Goods of the demo catalogue.
const (
	milk  = "0400000000015" // 84.90
	bread = "0400000000022" // 89.90
)

// prepare makes a till's database as an owner's helper would: shop, printer, cashier, goods, server.
func prepare(ctx context.Context, store *localdb.Store, server, code, printer string) error {
	hash, err := till.HashPIN(pin)
	if err != nil {
		return err
	}
	list, err := pricelist.NewReader(catalogue.Demo())
	if err != nil {
		return err
	}
	_, importErr := store.ImportGoods(ctx, list.Good(nil), nil)
	paired, pairErr := client.Pair(ctx, server, wire.Pair{Code: code, Name: "1", Version: "test"})
	return errors.Join(importErr, pairErr,
		store.SetSetting(ctx, till.SettingShop, till.Shop{Name: "Ромашка", Till: "1", INN: "7700000009"}),
		store.SetSetting(ctx, till.SettingPrinter, till.PrinterSettings{Address: printer, Profile: "generic58"}),
		store.SetCashier(ctx, localdb.Cashier{ID: "c", Name: "Иванова А.", PINHash: hash, Role: localdb.RoleCashier}),
		store.SetSecret(ctx, till.SecretServer, till.ServerSettings{URL: server, Till: paired.Till, Store: paired.Store, Secret: paired.Secret}))
}

// program is the till as a person has it: the database, the till, the window.
type program struct {
	store  *localdb.Store
	till   *till.Till
	screen *apptest.Screen
}

// start opens the till's window on a prepared folder.
func start(ctx context.Context, dir string, now func() time.Time) (*program, error) {
	store, err := localdb.Open(ctx, localdb.Options{Dir: dir, Now: now})
	if err != nil {
		return nil, err
	}
	p := &program{store: store}
	lang, err := i18n.Load(i18n.Russian)
	if err != nil {
		return nil, err
	}
	c := till.Config{Language: lang, Now: now, Zone: time.UTC}
	if err := till.Connect(ctx, store, &c); err != nil {
		return nil, err
	}
	if p.till, err = till.New(ctx, c); err != nil {
		return nil, err
	}
	p.till.Start(ctx)
	p.screen, err = apptest.Open(app.Deps{Till: p.till, Language: i18n.Russian, Now: now}, 1280, 800)
	return p, err
}

func (p *program) close() error {
	p.screen.Close()
	p.till.Stop()
	return p.store.Close()
}

// signIn types the PIN and, if the shift is closed, opens it.
func (p *program) signIn() error {
	p.screen.Scan(pin)
	if err := p.screen.Until("signed in", func() bool { return p.till.View().Cashier != "" }); err != nil {
		return err
	}
	if err := p.screen.Settle(); err != nil || p.till.View().Shift.Open {
		return err
	}
	return p.screen.Press("Return")
}

// scan scans goods, one after the other.
func (p *program) scan(barcodes ...string) error {
	for _, b := range barcodes {
		p.screen.Scan(b)
		if err := p.screen.Settle(); err != nil {
			return err
		}
	}
	return nil
}

// soldOnScreen waits until the till has made its nth sale of the shift and the screen, which is a moment behind, says so.
func (p *program) soldOnScreen(by register.Method, n int64) error {
	err := p.screen.Until("sold on the screen", func() bool {
		v := p.till.View()
		return v.Last != nil && v.Last.Method == by && v.Shift.Totals.Sales.Count == n && p.screen.Says("Продано")
	})
	if err != nil {
		return err
	}
	return p.screen.Settle()
}

// shop is a whole business for one test.
type shop struct {
	*testing.T
	*servertest.World
	paper *printersim.Printer
	dir   string
	*program
}

// Context is the test's, not the world's.
func (s *shop) ctx() context.Context { return s.T.Context() }

func (s *shop) must(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

// newPrinter serves a practice printer.
func newPrinter(t *testing.T, now func() time.Time) (*printersim.Printer, string) {
	t.Helper()
	paper, err := printersim.New(printersim.Config{Dir: filepath.Join(t.TempDir(), "paper"), Columns: 32, Clock: now})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- paper.Serve(ctx, l) }()
	t.Cleanup(func() { cancel(); <-served })
	return paper, l.Addr().String()
}

// tick lets the world's clock run, so many times as fast as the real one.
func tick(c *servertest.Clock, speed time.Duration) (stop func()) {
	ticker := time.NewTicker(20 * time.Millisecond)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				c.Move(speed * 20 * time.Millisecond)
			case <-done:
				return
			}
		}
	}()
	return func() { ticker.Stop(); close(done) }
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{T: t, World: servertest.Start(t).WithBank(), dir: t.TempDir()}
	t.Cleanup(tick(s.Clock, 10))
	var address string
	s.paper, address = newPrinter(t, s.Clock.Now)
	code, _, err := s.Store.NewPairingCode(t.Context(), s.Clock.Now(), s.Owner.Account, s.Shop.ID)
	s.must(err)
	store, err := localdb.Open(t.Context(), localdb.Options{Dir: s.dir, Now: s.Clock.Now})
	s.must(err)
	s.must(prepare(t.Context(), store, s.URL, code, address))
	s.must(store.Close())
	s.program, err = start(context.Background(), s.dir, s.Clock.Now)
	s.must(err)
	t.Cleanup(func() {
		if err := s.program.close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// sales reads the sales of a till's journal, oldest first.
func sales(ctx context.Context, store *localdb.Store) ([]localdb.Stored, error) {
	all, err := store.Since(ctx, 0, 100_000)
	var found []localdb.Stored
	for _, o := range all {
		if o.Kind == register.KindSale {
			found = append(found, o)
		}
	}
	return found, err
}
