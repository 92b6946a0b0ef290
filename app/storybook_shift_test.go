package app_test

import (
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/apptest"
	"kassa/app/till"
	"kassa/register"
)

// busyShift is a shift in which everything happened, with sums as large as they get in a shop.
func busyShift() till.View {
	v := standing()
	v.Shift.Cashier = "Константинопольская-Преображенская А. П."
	v.Shift.Totals = register.Totals{
		Sales:             register.Counter{Count: 1118, Sum: 12_186_540_50, Cash: 6_320_000_00, Card: 4_776_320_00, QR: 1_080_220_50, Prepaid: 10_000_00},
		Returns:           register.Counter{Count: 12, Sum: 34_120_40, Cash: 30_000_00, Card: 4_120_40},
		Prepayments:       register.Counter{Count: 7, Sum: 61_000_00, Cash: 11_000_00, Card: 50_000_00},
		PrepaymentReturns: register.Counter{Count: 1, Sum: 5_000_00, Card: 5_000_00},
		CashIn:            register.Counter{Count: 1, Sum: 3_000_00, Cash: 3_000_00}, CashOut: register.Counter{Count: 2, Sum: 250_000_00, Cash: 250_000_00},
		Off: 18_340_10, Removed: 41, Receipts: 1138, CashStart: 5_000_00, CashEnd: 6_059_000_00,
	}
	return v
}

func shiftStories() []story {
	long, none, shut, held := busyShift(), standing(), busyShift(), busyShift()
	long.Shift.Opened = noon.Add(-23*time.Hour - 42*time.Minute)
	none.Shift = till.Shift{}
	shut.Shift.Open = false
	held.Held = 3
	// The menu's digits, as a cashier types them.
	menu := func(digit string, then ...fyne.KeyName) func(*apptest.Screen) {
		return func(s *apptest.Screen) {
			keys(fyne.KeyF12)(s)
			s.Type(digit)
			keys(fyne.KeyReturn)(s)
			keys(then...)(s)
		}
	}
	after := func(first func(*apptest.Screen), text string, names ...fyne.KeyName) func(*apptest.Screen) {
		return func(s *apptest.Screen) { first(s); typed(text, names...)(s) }
	}
	return []story{
		{name: "shift", view: standing(), do: menu("3")},
		{name: "shift-busy", view: busyShift(), do: menu("3")},
		{name: "shift-long", view: long, do: menu("3")},
		{name: "shift-none", view: none, do: menu("3")},
		{name: "shift-shut", view: shut, do: menu("3")},
		{name: "shift-close", view: busyShift(), do: menu("4")},
		{name: "shift-close-agrees", view: busyShift(), do: after(menu("4"), "6059000")},
		{name: "shift-close-missing", view: held, do: after(menu("4"), "6058999,50")},
		{name: "shift-close-over", view: busyShift(), do: after(menu("4"), "6059100")},
		{name: "cash-in", view: busyShift(), do: after(menu("1"), "1500")},
		{name: "cash-out", view: busyShift(), do: after(menu("2"), "250000")},
		{name: "cash-out-why", view: busyShift(), do: after(menu("2"), "250000", fyne.KeyReturn)},
	}
}
