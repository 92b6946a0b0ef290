package pg

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kassa/banks"
)

// BankSetting is how a store gets to its bank. A setting is never changed: a new one takes its place, and the payments
// that were made with it stay with it.
type BankSetting struct {
	Account   uuid.UUID
	Store     uuid.UUID
	ID        uuid.UUID
	Bank      string         // the adapter's name: "tbank"
	Settings  banks.Settings // secrets among them; nil in a BankHistory
	By        string         // login of the owner who chose it; empty for the command line
	Created   time.Time
	Retired   *time.Time // nil for the one in use
	RetiredBy string     // login of the owner who ended it; empty as above
}

// String and GoString keep the credentials out of whatever prints a setting.
func (b BankSetting) String() string {
	return fmt.Sprintf("%s %s (%v)", b.Bank, b.ID, b.Settings)
}

// GoString is String.
func (b BankSetting) GoString() string { return b.String() }

// place binds the encrypted settings to their row.
func (b BankSetting) place() string { return b.Account.String() + "/" + b.ID.String() + "/" + b.Bank }

// seal encrypts all the settings as one, so that not even which of them are given can be read.
func (b BankSetting) seal(key *Key) ([]byte, error) {
	if key == nil {
		return nil, ErrKey
	}
	plain, err := json.Marshal(b.Settings)
	if err != nil {
		return nil, err
	}
	return key.seal(string(plain), b.place())
}

func (b *BankSetting) unseal(key *Key, sealed []byte) error {
	if key == nil {
		return ErrKey
	}
	plain, err := key.open(sealed, b.place())
	if err != nil {
		return err
	}
	if json.Unmarshal([]byte(plain), &b.Settings) != nil {
		return errors.New("the settings are no JSON") // its own error would quote them
	}
	return nil
}

// SetBank chooses a store's bank; Account, Store, Bank, Settings and By are given. The setting before it is kept for the
// payments that were made with it. The error is ErrKey without a key, ErrNotFound for a store that is not there.
func (s *Store) SetBank(ctx context.Context, now time.Time, key *Key, b BankSetting) (BankSetting, error) {
	b.ID, b.Created, b.Retired = newID(), now, nil
	sealed, err := b.seal(key)
	if err == nil {
		err = s.inTx(ctx, func(tx pgx.Tx) error {
			if err := retireBank(ctx, tx, now, b.Account, b.Store, b.By); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `insert into bank_settings
				(account_id, store_id, setting_id, bank, settings, created_at, created_by)
				values ($1, $2, $3, $4, $5, $6, $7)`, b.Account, b.Store, b.ID, b.Bank, sealed, now, b.By)
			return err
		})
	}
	if err != nil {
		return b, fmt.Errorf("setting the bank: %w", err)
	}
	return b, nil
}

// RetireBank takes a store's bank away: no new payments, and those under way stay with it. By is the owner's login. A
// store that has no bank is left as it is.
func (s *Store) RetireBank(ctx context.Context, now time.Time, account, store uuid.UUID, by string) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error { return retireBank(ctx, tx, now, account, store, by) })
	if err != nil {
		return fmt.Errorf("taking the bank away: %w", err)
	}
	return nil
}

// retireBank locks the store, so that of two who choose at once one comes after the other.
func retireBank(ctx context.Context, tx pgx.Tx, now time.Time, account, store uuid.UUID, by string) error {
	var one int
	err := tx.QueryRow(ctx, `select 1 from stores where account_id = $1 and store_id = $2 for update`, account, store).Scan(&one)
	if err != nil {
		return found(err)
	}
	_, err = tx.Exec(ctx, `update bank_settings set retired_at = $3, retired_by = $4
		where account_id = $1 and store_id = $2 and retired_at is null`, account, store, now, by)
	return err
}

// CurrentBank is the bank that a store has chosen. The error is ErrNotFound when it has none, ErrKey when the setting was
// encrypted with another key.
func (s *Store) CurrentBank(ctx context.Context, key *Key, account, store uuid.UUID) (BankSetting, error) {
	return s.bank(ctx, key, `account_id = $1 and store_id = $2 and retired_at is null`, account, store)
}

// Bank is a setting by its id, retired or not. Errors as in CurrentBank.
func (s *Store) Bank(ctx context.Context, key *Key, account, setting uuid.UUID) (BankSetting, error) {
	return s.bank(ctx, key, `account_id = $1 and setting_id = $2`, account, setting)
}

// AnyBank is a setting by its id alone, whosever it is: for what a bank sends, which tells of no account. Errors as in
// CurrentBank.
func (s *Store) AnyBank(ctx context.Context, key *Key, setting uuid.UUID) (BankSetting, error) {
	return s.bank(ctx, key, `setting_id = $1`, setting)
}

const bankColumns = `account_id, store_id, setting_id, bank, created_at, created_by, retired_at, retired_by`

func (s *Store) bank(ctx context.Context, key *Key, where string, args ...any) (BankSetting, error) {
	var b BankSetting
	var sealed []byte
	err := s.pool.QueryRow(ctx, `select `+bankColumns+`, settings from bank_settings where `+where, args...).
		Scan(&b.Account, &b.Store, &b.ID, &b.Bank, &b.Created, &b.By, &b.Retired, &b.RetiredBy, &sealed)
	if err == nil {
		err = b.unseal(key, sealed)
	}
	if err != nil {
		return b, fmt.Errorf("reading the bank's settings: %w", found(err))
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

// BankHistory lists a store's settings without what they hold, the newest first, at most limit of them.
func (s *Store) BankHistory(ctx context.Context, account, store uuid.UUID, limit int) ([]BankSetting, error) {
	rows, _ := s.pool.Query(ctx, `select `+bankColumns+` from bank_settings
		where account_id = $1 and store_id = $2 order by created_at desc, setting_id desc limit $3`, account, store, limit) // CollectRows gives the error
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (BankSetting, error) {
		var b BankSetting
		err := row.Scan(&b.Account, &b.Store, &b.ID, &b.Bank, &b.Created, &b.By, &b.Retired, &b.RetiredBy)
		return b, err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the history of the bank: %w", err)
	}
	return list, nil
}

// SettingIDs lists the settings of all accounts that are in use, or were after a time: for what is published of them.
func (s *Store) SettingIDs(ctx context.Context, after time.Time) ([]uuid.UUID, error) {
	rows, _ := s.pool.Query(ctx, `select setting_id from bank_settings
		where retired_at is null or retired_at > $1 order by setting_id`, after) // CollectRows gives the error
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("listing the banks' settings: %w", err)
	}
	return ids, nil
}

// underWay are the states of a payment that its bank is still needed for.
var underWay = []string{string(banks.StateCreating), string(banks.StateCreateUnknown), string(banks.StateWaiting),
	string(banks.StateProcessing), string(banks.StateCancelling), string(banks.StateRefundPending)}

// OpenPayments counts a store's payments that have no end yet, by the setting that they were made with.
func (s *Store) OpenPayments(ctx context.Context, account, store uuid.UUID) (map[uuid.UUID]int64, error) {
	rows, err := s.pool.Query(ctx, `select setting_id, count(*) from payments
		where account_id = $1 and store_id = $2 and state = any($3) and setting_id is not null group by setting_id`, account, store, underWay)
	if err != nil {
		return nil, fmt.Errorf("counting open payments: %w", err)
	}
	counts := map[uuid.UUID]int64{}
	var setting uuid.UUID
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&setting, &n}, func() error {
		counts[setting] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("counting open payments: %w", err)
	}
	return counts, nil
}
