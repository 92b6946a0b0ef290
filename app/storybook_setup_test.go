package app_test

import (
	"context"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"kassa/app/apptest"
	"kassa/app/pricelist"
	"kassa/app/till"
	"kassa/localdb"
	"kassa/register"
)

func setupStories() []story {
	fresh := till.View{Revision: 1, Fresh: true, Settings: settings(), Server: till.Server{Link: till.LinkOff}, Printer: till.Printer{Link: till.LinkOff}, Bank: till.Bank{Link: till.LinkOff}}
	answered := func(more func(*apptest.Screen)) func(*apptest.Screen) {
		return func(s *apptest.Screen) {
			keys(fyne.KeyReturn)(s)
			s.Type("Ромашка")
			keys(fyne.KeyReturn)(s)
			s.Type("Иванова Анна")
			keys(fyne.KeyReturn)(s)
			if more != nil {
				more(s)
			}
		}
	}
	return []story{
		{name: "setup-language", view: fresh},
		{name: "setup-shop", view: fresh, do: keys(fyne.KeyReturn)},
		{name: "setup-shop-empty", view: fresh, do: keys(fyne.KeyReturn, fyne.KeyReturn)},
		{name: "setup-pin", view: fresh, do: answered(func(s *apptest.Screen) { s.Type("258") })},
		{name: "setup-differs", view: fresh, do: answered(func(s *apptest.Screen) {
			s.Type("2580")
			keys(fyne.KeyReturn)(s)
			s.Type("2581")
			keys(fyne.KeyReturn)(s)
		})},
		{name: "setup-welcome", view: standing(), do: answeredWelcome},
		{name: "bare-sale", view: standing(), goods: []register.Product{}},
		{name: "bare-goods", view: standing(), goods: []register.Product{}, do: inGoods(nil)},
		{name: "goods", view: standing(), do: inGoods(nil)},
		{name: "goods-none", view: standing(), do: inGoods(func(s *apptest.Screen) { s.Type("зубр"); keys(fyne.KeyReturn)(s) })},
		{name: "import-files", view: standing(), do: inImport("", nil)},
		{name: "import-picture", view: standing(), do: inImport("\xff\xd8\xff\xe0 JPEG", keys())},
		{name: "import-columns", view: standing(), do: inImport("Что-то;Ещё что-то;Третье\nа;б;в\nг;д;е\n", keys())},
		{name: "import-report", view: standing(), do: inImport(goodList, keys())},
		{name: "import-bad", view: standing(), do: inImport(badList, keys(fyne.KeyRight))},
		{name: "import-done", view: standing(), do: inImport(goodList, keys(fyne.KeyReturn))},
		{name: "import-progress", view: standing(), do: func(s *apptest.Screen) {
			list, err := pricelist.NewReader(strings.NewReader(goodList))
			if err != nil {
				panic(err)
			}
			s.Window.PoseImport(list)
		}},
		{name: "import-fields", view: standing(), do: inImport(goodList, keys(fyne.KeyF4, fyne.KeyF3))},
	}
}

func answeredWelcome(s *apptest.Screen) { s.Window.OpenWelcome() }

const goodList = "Штрихкод;Название;Цена;Группа;Остаток;Ед.\n4600000000011;Молоко 3,2 %;59,90;Молочное/Молоко;12;шт\n;Сыр «Российский» весовой;849,00;Молочное/Сыры;3,5;кг\n4600000000028;Хлеб ржаной «Бородинский» формовой нарезанный в упаковке с тмином, 400 г;63,40;Хлеб;40;шт\n"

const badList = goodList + "4600000000035;Без цены;;Разное;;шт\n4600000000042;;10,00;Разное;;шт\n4600000000011;Ещё одно молоко;61,00;Молочное;;шт\n"

// inGoods opens the goods, and does something there.
func inGoods(do func(*apptest.Screen)) func(*apptest.Screen) {
	return func(s *apptest.Screen) {
		keys(fyne.KeyF12)(s)
		s.Type("7")
		keys(fyne.KeyReturn)(s)
		if do != nil {
			do(s)
		}
	}
}

// inImport opens the import in a folder with some price lists, of which the first holds text.
func inImport(text string, do func(*apptest.Screen)) func(*apptest.Screen) {
	return inGoods(func(s *apptest.Screen) {
		dir, err := os.MkdirTemp("", "prices")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		for name, content := range map[string]string{"Прайс.csv": text, "Прайс поставщика с очень длинным именем, ноябрь, исправленный, окончательный вариант 2.xlsx": strings.Repeat("x", 300_000), "архив.csv.gz": "", "notes.pdf": "", ".hidden.csv": ""} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
				panic(err)
			}
		}
		if err := os.Mkdir(filepath.Join(dir, "2025"), 0o700); err != nil {
			panic(err)
		}
		s.App.Preferences().SetString("import_folder", dir)
		keys(fyne.KeyF6)(s)
		if do != nil {
			if err := s.Tap("Прайс.csv"); err != nil {
				panic(err)
			}
			_ = s.Settle()
			do(s)
		}
	})
}

func (p *posed) ImportGoods(_ context.Context, goods iter.Seq2[register.Product, error], _ func(int)) (localdb.Imported, error) {
	done := localdb.Imported{Changed: 12, Same: 804_318}
	for _, err := range goods {
		if err != nil {
			return localdb.Imported{}, err
		}
		done.Added++
	}
	return done, p.wrong
}
