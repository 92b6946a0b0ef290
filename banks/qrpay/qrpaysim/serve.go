package qrpaysim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kassa/banks/banksim"
	"kassa/banks/nspk"
	"kassa/register"
)

// no is a refusal, as the document has it: a status from 400 to 499 and a list of errors.
type no struct {
	status int
	code   int
	title  string
	words  string
}

func (n no) Error() string { return fmt.Sprintf("%d %d: %s", n.status, n.code, n.words) }

// missing is the document's own sample of an error.
func missing(field string) error {
	return no{http.StatusPreconditionFailed, 999, "Не указан обязательный параметр", "Не указан параметр " + field}
}

func wrong(words string, args ...any) error {
	return no{http.StatusBadRequest, 998, "Неверный запрос", fmt.Sprintf(words, args...)}
}

// request is the body of every call.
type request struct {
	id     string
	amount register.Money
}

// maxBody is far above any request.
const maxBody = 16 << 10

// serve answers one request to the provider, with the fault that it meets.
func (b *Bank) serve(w http.ResponseWriter, r *http.Request) {
	method := r.PathValue("method")
	do, known := map[string]func(request, time.Time, banksim.Fault) (any, error){
		methodQR: b.qr, methodState: b.state, methodCancel: b.cancel,
	}[method]
	if !known {
		http.NotFound(w, r)
		return
	}
	plan := b.Meet(method)
	if banksim.NoEffect(w, r, plan, b.conf.Hang) {
		return
	}
	answer, err := b.answer(r, plan, do)
	status, body := http.StatusOK, []byte(nil)
	if err != nil {
		var n no
		if !errors.As(err, &n) {
			n = no{http.StatusBadRequest, 998, "Неверный запрос", err.Error()}
		}
		status, answer = n.status, errorList(n)
	}
	if answer != nil {
		body, err = json.Marshal(answer)
		if err != nil {
			banksim.Page(w, http.StatusInternalServerError)
			return
		}
	}
	banksim.Send(w, r, status, body, plan, b.conf.Hang)
}

func errorList(n no) any {
	return map[string]any{"errors": []any{map[string]any{"error": n.title, "code": n.code, "errorMessage": n.words}}}
}

// answer checks the request and does what it asks for.
func (b *Bank) answer(r *http.Request, plan banksim.Plan, do func(request, time.Time, banksim.Fault) (any, error)) (any, error) {
	switch plan.Name {
	case Refuse:
		code, err := strconv.Atoi(plan.Code)
		if err != nil {
			code = 1
		}
		return nil, no{http.StatusUnprocessableEntity, code, "Отказ", "По заказу: /control/faults/refuse"}
	case TokenRefused:
		return nil, errToken("По заказу: /control/faults/token-refused")
	}
	now := b.conf.Clock()
	if err := b.tokens.check(r, now); err != nil {
		return nil, err
	}
	req, err := b.read(r)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return do(req, now, plan.Name)
}

// read reads a body and refuses everything that the document does not have.
func (b *Bank) read(r *http.Request) (request, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return request{}, wrong("Content-Type должен быть application/json")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return request{}, wrong("Тело запроса не прочитано или слишком длинное")
	}
	fields, err := decode(body)
	if err != nil {
		return request{}, err
	}
	texts := map[string]string{}
	for _, name := range []string{"operationId", "accountId", "retailStoreId"} {
		text, ok := fields[name].(string)
		switch {
		case fields[name] == nil || ok && text == "":
			return request{}, missing(name)
		case !ok || len(text) > 64:
			return request{}, wrong("%s: нужна строка не длиннее 64 знаков", name)
		}
		texts[name] = text
	}
	amount, err := kopecks(fields["amount"])
	if err != nil {
		return request{}, err
	}
	if texts["accountId"] != b.conf.Account || texts["retailStoreId"] != b.conf.Store {
		return request{}, no{http.StatusNotFound, 2, "Не найдено", "Нет такой точки продаж"}
	}
	return request{id: texts["operationId"], amount: amount}, nil
}

// decode reads one JSON object with the four fields of a request and no other, each of them once.
func decode(body []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, wrong("Тело запроса должно быть объектом JSON")
	}
	fields := map[string]any{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, wrong("Тело запроса должно быть объектом JSON")
		}
		name := key.(string) // the key of an object is nothing else
		var v any
		if d.Decode(&v) != nil {
			return nil, wrong("Тело запроса должно быть объектом JSON")
		}
		_, twice := fields[name]
		switch name {
		case "amount", "operationId", "accountId", "retailStoreId":
		default:
			return nil, wrong("Неизвестный параметр %q", name)
		}
		if twice {
			return nil, wrong("Параметр %q указан дважды", name)
		}
		fields[name] = v
	}
	if _, err := d.Token(); err != nil {
		return nil, wrong("Тело запроса должно быть объектом JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, wrong("После объекта JSON что-то есть")
	}
	return fields, nil
}

// kopecks reads a sum: a whole number above zero.
func kopecks(v any) (register.Money, error) {
	if v == nil {
		return 0, missing("amount")
	}
	number, ok := v.(json.Number)
	if !ok {
		return 0, wrong("amount: нужно число копеек")
	}
	n, err := number.Int64()
	if err != nil || n < 1 || n > int64(register.MaxMoney) {
		return 0, wrong("amount: нужно целое число копеек больше нуля")
	}
	return register.Money(n), nil
}

// qr opens a payment, or gives the code of the one that is open.
func (b *Bank) qr(r request, now time.Time, f banksim.Fault) (any, error) {
	p := b.find(r.id)
	if p == nil {
		p = newPayment(r.id, r.amount, now, b.conf.Life)
		b.payments = append(b.payments, p)
	}
	p.tick(now)
	if p.amount != r.amount || p.status != waiting {
		return nil, no{http.StatusConflict, 3, "Операция уже есть", "Операция с таким operationId уже создана"}
	}
	return bent(map[string]any{"operationId": r.id, "data": p.payload}, f), nil
}

// state tells where a payment stands.
func (b *Bank) state(r request, now time.Time, f banksim.Fault) (any, error) {
	p, err := b.known(r, now, f)
	if err != nil {
		return nil, err
	}
	if p.amount != r.amount {
		return nil, wrong("amount: у операции другая сумма")
	}
	return bent(map[string]any{"operationId": r.id, "status": p.word(b.conf.Mute)}, f), nil
}

// cancel closes or gives back; the answer is empty.
func (b *Bank) cancel(r request, now time.Time, f banksim.Fault) (any, error) {
	p, err := b.known(r, now, f)
	if err != nil {
		return nil, err
	}
	if f == PaidDuringCancel {
		p.pay(false)
	}
	switch p.status {
	case done:
		return nil, p.giveBack(r.amount, f)
	case processing:
		return nil, no{http.StatusConflict, 4, "Оплата идёт", "Плательщик уже подтвердил оплату"}
	case waiting:
		if r.amount != p.amount {
			return nil, wrong("amount: у неоплаченной операции отменяется вся сумма")
		}
		p.status = cancelled
		if f == PaidAfterCancel {
			p.pay(true)
		}
	}
	return nil, nil
}

// giveBack refunds.
func (p *payment) giveBack(amount register.Money, f banksim.Fault) error {
	switch {
	case f == RefundNoBalance:
		return no{http.StatusUnprocessableEntity, 5, "Возврат невозможен", "Недостаточно средств на счёте магазина"}
	case p.left() == 0 && f == RepeatRefused:
		return no{http.StatusConflict, 6, "Возврат невозможен", "Вся сумма уже возвращена"}
	case p.left() == 0:
		return nil
	case amount > p.left():
		return wrong("amount: вернуть можно не больше, чем осталось")
	}
	p.refunded += amount
	return nil
}

// known finds the payment of a request.
func (b *Bank) known(r request, now time.Time, f banksim.Fault) (*payment, error) {
	p := b.find(r.id)
	if p == nil || f == NotFound {
		return nil, no{http.StatusNotFound, 7, "Не найдено", "Нет такой операции"}
	}
	p.tick(now)
	return p, nil
}

// bent makes an answer wrong in the way of a fault.
func bent(a map[string]any, f banksim.Fault) any {
	link, _ := a["data"].(string)
	switch f {
	case OtherPayment:
		a["operationId"] = "f1c50d66-55b9-4448-a617-e030ff3e9bd1"
	case UnknownStatus:
		a["status"] = "QUANTUM_REVIEW"
	case PayloadBare:
		a["data"], _, _ = strings.Cut(link, "?")
	case PayloadOtherSum:
		parsed, _ := nspk.Parse(link)
		parsed.Sum++
		a["data"] = nspk.Make(parsed)
	case PayloadCurrency:
		parsed, _ := nspk.Parse(link)
		parsed.Currency = "USD"
		a["data"] = nspk.Make(parsed)
	case PayloadCRC:
		a["data"] = link[:len(link)-4] + "ZZZZ"
	case PayloadMissing:
		delete(a, "data")
	}
	return a
}
