package till_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kassa/app/pricelist"
	"kassa/app/till"
	"kassa/assets/catalogue"
	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/printer/escpos"
	"kassa/register"
)

// fate is what becomes of one call.
type fate string

// What may become of a call. The first five are of Make, the others of Find.
const (
	lostBefore fate = "lost before" // the answer is lost, and the document was not made
	lostAfter  fate = "lost after"  // the answer is lost, and it was made
	unsent     fate = "unsent"      // nothing was sent, and the caller knows it
	dieBefore  fate = "die before"  // the till dies before the registrar has heard of it
	dieAfter   fate = "die after"   // the till dies after it was made

	silent fate = "silent" // no answer: ask again later
	blank  fate = "blank"  // it cannot tell, and never will

	puzzling fate = "puzzling" // an answer that makes no sense
)

// machine is a registrar with a virtual device inside, on whose wires anything may happen.
type machine struct {
	device *fnsim.Device

	mu    sync.Mutex
	off   bool
	fates map[string][]fate // of the next calls, by method; a fate that is a trouble's name is a refusal
	tries map[string]outcome
	made  []fiscal.Document // what it was asked to make, in this order
	dead  chan struct{}     // closed when the till died
	can   fiscal.Capabilities
	calls int
	doom  int  // the till dies at this call
	after bool // after the call has had its effect

	noZone bool // its clock tells no zone
}

type outcome struct {
	receipt fiscal.Receipt
	err     error
}

func newMachine(t testing.TB, setup fnsim.Setup) *machine {
	t.Helper()
	d, err := fnsim.New(setup)
	if err != nil {
		t.Fatal(err)
	}
	return &machine{device: d, fates: map[string][]fate{}, tries: map[string]outcome{}, dead: make(chan struct{}),
		can: fiscal.Capabilities{Corrections: true, CorrectionLines: true, ReturnCorrection: true, NoPaper: true, CashMoves: true, Copies: true, VAT22: true}}
}

// will says what becomes of the next calls of a method.
func (m *machine) will(method string, fates ...fate) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fates[method] = append(m.fates[method], fates...)
}

func (m *machine) next(method string) fate {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.fates[method]) == 0 {
		return ""
	}
	f := m.fates[method][0]
	m.fates[method] = m.fates[method][1:]
	return f
}

func (m *machine) setOff(off bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.off = off
}

// forget loses what it remembers of tries: from now on it looks into the device's memory, which says nothing of paper.
func (m *machine) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, o := range m.tries {
		o.receipt.NotPrinted = false
		m.tries[id] = o
	}
}

func (m *machine) isOff() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.off
}

// dies has the till die at one of the next calls of whatever method, before or after its effect.
func (m *machine) dies(at int, after bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.doom, m.after, m.dead = m.calls+at, after, make(chan struct{})
}

// doomed counts a call, and tells whether the till dies at it.
func (m *machine) doomed() (now, after bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	return m.calls == m.doom, m.after
}

func failed(fate error, trouble fiscal.Trouble) error {
	return &fiscal.Error{Fate: fate, Trouble: trouble, Words: "слова регистратора"}
}

func (m *machine) State(ctx context.Context) (fiscal.State, error) {
	if now, _ := m.doomed(); now {
		_, err := m.die(ctx)
		return fiscal.State{}, err
	}
	return m.state()
}

func (m *machine) state() (fiscal.State, error) {
	if m.isOff() {
		return fiscal.State{}, failed(nil, fiscal.TroubleOff)
	}
	s, err := m.device.Status()
	if err != nil {
		return fiscal.State{}, failed(nil, fiscal.TroubleOff)
	}
	if m.noZone {
		_, off := s.Clock.Zone()
		s.Clock = s.Clock.Add(time.Duration(off) * time.Second).UTC()
	}
	return fiscal.State{Model: s.Model, FFD: s.FFD, Clock: s.Clock, Shift: s.Shift, Number: s.Number, Expires: s.Expires, PaperOut: s.PaperOut,
		CoverOpen: s.CoverOpen, FN: s.FN, Last: s.Last, FNUntil: s.FNUntil, Unsent: s.Unsent, UnsentSince: s.UnsentSince, Drawer: s.Drawer, Can: m.can}, nil
}

func (m *machine) Before(ctx context.Context) (fiscal.Before, error) {
	if now, _ := m.doomed(); now {
		_, err := m.die(ctx)
		return fiscal.Before{}, err
	}
	s, err := m.state()
	return fiscal.Before{FN: s.FN, Last: s.Last, Drawer: s.Drawer}, err
}

func (m *machine) Make(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	if m.isOff() {
		return fiscal.Receipt{}, failed(fiscal.ErrAbsent, fiscal.TroubleOff)
	}
	f := m.next("make")
	if now, after := m.doomed(); now && after {
		f = dieAfter
	} else if now {
		f = dieBefore
	}
	switch f {
	case "", lostAfter, dieAfter:
		r, err := m.make(ctx, try)
		if f == dieAfter {
			return m.die(ctx)
		}
		if f == lostAfter {
			return fiscal.Receipt{}, failed(fiscal.ErrUnknown, fiscal.TroubleOff)
		}
		return r, err
	case lostBefore:
		return fiscal.Receipt{}, failed(fiscal.ErrUnknown, fiscal.TroubleOff)
	case unsent:
		return fiscal.Receipt{}, failed(fiscal.ErrAbsent, fiscal.TroubleOff)
	case dieBefore:
		return m.die(ctx)
	default:
		err := failed(fiscal.ErrRefused, fiscal.Trouble(f))
		m.keep(try, outcome{err: err})
		return fiscal.Receipt{}, err
	}
}

func (m *machine) die(ctx context.Context) (fiscal.Receipt, error) {
	close(m.dead)
	<-ctx.Done()
	return fiscal.Receipt{}, ctx.Err()
}

func (m *machine) keep(try fiscal.Try, o outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tries[try.ID] = o
}

// make has the device make it, unless it knows the try.
func (m *machine) make(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	m.mu.Lock()
	known, ok := m.tries[try.ID]
	m.made = append(m.made, try.Document)
	m.mu.Unlock()
	if ok {
		return known.receipt, known.err
	}
	doc := fnsim.FromFiscal(try.Document, fnsim.FFD12)
	r, err := m.device.Make(ctx, doc)
	var o outcome
	if err != nil {
		o.err = failed(fiscal.ErrRefused, troubleOf(fnsim.CodeOf(err)))
		o.err.(*fiscal.Error).Err = err
	} else {
		o.receipt = fiscal.Receipt{FN: r.FN, Number: r.Number, Sign: r.Sign, At: r.At, Shift: r.Shift, InShift: r.InShift, Registration: r.Registration,
			Total: r.Sum, QR: r.QR, NotPrinted: r.NotPrinted}
	}
	m.keep(try, o)
	return o.receipt, o.err
}

func troubleOf(c fnsim.Code) fiscal.Trouble {
	switch c {
	case fnsim.NoLink:
		return fiscal.TroubleOff
	case fnsim.Busy: // or the till was stopped while it waited
		return fiscal.TroubleBusy
	case fnsim.NoPaper, fnsim.ReportBlocks:
		return fiscal.TroublePaper
	case fnsim.CoverOpen:
		return fiscal.TroubleCover
	case fnsim.ShiftExpired:
		return fiscal.TroubleShiftExpired
	case fnsim.ShiftClosed:
		return fiscal.TroubleShiftClosed
	case fnsim.ShiftOpen:
		return fiscal.TroubleShiftOpen
	case fnsim.DrawerTooLow:
		return fiscal.TroubleCash
	case fnsim.OFDTimeout:
		return fiscal.TroubleUnsent
	}
	return fiscal.TroubleDocument
}

func (m *machine) Find(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	if m.isOff() {
		return fiscal.Receipt{}, failed(fiscal.ErrUnknown, fiscal.TroubleOff)
	}
	if now, _ := m.doomed(); now {
		return m.die(ctx)
	}
	switch m.next("find") {
	case silent:
		return fiscal.Receipt{}, failed(fiscal.ErrUnknown, fiscal.TroubleBusy)
	case puzzling:
		return fiscal.Receipt{}, failed(fiscal.ErrUnknown, fiscal.TroubleOther)
	case blank:
		return fiscal.Receipt{}, failed(fiscal.ErrUnclear, fiscal.TroubleOther)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if o, ok := m.tries[try.ID]; ok {
		return o.receipt, o.err
	}
	for _, r := range m.device.All() {
		if r.FN == try.Before.FN && r.Number > try.Before.Last && r.Kind == try.Document.Kind && r.Attribute.Value == try.Document.Mark && try.Document.Kind.Receipt() {
			return fiscal.Receipt{FN: r.FN, Number: r.Number, Sign: r.Sign, At: r.At, Shift: r.Shift, InShift: r.InShift, Total: r.Sum, QR: r.QR}, nil
		}
	}
	return fiscal.Receipt{}, failed(fiscal.ErrAbsent, fiscal.TroubleOther)
}

func (m *machine) Resume(context.Context) error { return m.device.Resume() }

func (m *machine) Copy(_ context.Context, number int64) error {
	if err := m.device.Copy(number); err != nil {
		return failed(fiscal.ErrCannot, fiscal.TroubleCannot)
	}
	return nil
}

// paperEnds has the paper run out in the middle of the next document.
var paperEnds = fnsim.Plan{Name: fnsim.PaperEnds, Times: 1}

// desk is a till with a registrar, in a bubble of time of its own.
type desk struct {
	*testing.T
	dir      string
	log      *lines
	machine  *machine
	set      till.FiscalSettings
	drivers  []fiscal.Driver
	connects bool // the parts come from the settings, as in a program
	paper    spool
	profile  escpos.Profile

	*till.Till
	store *localdb.Store
}

// atDesk runs a test at a till with a registrar.
func atDesk(t *testing.T, f func(*desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f(newDesk(t, newMachine(t, fnsim.Setup{})))
	})
}

func newDesk(t *testing.T, m *machine) *desk {
	t.Helper()
	d := &desk{T: t, dir: t.TempDir(), log: &lines{}, machine: m}
	d.open()
	t.Cleanup(func() {
		d.close()
		if t.Failed() {
			t.Logf("the till's log:\n%s", d.log)
		}
	})
	return d
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatalf("%v\n%s", err, d.log)
	}
}

func (d *desk) open() {
	d.Helper()
	var err error
	d.store, err = localdb.Open(d.Context(), localdb.Options{Dir: d.dir})
	d.must(err)
	d.firstDay()
	lang, err := i18n.Load(i18n.Russian)
	d.must(err)
	settings := till.DefaultSettings()
	settings.Fiscal = d.set
	c := till.Config{Store: d.store, Settings: &settings, Language: lang, Zone: time.UTC, Drivers: d.drivers, Log: slog.New(slog.NewTextHandler(d.log, nil))}
	if d.paper.jobs != nil {
		c.Printer, c.Profile = d.paper, d.profile
	}
	if d.connects {
		d.must(till.Connect(d.Context(), d.store, &c))
	} else if d.machine != nil {
		c.Fiscal = d.machine
	}
	d.Till, err = till.New(d.Context(), c)
	d.must(err)
	d.Start(context.Background())
}

func (d *desk) firstDay() {
	d.Helper()
	if n, err := d.store.GoodsCount(d.Context()); err != nil || n > 0 {
		return
	}
	hash, err := till.HashPIN(pin)
	d.must(err)
	d.must(d.store.SetCashier(d.Context(), localdb.Cashier{ID: "c", Name: "Анна", PINHash: hash, Role: string(till.RoleOwner)}))
	list, err := pricelist.NewReader(catalogue.Demo())
	d.must(err)
	_, err = d.store.ImportGoods(d.Context(), list.Good(nil), nil)
	d.must(err)
}

func (d *desk) close() {
	d.Helper()
	d.Till.Stop()
	if err := d.store.Close(); err != nil {
		d.Error(err)
	}
}

func (d *desk) reopen() {
	d.Helper()
	d.close()
	d.open()
	d.must(d.SignIn(d.Context(), pin))
}

// working signs in and opens the shift.
func (d *desk) working() {
	d.Helper()
	d.must(d.SignIn(d.Context(), pin))
	if !d.View().Shift.Open {
		d.must(d.OpenShift(d.Context()))
	}
}

// sell sells some milk for cash.
func (d *desk) sell(n int) till.Sold {
	d.Helper()
	_, err := d.Scan(d.Context(), milk, register.Quantity(n)*register.One)
	d.must(err)
	sold, err := d.PayCash(d.Context(), d.View().Due)
	d.must(err)
	return sold
}

// rest lets everything happen that happens by itself for a while.
func (d *desk) rest(a time.Duration) till.View {
	d.Helper()
	time.Sleep(a)
	synctest.Wait()
	return d.View()
}

// kinds are the kinds of the device's documents, in their order, without the registration.
func (d *desk) kinds() string {
	var all []string
	for _, r := range d.machine.device.All() {
		if r.Kind != fnsim.Registering {
			all = append(all, string(r.Kind))
		}
	}
	return strings.Join(all, " ")
}

// moves are the kinds of what the device made and keeps in no fiscal storage, in their order.
func (d *desk) moves() string {
	var all []string
	for _, r := range d.machine.device.Moves() {
		all = append(all, string(r.Kind))
	}
	return strings.Join(all, " ")
}

// marks count the device's documents by the operation whose mark they bear.
func (d *desk) marks() map[string]int {
	all := map[string]int{}
	for _, r := range d.machine.device.All() {
		if r.Attribute.Value != "" {
			all[r.Attribute.Value]++
		}
	}
	return all
}

// operations is the history, oldest first.
func (d *desk) operations() []localdb.Stored {
	d.Helper()
	all, err := d.store.Since(d.Context(), 0, 10_000)
	d.must(err)
	return all
}

// fiscalised are the fiscal documents of the history, by the operation that they are of.
func (d *desk) fiscalised() map[string][]register.FiscalDocument {
	d.Helper()
	all := map[string][]register.FiscalDocument{}
	for _, o := range d.operations() {
		if o.Kind == register.KindFiscalDocument {
			b, err := o.FiscalDocument()
			d.must(err)
			all[b.Of.ID] = append(all[b.Of.ID], b)
		}
	}
	return all
}

// agrees holds the history to the device, one to one: every receipt of the till has one fiscal document, which is in the
// device's memory with the same number, sign and sum, and the device has no others.
func (d *desk) agrees() {
	d.Helper()
	made, marks, records := d.fiscalised(), d.marks(), map[int64]fnsim.Record{}
	for _, r := range d.machine.device.All() {
		records[r.Number] = r
	}
	receipts := 0
	for _, o := range d.operations() {
		switch o.Kind {
		case register.KindSale, register.KindReturn, register.KindPrepayment, register.KindPrepaymentReturn:
		default:
			continue
		}
		receipts++
		if len(made[o.ID]) != 1 || marks[o.ID] != 1 {
			d.Errorf("%s %d has %d fiscal documents in the history and %d in the device", o.Kind, o.Number, len(made[o.ID]), marks[o.ID])
			continue
		}
		m := made[o.ID][0]
		if r := records[m.Number]; m.FN != r.FN || m.Sign != r.Sign || m.Total != r.Sum || m.QR != r.QR || r.Attribute.Value != o.ID || !m.At.Equal(r.At) {
			d.Errorf("%s %d: the history says %+v, the device %+v", o.Kind, o.Number, m, r)
		}
	}
	n := 0
	for _, c := range marks {
		n += c
	}
	for _, r := range records {
		if r.Kind.Receipt() && r.Attribute.Value == "" {
			d.Errorf("the device made %d for no operation", r.Number)
		}
	}
	if n < receipts {
		d.Errorf("%d receipts, %d in the device", receipts, n)
	}
	d.whole()
}

// whole holds that the database agrees with itself.
func (d *desk) whole() {
	d.Helper()
	r, err := d.store.Verify(d.Context())
	if err != nil || len(r.Faults) > 0 {
		d.Errorf("verified: %+v, %v", r, err)
	}
}

// clear holds that nothing is left to do, and nothing stands in the way.
func (d *desk) clear() {
	d.Helper()
	f := d.View().Fiscal
	if f.Waiting+f.Unclear+f.Refused+f.Unprinted > 0 || f.Trouble != "" || f.Link != till.LinkUp || !f.Since.IsZero() {
		d.Errorf("there is something left: %s", fiscalText(f))
	}
}

func fiscalText(f till.Fiscal) string {
	return fmt.Sprintf("link %s, trouble %q %q, %d waiting since %v, %d unclear, %d refused, %d unprinted, shift %s, warnings %v", f.Link, f.Trouble, f.Message,
		f.Waiting, f.Since, f.Unclear, f.Refused, f.Unprinted, f.State.Shift, f.Warnings)
}

// shows holds what the screen tells of the registrar.
func (d *desk) shows(link till.Link, trouble till.Code, waiting int) till.Fiscal {
	d.Helper()
	f := d.View().Fiscal
	if f.Link != link || f.Trouble != trouble || f.Waiting != waiting || (waiting > 0) == f.Since.IsZero() {
		d.Errorf("want link %s, trouble %q, %d waiting; %s", link, trouble, waiting, fiscalText(f))
	}
	return f
}
