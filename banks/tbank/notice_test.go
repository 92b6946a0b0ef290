package tbank

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"kassa/banks"
)

// The notifications that are published with their passwords.
var publishedNotices = []struct{ name, terminal, password, body, id, bankID string }{
	{
		"OpenAPI v1.80", "1321054611234DEMO", "Dfsfh56dgKl",
		`{"TerminalKey":"1321054611234DEMO","OrderId":"201709","Success":true,"Status":"AUTHORIZED","PaymentId":8742591,
		  "ErrorCode":"0","Amount":9855,"CardId":322264,"Pan":"430000******0777","ExpDate":"1122","RebillId":101709,
		  "Token":"b906d28e76c6428e37b25fcf86c0adc52c63d503013fdd632e300593d165766b"}`,
		"201709", "8742591",
	},
	{
		"developer portal", "1234567890DEMO", strings.Repeat("1", 11),
		`{"TerminalKey":"1234567890DEMO","OrderId":"000000","Success":true,"Status":"AUTHORIZED","PaymentId":"0000000",
		  "ErrorCode":"0","Amount":1111,"CardId":"000000","Pan":"200000******0000","ExpDate":"1111","RebillId":"000000",
		  "Token":"1C0964277D0213349243065A0D5B838B8E90D2D25F740D0F2767836E710E80C8"}`,
		"000000", "0000000",
	},
	{
		"a Go client", "1726675329428DEMO", strings.Repeat("x", 16),
		`{"TerminalKey":"1726675329428DEMO","OrderId":"9863471b-8d42-4617-9073-11339159aba9","Success":true,
		  "Status":"AUTHORIZED","PaymentId":5974256058,"ErrorCode":"0","Amount":19900,"CardId":475738102,
		  "Pan":"430000******0777","ExpDate":"1230","RebillId":1741204285536,"DATA":{"a":"b"},
		  "Token":"16cfc8cd6e8f8fc1d404e3f9984c8058ecdf6eab622a9cc73c2e3824e47124ac"}`,
		"9863471b-8d42-4617-9073-11339159aba9", "5974256058",
	},
}

func bankOf(t testing.TB, terminal, password string) *Bank {
	t.Helper()
	b, err := New(Config{BaseURL: Production, Terminal: terminal, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPublishedNotices(t *testing.T) {
	for _, c := range publishedNotices {
		t.Run(c.name, func(t *testing.T) {
			b := bankOf(t, c.terminal, c.password)
			n, err := b.Notice(nil, []byte(c.body))
			if err != nil || n.ID != c.id || n.BankID != c.bankID || n.Answer != "OK" {
				t.Errorf("%+v, %v", n, err)
			}
			for name, spoiled := range map[string]string{
				"the sum":    strings.Replace(c.body, `"Amount":`, `"Amount":1`, 1),
				"the status": strings.Replace(c.body, "AUTHORIZED", "CONFIRMED", 1),
				"the order":  strings.Replace(c.body, `"OrderId":"`, `"OrderId":"1`, 1),
				"a field":    strings.Replace(c.body, "{", `{"Extra":"1",`, 1),
				"no token":   strings.Replace(c.body, `"Token"`, `"Taken"`, 1),
			} {
				if n, err := b.Notice(nil, []byte(spoiled)); !errors.Is(err, banks.ErrNotice) || n != (banks.Notice{}) {
					t.Errorf("%s was changed: %+v, %v", name, n, err)
				}
			}
			if _, err := bankOf(t, c.terminal, c.password+"1").Notice(nil, []byte(c.body)); !errors.Is(err, banks.ErrNotice) {
				t.Errorf("with another password: %v", err)
			}
			if _, err := bankOf(t, "1"+c.terminal, c.password).Notice(nil, []byte(c.body)); !errors.Is(err, banks.ErrNotice) {
				t.Errorf("at another terminal: %v", err)
			}
		})
	}
}

// TestNoticesOfOtherThings holds that what is none of ours is answered, so that the bank does not repeat it, and not
// acted upon.
func TestNoticesOfOtherThings(t *testing.T) {
	b := bankOf(t, testTerminal, "p")
	for name, body := range map[string]string{
		"a receipt of the bank's register": `{"OrderId":"a","Success":true,"Status":"RECEIPT","PaymentId":5,"ErrorCode":"0","Amount":100,"FiscalNumber":1}`,
		"a card that was bound":            `{"CustomerKey":"c","Status":"COMPLETED","RequestKey":"r","CardId":"1","NotificationType":"ADDCARD"}`,
		"an account that was bound":        `{"NotificationType":"LINKACCOUNT","RequestKey":"r","Status":"ACTIVE","PaymentId":5,"OrderId":"a"}`,
		"no payment":                       `{"Status":"CONFIRMED","OrderId":"a"}`,
		"no order":                         `{"Status":"CONFIRMED","PaymentId":5}`,
		"a payment of letters":             `{"Status":"CONFIRMED","PaymentId":"../5","OrderId":"a"}`,
	} {
		t.Run(name, func(t *testing.T) {
			n, err := b.Notice(nil, signed(t, b, body))
			if err != nil || n.ID != "" || n.BankID != "" || n.Answer != "OK" {
				t.Errorf("%+v, %v", n, err)
			}
		})
	}
	// A status that is new to us is still about the payment: the bank is asked.
	if n, err := b.Notice(nil, signed(t, b, `{"Status":"QUANTUM","PaymentId":"5","OrderId":"a"}`)); err != nil || n.ID != "a" {
		t.Errorf("%+v, %v", n, err)
	}
}

func TestNoticesThatCannotBeRead(t *testing.T) {
	b := bankOf(t, testTerminal, "p")
	whole := string(signed(t, b, `{"Status":"CONFIRMED","PaymentId":5,"OrderId":"a"}`))
	for name, body := range map[string]string{
		"nothing": "", "null": "null", "a list": "[]", "half": whole[:20], "two": whole + whole, "page": "<html></html>",
		"long": whole + strings.Repeat(" ", maxNotice),
	} {
		if _, err := b.Notice(nil, []byte(body)); !errors.Is(err, banks.ErrNotice) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// signed adds the terminal and the signature to a notification.
func signed(t testing.TB, b *Bank, body string) []byte {
	t.Helper()
	root, err := rootOf([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	root["TerminalKey"] = b.terminal
	root["Token"] = b.sign(root)
	text, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func FuzzNotice(f *testing.F) {
	b := bankOf(f, publishedNotices[0].terminal, publishedNotices[0].password)
	for _, c := range publishedNotices {
		f.Add([]byte(c.body))
	}
	f.Add([]byte(`{"Token":[],"TerminalKey":{}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		n, err := b.Notice(nil, body)
		switch {
		case err != nil && (!errors.Is(err, banks.ErrNotice) || n != (banks.Notice{})):
			t.Errorf("%+v, %v", n, err)
		case err == nil && n.Answer != "OK":
			t.Errorf("answered with %q", n.Answer)
		case err == nil && n.ID != "" && n.ID != publishedNotices[0].id:
			t.Errorf("somebody has signed %s", body)
		}
	})
}
