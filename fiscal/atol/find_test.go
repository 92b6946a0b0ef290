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
	// A copy that nobody waits for any more is not printed later.
	w.sim.SetRecovery(time.Hour)
	w.breaks(fnsim.Plan{Name: fnsim.LostBefore, Times: 1})
	hurried := w.adapter(func(c *atol.Config) { c.Deadline = 100 * time.Millisecond })
	_, err = hurried.Make(t.Context(), w.try(sale("m-3")))
	isFate(t, err, fiscal.ErrUnknown, fiscal.TroubleOff)
	if err := hurried.Copy(t.Context(), r.Number); fiscal.TroubleOf(err) != fiscal.TroubleOff {
		t.Errorf("a copy in a queue that stands still: %v", err)
	}
	before := w.unit.Tape()
	w.sim.Restart(true)
	w.sim.SetRecovery(time.Millisecond)
	if err := w.Copy(t.Context(), 99); err == nil || errors.Is(err, fiscal.ErrCannot) {
		t.Errorf("a copy of nothing: %v", err)
	}
	if w.unit.Tape() != before {
		t.Error("the copy was printed after all")
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
