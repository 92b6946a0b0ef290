package till_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"kassa/app/till"
	"kassa/printer"
	"kassa/printer/escpos"
	"kassa/register"
)

// spool is a printer that keeps what it was sent.
type spool struct{ jobs chan []byte }

func (s spool) Send(_ context.Context, job []byte) (int, error) { s.jobs <- job; return len(job), nil }
func (s spool) Status(context.Context) (printer.Status, error) {
	return printer.Status{Silent: true}, nil
}

func TestSlipsBesideARegistrar(t *testing.T) {
	for _, own := range []bool{false, true} {
		t.Run(map[bool]string{false: "are left to it", true: "are printed too"}[own], func(t *testing.T) {
			atDesk(t, func(d *desk) {
				d.set = till.FiscalSettings{OwnSlips: own}
				d.paper = spool{make(chan []byte, 100)}
				d.profile = escpos.Generic80()
				d.close()
				d.open()
				d.working()
				sold := d.sell(1)
				_, err := d.CashIn(d.Context(), 5_00, "")
				d.must(err)
				d.must(d.PrintX(d.Context()))
				_, err = d.CloseShift(d.Context(), nil)
				d.must(err)
				d.rest(time.Minute)
				long := 0
				for len(d.paper.jobs) > 0 {
					if len(<-d.paper.jobs) > 100 {
						long++
					}
				}
				if want := map[bool]int{false: 0, true: 4}[own]; long != want {
					t.Errorf("%d slips were printed, want %d", long, want)
				}
				all, err := d.Find(d.Context(), till.Search{Kinds: []register.Kind{register.KindSale}}, 0, 1)
				d.must(err)
				d.must(d.PrintCopy(d.Context(), all[0].Position))
				d.rest(time.Minute)
				if len(d.paper.jobs) != 1 {
					t.Errorf("%d copies", len(d.paper.jobs))
				}
				d.must(d.PrintFiscalCopy(d.Context(), sold.ID))
				d.is(d.PrintFiscalCopy(d.Context(), "nothing"), till.CodeNoFiscalDoc)
				if tape := d.machine.device.Tape(); !strings.Contains(strings.ToUpper(tape), "КОПИЯ") {
					t.Errorf("the registrar printed no copy:\n%s", tape)
				}
			})
		})
	}
}

// While the registrar makes nothing the buyer gets the till's own slip, which is no receipt; then it is silent again.
func TestABuyerGetsASlipWhileTheRegistrarIsDead(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.set = till.FiscalSettings{}
		d.paper = spool{make(chan []byte, 100)}
		d.profile = escpos.Generic80()
		d.close()
		d.open()
		d.working()
		d.rest(time.Minute)
		slips := func() (n int) {
			for len(d.paper.jobs) > 0 {
				if len(<-d.paper.jobs) > 100 {
					n++
				}
			}
			return n
		}
		d.machine.device.SetPower(false)
		d.sell(1) // nobody knows of the trouble yet
		d.rest(time.Minute)
		slips()
		d.sell(1)
		d.rest(time.Minute)
		if n := slips(); n != 1 {
			t.Errorf("%d slips of a sale while the registrar was dead", n)
		}
		d.machine.device.SetPower(true)
		d.rest(2 * time.Minute)
		d.sell(1)
		d.rest(time.Minute)
		if n := slips(); n != 0 {
			t.Errorf("%d slips beside the registrar's receipt", n)
		}
	})
}
