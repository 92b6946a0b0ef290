package till_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kassa/app/till"
	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/localdb"
)

// is holds that an error is a problem.
func (d *desk) is(err error, want till.Code) {
	d.Helper()
	if !errors.Is(err, &till.Problem{Code: want}) {
		d.Errorf("%v, want %s", err, want)
	}
}

func TestAShiftOfTheRegistrarThatIsTooOld(t *testing.T) {
	old := func(t *testing.T, set till.FiscalSettings, f func(*desk)) {
		atDesk(t, func(d *desk) {
			if set.CloseExpired {
				d.set = set
				d.close()
				d.open()
			}
			d.working()
			d.sell(1)
			d.rest(22*time.Hour + 30*time.Minute)
			if v := d.View().Fiscal; len(v.Warnings) != 0 || !v.MayCloseShift {
				t.Errorf("after 22 hours: %s", fiscalText(v))
			}
			d.rest(time.Hour)
			if v := d.View().Fiscal; !slices.Equal(v.Warnings, []till.Code{till.CodeFiscalShiftOld}) {
				t.Errorf("after 23 hours: %s", fiscalText(v))
			}
			d.rest(time.Hour)
			if v := d.View().Fiscal; !slices.Equal(v.Warnings, []till.Code{till.CodeFiscalShiftExpired}) {
				t.Errorf("after 24 hours: %s", fiscalText(v))
			}
			f(d)
			d.rest(time.Minute)
			d.clear()
			d.agrees()
		})
	}
	t.Run("of the till's own shift, asks the cashier", func(t *testing.T) {
		old(t, till.FiscalSettings{}, func(d *desk) {
			d.sell(1)
			d.rest(time.Hour)
			d.shows(till.LinkUp, till.CodeFiscalShiftExpired, 1)
			d.must(d.CloseDeviceShift(d.Context()))
			d.must(d.CloseDeviceShift(d.Context())) // twice is once
			d.rest(time.Minute)
			if got := d.kinds(); got != "open_shift sale close_shift open_shift sale" {
				d.Errorf("the device made %s", got)
			}
		})
	})
	t.Run("is closed by itself where the owner chose so", func(t *testing.T) {
		old(t, till.FiscalSettings{CloseExpired: true}, func(d *desk) {
			d.sell(1)
			d.rest(time.Minute)
			if got := d.kinds(); got != "open_shift sale close_shift open_shift sale" {
				d.Errorf("the device made %s", got)
			}
		})
	})
	t.Run("is closed with the till's shift", func(t *testing.T) {
		old(t, till.FiscalSettings{}, func(d *desk) {
			_, err := d.CloseShift(d.Context(), nil)
			d.must(err)
			d.must(d.OpenShift(d.Context()))
			d.sell(1)
			d.rest(time.Minute)
			if got := d.kinds(); got != "open_shift sale close_shift open_shift sale" {
				d.Errorf("the device made %s", got)
			}
		})
	})
	t.Run("of another shift of the till", func(t *testing.T) {
		old(t, till.FiscalSettings{}, func(d *desk) {
			d.machine.will("make", fate(fiscal.TroubleDocument)) // the end of the shift
			_, err := d.CloseShift(d.Context(), nil)
			d.must(err)
			d.rest(time.Minute)
			d.must(d.OpenShift(d.Context()))
			d.sell(1)
			d.rest(time.Minute)
			if got := d.kinds(); got != "open_shift sale close_shift open_shift sale" {
				d.Errorf("the device made %s", got)
			}
			queue, err := d.FiscalQueue(d.Context())
			d.must(err)
			d.must(d.DropFiscal(d.Context(), queue[0].ID))
		})
	})
}

func TestTheRegistrarsShiftFollows(t *testing.T) {
	atDesk(t, func(d *desk) {
		made := func(want string) {
			t.Helper()
			d.rest(time.Minute)
			d.clear()
			if got := d.kinds(); got != want {
				t.Errorf("the device made %s, want %s", got, want)
			}
		}
		d.is(d.CloseDeviceShift(d.Context()), till.CodeFiscalShiftClosed)
		d.working()
		made("open_shift")
		// Somebody closed it at the device itself: it is opened for the next receipt.
		d.must(d.CloseDeviceShift(d.Context()))
		made("open_shift close_shift")
		d.sell(1)
		made("open_shift close_shift open_shift sale")
		d.must(d.CloseDeviceShift(d.Context()))
		d.rest(time.Minute)
		_, err := d.CloseShift(d.Context(), nil)
		d.must(err)
		made("open_shift close_shift open_shift sale close_shift")
		d.whole()
	})
}

func TestPaperThatRunsOut(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.working()
		d.rest(time.Minute)
		d.machine.device.SetPaper(false)
		d.sell(1)
		d.rest(time.Minute)
		d.shows(till.LinkUp, till.CodeFiscalPaper, 1)
		d.machine.device.SetPaper(true)
		d.rest(5 * time.Second)
		d.clear()
		d.machine.device.SetCover(true)
		d.sell(1)
		d.rest(time.Minute)
		d.shows(till.LinkUp, till.CodeFiscalCover, 1)
		d.machine.device.SetCover(false)
		d.rest(5 * time.Second)
		d.clear()
		// In the middle of a receipt: it is made, and printed to its end later, also by a till that was started anew.
		d.must(d.machine.device.Faults.Break(paperEnds))
		d.sell(2)
		d.rest(time.Minute)
		f := d.shows(till.LinkUp, till.CodeFiscalPaper, 0)
		if f.Unprinted != 1 || len(d.fiscalised()) != 4 {
			t.Errorf("%s", fiscalText(f))
		}
		d.reopen()
		d.rest(time.Minute)
		d.sell(1)
		d.rest(time.Minute)
		d.shows(till.LinkUp, till.CodeFiscalPaper, 1)
		d.machine.device.SetPaper(true)
		d.rest(5 * time.Second)
		d.clear()
		d.agrees()
		if d.machine.device.Look().Unprinted {
			t.Error("something is not on paper")
		}
	})
}

// A registrar may refuse everything until it has printed to its end what nobody knows of.
func TestARegistrarThatWantsToPrintFirst(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.working()
		d.rest(time.Minute)
		d.must(d.machine.device.Faults.Break(paperEnds))
		d.machine.will("make", lostAfter)
		d.sell(1)
		d.rest(time.Second)
		d.machine.forget() // what it finds in its memory says nothing of paper
		d.rest(time.Minute)
		d.machine.device.SetPaper(true)
		d.sell(1)
		d.rest(time.Minute)
		d.clear()
		d.agrees()
	})
}

func TestADocumentThatIsRefused(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.working()
		d.rest(time.Minute)
		d.machine.will("make", fate(fiscal.TroubleDocument))
		bad := d.sell(1)
		good := d.sell(2)
		d.rest(time.Minute)
		f := d.shows(till.LinkUp, till.CodeFiscalRefused, 0)
		if made := d.fiscalised(); f.Refused != 1 || len(made[bad.ID]) != 0 || len(made[good.ID]) != 1 {
			t.Errorf("%s, made %v", fiscalText(f), made)
		}
		queue, err := d.FiscalQueue(d.Context())
		d.must(err)
		if len(queue) != 1 || queue[0].State != till.FiscalRefused || queue[0].Trouble != till.CodeFiscalDocument || queue[0].Message == "" || queue[0].Operation.ID != bad.ID {
			t.Fatalf("%+v", queue)
		}
		record, err := d.FiscalOf(d.Context(), bad.ID)
		if err != nil || len(record.Open) != 1 || record.Open[0].ID != queue[0].ID {
			t.Errorf("%+v, %v", record, err)
		}
		d.is(d.ResolveFiscal(d.Context(), queue[0].ID, true), till.CodeNoFiscalDoc)
		d.must(d.RetryFiscal(d.Context(), queue[0].ID))
		d.rest(time.Minute)
		d.clear()
		d.agrees()
		d.is(d.RetryFiscal(d.Context(), queue[0].ID), till.CodeNoFiscalDoc)
		d.is(d.RetryFiscal(d.Context(), "nothing"), till.CodeNoFiscalDoc)
		d.is(d.DropFiscal(d.Context(), queue[0].ID), till.CodeNoFiscalDoc)
		// An error that nobody knows is tried some times, and then does not stop the others.
		other := fate(fiscal.TroubleOther)
		d.machine.will("make", other, other, other, "")
		d.sell(1)
		d.sell(1)
		d.rest(time.Minute)
		if f := d.shows(till.LinkUp, till.CodeFiscalRefused, 0); f.Refused != 1 {
			t.Errorf("%s", fiscalText(f))
		}
		d.must(d.RetryFiscal(d.Context(), ""))
		d.rest(time.Minute)
		d.clear()
		d.agrees()
		// One that is given up is never made, and the history says by whom.
		d.machine.will("make", fate(fiscal.TroubleCannot))
		gone := d.sell(1)
		d.rest(time.Minute)
		queue, err = d.FiscalQueue(d.Context())
		d.must(err)
		d.must(d.DropFiscal(d.Context(), queue[0].ID))
		d.rest(time.Minute)
		d.clear()
		if got := d.fiscalised()[gone.ID]; len(got) != 1 || !got[0].GivenUp || got[0].Decided != "Анна" || d.marks()[gone.ID] != 0 {
			t.Errorf("%+v", got)
		}
		d.whole()
	})
}

func TestADrawerThatHoldsTooLittleByTheRegistrarsCount(t *testing.T) {
	atDesk(t, func(d *desk) {
		// The till had no registrar yet when the money came.
		d.working()
		d.rest(time.Minute)
		_, err := d.CashIn(d.Context(), 100_00, "")
		d.must(err)
		d.rest(time.Minute)
		queue := func() []till.FiscalDocument {
			all, err := d.FiscalQueue(d.Context())
			d.must(err)
			return all
		}
		d.machine.will("make", fate(fiscal.TroubleCash))
		_, err = d.CashOut(d.Context(), 50_00, "")
		d.must(err)
		d.rest(time.Minute)
		if q := queue(); len(q) != 1 || q[0].Trouble != till.CodeFiscalCash || q[0].Kind != fiscal.CashOut {
			t.Fatalf("%+v", q)
		}
		_, err = d.CashIn(d.Context(), 10_00, "")
		d.must(err)
		d.rest(time.Minute)
		d.clear()
		if got := d.moves(); got != "cash_in cash_in cash_out" {
			t.Errorf("the device made %s", got)
		}
	})
}

func TestAPersonDecidesWhatTheRegistrarCannotTell(t *testing.T) {
	for _, made := range []bool{true, false} {
		t.Run(map[bool]string{true: "it is there", false: "it is not there"}[made], func(t *testing.T) {
			atDesk(t, func(d *desk) {
				d.staffed()
				d.working()
				d.rest(time.Minute)
				was := fate(lostBefore)
				if made {
					was = lostAfter
				}
				d.machine.will("make", was)
				d.machine.will("find", blank)
				sold := d.sell(1)
				next := d.sell(2)
				d.rest(time.Minute)
				f := d.shows(till.LinkUp, till.CodeFiscalUnclear, 0)
				if f.Unclear != 1 || len(d.fiscalised()[next.ID]) != 1 {
					t.Errorf("%s", fiscalText(f))
				}
				queue, err := d.FiscalQueue(d.Context())
				d.must(err)
				id := queue[0].ID
				if len(queue) != 1 || queue[0].State != till.FiscalUnclear || queue[0].Operation.ID != sold.ID {
					t.Fatalf("%+v", queue)
				}
				d.is(d.RetryFiscal(d.Context(), id), till.CodeNoFiscalDoc)
				d.is(d.DropFiscal(d.Context(), id), till.CodeNoFiscalDoc)
				d.reopen() // it is not forgotten
				d.must(d.SignIn(d.Context(), "1111"))
				d.is(d.ResolveFiscal(d.Context(), id, made), till.CodeNotAllowed)
				d.must(d.Leave(d.Context(), "3333", till.RightFiscal))
				d.must(d.ResolveFiscal(d.Context(), id, made))
				d.is(d.ResolveFiscal(d.Context(), id, made), till.CodeNoFiscalDoc)
				d.rest(time.Minute)
				d.clear()
				got := d.fiscalised()[sold.ID]
				if len(got) != 1 || got[0].Decided != "Ольга" || (got[0].Number == 0) != made || d.marks()[sold.ID] != 1 {
					t.Errorf("%+v", got)
				}
				d.whole()
			})
		})
	}
}

// staffed gives the till a cashier and a senior one beside the owner.
func (d *desk) staffed() {
	d.Helper()
	for pin, who := range map[string]localdb.Cashier{"1111": {ID: "i", Name: "Ира", Role: string(till.RoleCashier)}, "3333": {ID: "o", Name: "Ольга", Role: string(till.RoleSenior)}} {
		var err error
		who.PINHash, err = till.HashPIN(pin)
		d.must(err)
		d.must(d.store.SetCashier(d.Context(), who))
	}
}

// Another fiscal storage knows nothing of what was asked of the one before.
func TestAFiscalStorageThatWasExchangedInBetween(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.working()
		d.rest(time.Minute)
		d.machine.will("make", lostAfter)
		d.machine.will("find", silent, silent, silent)
		sold := d.sell(1)
		d.rest(time.Second)
		other := newMachine(t, fnsim.Setup{FN: "9999078902000777"})
		d.machine = other
		d.reopen()
		d.rest(time.Minute)
		if f := d.shows(till.LinkUp, till.CodeFiscalUnclear, 0); f.Unclear != 1 {
			t.Errorf("%s", fiscalText(f))
		}
		if len(other.made) > 0 && other.made[0].Mark == sold.ID {
			t.Error("it was made again, unasked")
		}
	})
}

func TestATillWithNoRegistrar(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.machine = nil
		d.close()
		d.open()
		d.working()
		d.sell(1)
		_, err := d.CloseShift(d.Context(), nil)
		d.must(err)
		d.rest(time.Hour)
		f := d.View().Fiscal
		if f.Configured || f.Link != till.LinkOff || f.Trouble != "" || f.Waiting+f.Refused+f.Unclear > 0 || f.Warnings != nil {
			t.Errorf("%s", fiscalText(f))
		}
		queue, err := d.FiscalQueue(d.Context())
		if err != nil || len(queue) > 0 || len(d.fiscalised()) > 0 {
			t.Errorf("%+v, %v", queue, err)
		}
		d.is(d.CloseDeviceShift(d.Context()), till.CodeNoFiscal)
		d.is(d.PrintFiscalCopy(d.Context(), "any"), till.CodeNoFiscal)
		d.must(d.OpenShift(d.Context()))
		d.is(d.PrintX(d.Context()), till.CodeNoPrinter)
	})
}

// practice is a make of registrar whose devices are the test's machine.
func (d *desk) practice(m *machine) fiscal.Driver {
	return fiscal.Driver{Name: "practice", Title: "Practice", Fields: []fiscal.Field{{Name: "url"}, {Name: "password", Secret: true}, {Name: "till", Optional: true}},
		Open: func(s fiscal.Settings, _ fiscal.Options) (fiscal.Device, error) {
			if s["url"] == "nonsense" {
				return nil, errors.New("no such address")
			}
			if s["password"] != "secret" {
				return closedDoor{m}, nil
			}
			return m, nil
		}}
}

// closedDoor is a registrar that takes no password.
type closedDoor struct{ *machine }

func (closedDoor) State(context.Context) (fiscal.State, error) {
	return fiscal.State{}, failed(nil, fiscal.TroubleAccess)
}

func TestARegistrarIsChosen(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.drivers, d.connects = []fiscal.Driver{d.practice(d.machine)}, true
		d.close()
		d.open()
		d.staffed()
		d.must(d.SignIn(d.Context(), "3333"))
		good := fiscal.Settings{"url": "http://127.0.0.1:1", "password": "secret"}
		set := till.FiscalSettings{Driver: "practice", Taxation: fiscal.TaxationOSN}
		_, err := d.CheckFiscal(d.Context(), set, good)
		d.is(err, till.CodeNotAllowed)
		d.is(d.SetFiscal(d.Context(), set, good), till.CodeNotAllowed)
		d.working()
		before := d.sell(1)
		for name, c := range map[string]struct {
			set    till.FiscalSettings
			values fiscal.Settings
		}{
			"an unknown make":     {till.FiscalSettings{Driver: "nosuch"}, good},
			"a tax of no country": {till.FiscalSettings{Driver: "practice", Taxation: "flat"}, good},
			"no address":          {set, fiscal.Settings{"password": "secret"}},
			"no password":         {set, fiscal.Settings{"url": "u"}},
			"a bad address":       {set, fiscal.Settings{"url": "nonsense", "password": "secret"}},
		} {
			err := d.SetFiscal(d.Context(), c.set, c.values)
			if !errors.Is(err, &till.Problem{Code: till.CodeBadSetting}) || d.View().Fiscal.Configured {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err = d.CheckFiscal(d.Context(), set, fiscal.Settings{"url": "u", "password": "wrong"})
		d.is(err, till.CodeFiscalAccess)
		st, err := d.CheckFiscal(d.Context(), set, good)
		if err != nil || st.FN == "" || d.View().Fiscal.Configured {
			t.Errorf("%+v, %v", st, err)
		}
		d.must(d.SetFiscal(d.Context(), set, good))
		v := d.View()
		if !v.Fiscal.Configured || v.Fiscal.Driver != "practice" || v.Settings.Fiscal != set {
			t.Errorf("%s, %+v", fiscalText(v.Fiscal), v.Settings.Fiscal)
		}
		after := d.sell(1)
		d.rest(time.Minute)
		d.clear()
		made := d.fiscalised()
		if len(made[before.ID]) != 0 || len(made[after.ID]) != 1 || d.kinds() != "open_shift sale" {
			t.Errorf("%s; %v", d.kinds(), made)
		}
		// The settings survive a restart and other settings; a secret that is left empty stays.
		d.reopen()
		other := v.Settings.Clone()
		other.Sounds, other.Fiscal = !other.Sounds, till.FiscalSettings{}
		d.must(d.SetSettings(d.Context(), other))
		if got := d.View().Settings.Fiscal; got != set {
			t.Errorf("%+v", got)
		}
		set.OwnSlips = true
		d.must(d.SetFiscal(d.Context(), set, fiscal.Settings{"url": "u2"}))
		where, err := d.Connections(d.Context())
		if err != nil || where.Registrar != "practice" || where.RegistrarValues["url"] != "u2" || len(where.RegistrarValues) != 1 {
			t.Errorf("%+v, %v", where, err)
		}
		d.sell(1)
		d.rest(time.Minute)
		d.clear()
		// Without its key the secret is lost: selling goes on, and what is sold waits.
		d.must(os.Remove(filepath.Join(d.dir, "till.key")))
		d.reopen()
		lost := d.sell(1)
		d.rest(time.Minute)
		d.shows(till.LinkOff, till.CodeFiscalSettings, 1)
		d.is(d.PrintFiscalCopy(d.Context(), lost.ID), till.CodeNoFiscal)
		d.must(d.SetFiscal(d.Context(), set, good))
		d.rest(time.Minute)
		d.clear()
		// And away with it.
		d.must(d.SetFiscal(d.Context(), till.FiscalSettings{}, nil))
		d.sell(1)
		d.rest(time.Minute)
		if v := d.View().Fiscal; v.Configured || v.Waiting != 0 {
			t.Errorf("%s", fiscalText(v))
		}
		d.whole()
	})
}

func TestWhatTheRegistrarWarnsOf(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.machine.device.SetOFD(false)
		d.working()
		d.sell(1)
		warned := func(after time.Duration, want ...till.Code) {
			t.Helper()
			d.close() // for as long: looking takes its time
			time.Sleep(after)
			d.open()
			d.must(d.SignIn(d.Context(), pin))
			d.rest(time.Minute)
			if got := d.View().Fiscal.Warnings; !slices.Equal(got, want) {
				t.Errorf("it warns of %v, want %v", got, want)
			}
		}
		const day = 24 * time.Hour
		warned(time.Hour)
		d.must(d.CloseDeviceShift(d.Context()))
		warned(time.Minute)
		warned(3*day, till.CodeFiscalUnsent3)
		warned(16*day, till.CodeFiscalUnsent3)
		warned(2*day, till.CodeFiscalUnsent20)
		warned(10*day, till.CodeFiscalUnsent)
		d.sell(1)
		d.rest(time.Minute)
		d.shows(till.LinkUp, till.CodeFiscalUnsent, 2) // with the opening of the shift
		d.machine.device.SetOFD(true)
		d.rest(time.Minute)
		d.clear()
		d.machine.device.SetUntil(time.Now().Add(20 * day))
		warned(time.Minute, till.CodeFiscalFNSoon)
		d.machine.device.SetUntil(time.Now().Add(2 * day))
		warned(time.Minute, till.CodeFiscalFNNow)
	})
}
