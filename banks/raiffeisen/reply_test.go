package raiffeisen

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"kassa/banks"
	"kassa/banks/bankhttp"
)

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		err    error
		reason banks.Reason
	}{
		{name: "documented", body: `{"code":"SUCCESS","qrId":"AD1","payload":"https://qr.nspk.ru/AD1","qrUrl":"https://x/image"}`},
		{name: "version 2 without a code", body: `{"qrId":"AD1","qrStatus":"NEW"}`},
		{name: "nulls", body: `{"code":"SUCCESS","amount":null,"order":null,"message":null}`},
		{name: "merchant", body: `{"code":"ERROR.MERCHANT_NOT_REGISTERED","message":"Партнер не зарегистрирован"}`, err: banks.ErrRefused, reason: banks.ReasonSettings},
		{name: "account", body: `{"code":"ERROR.ACCOUNT_IS_NOT_REGISTERED"}`, err: banks.ErrRefused, reason: banks.ReasonSettings},
		{name: "no sum", body: `{"code":"ERROR.DYNAMIC_QR_WITHOUT_AMOUNT"}`, err: banks.ErrRefused, reason: banks.ReasonAmount},
		{name: "more than is left", body: `{"code":"ERROR.REFUND_INSUFFICIENT_FUNDS"}`, err: banks.ErrRefused, reason: banks.ReasonAmount},
		{name: "request", body: `{"code":"ERROR.INVALID_REQUEST"}`, err: banks.ErrRefused, reason: banks.ReasonOther},
		{name: "request, HTTP 400", status: 400, body: `{"code":"ERROR.INVALID_REQUEST"}`, err: banks.ErrRefused, reason: banks.ReasonOther},
		{name: "a code of no list", body: `{"code":"ERROR.QUANTUM"}`, err: banks.ErrRefused, reason: banks.ReasonOther},
		{name: "not found", body: `{"code":"ERROR.NOT_FOUND"}`, err: banks.ErrNotFound},
		{name: "not found, HTTP 404", status: 404, body: `{"code":"ERROR.NOT_FOUND"}`, err: banks.ErrNotFound},
		{name: "another shop's", body: `{"code":"ERROR.SECURITY_CHECK_ERROR"}`, err: banks.ErrNotFound},
		{name: "no refund", body: `{"code":"ERROR.REFUND_NOT_FOUND"}`, err: errNoRefund},
		{name: "paid already", body: `{"code":"ERROR.ORDER_NUMBER_ALREADY_REGISTERED"}`, err: errOrderPaid},
		{name: "paid already is no refusal", body: `{"code":"ERROR.ORDER_NUMBER_ALREADY_REGISTERED"}`, err: banks.ErrUnknown},
		{name: "no key", status: 401, body: ``, err: banks.ErrRefused, reason: banks.ReasonSettings},
		{name: "no right", status: 403, body: `<html>`, err: banks.ErrRefused, reason: banks.ReasonSettings},
		{name: "a word that is neither", body: `{"code":"BAD_MESSAGE"}`, err: banks.ErrUnknown},
		{name: "a gateway with the bank's words", status: 502, body: `{"code":"ERROR.NOT_FOUND"}`, err: banks.ErrUnknown},
		{name: "too fast", status: 429, body: `{"code":"ERROR.INVALID_REQUEST"}`, err: banks.ErrUnknown},
		{name: "elsewhere", status: 307, body: ``, err: banks.ErrUnknown},
		{name: "success with HTTP 404", status: 404, body: `{"code":"SUCCESS"}`, err: banks.ErrUnknown},
		{name: "HTTP 404 of another program", status: 404, body: `404 page not found`, err: banks.ErrUnknown},
		{name: "empty", body: ``, err: banks.ErrUnknown},
		{name: "list", body: `[]`, err: banks.ErrUnknown},
		{name: "page", body: `<html></html>`, err: banks.ErrUnknown},
		{name: "two answers", body: `{"code":"SUCCESS"}{"code":"SUCCESS"}`, err: banks.ErrUnknown},
		{name: "sum as text", body: `{"code":"SUCCESS","amount":"1.00"}`, err: banks.ErrUnknown},
		{name: "code of another kind", body: `{"code":1}`, err: banks.ErrUnknown},
		{name: "no UTF-8", body: "{\"code\":\"SUCCESS\",\"order\":\"\xff\"}", err: banks.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.status == 0 {
				c.status = 200
			}
			_, err := decode(bankhttp.Reply{Status: c.status, Body: []byte(c.body)})
			if !errors.Is(err, c.err) {
				t.Fatalf("%v, want %v", err, c.err)
			}
			var no *banks.Refusal
			if errors.As(err, &no) && no.Reason != c.reason {
				t.Errorf("reason %s, want %s", no.Reason, c.reason)
			}
		})
	}
}

func TestOutcomeOfARefund(t *testing.T) {
	for _, c := range []struct {
		name string
		re   reply
		want banks.Outcome
		err  error
	}{
		{"under way", reply{Amount: "49", RefundStatus: "IN_PROGRESS"}, banks.RefundPending, nil},
		{"done", reply{Amount: "49.00", RefundStatus: "COMPLETED"}, banks.RefundDone, nil},
		{"declined", reply{Amount: "49.0", RefundStatus: "DECLINED"}, banks.RefundFailed, nil},
		{"another sum", reply{Amount: "49.01", RefundStatus: "COMPLETED"}, "", banks.ErrAmountDiffers},
		{"no sum", reply{RefundStatus: "COMPLETED"}, "", banks.ErrUnknown},
		{"a new word", reply{Amount: "49", RefundStatus: "QUANTUM"}, "", banks.ErrUnknown},
		{"no word", reply{Amount: "49"}, "", banks.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := c.re.outcome(49_00); got != c.want || !errors.Is(err, c.err) {
				t.Errorf("%q, %v; want %q, %v", got, err, c.want, c.err)
			}
		})
	}
}

// TestWordsForAnUnpaidCode goes through the table of both words.
func TestWordsForAnUnpaidCode(t *testing.T) {
	ref := banks.Ref{ID: "ours", BankID: "AD1", Amount: 100}
	for _, c := range []struct {
		life, word string
		want       banks.State
	}{
		{"NEW", "NO_INFO", banks.StateWaiting},
		{"NEW", "DECLINED", banks.StateWaiting},
		{"IN_PROGRESS", "NO_INFO", banks.StateProcessing},
		{"IN_PROGRESS", "DECLINED", banks.StateProcessing},
		{"CANCELLED", "NO_INFO", banks.StateCancelled},
		{"CANCELLED", "DECLINED", banks.StateCancelled},
		{"EXPIRED", "NO_INFO", banks.StateExpired},
		{"EXPIRED", "DECLINED", banks.StateRejected},
		{"QUANTUM", "NO_INFO", ""},
		{"", "NO_INFO", ""},
		{"new", "NO_INFO", ""},
	} {
		ans, err := unpaid(ref, code{id: "AD1"}, c.life, c.word)
		if ans.State != c.want || (c.want == "") != errors.Is(err, banks.ErrUnknown) {
			t.Errorf("%s, %s: %q, %v", c.life, c.word, ans.State, err)
		}
	}
}

// FuzzDecode reads any body as an answer: something with sums that make sense, or an error of the contract.
func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		`{"code":"SUCCESS","paymentStatus":"SUCCESS","amount":1110.11,"currency":"RUB","order":"o","qrId":"AD1","sbpMerchantId":"MA1"}`,
		`{"code":"SUCCESS","amount":1E+2,"refundStatus":"COMPLETED"}`,
		`{"qrId":"AD1","qrStatus":"NEW","payload":"https://qr.nspk.ru/AD1?type=02&sum=1"}`,
		`{"code":"ERROR.NOT_FOUND","message":"\u0000\u202e"}`,
		`{"code":"ERROR.\n","message":null}`,
		`<html>`, ``,
	} {
		f.Add(200, []byte(body))
	}
	f.Add(404, []byte(`{"code":"ERROR.NOT_FOUND"}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		re, err := decode(bankhttp.Reply{Status: status, Body: body})
		if err == nil {
			if m, err := re.Amount.money(); err == nil && m < 0 {
				t.Fatalf("%v", m)
			}
			return
		}
		if !errors.Is(err, banks.ErrUnknown) && !errors.Is(err, banks.ErrRefused) && !errors.Is(err, banks.ErrNotFound) {
			t.Fatalf("an error outside of the contract: %v", err)
		}
		if text := err.Error(); utf8.RuneCountInString(text) > 500 || strings.ContainsAny(text, "\n\r\x1b\x00") {
			t.Fatalf("an error that no log should show: %q", text)
		}
	})
}
