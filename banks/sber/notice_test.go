package sber_test

import (
	"errors"
	"strings"
	"testing"

	"kassa/banks"
	"kassa/banks/banktest"
)

func TestNotice(t *testing.T) {
	b := connect(t, config("http://127.0.0.1:1", banktest.NewClock()))
	const good = `{"rqUid":"0f8fad5bd9cb469fa16570867728950e","rqTm":"2026-03-01T09:00:00Z","memberId":"00001234","idQR":"20001234","tid":"20001234",
		"orderId":"7c9e6679742540de944be07fc1f90ae7","partnerOrderNumber":"till7-0001-a1","orderState":"PAID","operationSum":19900}`
	change := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%s is not there", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	want := banks.Notice{
		ID: "till7-0001-a1", BankID: "7c9e6679742540de944be07fc1f90ae7", ContentType: "application/json",
		Answer: `{"rqTm":"2026-03-01T09:00:00Z","rqUid":"0f8fad5bd9cb469fa16570867728950e"}`,
	}
	for name, body := range map[string]string{
		"documented":             good,
		"without a terminal":     change(`"tid":"20001234",`, ``),
		"without a member":       change(`"memberId":"00001234",`, ``),
		"with fields of its own": change(`"orderState"`, `"loyalty":{"points":5},"orderState"`),
	} {
		if got, err := b.Notice(nil, []byte(body)); err != nil || got != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, body := range map[string]string{
		"for another member":   change(`00001234`, `00001235`),
		"for another code":     change(`"idQR":"20001234"`, `"idQR":"1"`),
		"for another terminal": change(`"tid":"20001234"`, `"tid":"1"`),
		"for nobody":           `{"rqUid":"0f8fad5bd9cb469fa16570867728950e","rqTm":"2026-03-01T09:00:00Z","orderId":"a"}`,
		"an id that speaks":    change(`0f8fad5bd9cb469fa16570867728950e`, `<script>`),
		"a time that speaks":   change(`2026-03-01T09:00:00Z`, `now`),
		"an order's path":      change(`7c9e6679742540de944be07fc1f90ae7`, `../../x`),
		"a long number":        change(`till7-0001-a1`, strings.Repeat("1", 37)),
		"a page":               `<html>`,
		"nothing":              ``,
		"null":                 `null`,
		"two of them":          good + good,
		"a megabyte":           good + strings.Repeat(" ", 1<<20),
	} {
		if got, err := b.Notice(nil, []byte(body)); !errors.Is(err, banks.ErrNotice) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
