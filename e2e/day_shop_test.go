package e2e

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver

	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
	"kassa/localdb"
	"kassa/printer/printersim"
	"kassa/register"
)

// The day's customer.
const (
	customerCard = "2900000000018"
	customerOff  = 700 // hundredths of a per cent
)

// newspaper is never in a basket.
const newspaper = "4600000000992"

type dayGood struct {
	code    string
	name    string
	price   int64
	weighed bool
}

// dayGoods are what buyers take. No two go to one line of a receipt.
func dayGoods() []dayGood {
	return []dayGood{
		{"4600000000015", "Молоко", 84_90, false}, {"4600000000022", "Хлеб", 45_35, false}, {"4600000000039", "Чай", 289_99, false},
		{"4600000000046", "Сахар", 74_01, false}, {"4600000000053", "Масло", 199_90, false}, {"4600000000060", "Шоколад", 99_49, false},
		{"4600000000077", "Сыр", 749_00, true}, {"4600000000084", "Яблоки", 159_93, true}, {"4600000000091", "Конфеты", 511_17, true},
		{"4600000000107", "Кофе", 1_389_90, false},
	}
}

func dayPrices() map[string]int64 {
	prices := map[string]int64{newspaper: 35_00}
	for _, g := range dayGoods() {
		prices[g.code] = g.price
	}
	return prices
}

// dayShop is a shop in which a day is played: a till's folder, a bank and a printer.
type dayShop struct {
	t     *testing.T
	dir   string
	bank  *tbanksim.Bank
	paper *printersim.Printer
	paid  map[string]bool
}

func newDayShop(t *testing.T) *dayShop {
	t.Helper()
	s := &dayShop{t: t, dir: filepath.Join(t.TempDir(), "till"), paid: map[string]bool{}}
	var err error
	s.bank, err = tbanksim.New(tbanksim.Config{Terminal: "DayDEMO", Password: "p", Clock: time.Now})
	s.must(err)
	server := httptest.NewServer(s.bank.Handler())
	t.Cleanup(server.Close)
	var printer string
	s.paper, printer = newPrinter(t, time.Now)
	s.must(s.furnish(t.Context(), server.URL+"/v2/", printer))
	return s
}

func (s *dayShop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// furnish sets the till up as its owner would.
func (s *dayShop) furnish(ctx context.Context, bank, printer string) (err error) {
	store, err := localdb.Open(ctx, localdb.Options{Dir: s.dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	settings := till.DefaultSettings()
	settings.Shop = till.Shop{Name: "Ромашка", Till: "1", INN: "7700000009"}
	settings.Printer = till.PrinterSettings{Address: printer, Profile: "generic58"}
	settings.Sounds, settings.ReturnWithoutSale = false, true
	if err := till.SaveSettings(ctx, store, settings); err != nil {
		return err
	}
	for _, c := range []localdb.Cashier{{ID: "c", Name: "Иванова А.", PINHash: cashierPIN, Role: localdb.RoleCashier},
		{ID: "s", Name: "Петрова С.", PINHash: seniorPIN, Role: string(till.RoleSenior)}} {
		if c.PINHash, err = till.HashPIN(c.PINHash); err != nil {
			return err
		}
		if err := store.SetCashier(ctx, c); err != nil {
			return err
		}
	}
	if _, err := store.ImportGoods(ctx, dayCatalogue(), nil); err != nil {
		return err
	}
	return errors.Join(
		store.SetCustomer(ctx, register.Customer{ID: "ivan", Name: "Иван", Card: customerCard, Discount: customerOff}),
		till.SaveBank(ctx, store, nil, "tbank", banks.Settings{banks.FieldURL: bank, "terminal": "DayDEMO", "password": "p"}))
}

func dayCatalogue() iter.Seq2[register.Product, error] {
	return func(yield func(register.Product, error) bool) {
		for _, g := range append(dayGoods(), dayGood{code: newspaper, name: "Газета", price: 35_00}) {
			p := register.Product{Barcodes: []string{g.code}, Name: g.name, Unit: register.Piece, Price: register.Money(g.price), VAT: register.VAT10}
			if g.weighed {
				p.Unit, p.Code = register.Kilogram, g.code[8:13] // what the shop's scales print
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}

// payAtBank is the buyer: the newest code is paid as soon as there is one.
func (s *dayShop) payAtBank() {
	s.t.Helper()
	s.until("a code at the bank", func() bool {
		for _, p := range s.bank.Payments("") {
			if !s.paid[p.ID] && s.bank.Pay(p.ID, false) == nil {
				s.paid[p.ID] = true
				return true
			}
		}
		return false
	})
}

// printed waits until so many slips have been printed, and none waits, and gives the newest.
func (s *dayShop) printed(n int64) string {
	s.t.Helper()
	s.until(fmt.Sprintf("slip %d", n), func() (is bool) {
		s.must(s.onDisk(func(db *sql.DB) error {
			return db.QueryRow(`select max(seq) = ? and count(*) filter (where state <> 'sent') = 0 from print_jobs`, n).Scan(&is)
		}))
		return is
	})
	jobs := s.paper.Jobs()
	return strings.ReplaceAll(jobs[len(jobs)-1].Text, "\u00a0", " ")
}

// slips is how many the day has come to.
func (d *day) slips() int64 { return d.book.receipts + d.book.in.Count + d.book.out.Count }

// sumOnPaper writes kopecks as slips do.
func sumOnPaper(m int64) string {
	whole, out := fmt.Sprint(m/100), ""
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			out += " "
		}
		out += string(r)
	}
	return fmt.Sprintf("%s,%02d", out, m%100)
}

// patience is how long something may take on a machine that is busy with other things.
const patience = time.Minute

func (s *dayShop) until(what string, is func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("waited in vain for %s; %d slips are on paper, %s", what, len(s.paper.Jobs()), s.queue())
		}
	}
}

// queue tells how the print queue stands.
func (s *dayShop) queue() string {
	var text string
	s.must(s.onDisk(func(db *sql.DB) error {
		return db.QueryRow(`select coalesce(group_concat(state || ' ' || n, ', '), '') from (select state, count(*) n from print_jobs group by state)`).Scan(&text)
	}))
	return "the queue holds " + text
}

// onDisk looks into the till's file from outside, as a support desk would.
func (s *dayShop) onDisk(look func(*sql.DB) error) error {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, localdb.FileName)+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		return err
	}
	defer db.Close()
	return look(db)
}

// record is the newest operation on the disk.
type record struct {
	count int64
	last  register.Operation
}

func (s *dayShop) newest() (r record) {
	s.t.Helper()
	s.must(s.onDisk(func(db *sql.DB) error {
		var b []byte
		err := db.QueryRow(`select (select count(*) from operations), record from operations order by position desc limit 1`).Scan(&r.count, &b)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return json.Unmarshal(b, &r.last)
	}))
	return r
}

// committed waits until the next operation is on the disk, which must be of a kind, and looks at its code.
func (d *day) committed(kind string, took func(code string)) {
	d.Helper()
	d.operations++
	deadline := time.Now().Add(patience)
	for {
		r := d.newest()
		if r.count == d.operations {
			if string(r.last.Kind) != kind {
				d.giveUp(fmt.Sprintf("operation %d is %s, not %s", d.operations, r.last.Kind, kind))
			}
			if took != nil {
				took(r.last.ReceiptCode())
			}
			d.settle()
			return
		}
		if r.count > d.operations || time.Now().After(deadline) {
			d.giveUp(fmt.Sprintf("%d operations are on the disk, and %s was to be number %d; the newest is %s %s", r.count, kind, d.operations, r.last.Kind, r.last.Body))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// heldOnDisk waits until so many receipts are on hold.
func (d *day) heldOnDisk(n int) {
	d.Helper()
	d.until(fmt.Sprintf("%d receipts on hold", n), func() (is bool) {
		d.must(d.onDisk(func(db *sql.DB) error { return db.QueryRow(`select count(*) = ? from held_receipts`, n).Scan(&is) }))
		return is
	})
	d.settle()
}

// zTotals is the Z report as it is stored, read by this test's own eyes.
type zTotals struct {
	Counted int64 `json:"counted"`
	Totals  struct {
		Sales    zCounter `json:"sales"`
		Returns  zCounter `json:"returns"`
		Prepaid  zCounter `json:"prepayments"`
		Back     zCounter `json:"prepayment_returns"`
		In       zCounter `json:"cash_in"`
		Out      zCounter `json:"cash_out"`
		Removed  int64    `json:"removed"`
		Receipts int64    `json:"receipts"`
		Start    int64    `json:"cash_start"`
		End      int64    `json:"cash_end"`
	} `json:"totals"`
}

type zCounter struct {
	Count   int64 `json:"count"`
	Sum     int64 `json:"sum"`
	Cash    int64 `json:"cash"`
	Card    int64 `json:"card"`
	QR      int64 `json:"qr"`
	Prepaid int64 `json:"prepaid"`
}

// compare holds the till's own figures against the daybook's.
func (d *day) compare() {
	d.Helper()
	var z zTotals
	d.must(json.Unmarshal(d.newest().last.Body, &z))
	b := d.book
	for _, c := range []struct {
		name string
		till zCounter
		book tally
	}{
		{"sales", z.Totals.Sales, b.sales}, {"returns", z.Totals.Returns, b.returns}, {"prepayments", z.Totals.Prepaid, b.prepaid},
		{"prepayment returns", z.Totals.Back, b.prepaidBack}, {"cash in", z.Totals.In, b.in}, {"cash out", z.Totals.Out, b.out},
	} {
		if tally(c.till) != c.book {
			d.Errorf("%s: the Z report says %+v, the script comes to %+v", c.name, c.till, c.book)
		}
	}
	if z.Totals.End != b.drawer || z.Totals.Start != 0 || z.Totals.Removed != b.removed || z.Totals.Receipts != b.receipts || z.Counted != b.drawer-50 {
		d.Errorf("the Z report says %+v, the script comes to a drawer of %d, %d removals, %d receipts", z, b.drawer, b.removed, b.receipts)
	}
	d.compareHistory()
	zPaper := d.printed(d.slips() + 2) // the X report too
	for _, sum := range []int64{b.drawer, b.sales.Sum, b.returns.Sum} {
		if !strings.Contains(zPaper, sumOnPaper(sum)) {
			d.Errorf("%s is not on the paper of the Z report:\n%s", sumOnPaper(sum), zPaper)
		}
	}
	d.Logf("%d operations, %d power cuts: sales %+v, returns %+v, prepayments %+v and %+v, drawer %d",
		d.operations, d.cuts, b.sales, b.returns, b.prepaid, b.prepaidBack, b.drawer)
	if b.sales.Count < 200 || b.returns.Count < 10 || b.prepaid.Count < 5 || b.prepaidBack.Count < 2 || d.cuts < 3 || b.sales.QR == 0 || b.sales.Prepaid == 0 {
		d.Error("the day did not hold what it is for")
	}
}

// compareHistory counts the history by kind, and looks into the drawer.
func (d *day) compareHistory() {
	d.Helper()
	d.must(d.onDisk(func(db *sql.DB) error {
		rows, err := db.Query(`select kind, count(*) from operations where kind not in ('shift_opened', 'shift_closed') group by kind`)
		if err != nil {
			return err
		}
		defer rows.Close()
		seen := map[string]int64{}
		for rows.Next() {
			var kind string
			var n int64
			if err := rows.Scan(&kind, &n); err != nil {
				return err
			}
			seen[kind] = n
		}
		if fmt.Sprint(seen) != fmt.Sprint(d.book.kinds) {
			d.Errorf("the history holds %v, the script %v", seen, d.book.kinds)
		}
		var drawer int64
		if err := db.QueryRow(`select balance from drawer`).Scan(&drawer); err != nil {
			return err
		}
		if drawer != d.book.drawer-50 { // what was counted
			d.Errorf("the drawer holds %d, %d were counted", drawer, d.book.drawer-50)
		}
		return rows.Err()
	}))
}
