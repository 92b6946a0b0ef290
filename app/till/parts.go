package till

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kassa/banks"
	"kassa/banks/tbank"
	"kassa/localdb"
	"kassa/printer/escpos"
	"kassa/printer/tcp"
	"kassa/sync/client"
)

// PrinterSettings say how to reach the receipt printer.
type PrinterSettings struct {
	Address string `json:"address"` // host:port
	Profile string `json:"profile"` // name of an escpos profile
}

// ServerSettings are what pairing gave. They hold a secret and are kept as one.
type ServerSettings struct {
	URL    string `json:"url"`
	Till   string `json:"till"`
	Store  string `json:"store"`
	Secret string `json:"secret"`
}

// BankSettings are the credentials of a bank, for a till that has no server. They hold a secret and are kept as one.
type BankSettings struct {
	Bank     string `json:"bank"` // "tbank"
	URL      string `json:"url"`
	Terminal string `json:"terminal"`
	Password string `json:"password"`
}

// Check tells what is wrong with the settings, or nil. A till that cannot use its bank's settings does not open, so they
// are checked before they are kept. Nothing is sent.
func (b BankSettings) Check() error {
	_, err := openBank(b, time.Now)
	return err
}

// The names under which the settings are kept.
const (
	SettingShop    = "shop"
	SettingPrinter = "printer"
	SecretServer   = "server"
	SecretBank     = "bank"
)

// Connect fills a Config with the parts that the till's settings name: printer, server, bank. A part whose secret cannot
// be opened is left out, and the log says so.
func Connect(ctx context.Context, store *localdb.Store, c *Config) error {
	c.Store = store
	settings, err := LoadSettings(ctx, store)
	if err != nil {
		return err
	}
	c.Settings = &settings
	if err := connectPrinter(c); err != nil {
		return err
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if ok, err := connectServer(ctx, store, c); err != nil || ok {
		return err
	}
	return connectBank(ctx, store, c)
}

func connectPrinter(c *Config) error {
	p := c.Settings.Printer
	if p.Address == "" {
		return nil
	}
	profile, ok := Profile(p.Profile)
	if !ok {
		return fmt.Errorf("till: no printer profile %q", p.Profile)
	}
	c.Profile = profile
	c.Printer = tcp.New(p.Address, tcp.Timeouts{})
	return nil
}

// Profile finds a printer profile by its name.
func Profile(name string) (escpos.Profile, bool) {
	for _, p := range escpos.Profiles() {
		if p.Name == name {
			return p, true
		}
	}
	return escpos.Profile{}, false
}

func connectServer(ctx context.Context, store *localdb.Store, c *Config) (bool, error) {
	var s ServerSettings
	if ok, err := openSecret(ctx, store, c, SecretServer, &s); err != nil || !ok || s.URL == "" {
		return false, err
	}
	cl, err := client.New(s.URL, s.Secret, nil)
	if err != nil {
		return false, err
	}
	c.Server, c.Payments = cl, NewServerPayments(cl, c.Now)
	return true, nil
}

func connectBank(ctx context.Context, store *localdb.Store, c *Config) error {
	var b BankSettings
	if ok, err := openSecret(ctx, store, c, SecretBank, &b); err != nil || !ok || b.Bank == "" {
		return err
	}
	bank, err := openBank(b, c.Now)
	if err != nil {
		return err
	}
	c.Payments, c.Direct = NewDirectPayments(bank, c.Now), true
	return nil
}

// openSecret opens a secret. One that cannot be opened, because its key is gone or another one, must not keep the till
// from selling: it is as if it had never been set, until the till is paired again.
func openSecret(ctx context.Context, store *localdb.Store, c *Config, name string, v any) (bool, error) {
	ok, err := store.Secret(ctx, name, v)
	if errors.Is(err, localdb.ErrSecret) {
		if c.Log != nil {
			c.Log.Error("going on without what needs a secret", "error", err)
		}
		return false, nil
	}
	return ok, err
}

func openBank(b BankSettings, now func() time.Time) (banks.Bank, error) {
	if b.Bank != "tbank" {
		return nil, fmt.Errorf("till: no bank %q", b.Bank)
	}
	return tbank.New(tbank.Config{BaseURL: b.URL, Terminal: b.Terminal, Password: b.Password, Clock: now})
}
