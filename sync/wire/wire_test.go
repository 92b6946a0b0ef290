package wire_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kassa/register"
	"kassa/sync/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

var at = time.Date(2026, 11, 22, 9, 30, 15, 250_000_000, time.UTC)

// messages are one of each, with every field filled.
func messages(t *testing.T) map[string]any {
	t.Helper()
	record := `{"journal":"01935f3e-0000-7000-8000-000000000001","number":8,"kind":"sale","note":"<ж>"}`
	prev := register.Link(register.Hash{}, []byte("what came before"))
	hash := register.Link(prev, []byte(record))
	ack := wire.Ack{Number: 8, Hash: hash.String()}
	return map[string]any{
		"pair":   &wire.Pair{Code: "K7PX-2MQD", Name: "Касса 1", Version: "v0.1.0"},
		"paired": &wire.Paired{Till: "01935f3e-0000-7000-8000-00000000000a", Name: "Касса 1", Store: "Магазин на Садовой", Secret: "c2VjcmV0"},
		"batch": &wire.Batch{After: 7, AfterHash: prev.String(), SentAt: at,
			Operations: []wire.Record{{Number: 8, Hash: hash.String(), Record: record}}},
		"batch_empty":      &wire.Batch{AfterHash: register.Hash{}.String(), Operations: []wire.Record{}, SentAt: at},
		"ack":              &ack,
		"new_payment":      &wire.NewPayment{ID: "01935f3e-0000-7000-8000-0000000000ff", Amount: 54000, Purpose: "Покупка 8", Expires: at.Add(15 * time.Minute)},
		"new_payment_life": &wire.NewPayment{ID: "01935f3e-0000-7000-8000-0000000000ff", Amount: 54000, Purpose: "Покупка 8", Life: 900},
		"cancel":           &wire.Cancel{UnpaidOnly: true},
		"refund":           &wire.Cancel{Refund: &wire.Refund{ID: "01935f3e-0000-7000-8000-0000000000f1", Amount: 10000}},
		"payment_waiting": &wire.Payment{ID: "01935f3e-0000-7000-8000-0000000000ff", Revision: 2, State: "waiting", Amount: 54000,
			Bank: "tbank", BankID: "5000000001", Payload: "https://qr.nspk.ru/AD10SIM?type=02&sum=54000", Expires: at.Add(15 * time.Minute)},
		"payment_refunds": &wire.Payment{ID: "01935f3e-0000-7000-8000-0000000000ff", Revision: 9, State: "refund_pending", Amount: 54000,
			Refunded: 14000, Returned: 10000, Left: 35000, Bank: "raiffeisen", BankID: "5000000001", Payload: "https://qr.nspk.ru/AD10SIM", Expires: at,
			ByHand: true, WholeOnly: true, Life: 15, Trouble: wire.TroubleRefundUnknown,
			Refunds: []wire.Refund{
				{ID: "01935f3e-0000-7000-8000-0000000000f1", Amount: 10000, State: wire.RefundDone},
				{ID: "01935f3e-0000-7000-8000-0000000000f2", Amount: 7000, State: wire.RefundFailed},
				{ID: "01935f3e-0000-7000-8000-0000000000f3", Amount: 5000, State: wire.RefundUnknown},
			}},
		"payment_trouble": &wire.Payment{ID: "01935f3e-0000-7000-8000-0000000000ff", Revision: 7, State: "refund_pending", Amount: 54000,
			Refunded: 100, Bank: "tbank", BankID: "5000000001", Payload: "https://qr.nspk.ru/AD10SIM", Expires: at,
			Trouble: wire.TroubleRefused, Message: "Недостаточно средств"},
		"payment_no_bank": &wire.Payment{ID: "01935f3e-0000-7000-8000-0000000000ff", Revision: 1, State: "failed", Amount: 54000,
			Expires: at, Trouble: wire.TroubleNoBank},
		"status":        &wire.Status{Till: "Касса 1", Store: "Магазин на Садовой", Bank: "tbank", Time: at, Version: "v0.1.0"},
		"status_late":   &wire.Status{Till: "Касса 1", Store: "Магазин на Садовой", Bank: "tbank", Time: at, Version: "v0.1.0", Late: []string{"0192f3a4-0000-7000-8000-000000000001"}},
		"error_gap":     &wire.Error{Code: wire.CodeGap, Message: "operations are missing before the batch", Ack: &ack},
		"error_invalid": &wire.Error{Code: wire.CodeInvalid, Message: "id is not a UUID in lower case"},
	}
}

// TestGolden holds the messages against recorded ones, both ways: a till of any release is understood for ever, so these
// files are added to and never changed.
func TestGolden(t *testing.T) {
	seen := map[string]bool{}
	for name, message := range messages(t) {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name+".json")
			seen[path] = true
			got, err := json.MarshalIndent(message, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("written otherwise (-recorded +now):\n%s", cmp.Diff(string(want), string(got)))
			}
			back := reflect.New(reflect.TypeOf(message).Elem()).Interface()
			if err := json.Unmarshal(want, back); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(message, back); diff != "" {
				t.Errorf("read otherwise (-meant +read):\n%s", diff)
			}
		})
	}
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if !seen[path] {
			t.Errorf("%s belongs to no message", path)
		}
	}
}

// TestNewerFieldsArePassedOver reads messages of a program that knows more.
func TestNewerFieldsArePassedOver(t *testing.T) {
	for name, message := range messages(t) {
		text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		newer := strings.Replace(string(text), "{", `{"something_new": [1, {"a": null}],`, 1)
		back := reflect.New(reflect.TypeOf(message).Elem()).Interface()
		if err := json.Unmarshal([]byte(newer), back); err != nil {
			t.Errorf("%s with a new field: %v", name, err)
		}
		if diff := cmp.Diff(message, back); diff != "" {
			t.Errorf("%s with a new field is read otherwise:\n%s", name, diff)
		}
	}
}

// TestARecordKeepsItsBytes sends the bytes that JSON likes to change; the hash is over them as they are.
func TestARecordKeepsItsBytes(t *testing.T) {
	for _, record := range []string{`{"a":"<&>"}`, "{\"a\":\"\u2028\u2029\"}", "{ \"spaces\" :  1.50 }\n", `{"e":"\u0416"}`, "\x00\x1f\x7f", "ж€😀"} {
		text, err := json.Marshal(wire.Record{Number: 1, Record: record})
		if err != nil {
			t.Fatal(err)
		}
		var back wire.Record
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if back.Record != record {
			t.Errorf("%q came back as %q", record, back.Record)
		}
	}
}
