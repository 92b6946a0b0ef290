package till

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/models"
	"kassa/localdb"
)

// FiscalSettings are what a shop chooses of its fiscal registrar. What its driver needs is kept apart, as a secret.
type FiscalSettings struct {
	Driver       string          `json:"driver"` // as fiscal.Driver.Name; empty for a till with no registrar
	Taxation     fiscal.Taxation `json:"taxation,omitempty"`
	OwnSlips     bool            `json:"own_slips,omitempty"`     // the till's own slips are printed beside the registrar's receipts
	CloseExpired bool            `json:"close_expired,omitempty"` // a registrar's shift of 24 hours is closed, and the next opened, unasked
}

// Taxations are the tax systems that may be chosen, the registrar's only one first.
func Taxations() []fiscal.Taxation {
	return []fiscal.Taxation{fiscal.TaxationDefault, fiscal.TaxationOSN, fiscal.TaxationUSN, fiscal.TaxationUSNNet, fiscal.TaxationESHN, fiscal.TaxationPatent}
}

// Check tells what is wrong with the settings, or nil: ErrBadSetting.
func (s FiscalSettings) Check() error {
	for _, t := range Taxations() {
		if s.Taxation == t {
			return nil
		}
	}
	return fmt.Errorf("%w: the tax system %.20q", ErrBadSetting, s.Taxation)
}

// fiscalSecret is what a driver needs, as it is kept.
type fiscalSecret struct {
	Driver string          `json:"driver"`
	Values fiscal.Settings `json:"values"`
}

func loadFiscal(ctx context.Context, store *localdb.Store) (fiscalSecret, error) {
	var s fiscalSecret
	_, err := store.Secret(ctx, SecretFiscal, &s)
	return s, err
}

// public are the values that are no secrets.
func (s fiscalSecret) public(drivers []fiscal.Driver) fiscal.Settings {
	d, ok := driver(drivers, s.Driver)
	if !ok {
		return nil
	}
	open := fiscal.Settings{}
	for _, f := range d.Fields {
		if v := s.Values[f.Name]; v != "" && !f.Secret {
			open[f.Name] = v
		}
	}
	return open
}

func driver(drivers []fiscal.Driver, name string) (fiscal.Driver, bool) {
	for _, d := range drivers {
		if d.Name == name {
			return d, true
		}
	}
	return fiscal.Driver{}, false
}

// connectFiscal opens the registrar that was chosen. One that cannot be opened must not keep the till from selling: what
// it is to make waits.
func connectFiscal(ctx context.Context, store *localdb.Store, c *Config) error {
	if c.Drivers == nil {
		c.Drivers = models.All()
	}
	name := c.Settings.Fiscal.Driver
	if name == "" {
		return nil
	}
	kept, err := loadFiscal(ctx, store)
	if err != nil && !errors.Is(err, localdb.ErrSecret) {
		return err
	}
	if err == nil {
		c.Fiscal, err = openFiscal(c.Drivers, name, kept.Values, c.Now)
	}
	if err != nil {
		c.logError("going on without the fiscal registrar", err)
		c.Fiscal, c.FiscalTrouble = nil, CodeFiscalSettings
	}
	return nil
}

func openFiscal(drivers []fiscal.Driver, name string, values fiscal.Settings, now func() time.Time) (fiscal.Device, error) {
	d, ok := driver(drivers, name)
	if !ok {
		return nil, fmt.Errorf("%w: there is no registrar %.40q", ErrBadSetting, name)
	}
	for _, f := range d.Fields {
		if values.Value(f) == "" && !f.Optional {
			return nil, fmt.Errorf("%w: the registrar's %s is missing", ErrBadSetting, f.Name)
		}
	}
	return d.Open(values, fiscal.Options{Now: now})
}

// Drivers are the makes of registrar that may be chosen.
func (t *Till) Drivers() []fiscal.Driver { return t.c.Drivers }

// SetFiscal gives the till a fiscal registrar, or takes it away when no driver is named. values are those of the driver's
// fields; a secret one that is empty keeps its value. Nothing is asked of the registrar: CheckFiscal does. Documents that
// wait are made by the new one; one whose try the old one may have made stays with what a person decides, unless it is the
// same device. The problem is CodeBadSetting for settings that cannot be used; nothing has changed then.
func (t *Till) SetFiscal(ctx context.Context, s FiscalSettings, values fiscal.Settings) error {
	if _, err := t.may(RightSettings); err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return problem(CodeBadSetting, err)
	}
	full := fiscal.Settings{}
	if s.Driver != "" {
		var err error
		if full, err = t.fiscalValues(ctx, s.Driver, values); err != nil {
			return err
		}
		if _, err := openFiscal(t.c.Drivers, s.Driver, full, t.c.Now); err != nil {
			return problem(CodeBadSetting, err)
		}
	}
	if err := t.c.Store.SetSecret(ctx, SecretFiscal, fiscalSecret{Driver: s.Driver, Values: full}); err != nil {
		return disk(err)
	}
	if err := t.c.Store.SetSetting(ctx, SettingFiscal, s); err != nil {
		return disk(err)
	}
	t.mu.Lock()
	settings := t.settings.Clone()
	settings.Fiscal = s
	t.settings = &settings
	t.changed()
	t.mu.Unlock()
	return t.reconnect(ctx)
}

// fiscalValues are the values of a driver's fields, those that were kept where a secret one is empty.
func (t *Till) fiscalValues(ctx context.Context, name string, values fiscal.Settings) (fiscal.Settings, error) {
	d, ok := driver(t.c.Drivers, name)
	if !ok {
		return nil, problem(CodeBadSetting, fmt.Errorf("%w: there is no registrar %.40q", ErrBadSetting, name))
	}
	kept, err := loadFiscal(ctx, t.c.Store)
	if err != nil && !errors.Is(err, localdb.ErrSecret) {
		return nil, disk(err)
	}
	full := fiscal.Settings{}
	for _, f := range d.Fields {
		v := values[f.Name]
		if v == "" && f.Secret && kept.Driver == name {
			v = kept.Values[f.Name]
		}
		if v != "" {
			full[f.Name] = v
		}
	}
	return full, nil
}

// CheckFiscal asks a registrar how it is, with settings that are kept nowhere; a secret value that is empty is the one
// that is kept. The problem is CodeBadSetting, or the registrar's own trouble.
func (t *Till) CheckFiscal(ctx context.Context, s FiscalSettings, values fiscal.Settings) (fiscal.State, error) {
	if _, err := t.may(RightSettings); err != nil {
		return fiscal.State{}, err
	}
	full, err := t.fiscalValues(ctx, s.Driver, values)
	if err != nil {
		return fiscal.State{}, err
	}
	device, err := openFiscal(t.c.Drivers, s.Driver, full, t.c.Now)
	if err != nil {
		return fiscal.State{}, problem(CodeBadSetting, err)
	}
	ctx, stop := context.WithTimeout(ctx, fiscalLook)
	defer stop()
	st, err := device.State(ctx)
	return st, fiscalProblem(err)
}
