package raiffeisensim

import (
	"encoding/json"
	"net/url"
	"time"

	"kassa/banks/banksim"
	"kassa/register"
)

// The calls of the bank, as faults name them.
const (
	callRegister    = "Register"
	callQR          = "QR"
	callInfo        = "Info"
	callPaymentInfo = "PaymentInfo"
	callDelete      = "Delete"
	callRefund      = "Refund"
	callRefundInfo  = "RefundInfo"
	callCallback    = "Callback"
	callNotice      = "Notice" // the bank's call to the shop
)

// sbpMost is the largest sum of SBP, in kopecks.
const sbpMost = 1_000_000_00

// answer is an answer's root object.
type answer map[string]any

// asked is one request: the id in its address and its body.
type asked struct {
	id   string
	body []byte
	now  time.Time
	f    banksim.Fault
}

// calls are what the bank does. The Bank's lock is held, and the caller's key is right.
var calls = map[string]func(b *Bank, a asked) (answer, error){
	callRegister:    (*Bank).registerQR,
	callQR:          (*Bank).showQR,
	callInfo:        (*Bank).info,
	callPaymentInfo: (*Bank).paymentInfo,
	callDelete:      (*Bank).deleteQR,
	callRefund:      (*Bank).refund,
	callRefundInfo:  (*Bank).refundInfo,
	callCallback:    (*Bank).setCallback,
}

func (b *Bank) registerQR(a asked) (answer, error) {
	r, err := read(a.body, "qrType", "order", "amount", "currency", "sbpMerchantId", "qrExpirationDate", "account",
		"additionalInfo", "paymentDetails", "createDate")
	if err != nil {
		return nil, err
	}
	p := &payment{qr: qrNew, pay: payNone, created: a.now}
	if err := b.merchant(r); err != nil {
		return nil, err
	}
	if kind, err := r.required("qrType", 20); err != nil || kind != "QRDynamic" {
		return nil, bad("qrType: здесь регистрируются только QRDynamic")
	}
	if p.order, err = r.order(); err != nil {
		return nil, err
	}
	if p.amount, err = r.price(); err != nil {
		return nil, err
	}
	if currency, err := r.required("currency", 3); err != nil || currency != "RUB" {
		return nil, bad("Передана неверная валюта")
	}
	if p.expires, err = r.expires(a.now); err != nil {
		return nil, err
	}
	if err := r.account(b.conf.Account); err != nil {
		return nil, err
	}
	if p.info, err = r.text("additionalInfo", 140); err != nil {
		return nil, err
	}
	if p.details, err = r.text("paymentDetails", 185); err != nil {
		return nil, err
	}
	if b.paid(p.order) != nil {
		return nil, no{
			"ERROR.ORDER_NUMBER_ALREADY_REGISTERED",
			"QR-код с номером заказа " + p.order + ", партнера " + b.conf.Merchant + " и успешными платежами уже зарегистрирован",
		}
	}
	b.open(p)
	return p.code(), nil
}

// merchant checks whose shop it is.
func (b *Bank) merchant(r request) error {
	id, err := r.text("sbpMerchantId", 12)
	switch {
	case err != nil:
		return err
	case id == "":
		return no{"ERROR.SBP_MERCHANT_ID_IS_MISSING", "SbpMerchantId партнера не указан"}
	case id != b.conf.Merchant:
		return no{"ERROR.MERCHANT_NOT_REGISTERED", "Партнер с ID " + id + " не зарегистрирован"}
	}
	return nil
}

// price is the sum of a code.
func (r request) price() (register.Money, error) {
	if _, there := r["amount"]; !there {
		return 0, no{"ERROR.DYNAMIC_QR_WITHOUT_AMOUNT", "Не передана сумма для динамического QR-кода"}
	}
	m, ok := r.sum("amount")
	if !ok || m < 1 || m > sbpMost {
		return 0, bad("Передана некорректная сумма платежа")
	}
	return m, nil
}

// code is what every call says of a code.
func (p *payment) code() answer {
	return answer{
		"code": "SUCCESS", "qrId": p.id, "payload": p.payload(),
		"qrUrl": "https://pay.example/api/sbp/v1/qr/" + p.id + "/image",
	}
}

func (b *Bank) showQR(a asked) (answer, error) {
	p, err := b.named(a)
	if err != nil {
		return nil, err
	}
	told := p.code()
	delete(told, "code") // the document's sample of version 2 has none
	told["qrStatus"], told["qrExpirationDate"] = p.qr, second(p.expires)
	return told, nil
}

func (b *Bank) info(a asked) (answer, error) {
	p, err := b.named(a)
	if err != nil {
		return nil, err
	}
	return p.code(), nil
}

func (b *Bank) paymentInfo(a asked) (answer, error) {
	p, err := b.named(a)
	if err != nil {
		return nil, err
	}
	told := answer{
		"code": "SUCCESS", "paymentStatus": p.pay, "amount": number(p.amount), "currency": "RUB", "order": p.order, "qrId": p.id,
		"createDate": moment(p.created), "merchantId": 123, "sbpMerchantId": b.conf.Merchant, "qrExpirationDate": second(p.expires),
	}
	for name, words := range map[string]string{"additionalInfo": p.info, "paymentPurpose": p.details} {
		if words != "" {
			told[name] = words
		}
	}
	if p.transaction != 0 {
		told["transactionId"], told["transactionDate"] = p.transaction, moment(p.paidAt)
	}
	return told, nil
}

// deleteQR closes a code that nobody has paid.
func (b *Bank) deleteQR(a asked) (answer, error) {
	p, err := b.named(a)
	if err != nil {
		return nil, err
	}
	if a.f == PaidDuringCancel {
		b.pay(p, false)
	}
	if p.qr != qrNew {
		return nil, bad("QR-код в статусе " + p.qr + " отменить нельзя")
	}
	p.qr = qrCancelled
	if a.f == PaidAfterCancel {
		b.pay(p, true)
	}
	return nil, nil
}

func (b *Bank) refund(a asked) (answer, error) {
	r, err := read(a.body, "amount", "order", "refundId", "paymentDetails", "transactionId")
	if err != nil {
		return nil, err
	}
	order, err := r.order()
	if err != nil {
		return nil, err
	}
	id, err := r.required("refundId", 40)
	if err != nil {
		return nil, err
	}
	if _, err := r.text("paymentDetails", 140); err != nil {
		return nil, err
	}
	amount, ok := r.sum("amount")
	p := b.paid(order)
	switch {
	case !ok:
		return nil, bad("Передана некорректная сумма возврата")
	case amount < 1:
		return nil, bad("Сумма возврата не может быть меньше 1 копейки")
	case p == nil:
		return nil, errNoCode
	case b.refunds[id] != nil:
		return nil, bad("Возврат с refundId " + id + " уже существует")
	}
	p.tick(a.now)
	if amount > p.left() || a.f == RefundNoBalance {
		return nil, no{"ERROR.REFUND_INSUFFICIENT_FUNDS", "Сумма возврата больше суммы остатка по платежу"}
	}
	back := &refund{of: p, amount: amount, status: refundBusy, done: a.now.Add(b.conf.RefundTime), fails: a.f == RefundFails}
	p.refunds, b.refunds[id] = append(p.refunds, back), back
	return back.tell(), nil
}

func (b *Bank) refundInfo(a asked) (answer, error) {
	r := b.refunds[a.id]
	if r == nil || a.f == NotFound {
		return nil, no{"ERROR.REFUND_NOT_FOUND", "Возврат с refundId " + a.id + " не найден"}
	}
	r.of.tick(a.now)
	return r.tell(), nil
}

func (r *refund) tell() answer {
	return answer{"code": "SUCCESS", "amount": number(r.amount), "refundStatus": r.status}
}

// setCallback says where notifications go.
func (b *Bank) setCallback(a asked) (answer, error) {
	r, err := read(a.body, "callbackUrl")
	if err != nil {
		return nil, err
	}
	text, err := r.required("callbackUrl", 2048)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, bad("callbackUrl не является адресом")
	}
	b.callback = text
	return answer{"callbackUrl": text}, nil
}

// named gives the code that a request names, brought up to now.
func (b *Bank) named(a asked) (*payment, error) {
	p := b.byID[a.id]
	if p == nil || a.f == NotFound {
		return nil, errNoCode
	}
	p.tick(a.now)
	return p, nil
}

// change changes a field where it is there.
func (a answer) change(name string, to func(any) any) {
	if v, there := a[name]; there {
		a[name] = to(v)
	}
}

// moreOf is a sum of one kopeck more.
func moreOf(v any) any {
	m, err := register.ParseMoney(v.(json.Number).String())
	if err != nil {
		return v
	}
	return number(m + 1)
}
