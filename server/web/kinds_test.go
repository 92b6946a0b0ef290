package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kassa/register"
	"kassa/server/servertest"
	"kassa/sync/wire"
)

// day uploads a shift with every kind of operation.
func day(t testing.TB, w *servertest.World) (*servertest.Journal, servertest.Day) {
	t.Helper()
	j := &servertest.Journal{ID: journalID}
	d := j.AddDay(t, w.Clock.Now().Add(-time.Hour))
	var ack wire.Ack
	w.Upload(w.Secret, j, 0, int64(len(j.Records))).Into(&ack)
	if ack.Number != int64(len(j.Records)) {
		t.Fatalf("%d of %d operations were taken", ack.Number, len(j.Records))
	}
	return j, d
}

func at(number int64) string { return fmt.Sprintf("/operations/%s/%d", journalID, number) }

func TestEveryKindHasItsPage(t *testing.T) {
	w := servertest.Start(t)
	_, d := day(t, w)
	b := newBrowser(t, w, "ru").login()
	// Tea 2 × 319.00 less 10 % is 574.20, cheese 0.356 × 849.90 is 302.56; 20.00 off both is 13.10 and 6.90.
	pages := []struct {
		name   string
		number int64
		want   []string
	}{
		{"sale", d.Sale, []string{"Продажа № 1", "856,76 ₽", "Чай чёрный листовой", "Подарочная упаковка", "-76,90 ₽", "561,10 ₽", "-6,90 ₽", "295,66 ₽", "Фискальный чек: приход", "1042", "9999078902000123", "0780318453", "РН ККТ", "&amp;fp=780318453&amp;n=1", at(d.Fiscal),
			"Без скидок", "940,56 ₽", "-83,80 ₽", "Ольга Петрова", "7 900 000-00-01", "карта 2900000000017", "Доставка после шести",
			"500,00 ₽", "терминал: Терминал 4, код 123456", "1 000,00 ₽, сдача 643,24 ₽", "Связанные операции", "Возврат № 2", "-280,55 ₽", at(d.Return)}},
		{"return", d.Return, []string{"Возврат № 2", "-280,55 ₽", "К возврату", "Возврат по чеку", `href="` + at(d.Sale) + `"`, "смена 1,",
			"Не подошёл вкус", "Разрешил", "Мария Старшая", "Возвращено"}},
		{"return with no basis", d.FreeReturn, []string{"Возврат № 3", "-856,76 ₽", "Чек утерян"}},
		{"prepayment", d.Prepayment, []string{"Предоплата № 4", "300,00 ₽", "Стоимость заказа", "856,76 ₽", "Осталось доплатить", "556,76 ₽",
			"Связанные операции", "Продажа № 5", at(d.Handed)}},
		{"handed over", d.Handed, []string{"Продажа № 5", "856,76 ₽", "По предоплате", `href="` + at(d.Prepayment) + `"`, "Предоплата", "556,76 ₽"}},
		{"prepayment back", d.SecondBack, []string{"Возврат предоплаты № 7", "-300,00 ₽", "Передумал", `href="` + at(d.Second) + `"`}},
		{"cash in", d.CashIn, []string{"Внесение наличных", "2 000,00 ₽", "Размен"}},
		{"cash out", d.CashOut, []string{"Изъятие наличных", "-3 000,00 ₽", "Инкассация", "Мария Старшая"}},
		{"line removed", d.Removed, []string{"Снята позиция", "Сыр полутвёрдый", "На сумму"}},
		{"receipt cleared", d.Cleared, []string{"Чек отменён", "856,76 ₽"}},
		{"drawer opened", d.Drawer, []string{"Открыт ящик", "Разменять купюру"}},
		{"fiscal document", d.Fiscal, []string{"Фискальный документ", "Фискальный чек: приход", "По операции", `href="` + at(d.Sale) + `"`, "№ 1", "0780318453", "37, № 5"}},
		{"shift opened", d.Opened, []string{"Открытие смены", "5 000,00 ₽"}},
		{"shift closed", d.Closed, []string{"Закрытие смены", "Итоги совпадают", "1 713,52 ₽", "-1,50 ₽", "Пересчитано", "Снято позиций и чеков"}},
	}
	for _, p := range pages {
		t.Run(p.name, func(t *testing.T) {
			page := b.get(at(p.number))
			page.expect(t, p.want...)
			page.expectNot(t, "не разобрана", "web.", "ZgotmplZ", "&lt;nil&gt;")
		})
	}
	b.get(at(d.FreeReturn)).expectNot(t, "Возврат по чеку")
	english := newBrowser(t, w, "en").login()
	english.get(at(d.Sale)).expect(t, "Sale No. 1", "₽856.76", "Black leaf tea", "Сыр полутвёрдый", "-₽83.80", "Related operations")
	english.get(at(d.Closed)).expect(t, "The totals agree", "Prepayment return", "Takings")
}

func TestFrontCountsReturns(t *testing.T) {
	w := servertest.Start(t)
	_, d := day(t, w)
	b := newBrowser(t, w, "ru").login()
	if d.Taken != 2*856_76-280_55-856_76 {
		t.Fatalf("the day came to %s", d.Taken)
	}
	b.get("/").expect(t, "576,21 ₽", "2 продажи, 2 возврата")
}

func TestOperationsByKind(t *testing.T) {
	w := servertest.Start(t)
	day(t, w)
	b := newBrowser(t, w, "ru").login()
	list := b.get("/operations")
	list.expect(t, "-280,55 ₽", "-3 000,00 ₽", "Смешанная")
	for kind, want := range map[register.Kind]int{
		register.KindSale: 2, register.KindReturn: 2, register.KindPrepayment: 2, register.KindPrepaymentReturn: 1, register.KindCashIn: 1,
		register.KindCashOut: 1, register.KindShiftOpened: 1, register.KindShiftClosed: 1, register.KindLineRemoved: 1,
		register.KindReceiptCleared: 1, register.KindDrawerOpened: 1, register.KindFiscalDocument: 1,
	} {
		page := b.get("/operations?kind=" + string(kind))
		page.expect(t, `<option value="`+string(kind)+`" selected>`)
		if n := strings.Count(page.text, `class="what"`); n != want {
			t.Errorf("%d operations of kind %s are listed, want %d", n, kind, want)
		}
	}
	for _, kind := range []string{"moon_landing", "sale'", "SALE"} {
		if page := b.do("GET", "/operations?kind="+strings.ReplaceAll(kind, "'", "%27"), nil); page.status != 400 {
			t.Errorf("kind %q gives %d", kind, page.status)
		}
	}
}

// TestTotalsThatTheServerDoesNotFind closes shifts with totals that are not those of their operations.
func TestTotalsThatTheServerDoesNotFind(t *testing.T) {
	tests := []struct {
		name string
		make func(*servertest.Journal)
		want string
	}{
		{"other totals", func(j *servertest.Journal) {
			j.Add(t, servertestNow, register.KindShiftOpened, register.ShiftOpened{Float: 5_00})
			j.AddSale(t, servertestNow, 1)
			j.Add(t, servertestNow, register.KindShiftClosed, register.ShiftClosed{Totals: register.Totals{CashStart: 5_00, CashEnd: 5_00}})
		}, "Итоги не совпадают"},
		{"an operation that is not understood", func(j *servertest.Journal) {
			j.Add(t, servertestNow, register.KindShiftOpened, register.ShiftOpened{})
			j.Add(t, servertestNow, "tip_given", map[string]any{"amount": 100})
			j.Add(t, servertestNow, register.KindShiftClosed, register.ShiftClosed{})
		}, "Итоги не удалось проверить"},
		{"no opening", func(j *servertest.Journal) {
			j.Add(t, servertestNow, register.KindCashIn, register.CashMove{Sum: 1})
			j.Add(t, servertestNow, register.KindShiftClosed, register.ShiftClosed{})
		}, "Итоги не удалось проверить"},
	}
	w := servertest.Start(t)
	b := newBrowser(t, w, "ru").login()
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			j := &servertest.Journal{ID: fmt.Sprintf("01935f3e-0000-7000-8000-00000000010%d", i)}
			test.make(j)
			var ack wire.Ack
			w.Upload(w.Secret, j, 0, int64(len(j.Records))).Into(&ack)
			page := b.get(fmt.Sprintf("/operations/%s/%d", j.ID, len(j.Records)))
			page.expect(t, test.want)
			page.expectNot(t, "Итоги совпадают")
		})
	}
}

var servertestNow = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// TestABasisThatIsElsewhere has a return whose sale the server does not have, or has another operation under its number.
func TestABasisThatIsElsewhere(t *testing.T) {
	w := servertest.Start(t)
	j := &servertest.Journal{ID: journalID}
	j.Add(t, servertestNow, register.KindShiftOpened, register.ShiftOpened{})
	for _, ref := range []register.Ref{
		{Journal: journalID, Number: 77, ID: "op", Receipt: 5, Shift: 3},
		{Journal: journalID, Number: 1, ID: "another", Receipt: 5, Shift: 3},
		{Journal: "<script>", Number: 1, ID: "op", Receipt: 5, Shift: 3},
	} {
		j.Add(t, servertestNow, register.KindPrepaymentReturn, register.PrepaymentReturn{Receipt: 1, Prepayment: ref, Amount: 100,
			Payments: []register.Payment{{Method: register.Cash, Amount: 100, Given: 100}}})
	}
	var ack wire.Ack
	w.Upload(w.Secret, j, 0, 4).Into(&ack)
	b := newBrowser(t, w, "ru").login()
	for n := range int64(3) {
		page := b.get(at(n + 2))
		page.expect(t, "По предоплате", "№ 5")
		page.expectNot(t, `href="`+at(77)+`"`, `href="`+at(1)+`"`, "<script>", "не разобрана")
	}
}
