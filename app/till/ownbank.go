package till

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/banks/every"
	"kassa/localdb"
)

// Keyring keeps keys outside of the till's folder; package keyring has the operating system's. Its calls end soon, also
// where there is no such thing.
type Keyring interface {
	Key(ctx context.Context, name string) (string, error)
	SetKey(ctx context.Context, name, key string) error
}

// ownBank is a bank that the till asks itself, with what its contract gives.
type ownBank struct {
	ID     string         `json:"id"`
	Bank   string         `json:"bank"`
	Values banks.Settings `json:"values"`
}

// ownBanks are all that were ever chosen and are still needed: what was begun with one stays with it.
type ownBanks struct {
	Current string    `json:"current"` // id; empty when the till asks no bank for new codes
	All     []ownBank `json:"all"`
}

func (o ownBanks) current() (ownBank, bool) {
	for _, b := range o.All {
		if b.ID == o.Current {
			return b, true
		}
	}
	return ownBank{}, false
}

// sealedBanks is how ownBanks are kept: as they are, under the folder's key alone, or under a key of the system's too.
type sealedBanks struct {
	Key    string    `json:"key,omitempty"` // its name in the keyring
	Sealed []byte    `json:"sealed,omitempty"`
	Plain  *ownBanks `json:"plain,omitempty"`
}

// errKeyring tells that the key of the bank's settings is not to be had.
var errKeyring = errors.New("till: the keyring does not open the bank's settings")

// loadBanks reads the till's own banks. The error matches localdb.ErrSecret or errKeyring when they are there and cannot
// be opened.
func loadBanks(ctx context.Context, store *localdb.Store, ring Keyring) (ownBanks, error) {
	var kept sealedBanks
	ok, err := store.Secret(ctx, SecretBank, &kept)
	switch {
	case err != nil || !ok:
		return ownBanks{}, err
	case kept.Plain != nil:
		return *kept.Plain, nil
	case kept.Key == "":
		return ownBanks{}, nil
	case ring == nil:
		return ownBanks{}, errKeyring
	}
	key, err := ring.Key(ctx, kept.Key)
	if err != nil {
		return ownBanks{}, fmt.Errorf("%w: %w", errKeyring, err)
	}
	return kept.open(key)
}

func (s sealedBanks) open(key string) (own ownBanks, err error) {
	raw, err := hex.DecodeString(key)
	if err != nil {
		return own, errKeyring
	}
	box, err := chacha20poly1305.NewX(raw)
	if err != nil || len(s.Sealed) < box.NonceSize() {
		return own, errKeyring
	}
	plain, err := box.Open(nil, s.Sealed[:box.NonceSize()], s.Sealed[box.NonceSize():], []byte(s.Key))
	if err != nil {
		return own, errKeyring
	}
	return own, json.Unmarshal(plain, &own)
}

// saveBanks keeps the till's own banks, under a new key of the system's where it takes one.
func saveBanks(ctx context.Context, store *localdb.Store, ring Keyring, own ownBanks) error {
	kept := sealedBanks{Plain: &own}
	if ring != nil {
		if sealed, err := seal(ctx, ring, own); err == nil {
			kept = sealed
		}
	}
	return store.SetSecret(ctx, SecretBank, kept)
}

func seal(ctx context.Context, ring Keyring, own ownBanks) (sealedBanks, error) {
	plain, err := json.Marshal(own)
	if err != nil {
		return sealedBanks{}, err
	}
	raw := make([]byte, chacha20poly1305.KeySize)
	rand.Read(raw) // never fails: crypto/rand ends the program instead
	box, err := chacha20poly1305.NewX(raw)
	if err != nil {
		return sealedBanks{}, err
	}
	s := sealedBanks{Key: "bank " + uuid.NewString()}
	if err := ring.SetKey(ctx, s.Key, hex.EncodeToString(raw)); err != nil {
		return sealedBanks{}, err
	}
	nonce := make([]byte, box.NonceSize())
	rand.Read(nonce)
	s.Sealed = box.Seal(nonce, nonce, plain, []byte(s.Key))
	return s, nil
}

// SaveBank gives a till that is not open the bank that it asks itself, with what the contract gives: the fields of its
// banks.Adapter. An empty name takes the bank away. Nothing is sent. Payments that were begun with another bank, or
// with other settings, stay with those. A secret field that is empty keeps its value. ring may be nil. The error
// matches banks.ErrSettings when the settings cannot be used.
func SaveBank(ctx context.Context, store *localdb.Store, ring Keyring, name string, values banks.Settings) error {
	own, err := loadBanks(ctx, store, ring)
	if err != nil && !errors.Is(err, localdb.ErrSecret) && !errors.Is(err, errKeyring) {
		return err
	}
	next, _, err := own.choose(name, values, time.Now)
	if err != nil {
		return err
	}
	used, err := store.QRSettings(ctx)
	if err != nil {
		return err
	}
	next.forget(used)
	return saveBanks(ctx, store, ring, next)
}

// choose makes another bank the current one, and opens it; with no name there is none.
func (o ownBanks) choose(name string, values banks.Settings, now func() time.Time) (ownBanks, banks.Bank, error) {
	o.All = slices.Clone(o.All)
	if name == "" {
		o.Current = ""
		return o, nil, nil
	}
	adapter, ok := every.Bank(name)
	if !ok {
		return o, nil, fmt.Errorf("%w: there is no bank %.40q", banks.ErrSettings, name)
	}
	was, has := o.current()
	has = has && was.Bank == name
	full := banks.Settings{}
	for _, f := range adapter.Fields {
		if full[f.Name] = values[f.Name]; full[f.Name] == "" && f.Secret && has {
			full[f.Name] = was.Values[f.Name]
		}
	}
	full, err := adapter.Check(full)
	if err != nil {
		return o, nil, err
	}
	next := ownBank{ID: uuid.Must(uuid.NewV7()).String(), Bank: name, Values: full}
	bank, err := next.open(now)
	if err != nil {
		return o, nil, err
	}
	if has && sameContract(adapter, was.Values, full) {
		// The same contract with another password or certificate: what is open there goes on with them.
		next.ID = was.ID
		o.All = slices.DeleteFunc(o.All, func(b ownBank) bool { return b.ID == was.ID })
	}
	o.All, o.Current = append(o.All, next), next.ID
	return o, bank, nil
}

// sameContract tells whether two settings of a bank name the same contract: they differ in secrets and certificates at
// most.
func sameContract(a banks.Adapter, x, y banks.Settings) bool {
	for _, f := range a.Fields {
		if !f.Secret && !f.Long && f.Name != banks.FieldCA && x[f.Name] != y[f.Name] {
			return false
		}
	}
	return true
}

// forget leaves out what is neither current nor used by any payment.
func (o *ownBanks) forget(used []string) {
	o.All = slices.DeleteFunc(o.All, func(b ownBank) bool { return b.ID != o.Current && !slices.Contains(used, b.ID) })
}

func (b ownBank) open(now func() time.Time) (banks.Bank, error) {
	adapter, ok := every.Bank(b.Bank)
	if !ok {
		return nil, fmt.Errorf("%w: there is no bank %.40q", banks.ErrSettings, b.Bank)
	}
	return adapter.Open(b.Values, banks.Options{Clock: now})
}

// public are the values of a bank's fields that are no secrets.
func (b ownBank) public() banks.Settings {
	adapter, ok := every.Bank(b.Bank)
	if !ok {
		return nil
	}
	open := banks.Settings{}
	for _, f := range adapter.Fields {
		if v := b.Values[f.Name]; v != "" && !f.Secret {
			open[f.Name] = v
		}
	}
	return open
}

// connectBanks opens the till's own banks. One that cannot be opened must not keep the till from selling: it is left out,
// and the log says so.
func connectBanks(ctx context.Context, store *localdb.Store, c *Config) error {
	c.Others = map[string]Payments{}
	own, err := loadBanks(ctx, store, c.Keyring)
	if errors.Is(err, localdb.ErrSecret) || errors.Is(err, errKeyring) {
		c.logError("going on without the bank", err)
		c.BankTrouble = CodeBankKey
		return nil
	}
	if err != nil {
		return err
	}
	for _, b := range own.All {
		bank, err := b.open(c.Now)
		switch {
		case err != nil:
			c.logError("going on without bank "+b.Bank, err)
			if b.ID == own.Current {
				c.BankTrouble = CodeBankSettings
			}
		case b.ID == own.Current:
			c.Payments, c.Direct, c.Setting = NewDirectPayments(bank, c.Now), true, b.ID
		default:
			c.Others[b.ID] = NewDirectPayments(bank, c.Now)
		}
	}
	return nil
}

func (c *Config) logError(what string, err error) {
	if c.Log != nil {
		c.Log.Error(what, "error", err)
	}
}

// SetBank gives the till a bank that it asks itself, for a shop without a server: name and values as in SaveBank. The
// bank is asked whether it takes the settings; one that cannot be reached just now is taken all the same, and View.Bank
// tells. The problem is CodeBadSetting for settings that are not complete and CodeBankSettings for those that the bank
// refuses, with its words; nothing has changed then.
func (t *Till) SetBank(ctx context.Context, name string, values banks.Settings) error {
	if _, err := t.may(RightSettings); err != nil {
		return err
	}
	own, err := loadBanks(ctx, t.c.Store, t.c.Keyring)
	if err != nil && !errors.Is(err, localdb.ErrSecret) && !errors.Is(err, errKeyring) {
		return disk(err)
	}
	next, bank, err := own.choose(name, values, t.c.Now)
	if err != nil {
		return problem(CodeBadSetting, err)
	}
	if bank != nil {
		if err := takesSettings(ctx, bank); err != nil {
			return err
		}
	}
	used, err := t.c.Store.QRSettings(ctx)
	if err != nil {
		return disk(err)
	}
	next.forget(used)
	if err := saveBanks(ctx, t.c.Store, t.c.Keyring, next); err != nil {
		return disk(err)
	}
	return t.reconnect(ctx)
}

// takesSettings asks a bank whether it takes its settings; no answer is no refusal.
func takesSettings(ctx context.Context, bank banks.Bank) error {
	ctx, stop := context.WithTimeout(ctx, callLimit)
	defer stop()
	err := bank.Check(ctx)
	var r *banks.Refusal
	if !errors.As(err, &r) {
		return nil
	}
	return problem(CodeBankSettings, err, "message", r.Message)
}
