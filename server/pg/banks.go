package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// BankSetting is how a store gets to its bank.
type BankSetting struct {
	Account  uuid.UUID
	Store    uuid.UUID
	ID       uuid.UUID
	Bank     string // "tbank"
	URL      string // empty for the bank's own address
	Terminal string
	Password string
}

// String and GoString keep the password out of whatever prints a setting.
func (b BankSetting) String() string {
	return fmt.Sprintf("%s %s at %s", b.Bank, b.Terminal, b.URL)
}

// GoString is String.
func (b BankSetting) GoString() string { return b.String() }

// place binds an encrypted password to its row.
func (b BankSetting) place() string { return b.Account.String() + "/" + b.ID.String() }

// SetBank chooses a store's bank. The setting before it is kept for the payments that were made with it.
func (s *Store) SetBank(ctx context.Context, now time.Time, key *Key, b BankSetting) (BankSetting, error) {
	if key == nil {
		return b, fmt.Errorf("setting the bank: %w", ErrKey)
	}
	b.ID = newID()
	sealed, err := key.seal(b.Password, b.place())
	if err != nil {
		return b, fmt.Errorf("setting the bank: %w", err)
	}
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update bank_settings set retired_at = $3
			where account_id = $1 and store_id = $2 and retired_at is null`, b.Account, b.Store, now)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into bank_settings
			(account_id, store_id, setting_id, bank, url, terminal, secret, created_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`, b.Account, b.Store, b.ID, b.Bank, b.URL, b.Terminal, sealed, now)
		return err
	})
	if err != nil {
		return b, fmt.Errorf("setting the bank: %w", err)
	}
	return b, nil
}

// CurrentBank is the bank that a store has chosen. The error is ErrNotFound when it has none, ErrKey when the setting was
// encrypted with another key.
func (s *Store) CurrentBank(ctx context.Context, key *Key, account, store uuid.UUID) (BankSetting, error) {
	return s.bank(ctx, key, `store_id = $2 and retired_at is null`, account, store)
}

// Bank is a setting by its id, retired or not. Errors as in CurrentBank.
func (s *Store) Bank(ctx context.Context, key *Key, account, setting uuid.UUID) (BankSetting, error) {
	return s.bank(ctx, key, `setting_id = $2`, account, setting)
}

func (s *Store) bank(ctx context.Context, key *Key, where string, args ...any) (BankSetting, error) {
	var b BankSetting
	var sealed []byte
	err := s.pool.QueryRow(ctx, `select account_id, store_id, setting_id, bank, url, terminal, secret
		from bank_settings where account_id = $1 and `+where, args...).
		Scan(&b.Account, &b.Store, &b.ID, &b.Bank, &b.URL, &b.Terminal, &sealed)
	if err != nil {
		return b, fmt.Errorf("reading the bank's settings: %w", found(err))
	}
	if key == nil {
		return b, fmt.Errorf("reading the bank's settings: %w", ErrKey)
	}
	if b.Password, err = key.open(sealed, b.place()); err != nil {
		return b, fmt.Errorf("reading the bank's settings: %w", err)
	}
	return b, nil
}

// CurrentBankName is the short name of a store's bank, empty when it has none.
func (s *Store) CurrentBankName(ctx context.Context, account, store uuid.UUID) (string, error) {
	var name string
	err := s.pool.QueryRow(ctx, `select bank from bank_settings
		where account_id = $1 and store_id = $2 and retired_at is null`, account, store).Scan(&name)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", fmt.Errorf("reading the bank's name: %w", err)
	}
	return name, nil
}
