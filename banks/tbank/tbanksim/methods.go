package tbanksim

import (
	"fmt"
	"strings"
	"time"

	"kassa/register"
)

// The sums that SBP takes, in kopecks.
const (
	sbpLeast = 10_00
	sbpMost  = 1_000_000_00
)

// answer is an answer's root object.
type answer map[string]any

// methods are the bank's methods. The Bank's lock is held, and the request has passed read.
var methods = map[string]func(b *Bank, r request, now time.Time, f Fault) (answer, error){
	"Init":       (*Bank).init,
	"GetQr":      (*Bank).getQR,
	"GetState":   (*Bank).getState,
	"CheckOrder": (*Bank).checkOrder,
	"Cancel":     (*Bank).cancel,
	"GetQrState": (*Bank).getQRState,

	"QrMembersList": (*Bank).members,
	"SbpPayTest":    (*Bank).sbpPayTest,
}

func (b *Bank) init(r request, now time.Time, _ Fault) (answer, error) {
	order, err := r.text("OrderId", 1, 36)
	if err != nil {
		return nil, err
	}
	if !asciiID.MatchString(order) {
		return nil, bad("Поле OrderId содержит недопустимые знаки.")
	}
	amount, named, err := r.number("Amount")
	switch {
	case err != nil:
		return nil, err
	case !named:
		return nil, bad("Поле Amount не должно быть пустым.")
	case amount < 1:
		return nil, no{"251", "Неверная сумма.", "Сумма должна быть больше нуля."}
	}
	if _, err := r.text("Description", 0, 140); err != nil {
		return nil, err
	}
	if kind, err := r.text("PayType", 0, 1); err != nil || kind != "" && kind != "O" {
		return nil, bad("PayType: терминал работает только по одностадийной схеме (O).")
	}
	due, err := r.due(now)
	if err != nil {
		return nil, err
	}
	for _, p := range b.payments {
		if p.order == order {
			return nil, no{"8", "Неверный статус транзакции.", "Заказ с таким order_id уже существует."}
		}
	}
	if err := r.receipt(amount); err != nil {
		return nil, err
	}
	p := b.open(order, register.Money(amount), now, due)
	if url, _ := r.text("NotificationURL", 0, 2048); url != "" {
		p.notify = url
	}
	return answer{
		"Status": p.status, "PaymentId": p.id, "OrderId": p.order, "Amount": amount,
		"PaymentURL": "https://pay.example/" + p.id,
	}, nil
}

func (b *Bank) getQR(r request, now time.Time, f Fault) (answer, error) {
	p, err := b.named(r, now)
	if err != nil {
		return nil, err
	}
	kind, err := r.text("DataType", 0, 7)
	switch {
	case err != nil:
		return nil, err
	case kind != "" && kind != "PAYLOAD":
		return nil, bad("DataType: здесь выдаётся только PAYLOAD.")
	case f == SBPOff:
		return nil, no{"3001", "Оплата через СБП недоступна.", "СБП не подключена."}
	case p.amount < sbpLeast || p.amount > sbpMost:
		return nil, no{"3016", "Не удалось создать QR.", "Сумма вне пределов СБП."}
	case p.status != statusNew && p.status != formShowed:
		return nil, wrongStatus()
	}
	return answer{"OrderId": p.order, "PaymentId": p.number, "Data": p.showQR()}, nil
}

func (b *Bank) getState(r request, now time.Time, f Fault) (answer, error) {
	p, err := b.named(r, now)
	if err != nil {
		return nil, err
	}
	if f == NotFound {
		return nil, noPayment()
	}
	return answer{
		"Status": p.status, "PaymentId": p.id, "OrderId": p.order, "Amount": b.amount(p),
		"Params": []answer{{"Key": "Source", "Value": "qrsbp"}},
	}, nil
}

// checkOrder answers in the document's own types: Success a string and ErrorCode a number inside of Payments.
func (b *Bank) checkOrder(r request, now time.Time, f Fault) (answer, error) {
	order, err := r.text("OrderId", 1, 36)
	if err != nil {
		return nil, err
	}
	list := []answer{}
	for _, p := range b.payments {
		if p.order != order {
			continue
		}
		p.tick(now)
		one := answer{
			"PaymentId": p.id, "Amount": b.amount(p), "Status": p.status, "Success": "true", "ErrorCode": 0, "Message": "None",
		}
		if p.status == confirmed {
			one["RRN"] = fmt.Sprintf("%012d", p.number%1_000_000_000_000)
			one["SbpPaymentId"] = fmt.Sprintf("A%031d", p.number)
		}
		list = append(list, one)
	}
	if len(list) == 0 || f == NotFound {
		return nil, no{"335", "Заказ не найден.", ""}
	}
	return answer{"OrderId": order, "Payments": list}, nil
}

// amount is what is told of a payment's sum.
func (b *Bank) amount(p *payment) int64 {
	if b.conf.AmountShrinks && p.paid {
		return int64(p.left())
	}
	return int64(p.amount)
}

// cancel cancels an unpaid payment and begins a refund of a paid one. The document gives 4, 8 and 324 for a payment in
// the wrong status and does not say which is for what; here each is for something.
func (b *Bank) cancel(r request, now time.Time, f Fault) (answer, error) {
	p, err := b.named(r, now)
	if err != nil {
		return nil, err
	}
	asked, named, err := r.number("Amount")
	if err != nil {
		return nil, err
	}
	if f == PaidDuringCancel {
		p.pay(false)
	}
	before := p.left()
	after := register.Money(0)
	switch p.status {
	case statusNew, formShowed: // an amount counts for nothing here
		p.to(canceled)
	case confirmed, partialRefunded:
		give := before
		if named {
			give = register.Money(asked)
		}
		if err := p.refuseRefund(give, now, f); err != nil {
			return nil, err
		}
		p.begin(refund{amount: give, done: now.Add(b.conf.RefundTime), fails: f == RefundFails})
		after = before - give
	case authorizing:
		return nil, no{"324", "Невозможно отменить платеж.", "Платеж обрабатывается."}
	case asyncRefunding:
		return nil, no{"4", "Изменение статуса запрещено.", "Возврат уже выполняется."}
	default:
		return nil, wrongStatus()
	}
	a := answer{
		"Status": p.status, "PaymentId": p.id, "OrderId": p.order, "OriginalAmount": int64(before), "NewAmount": int64(after),
	}
	if f == PaidAfterCancel {
		p.pay(true)
	}
	return a, nil
}

// refuseRefund gives the reason why a refund cannot begin, or nil. SBP's operator bounds the refunds that fail: one in an
// hour, five in a day.
func (p *payment) refuseRefund(give register.Money, now time.Time, f Fault) error {
	switch {
	case give < 1:
		return no{"326", "Неверная сумма.", ""}
	case give > p.left():
		return no{"330", "Сумма возврата больше суммы платежа.", ""}
	case f == RefundNoBalance:
		return no{"3002", "Недостаточно средств на балансе для возврата.", ""}
	case p.failed(now.Add(-24*time.Hour)) >= 5:
		return no{"3030", "Слишком много неуспешных попыток возврата за день.", ""}
	case p.failed(now.Add(-time.Hour)) >= 1:
		return no{"3029", "Слишком много неуспешных попыток возврата за час.", ""}
	}
	return nil
}

// members lists the payer's banks that a refund can go to.
func (b *Bank) members(r request, now time.Time, _ Fault) (answer, error) {
	p, err := b.named(r, now)
	if err != nil {
		return nil, err
	}
	return answer{"OrderId": p.order, "Members": []answer{
		{"MemberId": "100000000111", "MemberName": "Сбербанк", "IsPayee": true},
		{"MemberId": "100000000004", "MemberName": "Т-Банк", "IsPayee": false},
	}}, nil
}

func (b *Bank) getQRState(r request, now time.Time, _ Fault) (answer, error) {
	p, err := b.named(r, now)
	if err != nil {
		return nil, err
	}
	a := answer{"Status": p.status, "OrderId": p.order, "Amount": int64(p.lastRefund)}
	if p.cancelCode != "" {
		a["QrCancelCode"], a["QrCancelMessage"] = p.cancelCode, p.cancelWords
	}
	return a, nil
}

// sbpPayTest is the bank's own way to pay on a test terminal.
func (b *Bank) sbpPayTest(r request, now time.Time, _ Fault) (answer, error) {
	if !strings.HasSuffix(b.conf.Terminal, "DEMO") {
		return nil, no{"203", "Метод доступен только тестовым терминалам.", ""}
	}
	p, err := b.named(r, now)
	if err != nil {
		return nil, err
	}
	expire, err := r.flag("IsDeadlineExpired")
	if err != nil {
		return nil, err
	}
	reject, err := r.flag("IsRejected")
	if err != nil {
		return nil, err
	}
	done := false
	switch {
	case expire && reject:
		return nil, bad("IsDeadlineExpired и IsRejected нельзя задать вместе.")
	case expire:
		done = p.moveUnpaid(deadlineExpired)
	case reject:
		done = p.moveUnpaid(rejected)
	default:
		done = p.pay(false)
	}
	if !done {
		return nil, wrongStatus()
	}
	return answer{}, nil
}

// named gives the payment that a request names, brought up to now.
func (b *Bank) named(r request, now time.Time) (*payment, error) {
	id, err := r.paymentID()
	if err != nil {
		return nil, err
	}
	p := b.find(id)
	if p == nil {
		return nil, noPayment()
	}
	p.tick(now)
	return p, nil
}

func wrongStatus() error { return no{"8", "Неверный статус транзакции.", ""} }
func noPayment() error   { return no{"255", "Платеж не найден.", ""} }
