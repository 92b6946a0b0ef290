package till_test

import (
	"context"

	"log/slog"
	"net"
	"net/http/httptest"

	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kassa/app/pricelist"
	"kassa/app/till"
	"kassa/assets/catalogue"
	"kassa/banks"
	"kassa/banks/tbank"
	"kassa/banks/tbank/tbanksim"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/printer/escpos"
	"kassa/printer/printersim"
	"kassa/printer/tcp"
	"kassa/register"
)

// The practice cashier, and two of the demo catalogue's goods.
const (
	pin   = "2468"
	milk  = "0400000000015" // 84.90
	bread = "0400000000022" // 89.90
)

// world is a shop for one test: a till on a real database file, a practice bank and a practice printer behind real
// sockets.
type world struct {
	*testing.T
	dir   string
	clock *clock
	bank  *tbanksim.Bank
	url   string
	paper *printersim.Printer
	addr  string
	stop  func()
	log   *lines

	payments till.Payments // where QR payments are made; the practice bank when nil
	bankless bool          // the settings of the bank are lost

	*till.Till
	store *localdb.Store
}

type clock struct {
	mu  sync.Mutex
	off time.Duration
}

// now runs with the real clock, for the pauses of the code under test are real, and can be moved ahead.
func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.off)
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off += d
}

// lines is a log that can be looked at.
type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// eager is a bank that may be asked at any pace, so that tests need not wait.
type eager struct{ banks.Bank }

func (e eager) Can() banks.Capabilities {
	can := e.Bank.Can()
	can.Poll = 5 * time.Millisecond
	return can
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, tbanksim.Config{})
}

// newWorldWith is newWorld with a bank that behaves like this.
func newWorldWith(t *testing.T, bank tbanksim.Config) *world {
	t.Helper()
	w := &world{T: t, dir: t.TempDir(), clock: &clock{}, log: &lines{}}
	var err error
	bank.Terminal, bank.Password, bank.Clock, bank.Hang = "TillDEMO", "p", w.clock.now, 50*time.Millisecond
	if w.bank, err = tbanksim.New(bank); err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(w.bank.Handler())
	t.Cleanup(h.Close)
	w.url = h.URL + "/v2/"
	if w.paper, err = printersim.New(printersim.Config{Dir: filepath.Join(t.TempDir(), "paper"), Columns: 48, Clock: w.clock.now}); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- w.paper.Serve(ctx, l) }()
	t.Cleanup(func() { cancel(); <-served })
	w.addr = l.Addr().String()
	w.open()
	t.Cleanup(func() {
		w.close()
		if t.Failed() {
			t.Logf("the till's log:\n%s", w.log)
		}
	})
	return w
}

// open starts the till on its folder, as a program does.
func (w *world) open() {
	w.Helper()
	var err error
	if w.store, err = localdb.Open(w.Context(), localdb.Options{Dir: w.dir, Now: w.clock.now}); err != nil {
		w.Fatal(err)
	}
	w.firstDay()
	lang, err := i18n.Load(i18n.Russian)
	if err != nil {
		w.Fatal(err)
	}
	bank, err := tbank.New(tbank.Config{BaseURL: w.url, Terminal: "TillDEMO", Password: "p", Clock: w.clock.now, Timeout: 2 * time.Second})
	if err != nil {
		w.Fatal(err)
	}
	payments := w.payments
	if payments == nil {
		payments = till.NewDirectPayments(eager{bank}, w.clock.now)
	}
	if w.bankless {
		payments = nil
	}
	w.Till, err = till.New(w.Context(), till.Config{
		Store: w.store, Shop: till.Shop{Name: "Ромашка", Till: "1"}, Language: lang, Zone: time.UTC,
		Payments: payments, Direct: w.payments == nil,
		Printer: tcp.New(w.addr, tcp.Timeouts{}), Profile: escpos.Generic80(),
		Now: w.clock.now, Log: slog.New(slog.NewTextHandler(w.log, nil)),
	})
	if err != nil {
		w.Fatal(err)
	}
	w.Start(context.Background())
	w.stop = sync.OnceFunc(func() {
		w.Till.Stop()
		if err := w.store.Close(); err != nil {
			w.Error(err)
		}
	})
}

func (w *world) close() { w.stop() }

// reopen ends the program and starts it again.
func (w *world) reopen() {
	w.Helper()
	w.close()
	w.open()
}

func (w *world) firstDay() {
	w.Helper()
	groups, err := w.store.Groups(w.Context(), "")
	if err != nil || len(groups) > 0 {
		return
	}
	hash, err := till.HashPIN(pin)
	if err == nil {
		err = w.store.SetCashier(w.Context(), localdb.Cashier{ID: "c", Name: "Анна", PINHash: hash, Role: localdb.RoleCashier})
	}
	if err != nil {
		w.Fatal(err)
	}
	list, err := pricelist.NewReader(catalogue.Demo())
	if err != nil {
		w.Fatal(err)
	}
	if _, err := w.store.ImportGoods(w.Context(), list.Good(nil), nil); err != nil {
		w.Fatal(err)
	}
}

// must ends the test on an error.
func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// working signs in and opens the shift.
func (w *world) working() *world {
	w.Helper()
	w.must(w.SignIn(w.Context(), pin))
	if !w.View().Shift.Open {
		w.must(w.OpenShift(w.Context()))
	}
	return w
}

func (w *world) scan(barcodes ...string) {
	w.Helper()
	for _, b := range barcodes {
		_, err := w.Scan(w.Context(), b, register.One)
		w.must(err)
	}
}

// until waits for the view to be as f wants it.
func (w *world) until(what string, f func(till.View) bool) till.View {
	w.Helper()
	news := make(chan struct{}, 1)
	stop := w.Watch(func() {
		select {
		case news <- struct{}{}:
		default:
		}
	})
	defer stop()
	limit := time.After(time.Minute)
	for {
		if v := w.View(); f(v) {
			return v
		}
		select {
		case <-news:
		case <-limit:
			w.Fatalf("it never came to this: %s; the view is %+v, QR %+v", what, w.View(), w.View().QR)
		}
	}
}

// onScreen waits for a code that can be paid.
func (w *world) onScreen() till.QR {
	w.Helper()
	v := w.until("a code on the screen", func(v till.View) bool { return v.QR != nil && v.QR.Payload != "" })
	return *v.QR
}

// bankID is the bank's id of its newest payment.
func (w *world) bankID() string {
	w.Helper()
	all := w.bank.Payments("")
	if len(all) == 0 {
		w.Fatal("the bank knows of no payment")
	}
	return all[len(all)-1].ID
}

func (w *world) breakBank(f tbanksim.Fault, times int, method string) {
	w.Helper()
	w.must(w.bank.Break(tbanksim.FaultPlan{Name: f, Times: times, Method: method}))
}

// healthy checks the chain, and that exactly so many sales are in the journal.
func (w *world) healthy(sales int) {
	w.Helper()
	r, err := w.store.Verify(w.Context())
	if err != nil || len(r.Faults) > 0 {
		w.Errorf("verified: %+v, %v", r, err)
	}
	ops, err := w.Find(w.Context(), till.Search{}, 0, 1000)
	w.must(err)
	n := 0
	for _, o := range ops {
		if o.Kind == register.KindSale {
			n++
		}
	}
	if n != sales {
		w.Errorf("there are %d sales, want %d", n, sales)
	}
}

// printed waits for n slips and returns the newest as the paper shows it.
func (w *world) printed(n int) string {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), time.Minute)
	defer cancel()
	w.must(w.paper.Wait(ctx, n))
	jobs := w.paper.Jobs()
	if len(jobs) != n {
		w.Fatalf("%d slips were printed, want %d", len(jobs), n)
	}
	j := jobs[n-1]
	if j.Unknown > 0 || j.Widest > 48 {
		w.Errorf("slip %d: %d unknown bytes, %d columns", n, j.Unknown, j.Widest)
	}
	return j.Text
}
