package app_test

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/apptest"
	"kassa/app/till"
	"kassa/printer/connect"
)

func (p *posed) Slips(context.Context) ([]till.Slip, error) {
	return []till.Slip{
		{ID: 1, Name: "qr", State: till.SlipNotPrinted, Reason: till.SlipCodeDead, At: noon.Add(-3 * time.Hour)},
		{ID: 2, Name: "test", State: till.SlipNotPrinted, Reason: till.SlipStale, At: noon.Add(-2 * time.Hour)},
		{ID: 3, Name: "sale", Receipt: 118, Total: 9_999_999_99, State: till.SlipDoubt, Reason: till.SlipPaperOut, At: noon.Add(-20 * time.Minute), CanPrint: true, CanDrop: true},
		{ID: 4, Name: "return", Receipt: 119, Total: 864_15, State: till.SlipDoubt, Reason: till.SlipCut, At: noon.Add(-19 * time.Minute), CanPrint: true, CanDrop: true},
		{ID: 5, Name: "cash", Receipt: 120, Total: 5_000_00, State: till.SlipPrinting, At: noon.Add(-time.Minute)},
		{ID: 6, Name: "prepayment", Receipt: 121, Total: 149_00, State: till.SlipWaiting, At: noon, CanDrop: true},
		{ID: 7, Name: "x", State: till.SlipWaiting, At: noon, CanDrop: true},
	}, p.wrong
}
func (p *posed) PrintSlip(context.Context, int64) error { return p.wrong }
func (p *posed) DropSlip(context.Context, int64) error  { return p.wrong }
func (p *posed) PrintProbe(context.Context) error       { return p.wrong }
func (p *posed) FindPrinters(_ context.Context, network bool) []connect.Found {
	found := []connect.Found{
		{Address: "usb:serial=X3F0123456", Way: connect.USB, Name: "EPSON TM-T20III"},
		{Address: "cups:Receipts", Way: connect.CUPS, Name: "Receipts"},
		{Address: "windows:Чековый принтер Атол RP-326-USE (копия 2)", Way: connect.Windows, Name: "Чековый принтер Атол RP-326-USE (копия 2)"},
		{Address: "serial:/dev/ttyUSB0", Way: connect.Serial, Name: "/dev/ttyUSB0"},
	}
	if network {
		found = append(found, connect.Found{Address: "192.168.1.50:9100", Way: connect.Network, Answers: true}, connect.Found{Address: "192.168.1.77:9100", Way: connect.Network})
	}
	return found
}

func printerStories() []story {
	doubt, waits, low := withBasket(3), standing(), standing()
	doubt.Printer = till.Printer{Link: till.LinkDown, Waiting: 3, Doubt: 2, Trouble: till.CodePaperOut}
	waits.Printer = till.Printer{Link: till.LinkDown, Waiting: 2, Trouble: till.CodeCoverOpen}
	low.Printer = till.Printer{Link: till.LinkUp, PaperLow: true}
	pictures := standing()
	s := pictures.Settings.Clone()
	s.Printer = till.PrinterSettings{Address: "serial:/dev/ttyUSB0?baud=115200", Profile: "generic-80"}
	s.Printer.Letters, _ = till.ProbedLetters(0)
	pictures.Settings = &s
	status := func(s *apptest.Screen) {
		if s.Tap("Принтер") != nil {
			_ = s.Tap("Printer")
		}
	}
	job := func(n int) func(*apptest.Screen) {
		return do(status, keys(fyne.KeyF9), func(s *apptest.Screen) {
			for range n {
				keys(fyne.KeyDown)(s)
			}
			keys(fyne.KeyReturn)(s)
		})
	}
	down := func(n int, then ...func(*apptest.Screen)) func(*apptest.Screen) {
		return inSettings(1, do(append([]func(*apptest.Screen){func(s *apptest.Screen) {
			for range n {
				keys(fyne.KeyDown)(s)
			}
			keys(fyne.KeyReturn)(s)
		}}, then...)...))
	}
	return []story{
		{name: "printer-doubt", view: doubt, do: status},
		{name: "printer-waits", view: waits, do: status},
		{name: "printer-low", view: low, do: status},
		{name: "printer-queue", view: doubt, do: do(status, keys(fyne.KeyF9))},
		{name: "printer-job-not-printed", view: doubt, do: job(0)},
		{name: "printer-job-doubt", view: doubt, do: job(2)},
		{name: "printer-job-printing", view: doubt, do: job(4)},
		{name: "printer-job-waiting", view: doubt, do: job(5)},
		{name: "printer-job-printed", view: doubt, do: do(job(2), keys(fyne.KeyF5))},
		{name: "printer-settings", view: pictures, do: inSettings(1, nil)},
		{name: "printer-find", view: standing(), do: down(0)},
		{name: "printer-find-network", view: standing(), do: down(0, typed("5", fyne.KeyReturn))},
		{name: "printer-address", view: standing(), do: down(1)},
		{name: "printer-address-wrong", view: standing(), do: down(1, typed("http://printer/", fyne.KeyReturn))},
		{name: "printer-letters", view: pictures, do: down(3)},
		{name: "printer-letters-line", view: standing(), do: down(3, typed("1", fyne.KeyReturn))},
		{name: "printer-letters-wrong", view: standing(), do: down(3, typed("2", fyne.KeyReturn), typed("77", fyne.KeyReturn))},
	}
}
