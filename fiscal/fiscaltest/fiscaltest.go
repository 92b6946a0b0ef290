// Package fiscaltest is what every registrar's adapter must be able to do, as tests. An adapter runs it against its
// simulator, over a real wire:
//
//	func TestRegistrar(t *testing.T) {
//		fiscaltest.Run(t, func(t *testing.T, s fnsim.Setup) fiscaltest.Fixture { … })
//	}
//
// The tests make documents the way the till does (package fiscal, "Once, and only once"), and look into the fiscal
// storage behind the simulator for what came of it: one document for one operation, with the sums and the VAT that were
// asked for.
package fiscaltest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

// Fixture is an adapter, the device behind its simulator, and the hands to move both. A field may be nil or empty only
// where it says so.
type Fixture struct {
	// Sim is the device. The simulator serves it through fnsim.Wire, so that it plays all of Sim.Faults.
	Sim *fnsim.Device

	// Adapter opens the adapter of the simulator. The deadline in the options is of real time.
	Adapter func(o fiscal.Options) fiscal.Device

	// WrongPassword does, with another password; nil: there are no passwords.
	WrongPassword func(o fiscal.Options) fiscal.Device

	// Restart ends the program that serves the device, in the middle of whatever it does, and starts it again at the same
	// address with what it had kept on disk.
	Restart func()

	// Forget does the same, with nothing kept on disk: it knows none of the tries that it was sent.
	Forget func()

	// Secrets are what no error may show.
	Secrets []string

	// NoMark tells that the device has no room for an operation's mark in its documents: what is alike cannot be told
	// apart once the program has forgotten a try.
	NoMark bool

	// MakeMethod names the request that asks for a document of a kind, as the simulator's Wire names it; nil: any request.
	MakeMethod func(fiscal.Kind) string
}

// Clock is a clock that is moved by hand. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock gives a clock that stands at five past noon in Moscow on the fourteenth day of March 2026.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 3, 14, 9, 5, 0, 0, time.UTC)} }

// Now is where the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves it on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Deadlines of one document: one that every answer of a simulator meets, and one for answers that never come.
const (
	patient = 20 * time.Second
	hurried = 300 * time.Millisecond
)

// Open opens a fixture for a test, with a device that is set up so.
type Open func(t *testing.T, s fnsim.Setup) Fixture

// Run runs the suite. Each test opens a fixture of its own.
func Run(t *testing.T, open Open) {
	for _, tests := range []map[string]test{life(), refusals(), states(), oddities()} {
		for name, test := range tests {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test.run(t, newTill(t, open, test))
			})
		}
	}
	runLosses(t, open)
}

// test is one test, and what it wants.
type test struct {
	run      func(t *testing.T, s *till)
	setup    func(*fnsim.Setup) // nil: as New fills it
	deadline time.Duration      // patient when zero
}

// till is a fixture with the hands of a till.
type till struct {
	Fixture
	*Clock
	t        *testing.T
	setup    fnsim.Setup
	deadline time.Duration // of hurriedly
	Device   fiscal.Device // patient, until hurriedly
}

func newTill(t *testing.T, open Open, want test) *till {
	t.Helper()
	s := &till{t: t, Clock: NewClock(), deadline: want.deadline}
	s.setup = fnsim.Setup{Clock: s.Now, Seed: 7}
	if want.setup != nil {
		want.setup(&s.setup)
	}
	if s.deadline == 0 {
		s.deadline = patient
	}
	s.Fixture = open(t, s.setup)
	s.patiently()
	return s
}

func (s *till) options(deadline time.Duration) fiscal.Options {
	return fiscal.Options{Now: s.Now, Deadline: deadline, Pause: 2 * time.Millisecond}
}

// patiently opens the adapter anew with a deadline that every answer meets.
func (s *till) patiently() { s.Device = s.Adapter(s.options(patient)) }

// hurriedly opens it anew with the deadline that the test wants. What must go well is made before that: on a machine that is
// busy a short deadline may end anything.
func (s *till) hurriedly() { s.Device = s.Adapter(s.options(s.deadline)) }

// until is a context that ends when something has happened at the device.
func (s *till) until(happened func() bool) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancel(s.ctx())
	go func() {
		for ctx.Err() == nil && !happened() {
			time.Sleep(time.Millisecond)
		}
		stop()
	}()
	return ctx, stop
}

// absent checks that nothing was made where that is said.
func (s *till) absent(err error, before count) {
	s.t.Helper()
	if errors.Is(err, fiscal.ErrAbsent) {
		s.same(before)
	}
}

// ctx is long enough for any answer that comes at all.
func (s *till) ctx() context.Context {
	ctx, stop := context.WithTimeout(s.t.Context(), 2*patient)
	s.t.Cleanup(stop)
	return ctx
}

// newID is an id as the till makes them.
func (s *till) newID() string {
	s.t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		s.t.Fatal(err)
	}
	return id.String()
}

// try begins a try: how the device stands is asked before anything is sent.
func (s *till) try(doc fiscal.Document) fiscal.Try {
	s.t.Helper()
	before, err := s.Device.Before(s.ctx())
	if err != nil {
		s.t.Fatalf("before %s: %v", doc.Kind, err)
	}
	return fiscal.Try{ID: s.newID(), Before: before, Document: doc}
}

// make has a document made that nothing stands in the way of, and compares it with the device's.
func (s *till) make(doc fiscal.Document) (fiscal.Try, fiscal.Receipt) {
	s.t.Helper()
	try := s.try(doc)
	r, err := s.Device.Make(s.ctx(), try)
	if err != nil {
		s.t.Fatalf("%s: %v", doc.Kind, err)
	}
	s.agrees(try, r)
	return try, r
}

// begin opens the shift and puts cash into the drawer.
func (s *till) begin() {
	s.t.Helper()
	s.make(s.doc(fiscal.OpenShift))
	s.make(s.cash(fiscal.CashIn, 1000_00))
}

// refused tries to make a document that the device must refuse with a trouble, and checks that it made none.
func (s *till) refused(doc fiscal.Document, want fiscal.Trouble) fiscal.Try {
	s.t.Helper()
	try, before := s.try(doc), s.look()
	_, err := s.Device.Make(s.ctx(), try)
	if !errors.Is(err, fiscal.ErrRefused) || fiscal.TroubleOf(err) != want {
		s.t.Errorf("%s: %v, want it refused: %s", doc.Kind, err, want)
	}
	s.contract(err)
	s.same(before)
	if _, err := s.Device.Find(s.ctx(), try); !errors.Is(err, fiscal.ErrRefused) && !errors.Is(err, fiscal.ErrAbsent) {
		s.t.Errorf("%s was refused, and then: %v", doc.Kind, err)
	}
	return try
}

// count is what can be counted at the device.
type count struct {
	documents int
	drawer    register.Money
}

func (s *till) look() count { return count{len(s.Sim.All()), s.Sim.Look().Drawer} }

// same checks that the device made nothing.
func (s *till) same(before count) {
	s.t.Helper()
	if now := s.look(); now != before {
		s.t.Errorf("the device had %+v, and has %+v", before, now)
	}
}

// of lists the documents that the device has for a try.
func (s *till) of(try fiscal.Try) []fnsim.Record {
	var all []fnsim.Record
	later := false // than the fiscal storage of the try
	for _, r := range s.Sim.All() {
		same := r.FN == try.Before.FN
		if (same && r.Number > try.Before.Last || !same && later) && r.Kind == try.Document.Kind && s.marked(r, try.Document) {
			all = append(all, r)
		}
		later = later || same
	}
	return all
}

// marked tells whether a document of the device has the mark of one that was asked for, where there is room for it:
// reports of a shift, and corrections of FFD 1.05, may have none.
func (s *till) marked(r fnsim.Record, d fiscal.Document) bool {
	return r.Attribute.Value == d.Mark || r.Attribute.Value == "" && (s.NoMark || !r.Kind.Receipt() || len(r.Lines) == 0)
}

// agrees checks what the adapter told of a document: it is the only one, it is what was asked for, and the device tells
// the same.
func (s *till) agrees(try fiscal.Try, r fiscal.Receipt) {
	s.t.Helper()
	if !try.Document.Kind.Stored() {
		if r.Number != 0 || r.FN != "" || r.QR != "" || r.At.IsZero() {
			s.t.Errorf("%s: %+v", try.Document.Kind, r)
		}
		return
	}
	all := s.of(try)
	if len(all) != 1 {
		s.t.Fatalf("%s: the device has %d documents for one try: %+v", try.Document.Kind, len(all), all)
	}
	if err := Compare(try.Document, all[0]); err != nil {
		s.t.Error(err)
	}
	if err := CompareReceipt(r, all[0]); err != nil {
		s.t.Error(err)
	}
}

// contract checks that an error is one of those that Make and Find give.
func (s *till) contract(err error) {
	s.t.Helper()
	if err == nil {
		return
	}
	var e *fiscal.Error
	if !errors.As(err, &e) {
		s.t.Fatalf("no error of package fiscal: %v", err)
	}
	fates := 0
	for _, fate := range []error{fiscal.ErrRefused, fiscal.ErrAbsent, fiscal.ErrUnknown, fiscal.ErrUnclear, fiscal.ErrCannot} {
		if errors.Is(err, fate) {
			fates++
		}
	}
	if fates != 1 || e.Trouble == "" {
		s.t.Errorf("an error with %d fates and trouble %q: %v", fates, e.Trouble, err)
	}
	s.discreet(err)
}

// discreet checks that an error tells no secrets.
func (s *till) discreet(err error) {
	s.t.Helper()
	for _, secret := range s.Secrets {
		if strings.Contains(err.Error(), secret) {
			s.t.Errorf("it tells a secret: %v", err)
		}
	}
}

// follow brings a try to its end as a till does: nothing is sent anew while the old may still become a document. It is
// false when a person has to decide.
func (s *till) follow(try fiscal.Try) (fiscal.Try, fiscal.Receipt, bool) {
	s.t.Helper()
	r, err := s.Device.Make(s.ctx(), try)
	for range 200 {
		s.contract(err)
		switch {
		case err == nil:
			return try, r, true
		case errors.Is(err, fiscal.ErrUnclear):
			return try, r, false
		case errors.Is(err, fiscal.ErrUnknown):
			s.mend(err)
			r, err = s.Device.Find(s.ctx(), try)
		case errors.Is(err, fiscal.ErrAbsent):
			s.mend(err)
			r, err = s.Device.Make(s.ctx(), try)
		case errors.Is(err, fiscal.ErrRefused):
			s.mend(err)
			try = s.try(try.Document)
			r, err = s.Device.Make(s.ctx(), try)
		default:
			s.t.Fatal(err)
		}
	}
	s.t.Fatalf("it has come to no end: %v", err)
	return try, r, false
}

// mend puts right what a cashier can, and lets a little time go by.
func (s *till) mend(err error) {
	s.t.Helper()
	s.Advance(time.Second)
	time.Sleep(2 * time.Millisecond) // a simulator may find out about its device by itself
	s.Sim.SetPower(true)
	if trouble := fiscal.TroubleOf(err); trouble == fiscal.TroublePaper || trouble == fiscal.TroubleCover {
		s.Sim.SetPaper(true)
		s.Sim.SetCover(false)
		if err := s.Device.Resume(s.ctx()); err != nil {
			s.t.Errorf("after paper was put in: %v", err)
		}
	}
}
