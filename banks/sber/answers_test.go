package sber_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banktest"
)

// What a bank says when all is well, by method; uid stands for the request's.
var wellSaid = map[string]string{
	"oauth":      `{"access_token":"t","token_type":"Bearer","expires_in":60}`,
	"creation":   `{"rq_uid":"uid","error_code":"000000","order_id":"b1","order_number":"ours","order_state":"CREATED","order_form_url":"https://qr.nspk.ru/AD1?sum=19900"}`,
	"revocation": `{"rq_uid":"uid","error_code":"000000","order_id":"b1","order_state":"REVOKED"}`,
	"cancel":     `{"rq_uid":"uid","error_code":"000000","order_id":"b1","order_status":"PAID","operation_id":"op2","operation_sum":5000}`,
	"status": `{"rq_uid":"uid","error_code":"000000","order_id":"b1","order_state":"PAID","order_operation_params":[
		{"operation_id":"op1","operation_type":"PAY","operation_sum":19900,"operation_currency":"643","auth_code":"1","response_code":"00"}]}`,
}

// TestAnswersInWords asks a bank that says what it is told to.
func TestAnswersInWords(t *testing.T) {
	create := func(t *testing.T, b banks.Bank) error {
		_, err := b.Create(t.Context(), banks.Request{ID: "ours", Amount: 19900, Expires: banktest.NewClock().Now().Add(15 * time.Minute)})
		return err
	}
	revoke := func(t *testing.T, b banks.Bank) error {
		_, err := b.Cancel(t.Context(), banks.Ref{ID: "ours", BankID: "b1", Amount: 19900})
		return err
	}
	refund := func(t *testing.T, b banks.Bank) error {
		_, err := b.Cancel(t.Context(), banks.Ref{ID: "ours", BankID: "b1", Amount: 19900, Refund: banks.Refund{ID: "r", Amount: 5000}})
		return err
	}
	state := func(t *testing.T, b banks.Bank) error {
		_, err := b.State(t.Context(), banks.Ref{ID: "ours", BankID: "b1", Amount: 19900})
		return err
	}
	for _, c := range []struct {
		name             string
		do               func(*testing.T, banks.Bank) error
		method, old, new string // what is said otherwise
		err              error
	}{
		{name: "a code", do: create},
		{name: "no order number", do: create, method: "creation", old: `"order_number":"ours",`},
		{name: "another order's code", do: create, method: "creation", old: "ours", new: "theirs", err: banks.ErrUnknown},
		{name: "a code of no order", do: create, method: "creation", old: `"order_id":"b1",`, err: banks.ErrUnknown},
		{name: "a code in two lines", do: create, method: "creation", old: "AD1", new: `AD\n1`, err: banks.ErrUnknown},
		{name: "a code that no camera reads", do: create, method: "creation", old: "AD1", new: strings.Repeat("A", 1100), err: banks.ErrUnknown},
		{name: "a code that is no link", do: create, method: "creation", old: "https://qr.nspk.ru/AD1?sum=19900", new: "javascript:1", err: banks.ErrUnknown},
		{name: "a code of another sum", do: create, method: "creation", old: "sum=19900", new: "sum=1990", err: banks.ErrAmountDiffers},
		{name: "revoked", do: revoke},
		{name: "another order is revoked", do: revoke, method: "revocation", old: `"b1"`, new: `"b2"`, err: banks.ErrUnknown},
		{name: "given back", do: refund},
		{name: "no sum was named", do: refund, method: "cancel", old: `,"operation_sum":5000`},
		{name: "another sum went back", do: refund, method: "cancel", old: "5000", new: "50000", err: banks.ErrAmountDiffers},
		{name: "another order's went back", do: refund, method: "cancel", old: `"b1"`, new: `"b2"`, err: banks.ErrUnknown},
		{name: "asked", do: state},
		{name: "another order", do: state, method: "status", old: `"b1"`, new: `"b2"`, err: banks.ErrUnknown},
		{name: "an answer without end", do: state, method: "status", old: `{"rq_uid"`, new: strings.Repeat(" ", 3<<20) + `{"rq_uid"`, err: banks.ErrUnknown},
		{name: "a token without end", do: state, method: "oauth", old: `"t"`, new: `"` + strings.Repeat("t", 5000) + `"`, err: banks.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				method := path.Base(r.URL.Path)
				text := strings.Replace(wellSaid[method], `"uid"`, `"`+r.Header.Get("RqUID")+`"`, 1)
				if method == c.method {
					if !strings.Contains(text, c.old) {
						t.Errorf("%s does not say %s", method, c.old)
					}
					text = strings.Replace(text, c.old, c.new, 1)
				}
				_, _ = io.WriteString(w, text)
			}))
			defer server.Close()
			if err := c.do(t, connect(t, config(server.URL, banktest.NewClock()))); !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Errorf("%v, want %v", err, c.err)
			}
		})
	}
}
