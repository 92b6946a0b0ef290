package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Reconciliation is one comparison of the books with a bank's registry: of one setting and one day of its store.
type Reconciliation struct {
	Account  uuid.UUID
	Setting  uuid.UUID
	Day      time.Time // midnight of the day, UTC, whatever the store's zone is
	Started  time.Time
	Ended    *time.Time // nil while it is under way, or when its process died
	Tries    int
	By       string // login of the owner who asked for it; empty when it was its time
	Payments int    // in the registry
	Findings int    // that it came upon, old ones included
	Error    string // why it could not be done; empty when it was

	lease time.Time
}

// Done tells that the comparison was made.
func (r Reconciliation) Done() bool { return r.Ended != nil && r.Error == "" }

const reconciliationColumns = `account_id, setting_id, day, started_at, ended_at, tries, who, payments, findings, error, leased_until`

func scanReconciliation(row pgx.CollectableRow) (Reconciliation, error) {
	var r Reconciliation
	var lease *time.Time
	err := row.Scan(&r.Account, &r.Setting, &r.Day, &r.Started, &r.Ended, &r.Tries, &r.By, &r.Payments, &r.Findings, &r.Error, &lease)
	r.lease = timeOrZero(lease)
	return r, err
}

// Between two tries at a comparison that could not be made, and how many there are.
const (
	reconcilePause = time.Hour
	reconcileTries = 24
)

// BeginReconciliation takes a comparison upon the caller until a time. It is false when it was made already, when another
// process is at it, or when it failed not long ago or too often. By hand, with an owner's login, it is made again in any
// case but that another process is at it.
func (s *Store) BeginReconciliation(ctx context.Context, now, until time.Time, k SettingKey, day time.Time, by string) (Reconciliation, bool, error) {
	rows, _ := s.pool.Query(ctx, `insert into reconciliations as r (`+reconciliationColumns+`)
			values ($1, $2, $3, $4, null, 1, $6, 0, 0, '', $5)
		on conflict (account_id, setting_id, day) do update
		set started_at = $4, ended_at = null, tries = r.tries + 1, who = $6, payments = 0, findings = 0, error = '', leased_until = $5
		where (r.leased_until is null or r.leased_until <= $4)
			and ($6 <> '' or r.tries < $7 and (r.ended_at is null or r.error <> '' and r.ended_at <= $8))
		returning `+reconciliationColumns,
		k.Account, k.Setting, day, now, until, by, reconcileTries, now.Add(-reconcilePause)) // CollectOneRow gives the error
	r, err := pgx.CollectOneRow(rows, scanReconciliation)
	if errors.Is(err, pgx.ErrNoRows) {
		return Reconciliation{}, false, nil
	}
	if err != nil {
		return Reconciliation{}, false, fmt.Errorf("beginning a comparison with a bank: %w", err)
	}
	return r, true, nil
}

// EndReconciliation stores what came of a comparison, together with what it found about the time from, but without, to. What
// an earlier comparison found about that time and this one did not, is over. The error is ErrConflict when another process
// has taken it meanwhile; then nothing is stored.
func (s *Store) EndReconciliation(ctx context.Context, now time.Time, r Reconciliation, from, to time.Time, list []Finding) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update reconciliations set ended_at = $5, payments = $6, findings = $7, error = $8, leased_until = null
			where account_id = $1 and setting_id = $2 and day = $3 and leased_until = $4`,
			r.Account, r.Setting, r.Day, r.lease, now, r.Payments, r.Findings, r.Error)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return ErrConflict
		}
		for _, f := range list {
			if err := addFinding(ctx, tx, now, r.Account, f); err != nil {
				return err
			}
		}
		if r.Error != "" {
			return nil
		}
		still := []string{}
		for _, f := range list {
			still = append(still, f.Subject)
		}
		_, err = tx.Exec(ctx, `update payment_findings set closed_at = $6
			where account_id = $1 and setting_id = $2 and kind = any($3) and at >= $4 and at < $5 and closed_at is null and subject <> all($7)`,
			r.Account, r.Setting, comparedKinds, from, to, now, still)
		return err
	})
	if err != nil {
		return fmt.Errorf("ending a comparison with a bank: %w", err)
	}
	return nil
}

// comparedKinds are the findings that a comparison makes, and ends.
var comparedKinds = []string{string(TroubleNotOurs), string(TroubleNotAtBank), string(TroubleSumsDiffer)}

// Reconciliations lists an account's comparisons, the newest day first, at most limit of them.
func (s *Store) Reconciliations(ctx context.Context, account uuid.UUID, limit int) ([]Reconciliation, error) {
	rows, _ := s.pool.Query(ctx, `select `+reconciliationColumns+` from reconciliations where account_id = $1
		order by day desc, setting_id limit $2`, account, limit) // CollectRows gives the error
	list, err := pgx.CollectRows(rows, scanReconciliation)
	if err != nil {
		return nil, fmt.Errorf("listing the comparisons with banks: %w", err)
	}
	return list, nil
}

// DueReconciliation is a comparison whose time has come.
type DueReconciliation struct {
	Key  SettingKey
	Bank string
	Day  time.Time // midnight, UTC
}

// DueReconciliations lists the comparisons that were not made yet of the days that ended last in each store's zone, once it is
// later there than the given time of day: of each setting that is in use, or was not long ago, from the day on which it was
// chosen. No day is forgotten because no server was running. Whether the bank has a registry at all is for the caller to
// know: without says which banks have none.
func (s *Store) DueReconciliations(ctx context.Context, now time.Time, after time.Duration, without []string) ([]DueReconciliation, error) {
	rows, _ := s.pool.Query(ctx, `select b.account_id, b.setting_id, b.bank, d.day
		from bank_settings b join stores st using (account_id, store_id)
			cross join generate_series(1, $7::int) as ago
			cross join lateral (select (($1::timestamptz at time zone st.time_zone) - $2::bigint * interval '1 microsecond')::date - ago as day) d
		where b.bank <> all($3) and (b.created_at at time zone st.time_zone)::date <= d.day and (b.retired_at is null or b.retired_at > $4)
			and not exists (select from reconciliations r where r.account_id = b.account_id and r.setting_id = b.setting_id and r.day = d.day
				and (r.ended_at is not null and r.error = '' or r.tries >= $5 or r.leased_until > $1 or r.ended_at > $6))
		order by b.setting_id, d.day`,
		now, after.Microseconds(), without, now.AddDate(0, 0, -reconcileBack), reconcileTries, now.Add(-reconcilePause), reconcileDays) // CollectRows gives the error
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (DueReconciliation, error) {
		var d DueReconciliation
		err := row.Scan(&d.Key.Account, &d.Key.Setting, &d.Bank, &d.Day)
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for comparisons with banks to make: %w", err)
	}
	return list, nil
}

// reconcileBack is for how many days a setting that was retired is compared on: money goes back late.
const reconcileBack = 30

// reconcileDays is how many days are compared that could not be compared in time.
const reconcileDays = 7

// PaymentsOf finds the payments with one of our ids or of the bank's that the account made with the setting or with another one
// of the same bank: a new password is a new setting, and the bank's list knows of none.
func (s *Store) PaymentsOf(ctx context.Context, k SettingKey, ids []uuid.UUID, bankIDs []string) ([]Payment, error) {
	list, err := queryPayments(ctx, s.pool, `select `+paymentColumns+` from payments
		where account_id = $1 and (payment_id = any($3) or bank_id <> '' and bank_id = any($4)) and setting_id in (
			select other.setting_id from bank_settings b join bank_settings other using (account_id, bank)
			where b.account_id = $1 and b.setting_id = $2)`,
		k.Account, k.Setting, ids, bankIDs)
	if err != nil {
		return nil, fmt.Errorf("reading payments for a comparison: %w", err)
	}
	return list, nil
}

// PaidBetween lists the setting's payments that were first known to be paid from one time to, but without, another.
func (s *Store) PaidBetween(ctx context.Context, k SettingKey, from, to time.Time) ([]Payment, error) {
	list, err := queryPayments(ctx, s.pool, `select `+paymentColumns+` from payments
		where account_id = $1 and setting_id = $2 and paid_at >= $3 and paid_at < $4`, k.Account, k.Setting, from, to)
	if err != nil {
		return nil, fmt.Errorf("reading payments for a comparison: %w", err)
	}
	return list, nil
}

// SettingTime is when a setting is, or was, in use, and the time zone of its store.
type SettingTime struct {
	Zone    *time.Location
	Created time.Time
	Retired *time.Time // nil while it is in use
}

// Has tells whether the setting was in use at a time.
func (s SettingTime) Has(at time.Time) bool {
	return !at.Before(s.Created) && (s.Retired == nil || at.Before(*s.Retired))
}

// SettingTime reads the times of a setting. The error is ErrNotFound.
func (s *Store) SettingTime(ctx context.Context, k SettingKey) (SettingTime, error) {
	var shop Shop
	var t SettingTime
	err := s.pool.QueryRow(ctx, `select st.time_zone, b.created_at, b.retired_at from bank_settings b join stores st using (account_id, store_id)
		where b.account_id = $1 and b.setting_id = $2`, k.Account, k.Setting).Scan(&shop.Zone, &t.Created, &t.Retired)
	if err != nil {
		return t, fmt.Errorf("reading the times of a bank's setting: %w", found(err))
	}
	t.Zone = shop.Location()
	return t, nil
}
