package till_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kassa/app/till"
	"kassa/printer/printersim"
	"kassa/register"
)

// is tells whether err is the problem with a code.
func is(err error, code till.Code) bool { return errors.Is(err, &till.Problem{Code: code}) }

func TestACashSale(t *testing.T) {
	w := newWorld(t).working()
	w.scan(milk, milk, bread)
	if _, err := w.Scan(t.Context(), "7", 2*register.One); err != nil { // by the shop's own code
		t.Fatal(err)
	}
	v := w.View()
	if len(v.Lines) != 3 || v.Lines[0].Quantity != 2*register.One || v.Lines[2].Quantity != 2*register.One {
		t.Fatalf("the receipt is %+v", v.Lines)
	}
	total := v.Total
	if _, err := w.PayCash(t.Context(), total-1); !is(err, till.CodeTooLittle) {
		t.Errorf("one kopeck too little: %v", err)
	}
	sold, err := w.PayCash(t.Context(), 100_000)
	if err != nil || sold.Total != total || sold.Change != 100_000-total || sold.Receipt != 1 || sold.Method != register.Cash {
		t.Fatalf("sold %+v, %v", sold, err)
	}
	v = w.View()
	if len(v.Lines) != 0 || v.Last == nil || v.Last.Number != sold.Number || v.Shift.Totals.CashEnd != total {
		t.Errorf("after the sale: %+v", v)
	}
	if _, err := w.PayCash(t.Context(), 100_000); !is(err, till.CodeEmptyCart) {
		t.Errorf("a buffered Enter: %v", err)
	}
	text := w.printed(1)
	for _, want := range []string{"Ромашка", "Молоко", "ИТОГ", "Наличные", "Сдача", "НЕФИСКАЛЬНЫЙ", "Анна"} {
		if !strings.Contains(text, want) {
			t.Errorf("the slip has no %q:\n%s", want, text)
		}
	}
	if w.paper.Kicks() != 1 {
		t.Error("the drawer was not opened")
	}
	w.healthy(1)
}

func TestWhatACashierMayNotDo(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	if _, err := w.Scan(ctx, milk, register.One); !is(err, till.CodeNotSignedIn) {
		t.Errorf("scanning with nobody signed in: %v", err)
	}
	if err := w.OpenShift(ctx); !is(err, till.CodeNotSignedIn) {
		t.Errorf("opening a shift with nobody signed in: %v", err)
	}
	w.must(w.SignIn(ctx, pin))
	if _, err := w.Scan(ctx, milk, register.One); !is(err, till.CodeNoShift) {
		t.Errorf("scanning in a closed shift: %v", err)
	}
	if _, err := w.CloseShift(ctx, nil); !is(err, till.CodeNoShift) {
		t.Errorf("closing a closed shift: %v", err)
	}
	w.must(w.OpenShift(ctx))
	for name, c := range map[string]struct {
		do   func() error
		want till.Code
	}{
		"opening twice":          {func() error { return w.OpenShift(ctx) }, till.CodeShiftOpen},
		"an unknown barcode":     {func() error { _, err := w.Scan(ctx, "4600000000000", register.One); return err }, till.CodeUnknownBarcode},
		"control characters":     {func() error { _, err := w.Scan(ctx, "46\x00\x1b", register.One); return err }, till.CodeUnknownBarcode},
		"4 KB":                   {func() error { _, err := w.Scan(ctx, strings.Repeat("4", 4096), register.One); return err }, till.CodeUnknownBarcode},
		"an unknown product":     {func() error { _, err := w.Add(ctx, "nobody", register.One); return err }, till.CodeUnknownProduct},
		"half a bottle":          {func() error { _, err := w.Scan(ctx, milk, 500); return err }, till.CodeWholePieces},
		"less than none of it":   {func() error { _, err := w.Scan(ctx, milk, -1); return err }, till.CodeBadQuantity},
		"a million million":      {func() error { _, err := w.Scan(ctx, milk, 1e15); return err }, till.CodeTooMuch},
		"cash for nothing":       {func() error { _, err := w.PayCash(ctx, 100); return err }, till.CodeEmptyCart},
		"QR for nothing":         {func() error { return w.StartQR(ctx) }, till.CodeEmptyCart},
		"a line that is not":     {func() error { return w.Remove(ctx, 5) }, till.CodeNoLine},
		"cancelling no payment":  {func() error { return w.CancelQR(ctx) }, till.CodeNoQR},
		"closing no payment":     {func() error { return w.CloseQR(ctx) }, till.CodeNoQR},
		"printing no code":       {func() error { return w.PrintQR(ctx) }, till.CodeNoQR},
		"practice with no world": {func() error { return w.PracticePay(ctx) }, till.CodeNoQR},
	} {
		if err := c.do(); !is(err, c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	w.scan(milk)
	if _, err := w.CloseShift(ctx, nil); !is(err, till.CodeCartNotEmpty) {
		t.Errorf("closing over a receipt: %v", err)
	}
	w.must(w.Clear(ctx))
	closed, err := w.CloseShift(ctx, nil) // the empty day
	if err != nil || closed.Totals != (register.Totals{Removed: 1}) {
		t.Errorf("closed with %+v, %v", closed, err)
	}
	w.healthy(0)
}

func TestWrongPINsCostTime(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	for i := range 5 {
		if err := w.SignIn(ctx, "0000"); !is(err, till.CodeWrongPIN) {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	if err := w.SignIn(ctx, pin); !is(err, till.CodeWait) {
		t.Errorf("the right PIN at once after five wrong ones: %v", err)
	}
	w.reopen()
	if err := w.SignIn(ctx, pin); !is(err, till.CodeWait) {
		t.Errorf("a restart ended the pause: %v", err)
	}
	w.clock.move(6 * time.Second)
	if err := w.SignIn(ctx, "9999"); !is(err, till.CodeWrongPIN) {
		t.Errorf("a sixth wrong one: %v", err)
	}
	w.clock.move(6 * time.Second)
	if err := w.SignIn(ctx, pin); !is(err, till.CodeWait) {
		t.Errorf("the pause did not grow: %v", err)
	}
	w.clock.move(-24 * time.Hour) // a clock that was set back does not lock the till for a day
	var p *till.Problem
	if err := w.SignIn(ctx, pin); !errors.As(err, &p) || p.Code != till.CodeWait || p.Args[1].(int64) > 300 {
		t.Errorf("a clock set back: %v", err)
	}
	w.clock.move(24*time.Hour + 5*time.Minute)
	w.must(w.SignIn(ctx, pin))
}

func TestTheReceiptIsThereAfterAPowerCut(t *testing.T) {
	w := newWorld(t).working()
	w.scan(milk, bread)
	w.must(w.SetQuantity(t.Context(), 1, 3*register.One))
	total := w.View().Total
	// The draft is written in the background, soon after each change.
	for {
		kept, err := w.store.Draft(t.Context())
		w.must(err)
		if len(kept.Lines) == 2 && kept.Lines[1].Quantity == 3*register.One {
			break
		}
		time.Sleep(time.Millisecond)
	}
	w.reopen()
	w.working()
	if v := w.View(); v.Total != total || len(v.Lines) != 2 {
		t.Errorf("after the cut: %+v", v)
	}
	if _, err := w.PayCash(t.Context(), total); err != nil {
		t.Fatal(err)
	}
	w.reopen()
	if v := w.View(); len(v.Lines) != 0 {
		t.Errorf("what was sold is there to be sold again: %+v", v.Lines)
	}
	w.healthy(1)
}

func TestTheReceiptIsThereAfterAnOrderlyEnd(t *testing.T) {
	w := newWorld(t).working()
	for n := register.One; n <= 5*register.One; n += register.One {
		w.scan(milk)
		w.reopen() // at once: the line is on its way to the disk
		w.working()
		if v := w.View(); len(v.Lines) != 1 || v.Lines[0].Quantity != n {
			t.Fatalf("after scan %s the receipt holds %+v", n, v.Lines)
		}
	}
}

func TestPaperOutDoesNotHoldUpSelling(t *testing.T) {
	w := newWorld(t).working()
	w.must(w.paper.Break(printersim.PaperOut))
	for range 3 {
		w.scan(milk)
		if _, err := w.PayCash(t.Context(), 8490); err != nil {
			t.Fatal(err)
		}
	}
	w.until("told that the paper is out", func(v till.View) bool {
		return v.Printer.Link == till.LinkDown && v.Printer.Trouble == till.CodePaperOut && v.Printer.Waiting == 3
	})
	w.reopen() // the jobs survive
	w.paper.Repair()
	w.until("everything printed", func(v till.View) bool { return v.Printer.Waiting == 0 })
	w.printed(3)
	w.healthy(3)
}

func TestASlipThatWasCutOffIsForAPerson(t *testing.T) {
	w := newWorld(t).working()
	w.paper.DieAfter(200)
	w.scan(milk)
	_, err := w.PayCash(t.Context(), 8490)
	w.must(err)
	w.until("a job in doubt", func(v till.View) bool { return v.Printer.Doubt == 1 && v.Printer.Waiting == 0 })
	w.must(w.ResolvePrint(t.Context(), true))
	w.until("decided and printed", func(v till.View) bool { return v.Printer.Doubt == 0 && v.Printer.Waiting == 0 })
	jobs := w.paper.Jobs()
	last := jobs[len(jobs)-1]
	if !strings.Contains(last.Text, "КОПИЯ") || w.paper.Kicks() != 1 {
		t.Errorf("the second slip is no copy, or opened the drawer %d times:\n%s", w.paper.Kicks(), last.Text)
	}
	w.healthy(1)
}

func TestClosingPrintsTheReport(t *testing.T) {
	w := newWorld(t).working()
	w.scan(milk)
	_, err := w.PayCash(t.Context(), 8490)
	w.must(err)
	w.printed(1)
	closed, err := w.CloseShift(t.Context(), nil)
	totals := closed.Totals
	if err != nil || totals.Sales.Count != 1 || totals.Sales.Cash != 8490 || totals.CashEnd != 8490 {
		t.Fatalf("closed with %+v, %v", totals, err)
	}
	if text := w.printed(2); !strings.Contains(text, "84,90") {
		t.Errorf("the report:\n%s", text)
	}
	w.must(w.OpenShift(t.Context()))
	if v := w.View(); v.Shift.Number != 2 || v.Shift.Totals.CashStart != 8490 {
		t.Errorf("the next shift is %+v", v.Shift)
	}
}

func TestAUPCIsFoundEitherWay(t *testing.T) {
	w := newWorld(t).working()
	w.scan(milk[1:]) // 12 digits: the scanner sends UPC-A
	if v := w.View(); len(v.Lines) != 1 || v.Lines[0].Barcode != milk {
		t.Errorf("the receipt is %+v", v.Lines)
	}
}
