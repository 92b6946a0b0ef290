package qrpaysim

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strconv"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/qrpay"
)

// Sim describes the practice provider; see package banksim. With no address for the caller's keys it makes a key for
// practice and tells the private half among the settings.
func Sim() banksim.Sim {
	s := banksim.Sim{
		Name:  qrpay.Name,
		Title: "QRPay provider",
		Flags: []banksim.Flag{
			{Name: "account", Usage: "the shop's `id` at the provider (accountId)", Default: "practice-account"},
			{Name: "store", Usage: "the store's `id` at the provider (retailStoreId)", Default: "practice-store"},
			{Name: "issuer", Usage: "the `name` that signs the tokens (iss)", Default: "https://kassa.example"},
			{Name: "jwks", Usage: "the `address` of the caller's public keys (…/.well-known/jwks.json); a key for practice when empty"},
			{Name: "mute", Usage: "`true`: go on with IN_PROGRESS for what was cancelled or has expired", Default: "false"},
		},
	}
	s.Open = func(o banksim.Options) (*banksim.Bank, error) { return openSim(s, o) }
	return s
}

func openSim(s banksim.Sim, o banksim.Options) (*banksim.Bank, error) {
	value := func(name string) string { return o.Value(s, name) }
	mute, err := strconv.ParseBool(value("mute"))
	if err != nil {
		return nil, fmt.Errorf("qrpaysim: mute is true or false, not %q", value("mute"))
	}
	conf := Config{
		Account: value("account"), Store: value("store"), Issuer: value("issuer"), JWKS: value("jwks"), Mute: mute, Clock: o.Clock,
	}
	settings := banks.Settings{"account_id": conf.Account, "store_id": conf.Store, "issuer": conf.Issuer}
	if conf.JWKS == "" {
		if conf.Keys, settings["private_key"], err = practiceKey(o); err != nil {
			return nil, fmt.Errorf("qrpaysim: making a key: %w", err)
		}
	}
	b, err := New(conf)
	if err != nil {
		return nil, err
	}
	return &banksim.Bank{Handler: b.Handler(), Path: Path, Settings: settings, Held: b.held}, nil
}

// held lists the payments as whoever compares the books with the provider wants them.
func (b *Bank) held() []banksim.Held {
	var list []banksim.Held
	for _, p := range b.Payments("") {
		list = append(list, banksim.Held{
			ID: p.Order, BankID: p.ID, Amount: p.Amount, Paid: p.Status == string(done), Refunded: p.Refunded,
		})
	}
	return list
}

// practiceKey makes a key, and gives its public half as a caller would serve it, and itself in PEM.
func practiceKey(o banksim.Options) (jwks []byte, private string, err error) {
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	key, err := rsa.GenerateKey(o.Rand, 2048)
	if err != nil {
		return nil, "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, "", err
	}
	private = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	caller, err := qrpay.New(qrpay.Config{BaseURL: "https://practice.invalid", Account: "-", Store: "-", Issuer: "-", PrivateKey: private})
	if err != nil {
		return nil, "", err
	}
	return caller.JWKS(), private, nil
}
