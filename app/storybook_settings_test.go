package app_test

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"kassa/app/apptest"
	"kassa/app/till"
	"kassa/banks"
)

func (p *posed) Staff(context.Context) ([]till.Member, error) {
	return []till.Member{
		{ID: "1", Name: "Иванова А. П.", Role: till.RoleOwner},
		{ID: "2", Name: "Константинопольская-Преображенская Александра Владиславовна", Role: till.RoleSenior},
		{ID: "3", Name: "Петров", Role: till.RoleCashier},
	}, nil
}

func (p *posed) Connections(context.Context) (till.Connections, error) {
	if b := p.view.Bank; b.Direct {
		return till.Connections{Bank: b.Name, Values: banks.Settings{"terminal": "1234567890123DEMO", "url": "https://rest-api-test.tinkoff.ru/v2/"}}, nil
	}
	return till.Connections{Server: "https://kassa.magazin-romashka.example:8443"}, nil
}

func (p *posed) SetSettings(context.Context, till.Settings) error      { return p.wrong }
func (p *posed) SaveMember(context.Context, till.Member, string) error { return p.wrong }
func (p *posed) PrintTest(context.Context) error                       { return p.wrong }
func (p *posed) SetBank(context.Context, string, banks.Settings) error { return p.wrong }
func (p *posed) Pair(context.Context, string, string) error            { return p.wrong }

// inSettings opens a section of the settings, and does something there.
func inSettings(section int, do func(*apptest.Screen)) func(*apptest.Screen) {
	return func(s *apptest.Screen) {
		keys(fyne.KeyF12)(s)
		s.Type("8")
		keys(fyne.KeyReturn)(s)
		for range section {
			keys(fyne.KeyPageDown)(s)
		}
		if do != nil {
			do(s)
		}
	}
}

// moved is a view of a shop that has cash and card the other way round.
func moved(v till.View) till.View {
	s := v.Settings.Clone()
	s.Keys = till.Keys{"F9": "F10", "F10": "F9"}
	v.Settings = &s
	return v
}

func settingStories() []story {
	long := standing()
	long.Settings.Shop = till.Shop{Name: "Магазин «Ромашка» у дома на Лесной, 5, корпус 2, строение 1, вход со двора, второй этаж, направо", Address: "г. Москва, ул. Лесная, 5", INN: "7700000009", Till: "1", Footer: "Спасибо за покупку!"}
	long.Settings.Printer.Address = "192.168.100.150:9100"
	direct, fresh := long, long
	direct.Bank = till.Bank{Link: till.LinkUp, Direct: true, Name: "tbank"}
	fresh.Bank = till.Bank{Link: till.LinkOff, Direct: true}
	chosen := func(number string, do func(*apptest.Screen)) func(*apptest.Screen) {
		return inSettings(6, func(s *apptest.Screen) {
			keys(fyne.KeyDown, fyne.KeyReturn)(s)
			typed(number, fyne.KeyReturn)(s)
			if do != nil {
				do(s)
			}
		})
	}
	down := func(n int) func(*apptest.Screen) { return keys(slices.Repeat([]fyne.KeyName{fyne.KeyDown}, n)...) }
	pem := func(s *apptest.Screen) {
		s.App.Clipboard().SetContent("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----")
		down(3)(s)
		keys(fyne.KeyReturn)(s)
		typed("2", fyne.KeyReturn)(s)
	}
	refused := problem(till.CodeBankSettings, "message", "Терминал не найден. Обратитесь в службу поддержки банка")
	out := []story{
		{name: "bank-choose", view: fresh, do: inSettings(6, keys(fyne.KeyDown, fyne.KeyReturn))},
		{name: "bank-links", view: direct, do: inSettings(6, nil)},
		{name: "bank-qrpay", view: fresh, do: chosen("1", nil)},
		{name: "bank-qrpay-pasted", view: fresh, do: chosen("1", pem)},
		{name: "bank-raiffeisen", view: fresh, do: chosen("2", nil)},
		{name: "bank-sber", view: fresh, do: chosen("3", down(8))},
		{name: "bank-tbank", view: direct, do: chosen("4", nil)},
		{name: "bank-refused", view: direct, err: refused, do: chosen("4", keys(fyne.KeyF10))},
		{name: "bank-secret", view: direct, do: chosen("4", do(keys(fyne.KeyDown, fyne.KeyReturn), typed("s3cret")))},
		{name: "bank-pem", view: direct, do: chosen("4", do(down(3), keys(fyne.KeyReturn)))},
		{name: "bank-file", view: direct, do: chosen("4", do(down(3), keys(fyne.KeyReturn), typed("1", fyne.KeyReturn)))},
		{name: "bank-remove", view: direct, do: chosen("4", keys(fyne.KeyF8))},
	}
	for i, name := range []string{"shop", "printer", "selling", "scales", "staff", "rights", "links", "registrar", "screen", "keys"} {
		out = append(out, story{name: "settings-" + name, view: long, do: inSettings(i, nil)})
	}
	wrong := inSettings(0, func(s *apptest.Screen) {
		keys(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn, fyne.KeyBackspace, fyne.KeyReturn)(s)
	})
	out = append(out, slipStories(long)...)
	return append(out,
		story{name: "settings-search", view: long, do: inSettings(0, func(s *apptest.Screen) { s.Type("пр"); s.Type("r"); keys(fyne.KeyBackspace)(s) })},
		story{name: "settings-search-none", view: long, do: inSettings(0, func(s *apptest.Screen) { s.Type("ыыъ") })},
		story{name: "settings-saved", view: long, do: inSettings(2, keys(fyne.KeyReturn))},
		story{name: "settings-letters", view: long, do: inSettings(0, func(s *apptest.Screen) { s.TapAt(fyne.NewPos(560, 95)) })},
		story{name: "settings-choice", view: long, do: inSettings(1, keys(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn))},
		story{name: "settings-key", view: long, do: inSettings(9, keys(fyne.KeyDown, fyne.KeyReturn))},
		story{name: "settings-keys-moved", view: moved(long), do: inSettings(9, nil)},
		story{name: "ask-text", view: long, do: inSettings(0, keys(fyne.KeyReturn))},
		story{name: "ask-text-digits", view: long, do: inSettings(0, keys(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn))},
		story{name: "ask-text-wrong", view: long, do: wrong},
		story{name: "settings-mask", view: long, do: inSettings(3, keys(fyne.KeyReturn))},
		story{name: "settings-member", view: long, do: inSettings(4, keys(fyne.KeyDown, fyne.KeyReturn))},
		story{name: "settings-pin", view: long, do: inSettings(4, func(s *apptest.Screen) { keys(fyne.KeyReturn)(s); s.Type("2"); keys(fyne.KeyReturn)(s); s.Type("123") })},
		story{name: "settings-pin-short", view: long, do: inSettings(4, func(s *apptest.Screen) {
			keys(fyne.KeyReturn)(s)
			s.Type("2")
			keys(fyne.KeyReturn)(s)
			s.Type("123")
			keys(fyne.KeyReturn)(s)
		})},
	)
}

func (p *posed) Found(context.Context, string, string, string) error { return p.wrong }
func (p *posed) About(context.Context) (till.About, error) {
	return till.About{Version: "1.4.0", Folder: "/home/kassa/.local/share/kassa", Size: 412 << 20, Operations: 184_210, Journal: "0197a3c2-5f1e-7cc1-9a70-2f4f3ad1e0b4",
		Number: 184_210, Waiting: 12, Goods: 807_822, Staff: 5, Connections: till.Connections{Server: "https://kassa.magazin-romashka.example:8443"}}, nil
}
