package app_test

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/apptest"
	"kassa/app/till"
	"kassa/fiscal"
	"kassa/fiscal/models"
	"kassa/register"
)

func (p *posed) FiscalQueue(context.Context) ([]till.FiscalDocument, error) {
	op := register.Operation{Kind: register.KindSale, Cashier: "Иванова А. П."}
	return []till.FiscalDocument{
		{ID: "1", Kind: fiscal.Sale, Total: 1_284_90, State: till.FiscalUnclear, Trouble: till.CodeFiscalUnclear, Asked: noon.Add(-26 * time.Hour), Operation: op, Receipt: 41},
		{ID: "2", Kind: fiscal.Return, Total: 9_999_999_99, State: till.FiscalRefused, Trouble: till.CodeFiscalDocument, Asked: noon.Add(-25 * time.Hour), Operation: op, Receipt: 42,
			Message: "Некорректная ставка налога. Код ошибки 144, обратитесь в центр технического обслуживания"},
		{ID: "3", Kind: fiscal.Sale, Total: 149_00, State: till.FiscalSending, Trouble: till.CodeFiscalOff, Asked: noon.Add(-5 * time.Minute), Operation: op, Receipt: 43},
		{ID: "4", Kind: fiscal.CashIn, Total: 5_000_00, State: till.FiscalWaiting, Asked: noon.Add(-4 * time.Minute), Operation: op},
	}, p.wrong
}

func (p *posed) FiscalOf(context.Context, string) (till.FiscalRecord, error) {
	if p.view.Fiscal.Waiting == 0 {
		return till.FiscalRecord{}, nil
	}
	return till.FiscalRecord{Open: []till.FiscalDocument{{ID: "1", Kind: fiscal.Sale, State: till.FiscalWaiting, Asked: noon}}}, nil
}
func (p *posed) ResolveFiscal(context.Context, string, bool) error { return p.wrong }
func (p *posed) RetryFiscal(context.Context, string) error         { return p.wrong }
func (p *posed) DropFiscal(context.Context, string) error          { return p.wrong }
func (p *posed) CloseDeviceShift(context.Context) error            { return p.wrong }
func (p *posed) PrintFiscalCopy(context.Context, string) error     { return p.wrong }
func (p *posed) Drivers() []fiscal.Driver                          { return models.All() }
func (p *posed) SetFiscal(context.Context, till.FiscalSettings, fiscal.Settings) error {
	return p.wrong
}
func (p *posed) CheckFiscal(context.Context, till.FiscalSettings, fiscal.Settings) (fiscal.State, error) {
	return fiscal.State{}, p.wrong
}
func (p *posed) SetContact(context.Context, string, bool) error { return p.wrong }

// fiscalised is a view of a till with a fiscal registrar.
func fiscalised(v till.View, change func(*till.Fiscal)) till.View {
	s := v.Settings.Clone()
	s.Fiscal = till.FiscalSettings{Driver: "atol", Taxation: fiscal.TaxationOSN}
	v.Settings = &s
	v.Fiscal = till.Fiscal{Configured: true, Driver: "atol", Link: till.LinkUp, AsOf: noon, State: fiscal.State{
		Shift: fiscal.ShiftOpen, Number: 37, Expires: noon.Add(15 * time.Hour), FN: "9999078902000123", Can: fiscal.Capabilities{NoPaper: true, Copies: true}, FNUntil: noon.AddDate(0, 9, 0), Last: 1042}}
	if change != nil {
		change(&v.Fiscal)
	}
	return v
}

func registrarStories() []story {
	ready := fiscalised(standing(), nil)
	dead := fiscalised(withBasket(5), func(f *till.Fiscal) {
		f.Link, f.Trouble, f.Waiting, f.Since = till.LinkDown, till.CodeFiscalOff, 128, noon.Add(-26*time.Hour)
	})
	paperless := fiscalised(standing(), func(f *till.Fiscal) { f.Trouble, f.Unprinted, f.State.PaperOut = till.CodeFiscalPaper, 1, true })
	expired := fiscalised(standing(), func(f *till.Fiscal) {
		f.Trouble, f.Waiting, f.Since, f.MayCloseShift = till.CodeFiscalShiftExpired, 3, noon.Add(-time.Hour), true
		f.State.Shift, f.State.Expires = fiscal.ShiftExpired, noon.Add(-time.Hour)
		f.Warnings = []till.Code{till.CodeFiscalShiftExpired}
	})
	unclear := fiscalised(standing(), func(f *till.Fiscal) {
		f.Trouble, f.Unclear, f.Refused, f.Waiting, f.Since = till.CodeFiscalUnclear, 1, 1, 2, noon.Add(-26*time.Hour)
		f.State.Unsent, f.State.UnsentSince = 412, noon.AddDate(0, 0, -21)
		f.Warnings = []till.Code{till.CodeFiscalUnsent20}
	})
	warned := fiscalised(standing(), func(f *till.Fiscal) {
		f.State.Unsent, f.State.UnsentSince = 412, noon.AddDate(0, 0, -21)
		f.Warnings = []till.Code{till.CodeFiscalUnsent20, till.CodeFiscalFNSoon}
	})
	clocks := fiscalised(standing(), func(f *till.Fiscal) {
		f.State.Clock, f.Warnings = noon.Add(25*time.Hour), []till.Code{till.CodeFiscalClocks}
	})
	paying := fiscalised(withBasket(5), nil)
	sent := paying
	sent.Contact, sent.NoPaper = "konstantinopolskaya.alexandra@magazin-romashka.example", true
	known := paying
	known.Customer = &register.Customer{Name: "Орлова Татьяна", Phone: "+79160000001", Email: "orlova@example.ru"}
	sold := fiscalised(standing(), func(f *till.Fiscal) { f.Waiting = 1 })
	sold.Last = &till.Sold{Kind: register.KindSale, Receipt: 12, Total: 540_00, Method: register.Card, Payments: []register.Payment{{Method: register.Card, Amount: 540_00}}}
	status := func(s *apptest.Screen) {
		if s.Tap("Регистратор") != nil {
			_ = s.Tap("Registrar")
		}
	}
	made := register.FiscalDocument{Document: string(fiscal.Sale), Total: 1_999_999_99, FN: "9999078902000123", Number: 104_212, Sign: 4_200_283_715,
		Registration: "0000000001061770", At: noon, Shift: 371, Found: true, Of: register.Ref{ID: "s39", At: noon}}
	past := do(keys(fyne.KeyF12), typed("6", fyne.KeyReturn))
	none := standing()
	row := func(n int) func(*apptest.Screen) {
		return do(status, keys(fyne.KeyF8), func(s *apptest.Screen) {
			for range n {
				keys(fyne.KeyDown)(s)
			}
			keys(fyne.KeyReturn)(s)
		})
	}
	in := func(steps ...func(*apptest.Screen)) func(*apptest.Screen) { return inSettings(7, do(steps...)) }
	refused := problem(till.CodeFiscalAccess, "message", "Неверный логин или пароль")
	return []story{
		{name: "registrar-sale", view: paying},
		{name: "registrar-dead-sale", view: dead},
		{name: "registrar-ready", view: ready, do: status},
		{name: "registrar-dead", view: dead, do: status},
		{name: "registrar-paper", view: paperless, do: status},
		{name: "registrar-expired", view: expired, do: status},
		{name: "registrar-close-shift", view: expired, do: do(status, keys(fyne.KeyF9))},
		{name: "registrar-warned", view: warned, do: status},
		{name: "registrar-clocks", view: clocks, do: status},
		{name: "registrar-unclear", view: unclear, do: status},
		{name: "registrar-queue", view: unclear, do: do(status, keys(fyne.KeyF8))},
		{name: "registrar-document-unclear", view: unclear, do: row(0)},
		{name: "registrar-document-made", view: unclear, do: do(row(0), keys(fyne.KeyF9))},
		{name: "registrar-document-refused", view: unclear, do: row(1)},
		{name: "registrar-document-drop", view: unclear, do: do(row(1), keys(fyne.KeyF8))},
		{name: "registrar-document-sending", view: unclear, do: row(2)},
		{name: "registrar-sold", view: sold},
		{name: "registrar-menu", view: ready, do: keys(fyne.KeyF12)},
		{name: "registrar-history", view: sold, back: goingBack{past: everyKind(), related: []till.Operation{storied(40, register.KindFiscalDocument, made)}}, do: past},
		{name: "registrar-history-prepaid", view: sold, back: goingBack{past: everyKind(), related: []till.Operation{storied(40, register.KindFiscalDocument, made)}},
			do: do(past, keys(fyne.KeyDown, fyne.KeyDown, fyne.KeyDown))},
		{name: "registrar-history-made", view: ready, back: goingBack{past: []till.Operation{storied(40, register.KindFiscalDocument, made)}},
			do: do(past, keys(fyne.KeyF3, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn))},
		{name: "contact-pay", view: paying, do: keys(fyne.KeyReturn)},
		{name: "contact-pay-sent", view: sent, do: keys(fyne.KeyReturn)},
		{name: "contact-choose", view: known, do: keys(fyne.KeyReturn, fyne.KeyF5)},
		{name: "contact-type", view: paying, do: do(keys(fyne.KeyReturn, fyne.KeyF5), typed("+7 916"))},
		{name: "contact-paper", view: known, do: do(keys(fyne.KeyReturn, fyne.KeyF5), typed("1", fyne.KeyReturn))},
		{name: "contact-wrong", view: paying, err: problem(till.CodeBadContact), do: do(keys(fyne.KeyReturn, fyne.KeyF5), typed("12", fyne.KeyReturn))},
		{name: "settings-registrar-none", view: none, do: in()},
		{name: "settings-registrar-choose", view: none, do: in(keys(fyne.KeyReturn))},
		{name: "settings-registrar-set", view: ready, do: in()},
		{name: "settings-registrar-tax", view: ready, do: in(keys(fyne.KeyDown, fyne.KeyReturn))},
		{name: "registrar-form", view: ready, do: in(keys(fyne.KeyReturn), typed("1", fyne.KeyReturn))},
		{name: "registrar-form-kkm", view: none, do: in(keys(fyne.KeyReturn), typed("2", fyne.KeyReturn))},
		{name: "registrar-form-refused", view: ready, err: refused, do: in(keys(fyne.KeyReturn), typed("1", fyne.KeyReturn), keys(fyne.KeyF10))},
		{name: "registrar-remove", view: ready, do: in(keys(fyne.KeyReturn), typed("1", fyne.KeyReturn), keys(fyne.KeyF8))},
	}
}
