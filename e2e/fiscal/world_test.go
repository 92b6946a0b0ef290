package fiscal_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/app/till"
	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/register"
)

const pin = "2468"

// shop is one seed's shop: a till, a registrar with the program that serves it, and what is between them.
type shop struct {
	t    *testing.T
	seed uint64
	dice *rand.Rand // of the people; who goes about it is one goroutine
	dir  string
	pins string // a hash of pin
	log  *story

	unit    *fnsim.Device // the registrar
	program *program      // that serves it
	net     *carrier      // between the till and the program
	mutant  mutant        // what is wrong with the adapter; nil for nothing

	ids   *ids
	life  *life
	store *localdb.Store
	*till.Till

	storages int // new fiscal storages that the technician brought

	unclear int      // documents that a person decided about
	found   int      // documents that were found after their answer was lost
	faults  []string // what is wrong in the end
}

// mutant is an adapter in which one rule is broken.
type mutant func(fiscal.Device, func() string) fiscal.Device

// story is what is told when a shop goes wrong.
type story struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *story) add(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	line := fmt.Sprintf("%s %s\n", time.Now().UTC().Format("02 15:04:05.000"), fmt.Sprintf(format, args...))
	s.b.WriteString(line)
	if *told {
		fmt.Print(line)
	}
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

// life is one run of the till's program: when it is killed, what it asked for is not answered.
type life struct {
	ctx  context.Context
	kill context.CancelFunc
}

func newLife() *life {
	ctx, kill := context.WithCancel(context.Background())
	return &life{ctx: ctx, kill: kill}
}

// zone is the shop's and the device's.
var zone = time.FixedZone("MSK", 3*60*60)

// openShop builds a shop; it is called in the bubble of a virtual clock.
func openShop(t *testing.T, seed uint64, dir, pins string, m mutant) *shop {
	time.Sleep(time.Until(time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC))) // the rates are those of 2026
	s := &shop{t: t, seed: seed, mutant: m, dir: dir, pins: pins, log: &story{}, dice: rand.New(rand.NewPCG(seed, 1)),
		ids: &ids{dice: rand.New(rand.NewPCG(seed, 2))}}
	setup := fnsim.Setup{Clock: time.Now, Seed: seed, FFD: []string{fnsim.FFD12, fnsim.FFD105}[seed%2],
		Taxations: []fiscal.Taxation{fiscal.TaxationOSN, fiscal.TaxationPatent}}
	var err error
	if seed%4 == 0 {
		s.program, err = openKkmServer(setup)
	} else {
		s.program, err = openATOL(setup, seed)
	}
	s.must(err)
	s.unit = s.program.unit
	s.atPace()
	s.net = &carrier{to: s.program.handler, seed: seed, trust: 1000, counts: map[string]uint64{}}
	s.log.add("seed %d: %s, FFD %s", seed, s.program.driver.Name, setup.FFD)
	s.restart()
	s.open(true)
	return s
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%v\n%s", err, s.log)
	}
}

// atPace has every document take a second, unless something else is the matter with it.
func (s *shop) atPace() {
	s.must(s.unit.Faults.Break(fnsim.Plan{Name: fnsim.Slow, Delay: time.Second}))
}

// registrar makes the till's adapter.
func (s *shop) registrar() fiscal.Device {
	d, err := s.program.driver.Open(s.program.settings, fiscal.Options{Now: time.Now, Transport: s.net})
	s.must(err)
	if s.mutant != nil {
		return s.mutant(d, s.ids.next)
	}
	return d
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
	set := till.DefaultSettings()
	set.MaxDiscount = 5000
	set.Fiscal = till.FiscalSettings{Driver: s.program.driver.Name, Taxation: fiscal.TaxationOSN, CloseExpired: s.seed%2 == 0}
	s.Till, err = till.New(ctx, till.Config{Store: s.store, Settings: &set, Language: lang, Zone: zone, NewID: s.ids.next, Now: time.Now,
		Fiscal: s.registrar(), Rand: rand.New(rand.NewPCG(s.seed, 4)), Log: slog.New(slog.NewTextHandler(s.log, nil))})
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
	s.net.setLife(s.life)
}

// shut ends the shop.
func (s *shop) shut() {
	s.life.kill()
	s.Stop()
	s.must(s.store.Close())
	s.net.late.Wait()
	s.unit.Faults.Mend()
	s.program.close()
}

// goods are what the shop sells: by the piece and by weight, at every rate that there is in 2026.
func goods(yield func(register.Product, error) bool) {
	rates := []register.VAT{register.VAT22, register.VAT10, register.VATNone, register.VAT0, register.VAT5, register.VAT7, register.VAT22}
	for i, price := range []register.Money{100_00, 89_90, 1299_00, 33_33, 5_00, 269_10, 749_00} {
		p := register.Product{ID: fmt.Sprint(i), Name: fmt.Sprintf("Товар «№ %d»", i), Price: price, Barcodes: []string{barcode(i)},
			Unit: register.Piece, VAT: rates[i]}
		if i == 6 {
			p.Unit = register.Kilogram
		}
		if !yield(p, nil) {
			return
		}
	}
}

const kinds = 7 // of goods

func barcode(i int) string { return fmt.Sprintf("shop-%04d", i) }
