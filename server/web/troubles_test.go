package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
	"kassa/server/pg"
	"kassa/server/servertest"
	"kassa/sync/wire"
)

// shop is a server with a bank, and an owner before the pages.
type shop struct {
	*browser
	w *servertest.World
}

func openShop(t *testing.T) shop {
	t.Helper()
	w := servertest.Start(t).WithBank()
	return shop{browser: newBrowser(t, w, "ru").login(), w: w}
}

// create makes a payment and expects its code.
func (s shop) create(purpose string) wire.Payment {
	s.t.Helper()
	n := wire.NewPayment{ID: uuid.Must(uuid.NewV7()).String(), Amount: 540_00, Purpose: purpose, Expires: s.w.Clock.Now().Add(15 * time.Minute)}
	var p wire.Payment
	s.w.Call(s.w.Secret, "POST", "/api/v1/payments", n).Into(&p)
	if p.State != string(banks.StateWaiting) {
		s.t.Fatalf("created: %+v", p)
	}
	return p
}

// until follows a payment until it is in a state, and moves the clock on so that the bank is asked.
func (s shop) until(id string, state banks.State) wire.Payment {
	s.t.Helper()
	var p wire.Payment
	for range 400 {
		if s.w.Call(s.w.Secret, "GET", "/api/v1/payments/"+id, nil).Into(&p); p.State == string(state) {
			return p
		}
		s.w.Clock.Move(2 * time.Second)
		time.Sleep(20 * time.Millisecond)
	}
	s.t.Fatalf("the payment never came to be %s: %+v", state, p)
	return p
}

func (s shop) paid(purpose string) wire.Payment {
	s.t.Helper()
	p := s.create(purpose)
	s.ok(s.w.Bank.Pay(p.BankID, false))
	return s.until(p.ID, banks.StatePaid)
}

// late makes a payment that was cancelled, and paid after that.
func (s shop) late(purpose string) wire.Payment {
	s.t.Helper()
	p := s.create(purpose)
	s.w.Call(s.w.Secret, "POST", "/api/v1/payments/"+p.ID+"/cancel", nil)
	s.until(p.ID, banks.StateCancelled)
	s.ok(s.w.Bank.Pay(p.BankID, true))
	s.w.Clock.Move(2 * time.Minute)
	return s.until(p.ID, banks.StatePaid)
}

func (s shop) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s shop) stored(id string) pg.Payment {
	s.t.Helper()
	p, err := s.w.Store.Payment(s.t.Context(), s.w.Owner.Account, uuid.MustParse(id))
	s.ok(err)
	return p
}

var refundField = regexp.MustCompile(`name="refund" value="([^"]+)"`)

func TestALatePaymentIsGivenBackOnThePage(t *testing.T) {
	s := openShop(t)
	s.get("/troubles").expect(t, "Всё в порядке")
	p := s.late("Поздняя покупка")
	s.get("/").expect(t, "1 оплата по QR требует внимания", `href="/troubles"`)
	list := s.get("/troubles")
	list.expect(t, "Оплачен после отмены", "оформите продажу на кассе", "540,00 ₽", "/payments/"+p.ID+"/refund", "/troubles/close?kind=late", "Магазин на Садовой · Касса 1")
	s.get("/payments/"+p.ID).expect(t, "Оплачен после отмены", "/payments/"+p.ID+"/refund")

	form := s.get("/payments/" + p.ID + "/refund")
	form.expect(t, "Вернуть деньги покупателю?", `value="540,00"`, servertest.Login)
	id := refundField.FindStringSubmatch(form.text)
	if id == nil {
		t.Fatal("the form has no id for the refund")
	}
	send := url.Values{"refund": {id[1]}, "amount": {"540"}, "reason": {" "}}
	if page := s.do("POST", "/payments/"+p.ID+"/refund", send); page.status != http.StatusUnprocessableEntity || !strings.Contains(page.text, "Напишите, почему") {
		t.Errorf("without a reason: %d", page.status)
	}
	for amount, want := range map[string]string{"540,01": "Сумма должна быть больше нуля", "0": "Сумма должна быть больше нуля", "all": "Сумма должна быть больше нуля"} {
		bad := url.Values{"refund": {id[1]}, "amount": {amount}, "reason": {"Покупатель ушёл"}}
		if page := s.do("POST", "/payments/"+p.ID+"/refund", bad); page.status != http.StatusUnprocessableEntity || !strings.Contains(page.text, want) {
			t.Errorf("%s: %d\n%s", amount, page.status, page.text)
		}
	}
	send.Set("reason", "Покупатель ушёл <без товара>")
	for range 2 { // a form that is sent twice is one refund
		if page := s.do("POST", "/payments/"+p.ID+"/refund", send); page.path != "/payments/"+p.ID {
			t.Fatalf("refunding led to %d at %s:\n%s", page.status, page.path, page.text)
		}
	}
	s.until(p.ID, banks.StateRefunded)
	done := s.get("/payments/" + p.ID)
	done.expect(t, "возвращён", "деньги возвращены", "Просьба вернуть деньги", "Покупатель ушёл &lt;без товара&gt;", "Решение записал "+servertest.Login)
	if at := s.w.Bank.Payments(p.ID); len(at) != 1 || at[0].Refunded != 540_00 {
		t.Errorf("the bank has %+v", at)
	}
	refunds, err := s.w.Store.Refunds(t.Context(), s.w.Owner.Account, uuid.MustParse(p.ID))
	if err != nil || len(refunds) != 1 || refunds[0].By != (pg.By{Name: servertest.Login, Reason: "Покупатель ушёл <без товара>"}) {
		t.Errorf("the refunds are %+v, %v", refunds, err)
	}
	if page := s.do("POST", "/payments/"+p.ID+"/refund", url.Values{"refund": {uuid.NewString()}, "amount": {"1"}, "reason": {"Ещё раз"}}); page.status < 400 {
		t.Errorf("another refund: %d", page.status)
	}
}

func TestATroubleIsClosedWithAReason(t *testing.T) {
	s := openShop(t)
	p := s.late("Поздняя покупка")
	address := "/troubles/close?" + url.Values{"kind": {"late"}, "subject": {p.ID}}.Encode()
	s.get(address).expect(t, "Закрыть вопрос?", "Оплачен после отмены", "540,00 ₽")
	form := url.Values{"kind": {"late"}, "subject": {p.ID}, "reason": {""}}
	if page := s.do("POST", "/troubles/close", form); page.status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", page.status)
	}
	form.Set("reason", "Отдали товар, продали за наличные")
	s.do("POST", "/troubles/close", form).expect(t, "Записано.", "Всё в порядке")
	s.get("/payments/"+p.ID).expect(t, "Владелец закрыл вопрос", "Отдали товар, продали за наличные", servertest.Login)
	s.do("POST", "/troubles/close", form).expect(t, "Этот вопрос уже закрыт")
	s.get(address).expect(t, "Этот вопрос уже закрыт")
	for _, bad := range []url.Values{{"kind": {"no_end"}, "subject": {p.ID}, "reason": {"x"}}, {"kind": {"what"}, "subject": {p.ID}, "reason": {"x"}}} {
		if page := s.do("POST", "/troubles/close", bad); page.status != http.StatusBadRequest {
			t.Errorf("%v gives %d", bad, page.status)
		}
	}
	if page := s.get("/troubles?kind=what"); page.status != http.StatusBadRequest {
		t.Errorf("no such kind: %d", page.status)
	}
}

func TestAPaymentIsMarkedByHand(t *testing.T) {
	s := openShop(t)
	p := s.create("Покупка без ответа")
	if page := s.do("POST", "/payments/"+p.ID+"/paid", url.Values{"reason": {"Вижу"}}); page.status != http.StatusConflict {
		t.Errorf("while the code works: %d", page.status)
	}
	s.ok(s.w.Bank.Break(tbanksim.FaultPlan{Name: tbanksim.HTTP500, Times: 100000}))
	s.w.Clock.Move(2 * time.Hour)
	s.get("/troubles").expect(t, "Банк давно не даёт ответа", "/payments/"+p.ID+"/paid", "/payments/"+p.ID+"/ask")
	s.get("/payments/"+p.ID+"/paid").expect(t, "Отметить, что платёж оплачен?")
	done := s.do("POST", "/payments/"+p.ID+"/paid", url.Values{"reason": {"Деньги видны в кабинете"}})
	done.expect(t, "Записано.", "Владелец отметил оплату", "Деньги видны в кабинете", "отмечен вручную")
	if got := s.stored(p.ID); got.Attempt.State != banks.StatePaid || !got.Attempt.ByHand {
		t.Errorf("stored: %+v", got.Attempt)
	}
}

func TestNotesAndQuestions(t *testing.T) {
	s := openShop(t)
	p := s.create("Покупка")
	s.do("POST", "/payments/"+p.ID+"/note", url.Values{"reason": {"Покупатель звонил"}}).expect(t, "Заметка владельца", "Покупатель звонил")
	s.ok(s.w.Bank.Pay(p.BankID, false))
	if page := s.do("POST", "/payments/"+p.ID+"/ask", nil); page.path != "/payments/"+p.ID || s.stored(p.ID).Attempt.State != banks.StatePaid {
		t.Errorf("asked at once: %d at %s, the payment is %s", page.status, page.path, s.stored(p.ID).Attempt.State)
	}
	// Whoever has seen nothing to decide about cannot decide.
	for _, do := range []string{"seen", "lost"} {
		if page := s.do("POST", "/payments/"+p.ID+"/"+do, url.Values{"reason": {"Вижу"}}); page.status != http.StatusConflict {
			t.Errorf("%s gives %d", do, page.status)
		}
	}
	for _, path := range []string{"/payments/" + p.ID + "/steal", "/payments/x/note", "/payments/" + uuid.NewString() + "/note"} {
		if page := s.get(path); page.status != http.StatusNotFound {
			t.Errorf("GET %s gives %d", path, page.status)
		}
		if page := s.do("POST", path, url.Values{"reason": {"x"}}); page.status != http.StatusNotFound {
			t.Errorf("POST %s gives %d", path, page.status)
		}
	}
}

func TestDecisionsOfOthers(t *testing.T) {
	s := openShop(t)
	p := s.late("Тайная покупка")
	if _, err := s.w.Store.CreateOwner(t.Context(), s.w.Clock.Now(), pg.NewOwner{Login: "stranger", Password: servertest.Password, Store: "Elsewhere"}); err != nil {
		t.Fatal(err)
	}
	stranger := newBrowser(t, s.w, "ru")
	for _, path := range []string{"/troubles", "/reconciliation", "/payments/" + p.ID + "/refund"} {
		if page := stranger.get(path); page.path != "/login" {
			t.Errorf("%s is shown to everybody", path)
		}
	}
	stranger.do("POST", "/login", url.Values{"login": {"stranger"}, "password": {servertest.Password}})
	stranger.get("/troubles").expectNot(t, "540,00", p.ID)
	refund := url.Values{"refund": {uuid.NewString()}, "amount": {"540"}, "reason": {"Мне"}}
	for _, do := range []string{"refund", "paid", "seen", "lost", "note", "ask"} {
		if page := stranger.do("POST", "/payments/"+p.ID+"/"+do, refund); page.status != http.StatusNotFound {
			t.Errorf("a stranger's %s gives %d", do, page.status)
		}
	}
	stranger.do("POST", "/troubles/close", url.Values{"kind": {"late"}, "subject": {p.ID}, "reason": {"x"}}).expect(t, "уже закрыт")
	if page := s.do("POST", "/payments/"+p.ID+"/refund", refund, "Sec-Fetch-Site", "cross-site"); page.status != http.StatusForbidden {
		t.Errorf("another site's form gives %d", page.status)
	}
	if got := s.stored(p.ID); got.Attempt.Refunded != 0 || got.LateAt == nil {
		t.Errorf("the payment was touched: %+v", got)
	}
}

func TestPaymentsAreFiltered(t *testing.T) {
	s := openShop(t)
	s.late("Поздняя покупка")
	s.w.Clock.Move(24 * time.Hour)
	s.create("Вчерашняя? Нет, сегодняшняя")
	s.get("/payments?state=waiting").expectNot(t, "Поздняя")
	s.get("/payments?state=waiting").expect(t, "сегодняшняя", "Требуют внимания")
	late := s.get("/payments?trouble=1")
	late.expect(t, "Поздняя покупка", "Оплачен после отмены или истечения срока")
	late.expectNot(t, "сегодняшняя")
	s.get("/payments?from=2026-11-23").expectNot(t, "Поздняя")
	s.get("/payments?to=2026-11-22").expectNot(t, "сегодняшняя")
	s.get("/payments?from=2026-11-22&to=2026-11-22&state=refunded").expect(t, "ничего не нашлось")
	for _, query := range []string{"state=what", "from=x", "to=x", "after=1"} {
		if page := s.get("/payments?" + query); page.status != http.StatusBadRequest {
			t.Errorf("%s gives %d", query, page.status)
		}
	}
}
