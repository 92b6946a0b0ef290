package till_test

import (
	"strings"
	"testing"

	"kassa/app/till"
	"kassa/printer/printersim"
)

// sell sells milk for cash.
func (w *world) sellMilk() {
	w.Helper()
	w.scan(milk)
	_, err := w.PayCash(w.Context(), 8490)
	w.must(err)
}

func (w *world) kicks(n int) {
	w.Helper()
	w.must(w.paper.WaitKicks(w.Context(), n))
	if got := w.paper.Kicks(); got != n {
		w.Errorf("the drawer was opened %d times, want %d", got, n)
	}
}

func TestTheDrawerDoesNotWaitForPaper(t *testing.T) {
	w := newWorld(t).working()
	w.must(w.paper.Break(printersim.PaperOut))
	w.sellMilk()
	w.kicks(1)
	w.sellMilk()
	w.kicks(2)
	w.until("both slips wait", func(v till.View) bool { return v.Printer.Waiting == 2 })
	w.paper.Repair()
	w.until("everything printed", func(v till.View) bool { return v.Printer.Waiting == 0 })
	w.printed(2)
	w.kicks(2) // once for each sale, and not again with the paper
}

func TestTheDrawerIsNotOpenedAfterARestart(t *testing.T) {
	w := newWorld(t).working()
	w.must(w.paper.Break(printersim.PaperOut))
	w.sellMilk()
	w.kicks(1)
	w.reopen()
	w.paper.Repair()
	w.until("printed", func(v till.View) bool { return v.Printer.Waiting == 0 })
	w.printed(1)
	w.kicks(1)
}

// The pulse and the slip go one after the other: no printer needs to notice in between that somebody hung up.
func TestTheDrawerIsOpenedBeforeThePaper(t *testing.T) {
	w := newWorld(t).working()
	w.sellMilk()
	w.printed(1)
	w.kicks(1)
	if job := w.paper.Jobs()[0]; job.Drawer != 1 || !strings.Contains(job.Text, "84,90") {
		t.Errorf("the slip did not follow the drawer on one line: %d pulses in it", job.Drawer)
	}
}
