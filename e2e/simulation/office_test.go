package simulation_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kassa/app/till"
	"kassa/banks"
	"kassa/server/api"
	"kassa/server/payments"
	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
	"kassa/sync/client"
)

// premises are what the shops' servers have in common: a database, and in it a store with a till.
type premises struct {
	dsn     string
	key     *pg.Key
	account uuid.UUID
	store   uuid.UUID
	secret  string // the till's
}

// openPremises makes the database; it is called outside of any bubble.
func openPremises(t *testing.T) *premises {
	t.Helper()
	p := &premises{dsn: pgtest.DSN(t)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	store, err := pg.Open(t.Context(), p.dsn)
	must(err)
	defer store.Close()
	p.key, err = pg.ParseKey("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	must(err)
	// The virtual clock of every bubble begins at this midnight.
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Hour)
	owner, err := store.CreateOwner(t.Context(), now, pg.NewOwner{Login: "owner@example.com", Password: "correct horse battery", Account: "Ромашка", Store: "Ромашка"})
	must(err)
	p.account = owner.Account
	shops, err := store.Stores(t.Context(), p.account)
	must(err)
	p.store = shops[0].ID
	code, _, err := store.NewPairingCode(t.Context(), now, p.account, p.store)
	must(err)
	_, p.secret, err = store.Pair(t.Context(), now, code, "Касса 1", "test")
	must(err)
	return p
}

// clear takes everything away that a shop left behind.
func (p *premises) clear(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, `set session_replication_role = replica; do $$ declare r record; begin
		for r in select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
			and c.relname not in ('accounts', 'owners', 'stores', 'tills', 'schema_version', 'pairing_codes')
			and exists (select from pg_attribute where attrelid = c.oid and attname = 'account_id')
		loop execute format('delete from %s', r.name); end loop;
		update tills set synced_at = null, seen_at = null, operations = 0; end $$`)
	return err
}

// office is the central server of a shop.
type office struct {
	*premises
	s       *shop
	tillNet *carrier // from the till
	handler atomic.Pointer[http.Handler]

	life     *life
	database *pg.Store
	payments *payments.Service
	done     chan struct{}
	conns    conns
}

// conns are a process's connections to the database; all are gone at once when it is killed.
type conns struct {
	mu   sync.Mutex
	dead bool
	all  []net.Conn
}

func (c *conns) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead {
		conn.Close()
		return nil, errNetwork
	}
	c.all = append(c.all, conn)
	return conn, nil
}

func (c *conns) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dead = true
	for _, conn := range c.all {
		conn.Close()
	}
}

func openOffice(s *shop, p *premises) *office {
	o := &office{premises: p, s: s}
	o.tillNet = s.carrier("server", o.listening, true)
	s.must(p.clear(context.Background()))
	o.start()
	_, err := o.database.SetBank(context.Background(), time.Now(), p.key, pg.BankSetting{Account: p.account, Store: p.store,
		Bank: s.adapter.Name, Settings: s.settings()})
	s.must(err)
	return o
}

func (o *office) listening() http.Handler {
	if h := o.handler.Load(); h != nil {
		return *h
	}
	return nil
}

// start runs the server's program.
func (o *office) start() {
	o.life, o.conns, o.done = newLife(), conns{}, make(chan struct{})
	o.s.bankNet.setLife(o.life)
	c := &o.conns
	var err error
	o.database, err = pg.OpenDialing(context.Background(), o.dsn, c.dial)
	o.s.must(err)
	log := slog.New(slog.NewTextHandler(o.s.log, nil))
	o.payments = payments.New(payments.Config{Store: o.database, Key: o.key, Clock: time.Now, Logger: log, Look: 5 * time.Second, Deaf: true,
		Open: func(pg.BankSetting, func() time.Time) (banks.Bank, error) { return o.s.call(o.s.bankNet), nil }})
	var h http.Handler = api.New(api.Config{Store: o.database, Payments: o.payments, Clock: time.Now, Logger: log, Version: "test",
		Peer: func(*http.Request) string { return "till" }})
	o.handler.Store(&h)
	ctx, done, service := o.life.ctx, o.done, o.payments
	go func() {
		defer close(done)
		service.Run(ctx)
	}()
}

// stop ends the program in the middle of whatever it does.
func (o *office) stop() {
	o.handler.Store(nil)
	o.life.kill()
	o.conns.cut()
	<-o.done
	o.database.Close()
}

func (o *office) kill(pause time.Duration) {
	o.s.log.add("the server is killed")
	o.stop()
	time.Sleep(pause)
	o.start()
	o.s.log.add("the server is started again")
}

// client is the till's way to the server.
func (o *office) client() *client.Client {
	c, err := client.New("http://127.0.0.1", o.secret, &http.Client{Transport: o.tillNet})
	o.s.must(err)
	return c
}

func (o *office) connect(c *till.Config) {
	cl := o.client()
	c.Server, c.Payments = cl, till.NewServerPayments(cl, time.Now)
}

// decide does what the owner's pages offer for what wants a person.
func (o *office) decide(ctx context.Context) {
	all, err := o.database.PaymentTroubles(ctx, time.Now(), o.account, "", 100)
	o.s.must(err)
	by := pg.By{Name: "owner@example.com", Reason: "looked at the bank"}
	for _, t := range all {
		switch t.Kind {
		case pg.TroubleRefundUnknown:
			went := o.s.wentBack(t.Payment.String())
			if went {
				_, err = o.payments.RefundSeen(ctx, o.account, t.Payment, by)
			} else {
				_, err = o.payments.RefundLost(ctx, o.account, t.Payment, by)
			}
			o.s.log.add("owner: the refund of %s went: %t (%v)", t.Payment, went, err)
		case pg.TroubleRefundFailed, pg.TroubleOutsideRefund:
			err = o.payments.CloseTrouble(ctx, o.account, t.Kind, t.Subject, by)
			o.s.log.add("owner: puts away %s of %s (%v)", t.Kind, t.Payment, err)
		}
		if err != nil && !errors.Is(err, payments.ErrConflict) && !errors.Is(err, payments.ErrNotFound) {
			o.s.must(err)
		}
	}
}

func (o *office) attempt(id string) banks.Attempt {
	p, err := o.database.Payment(context.Background(), o.account, uuid.MustParse(id))
	if errors.Is(err, pg.ErrNotFound) {
		return banks.Attempt{}
	}
	o.s.must(err)
	return p.Attempt
}

// leftover tells what wants a person still.
func (o *office) leftover() []pg.PaymentTrouble {
	all, err := o.database.PaymentTroubles(context.Background(), time.Now(), o.account, "", 100)
	o.s.must(err)
	return all
}
