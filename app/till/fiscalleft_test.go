package till_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kassa/app/till"
	"kassa/fiscal"
)

// A disk is restored: the copy holds receipts that wait, and that the registrar has made since.
func TestAnOlderCopyOfTheDatabase(t *testing.T) {
	for name, c := range map[string]struct {
		dead  time.Duration // how long the registrar was, after the copy was made
		made  bool
		kinds string
		as    fiscal.Kind
	}{
		"made since":                 {time.Minute, true, "open_shift sale sale sale", fiscal.Sale},
		"made since as a correction": {25 * time.Hour, true, "open_shift sale close_shift open_shift sale_correction sale", fiscal.SaleCorrection},
		"not made yet":               {time.Minute, false, "open_shift sale sale sale", fiscal.Sale},
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, func(d *desk) {
				d.set.CloseExpired = true
				d.close()
				d.open()
				d.working()
				d.sell(1)
				d.rest(time.Minute)
				d.machine.setOff(true)
				waits := d.sell(2)
				d.close()
				copied := filepath.Join(d.TempDir(), "copy")
				d.must(os.CopyFS(copied, os.DirFS(d.dir)))
				d.open()
				d.must(d.SignIn(d.Context(), pin))
				d.rest(c.dead)
				if c.made {
					d.machine.setOff(false)
				}
				d.rest(time.Minute)
				d.close()
				d.dir = copied
				d.open()
				d.machine.setOff(false)
				d.must(d.SignIn(d.Context(), pin))
				after := d.sell(3)
				d.rest(2 * time.Minute)
				d.clear()
				d.agrees()
				if got := d.kinds(); got != c.kinds {
					t.Errorf("the device made %s, want %s", got, c.kinds)
				}
				made := d.fiscalised()
				if got := made[waits.ID]; len(got) != 1 || got[0].Found != c.made || got[0].Document != string(c.as) {
					t.Errorf("%+v", got)
				}
				if got := made[after.ID]; len(got) != 1 || got[0].Found {
					t.Errorf("%+v", got)
				}
			})
		})
	}
}

// What is made after the copy was brought back, such as the opening of the registrar's shift, hides nothing of what was made
// before.
func TestAnOlderCopyWhoseShiftWasClosed(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.working()
		d.sell(1)
		d.rest(time.Minute)
		d.machine.setOff(true)
		d.sell(2)
		d.sell(3)
		d.close()
		copied := filepath.Join(d.TempDir(), "copy")
		d.must(os.CopyFS(copied, os.DirFS(d.dir)))
		d.machine.setOff(false)
		d.open()
		d.must(d.SignIn(d.Context(), pin))
		d.rest(time.Minute)
		d.must(d.CloseDeviceShift(d.Context()))
		d.rest(time.Minute)
		d.close()
		d.dir = copied
		d.open()
		d.must(d.SignIn(d.Context(), pin))
		d.rest(time.Minute)
		d.sell(4)
		d.rest(time.Minute)
		d.clear()
		d.agrees()
		if got := d.kinds(); got != "open_shift sale sale sale close_shift open_shift sale" {
			t.Errorf("the device made %s", got)
		}
	})
}

// What is left for a person to decide must not hide what keeps all other receipts from being made.
func TestTroubleIsShownBeforeWhatNobodyKnows(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.working()
		d.rest(time.Minute)
		d.machine.will("make", lostBefore)
		d.machine.will("find", blank)
		d.sell(1)
		d.rest(time.Minute)
		d.shows(till.LinkUp, till.CodeFiscalUnclear, 0)
		d.machine.device.SetPaper(false)
		d.sell(1)
		d.rest(time.Minute)
		if f := d.shows(till.LinkUp, till.CodeFiscalPaper, 1); f.Unclear != 1 {
			t.Errorf("%s", fiscalText(f))
		}
		d.machine.device.SetPaper(true)
		d.rest(time.Minute)
		d.shows(till.LinkUp, till.CodeFiscalUnclear, 0)
	})
}

// A document's number means another document in another fiscal storage.
func TestNoCopyOfAnotherStoragesDocument(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.working()
		sold := d.sell(1)
		d.rest(time.Minute)
		d.must(d.PrintFiscalCopy(d.Context(), sold.ID))
		_, err := d.CloseShift(d.Context(), nil)
		d.must(err)
		d.rest(time.Minute)
		d.must(d.machine.device.ReplaceFN("9999078902000777"))
		d.must(d.OpenShift(d.Context()))
		d.sell(2)
		d.sell(3)
		d.rest(time.Minute)
		before := d.machine.device.Tape()
		d.is(d.PrintFiscalCopy(d.Context(), sold.ID), till.CodeFiscalCannot)
		if d.machine.device.Tape() != before {
			t.Error("it printed another buyer's receipt")
		}
	})
}

// The end of the registrar's shift that a cashier asked for too early, and that the registrar does not make, keeps no
// receipts waiting.
func TestAnEndOfAShiftThatIsRefused(t *testing.T) {
	for why, often := range map[fiscal.Trouble]int{fiscal.TroubleDocument: 1, fiscal.TroubleOther: 3} {
		t.Run(string(why), func(t *testing.T) {
			atDesk(t, func(d *desk) {
				d.working()
				d.rest(time.Minute)
				for range often {
					d.machine.will("make", fate(why))
				}
				d.must(d.CloseDeviceShift(d.Context()))
				d.rest(time.Second)
				d.sell(1)
				d.rest(time.Minute)
				d.clear()
				d.agrees()
				if got := d.kinds(); got != "open_shift sale" {
					t.Errorf("the device made %s", got)
				}
			})
		})
	}
}

// The registrar answers, and nobody can make sense of what it says about one receipt: after an hour a person is asked, and
// the others are made.
func TestAnAnswerThatMakesNoSense(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.working()
		d.rest(time.Minute)
		d.machine.will("make", lostAfter)
		for range 200 {
			d.machine.will("find", puzzling)
		}
		sold := d.sell(1)
		next := d.sell(2)
		d.rest(50 * time.Minute)
		d.shows(till.LinkUp, till.CodeFiscalOther, 2)
		d.rest(20 * time.Minute)
		d.shows(till.LinkUp, till.CodeFiscalUnclear, 0)
		d.must(d.ResolveFiscal(d.Context(), sold.ID, true))
		d.rest(time.Minute)
		d.clear()
		if marks := d.marks(); marks[sold.ID] != 1 || marks[next.ID] != 1 {
			t.Errorf("%v", marks)
		}
	})
}

// Receipts bear the time of the registrar's clock: where it and the till's have come apart, somebody is told. A device that
// tells no zone is taken for one in the neighbourhood: only the minutes count.
func TestClocksThatComeApart(t *testing.T) {
	for ahead, told := range map[time.Duration]struct{ zone, noZone bool }{
		0: {}, 4 * time.Minute: {}, -4 * time.Minute: {}, 20 * time.Minute: {true, true}, -20 * time.Minute: {true, true}, 2 * time.Hour: {true, false},
		3*time.Hour + 20*time.Minute: {true, true}, -40 * 24 * time.Hour: {true, true},
	} {
		for noZone, want := range map[bool]bool{false: told.zone, true: told.noZone} {
			t.Run(fmt.Sprintf("%v, without a zone %t", ahead, noZone), func(t *testing.T) {
				atDesk(t, func(d *desk) {
					d.machine.noZone = noZone
					d.machine.device.SetSkew(ahead)
					d.rest(time.Minute)
					if got := slices.Contains(d.View().Fiscal.Warnings, till.CodeFiscalClocks); got != want {
						t.Errorf("%s", fiscalText(d.View().Fiscal))
					}
				})
			})
		}
	}
}
