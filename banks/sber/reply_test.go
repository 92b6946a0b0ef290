package sber

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kassa/banks"
	"kassa/register"
)

const testUID = "0f8fad5bd9cb469fa16570867728950e"

// testBank is a bank that is never called.
func testBank(t testing.TB) *Bank {
	t.Helper()
	b, err := New(Config{
		BaseURL: "http://127.0.0.1:1", ClientID: "practice", ClientSecret: "s3cr3t-Pa55", MemberID: "00001234", IDQR: "20001234", Kind: KindSBP,
		Clock: func() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// said is an answer of the bank's with the given fields.
func said(fields string) string {
	return `{"rq_uid":"` + testUID + `","rq_tm":"2026-03-01T09:00:01Z","error_code":"000000",` + fields + `}`
}

func TestDecode(t *testing.T) {
	failed := func(code string) string {
		return `{"rq_uid":"` + testUID + `","error_code":` + code + `,"error_description":"Отказ\u0000\r\n для s3cr3t-Pa55"}`
	}
	for _, c := range []struct {
		name, body string
		err        error
		reason     banks.Reason
	}{
		{name: "documented", body: said(`"order_id":"7c9e6679742540de944be07fc1f90ae7","order_state":"CREATED"`)},
		{name: "its id in capitals", body: strings.ToUpper(`{"rq_uid":"`+testUID+`"`) + `,"error_code":"000000"}`},
		{name: "nulls", body: said(`"order_operation_params":null,"error_description":null,"order_id":null`)},
		{name: "general", body: failed(`"010000"`), err: banks.ErrRefused, reason: banks.ReasonOther},
		{name: "shop not found", body: failed(`"020001"`), err: banks.ErrRefused, reason: banks.ReasonSettings},
		{name: "suspended", body: failed(`"030000"`), err: banks.ErrRefused, reason: banks.ReasonSettings},
		{name: "not allowed", body: failed(`"040000"`), err: banks.ErrRefused, reason: banks.ReasonSettings},
		{name: "format", body: failed(`"050000"`), err: banks.ErrRefused, reason: banks.ReasonOther},
		{name: "suspicious", body: failed(`"060000"`), err: banks.ErrRefused, reason: banks.ReasonOther},
		{name: "too much to give back", body: failed(`"070000"`), err: banks.ErrRefused, reason: banks.ReasonAmount},
		{name: "order of requests", body: failed(`"080000"`), err: banks.ErrRefused, reason: banks.ReasonState},
		{name: "no order to give back of", body: failed(`"090000"`), err: banks.ErrNotFound},
		{name: "no order", body: failed(`"100000"`), err: banks.ErrNotFound},
		{name: "sum", body: failed(`"110000"`), err: banks.ErrRefused, reason: banks.ReasonAmount},
		{name: "partner", body: failed(`"120000"`), err: banks.ErrRefused, reason: banks.ReasonSettings},
		{name: "not successful", body: failed(`"130000"`), err: banks.ErrRefused, reason: banks.ReasonOther},
		{name: "sticker", body: failed(`"140000"`), err: banks.ErrRefused, reason: banks.ReasonSettings},
		{name: "no operation", body: failed(`"150000"`), err: banks.ErrNotFound},
		{name: "currency", body: failed(`"160000"`), err: banks.ErrRefused, reason: banks.ReasonSettings},
		{name: "long period", body: failed(`"170000"`), err: banks.ErrRefused, reason: banks.ReasonOther},
		{name: "a family of no list", body: failed(`"990000"`), err: banks.ErrRefused, reason: banks.ReasonOther},
		{name: "neither well nor wrong", body: failed(`"000001"`), err: banks.ErrUnknown},
		{name: "a code of letters", body: failed(`"ERROR!"`), err: banks.ErrUnknown},
		{name: "a short code", body: failed(`"10"`), err: banks.ErrUnknown},
		{name: "no code", body: `{"rq_uid":"` + testUID + `","order_state":"PAID"}`, err: banks.ErrUnknown},
		{name: "another request's", body: strings.Replace(said(`"order_state":"PAID"`), "0f8f", "0000", 1), err: banks.ErrUnknown},
		{name: "nobody's", body: `{"error_code":"000000"}`, err: banks.ErrUnknown},
		{name: "empty object", body: `{}`, err: banks.ErrUnknown},
		{name: "empty", body: ``, err: banks.ErrUnknown},
		{name: "null", body: `null`, err: banks.ErrUnknown},
		{name: "list", body: `[]`, err: banks.ErrUnknown},
		{name: "page", body: `<html></html>`, err: banks.ErrUnknown},
		{name: "two answers", body: said(`"a":1`) + said(`"a":1`), err: banks.ErrUnknown},
		{name: "operations of no list", body: said(`"order_operation_params":{"operation_sum":1}`), err: banks.ErrUnknown},
		{name: "sum below zero", body: said(`"operation_sum":-1`), err: banks.ErrUnknown},
		{name: "sum with kopecks", body: said(`"operation_sum":1.5`), err: banks.ErrUnknown},
		{name: "sum beyond reason", body: said(`"operation_sum":99999999999999999999`), err: banks.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := testBank(t).decode([]byte(c.body), testUID)
			if !errors.Is(err, c.err) {
				t.Fatalf("%v, want %v", err, c.err)
			}
			if err != nil && strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("the secret is shown: %v", err)
			}
			var refusal *banks.Refusal
			if errors.As(err, &refusal) && (refusal.Reason != c.reason || refusal.Message != "Отказ для ***") {
				t.Errorf("%+v, want %s", refusal, c.reason)
			}
		})
	}
}

// ops writes operations as "PAY 19900 00".
func ops(list ...string) string {
	var b strings.Builder
	for i, op := range list {
		var kind, response string
		var sum int
		if _, err := fmt.Sscan(op, &kind, &sum, &response); err != nil {
			panic(err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"operation_id":"op-%d","operation_type":%q,"operation_sum":%d,"operation_currency":"643","auth_code":"%06d","response_code":%q}`, i, kind, sum, i, response)
	}
	return `"order_operation_params":[` + b.String() + `]`
}

func TestOrderOfAnAnswer(t *testing.T) {
	const id = `"order_id":"7c9e6679742540de944be07fc1f90ae7"`
	for _, c := range []struct {
		name, state, rest string
		want              banks.State
		paid, back        register.Money
		err               error
	}{
		{name: "made", state: "CREATED", want: banks.StateWaiting},
		{name: "a payer without money", state: "CREATED", rest: ops("PAY 100 51"), want: banks.StateWaiting},
		{name: "being paid", state: "ON_PAYMENT", want: banks.StateProcessing},
		{name: "authorized", state: "AUTHORIZED", want: banks.StateProcessing},
		{name: "confirmed", state: "CONFIRMED", rest: ops("PAY 100 00"), want: banks.StateProcessing, paid: 100},
		{name: "money before its word", state: "CREATED", rest: ops("PAY 100 00"), want: banks.StateProcessing, paid: 100},
		{name: "paid", state: "PAID", rest: ops("PAY 100 00"), want: banks.StatePaid, paid: 100},
		{name: "paid at the second try", state: "PAID", rest: ops("PAY 100 51", "PAY 100 00"), want: banks.StatePaid, paid: 100},
		{name: "paid, no operation", state: "PAID", err: banks.ErrUnknown},
		{name: "paid, by a payment that failed", state: "PAID", rest: ops("PAY 100 05"), err: banks.ErrUnknown},
		{name: "a refund that failed", state: "PAID", rest: ops("PAY 100 00", "REFUND 100 51"), want: banks.StatePaid, paid: 100},
		{name: "given back, still PAID", state: "PAID", rest: ops("PAY 100 00", "REFUND 100 00"), want: banks.StateRefunded, paid: 100, back: 100},
		{name: "a part, still PAID", state: "PAID", rest: ops("PAY 100 00", "REFUND 40 00"), want: banks.StatePartlyRefunded, paid: 100, back: 40},
		{name: "REFUNDED in part", state: "REFUNDED", rest: ops("PAY 100 00", "REFUND 30 00", "REFUND 30 00"), want: banks.StatePartlyRefunded, paid: 100, back: 60},
		{name: "REVERSED", state: "REVERSED", rest: ops("PAY 100 00", "REVERSE 100 00"), want: banks.StateRefunded, paid: 100, back: 100},
		{name: "REFUNDED, nobody knows how much", state: "REFUNDED", rest: ops("PAY 100 00"), err: banks.ErrUnknown},
		{name: "REFUNDED without a payment", state: "REFUNDED", rest: ops("REFUND 100 00"), err: banks.ErrUnknown},
		{name: "withdrawn", state: "REVOKED", want: banks.StateCancelled},
		{name: "withdrawn with money in it", state: "REVOKED", rest: ops("PAY 100 00"), err: banks.ErrUnknown},
		{name: "declined", state: "DECLINED", rest: ops("PAY 100 05"), want: banks.StateRejected},
		{name: "expired", state: "EXPIRED", want: banks.StateExpired},
		{name: "a new word", state: "QUANTUM", err: banks.ErrUnknown},
		{name: "a word in small letters", state: "paid", rest: ops("PAY 100 00"), err: banks.ErrUnknown},
		{name: "no word", state: "", err: banks.ErrUnknown},
		{name: "a new operation", state: "PAID", rest: ops("PAY 100 00", "CASHBACK 10 00"), err: banks.ErrUnknown},
		{name: "money of two payers", state: "PAID", rest: ops("PAY 100 00", "PAY 100 00"), want: banks.StatePaid, paid: 200},
		{name: "dollars", state: "PAID", rest: strings.Replace(ops("PAY 100 00"), "643", "840", 1), err: banks.ErrAmountDiffers},
		{name: "no sum", state: "PAID", rest: strings.Replace(ops("PAY 100 00"), `"operation_sum":100,`, "", 1), err: banks.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			fields := id + `,"order_state":"` + c.state + `"`
			if c.rest != "" {
				fields += "," + c.rest
			}
			re, err := testBank(t).decode([]byte(said(fields)), testUID)
			if err != nil {
				t.Fatal(err)
			}
			o, err := re.order()
			if !errors.Is(err, c.err) {
				t.Fatalf("%v, want %v", err, c.err)
			}
			if err == nil && (o.state != c.want || o.paid != c.paid || o.refunded != c.back || o.word != c.state) {
				t.Errorf("%+v", o)
			}
		})
	}
	for _, bad := range []string{`"order_state":"CREATED"`, `"order_state":"CREATED","order_id":"../x"`, `"order_state":"CREATED","order_id":"` + strings.Repeat("a", 37) + `"`} {
		re, err := testBank(t).decode([]byte(said(bad)), testUID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := re.order(); !errors.Is(err, banks.ErrUnknown) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// TestOutcome holds that a lost refund is told from the sums, and never from a list that may be late.
func TestOutcome(t *testing.T) {
	ours := banks.Refund{ID: "r", Amount: 30, Base: 20}
	taken := ours
	taken.Taken = true
	for _, c := range []struct {
		name   string
		back   register.Money
		refund banks.Refund
		want   banks.Outcome
	}{
		{"nothing was asked", 50, banks.Refund{}, ""},
		{"nothing has grown", 20, ours, banks.RefundNone},
		{"it has grown by less", 49, ours, banks.RefundNone},
		{"it has grown by the sum", 50, ours, banks.RefundDone},
		{"it has grown by more", 60, ours, banks.RefundDone},
		{"taken, not seen yet", 20, taken, banks.RefundPending},
		{"taken and seen", 50, taken, banks.RefundDone},
	} {
		o := order{state: banks.StatePaid, paid: 100, refunded: c.back}
		if got := o.answer(c.refund).Refund; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := (order{state: banks.StateProcessing}).answer(ours); got.Refund != "" || got.Refunded != 0 {
		t.Errorf("an unpaid order tells of a refund: %+v", got)
	}
}

// TestEveryStateOfTheDocument holds that no order_state of the bank's list is new to us.
func TestEveryStateOfTheDocument(t *testing.T) {
	for word := range strings.FieldsSeq(`PAID CREATED REVERSED REFUNDED REVOKED DECLINED EXPIRED AUTHORIZED CONFIRMED ON_PAYMENT`) {
		if !states[word].Valid() {
			t.Errorf("%s is %q", word, states[word])
		}
	}
}

// FuzzDecode reads any body as an answer: it is an order that makes sense or an error of the contract.
func FuzzDecode(f *testing.F) {
	for _, fields := range []string{
		`"order_id":"7c9e","order_state":"PAID",` + ops("PAY 100 00", "REFUND 40 00", "REFUND 40 51"),
		`"order_id":"7c9e","order_state":"CREATED","order_form_url":"https://qr.nspk.ru/X?sum=1"`,
		`"order_id":5,"order_state":"REFUNDED",` + ops("PAY 9223372036854775807 00"),
		`"order_id":"x","order_status":"PAID","operation_id":"1","operation_sum":"5","operation_currency":643`,
	} {
		f.Add([]byte(said(fields)))
	}
	f.Add([]byte(`{"rq_uid":"` + testUID + `","error_code":"080000","error_description":"\u0000\u202e"}`))
	f.Add([]byte(`<html>`))
	b := testBank(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		re, err := b.decode(body, testUID)
		if err != nil {
			contract(t, err)
			return
		}
		o, err := re.order()
		if err != nil {
			contract(t, err)
			return
		}
		if !o.state.Valid() || o.paid < 0 || o.refunded < 0 || o.state.HadMoney() && o.paid == 0 || !longID.MatchString(o.id) {
			t.Fatalf("%+v", o)
		}
		a := banks.Attempt{ID: "a", State: banks.StateWaiting, Amount: 100}
		if next, err := a.Apply(o.answer(banks.Refund{})); err == nil && next.State.HadMoney() && (o.paid != 100 || next.Refunded > 100) {
			t.Fatalf("%+v of %+v", next, o)
		}
	})
}

// FuzzRegistry reads any body as a registry.
func FuzzRegistry(f *testing.F) {
	f.Add([]byte(`{"rqUid":"` + testUID + `","errorCode":"000000","registryData":{"orderParams":{"orderParam":[{"orderId":"a","partnerOrderNumber":"b","amount":"48001",
		"currency":"643","orderState":"PAID","orderOperationParams":{"orderOperationParam":[{"operationType":"PAY","operationDateTime":"2026-03-01T12:00:00Z"}]}}]}}}`))
	f.Add([]byte(`{"rqUid":"` + testUID + `","errorCode":"170000"}`))
	b := testBank(f)
	from := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		list, err := b.decodeRegistry(body, testUID)
		if err != nil {
			contract(t, err)
			return
		}
		for _, o := range list {
			paid, moved, err := o.times(from, from.Add(24*time.Hour))
			if err != nil {
				contract(t, err)
				continue
			}
			if moved && paid.IsZero() {
				t.Fatalf("%+v moved at no time", o)
			}
			o.plain()
		}
	})
}

// FuzzNotice reads any body as a notification.
func FuzzNotice(f *testing.F) {
	f.Add([]byte(`{"rqUid":"` + testUID + `","rqTm":"2026-03-01T09:00:00Z","memberId":"00001234","idQR":"20001234","orderId":"a","partnerOrderNumber":"b"}`))
	f.Add([]byte(`{"rqUid":1}`))
	b := testBank(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		n, err := b.Notice(nil, body)
		if err != nil {
			if !errors.Is(err, banks.ErrNotice) {
				t.Fatal(err)
			}
			return
		}
		if len(n.ID) > 36 || len(n.BankID) > 36 || !strings.Contains(n.Answer, "rqUid") || bytes.ContainsAny([]byte(n.Answer), "\r\n") {
			t.Fatalf("%+v", n)
		}
	})
}

// contract checks that an error is one of banks.Bank's, and fit for a screen.
func contract(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, banks.ErrUnknown) && !errors.Is(err, banks.ErrRefused) && !errors.Is(err, banks.ErrNotFound) && !errors.Is(err, banks.ErrAmountDiffers) {
		t.Fatalf("an error outside of the contract: %v", err)
	}
	var refusal *banks.Refusal
	if errors.As(err, &refusal) && (utf8.RuneCountInString(refusal.Message) > maxWords || strings.ContainsAny(refusal.Message+refusal.Code, "\n\r\x1b\x00")) {
		t.Fatalf("a refusal that no screen should show: %q", refusal.Message)
	}
	if strings.ContainsAny(err.Error(), "\n\r\x1b\x00") {
		t.Fatalf("an error that no log should have: %q", err)
	}
}
