package atol_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/atol"
	"kassa/fiscal/atol/atolsim"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

func (w *world) breaks(p fnsim.Plan) {
	w.t.Helper()
	if err := w.unit.Faults.Break(p); err != nil {
		w.t.Fatal(err)
	}
}

// isFate checks what an error says of a document.
func isFate(t *testing.T, err, fate error, trouble fiscal.Trouble) {
	t.Helper()
	if !errors.Is(err, fate) || trouble != "" && fiscal.TroubleOf(err) != trouble {
		t.Errorf("%v, want %v %s", err, fate, trouble)
	}
}

// TestForgottenReceipts looks for receipts that the service has forgotten.
func TestForgottenReceipts(t *testing.T) {
	w := open(t, fnsim.Setup{})
	w.make(openShift())
	try := w.try(sale("m-1"))
	made, err := w.Make(t.Context(), try)
	if err != nil {
		t.Fatal(err)
	}
	w.make(sale("m-2"))
	w.sim.Forget("")
	found, err := w.Find(t.Context(), try)
	if err != nil || !found.Found || found.Number != made.Number || found.Sign != made.Sign || found.QR != made.QR || found.Shift != made.Shift {
		t.Errorf("%+v, %v; it was %+v", found, err, made)
	}
	again, err := w.Make(t.Context(), try)
	if err != nil || again.Number != made.Number || len(w.unit.Records()) != 4 {
		t.Errorf("made again: %+v, %v", again, err)
	}
	other := try
	other.Document = sale("m-3")
	_, err = w.Find(t.Context(), other)
	isFate(t, err, fiscal.ErrAbsent, "")

	// A model that does not give the mark back: two receipts are alike, and nobody can tell.
	w.sim.SetMarks(false)
	_, err = w.Find(t.Context(), try)
	isFate(t, err, fiscal.ErrUnclear, "")
	_, err = w.Make(t.Context(), try)
	isFate(t, err, fiscal.ErrUnknown, "")
	other.Document.Total, other.Document.Payments.Electronic = 446_45, 446_45
	_, err = w.Find(t.Context(), other)
	isFate(t, err, fiscal.ErrAbsent, "")
}

// TestForgottenCash looks for moves of cash that the service has forgotten.
func TestForgottenCash(t *testing.T) {
	w := open(t, fnsim.Setup{})
	w.make(openShift())
	in := w.try(cash(fiscal.CashIn, 100_00))
	w.sim.Forget("")
	_, err := w.Find(t.Context(), in)
	isFate(t, err, fiscal.ErrAbsent, "")
	if _, err := w.Make(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	w.sim.Forget("")
	for name, ask := range map[string]func(context.Context, fiscal.Try) (fiscal.Receipt, error){"found": w.Find, "made again": w.Make} {
		if r, err := ask(t.Context(), in); err != nil || !r.Found || r.At.IsZero() {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
	out := w.try(cash(fiscal.CashOut, 30_00))
	if _, err := w.Make(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	w.sim.Forget("")
	if r, err := w.Find(t.Context(), out); err != nil || !r.Found {
		t.Errorf("%+v, %v", r, err)
	}
	// By now the drawer tells nothing of the first: there were two moves.
	_, err = w.Find(t.Context(), in)
	isFate(t, err, fiscal.ErrUnclear, "")
	w.make(sale("m-1"))
	w.sim.Forget("")
	_, err = w.Find(t.Context(), out)
	isFate(t, err, fiscal.ErrUnclear, "")
	if held := w.unit.Look().Drawer; held != 70_00 {
		t.Errorf("the drawer holds %s", held)
	}
	_, err = w.Find(t.Context(), fiscal.Try{ID: "x", Before: out.Before, Document: fiscal.Document{Kind: fiscal.XReport}})
	isFate(t, err, fiscal.ErrAbsent, "")
}

// TestForgottenReports looks for the reports of a shift.
func TestForgottenReports(t *testing.T) {
	w := open(t, fnsim.Setup{})
	for _, doc := range []fiscal.Document{openShift(), {Kind: fiscal.CloseShift, Operator: cashier}} {
		try := w.try(doc)
		_, err := w.Find(t.Context(), try)
		isFate(t, err, fiscal.ErrAbsent, "")
		made, err := w.Make(t.Context(), try)
		if err != nil {
			t.Fatal(err)
		}
		w.sim.Forget("")
		found, err := w.Find(t.Context(), try)
		made.Found, made.At = true, found.At
		if err != nil || found != made {
			t.Errorf("%+v, %v; it was %+v", found, err, made)
		}
	}
}

// TestOtherStorage cannot tell of a document in a fiscal storage that is gone.
func TestOtherStorage(t *testing.T) {
	w := open(t, fnsim.Setup{})
	try := w.try(openShift())
	w.unit.SetOFD(true)
	if err := w.unit.ReplaceFN("9999078902000999"); err != nil {
		t.Fatal(err)
	}
	_, err := w.Find(t.Context(), try)
	isFate(t, err, fiscal.ErrUnclear, "")
	try.Before.FN, try.Before.Last = "9999078902000999", 7
	_, err = w.Find(t.Context(), try)
	isFate(t, err, fiscal.ErrUnclear, "")
}

// TestBlockedQueue has the service lose its device in the middle: blocked is no answer, and the end comes by itself.
func TestBlockedQueue(t *testing.T) {
	for fault, made := range map[fnsim.Fault]bool{fnsim.LostAfter: true, fnsim.LostBefore: false} {
		w := open(t, fnsim.Setup{})
		w.make(openShift())
		w.sim.SetRecovery(time.Hour)
		w.breaks(fnsim.Plan{Name: fault, Times: 1})
		try := w.try(sale("m-1"))
		_, err := w.adapter(func(c *atol.Config) { c.Deadline = 100 * time.Millisecond }).Make(t.Context(), try)
		isFate(t, err, fiscal.ErrUnknown, fiscal.TroubleOff)
		_, err = w.Find(t.Context(), try)
		isFate(t, err, fiscal.ErrUnknown, fiscal.TroubleOff)
		if s, err := w.State(t.Context()); err != nil || s.Blocked != fiscal.TroubleOff {
			t.Errorf("%+v, %v", s, err)
		}
		if err := w.Resume(t.Context()); err != nil {
			t.Error(err)
		}
		w.sim.Restart(true) // asks the device at once
		r, err := w.Make(t.Context(), try)
		switch {
		case made && (err != nil || r.Number != 3):
			t.Errorf("%+v, %v", r, err)
		case !made:
			isFate(t, err, fiscal.ErrRefused, fiscal.TroubleOff)
			w.make(sale("m-1"))
		}
		if n := len(w.unit.Records()); n != 3 {
			t.Errorf("%d documents", n)
		}
	}
}

// TestQueueWaitsForPaper has a service that stops its queue when the paper ends.
func TestQueueWaitsForPaper(t *testing.T) {
	w := open(t, fnsim.Setup{})
	w.sim.SetSettings(true, false)
	w.make(openShift())
	w.unit.SetPaper(false)
	try := w.try(sale("m-1"))
	_, err := w.adapter(func(c *atol.Config) { c.Deadline = 100 * time.Millisecond }).Make(t.Context(), try)
	isFate(t, err, fiscal.ErrUnknown, fiscal.TroublePaper)
	if s, err := w.State(t.Context()); err != nil || s.Blocked != fiscal.TroublePaper || !s.PaperOut {
		t.Errorf("%+v, %v", s, err)
	}
	// While it stands still nothing else is put behind.
	_, err = w.Make(t.Context(), fiscal.Try{ID: "behind", Before: try.Before, Document: sale("m-0")})
	isFate(t, err, fiscal.ErrAbsent, fiscal.TroublePaper)
	_, err = w.Find(t.Context(), try)
	isFate(t, err, fiscal.ErrUnknown, fiscal.TroublePaper)
	w.unit.SetPaper(true)
	if r, err := w.Make(t.Context(), try); err != nil || r.Number != 3 || len(w.unit.Records()) != 3 {
		t.Errorf("%+v, %v", r, err)
	}
	w.breaks(fnsim.Plan{Name: fnsim.PaperEnds, Times: 1})
	if r := w.make(sale("m-2")); !r.NotPrinted {
		t.Errorf("%+v", r)
	}
	w.unit.SetPaper(true)
	w.make(sale("m-3"))
}

// TestBeforeTheQueue has everything go wrong that is answered before a job is taken.
func TestBeforeTheQueue(t *testing.T) {
	w := open(t, fnsim.Setup{})
	w.make(openShift())
	for name, c := range map[string]struct {
		change  func(*atol.Config)
		fate    error
		trouble fiscal.Trouble
	}{
		"a wrong password": {func(c *atol.Config) { c.Password = "Wrong-password-1" }, fiscal.ErrAbsent, fiscal.TroubleAccess},
		"nobody":           {func(c *atol.Config) { c.Login, c.Password = "", "" }, fiscal.ErrAbsent, fiscal.TroubleAccess},
		"no such device":   {func(c *atol.Config) { c.Device = "till 9" }, fiscal.ErrAbsent, fiscal.TroubleOther},
	} {
		try := w.try(sale("m-1"))
		_, err := w.adapter(c.change).Make(t.Context(), try)
		t.Log(name)
		isFate(t, err, c.fate, c.trouble)
	}
	if _, err := w.adapter(func(c *atol.Config) { c.Device = "default" }).Before(t.Context()); err != nil {
		t.Error(err)
	}
	w.sim.SetBusy(1)
	try := fiscal.Try{ID: "busy", Document: sale("m-1")}
	_, err := w.Make(t.Context(), try)
	isFate(t, err, fiscal.ErrAbsent, fiscal.TroubleBusy)
	w.sim.SetLockout(true)
	_, err = w.Make(t.Context(), try)
	isFate(t, err, fiscal.ErrAbsent, fiscal.TroubleAccess)
	w.sim.SetLockout(false)
	w.unit.SetFN(false)
	_, err = w.Make(t.Context(), try)
	isFate(t, err, fiscal.ErrAbsent, fiscal.TroubleUnregistered)
	if s, err := w.State(t.Context()); err != nil || s.Blocked != fiscal.TroubleUnregistered || s.FN != "" || s.Model == "" {
		t.Errorf("%+v, %v", s, err)
	}
	w.unit.SetFN(true)
	w.sim.Crash()
	_, err = w.Make(t.Context(), try)
	isFate(t, err, fiscal.ErrAbsent, fiscal.TroubleOff)
	if n := len(w.unit.Records()); n != 2 {
		t.Errorf("%d documents", n)
	}
}

// TestCheckedWhenItComes has a service that checks jobs when they come: HTTP 408 and 420 instead of a job's error.
func TestCheckedWhenItComes(t *testing.T) {
	w := open(t, fnsim.Setup{})
	w.sim.SetSettings(false, true)
	w.make(openShift())
	try := w.try(sale("m-1"))
	if r, err := w.Make(t.Context(), try); err != nil || r.Number != 3 {
		t.Errorf("%+v, %v", r, err)
	}
	long := sale("m-2")
	long.Operator.INN = "1"
	_, err := w.Make(t.Context(), w.try(long))
	isFate(t, err, fiscal.ErrRefused, fiscal.TroubleDocument)
}

// TestCopiesAndPaper prints again, and goes on printing.
func TestCopiesAndPaper(t *testing.T) {
	w := open(t, fnsim.Setup{})
	w.make(openShift())
	w.breaks(fnsim.Plan{Name: fnsim.PaperEnds, Times: 1})
	r := w.make(sale("m-1"))
	if !r.NotPrinted {
		t.Errorf("%+v", r)
	}
	if err := w.Resume(t.Context()); fiscal.TroubleOf(err) != fiscal.TroublePaper {
		t.Errorf("without paper: %v", err)
	}
	w.unit.SetPaper(true)
	_, err := w.Make(t.Context(), w.try(sale("m-2")))
	isFate(t, err, fiscal.ErrRefused, fiscal.TroublePaper) // the first is not on paper yet
	for range 2 {
		if err := w.Resume(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if err := w.Copy(t.Context(), r.Number); err != nil {
		t.Error(err)
	}
	if err := w.Copy(t.Context(), 99); err == nil || errors.Is(err, fiscal.ErrCannot) {
		t.Errorf("a copy of nothing: %v", err)
	}
}

// TestSituations makes the documents of the situations that a shop meets, and reads the tags of the fiscal storage.
func TestSituations(t *testing.T) {
	line := func(name string, price register.Money, method fiscal.Method, object fiscal.Object, vat register.VAT) fiscal.Line {
		return fiscal.Line{Name: name, Price: price, Quantity: register.One, Unit: register.Piece, Sum: price, VAT: vat, Method: method, Object: object}
	}
	table := line("Стол", 5000_00, fiscal.FullPayment, fiscal.Goods, register.VAT22)
	in := func(kind fiscal.Kind, p fiscal.Payments, l fiscal.Line) fiscal.Document {
		return fiscal.Document{Kind: kind, Operator: cashier, Payments: p, Total: p.Sum(), Lines: []fiscal.Line{l}}
	}
	for name, c := range map[string]struct {
		doc    fiscal.Document
		method int64 // 1214
		object int64 // 1212
		vat    int64 // 1199
		tax    register.Money
	}{
		"sale":                  {in(fiscal.Sale, fiscal.Payments{Cash: 4000_00, Electronic: 1000_00}, table), 4, 1, 11, 901_64},
		"return":                {in(fiscal.Return, fiscal.Payments{Electronic: 5000_00}, table), 4, 1, 11, 901_64},
		"full prepayment":       {in(fiscal.Sale, fiscal.Payments{Cash: 5000_00}, line("Стол", 5000_00, fiscal.FullPrepayment, fiscal.Goods, register.VAT22of122)), 1, 1, 12, 901_64},
		"part of it":            {in(fiscal.Sale, fiscal.Payments{Electronic: 1000_00}, line("Стол", 1000_00, fiscal.PartPrepayment, fiscal.Goods, register.VAT22of122)), 2, 1, 12, 180_33},
		"an advance":            {in(fiscal.Sale, fiscal.Payments{Electronic: 500_00}, line("Аванс", 500_00, fiscal.Advance, fiscal.Money, register.VAT22of122)), 3, 10, 12, 90_16},
		"offset in full":        {in(fiscal.Sale, fiscal.Payments{Prepaid: 5000_00}, table), 4, 1, 11, 901_64},
		"offset and the rest":   {in(fiscal.Sale, fiscal.Payments{Prepaid: 1000_00, Cash: 4000_00}, table), 4, 1, 11, 901_64},
		"prepayment given back": {in(fiscal.Return, fiscal.Payments{Electronic: 1000_00}, line("Стол", 1000_00, fiscal.PartPrepayment, fiscal.Goods, register.VAT22of122)), 2, 1, 12, 180_33},
		"on credit":             {in(fiscal.Sale, fiscal.Payments{Credit: 5000_00}, line("Стол", 5000_00, fiscal.Credit, fiscal.Goods, register.VAT22)), 6, 1, 11, 901_64},
		"the debt paid":         {in(fiscal.Sale, fiscal.Payments{Cash: 5000_00}, line("Стол", 5000_00, fiscal.CreditPayment, fiscal.Money, register.VATNone)), 7, 10, 6, 0},
		"milk at 10 %":          {in(fiscal.Sale, fiscal.Payments{Cash: 179_80}, line("Молоко", 179_80, fiscal.FullPayment, fiscal.Goods, register.VAT10)), 4, 1, 2, 16_35},
		"cheese at 22 %":        {in(fiscal.Sale, fiscal.Payments{Cash: 266_64}, line("Сыр", 266_64, fiscal.FullPayment, fiscal.Goods, register.VAT22)), 4, 1, 11, 48_08},
		"milk with a discount":  {in(fiscal.Sale, fiscal.Payments{Cash: 161_82}, line("Молоко", 161_82, fiscal.FullPayment, fiscal.Goods, register.VAT10)), 4, 1, 2, 14_71},
		"a rouble at 5 %":       {in(fiscal.Sale, fiscal.Payments{Cash: 1_00}, line("Спички", 1_00, fiscal.FullPayment, fiscal.Goods, register.VAT5)), 4, 1, 7, 5},
		"at 7 %":                {in(fiscal.Sale, fiscal.Payments{Cash: 99_99}, line("Чай", 99_99, fiscal.FullPayment, fiscal.Goods, register.VAT7)), 4, 1, 8, 6_54},
		"a published receipt":   {in(fiscal.Sale, fiscal.Payments{Cash: 807_30}, line("Корм", 807_30, fiscal.FullPayment, fiscal.Goods, register.VAT22)), 4, 1, 11, 145_58},
		"at 0 %":                {in(fiscal.Sale, fiscal.Payments{Cash: 10_00}, line("Книга", 10_00, fiscal.FullPayment, fiscal.Goods, register.VAT0)), 4, 1, 5, 0},
		"of last year":          {in(fiscal.Return, fiscal.Payments{Cash: 120_00}, line("Стул", 120_00, fiscal.FullPayment, fiscal.Goods, register.VAT20)), 4, 1, 1, 20_00},
	} {
		for _, ffd := range []string{fnsim.FFD105, fnsim.FFD12} {
			t.Run(name+" in FFD "+ffd, func(t *testing.T) {
				w := open(t, fnsim.Setup{FFD: ffd})
				w.make(openShift())
				w.make(cash(fiscal.CashIn, 10_000_00))
				c.doc.Mark = "m-" + name
				r := w.make(c.doc)
				record, err := w.unit.Find(r.Number)
				if err != nil {
					t.Fatal(err)
				}
				tags := record.Tags()
				l := tags["1059"].([]fnsim.Tags)[0]
				if l["1214"] != c.method || l["1212"] != c.object || l["1199"] != c.vat || l["1200"] != c.tax {
					t.Errorf("%+v", l)
				}
				p := c.doc.Payments
				got := fiscal.Payments{Cash: tags["1031"].(register.Money), Electronic: tags["1081"].(register.Money), Prepaid: tags["1215"].(register.Money),
					Credit: tags["1216"].(register.Money), Other: tags["1217"].(register.Money)}
				if got != p || tags["1020"] != p.Sum() {
					t.Errorf("paid %+v of %v", got, tags["1020"])
				}
				if mark := tags["1084"].(fnsim.Tags); mark["1086"] != c.doc.Mark {
					t.Errorf("%+v", mark)
				}
			})
		}
	}
}

// TestOldService works with one that knows no accounts.
func TestOldService(t *testing.T) {
	w := open(t, fnsim.Setup{NoVAT22: true}, func(c *atolsim.Config) { c.Login, c.Password = "", "" })
	d := w.adapter(func(c *atol.Config) { c.Login, c.Password = "", "" })
	s, err := d.State(t.Context())
	if err != nil || s.Can.VAT22 {
		t.Errorf("%+v, %v", s, err)
	}
}
