package tbank

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// TestPublishedTokens checks the signature against the samples in the bank's documents and in public clients.
func TestPublishedTokens(t *testing.T) {
	const gift = "Подарочная карта на 1000 рублей"
	for _, c := range []struct {
		name     string
		body     string
		password string
		want     string
	}{
		{
			"OpenAPI v1.80, request",
			`{"TerminalKey":"MerchantTerminalKey","Amount":19200,"OrderId":"21090","Description":"` + gift + `"}`,
			"usaf8fw8fsw21g", "0024a00af7c350a3a67ca168ce06502aa72772456662e38696d48b56ee9c97d9",
		},
		{
			"developer portal, request",
			`{"TerminalKey":"MerchantTerminalKey","Amount":19200,"OrderId":"00000","Description":"` + gift + `",
			  "DATA":{"Phone":"+71234567890"},"Receipt":{"Items":[]},"Token":"of another message"}`,
			"11111111111111", "72dd466f8ace0a37a1f740ce5fb78101712bc0665d91a8108c7c8a0ccd426db2",
		},
		{
			"a public client, request",
			`{"TerminalKey":"TinkoffBankTest","Amount":1000,"OrderId":"15","Description":"test"}`,
			"TinkoffBankTest", "8ee842bfe2499994d703f7e710275fc7eda03f7a661442bea9991e2b523c0fb7",
		},
		{
			"a Dart client, request",
			`{"TerminalKey":"TinkoffBankTest","Amount":100000,"OrderId":"testTokenExample"}`,
			"TinkoffBankTest", "48d4ca825aab2ede06736d3eae099bd56ac97bd1bcdd598aff210f729de4eb21",
		},
		{
			"OpenAPI v1.80, notification",
			`{"TerminalKey":"1321054611234DEMO","OrderId":"201709","Success":true,"Status":"AUTHORIZED","PaymentId":8742591,
			  "ErrorCode":"0","Amount":9855,"CardId":322264,"Pan":"430000******0777","ExpDate":"1122","RebillId":101709}`,
			"Dfsfh56dgKl", "b906d28e76c6428e37b25fcf86c0adc52c63d503013fdd632e300593d165766b",
		},
		{
			"developer portal, notification",
			`{"TerminalKey":"1234567890DEMO","OrderId":"000000","Success":true,"Status":"AUTHORIZED","PaymentId":"0000000",
			  "ErrorCode":"0","Amount":1111,"CardId":"000000","Pan":"200000******0000","ExpDate":"1111","RebillId":"000000"}`,
			"11111111111", "1c0964277d0213349243065a0d5b838b8e90d2d25f740d0f2767836e710e80c8",
		},
		{
			"a Go client, notification",
			`{"TerminalKey":"1726675329428DEMO","OrderId":"9863471b-8d42-4617-9073-11339159aba9","Success":true,
			  "Status":"AUTHORIZED","PaymentId":5974256058,"ErrorCode":"0","Amount":19900,"CardId":475738102,
			  "Pan":"430000******0777","ExpDate":"1230","RebillId":1741204285536}`,
			strings.Repeat("x", 16), "16cfc8cd6e8f8fc1d404e3f9984c8058ecdf6eab622a9cc73c2e3824e47124ac",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var root map[string]any
			d := json.NewDecoder(bytes.NewReader([]byte(c.body)))
			d.UseNumber()
			if err := d.Decode(&root); err != nil {
				t.Fatal(err)
			}
			if got := Token(root, c.password); got != c.want {
				t.Errorf("%s, published %s", got, c.want)
			}
		})
	}
}

// TestTokenOfOwnNumbers holds that a number of ours signs as the same number read from JSON.
func TestTokenOfOwnNumbers(t *testing.T) {
	ours := Token(map[string]any{"Amount": int64(19900), "Success": true, "Empty": ""}, "p")
	theirs := Token(map[string]any{"Amount": json.Number("19900"), "Success": true}, "p")
	if ours != theirs {
		t.Error("they differ")
	}
}
