package simulation_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/every"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/register"
)

const pin = "2468"

// shop is one seed's shop: a bank, a till, perhaps a server, and what is between them.
type shop struct {
	t    *testing.T
	seed uint64
	dice *rand.Rand // of the people; who goes about it is one goroutine
	dir  string
	pins string // a hash of pin
	log  *story

	bank    *banksim.Bank
	adapter banks.Adapter
	bankNet *carrier // to the bank, from whoever asks it
	mutant  mutant   // what is wrong with the bank's client; nil for nothing
	back    *office  // the server; nil for a till that asks the bank itself

	ids   *ids
	life  *life
	store *localdb.Store
	*till.Till

	seen    map[string]bool           // codes, by our id, that a buyer can have seen
	faults  []string                  // what is wrong in the end
	outside map[string]register.Money // given back at the bank by the owner, by our id
}

// story is what is told when a shop goes wrong.
type story struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *story) add(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(&s.b, "%s ", time.Now().UTC().Format("02 15:04:05.000"))
	fmt.Fprintf(&s.b, format, args...)
	s.b.WriteByte('\n')
}

// Write takes the programs' logs.
func (s *story) Write(b []byte) (int, error) {
	s.add("        %s", strings.TrimSpace(string(b)))
	return len(b), nil
}

func (s *story) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// ids gives UUIDv7 that depend on the seed and the virtual clock alone.
type ids struct {
	mu   sync.Mutex
	dice *rand.Rand
}

func (g *ids) next() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var id uuid.UUID
	for i := range id {
		id[i] = byte(g.dice.UintN(256))
	}
	ms := time.Now().UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id.String()
}

// mutant is a client of a bank in which one rule is broken.
type mutant func(banks.Bank) banks.Bank

// openShop builds a shop; it is called in the bubble of a virtual clock.
func openShop(t *testing.T, seed uint64, dir, pins string, sims []banksim.Sim, p *premises, m mutant) *shop {
	s := &shop{t: t, seed: seed, mutant: m, dir: dir, pins: pins, log: &story{}, seen: map[string]bool{}, outside: map[string]register.Money{},
		dice: rand.New(rand.NewPCG(seed, 1)), ids: &ids{dice: rand.New(rand.NewPCG(seed, 2))}}
	sim := sims[seed%uint64(len(sims))]
	var err error
	s.bank, err = sim.Open(banksim.Options{Clock: time.Now, Rand: &reader{rand.New(rand.NewPCG(seed, 3))}})
	s.must(err)
	var ok bool
	if s.adapter, ok = every.Bank(sim.Name); !ok {
		t.Fatalf("no adapter of %s", sim.Name)
	}
	s.bankNet = s.carrier("bank", func() http.Handler { return s.bank.Handler }, false)
	if (seed/uint64(len(sims)))%5 == 0 {
		s.back = openOffice(s, p)
	}
	s.log.add("seed %d: %s, %s", seed, sim.Name, map[bool]string{true: "through a server", false: "the till asks the bank itself"}[s.back != nil])
	if s.bank.Held == nil {
		t.Fatalf("nobody can look into the books of %s", sim.Name)
	}
	s.restart()
	s.open(true)
	return s
}

func (s *shop) carrier(name string, to func() http.Handler, doubles bool) *carrier {
	return &carrier{name: name, to: to, doubles: doubles, seed: s.seed, trust: 1000, counts: map[string]uint64{}, life: newLife()}
}

// reader is randomness for keys.
type reader struct{ *rand.Rand }

func (r *reader) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(r.UintN(256))
	}
	return len(b), nil
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%v\n%s", err, s.log)
	}
}

// settings are the shop's contract with the bank.
func (s *shop) settings() banks.Settings {
	settings := banks.Settings{banks.FieldURL: "http://127.0.0.1" + s.bank.Path}
	for k, v := range s.bank.Settings {
		settings[k] = v
	}
	settings, err := s.adapter.Check(settings)
	s.must(err)
	return settings
}

// call makes the bank's client, for whoever asks through a carrier.
func (s *shop) call(c *carrier) banks.Bank {
	b, err := s.adapter.Open(s.settings(), banks.Options{Clock: time.Now, Transport: c})
	s.must(err)
	if s.mutant != nil {
		return s.mutant(b)
	}
	return b
}

// open starts the till on its folder, as its program does.
func (s *shop) open(first bool) {
	s.t.Helper()
	ctx := context.Background()
	var err error
	s.store, err = localdb.Open(ctx, localdb.Options{Dir: s.dir, NewID: s.ids.next})
	s.must(err)
	if first {
		s.must(s.store.SetCashier(ctx, localdb.Cashier{ID: "c", Name: "Анна", PINHash: s.pins, Role: localdb.RoleOwner}))
		_, err = s.store.ImportGoods(ctx, goods, nil)
		s.must(err)
	}
	lang, err := i18n.Load(i18n.Russian)
	s.must(err)
	c := till.Config{Store: s.store, Language: lang, Zone: time.UTC, NewID: s.ids.next, Rand: rand.New(rand.NewPCG(s.seed, 4)),
		Log: slog.New(slog.NewTextHandler(s.log, nil))}
	if s.back != nil {
		s.back.connect(&c)
	} else {
		c.Payments, c.Direct = till.NewDirectPayments(s.call(s.bankNet), time.Now), true
	}
	s.Till, err = till.New(ctx, c)
	s.must(err)
	s.Start(s.life.ctx)
}

// kill ends the till's program in the middle of whatever it does, and starts it again some time later.
func (s *shop) kill(pause time.Duration) {
	s.log.add("the till is killed")
	s.life.kill()
	if err := s.store.Close(); err != nil && !errors.Is(err, context.Canceled) {
		s.log.add("closing the files: %v", err)
	}
	s.Stop()
	time.Sleep(pause)
	s.restart()
	s.open(false)
	s.log.add("the till is started again")
}

// restart begins another life of the till's program.
func (s *shop) restart() {
	s.life = newLife()
	if s.back == nil {
		s.bankNet.setLife(s.life)
	} else {
		s.back.tillNet.setLife(s.life)
	}
}

// goods are what the shop sells; the last is too cheap for most banks.
func goods(yield func(register.Product, error) bool) {
	for i, price := range []register.Money{100_00, 49_90, 1299_00, 33_33, 5_00} {
		p := register.Product{ID: fmt.Sprint(i), Name: fmt.Sprintf("Товар %d", i), Price: price, Barcodes: []string{barcode(i)},
			Unit: register.Piece, VAT: "22"}
		if !yield(p, nil) {
			return
		}
	}
}

func barcode(i int) string { return fmt.Sprintf("shop-%04d", i) }

// control moves the bank by its controls.
func (s *shop) control(format string, args ...any) error {
	h := s.bank.Control
	if h == nil {
		h = s.bank.Handler
	}
	out := httptest.NewRecorder()
	h.ServeHTTP(out, httptest.NewRequest(http.MethodPost, "/control/"+fmt.Sprintf(format, args...), nil))
	if out.Code/100 != 2 {
		return fmt.Errorf("%d: %s", out.Code, strings.TrimSpace(out.Body.String()))
	}
	return nil
}

// held is what the bank has of one of our payments.
func (s *shop) held(id string) []banksim.Held {
	var all []banksim.Held
	for _, h := range s.bank.Held() {
		if h.ID == id {
			all = append(all, h)
		}
	}
	return all
}
