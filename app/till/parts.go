package till

import (
	"context"
	"errors"
	"time"

	"kassa/localdb"
	"kassa/sync/client"
)

// ServerSettings are what pairing gave. They hold a secret and are kept as one.
type ServerSettings struct {
	URL    string `json:"url"`
	Till   string `json:"till"`
	Store  string `json:"store"`
	Secret string `json:"secret"`
}

// The names under which the settings are kept.
const (
	SettingShop    = "shop"
	SettingPrinter = "printer"
	SecretServer   = "server"
	SettingFiscal  = "fiscal"
	SecretFiscal   = "registrar"
	SecretBank     = "bank"
)

// Connect fills a Config with the parts that the till's settings name: printer, fiscal registrar, server, bank. A part whose secret cannot
// be opened is left out, and the log says so.
func Connect(ctx context.Context, store *localdb.Store, c *Config) error {
	c.Store = store
	settings, err := LoadSettings(ctx, store)
	if err != nil {
		return err
	}
	c.Settings = &settings
	if err := connectPrinter(c); err != nil {
		// Selling does not depend on paper: the till shows that it has no printer.
		if c.Log != nil {
			c.Log.Error("going on without a printer", "error", err)
		}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if err := connectFiscal(ctx, store, c); err != nil {
		return err
	}
	if err := connectBanks(ctx, store, c); err != nil {
		return err
	}
	return connectServer(ctx, store, c)
}

// connectServer has payments made by the server, where there is one. What a bank of the till's own was asked goes on there.
func connectServer(ctx context.Context, store *localdb.Store, c *Config) error {
	var s ServerSettings
	if ok, err := openSecret(ctx, store, c, SecretServer, &s); err != nil || !ok || s.URL == "" {
		return err
	}
	cl, err := client.New(s.URL, s.Secret, nil)
	if err != nil {
		return err
	}
	if c.Direct {
		c.Others[c.Setting] = c.Payments
	}
	c.Server, c.Payments, c.Setting, c.Direct = cl, NewServerPayments(cl, c.Now), settingServer, false
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
