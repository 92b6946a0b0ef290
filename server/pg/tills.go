package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Till is a till that was paired.
type Till struct {
	Account    uuid.UUID
	ID         uuid.UUID
	Store      uuid.UUID
	StoreName  string
	Name       string
	Version    string
	PairedAt   time.Time
	RevokedAt  *time.Time
	SeenAt     *time.Time
	Skew       *time.Duration // its clock minus ours
	Operations int64
}

// seenPause is how seldom a till's last sign of life is written.
const seenPause = 10 * time.Second

// Authenticate finds the till that a secret belongs to, and notes that it was heard of. The error is ErrNotFound when
// there is none or it was revoked.
func (s *Store) Authenticate(ctx context.Context, now time.Time, secret string) (Till, error) {
	var t Till
	err := s.pool.QueryRow(ctx, `select t.account_id, t.till_id, t.store_id, st.name, t.name, t.paired_at, t.seen_at
		from tills t join stores st using (account_id, store_id)
		where t.secret_hash = $1 and t.revoked_at is null`, hashSecret(secret)).
		Scan(&t.Account, &t.ID, &t.Store, &t.StoreName, &t.Name, &t.PairedAt, &t.SeenAt)
	if err != nil {
		return Till{}, fmt.Errorf("finding the till: %w", found(err))
	}
	if t.SeenAt == nil || now.Sub(*t.SeenAt) > seenPause {
		_, err = s.pool.Exec(ctx, `update tills set seen_at = $3 where account_id = $1 and till_id = $2`,
			t.Account, t.ID, now)
		if err != nil {
			return Till{}, fmt.Errorf("noting that the till was heard of: %w", err)
		}
	}
	return t, nil
}

// Tills lists an account's tills: those in use first, by store and name.
func (s *Store) Tills(ctx context.Context, account uuid.UUID) ([]Till, error) {
	rows, err := s.pool.Query(ctx, `select t.account_id, t.till_id, t.store_id, st.name, t.name, t.version, t.paired_at,
			t.revoked_at, t.seen_at, t.clock_skew_ms, t.operations
		from tills t join stores st using (account_id, store_id)
		where t.account_id = $1 order by t.revoked_at is not null, st.name, t.name, t.till_id`, account)
	if err != nil {
		return nil, fmt.Errorf("listing tills: %w", err)
	}
	tills, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Till, error) {
		var t Till
		var skew *int64
		err := row.Scan(&t.Account, &t.ID, &t.Store, &t.StoreName, &t.Name, &t.Version, &t.PairedAt, &t.RevokedAt,
			&t.SeenAt, &skew, &t.Operations)
		if skew != nil {
			d := time.Duration(*skew) * time.Millisecond
			t.Skew = &d
		}
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("listing tills: %w", err)
	}
	return tills, nil
}

// Revoke takes a till's secret away for good: the till goes on selling and must be paired again to be heard. The error
// is ErrNotFound. Revoking twice changes nothing.
func (s *Store) Revoke(ctx context.Context, now time.Time, account, till uuid.UUID) error {
	tag, err := s.pool.Exec(ctx, `update tills set revoked_at = coalesce(revoked_at, $3)
		where account_id = $1 and till_id = $2`, account, till, now)
	if err != nil {
		return fmt.Errorf("revoking the till: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("revoking the till: %w", ErrNotFound)
	}
	return nil
}

// Synced notes that a till has nothing left to send: it has asked how the server is, which it does only then.
func (s *Store) Synced(ctx context.Context, now time.Time, t Till) error {
	_, err := s.pool.Exec(ctx, `update tills set synced_at = $3 where account_id = $1 and till_id = $2`, t.Account, t.ID, now)
	if err != nil {
		return fmt.Errorf("noting that till %s has sent all: %w", t.ID, err)
	}
	return nil
}

// LatePayments are a till's payments that were paid after they were closed and that nobody has dealt with, the oldest first.
func (s *Store) LatePayments(ctx context.Context, t Till, limit int) ([]uuid.UUID, error) {
	rows, err := s.pool.Query(ctx, `select payment_id from payments
		where account_id = $1 and late_at is not null and till_id = $2 order by late_at limit $3`, t.Account, t.ID, limit)
	if err == nil {
		var list []uuid.UUID
		if list, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err == nil {
			return list, nil
		}
	}
	return nil, fmt.Errorf("looking for late payments of till %s: %w", t.ID, err)
}

// CodeLife is how long a pairing code can be used.
const CodeLife = 15 * time.Minute

// maxWrong is how many wrong tries kill a pairing code.
const maxWrong = 5

// ErrWrongCode tells that a pairing code is wrong, used, or too old.
var ErrWrongCode = errors.New("pg: the pairing code does not work")

// NewPairingCode makes a code that lets one till into a store. Only its hash is kept: it is shown now or never.
func (s *Store) NewPairingCode(ctx context.Context, now time.Time, account, store uuid.UUID) (string, time.Time, error) {
	expires := now.Add(CodeLife)
	for {
		code := newCode()
		_, err := s.pool.Exec(ctx, `with old as (delete from pairing_codes where expires_at < $5::timestamptz - interval '1 day')
			insert into pairing_codes (account_id, store_id, selector, verifier_hash, created_at, expires_at)
			values ($1, $2, $3, $4, $5, $6)`, account, store, code.selector, hashSecret(code.verifier), now, expires)
		if hasCode(err, uniqueViolation) {
			continue // the selector is taken: one in a million
		}
		if err != nil {
			return "", time.Time{}, fmt.Errorf("making a pairing code: %w", err)
		}
		return code.String(), expires, nil
	}
}

// Pair uses a code up and makes a till with a new secret, which is kept as a hash only. The error is ErrWrongCode.
func (s *Store) Pair(ctx context.Context, now time.Time, code, name, version string) (Till, string, error) {
	c, ok := parseCode(code)
	if !ok {
		return Till{}, "", ErrWrongCode
	}
	t := Till{ID: newID(), Name: name, Version: version, PairedAt: now}
	secret, hash := newSecret()
	wrong := false
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		var verifier []byte
		err := tx.QueryRow(ctx, `select p.account_id, p.store_id, st.name, p.verifier_hash
			from pairing_codes p join stores st using (account_id, store_id)
			where p.selector = $1 and p.used_at is null and p.expires_at > $2 and p.wrong < $3 for update of p`,
			c.selector, now, maxWrong).Scan(&t.Account, &t.Store, &t.StoreName, &verifier)
		if errors.Is(err, pgx.ErrNoRows) {
			wrong = true
			return nil
		}
		if err != nil {
			return err
		}
		if !sameHash(verifier, hashSecret(c.verifier)) {
			wrong = true
			_, err = tx.Exec(ctx, `update pairing_codes set wrong = wrong + 1 where selector = $1`, c.selector)
			return err
		}
		_, err = tx.Exec(ctx, `update pairing_codes set used_at = $2, till_id = $3 where selector = $1`, c.selector, now, t.ID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into tills (account_id, till_id, store_id, name, version, secret_hash, paired_at, seen_at)
			values ($1, $2, $3, $4, $5, $6, $7, $7)`, t.Account, t.ID, t.Store, t.Name, t.Version, hash, now)
		return err
	})
	switch {
	case err != nil:
		return Till{}, "", fmt.Errorf("pairing: %w", err)
	case wrong:
		return Till{}, "", ErrWrongCode
	}
	return t, secret, nil
}
