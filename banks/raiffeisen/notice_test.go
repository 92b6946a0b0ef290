package raiffeisen

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"kassa/banks"
)

// The public vector of the bank's Java SDK (NotificationUtilityTest and TestData, 2022).
const (
	vectorKey    = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJNQTAwMDAwMDA1NTIiLCJqdGkiOiIwZTRhODI2ZC0zMTk3LTQ5YWUtYjRlYS0zZDllOGRkODIyOGEifQ.Q-AVaDBzvfkz6I8ZCVgvGIWpWTUgotRDmTcs4ysR0Qc"
	vectorOrder  = "dfe0ff08-4796-46bb-a9fb-93fcd99ce748"
	vectorSigned = "101.01|MA0000000552|dfe0ff08-4796-46bb-a9fb-93fcd99ce748|SUCCESS|2020-07-24T17:20:00.999232+03:00"
	vector       = "1eca6a084ff8a5b4f5740e0eeab2a72d8ff981bce5b5dea75a53bf44944a8c8d"
	vectorBody   = `{"transactionId":17998,"qrId":"AS1000408BSPMRDI8IHBGO4DFQAISU9O","sbpMerchantId":"MA0000000552","merchantId":123,` +
		`"amount":101.01,"currency":"RUB","transactionDate":"2020-07-24T17:20:00.999232+03:00","paymentStatus":"SUCCESS",` +
		`"additionalInfo":null,"order":"dfe0ff08-4796-46bb-a9fb-93fcd99ce748","createDate":"2020-07-24T17:19:58+03:00"}`
)

func vectorBank(t testing.TB) *Bank {
	t.Helper()
	b, err := Adapter().Open(banks.Settings{FieldSecretKey: vectorKey, FieldMerchant: "MA0000000552"}, banks.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return b.(*Bank)
}

func signed(signature string) http.Header {
	return http.Header{http.CanonicalHeaderKey(SignatureHeader): {signature}}
}

func TestPublicVector(t *testing.T) {
	var n notice
	if err := json.Unmarshal([]byte(vectorBody), &n); err != nil || n.signed() != vectorSigned {
		t.Fatalf("%q, %v", n.signed(), err)
	}
	if got := Sign(vectorKey, "101.01", "MA0000000552", vectorOrder, "SUCCESS", "2020-07-24T17:20:00.999232+03:00"); got != vector {
		t.Errorf("signed %s, want %s", got, vector)
	}
	got, err := vectorBank(t).Notice(signed(vector), []byte(vectorBody))
	if err != nil || got.ID != vectorOrder || got.BankID != "AS1000408BSPMRDI8IHBGO4DFQAISU9O" || got.Answer == "" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := vectorBank(t).Notice(signed(strings.ToUpper(vector)), []byte(vectorBody)); err != nil {
		t.Errorf("in capital letters: %v", err)
	}
}

// TestSumIsSignedAsWritten holds that 101.10 is not 101.1.
func TestSumIsSignedAsWritten(t *testing.T) {
	for _, amount := range []string{"101.10", "101.1", "101", "1.011E+2"} {
		body := strings.Replace(vectorBody, "101.01", amount, 1)
		signature := Sign(vectorKey, amount, "MA0000000552", vectorOrder, "SUCCESS", "2020-07-24T17:20:00.999232+03:00")
		if got, err := vectorBank(t).Notice(signed(signature), []byte(body)); err != nil || got.ID != vectorOrder {
			t.Errorf("%s: %+v, %v", amount, got, err)
		}
		if amount != "101.1" {
			other := Sign(vectorKey, "101.1", "MA0000000552", vectorOrder, "SUCCESS", "2020-07-24T17:20:00.999232+03:00")
			if _, err := vectorBank(t).Notice(signed(other), []byte(body)); !errors.Is(err, banks.ErrNotice) {
				t.Errorf("%s signed as 101.1: %v", amount, err)
			}
		}
	}
}

func TestNoticesThatAreNotTheBanks(t *testing.T) {
	b := vectorBank(t)
	for name, body := range map[string]string{
		"another sum":    strings.Replace(vectorBody, "101.01", "101.02", 1),
		"another order":  strings.Replace(vectorBody, vectorOrder, "another", 1),
		"another shop":   strings.Replace(vectorBody, "MA0000000552", "MA0000000553", 1),
		"another status": strings.Replace(vectorBody, "SUCCESS", "DECLINED", 1),
		"another time":   strings.Replace(vectorBody, "17:20:00", "17:20:01", 1),
		"sum as text":    strings.Replace(vectorBody, "101.01", `"101.01"`, 1),
		"no JSON":        "paid",
		"empty":          "",
		"endless":        vectorBody + strings.Repeat(" ", maxNotice),
	} {
		if got, err := b.Notice(signed(vector), []byte(body)); !errors.Is(err, banks.ErrNotice) || got != (banks.Notice{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, header := range map[string]http.Header{
		"no header": {}, "nothing": signed(""), "no hex": signed("xyz"), "half": signed(vector[:32]), "another": signed(vector[2:] + "00"),
	} {
		if got, err := b.Notice(header, []byte(vectorBody)); !errors.Is(err, banks.ErrNotice) || got != (banks.Notice{}) {
			t.Errorf("signature, %s: %+v, %v", name, got, err)
		}
	}
}

// TestNoticesOfOthers holds that what is signed rightly and is none of ours is answered and passed over.
func TestNoticesOfOthers(t *testing.T) {
	b := vectorBank(t)
	other := strings.Replace(vectorBody, "MA0000000552", "MA0000000553", 1)
	got, err := b.Notice(signed(Sign(vectorKey, "101.01", "MA0000000553", vectorOrder, "SUCCESS", "2020-07-24T17:20:00.999232+03:00")), []byte(other))
	if err != nil || got.ID != "" || got.BankID != "" || got.Answer == "" {
		t.Errorf("another shop's: %+v, %v", got, err)
	}
	got, err = b.Notice(signed(Sign(vectorKey, "", "", "", "", "")), []byte(`{"qrId":"AS1","event":"something new"}`))
	if err != nil || got.ID != "" || got.BankID != "" || got.Answer == "" {
		t.Errorf("of another kind: %+v, %v", got, err)
	}
	strange := strings.Replace(vectorBody, "AS1000408BSPMRDI8IHBGO4DFQAISU9O", "../../settings", 1)
	if got, err = b.Notice(signed(vector), []byte(strange)); err != nil || got.ID != vectorOrder || got.BankID != "" {
		t.Errorf("an id that is none: %+v, %v", got, err)
	}
}

// FuzzNotice holds that no body is believed without its signature, and that none is too strange to be looked at.
func FuzzNotice(f *testing.F) {
	f.Add([]byte(vectorBody), vector)
	f.Add([]byte(`{"amount":1e999}`), vector)
	f.Add([]byte(`{"amount":"1"}`), "")
	f.Add([]byte(`null`), strings.Repeat("0", 64))
	b := vectorBank(f)
	f.Fuzz(func(t *testing.T, body []byte, signature string) {
		got, err := b.Notice(signed(signature), body)
		if err != nil {
			if !errors.Is(err, banks.ErrNotice) || got != (banks.Notice{}) {
				t.Fatalf("%+v, %v", got, err)
			}
			return
		}
		if got.ID != "" && (!strings.EqualFold(strings.TrimSpace(signature), vector) || got.ID != vectorOrder) {
			t.Fatalf("believed: %s, %+v", body, got)
		}
	})
}
