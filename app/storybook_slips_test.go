package app_test

import (
	"fyne.io/fyne/v2"

	"kassa/app/apptest"
	"kassa/app/till"
	"kassa/printer/slip"
	"kassa/printer/slip/samples"
)

// inSlips opens the page of the receipts' look, by the last of the shop's settings, and does something there.
func inSlips(do func(*apptest.Screen)) func(*apptest.Screen) {
	return inSettings(0, func(s *apptest.Screen) {
		keys(fyne.KeyEnd, fyne.KeyReturn)(s)
		_ = s.Settle()
		if do != nil {
			do(s)
		}
	})
}

func slipStories(v till.View) []story {
	narrow, bare := v, v
	s := v.Settings.Clone()
	s.Printer.Profile = "generic58"
	s.Slip = samples.Shop().Form
	s.Shop.Name = "Ромашка"
	narrow.Settings, narrow.Shop = &s, s.Shop
	b := s.Clone()
	b.Printer.Profile = "generic80"
	b.Slip.Hidden, b.Slip.OneLine = slip.Parts(), true
	bare.Settings = &b
	right := func(n int) func(*apptest.Screen) {
		return func(s *apptest.Screen) {
			for range n {
				keys(fyne.KeyRight)(s)
			}
		}
	}
	return []story{
		{name: "slips", view: v, do: inSlips(nil)},
		{name: "slips-narrow", view: narrow, do: inSlips(nil)},
		{name: "slips-bare", view: bare, do: inSlips(keys(fyne.KeyEnd))},
		{name: "slips-return", view: narrow, do: inSlips(right(1))},
		{name: "slips-qr", view: narrow, do: inSlips(right(3))},
		{name: "slips-z-end", view: v, do: inSlips(do(right(5), keys(fyne.KeyPageDown, fyne.KeyPageDown)))},
		{name: "slips-lines", view: narrow, do: inSlips(keys(fyne.KeyDown, fyne.KeyReturn))},
		{name: "slips-line", view: narrow, do: inSlips(do(keys(fyne.KeyDown, fyne.KeyReturn), typed("1", fyne.KeyReturn)))},
		{name: "slips-logo", view: narrow, do: inSlips(keys(fyne.KeyReturn))},
		{name: "slips-file", view: v, do: inSlips(keys(fyne.KeyReturn))},
	}
}
