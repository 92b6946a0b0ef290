package payments_test

import (
	"errors"
	"testing"
	"time"

	"kassa/banks"
	"kassa/server/payments"
	"kassa/server/pg"
)

func TestOpenPublic(t *testing.T) {
	setting := pg.BankSetting{Bank: "tbank", Settings: banks.Settings{"terminal": "T", "password": "p"}}
	if _, err := payments.OpenPublic(setting, time.Now); err != nil {
		t.Errorf("the bank's own address: %v", err)
	}
	setting.Settings[banks.FieldURL] = "http://127.0.0.1:1/"
	if _, err := payments.Open(setting, time.Now); err != nil {
		t.Errorf("an address of this machine: %v", err)
	}
	if _, err := payments.OpenPublic(setting, time.Now); !errors.Is(err, banks.ErrSettings) {
		t.Errorf("an address of this machine, on a server for the public: %v", err)
	}
	setting.Bank = "nosuch"
	if _, err := payments.OpenPublic(setting, time.Now); !errors.Is(err, payments.ErrUnknownBank) {
		t.Errorf("no such bank: %v", err)
	}
}
