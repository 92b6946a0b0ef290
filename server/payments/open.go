package payments

import (
	"errors"
	"fmt"
	"time"

	"kassa/banks"
	"kassa/banks/tbank"
	"kassa/server/pg"
)

// ErrUnknownBank tells that there is no adapter of a name.
var ErrUnknownBank = errors.New("payments: no such bank")

// Banks lists the names of the banks that Open knows.
func Banks() []string { return []string{"tbank"} }

// Open makes the client of a bank from a store's setting, reckoning by clock. It sends nothing. The error is ErrUnknownBank, or says what is
// wrong with the setting.
func Open(setting pg.BankSetting, clock func() time.Time) (banks.Bank, error) {
	switch setting.Bank {
	case "tbank":
		url := setting.URL
		if url == "" {
			url = tbank.Production
		}
		return tbank.New(tbank.Config{BaseURL: url, Terminal: setting.Terminal, Password: setting.Password, Clock: clock})
	}
	return nil, fmt.Errorf("%w: %q", ErrUnknownBank, setting.Bank)
}
