package sbersim

import (
	"net/http"
	"time"

	"kassa/banks/banksim"
	"kassa/register"
)

// answer is an answer's root object.
type answer map[string]any

// methods are the bank's methods. The Bank's lock is held, and the request fits its schema.
var methods = map[string]func(b *Bank, q request, f banksim.Fault) (answer, error){
	"creation":   (*Bank).creation,
	"status":     (*Bank).status,
	"revocation": (*Bank).revocation,
	"cancel":     (*Bank).cancel,
	"registry":   (*Bank).registry,
}

// stubTimesOut is the sum for which the bank's stub makes no order and ends in HTTP 504.
const stubTimesOut = 6002

func (b *Bank) creation(q request, f banksim.Fault) (answer, error) {
	sum := register.Money(q.whole("order_sum"))
	switch {
	case f == CreationDeclined:
		return answer{"order_number": q.text("order_number"), "order_id": "0", "order_state": declined}, nil
	case b.conf.Stub && sum == stubTimesOut:
		return nil, gateway{http.StatusGatewayTimeout, "the stub was asked for 60.02"}
	case q.text("member_id") != b.conf.MemberID:
		return nil, no{"120000", "Партнер не найден"}
	case q.text("id_qr") != b.conf.IDQR:
		return nil, no{"140000", "Не найден QR-стикер"}
	case q.text("currency") != "643":
		return nil, no{"160000", "Некорректная валюта"}
	case sum < 1:
		return nil, no{"110000", "Некорректная сумма"}
	}
	o := b.numbered(q.text("order_number"))
	switch {
	case o == nil || b.conf.Repeat == RepeatSecond:
		var err error
		if o, err = b.open(q.text("order_number"), q.text("description"), q.text("sbp_member_id"), sum); err != nil {
			return nil, err
		}
	case b.conf.Repeat == RepeatRefused || o.amount != sum:
		return nil, no{"080000", "Заказ с таким номером уже создан"}
	}
	return answer{"order_number": o.number, "order_id": o.id, "order_state": o.shown(b.conf), "order_form_url": o.payload}, nil
}

func (b *Bank) status(q request, f banksim.Fault) (answer, error) {
	if q.text("tid") != b.conf.TID {
		return nil, no{"020000", "Магазин не найден"}
	}
	o := b.numbered(q.text("partner_order_number"))
	if o == nil || f == NotFound || q["order_id"] != nil && q.text("order_id") != o.id {
		return nil, no{"100000", "Заказ не найден"}
	}
	a := answer{
		"mid": "700000000001", "tid": b.conf.TID, "id_qr": b.conf.IDQR, "order_id": o.id, "order_state": o.shown(b.conf),
	}
	var list []answer
	for _, op := range o.operations {
		if !b.now().Before(op.listed) {
			list = append(list, op.tell())
		}
	}
	if len(list) > 0 { // the schema has no empty list
		a["order_operation_params"] = list
	}
	if o.member != "" && o.payment() != nil {
		a["sbp_operation_params"] = answer{"sbp_operation_id": "A" + o.payment().rrn, "sbp_masked_payer_id": "0079*****12"}
	}
	return a, nil
}

func (op operation) tell() answer {
	return answer{
		"operation_id": op.id, "operation_date_time": op.at.Format(layout), "rrn": op.rrn, "operation_type": op.kind,
		"operation_sum": int64(op.sum), "operation_currency": "643", "auth_code": op.auth, "response_code": op.response,
		"response_desc": op.words,
	}
}

func (b *Bank) revocation(q request, f banksim.Fault) (answer, error) {
	o := b.find(q.text("order_id"))
	if o == nil {
		return nil, no{"100000", "Заказ не найден"}
	}
	if f == PaidDuringCancel {
		b.pay(o, false)
	}
	if o.state != created {
		return nil, no{"080000", "Нарушен порядок запросов: заказ в статусе " + o.shown(b.conf)}
	}
	o.state = revoked
	a := answer{"order_id": o.id, "order_state": o.state}
	if f == PaidAfterCancel {
		b.pay(o, true)
	}
	return a, nil
}

func (b *Bank) cancel(q request, f banksim.Fault) (answer, error) {
	o := b.find(q.text("order_id"))
	if o == nil {
		return nil, no{"090000", "Исходный заказ для отмены не найден"}
	}
	kind := q.text("operation_type")
	if kind == "" {
		kind = "REFUND"
	}
	sum := register.Money(q.whole("cancel_operation_sum"))
	if err := b.refuseRefund(o, q, kind, sum); err != nil {
		return nil, err
	}
	if f == RefundNoBalance {
		b.operate(o, kind, sum, "51", "Недостаточно средств")
		return nil, no{"130000", "Операция не успешна"}
	}
	op := b.operate(o, kind, sum, "00", "OK")
	switch f {
	case RefundFails:
		op.response, op.words = "05", "Отказ банка получателя"
	case RefundDenied:
		return nil, no{"130000", "Операция не успешна"}
	case RefundLate:
		op.listed = op.at.Add(30 * time.Second)
	}
	return answer{
		"order_id": o.id, "order_status": o.shown(b.conf), "operation_id": op.id, "operation_date_time": op.at.Format(layout),
		"operation_type": kind, "operation_sum": int64(sum), "operation_currency": "643", "auth_code": op.auth, "rrn": op.rrn,
		"tid": b.conf.TID, "id_qr": b.conf.IDQR,
	}, nil
}

// refuseRefund gives the reason why money cannot go back, or nil.
func (b *Bank) refuseRefund(o *order, q request, kind string, sum register.Money) error {
	payment := o.payment()
	switch {
	case o.state != paid || payment == nil:
		return no{"080000", "Нарушен порядок запросов: заказ не оплачен"}
	case q.text("operation_id") != payment.id, q.text("auth_code") != payment.auth:
		return no{"150000", "Операция не найдена"}
	case q.text("id_qr") != b.conf.IDQR:
		return no{"140000", "Не найден QR-стикер"}
	case q.text("tid") != b.conf.TID:
		return no{"020000", "Магазин не найден"}
	case q.text("operation_currency") != "643":
		return no{"160000", "Некорректная валюта"}
	case sum < 1:
		return no{"110000", "Некорректная сумма"}
	case sum > o.left():
		return no{"070000", "Сумма возврата больше суммы операции"}
	case kind == "REVERSE" && (o.member != "" || o.back() > 0 || b.now().Sub(payment.at) > 24*time.Hour):
		return no{"080000", "Нарушен порядок запросов: отмена невозможна, выполните возврат"}
	}
	return nil
}
