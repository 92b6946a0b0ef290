package raiffeisensim

import (
	"fmt"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/raiffeisen"
)

// The flags of the practice bank.
const (
	flagKey      = "secret-key"
	flagMerchant = "merchant"
	flagAccount  = "account"
	flagCallback = "callback"
)

// Sim describes the practice bank for programs that open every one that there is.
func Sim() banksim.Sim {
	s := banksim.Sim{
		Name:  "raiffeisen",
		Title: "Raiffeisenbank",
		Flags: []banksim.Flag{
			{Name: flagKey, Usage: "the shop's secret `key`; a practice one, not your bank's", Default: "practice-secret-key"},
			{Name: flagMerchant, Usage: "the shop's `number` in SBP (sbpMerchantId)", Default: "MA0000000001"},
			{Name: flagAccount, Usage: "the `account` of 20 digits that a code may name"},
			{Name: flagCallback, Usage: "the `address` that notifications go to before the shop names one"},
		},
	}
	s.Open = func(o banksim.Options) (*banksim.Bank, error) {
		c := Config{
			SecretKey: o.Value(s, flagKey), Merchant: o.Value(s, flagMerchant), Account: o.Value(s, flagAccount),
			Callback: o.Value(s, flagCallback), Clock: o.Clock,
		}
		b, err := New(c)
		if err != nil {
			return nil, err
		}
		settings := banks.Settings{raiffeisen.FieldSecretKey: c.SecretKey, raiffeisen.FieldMerchant: c.Merchant}
		if c.Account != "" {
			settings[raiffeisen.FieldAccount] = c.Account
		}
		// What this bank takes, its adapter must take, too.
		if _, err := raiffeisen.Adapter().Open(settings, banks.Options{}); err != nil {
			return nil, fmt.Errorf("raiffeisensim: %w", err)
		}
		return &banksim.Bank{Handler: b.Handler(), Path: "/", Settings: settings, Held: b.Held, Run: b.Run}, nil
	}
	return s
}
