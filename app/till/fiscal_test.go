package till_test

import (
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"kassa/app/till"
	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

func TestADayWithARegistrar(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.working()
		sold := d.sell(2)
		_, err := d.CashIn(d.Context(), 500_00, "размен")
		d.must(err)
		_, err = d.Return(d.Context(), till.ReturnOrder{Sale: sold.ID, Wants: []register.Want{{Line: 0, Quantity: register.One}}, Prefer: register.Cash})
		d.must(err)
		_, err = d.CashOut(d.Context(), 100_00, "сдано")
		d.must(err)
		d.rest(time.Second)
		d.must(d.PrintX(d.Context()))
		_, err = d.CloseShift(d.Context(), nil)
		d.must(err)
		d.rest(time.Minute)
		d.clear()
		d.agrees()
		if got, want := d.kinds()+", "+d.moves(), "open_shift sale return close_shift, cash_in cash_out"; got != want {
			t.Errorf("the device made %s, want %s", got, want)
		}
		record, err := d.FiscalOf(d.Context(), sold.ID)
		d.must(err)
		if len(record.Made) != 1 || len(record.Open) != 0 {
			t.Fatalf("of the sale: %+v", record)
		}
		m := record.Made[0]
		if m.Of.ID != sold.ID || m.Of.Receipt != 1 || m.Document != string(fiscal.Sale) || m.Total != 169_80 || m.QR == "" || m.Found || m.Decided != "" || m.Number != 3 {
			t.Errorf("%+v", m)
		}
		v := d.View().Fiscal
		if !v.Configured || v.MayCloseShift || v.State.Shift != fiscal.ShiftClosed || v.State.Drawer != 169_80+500_00-84_90-100_00 {
			t.Errorf("%+v", v)
		}
	})
}

func TestPrepaymentsAreFiscalised(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.working()
		order := func(amount register.Money) till.Sold {
			_, err := d.Scan(d.Context(), milk, 3*register.One)
			d.must(err)
			p, err := d.Prepay(d.Context(), amount, till.Tender{Given: amount})
			d.must(err)
			return p
		}
		first := order(100_00)
		_, err := d.ReturnPrepayment(d.Context(), first.ID, 30_00, register.Cash, "")
		d.must(err)
		d.must(d.HandOver(d.Context(), first.ID))
		sold, err := d.PayCash(d.Context(), d.View().Due)
		d.must(err)
		_, err = d.Return(d.Context(), till.ReturnOrder{Sale: sold.ID, Wants: []register.Want{{Line: 0, Quantity: 3 * register.One}}, Prefer: register.Cash})
		d.must(err)
		_, err = d.ReturnPrepayment(d.Context(), first.ID, 70_00, register.Cash, "")
		d.must(err)
		d.rest(time.Minute)
		d.clear()
		d.agrees()
		var got []string
		for _, r := range d.machine.device.All() {
			if r.Kind.Receipt() {
				got = append(got, fmt.Sprintf("%s %d %s %s/%s", r.Kind, r.Lines[0].Method, r.Sum, r.Payments.Cash, r.Payments.Prepaid))
			}
		}
		want := []string{"sale 2 100.00 100.00/0.00", "return 2 30.00 30.00/0.00", "sale 4 254.70 184.70/70.00", "return 4 254.70 184.70/70.00", "return 2 70.00 70.00/0.00"}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("the device made\n%s, want\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// The registrar is dead for two days. Nothing stops; when it is back all is made in order, late receipts as corrections.
func TestARegistrarThatIsDeadForTwoDays(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.working()
		d.sell(1)
		d.rest(time.Minute)
		d.clear()
		d.machine.setOff(true)
		began := time.Now()
		d.sell(2)
		d.rest(time.Minute)
		if f := d.shows(till.LinkDown, till.CodeFiscalOff, 1); f.Since.Before(began.Truncate(time.Millisecond)) || f.Since.After(began.Add(time.Second)) || f.Message == "" {
			t.Errorf("%s", fiscalText(f))
		}
		if err := d.PrintX(d.Context()); !errors.Is(err, &till.Problem{Code: till.CodeFiscalOff}) {
			t.Errorf("X of a dead registrar: %v", err)
		}
		_, err := d.CloseShift(d.Context(), nil)
		d.must(err)
		d.rest(22 * time.Hour)
		d.must(d.OpenShift(d.Context()))
		late := d.sell(3)
		d.rest(26 * time.Hour)
		d.reopen()
		soon := d.sell(4)
		d.rest(time.Minute)
		d.shows(till.LinkDown, till.CodeFiscalOff, 5)
		queue, err := d.FiscalQueue(d.Context())
		d.must(err)
		if len(queue) != 5 || queue[2].Kind != fiscal.OpenShift || queue[3].Operation.ID != late.ID || queue[3].Receipt != 1 || queue[3].Total != late.Total || queue[4].State != till.FiscalWaiting {
			t.Errorf("the queue is %+v", queue)
		}
		d.machine.setOff(false)
		d.rest(2 * time.Minute)
		d.clear()
		d.agrees()
		want := "open_shift sale close_shift open_shift sale_correction close_shift open_shift sale_correction sale"
		if got := d.kinds(); got != want {
			t.Errorf("the device made %s, want %s", got, want)
		}
		if got := d.fiscalised()[late.ID]; got[0].Document != string(fiscal.SaleCorrection) || got[0].Of.Shift != 2 {
			t.Errorf("%+v", got)
		}
		if got := d.fiscalised()[soon.ID]; got[0].Document != string(fiscal.Sale) {
			t.Errorf("%+v", got)
		}
	})
}

// Whatever becomes of a call, and whenever the till dies, a receipt is made once.
func TestAReceiptIsMadeOnce(t *testing.T) {
	tests := map[string]struct {
		make, find []fate
		found      bool // in the device's memory
	}{
		"the answer is lost, and it was made":        {[]fate{lostAfter}, nil, true},
		"the answer is lost, and it was not made":    {[]fate{lostBefore}, nil, false},
		"lost twice, then made":                      {[]fate{lostBefore, lostBefore}, []fate{silent, ""}, false},
		"made, and nobody says so for long":          {[]fate{lostAfter}, []fate{silent, silent, silent, silent, silent}, true},
		"nothing was sent":                           {[]fate{unsent, unsent}, nil, false},
		"refused, and put right":                     {[]fate{fate(fiscal.TroublePaper), fate(fiscal.TroubleMechanism)}, nil, false},
		"busy":                                       {[]fate{fate(fiscal.TroubleBusy), fate(fiscal.TroubleOff)}, nil, false},
		"the login is wrong for a while":             {[]fate{fate(fiscal.TroubleAccess)}, nil, false},
		"an error that nobody knows, twice":          {[]fate{fate(fiscal.TroubleOther), fate(fiscal.TroubleOther)}, nil, false},
		"the till dies before":                       {[]fate{dieBefore}, nil, false},
		"the till dies after":                        {[]fate{dieAfter}, nil, true},
		"the till dies, and the registrar is silent": {[]fate{dieAfter}, []fate{silent, silent}, true},
		"not sent, then the answer is lost":          {[]fate{unsent, lostAfter}, nil, true},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			atDesk(t, func(d *desk) {
				d.working()
				d.rest(time.Minute)
				d.machine.will("make", c.make...)
				d.machine.will("find", c.find...)
				sold := d.sell(1)
				d.rest(time.Second)
				select {
				case <-d.machine.dead:
					d.reopen()
				default:
				}
				next := d.sell(2)
				d.rest(10 * time.Minute)
				d.clear()
				d.agrees()
				made := d.fiscalised()
				if got := made[sold.ID]; len(got) != 1 || got[0].Found != c.found {
					t.Errorf("%+v, want it found: %t", got, c.found)
				}
				if made[sold.ID][0].Number > made[next.ID][0].Number {
					t.Errorf("the next sale has number %d, this one %d", made[next.ID][0].Number, made[sold.ID][0].Number)
				}
			})
		})
	}
}

func TestThePowerGoesAtAnyCall(t *testing.T) {
	for at := 1; at <= 12; at++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("call %d, after %t", at, after), func(t *testing.T) {
				t.Parallel()
				atDesk(t, func(d *desk) {
					d.rest(time.Second)
					d.machine.dies(at, after)
					d.working()
					d.sell(1)
					_, err := d.CashIn(d.Context(), 100_00, "")
					d.must(err)
					_, err = d.CloseShift(d.Context(), nil)
					d.must(err)
					d.rest(time.Minute)
					select {
					case <-d.machine.dead:
					default:
						t.Fatal("it never died")
					}
					d.reopen()
					d.rest(time.Minute)
					d.clear()
					d.agrees()
					if got := d.kinds() + ", " + d.moves(); got != "open_shift sale close_shift, cash_in" {
						t.Errorf("the device made %s", got)
					}
				})
			})
		}
	}
}

// step is something that happens at a till with a registrar.
type step struct {
	what       int
	make, find fate // of the next calls
	n          int
	yes        bool
	pause      time.Duration
}

func drawSteps(r *rapid.T) []step {
	fates := rapid.SampledFrom([]fate{"", "", "", lostBefore, lostAfter, unsent, fate(fiscal.TroublePaper), fate(fiscal.TroubleBusy), fate(fiscal.TroubleClock),
		fate(fiscal.TroubleShiftClosed)})
	finds := rapid.SampledFrom([]fate{"", "", silent})
	return rapid.SliceOfN(rapid.Custom(func(r *rapid.T) step {
		return step{what: rapid.IntRange(0, 9).Draw(r, "what"), make: fates.Draw(r, "make"), find: finds.Draw(r, "find"), n: rapid.IntRange(1, 6).Draw(r, "n"),
			yes: rapid.Bool().Draw(r, "yes"), pause: time.Duration(rapid.IntRange(0, 20).Draw(r, "seconds")) * time.Second}
	}), 3, 14).Draw(r, "steps")
}

func (d *desk) do(s step, sold *till.Sold) {
	d.Helper()
	d.machine.will("make", s.make)
	d.machine.will("find", s.find)
	switch s.what {
	default:
		*sold = d.sell(s.n)
	case 5:
		d.machine.device.SetPaper(s.yes)
	case 6:
		d.machine.setOff(s.yes)
	case 7:
		_, err := d.CloseShift(d.Context(), nil)
		d.must(err)
		d.rest(time.Duration(s.n*s.n) * time.Hour)
		d.must(d.OpenShift(d.Context()))
	case 8:
		d.machine.dies(s.n, s.yes)
		d.rest(time.Minute)
		d.reopen()
	case 9:
		if sold.ID != "" {
			_, err := d.Return(d.Context(), till.ReturnOrder{Sale: sold.ID, Wants: []register.Want{{Line: 0, Quantity: register.One}}, Prefer: register.Cash})
			d.must(err)
			*sold = till.Sold{}
		}
	}
	d.rest(s.pause)
}

// drawn sets how many cases a property test draws where the command line does not: each of these is a till of its own.
func drawn(t *testing.T, checks int) {
	t.Helper()
	f := flag.Lookup("rapid.checks")
	if was := f.Value.String(); was == f.DefValue {
		f.Value.Set(strconv.Itoa(checks))
		t.Cleanup(func() { f.Value.Set(was) })
	}
}

// A till sells under random faults, and dies now and then: in the end every receipt is made once.
func TestAnythingMayHappenToTheRegistrar(t *testing.T) {
	drawn(t, 6)
	rapid.Check(t, func(r *rapid.T) {
		steps, failed := drawSteps(r), false
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t, newMachine(t, fnsim.Setup{}))
			d.working()
			var sold till.Sold
			for _, s := range steps {
				d.do(s, &sold)
			}
			d.machine.dies(-1, false)
			d.machine.setOff(false)
			d.machine.device.SetPaper(true)
			d.reopen()
			d.rest(time.Hour)
			if d.View().Fiscal.Trouble == till.CodeFiscalShiftExpired {
				d.must(d.CloseDeviceShift(d.Context()))
				d.rest(time.Hour)
			}
			d.clear()
			d.agrees()
			failed = t.Failed()
		})
		if failed {
			r.FailNow()
		}
	})
}
