package tbank

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"kassa/banks"
	"kassa/register"
)

const testTerminal = "1700000000001DEMO"

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name, body string
		err        error
		reason     banks.Reason
	}{
		{name: "documented", body: `{"Success":true,"ErrorCode":"0","TerminalKey":"1700000000001DEMO","Status":"NEW","PaymentId":"5","Amount":100}`},
		{name: "numbers for strings", body: `{"Success":"true","ErrorCode":0,"Status":"NEW","PaymentId":5,"Amount":"100"}`},
		{name: "no error code", body: `{"Success":true,"Status":"NEW","PaymentId":"5"}`},
		{name: "nulls", body: `{"Success":true,"ErrorCode":null,"Message":null,"Status":"NEW","PaymentId":"5","Amount":null}`},
		{name: "bad token", body: `{"Success":false,"ErrorCode":"204","Message":"Неверный токен."}`, err: banks.ErrRefused, reason: banks.ReasonSettings},
		{name: "wrong status", body: `{"Success":"false","ErrorCode":8}`, err: banks.ErrRefused, reason: banks.ReasonState},
		{name: "balance", body: `{"Success":false,"ErrorCode":"3002"}`, err: banks.ErrRefused, reason: banks.ReasonBalance},
		{name: "sum", body: `{"Success":false,"ErrorCode":"3016"}`, err: banks.ErrRefused, reason: banks.ReasonAmount},
		{name: "a code of no list", body: `{"Success":false,"ErrorCode":"70707"}`, err: banks.ErrUnknown},
		{name: "too many refunds", body: `{"Success":false,"ErrorCode":"3029"}`, err: banks.ErrRefused, reason: banks.ReasonOther},
		{name: "a refund seen before", body: `{"Success":false,"ErrorCode":"3037"}`, err: banks.ErrRefused, reason: banks.ReasonState},
		{name: "no such order", body: `{"Success":false,"ErrorCode":"335"}`, err: banks.ErrNotFound},
		{name: "the bank's own trouble", body: `{"Success":false,"ErrorCode":"9999"}`, err: banks.ErrUnknown},
		{name: "yes with an error", body: `{"Success":true,"ErrorCode":"204"}`, err: banks.ErrUnknown},
		{name: "no without an error", body: `{"Success":false,"ErrorCode":"0"}`, err: banks.ErrUnknown},
		{name: "neither yes nor no", body: `{"ErrorCode":"0","Status":"CONFIRMED"}`, err: banks.ErrUnknown},
		{name: "another terminal", body: `{"Success":true,"TerminalKey":"1"}`, err: banks.ErrUnknown},
		{name: "empty object", body: `{}`, err: banks.ErrUnknown},
		{name: "empty", body: ``, err: banks.ErrUnknown},
		{name: "null", body: `null`, err: banks.ErrUnknown},
		{name: "list", body: `[]`, err: banks.ErrUnknown},
		{name: "page", body: `<html></html>`, err: banks.ErrUnknown},
		{name: "two answers", body: `{"Success":true}{"Success":true}`, err: banks.ErrUnknown},
		{name: "sum below zero", body: `{"Success":true,"Amount":-1}`, err: banks.ErrUnknown},
		{name: "sum with kopecks", body: `{"Success":true,"Amount":1.5}`, err: banks.ErrUnknown},
		{name: "sum beyond reason", body: `{"Success":true,"Amount":99999999999999999999}`, err: banks.ErrUnknown},
		{name: "success of another kind", body: `{"Success":1}`, err: banks.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode([]byte(c.body), testTerminal)
			if !errors.Is(err, c.err) {
				t.Fatalf("%v, want %v", err, c.err)
			}
			var refusal *banks.Refusal
			if errors.As(err, &refusal) && refusal.Reason != c.reason {
				t.Errorf("reason %s, want %s", refusal.Reason, c.reason)
			}
		})
	}
}

func TestPaymentOfAnAnswer(t *testing.T) {
	for _, c := range []struct {
		name, item string
		want       payment
		err        error
	}{
		{name: "paid", item: `{"PaymentId":"5","Status":"CONFIRMED","Amount":100}`, want: payment{id: "5", status: "CONFIRMED", state: banks.StatePaid, amount: 100, said: 100}},
		{name: "paid, no sum", item: `{"PaymentId":"5","Status":"CONFIRMED"}`, err: banks.ErrUnknown},
		{name: "held is not paid", item: `{"PaymentId":"5","Status":"AUTHORIZED","Amount":100}`, want: payment{id: "5", status: "AUTHORIZED", state: banks.StateProcessing, amount: 100, said: 100}},
		{name: "refund under way", item: `{"PaymentId":"5","Status":"ASYNC_REFUNDING","Amount":0}`, want: payment{id: "5", status: "ASYNC_REFUNDING", state: banks.StateRefundPending}},
		{name: "the rest is not the sum", item: `{"PaymentId":"5","Status":"PARTIAL_REFUNDED","Amount":60}`, want: payment{id: "5", status: "PARTIAL_REFUNDED", state: banks.StatePartlyRefunded, said: 60}},
		{name: "new word", item: `{"PaymentId":"5","Status":"QUANTUM","Amount":100}`, err: banks.ErrUnknown},
		{name: "word in small letters", item: `{"PaymentId":"5","Status":"confirmed","Amount":100}`, err: banks.ErrUnknown},
		{name: "no word", item: `{"PaymentId":"5"}`, err: banks.ErrUnknown},
		{name: "no id", item: `{"Status":"NEW"}`, err: banks.ErrUnknown},
		{name: "an id of letters", item: `{"PaymentId":"../5","Status":"NEW"}`, err: banks.ErrUnknown},
		{name: "an id as a power of ten", item: `{"PaymentId":5e9,"Status":"NEW"}`, err: banks.ErrUnknown},
		{name: "an id too long", item: `{"PaymentId":"123456789012345678901","Status":"NEW"}`, err: banks.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			var it item
			if err := json.Unmarshal([]byte(c.item), &it); err != nil {
				t.Fatal(err)
			}
			got, err := it.payment("GetState")
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("%+v, %v; want %+v, %v", got, err, c.want, c.err)
			}
		})
	}
}

// TestEveryStatusOfTheDocument holds that no status of the bank's table is new to us. PARTIAL_REVERSED alone has no
// meaning for SBP that could be acted upon.
func TestEveryStatusOfTheDocument(t *testing.T) {
	for status := range strings.FieldsSeq(`NEW FORM_SHOWED AUTHORIZING AUTHORIZED CONFIRMING CONFIRM_CHECKING CONFIRMED REFUNDING
		ASYNC_REFUNDING PARTIAL_REFUNDED REFUNDED CANCELED DEADLINE_EXPIRED REJECTED AUTH_FAIL ATTEMPTS_EXPIRED PREAUTHORIZING
		3DS_CHECKING 3DS_CHECKED PAY_CHECKING REVERSING REVERSED`) {
		if !states[status].Valid() {
			t.Errorf("%s is %q", status, states[status])
		}
	}
	for status, state := range states {
		if state.Paid() != (status == "CONFIRMED" || status == "PARTIAL_REFUNDED") {
			t.Errorf("%s is %s", status, state)
		}
	}
}

func TestNewestPaymentOfAnOrder(t *testing.T) {
	paid := payment{id: "9", state: banks.StatePaid}
	refunded := payment{id: "8", state: banks.StateRefunded}
	open := payment{id: "10", state: banks.StateWaiting}
	closed := payment{id: "11", state: banks.StateRejected}
	if !(rank(paid) == rank(refunded) && rank(paid) > rank(open) && rank(open) > rank(closed)) {
		t.Error("money does not win over a code that can be paid, or that over a closed one")
	}
	if !newer("10", "9") || newer("9", "10") || newer("9", "9") || newer("x", "9") {
		t.Error("ids are not compared as numbers")
	}
}

// FuzzDecode reads any body as an answer: it is a payment that makes sense or an error of the contract.
func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		`{"Success":true,"ErrorCode":"0","TerminalKey":"1700000000001DEMO","Status":"NEW","PaymentId":"5","OrderId":"o","Amount":100}`,
		`{"Success":true,"OrderId":"o","Payments":[{"PaymentId":"5","Amount":100,"Status":"CONFIRMED","Success":"true","ErrorCode":0}]}`,
		`{"Success":false,"ErrorCode":"204","Message":"Неверный токен.","Details":"\u0000\u202e"}`,
		`{"Success":"TRUE","PaymentId":5e9,"Data":"https://qr.nspk.ru/X"}`,
		`{"Success":true,"ErrorCode":"","Amount":"","PaymentId":"","Data":{}}`,
		`<html>`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		re, err := decode(body, testTerminal)
		if err != nil {
			if !errors.Is(err, banks.ErrUnknown) && !errors.Is(err, banks.ErrRefused) && !errors.Is(err, banks.ErrNotFound) {
				t.Fatalf("an error outside of the contract: %v", err)
			}
			var refusal *banks.Refusal
			if errors.As(err, &refusal) && (utf8.RuneCountInString(refusal.Message) > 200 || strings.ContainsAny(refusal.Message+refusal.Code, "\n\r\x1b\x00")) {
				t.Fatalf("a refusal that no screen should show: %q", refusal.Message)
			}
			return
		}
		for _, it := range append([]item{re.item}, re.Payments...) {
			p, err := it.payment("X")
			if err != nil {
				if !errors.Is(err, banks.ErrUnknown) {
					t.Fatal(err)
				}
				continue
			}
			if !p.state.Valid() || !digits(p.id, 20) || p.amount < 0 || p.amount > register.MaxMoney {
				t.Fatalf("%+v", p)
			}
		}
	})
}
