package atolsim_test

import (
	"strings"
	"testing"
)

// TestValidation holds what the scripts refuse before the device is touched, by the name of the field.
func TestValidation(t *testing.T) {
	k := open(t)
	k.runs(`{"type":"openShift"}`)
	before := k.sim.Device().Look().Last
	spoil := func(from, to string) string {
		if !strings.Contains(example, from) {
			t.Fatalf("%q is not in the example", from)
		}
		return strings.Replace(example, from, to, 1)
	}
	for field, task := range map[string]string{
		"type":                   `{"type":"sale"}`,
		"items":                  spoil(`"items":[`, `"items":[],"x":[`),
		"payments":               spoil(`"payments":[{"type":"electronically","sum":446.44}]`, `"payments":[]`),
		"payments[0].type":       spoil(`"electronically","sum"`, `"credir","sum"`),
		"payments[0].sum":        spoil(`"sum":446.44`, `"sum":"446.44"`),
		"items[0].name":          spoil(`"name":"Молоко 1 л",`, ``),
		"items[0].price":         spoil(`"price":89.90`, `"price":89.905`),
		"items[1].quantity":      spoil(`"quantity":0.356`, `"quantity":0.3565`),
		"items[0].amount":        spoil(`"amount":179.80,`, ``),
		"items[0].tax":           spoil(`"paymentObject":"commodity","tax":{"type":"vat10"}`, `"paymentObject":"commodity"`),
		"items[0].tax.type":      spoil(`"vat10"`, `"vat11"`),
		"items[0].paymentMethod": spoil(`"paymentMethod":"fullPayment"`, `"paymentMethod":"later"`),
		"items[0].paymentObject": spoil(`"paymentObject":"commodity"`, `"paymentObject":"thing"`),
		"items[0].discount":      spoil(`"department":1`, `"discount":1`),
		"items[2].type":          spoil(`"type":"text"`, `"type":"poem"`),
		"items[2].alignment":     spoil(`"center"`, `"middle"`),
		"items[0].imcParams":     spoil(`"department":1`, `"imcParams":{"imc":"MDE="}`),
		"operator.name":          spoil(`"name":"Кассир Иванова А. П."`, `"name":""`),
		"taxationType":           spoil(`"osn"`, `"envd"`),
		"electronically":         spoil(`"electronically":false`, `"electronically":"no"`),
		"totl":                   spoil(`"total"`, `"totl"`),
		"cashSum":                `{"type":"cashIn","caseSum":100}`,
		"correctionType":         `{"type":"sellCorrection","correctionBaseDate":"2026.03.10","correctionBaseNumber":"1","items":[],"payments":[{"type":"cash","sum":1}]}`,
		"correctionBaseDate":     `{"type":"sellCorrection","correctionType":"self","correctionBaseDate":"10.03.2026","correctionBaseNumber":"1","items":[],"payments":[{"type":"cash","sum":1}]}`,
	} {
		code, words := k.fails(task)
		if code != 501 || !strings.Contains(words, `"`+field+`"`) {
			t.Errorf("%s: %d %s", field, code, words)
		}
	}
	// What the device itself refuses has its own code.
	for want, task := range map[int]string{
		66: spoil(`"sum":446.44`, `"sum":446.43`), 52: spoil(`"sum":446.44`, `"sum":446.45`), 227: spoil(`"total":446.44`, `"total":447.44`),
		16: spoil(`"amount":179.80`, `"amount":179.82`), 161: spoil(`"measurementUnit":"piece",`, ``), 11: `{"type":"buy"}`, 83: `{"type":"openShift"}`,
		143: spoil(`"osn"`, `"patent"`),
	} {
		if code, words := k.fails(task); code != want {
			t.Errorf("want %d: %d %s", want, code, words)
		}
	}
	if last := k.sim.Device().Look().Last; last != before {
		t.Errorf("%d documents were made", last-before)
	}
	for _, body := range []string{``, `[]`, `{`, `{"request":[{"type":"reportX"}]}`, `{"uuid":"u"}`, `{"uuid":"u","request":[]}`, `{"uuid":"u","request":[1]}`,
		`{"uuid":"u","request":[{}]}`, `{"uuid":"a/b","request":[{"type":"reportX"}]}`, `{"uuid":"u","requests":[{"type":"reportX"}],"request":[{"type":"reportX"}]}`} {
		if status, answer := k.do("POST", "/api/v2/requests", body); status != 420 {
			t.Errorf("%s: HTTP %d %v", body, status, answer)
		}
	}
}

// TestOtherClients are what programs written long ago send.
func TestOtherClients(t *testing.T) {
	k := open(t)
	if status, _ := k.do("POST", "/api/v2/request", `{"uuid":"old","request":{"type":"openShift","operator":{"name":"Иванов","vatin":"500100732259"}}}`); status != 201 {
		t.Fatalf("HTTP %d", status)
	}
	if r := k.results("old"); r[0]["status"] != "ready" {
		t.Errorf("%v", r)
	}
	// Numbers for names, a payment in two parts with change, floating point as JavaScript leaves it, and no total.
	k.runs(`{"type":"sell","items":[{"type":"position","name":"Хлеб","price":0.1,"quantity":3,"amount":0.30000000000000004,"tax":{"type":"vat10","sum":0.03},
		"paymentObject":1,"paymentMethod":"fullPayment","measurementUnit":0,"infoDiscountSum":0.1}],
		"payments":[{"type":"0","sum":1},{"type":"1","sum":0.1}],"taxes":[{"type":"vat10","sum":0.03}]}`)
	r, err := k.sim.Device().Find(3)
	if err != nil || r.Sum != 30 || r.Payments.Cash != 20 || r.Payments.Electronic != 10 || r.Change != 80 {
		t.Errorf("%+v, %v", r, err)
	}
	for _, task := range []string{`{"type":"getDeviceInfo"}`, `{"type":"getDeviceStatus"}`, `{"type":"getShiftStatus"}`, `{"type":"getShiftTotals"}`,
		`{"type":"getFnInfo"}`, `{"type":"getFnStatus"}`, `{"type":"ofdExchangeStatus"}`, `{"type":"getRegistrationInfo"}`, `{"type":"getCashDrawerStatus"}`} {
		if result := k.runs(task); len(result) == 0 {
			t.Errorf("%s gave nothing", task)
		}
	}
	for _, task := range []string{`{"type":"nonFiscal","items":[{"type":"text","text":"привет"},{"type":"barcode","barcode":"123","barcodeType":"QR"}]}`,
		`{"type":"printLastReceiptCopy"}`, `{"type":"printFnDocument","fiscalDocumentNumber":2}`, `{"type":"openCashDrawer"}`, `{"type":"continuePrint"}`} {
		k.runs(task)
	}
}
