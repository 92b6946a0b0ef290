package till

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"kassa/fiscal"
	"kassa/fiscal/models"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/printer"
	"kassa/printer/escpos"
	"kassa/register"
	"kassa/sync/push"
)

// Config is what a till is made of. Store and Language are needed; a part that is nil is one that the till does not
// have.
type Config struct {
	Store    *localdb.Store
	Settings *Settings      // what the shop chose; DefaultSettings when nil
	Shop     Shop           // of a till that has no Settings
	Language *i18n.Language // of the slips
	Zone     *time.Location // the shop's time zone; time.Local when nil

	Payments    Payments            // where QR payments are made
	Direct      bool                // Payments is a bank that the till asks itself
	Setting     string              // by which of the till's settings Payments was made; see Connect
	Others      map[string]Payments // by other settings, for payments that were begun by them
	BankTrouble Code                // why there is no Payments where a bank was chosen
	Keyring     Keyring             // where the key of the bank's settings is kept; the till's folder alone when nil
	Printer     printer.Transport
	Profile     escpos.Profile
	Server      push.Server

	Fiscal        fiscal.Device   // the fiscal registrar
	FiscalTrouble Code            // why there is no Fiscal where one was chosen
	Drivers       []fiscal.Driver // of the fiscal registrars that may be chosen; those of package models when nil

	// PracticePay plays the buyer in a practice world: it pays the code of a payment by the bank's id.
	PracticePay func(ctx context.Context, bankID string) error
	Practice    bool

	Version string           // of the program, told to the server
	Now     func() time.Time // time.Now when nil
	NewID   func() string    // UUIDv7 when nil
	Rand    *rand.Rand       // for the pauses of the sync worker; seeded by the system when nil
	Log     *slog.Logger     // nothing is logged when nil
}

// Till is one cash register at work. Make it with New, start its background work with Start, end it with Stop.
type Till struct {
	c     Config
	tasks tasks
	now   atomic.Pointer[parts] // what the till is connected to

	mu         sync.Mutex
	sync       *push.Worker
	settings   *Settings // never changed, only replaced
	fresh      bool      // nobody may sign in yet
	cashier    string
	role       Role
	turn       int64 // grows whenever somebody signs in or out
	leave      *leave
	held       int
	goods      Code      // CodeGoodsLost until a price list was taken in
	newest     time.Time // the latest moment that any operation bears
	shift      Shift
	cart       register.Cart
	busy       bool // a commit is under way: nothing may change the cart or begin another
	current    *follower
	parked     []*follower
	last       *Sold
	parkedSold *Sold
	back       *refunder
	backs      []*refunder // with the one in back
	backDone   *Sold
	late       []*late // what is watched, oldest first
	server     Server
	printer    Printer
	bank       Bank
	registrar  *registrar
	revision   int64
	watchers   map[*watcher]struct{}

	view         atomic.Pointer[View]
	drafts       sync.Mutex // held while the draft is written, and by a commit that clears it
	pins         sync.Mutex // one PIN at a time
	reconnecting sync.Mutex
	print        chan struct{}
	drawer       drawerWish
	unproved     unproved
	draft        chan struct{}
	lateNews     chan struct{} // the payments to be watched are others
	lateNow      chan struct{} // all of them are to be looked at
	fiscalNews   chan struct{} // there is something for the fiscal registrar to do
}

// New makes a till from what its database holds: the open shift, the receipt that was being rung up, and the QR
// payments that were left open.
func New(ctx context.Context, c Config) (*Till, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.NewID == nil {
		c.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	if c.Rand == nil {
		c.Rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Zone == nil {
		c.Zone = time.Local
	}
	if c.Drivers == nil {
		c.Drivers = models.All()
	}
	if c.Settings == nil {
		s := DefaultSettings()
		s.Shop = c.Shop
		c.Settings = &s
	}
	settings := c.Settings.Clone()
	t := &Till{c: c, settings: &settings, watchers: map[*watcher]struct{}{}, print: make(chan struct{}, 1), draft: make(chan struct{}, 1),
		drawer: drawerWish{asked: make(chan struct{}, 1)}, lateNews: make(chan struct{}, 1), lateNow: make(chan struct{}, 1), fiscalNews: make(chan struct{}, 1)}
	t.plug(partsOf(c))
	if err := t.load(ctx); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.changed()
	return t, nil
}

func (t *Till) load(ctx context.Context) error {
	if err := t.loadShift(ctx); err != nil {
		return err
	}
	if err := t.loadNewest(ctx); err != nil {
		return err
	}
	if aside := t.c.Store.SetAside(); aside != "" {
		t.goods = CodeGoodsLost
		t.c.Log.Error("the catalogue could not be opened and was set aside", "file", aside)
	}
	draft, err := t.c.Store.Draft(ctx)
	if err != nil {
		return err
	}
	if t.cart, err = register.RestoreCart(draft); err != nil {
		t.c.Log.Warn("the receipt that was being rung up cannot be restored", "error", err)
	}
	t.cart.SetRules(t.settings.rules())
	if t.held, err = t.c.Store.HeldCount(ctx); err != nil {
		return err
	}
	cashiers, err := t.c.Store.Cashiers(ctx)
	if err != nil {
		return err
	}
	t.fresh = len(cashiers) == 0
	if err := errors.Join(t.loadQR(ctx), t.loadBacks(ctx), t.loadLate(ctx), t.registrar.load(ctx)); err != nil {
		return err
	}
	if err := t.c.Store.DoubtLeftJobs(ctx); err != nil {
		return err
	}
	if t.printer.Waiting, t.printer.Doubt, err = t.c.Store.JobCounts(ctx); err != nil {
		return err
	}
	t.server.Waiting, err = t.c.Store.Waiting(ctx)
	return err
}

func (t *Till) loadShift(ctx context.Context) error {
	sh, err := t.c.Store.LastShift(ctx)
	if err != nil {
		return err
	}
	t.shift = Shift{Open: sh.Open, Number: sh.Number, Opened: sh.Opened, Cashier: sh.Cashier, Totals: sh.Totals}
	return nil
}

// Start begins the background work: sending, printing, fiscal receipts, following QR payments. It returns at once.
func (t *Till) Start(ctx context.Context) {
	t.tasks.start(ctx)
	t.tasks.do(t.keepDraft)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sync != nil {
		t.tasks.do(t.sync.Run)
	}
	if t.parts().printer != nil {
		t.tasks.do(t.printJobs)
	}
	if t.parts().payments != nil {
		t.tasks.do(t.watchBank)
	}
	if t.registrar.device != nil {
		t.tasks.do(t.registrar.run)
	}
	// Also with no bank at all: what was paid, or went back, is still to be written.
	t.tasks.do(t.watchLate)
	for _, f := range t.followers() {
		t.follow(f)
	}
	for _, b := range t.backs {
		t.followBack(b)
	}
}

// follow runs a follower, if it does not run already. t.mu is held.
func (t *Till) follow(f *follower) {
	if f.running {
		return
	}
	f.running = t.tasks.do(func(ctx context.Context) {
		f.run(ctx)
		t.mu.Lock()
		defer t.mu.Unlock()
		f.running = false
		if f.renewing && f.done && ctx.Err() == nil {
			t.follow(f) // asked for in the last moment
		}
	})
}

// Stop ends the background work and waits for it. What was not finished goes on at the next start.
func (t *Till) Stop() {
	t.reconnecting.Lock() // it would start the work again
	defer t.reconnecting.Unlock()
	t.tasks.stop()
}

// tasks are goroutines that end together.
type tasks struct {
	mu     sync.Mutex
	base   context.Context // what start was given
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func (k *tasks) start(ctx context.Context) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.base = ctx
	k.ctx, k.cancel = context.WithCancel(ctx)
}

// do runs f on a goroutine of its own; before start and after stop it does nothing, and says so.
func (k *tasks) do(f func(context.Context)) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ctx == nil || k.ctx.Err() != nil {
		return false
	}
	ctx := k.ctx
	k.wg.Go(func() { f(ctx) })
	return true
}

// halt is stop for those who go on with start; base is what start was given, nil when nothing ran.
func (k *tasks) halt() (base context.Context) {
	k.mu.Lock()
	base = k.base
	running := k.ctx != nil && k.ctx.Err() == nil
	k.mu.Unlock()
	k.stop()
	if !running || base.Err() != nil {
		return nil
	}
	return base
}

func (k *tasks) stop() {
	k.mu.Lock()
	if k.cancel != nil {
		k.cancel()
	}
	k.mu.Unlock()
	k.wg.Wait()
}

// disk wraps an error of the store: nothing was written.
func disk(err error) error {
	if err == nil {
		return nil
	}
	var p *Problem
	if errors.As(err, &p) {
		return err
	}
	return problem(CodeDisk, err)
}
