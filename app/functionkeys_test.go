package app_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"kassa/app/till"
)

func TestShopMovesTheFunctionKeys(t *testing.T) {
	c := openSettings(t)
	c.find("клавиши оплата картой")
	c.wantSays("Оплата картой", "F9")
	c.press(fyne.KeyReturn)
	fatal(t, c.Tap("F10"))
	c.until("the keys", func(v till.View) bool { return v.Settings.Keys.At("F9") == "F10" && v.Settings.Keys.At("F10") == "F9" })
	c.wantTop("settings")
	c.press(fyne.KeyEscape, fyne.KeyEscape)
	c.until("the till", func(till.View) bool { return true })

	c.press(fyne.KeyReturn) // opens the shift
	c.until("the shift", func(v till.View) bool { return v.Shift.Open })
	c.scan("4600000000011")
	c.press(fyne.KeyF9)
	c.wantTop("cash")
	c.press(fyne.KeyEscape)
	c.press(fyne.KeyF10)
	c.wantTop("card")
}

func TestMovedKeysAreCalledByTheirPlaceInTexts(t *testing.T) {
	c := openShop(t, func(s *till.Settings) { s.Keys = till.Keys{"F7": "F8", "F8": "F7"} })
	c.scan("4600000000011")
	c.press(fyne.KeyF6)
	c.press(fyne.KeyReturn)
	c.until("the receipt on hold", func(v till.View) bool { return v.Held == 1 })
	c.wantSays("Вернуться к нему: F8.")
	c.press(fyne.KeyF8)
	c.wantTop("held")
}
