package qrpay

import (
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"testing"
	"unicode/utf8"

	"kassa/banks"
)

func TestDecodeQR(t *testing.T) {
	const link = "https://qr.nspk.ru/BD1000140UGULHTI8TFB015KNF1ORSCR?type=02&bank=100000000004&sum=20000&cur=RUB&crc=C736"
	for _, c := range []struct {
		name, body, want string
	}{
		{"documented", `{"operationId":"ours","data":"` + link + `"}`, link},
		{"more than documented", `{"operationId":"ours","data":"x","operationTime":1}`, "x"},
		{"another operation, as in the document's sample", `{"operationId":"f1c50d66-55b9-4448-a617-e030ff3e9bd1","data":"x"}`, ""},
		{"no operation", `{"data":"x"}`, ""},
		{"no string", `{"operationId":"ours"}`, ""},
		{"an empty string", `{"operationId":"ours","data":""}`, ""},
		{"a string of two lines", `{"operationId":"ours","data":"x\ny"}`, ""},
		{"a string too long", `{"operationId":"ours","data":"` + strings.Repeat("x", 1025) + `"}`, ""},
		{"a number", `{"operationId":"ours","data":1}`, ""},
		{"errors too", `{"operationId":"ours","data":"x","errors":[{"code":1}]}`, ""},
		{"two answers", `{"operationId":"ours","data":"x"}{"operationId":"ours","data":"y"}`, ""},
		{"page", `<html></html>`, ""}, {"empty", ``, ""}, {"null", `null`, ""}, {"list", `[]`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeQR([]byte(c.body), "ours")
			if got != c.want || (c.want == "") != errors.Is(err, banks.ErrUnknown) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestDecodeState(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       status
	}{
		{"documented", `{"operationId":"ours","status":"DONE"}`, done},
		{"rejected", `{"status":"REJECTED","operationId":"ours"}`, rejected},
		{"in progress", `{"status":"IN_PROGRESS","operationId":"ours","errors":[]}`, inProgress},
		{"small letters", `{"operationId":"ours","status":"done"}`, ""},
		{"a new word", `{"operationId":"ours","status":"CANCELLED"}`, ""},
		{"no word", `{"operationId":"ours"}`, ""},
		{"another operation", `{"operationId":"other","status":"DONE"}`, ""},
		{"a number", `{"operationId":"ours","status":1}`, ""},
		{"page", `<html></html>`, ""}, {"empty", ``, ""}, {"null", `null`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeState([]byte(c.body), "ours")
			if got != c.want || (c.want == "") != errors.Is(err, banks.ErrUnknown) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestDecodeCancel(t *testing.T) {
	for body, ok := range map[string]bool{
		"": true, " \r\n": true, "{}": true, `{"operationId":"ours"}`: true, `{"errors":null}`: true,
		"<html></html>": false, `{"errors":[{"code":1}]}`: false, `{"`: false, "OK": false, "[]": false,
	} {
		if err := decodeCancel([]byte(body)); (err == nil) != ok || err != nil && !errors.Is(err, banks.ErrUnknown) {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func TestRefusal(t *testing.T) {
	const documented = `{"errors":[{"error":"Не указан обязательный параметр","code":999,"errorMessage":"Не указана сумма возврата"}]}`
	for _, c := range []struct {
		name, method string
		status       int
		body         string
		err          error
		reason       banks.Reason
		code         string
	}{
		{"documented", methodCancel, 412, documented, banks.ErrRefused, banks.ReasonOther, "999"},
		{"token", methodQR, 401, documented, banks.ErrRefused, banks.ReasonSettings, "999"},
		{"rights", methodState, 403, documented, banks.ErrRefused, banks.ReasonSettings, "999"},
		{"no such operation", methodState, 404, documented, banks.ErrNotFound, "", ""},
		{"no such operation, in other words", methodState, 400, documented, banks.ErrNotFound, "", ""},
		{"nothing to cancel", methodCancel, 404, documented, banks.ErrNotFound, "", ""},
		{"no such store", methodQR, 404, documented, banks.ErrRefused, banks.ReasonSettings, "999"},
		{"conflict", methodCancel, 409, documented, banks.ErrRefused, banks.ReasonState, "999"},
		{"a code in quotes", methodQR, 400, `{"errors":[{"error":"x","code":"E-1"}]}`, banks.ErrRefused, banks.ReasonOther, "E-1"},
		{"no code", methodQR, 400, `{"errors":[{"error":"x"}]}`, banks.ErrRefused, banks.ReasonOther, "-"},
		{"two errors", methodQR, 400, `{"errors":[{"error":"x","code":1},{"error":"y","code":2}]}`, banks.ErrRefused, banks.ReasonOther, "1 2"},
		{"too many", methodCancel, 429, documented, banks.ErrUnknown, "", ""},
		{"too late", methodCancel, 408, documented, banks.ErrUnknown, "", ""},
		{"a gateway's page", methodCancel, 403, "<html></html>", banks.ErrUnknown, "", ""},
		{"no errors", methodCancel, 400, `{"errors":[]}`, banks.ErrUnknown, "", ""},
		{"another list", methodCancel, 400, `[{"code":1}]`, banks.ErrUnknown, "", ""},
		{"its own trouble", methodCancel, 500, documented, banks.ErrUnknown, "", ""},
		{"elsewhere", methodCancel, 307, documented, banks.ErrUnknown, "", ""},
		{"created", methodCancel, 201, "", banks.ErrUnknown, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := refusal(c.method, c.status, []byte(c.body))
			if !errors.Is(err, c.err) {
				t.Fatal(err)
			}
			var r *banks.Refusal
			if errors.As(err, &r) && (r.Reason != c.reason || r.Code != c.code) {
				t.Errorf("%+v", r)
			}
		})
	}
}

// FuzzDecode holds that no bytes make an answer that says what the protocol cannot, or a text that spoils a line.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"operationId":"ours","data":"https://qr.nspk.ru/X?sum=1"}`), 200)
	f.Add([]byte(`{"operationId":"ours","status":"DONE"}`), 200)
	f.Add([]byte(`{"errors":[{"error":"a","code":999,"errorMessage":"b"}]}`), 412)
	f.Add([]byte(`{"errors":[{"error":"\u0000\n","code":"\"","errorMessage":"\ud800"}]}`), 401)
	f.Add([]byte("<html></html>"), 503)
	f.Fuzz(func(t *testing.T, body []byte, httpStatus int) {
		if payload, err := decodeQR(body, "ours"); err == nil && (payload == "" || len(payload) > 1024 || strings.ContainsAny(payload, "\r\n\x00")) {
			t.Errorf("a payload %q", payload)
		}
		if word, err := decodeState(body, "ours"); err == nil && word != done && word != rejected && word != inProgress {
			t.Errorf("a word %q", word)
		}
		_ = decodeCancel(body)
		for _, method := range []string{methodQR, methodState, methodCancel} {
			err := refusal(method, httpStatus, body)
			var r *banks.Refusal
			switch {
			case errors.As(err, &r):
				if r.Code == "" || utf8.RuneCountInString(r.Message) > 200 || strings.ContainsAny(r.Message+r.Code, "\r\n\x00") || !utf8.ValidString(r.Message+r.Code) {
					t.Errorf("%+v", r)
				}
				fallthrough
			case errors.Is(err, banks.ErrNotFound):
				if httpStatus < 400 || httpStatus > 499 {
					t.Errorf("%d: %v", httpStatus, err)
				}
			case !errors.Is(err, banks.ErrUnknown):
				t.Errorf("%v", err)
			}
		}
	})
}

// TestThumbprint is the sample of RFC 7638, section 3.1.
func TestThumbprint(t *testing.T) {
	n, err := base64.RawURLEncoding.DecodeString("0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs" +
		"tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2" +
		"NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw")
	if err != nil {
		t.Fatal(err)
	}
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}
	if got := thumbprint(key); got != "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" {
		t.Errorf("%s", got)
	}
}
