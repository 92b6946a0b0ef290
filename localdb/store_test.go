package localdb_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kassa/localdb"
	"kassa/register"
)

// open opens a database in a folder of the test's own.
func open(t *testing.T, dir string) *localdb.Store {
	t.Helper()
	clock := time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC)
	s, err := localdb.Open(t.Context(), localdb.Options{Dir: dir,
		Now: func() time.Time { clock = clock.Add(time.Second); return clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func openShift(t *testing.T, s *localdb.Store, number int64) register.Operation {
	t.Helper()
	float, err := s.Drawer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	op, err := s.Commit(t.Context(), localdb.Entry{ID: fmt.Sprintf("open-%d", number), Kind: register.KindShiftOpened, Shift: number,
		Cashier: "Анна", Body: register.ShiftOpened{Float: float}})
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func cashSale(t *testing.T, id string, total register.Money) localdb.Entry {
	t.Helper()
	var c register.Cart
	p := register.Product{ID: "p", Name: "Молоко", Unit: register.Piece, Price: total, VAT: register.VAT10}
	if _, err := c.Add(p, register.One); err != nil {
		t.Fatal(err)
	}
	pay, err := register.PayCash(total, total+500)
	if err != nil {
		t.Fatal(err)
	}
	sale, err := register.NewSale(&c, []register.Payment{pay})
	if err != nil {
		t.Fatal(err)
	}
	return localdb.Entry{ID: id, Kind: register.KindSale, Shift: 1, Cashier: "Анна", Body: sale}
}

func TestASaleIsWrittenWithAllThatFollows(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	openShift(t, s, 1)
	if err := s.SaveDraft(t.Context(), register.Draft{Lines: []register.Line{{Product: "p"}}}); err != nil {
		t.Fatal(err)
	}
	e := cashSale(t, "sale-1", 12345)
	e.Draft = &register.Draft{}
	e.Slips = func(op register.Operation) ([]localdb.PrintJob, error) {
		if op.Number != 2 {
			t.Errorf("the slip is made for number %d", op.Number)
		}
		return []localdb.PrintJob{{Name: "sale", Document: []byte(`{"n":2}`)}}, nil
	}
	op, err := s.Commit(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	if sale, err := op.Sale(); err != nil || sale.Receipt != 1 || op.Number != 2 {
		t.Errorf("receipt %d of operation %d, %v", sale.Receipt, op.Number, err)
	}
	s.Close()

	s = open(t, dir) // everything below is read from the disk
	if drawer, err := s.Drawer(t.Context()); err != nil || drawer != 12345 {
		t.Errorf("the drawer holds %s, %v", drawer, err)
	}
	sh, err := s.LastShift(t.Context())
	want := register.Totals{Sales: register.Counter{Count: 1, Sum: 12345, Cash: 12345}, Receipts: 1, CashEnd: 12345}
	if err != nil || !sh.Open || sh.Totals != want {
		t.Errorf("the shift is %+v, %v", sh, err)
	}
	if d, err := s.Draft(t.Context()); err != nil || len(d.Lines) != 0 {
		t.Errorf("the draft is %+v, %v", d, err)
	}
	j, ok, err := s.NextJob(t.Context())
	if err != nil || !ok || string(j.Document) != `{"n":2}` || j.Name != "sale" {
		t.Errorf("the print job is %+v, %v, %v", j, ok, err)
	}
	history, err := s.History(t.Context(), 0, 10)
	if err != nil || len(history) != 2 || history[0].ID != "sale-1" || history[0].Sent {
		t.Errorf("the history is %+v, %v", history, err)
	}
	healthy(t, s, 2)
}

func healthy(t *testing.T, s *localdb.Store, operations int64) {
	t.Helper()
	r, err := s.Verify(t.Context())
	if err != nil || len(r.Faults) > 0 || r.Operations != operations {
		t.Errorf("verified: %+v, %v; want %d operations", r, err, operations)
	}
}

func TestACommitThatIsRefusedLeavesNothing(t *testing.T) {
	bad := errors.New("no slip")
	for _, c := range []struct {
		name string
		edit func(*localdb.Entry)
		want error
	}{
		{"the slip cannot be made", func(e *localdb.Entry) {
			e.Slips = func(register.Operation) ([]localdb.PrintJob, error) { return nil, bad }
		}, bad},
		{"another shift", func(e *localdb.Entry) { e.Shift = 7 }, localdb.ErrShift},
		{"a QR payment that is not there", func(e *localdb.Entry) { e.QRPayment = "nobody" }, localdb.ErrSettled},
		{"payments that do not pay", func(e *localdb.Entry) {
			sale := e.Body.(register.Sale)
			sale.Payments = nil
			e.Body = sale
		}, register.ErrTooLittle},
		{"an id that was used", func(e *localdb.Entry) { e.ID = "open-1" }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, t.TempDir())
			openShift(t, s, 1)
			e := cashSale(t, "sale", 100)
			c.edit(&e)
			if _, err := s.Commit(t.Context(), e); err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			healthy(t, s, 1)
			if d, err := s.Drawer(t.Context()); err != nil || d != 0 {
				t.Errorf("the drawer holds %s, %v", d, err)
			}
			op, err := s.Commit(t.Context(), cashSale(t, "next", 100))
			if err != nil || op.Number != 2 {
				t.Errorf("the next operation has number %d, %v", op.Number, err)
			}
			healthy(t, s, 2)
		})
	}
}

func TestShiftsFollowOneAnother(t *testing.T) {
	s := open(t, t.TempDir())
	openShift(t, s, 1)
	if _, err := s.Commit(t.Context(), localdb.Entry{ID: "x", Kind: register.KindShiftOpened, Shift: 2, Body: register.ShiftOpened{}}); !errors.Is(err, localdb.ErrShiftOpen) {
		t.Errorf("a second shift beside an open one: %v", err)
	}
	if _, err := s.Commit(t.Context(), cashSale(t, "sale", 1000)); err != nil {
		t.Fatal(err)
	}
	op, err := s.Commit(t.Context(), localdb.Entry{ID: "close", Kind: register.KindShiftClosed, Shift: 1, Body: register.ShiftClosed{}})
	if err != nil {
		t.Fatal(err)
	}
	var body register.ShiftClosed
	if err := op.Decode(&body); err != nil || body.Totals.Sales.Sum != 1000 || body.Totals.CashEnd != 1000 {
		t.Errorf("closed with %+v, %v", body, err)
	}
	if _, err := s.Commit(t.Context(), localdb.Entry{ID: "again", Kind: register.KindShiftClosed, Shift: 1, Body: register.ShiftClosed{}}); !errors.Is(err, localdb.ErrShift) {
		t.Errorf("closing twice: %v", err)
	}
	openShift(t, s, 2) // with what the first one left in the drawer
	healthy(t, s, 4)
}

func TestAcknowledging(t *testing.T) {
	s := open(t, t.TempDir())
	openShift(t, s, 1)
	for i := range 5 {
		if _, err := s.Commit(t.Context(), cashSale(t, fmt.Sprint("sale-", i), 100)); err != nil {
			t.Fatal(err)
		}
	}
	tail, waiting, err := s.Unsent(t.Context(), 4)
	if err != nil || waiting != 6 || len(tail.Stored) != 4 || tail.After != 0 || tail.AfterHash != (register.Hash{}) {
		t.Fatalf("unsent: %d of %d after %d, %v", len(tail.Stored), waiting, tail.After, err)
	}
	third := tail.Stored[2]
	if err := s.Acknowledge(t.Context(), tail.Journal, third.Number, third.Hash); err != nil {
		t.Fatal(err)
	}
	tail, waiting, err = s.Unsent(t.Context(), 100)
	if err != nil || waiting != 3 || tail.After != 3 || tail.AfterHash != third.Hash || tail.Stored[0].Number != 4 {
		t.Errorf("unsent after 3: %d after %d, %v", waiting, tail.After, err)
	}
	// The server may have less than we thought: that is no error, everything is sent again.
	if err := s.Acknowledge(t.Context(), tail.Journal, 0, register.Hash{}); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		number int64
		hash   register.Hash
	}{"another hash": {3, register.Hash{1}}, "a number that we never gave": {99, third.Hash}} {
		if err := s.Acknowledge(t.Context(), tail.Journal, c.number, c.hash); !errors.Is(err, localdb.ErrForked) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, waiting, _ = s.Unsent(t.Context(), 1); waiting != 6 {
		t.Errorf("a fork moved the mark: %d wait", waiting)
	}
}

func TestTwoProgramsOnOneFolder(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if _, err := localdb.Open(t.Context(), localdb.Options{Dir: dir}); !errors.Is(err, localdb.ErrInUse) {
		t.Errorf("a second program: %v", err)
	}
	s.Close()
	open(t, dir)
}

func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	for name, statement := range map[string]string{
		"an operation's bytes":   `update operations set record = cast(replace(cast(record as text), '12345', '12346') as blob) where number = 2`,
		"an operation taken out": `delete from operations where number = 2`,
		"the drawer":             `update drawer set balance = 1`,
		"a shift's totals":       `update shifts set totals = replace(totals, '"count":3', '"count":4')`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			openShift(t, s, 1)
			for i := range 3 {
				if _, err := s.Commit(t.Context(), cashSale(t, fmt.Sprint("s", i), 12345)); err != nil {
					t.Fatal(err)
				}
			}
			s.Close()
			tamper(t, dir, statement)
			r, err := open(t, dir).Verify(t.Context())
			if err != nil || len(r.Faults) == 0 {
				t.Errorf("nothing was found: %+v, %v", r, err)
			}
		})
	}
}

func TestSecretsAreNotInTheDatabase(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	const secret = "correct horse battery staple"
	if err := s.SetSecret(t.Context(), "bank", secret); err != nil {
		t.Fatal(err)
	}
	var got string
	if ok, err := s.Secret(t.Context(), "bank", &got); err != nil || !ok || got != secret {
		t.Errorf("got %q, %v, %v", got, ok, err)
	}
	s.Close()
	for _, name := range []string{"till.db", "till.db-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil && containsText(b, secret) {
			t.Errorf("%s holds the secret", name)
		}
	}
	if err := os.Remove(filepath.Join(dir, "till.key")); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, dir).Secret(t.Context(), "bank", &got); !errors.Is(err, localdb.ErrSecret) {
		t.Errorf("without the key: %v", err)
	}
}

func list(goods ...register.Product) iter.Seq2[register.Product, error] {
	return func(yield func(register.Product, error) bool) {
		for _, p := range goods {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func TestImportIsAllOrNothing(t *testing.T) {
	s := open(t, t.TempDir())
	milk := register.Product{Name: "Молоко", Barcodes: []string{"46001", "46 002"}, Code: "7", Price: 8490, VAT: register.VAT10, Unit: register.Piece, Group: "Молочное"}
	bread := register.Product{Name: "Хлеб «Дарницкий»", Barcodes: []string{"46003"}, Price: 5490, VAT: register.VAT10, Unit: register.Piece}
	done, err := s.ImportGoods(t.Context(), list(milk, bread), nil)
	if err != nil || done != (localdb.Imported{Added: 2}) {
		t.Fatalf("imported %+v, %v", done, err)
	}
	first, _, err := s.ProductByBarcode(t.Context(), "46 002")
	if err != nil || first.Name != "Молоко" || len(first.Barcodes) != 2 {
		t.Fatalf("found %+v, %v", first, err)
	}
	dearer := milk
	dearer.Price, dearer.Barcodes = 9990, []string{"46001"}
	if done, err = s.ImportGoods(t.Context(), list(dearer, bread), nil); err != nil || done != (localdb.Imported{Changed: 1, Same: 1}) {
		t.Errorf("imported again %+v, %v", done, err)
	}
	again, err := s.ProductByCode(t.Context(), "7")
	if err != nil || again.ID != first.ID || again.Price != 9990 {
		t.Errorf("changed to %+v, %v", again, err)
	}
	if _, _, err := s.ProductByBarcode(t.Context(), "46 002"); !errors.Is(err, localdb.ErrNoProduct) {
		t.Errorf("a barcode that was taken away: %v", err)
	}
	broken := register.Product{Name: "", Price: 1}
	if _, err := s.ImportGoods(t.Context(), list(register.Product{Name: "Сыр", Price: 1, VAT: register.VAT10, Unit: register.Piece}, broken), nil); !errors.Is(err, register.ErrBadProduct) {
		t.Errorf("a broken list: %v", err)
	}
	if found, err := s.Search(t.Context(), "сыр", 10); err != nil || len(found) != 0 {
		t.Errorf("a part of a broken list is there: %+v, %v", found, err)
	}
}

func TestSearch(t *testing.T) {
	s := open(t, t.TempDir())
	_, err := s.ImportGoods(t.Context(), list(
		register.Product{Name: "Сырок глазированный «Ёжик»", NameEn: "Glazed curd bar", Barcodes: []string{"0400000000015"}, Price: 1, VAT: register.VAT10, Unit: register.Piece},
		register.Product{Name: "Сыр Российский 50 %", Code: "501", Price: 1, VAT: register.VAT10, Unit: register.Kilogram},
		register.Product{Name: "Хлеб", Price: 1, VAT: register.VAT10, Unit: register.Piece}), nil)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"сыр": 2, "СЫР росс": 1, "росс сыр": 1, "ежик": 1, "ЁЖИК": 1, "curd": 1, "0400": 1, "501": 1, "сыра": 0, "молоко": 0,
		`"`: 0, `сыр" OR "хлеб`: 0, "*": 0, "сыр*": 2, "50 %": 1, "NEAR(сыр)": 0, "": 0,
		strings.Repeat("сыр ", 16) + "молоко": 2, // more words than count
	} {
		found, err := s.Search(t.Context(), text, 10)
		if err != nil || len(found) != want {
			t.Errorf("%q: found %d, %v; want %d", text, len(found), err, want)
		}
	}
}

func TestPrintQueue(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, name := range []string{"first", "second"} {
		if err := s.QueueSlip(t.Context(), localdb.PrintJob{Name: name, Document: []byte(`{}`)}); err != nil {
			t.Fatal(err)
		}
	}
	j, ok, err := s.NextJob(t.Context())
	if err != nil || !ok || j.Name != "first" {
		t.Fatalf("took %+v, %v, %v", j, ok, err)
	}
	s.Close() // while the first is being sent

	s = open(t, dir)
	if err := s.DoubtLeftJobs(t.Context()); err != nil {
		t.Fatal(err)
	}
	counts(t, s, 1, 1)
	if j, ok, err = s.NextJob(t.Context()); err != nil || !ok || j.Name != "second" {
		t.Fatalf("the job in doubt was taken again, or none: %+v, %v, %v", j, ok, err)
	}
	if err := s.FinishJob(t.Context(), j.Seq, localdb.JobSent, ""); err != nil {
		t.Fatal(err)
	}
	doubt, err := s.JobsInDoubt(t.Context())
	if err != nil || len(doubt) != 1 || doubt[0].Name != "first" {
		t.Fatalf("in doubt: %+v, %v", doubt, err)
	}
	for range 2 { // the second time nothing is in doubt any more
		if err := s.ReplaceJob(t.Context(), doubt[0].Seq, "", &localdb.PrintJob{Name: "copy", Document: []byte(`{}`)}); err != nil {
			t.Fatal(err)
		}
	}
	counts(t, s, 1, 0)
}

func counts(t *testing.T, s *localdb.Store, waiting, doubt int) {
	t.Helper()
	w, d, err := s.JobCounts(t.Context())
	if err != nil || w != waiting || d != doubt {
		t.Errorf("%d wait, %d in doubt, %v; want %d and %d", w, d, err, waiting, doubt)
	}
}

func TestAQRPaymentIsSettledOnce(t *testing.T) {
	s := open(t, t.TempDir())
	openShift(t, s, 1)
	lines := []register.Line{{Product: "p", Name: "Молоко", Unit: register.Piece, Quantity: 1000, Price: 100, Sum: 100, VAT: register.VAT10, VATSum: 9}}
	p := localdb.QRPayment{ID: "qr", State: "creating", Attempt: []byte(`{}`), Cart: register.Draft{Lines: lines}, Total: 100, Shift: 1, Cashier: "Анна"}
	if err := s.SaveDraft(t.Context(), register.Draft{Lines: lines}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddQRPayment(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if draft, err := s.Draft(t.Context()); err != nil || len(draft.Lines) != 0 {
		t.Errorf("the receipt is a draft and a payment at once: %v, %v", draft, err)
	}
	if err := s.UpdateQRPayment(t.Context(), "qr", "paid", []byte(`{"state":"paid"}`), "the bank said so"); err != nil {
		t.Fatal(err)
	}
	sale := register.Sale{Lines: lines, Total: 100, Payments: []register.Payment{{Method: register.QR, Amount: 100, QRID: "qr"}}}
	e := localdb.Entry{ID: "sale", Kind: register.KindSale, Shift: 1, Body: sale, QRPayment: "qr"}
	if _, err := s.Commit(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	e.ID = "twice"
	if _, err := s.Commit(t.Context(), e); !errors.Is(err, localdb.ErrSettled) {
		t.Errorf("a second sale for one payment: %v", err)
	}
	if openPayments, err := s.OpenQRPayments(t.Context()); err != nil || len(openPayments) != 0 {
		t.Errorf("still open: %+v, %v", openPayments, err)
	}
	healthy(t, s, 2)
}

func TestAMigrationThatIsCutOffLeavesTheOldSchema(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := localdb.Open(ctx, localdb.Options{Dir: dir}); err == nil {
		t.Fatal("opened with an ended context")
	}
	healthy(t, open(t, dir), 0)
}

func TestADatabaseFromTheFuture(t *testing.T) {
	for _, c := range []struct {
		name   string
		oldest int
		want   error
	}{{"that we can work with", 1, nil}, {"that we cannot work with", 999, localdb.ErrTooNew}} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			open(t, dir).Close()
			tamper(t, dir, fmt.Sprintf(`update schema_state set oldest = %d; pragma user_version = 999`, c.oldest))
			s, err := localdb.Open(t.Context(), localdb.Options{Dir: dir})
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if err == nil {
				s.Close()
			}
		})
	}
}

func TestADamagedFileIsSaidToBe(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, localdb.FileName), []byte("this is no database at all, only some words"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := localdb.Open(t.Context(), localdb.Options{Dir: dir}); !errors.Is(err, localdb.ErrDamaged) {
		t.Errorf("got %v", err)
	}
}
