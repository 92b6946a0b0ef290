package app_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"kassa/app/till"
	"kassa/printer/slip"
)

// openSlips is the page of the receipts' look.
func openSlips(t *testing.T) *counter {
	t.Helper()
	c := openSettings(t)
	c.find("логотип")
	c.press(fyne.KeyReturn)
	c.wantTop("slips")
	return c
}

// paper is what the preview shows, once it is another than before.
func (c *counter) paper(before image.Image) image.Image {
	c.t.Helper()
	var now image.Image
	fatal(c.t, c.Until("another preview", func() bool {
		now = c.Paper()
		return now != nil && (before == nil || !samePicture(now, before))
	}))
	return now
}

func samePicture(a, b image.Image) bool {
	x, ok1 := a.(*image.Paletted)
	y, ok2 := b.(*image.Paletted)
	return ok1 && ok2 && x.Rect == y.Rect && bytes.Equal(x.Pix, y.Pix)
}

func TestChoicesAreSeenOnThePaperAtOnce(t *testing.T) {
	c := openSlips(t)
	first := c.paper(nil)
	fatal(t, c.Tap("Покупатель"))
	c.until("no customer", func(v till.View) bool { return !v.Settings.Slip.Shows(slip.PartCustomer) })
	second := c.paper(first)
	if second.Bounds().Dy() >= first.Bounds().Dy() {
		t.Errorf("without the customer the paper is %d long instead of %d", second.Bounds().Dy(), first.Bounds().Dy())
	}
	c.press(fyne.KeyF4)
	c.until("the customer again", func(v till.View) bool { return v.Settings.Slip.Shows(slip.PartCustomer) })
	if again := c.paper(second); !samePicture(again, first) {
		t.Error("what was taken back looks otherwise")
	}
	fatal(t, c.Tap("Z-отчёт"))
	z := c.paper(first)
	c.press(fyne.KeyLeft)
	c.paper(z)
	c.press(fyne.KeyEscape)
	c.wantTop("settings")
}

func TestLinesOfTheShopsOwn(t *testing.T) {
	c := openSlips(t)
	c.press(fyne.KeyDown, fyne.KeyReturn) // the lines under the name
	c.choose("1")
	c.Type("Цветы и подарки")
	c.press(fyne.KeyReturn)
	c.until("a line", func(v till.View) bool {
		return slices.Equal(v.Settings.Slip.Header, []string{"Цветы и подарки"})
	})
	c.press(fyne.KeyReturn)
	c.choose("2")
	c.Type("Ежедневно")
	c.press(fyne.KeyReturn)
	c.until("two lines", func(v till.View) bool {
		return slices.Equal(v.Settings.Slip.Header, []string{"Цветы и подарки", "Ежедневно"})
	})
	c.press(fyne.KeyReturn)
	c.choose("1")
	for range 20 {
		c.press(fyne.KeyBackspace)
	}
	c.press(fyne.KeyReturn) // an empty line is taken away
	c.until("one line", func(v till.View) bool { return slices.Equal(v.Settings.Slip.Header, []string{"Ежедневно"}) })
	c.press(fyne.KeyDown, fyne.KeyReturn) // the words to the buyer
	lines := len(c.settings().Shop.FooterLines())
	c.choose(string(rune('1' + lines)))
	c.Type("До встречи!")
	c.press(fyne.KeyReturn)
	c.until("the words", func(v till.View) bool {
		all := v.Settings.Shop.FooterLines()
		return len(all) == lines+1 && all[lines] == "До встречи!"
	})
}

func TestLogoComesFromAFile(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	img := image.NewGray(image.Rect(0, 0, 900, 300)) // black
	var file bytes.Buffer
	fatal(t, png.Encode(&file, img))
	fatal(t, os.WriteFile(filepath.Join(home, "logo.png"), file.Bytes(), 0o600))
	fatal(t, os.WriteFile(filepath.Join(home, "letter.jpg"), []byte("no picture"), 0o600))
	c := openSlips(t)
	first := c.paper(nil)
	c.press(fyne.KeyReturn)
	fatal(t, c.Until("the files", func() bool { return c.Says("letter.jpg") }))
	fatal(t, c.Tap("letter.jpg"))
	fatal(t, c.Until("the refusal", func() bool { return c.Says("Эта картинка не подходит") }))
	fatal(t, c.Tap("logo.png"))
	c.until("the logo", func(v till.View) bool { return v.Settings.Slip.Logo != nil })
	fatal(t, c.Until("its size", func() bool { return c.Says("576 × 192") }))
	c.wantTop("slips")
	c.paper(first)
	c.press(fyne.KeyReturn)
	c.choose("2")
	c.until("no logo", func(v till.View) bool { return v.Settings.Slip.Logo == nil })
}
