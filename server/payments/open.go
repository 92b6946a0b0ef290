package payments

import (
	"errors"
	"fmt"
	"time"

	"kassa/banks"
	"kassa/banks/every"
	"kassa/server/pg"
)

// ErrUnknownBank tells that there is no adapter of a name.
var ErrUnknownBank = errors.New("payments: no such bank")

// Open makes the client of a bank from a store's setting, reckoning by clock. It sends nothing. The error is
// ErrUnknownBank, or says what is wrong with the setting.
func Open(setting pg.BankSetting, clock func() time.Time) (banks.Bank, error) {
	return open(setting, banks.Options{Clock: clock})
}

// OpenPublic is Open for a server whose owners are not those who run it: banks are on the internet, and no owner's setting
// leads to the server's own machine or network.
func OpenPublic(setting pg.BankSetting, clock func() time.Time) (banks.Bank, error) {
	return open(setting, banks.Options{Clock: clock, Public: true})
}

func open(setting pg.BankSetting, o banks.Options) (banks.Bank, error) {
	adapter, ok := every.Bank(setting.Bank)
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrUnknownBank, setting.Bank)
	}
	settings, err := adapter.Check(setting.Settings)
	if err != nil {
		return nil, err
	}
	return adapter.Open(settings, o)
}
