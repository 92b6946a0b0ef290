package till

import (
	"context"
	"slices"

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
	printer  printer.Transport
	profile  escpos.Profile
	server   push.Server
}

func (t *Till) parts() *parts { return t.now.Load() }

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
	if p.payments != nil {
		t.bank.Link = LinkUnknown
	}
}

// reconnect works with what the settings name from now on. The background work is stopped and begun again; what it was
// busy with goes on, as after a restart. Selling goes on meanwhile.
func (t *Till) reconnect(ctx context.Context) error {
	t.reconnecting.Lock()
	defer t.reconnecting.Unlock()
	c := Config{Now: t.c.Now, Log: t.c.Log}
	if err := Connect(ctx, t.c.Store, &c); err != nil {
		return disk(err)
	}
	base := t.tasks.halt()
	if err := t.c.Store.DoubtLeftJobs(ctx); err != nil {
		t.c.Log.Error("looking for slips that were being printed", "error", err)
	}
	t.mu.Lock()
	t.plug(parts{payments: c.Payments, direct: c.Direct, printer: c.Printer, profile: c.Profile, server: c.Server})
	t.changed()
	t.mu.Unlock()
	if base != nil {
		t.Start(base)
	}
	t.countJobs(ctx)
	return nil
}

// Pair connects the till to a central server by a one-time code from its back office.
func (t *Till) Pair(ctx context.Context, url, code string) error {
	if _, err := t.may(RightSettings); err != nil {
		return err
	}
	if err := t.noCodeOut(); err != nil {
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

// SetBank gives a till that has no server the bank that it asks itself; the zero BankSettings takes it away.
func (t *Till) SetBank(ctx context.Context, b BankSettings) error {
	if _, err := t.may(RightSettings); err != nil {
		return err
	}
	if b != (BankSettings{}) {
		if err := b.Check(); err != nil {
			return problem(CodeBadSetting, err)
		}
	}
	if err := t.mayLeaveBank(ctx, b); err != nil {
		return err
	}
	if err := t.c.Store.SetSecret(ctx, SecretBank, b); err != nil {
		return disk(err)
	}
	return t.reconnect(ctx)
}

// noCodeOut refuses while somebody may be paying a code: another bank would never tell of that money.
func (t *Till) noCodeOut() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if slices.ContainsFunc(t.followers(), (*follower).payable) {
		return problem(CodeQROpen, nil)
	}
	return nil
}

// mayLeaveBank is noCodeOut unless the till stays with the terminal that it has: a new password for it may be what a
// code is waiting for.
func (t *Till) mayLeaveBank(ctx context.Context, next BankSettings) error {
	var now BankSettings
	c := Config{Log: t.c.Log}
	if _, err := openSecret(ctx, t.c.Store, &c, SecretBank, &now); err != nil {
		return disk(err)
	}
	if now.Bank == next.Bank && now.URL == next.URL && now.Terminal == next.Terminal {
		return nil
	}
	return t.noCodeOut()
}

// Connections tell where the till is connected to, without what is secret.
type Connections struct {
	Server   string // its address; empty when there is none
	Bank     string // the bank that the till asks itself; empty when there is none
	Terminal string // its terminal there
}

// Connections reads where the till is connected to.
func (t *Till) Connections(ctx context.Context) (Connections, error) {
	var s ServerSettings
	var b BankSettings
	c := Config{Log: t.c.Log}
	if _, err := openSecret(ctx, t.c.Store, &c, SecretServer, &s); err != nil {
		return Connections{}, disk(err)
	}
	if _, err := openSecret(ctx, t.c.Store, &c, SecretBank, &b); err != nil {
		return Connections{}, disk(err)
	}
	return Connections{Server: s.URL, Bank: b.Bank, Terminal: b.Terminal}, nil
}
