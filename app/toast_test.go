package app_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"kassa/app"
	"kassa/app/apptest"
	"kassa/app/kit"
	"kassa/app/till"
)

func TestNewsCoversNoButton(t *testing.T) {
	shut := standing()
	shut.Shift.Open = false
	for _, c := range []struct {
		name    string
		view    till.View
		do      func(*apptest.Screen)
		buttons []string
	}{
		{"sale", withBasket(2), typed("4601234567890", fyne.KeyReturn), []string{"Покупатель", "Отложить", "Возврат", "Очистить", "Наличные", "Карта", "QR-код"}},
		{"closed shift", shut, typed("4601234567890", fyne.KeyReturn), []string{"Открыть смену", "История операций", "Сменить кассира"}},
		{"settings", standing(), func(s *apptest.Screen) {
			keys(fyne.KeyF12)(s)
			s.Type("8")
			keys(fyne.KeyReturn)(s)
			s.Scan("4601234567890")
		},
			[]string{"Сервер и банк", "Экран и звук", "Назад"}},
	} {
		for _, size := range []fyne.Size{fyne.NewSize(1280, 800), fyne.NewSize(1024, 600)} {
			t.Run(fmt.Sprintf("%s-%.0f", c.name, size.Width), func(t *testing.T) {
				s, err := apptest.Open(app.Deps{
					Till: &posed{view: c.view, goods: shelf(), wrong: problem(till.CodeUnknownBarcode, "barcode", "4601234567890")}, Language: "ru",
				}, size.Width, size.Height)
				fatal(t, err)
				defer s.Close()
				c.do(s)
				fatal(t, s.Settle())
				at, news := s.Window.Message()
				if news.Width == 0 {
					t.Fatal("there is no news")
				}
				if at.X < 0 || at.Y < 0 || at.X+news.Width > size.Width || at.Y+news.Height > size.Height {
					t.Errorf("the news leaves the window: %v, %v", at, news)
				}
				for _, name := range c.buttons {
					b, err := apptest.Find(s.Window.Fyne().Canvas(), name)
					fatal(t, err)
					const half = kit.Touch / 2
					if b.X > at.X-half && b.X < at.X+news.Width+half && b.Y > at.Y-half && b.Y < at.Y+news.Height+half {
						t.Errorf("the news at %v, %v covers %q at %v", at, news, name, b)
					}
				}
			})
		}
	}
}
