package till

import (
	"context"
	"errors"

	"kassa/banks"
	"kassa/fiscal"
	"kassa/localdb"
	"kassa/printer"
	"kassa/printer/escpos"
	"kassa/sync/client"
	"kassa/sync/push"
	"kassa/sync/wire"
)

// parts are what the till is connected to. They are never changed, only replaced.
type parts struct {
	payments Payments // of new codes
	direct   bool
	setting  string              // by which new codes are made
	others   map[string]Payments // by other settings, for what was begun by them
	trouble  Code                // why there is no bank where one was chosen
	printer  printer.Transport
	profile  escpos.Profile
	server   push.Server

	fiscal        fiscal.Device
	fiscalTrouble Code // why there is no registrar where one was chosen
	fiscalSet     FiscalSettings
}

func (t *Till) parts() *parts { return t.now.Load() }

func partsOf(c Config) parts {
	return parts{payments: c.Payments, direct: c.Direct, setting: c.Setting, others: c.Others, trouble: c.BankTrouble,
		printer: c.Printer, profile: c.Profile, server: c.Server,
		fiscal: c.Fiscal, fiscalTrouble: c.FiscalTrouble, fiscalSet: c.Settings.Fiscal}
}

// paymentsOf is where what was begun by a setting goes on; with one that is gone, nowhere: noPayments.
func (t *Till) paymentsOf(setting string) Payments {
	p := t.parts()
	switch {
	case p.payments != nil && (setting == p.setting || setting == ""):
		return p.payments
	case p.others[setting] != nil:
		return p.others[setting]
	}
	return noPayments{}
}

// plug takes other parts. The background work must not run, or not yet, and t.mu is held once the till is in use.
func (t *Till) plug(p parts) {
	t.now.Store(&p)
	t.server, t.printer.Link, t.printer.Trouble, t.bank = Server{Link: LinkOff, Waiting: t.server.Waiting}, LinkOff, "", bankOf(&p, LinkOff)
	t.sync = nil
	if p.server != nil {
		t.server.Link = LinkUnknown
		t.sync = push.New(outbox{t.c.Store}, p.server, t.c.Now, t.c.Rand, t.syncChanged)
	}
	if p.printer != nil {
		t.printer.Link = LinkUnknown
	}
	t.registrar = newRegistrar(t, &p, t.registrar)
	t.bank.Trouble = p.trouble
	if p.payments != nil {
		t.bank.Link, t.bank.Trouble = LinkUnknown, ""
	}
}

// reconnect works with what the settings name from now on. The background work is stopped and begun again; what it was
// busy with goes on, as after a restart. Selling goes on meanwhile.
func (t *Till) reconnect(ctx context.Context) error {
	t.reconnecting.Lock()
	defer t.reconnecting.Unlock()
	c := Config{Now: t.c.Now, Log: t.c.Log, Keyring: t.c.Keyring, Drivers: t.c.Drivers}
	if err := Connect(ctx, t.c.Store, &c); err != nil {
		return disk(err)
	}
	base := t.tasks.halt()
	if err := t.c.Store.DoubtLeftJobs(ctx); err != nil {
		t.c.Log.Error("looking for slips that were being printed", "error", err)
	}
	t.mu.Lock()
	t.plug(partsOf(c))
	t.changed()
	t.mu.Unlock()
	if base != nil {
		t.Start(base)
	}
	t.countJobs(ctx)
	return nil
}

// Pair connects the till to a central server by a one-time code from its back office. What a bank of the till's own was
// asked goes on there.
func (t *Till) Pair(ctx context.Context, url, code string) error {
	if _, err := t.may(RightSettings); err != nil {
		return err
	}
	paired, err := client.Pair(ctx, url, wire.Pair{Code: code, Name: t.View().Shop.Till, Version: t.c.Version})
	if err != nil {
		return problem(serverTrouble(err), err)
	}
	err = t.c.Store.SetSecret(ctx, SecretServer, ServerSettings{URL: url, Till: paired.Till, Store: paired.Store, Secret: paired.Secret})
	if err != nil {
		return disk(err)
	}
	return t.reconnect(ctx)
}

// Connections tell where the till is connected to, without what is secret.
type Connections struct {
	Server string         // its address; empty when there is none
	Bank   string         // the bank that the till asks itself, as banks.Adapter.Name; empty when there is none
	Values banks.Settings // the fields of its settings that are no secrets

	Registrar       string          // the fiscal registrar, as fiscal.Driver.Name; empty when there is none
	RegistrarValues fiscal.Settings // the fields of its settings that are no secrets
}

// Connections reads where the till is connected to.
func (t *Till) Connections(ctx context.Context) (Connections, error) {
	var s ServerSettings
	c := Config{Log: t.c.Log}
	if _, err := openSecret(ctx, t.c.Store, &c, SecretServer, &s); err != nil {
		return Connections{}, disk(err)
	}
	own, err := loadBanks(ctx, t.c.Store, t.c.Keyring)
	if err != nil && !errors.Is(err, localdb.ErrSecret) && !errors.Is(err, errKeyring) {
		return Connections{}, disk(err)
	}
	kept, err := loadFiscal(ctx, t.c.Store)
	if err != nil && !errors.Is(err, localdb.ErrSecret) {
		return Connections{}, disk(err)
	}
	b, _ := own.current()
	return Connections{Server: s.URL, Bank: b.Bank, Values: b.public(),
		Registrar: t.View().Settings.Fiscal.Driver, RegistrarValues: kept.public(t.c.Drivers)}, nil
}
