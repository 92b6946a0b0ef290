package app_test

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kassa/app"
	"kassa/app/apptest"
)

func startWindow(t *testing.T, news app.StartNews) (w fyne.Window, closed *bool) {
	t.Helper()
	a := test.NewApp()
	w, err := app.NewStartWindow(a, news)
	fatal(t, err)
	closed = new(bool)
	w.SetOnClosed(func() { *closed = true })
	w.Show()
	return w, closed
}

// TestNothingIsCutAtTheStart draws what is told when the till does not open; with KASSA_STORYBOOK the pictures are left
// there.
func TestNothingIsCutAtTheStart(t *testing.T) {
	for _, trouble := range []app.StartTrouble{app.StartInUse, app.StartTooNew, app.StartDamaged, app.StartFailed} {
		for _, lang := range []string{"ru", "en"} {
			t.Run(fmt.Sprint(trouble, "-", lang), func(t *testing.T) {
				news := app.StartNews{Trouble: trouble, Language: lang, Folder: "/home/kassa/.local/share/kassa"}
				if trouble != app.StartInUse {
					news.Folder = "/media/" + strings.Repeat("shop/", 12) + "kassa"
					news.Detail = "opening till.db: " + strings.Repeat("write /media/kassa/till.db-wal: no space left on device; ", 5)
				}
				w, _ := startWindow(t, news)
				defer w.Close()
				if least := w.Content().MinSize(); least.Width > 660 || least.Height > 560 {
					t.Errorf("it needs %v", least)
				}
				for _, text := range apptest.Cut(w.Canvas()) {
					t.Error(text)
				}
				folder := os.Getenv("KASSA_STORYBOOK")
				if folder == "" {
					return
				}
				f, err := os.Create(filepath.Join(folder, fmt.Sprintf("start-%s-%s.png", trouble, lang)))
				fatal(t, err)
				defer f.Close()
				fatal(t, png.Encode(f, w.Canvas().Capture()))
			})
		}
	}
}

func TestWhatIsToldAtTheStartIsPutAway(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(fyne.Window)
	}{
		{"Esc", func(w fyne.Window) { w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape}) }},
		{"Enter", func(w fyne.Window) { w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn}) }},
		{"a touch", func(w fyne.Window) {
			at, err := apptest.Find(w.Canvas(), "Закрыть · Close")
			fatal(t, err)
			test.TapCanvas(w.Canvas(), at)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, closed := startWindow(t, app.StartNews{Trouble: app.StartInUse, Folder: "/data/till"})
			said := strings.Join(apptest.Texts(w.Canvas()), "\n")
			for _, part := range []string{"Касса уже открыта", "The till is open already", "/data/till"} {
				if !strings.Contains(said, part) {
					t.Errorf("%q is not told in:\n%s", part, said)
				}
			}
			if *closed {
				t.Fatal("it closed by itself")
			}
			if c.do(w); !*closed {
				t.Error("it stays")
			}
		})
	}
}
