package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app"
	"kassa/app/apptest"
	"kassa/app/till"
	"kassa/banks"
	"kassa/register"
)

var noon = time.Date(2026, 11, 22, 9, 4, 0, 0, time.UTC)

// posed is a till that stands still for its picture: it shows what it was given and says yes to everything.
type posed struct {
	app.Cashier                   // what no picture asks for is not there
	english     map[string]string // of the groups
	view        till.View
	goods       []register.Product
	past        []till.Operation
	wrong       error // what SignIn, Scan and the payments answer
	favourites  []register.Product
	back        goingBack
	changed     func() // tells the window of another view
}

func (p *posed) View() till.View                                           { return p.view }
func (p *posed) Watch(f func()) func()                                     { p.changed = f; return func() {} }
func (p *posed) SignIn(context.Context, string) error                      { return p.wrong }
func (p *posed) SignOut()                                                  {}
func (p *posed) OpenShift(context.Context) error                           { return p.wrong }
func (p *posed) SetQuantity(context.Context, int, register.Quantity) error { return p.wrong }
func (p *posed) Remove(context.Context, int) error                         { return p.wrong }
func (p *posed) Clear(context.Context) error                               { return p.wrong }
func (p *posed) StartQR(context.Context) error                             { return p.wrong }
func (p *posed) PrintQR(context.Context) error                             { return p.wrong }
func (p *posed) CancelQR(context.Context) error                            { return p.wrong }
func (p *posed) CloseQR(context.Context) error                             { return p.wrong }
func (p *posed) ParkQR(context.Context) error                              { return p.wrong }
func (p *posed) ResumeQR(context.Context, string) error                    { return p.wrong }
func (p *posed) PracticePay(context.Context) error                         { return p.wrong }
func (p *posed) PrintCopy(context.Context, int64) error                    { return p.wrong }
func (p *posed) ResolvePrint(context.Context, bool) error                  { return p.wrong }
func (p *posed) SyncNow()                                                  {}
func (p *posed) CloseShift(context.Context, *register.Money) (register.ShiftClosed, error) {
	return register.ShiftClosed{}, p.wrong
}
func (p *posed) Pay(context.Context, till.Tender) (till.Sold, error) { return till.Sold{}, p.wrong }
func (p *posed) Scan(context.Context, string, register.Quantity) (till.Scanned, error) {
	return till.Scanned{}, p.wrong
}
func (p *posed) Add(context.Context, string, register.Quantity) (int, error) { return 0, p.wrong }

func (p *posed) Search(_ context.Context, text string, _ int) ([]register.Product, error) {
	var out []register.Product
	for _, g := range p.goods {
		if strings.Contains(strings.ToLower(g.Name), strings.ToLower(text)) {
			out = append(out, g)
		}
	}
	return out, nil
}

func (p *posed) Groups(_ context.Context, parent string) ([]till.Group, error) {
	if parent != "" {
		return nil, nil
	}
	seen := map[string]int{}
	var out []till.Group
	for _, g := range p.goods {
		if seen[g.Group]++; seen[g.Group] == 1 {
			out = append(out, till.Group{Path: g.Group, Name: g.Group, NameEn: p.english[g.Group]})
		}
	}
	return out, nil
}

func (p *posed) Goods(ctx context.Context, group, after string, limit int) ([]register.Product, error) {
	all, err := p.AllGoods(ctx, after, len(p.goods))
	out := slices.DeleteFunc(all, func(g register.Product) bool { return g.Group != group })
	return out[:min(limit, len(out))], err
}

func (p *posed) AllGoods(_ context.Context, after string, limit int) ([]register.Product, error) {
	from := 1 + slices.IndexFunc(p.goods, func(g register.Product) bool { return g.ID == after })
	return slices.Clone(p.goods[from:min(from+limit, len(p.goods))]), nil
}

func shelf() []register.Product {
	names := []struct {
		group, name, english string
		unit                 register.Unit
		price                register.Money
	}{
		{"Молочное", "Молоко «Домик в деревне» пастеризованное 3,2 %, 930 мл", "Pasteurised milk 3.2%, 930 ml", register.Piece, 98_90},
		{"Молочное", "Кефир 1 %", "Kefir 1%", register.Piece, 66_90},
		{"Молочное", "Сыр «Российский» 50 %", "Cheese Rossiyskiy 50%", register.Kilogram, 849_00},
		{"Хлеб и выпечка", "Батон нарезной", "Sliced loaf", register.Piece, 45_50},
		{"Хлеб и выпечка", "Хлеб ржаной «Бородинский» формовой нарезанный в упаковке с тмином, 400 г", "Borodinsky rye bread, sliced, with caraway, packed, 400 g", register.Piece, 63_40},
		{"Овощи и фрукты", "Яблоки «Гренни Смит»", "Granny Smith apples", register.Kilogram, 159_90},
		{"Овощи и фрукты", "Бананы", "Bananas", register.Kilogram, 134_90},
		{"Овощи и фрукты", "Картофель мытый", "Potatoes, washed", register.Kilogram, 49_90},
		{"Напитки", "Вода «Святой источник» негазированная 1,5 л", "Still water 1.5 l", register.Piece, 54_90},
		{"Напитки", "Сок апельсиновый 1 л", "Orange juice 1 l", register.Piece, 149_00},
		{"Бакалея", "Сахар-песок 1 кг", "Sugar 1 kg", register.Piece, 74_90},
		{"Бакалея", "Чай чёрный байховый 100 пакетиков", "Black tea, 100 bags", register.Piece, 289_00},
		{"Кондитерское", "Печенье овсяное", "Oat biscuits", register.Piece, 119_90},
		{"Кондитерское", "Шоколад молочный с фундуком 90 г", "Milk chocolate with hazelnuts 90 g", register.Piece, 124_90},
		{"Бытовая химия", "Средство для мытья посуды с ароматом лимона и глицерином, концентрированное, 900 мл", "Dish soap, lemon, 900 ml", register.Piece, 189_90},
		{"Подарки", "Телевизор 65\"", "Television 65\"", register.Piece, 89_999_00},
	}
	var out []register.Product
	for i := range 64 {
		n := names[i%len(names)]
		out = append(out, register.Product{ID: fmt.Sprint("p", i), Barcodes: []string{fmt.Sprintf("46000000%05d", i)}, Code: fmt.Sprint(100 + i),
			Name: n.name, NameEn: n.english, Group: n.group, Unit: n.unit, Price: n.price, VAT: register.VAT10})
	}
	return out
}

func basket(n int) (lines []register.Line, total register.Money) {
	var c register.Cart
	goods := shelf()
	for i := range n {
		q := register.One * register.Quantity(1+i%3)
		if goods[i].Unit.Weighed() {
			q = 356 + register.Quantity(i)*110
		}
		_, _ = c.Add(goods[i], q)
	}
	return c.Lines(), c.Total()
}

func settings() *till.Settings {
	s := till.DefaultSettings()
	return &s
}

func standing() till.View {
	return till.View{
		Revision: 1, Shop: till.Shop{Name: "Магазин «Ромашка»", Till: "1"}, Practice: true, Cashier: "Иванова А. П.",
		Shift: till.Shift{Open: true, Number: 42, Opened: noon.Add(-4*time.Hour - 12*time.Minute), Totals: register.Totals{
			Sales: register.Counter{Count: 118, Sum: 186_540_50, Cash: 96_320_00, QR: 90_220_50}, Receipts: 118, CashStart: 5000_00, CashEnd: 101_320_00}},
		Settings: settings(), Role: till.RoleOwner,
		Server:  till.Server{Link: till.LinkUp, Last: noon},
		Printer: till.Printer{Link: till.LinkUp}, Bank: till.Bank{Link: till.LinkUp},
	}
}

func withBasket(n int) till.View {
	v := standing()
	v.Lines, v.Total = basket(n)
	v.Due = v.Total
	return v
}

func withQR(change func(*till.QR)) till.View {
	v := withBasket(4)
	v.Frozen = true
	v.QR = &till.QR{ID: "q", Amount: v.Total, State: banks.StateWaiting, Expires: noon.Add(14*time.Minute + 32*time.Second),
		Payload: "https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=100000000007&sum=66110&cur=RUB&crc=AB75"}
	change(v.QR)
	if v.QR.State != banks.StateWaiting {
		v.QR.Payload = ""
	}
	return v
}

func past() []till.Operation {
	body := func(v any) json.RawMessage { b, _ := json.Marshal(v); return b }
	var out []till.Operation
	for i := int64(40); i > 0; i-- {
		o := till.Operation{Position: i, Sent: i < 38, Operation: register.Operation{Number: i, ID: fmt.Sprint("op", i), At: noon.Add(time.Duration(i-40) * 7 * time.Minute), Shift: 42, Cashier: "Иванова А. П."}}
		switch {
		case i == 1:
			o.Kind, o.Body = register.KindShiftOpened, body(register.ShiftOpened{Float: 5000_00})
		case i == 20:
			o.Kind, o.Body = "drawer_opened_without_sale", body(1)
		default:
			lines, total := basket(1 + int(i%7))
			o.Kind, o.Receipt, o.Total, o.Method = register.KindSale, i-1, total, register.Cash
			p := register.Payment{Method: register.Cash, Amount: total, Given: total + 50_00, Change: 50_00}
			if i%3 == 0 {
				o.Method = register.QR
				p = register.Payment{Method: register.QR, Amount: total, QRID: "x", Bank: "tbank", BankID: "700001234567"}
			}
			o.Body = body(register.Sale{Receipt: i - 1, Lines: lines, Total: total, Payments: []register.Payment{p}})
		}
		out = append(out, o)
	}
	return out
}

// story is one picture: how things stand, and what the cashier does before it is taken.
type story struct {
	name string
	view till.View
	err  error
	do   func(s *apptest.Screen)

	goods, favourites []register.Product // the usual shelf, and no favourites, when nil
	now               func() time.Time   // noon when nil
	back              goingBack
}

func keys(names ...fyne.KeyName) func(*apptest.Screen) {
	return func(s *apptest.Screen) {
		for _, k := range names {
			_ = s.Press(k)
		}
	}
}

func typed(text string, names ...fyne.KeyName) func(*apptest.Screen) {
	return func(s *apptest.Screen) {
		s.Type(text)
		_ = s.Settle()
		keys(names...)(s)
	}
}

func problem(c till.Code, args ...any) error { return &till.Problem{Code: c, Args: args} }

func stories() []story {
	signedOut, closed, first := standing(), standing(), standing()
	signedOut.Cashier = ""
	closed.Shift.Open = false
	first.Shift = till.Shift{}
	sold, soldQR := standing(), standing()
	sold.Last = &till.Sold{Number: 9, Receipt: 119, Total: 864_15, Method: register.Cash, Given: 1000_00, Change: 135_85}
	soldQR.Last = &till.Sold{Number: 9, Receipt: 119, Total: 12_864_15, Method: register.QR}
	bad := withBasket(3)
	bad.Practice = false
	bad.Server = till.Server{Link: till.LinkDown, Waiting: 1234, Trouble: till.CodeServerDown, Last: noon.Add(-time.Hour)}
	bad.Printer = till.Printer{Link: till.LinkDown, Waiting: 3, Doubt: 2, Trouble: till.CodePaperOut}
	bad.Bank = till.Bank{Link: till.LinkDown, Trouble: till.CodeBankDown}
	bad.Shift.Opened = noon.Add(-23*time.Hour - 30*time.Minute)
	rich := withBasket(16)
	rich.Total, rich.Due = register.MaxMoney, register.MaxMoney
	out := []story{
		{name: "signin", view: signedOut, do: typed("12")},
		{name: "signin-wrong", view: signedOut, err: problem(till.CodeWrongPIN), do: typed("1234", fyne.KeyReturn)},
		{name: "signin-wait", view: signedOut, err: problem(till.CodeWait, "seconds", 25), do: typed("1234", fyne.KeyReturn)},
		{name: "closed", view: closed},
		{name: "closed-first", view: first},
		{name: "closed-news", view: closed, do: typed("4601234567890", fyne.KeyReturn)},
		{name: "sale-empty", view: standing()},
		{name: "sale", view: withBasket(5)},
		{name: "sale-long", view: withBasket(16)},
		{name: "sale-largest", view: rich},
		{name: "sale-search", view: withBasket(2), do: func(s *apptest.Screen) {
			s.Type("хлеб")
			_ = s.Until("the search", func() bool { return s.Says("46000000") })
		}},
		{name: "sale-search-none", view: withBasket(2), do: typed("ыыъ", fyne.KeyReturn)},
		{name: "sale-quantity-star", view: withBasket(2), do: typed("3*46")},
		{name: "sale-letters", view: withBasket(2), do: func(s *apptest.Screen) { s.TapAt(fyne.NewPos(300, 100)) }},
		{name: "sale-unknown", view: withBasket(2), err: problem(till.CodeUnknownBarcode, "barcode", "4601234567890"), do: typed("4601234567890", fyne.KeyReturn)},
		{name: "sale-disk", view: withBasket(2), err: problem(till.CodeDisk), do: typed("4601234567890", fyne.KeyReturn)},
		{name: "sale-trouble", view: bad},
		{name: "quantity", view: withBasket(4), do: typed("", fyne.KeyF3)},
		{name: "quantity-weight", view: withBasket(3), do: func(s *apptest.Screen) { keys(fyne.KeyF3)(s); s.Type("0,35") }},
		{name: "clear", view: withBasket(5), do: keys(fyne.KeyEscape)},
		{name: "payment", view: withBasket(5), do: keys(fyne.KeyReturn)},
		{name: "cash", view: withBasket(5), do: keys(fyne.KeyF10)},
		{name: "cash-change", view: withBasket(5), do: func(s *apptest.Screen) { keys(fyne.KeyF10)(s); s.Type("2000") }},
		{name: "cash-little", view: withBasket(5), do: func(s *apptest.Screen) { keys(fyne.KeyF10)(s); s.Type("100") }},
		{name: "cash-largest", view: rich, do: keys(fyne.KeyF10)},
		{name: "sold-cash", view: sold},
		{name: "sold-qr", view: soldQR},
		{name: "qr-cancel-ask", view: withQR(func(*till.QR) {}), do: keys(fyne.KeyEscape)},
		{name: "qr-left", view: withQR(func(q *till.QR) { q.Left = true })},
		{name: "history", view: standing(), do: func(s *apptest.Screen) { keys(fyne.KeyF12)(s); s.Type("6"); keys(fyne.KeyReturn)(s) }},
		{name: "close-shift", view: standing(), do: func(s *apptest.Screen) { keys(fyne.KeyF12)(s); s.Type("4"); keys(fyne.KeyReturn)(s) }},
		{name: "menu", view: standing(), do: keys(fyne.KeyF12)},
		{name: "help", view: standing(), do: keys(fyne.KeyF1)},
		{name: "about", view: standing(), do: keys(fyne.KeyF12, fyne.KeyF3)},
	}
	for _, g := range []string{"server", "printer", "bank", "cashier"} {
		for name, v := range map[string]till.View{"good": standing(), "bad": bad} {
			out = append(out, story{name: "status-" + g + "-" + name, view: v, do: func(s *apptest.Screen) {
				if s.Tap(map[string]string{"server": "Сервер", "printer": "Принтер", "bank": "Банк (QR)", "cashier": "Кассир"}[g]) != nil {
					_ = s.Tap(map[string]string{"server": "Server", "printer": "Printer", "bank": "Bank (QR)", "cashier": "Cashier"}[g])
				}
			}})
		}
	}
	for _, st := range []banks.State{banks.StateCreating, banks.StateCreateUnknown, banks.StateWaiting, banks.StateProcessing,
		banks.StatePaid, banks.StateCancelling, banks.StateCancelled, banks.StateExpired, banks.StateRejected, banks.StateFailed, banks.StateRefundPending, banks.StateRefunded} {
		out = append(out, story{name: "qr-" + string(st), view: withQR(func(q *till.QR) {
			q.State = st
			switch st {
			case banks.StateCancelled, banks.StateExpired, banks.StateRejected, banks.StateFailed, banks.StateRefunded, banks.StateRefundPending:
				q.Done = true
			}
		})})
	}
	for _, c := range []till.Code{till.CodeServerDown, till.CodeBankDown, till.CodeBankRefused, till.CodeBankSettings, till.CodeBankNonsense, till.CodeAmountDiffers, till.CodeDisk} {
		out = append(out, story{name: "qr-trouble-" + string(c), view: withQR(func(q *till.QR) {
			q.Trouble = c
			if c == till.CodeBankRefused {
				q.State, q.Done, q.Message = banks.StateFailed, true, "Терминал заблокирован, обратитесь в службу поддержки банка"
			}
			if c == till.CodeServerDown || c == till.CodeBankNonsense {
				q.State = banks.StateCreateUnknown
			}
		})})
	}
	return slices.Concat(out,
		settingStories(), setupStories(),
		shiftStories(),
		saleStories(),
		pastStories(),
		moneyStories(), registrarStories(), printerStories(),
	)
}

// TestNothingIsCut draws every screen and state and looks for texts that do not fit. With KASSA_STORYBOOK naming a
// folder the pictures are left there.
func TestNothingIsCut(t *testing.T) {
	folder := os.Getenv("KASSA_STORYBOOK")
	only := os.Getenv("KASSA_STORY")
	for _, size := range []fyne.Size{fyne.NewSize(1280, 800), fyne.NewSize(1024, 600)} {
		for _, look := range []string{"light-ru", "dark-en"} {
			if folder == "" && look == "dark-en" && size.Width > 1024 {
				continue // what fits the small window fits the large one
			}
			if racing && (look == "dark-en" || size.Width > 1024) {
				continue // drawn by the run without the detector
			}
			for i, st := range stories() {
				if racing && i%5 != 0 {
					continue
				}
				if only != "" && !strings.Contains(st.name, only) {
					continue
				}
				name := fmt.Sprintf("%s-%.0f-%s", st.name, size.Width, look)
				t.Run(name, func(t *testing.T) {
					dark, lang, _ := strings.Cut(look, "-")
					goods, now := st.goods, st.now
					if goods == nil {
						goods = shelf()
					}
					if now == nil {
						now = func() time.Time { return noon }
					}
					s, err := apptest.Open(app.Deps{
						Till:     &posed{view: st.view, goods: goods, favourites: st.favourites, past: past(), wrong: st.err, back: st.back},
						Now:      now,
						Language: lang, Zone: time.FixedZone("MSK", 3*60*60), PracticeStaff: []app.PracticeMember{{Role: till.RoleOwner, PIN: "1111"}, {Role: till.RoleSenior, PIN: "2222"}, {Role: till.RoleCashier, PIN: "3333"}},
					}, size.Width, size.Height)
					if err != nil {
						t.Fatal(err)
					}
					defer s.Close()
					if dark == "dark" {
						s.Window.SetDark(true)
						if err := s.Settle(); err != nil {
							t.Fatal(err)
						}
					}
					if st.do != nil {
						st.do(s)
						if err := s.Settle(); err != nil {
							t.Fatal(err)
						}
					}
					for _, text := range s.Cut() {
						t.Error(text)
					}
					if min := s.Window.Fyne().Canvas().Content().MinSize(); min.Width > size.Width || min.Height > size.Height {
						t.Errorf("needs %v of %v", min, size)
					}
					if folder == "" {
						return
					}
					f, err := os.Create(filepath.Join(folder, name+".png"))
					if err != nil {
						t.Fatal(err)
					}
					defer f.Close()
					if err := png.Encode(f, s.Picture()); err != nil {
						t.Fatal(err)
					}
				})
			}
		}
	}
}
