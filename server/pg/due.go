package pg

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// DueSettings lists the banks' settings that have a payment to be asked about now, each with its account, the one
// that is due the longest first. It looks at one row of each setting, however many payments wait.
func (s *Store) DueSettings(ctx context.Context, now time.Time) ([]SettingKey, error) {
	rows, _ := s.pool.Query(ctx, `with recursive lanes as (
			(select setting_id, ask_at, account_id from payments where ask_at is not null order by setting_id, ask_at limit 1)
			union all
			select n.* from lanes l cross join lateral (
				select setting_id, ask_at, account_id from payments where ask_at is not null and setting_id > l.setting_id
				order by setting_id, ask_at limit 1) n)
		select account_id, setting_id from lanes where ask_at <= $1 and setting_id is not null order by ask_at`, now) // CollectRows gives the error
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[SettingKey])
	if err != nil {
		return nil, fmt.Errorf("looking for payments to ask about: %w", err)
	}
	return list, nil
}

// SettingKey names a bank's setting.
type SettingKey struct {
	Account uuid.UUID
	Setting uuid.UUID
}

// Lane is how much a process can do now at one contract with a bank.
type Lane struct {
	Setting uuid.UUID
	Room    int           // how many payments it can take; at least 1
	Pause   time.Duration // between two calls, as the contract allows them over all processes; zero when it sets no limit
	AtOnce  int           // how many calls may go without a pause between them; at least 1
}

// LeaseDue reserves payments whose bank is to be asked now, of each lane the longest due first, and takes the calls from
// what the contract allows. Several processes may call it at once: each gets other payments, and together they get no more
// than the contract allows. A lane that another process is taking from in this moment gives nothing.
func (s *Store) LeaseDue(ctx context.Context, now, until time.Time, lanes []Lane) ([]Payment, error) {
	if len(lanes) == 0 {
		return nil, nil
	}
	var list []Payment
	err := s.inHaste(ctx, func(tx pgx.Tx) error {
		free, err := lockPaces(ctx, tx, lanes)
		if err != nil {
			return err
		}
		var settings []uuid.UUID
		var rooms []int
		pauses := map[uuid.UUID]Lane{}
		for _, l := range lanes {
			room := l.Room
			if l.Pause > 0 {
				at, mine := free[l.Setting]
				if !mine {
					continue
				}
				room = min(room, allowed(now, at, l))
			}
			if room > 0 {
				settings, rooms, pauses[l.Setting] = append(settings, l.Setting), append(rooms, room), l
			}
		}
		if len(settings) == 0 {
			return nil
		}
		if list, err = leaseOf(ctx, tx, now, until, settings, rooms); err != nil {
			return err
		}
		taken := map[uuid.UUID]int{}
		for _, p := range list {
			taken[p.Setting]++
		}
		return take(ctx, tx, now, free, pauses, taken)
	})
	if err != nil {
		return nil, fmt.Errorf("looking for payments to ask about: %w", err)
	}
	return list, nil
}

// inHaste is inTx for what may be lost with the database's machine, since it is only asked again then: leases, and when a bank
// is asked next. It does not wait for the disk.
func (s *Store) inHaste(ctx context.Context, do func(pgx.Tx) error) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `set local synchronous_commit = off`); err != nil {
			return err
		}
		return do(tx)
	})
}

// Same tells whether a question about q brought nothing that is to be stored with p but when to ask again.
func (p Payment) Same(q Payment) bool { return tells(p) == tells(q) }

// PutOff gives leases back of payments about which nothing new was found out, with the time of the next question, and writes
// nothing into their stories. Of one that somebody wished something for since, or that the bank told of by itself, the next
// question is now. Those whose lease has run out are left alone.
func (s *Store) PutOff(ctx context.Context, now time.Time, list []Payment) error {
	n := len(list)
	var (
		accounts, ids    = make([]uuid.UUID, n), make([]uuid.UUID, n)
		leases, asks     = make([]time.Time, n), make([]*time.Time, n)
		missing, noticed = make([]*time.Time, n), make([]*time.Time, n)
		revisions        = make([]int64, n)
		counts           = make([]int, n)
	)
	for i, p := range list {
		accounts[i], ids[i], leases[i], asks[i], revisions[i], counts[i] = p.Account, p.ID, p.lease, p.AskAt, p.Revision, p.Asks
		missing[i], noticed[i] = timeOrNull(p.Missing.Since), timeOrNull(p.noticed)
		if asks[i] == nil && p.wishes() {
			asks[i] = &now
		}
	}
	err := s.inHaste(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update payments p set asks = u.asks, missing_at = u.missing, leased_until = null,
				ask_at = case when p.revision <> u.revision or p.noticed_at is distinct from u.noticed then $9 else u.ask_at end
			from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::bigint[],
				$8::int[]) as u(account, payment, lease, ask_at, missing, noticed, revision, asks)
			where p.account_id = u.account and p.payment_id = u.payment and p.leased_until = u.lease`,
			accounts, ids, leases, asks, missing, noticed, revisions, counts, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("putting off questions to banks: %w", err)
	}
	return nil
}

// leaseOf reserves up to so many payments of each setting.
func leaseOf(ctx context.Context, tx pgx.Tx, now, until time.Time, settings []uuid.UUID, rooms []int) ([]Payment, error) {
	// Chosen in a materialized part of its own: as a plain subquery it may be run again for each row of the table, and then
	// reserves more than the limit.
	return queryPayments(ctx, tx, `with due as materialized (
			select d.account, d.payment from unnest($3::uuid[], $4::int[]) as lane(setting, room) cross join lateral (
				select account_id as account, payment_id as payment from payments
				where setting_id = lane.setting and ask_at <= $1 and (leased_until is null or leased_until <= $1)
				order by ask_at limit lane.room for update skip locked) d)
		update payments set leased_until = $2 from due
		where account_id = due.account and payment_id = due.payment
		returning `+paymentColumns, now, until, settings, rooms)
}

// lockPaces locks what is known of the contracts' limits, of those that nobody else has locked.
func lockPaces(ctx context.Context, tx pgx.Tx, lanes []Lane) (map[uuid.UUID]time.Time, error) {
	var settings []uuid.UUID
	for _, l := range lanes {
		if l.Pause > 0 {
			settings = append(settings, l.Setting)
		}
	}
	if len(settings) == 0 {
		return nil, nil
	}
	slices.SortFunc(settings, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }) // two that add the same do not block each other
	free := map[uuid.UUID]time.Time{}
	for try := 0; ; try++ {
		rows, err := tx.Query(ctx, `select setting_id, free_at, (select count(*) from bank_paces where setting_id = any($1)) from bank_paces
			where setting_id = any($1) for update skip locked`, settings)
		if err != nil {
			return nil, err
		}
		var id uuid.UUID
		var at time.Time
		var known int
		_, err = pgx.ForEachRow(rows, []any{&id, &at, &known}, func() error {
			free[id] = at
			return nil
		})
		if err != nil || known == len(settings) || try > 0 {
			return free, err
		}
		_, err = tx.Exec(ctx, `insert into bank_paces (setting_id, free_at)
			select unnest($1::uuid[]), 'epoch' on conflict do nothing`, settings)
		if err != nil {
			return nil, err
		}
	}
}

// allowed is how many calls may be made now at a contract that is free of what was taken at a time.
func allowed(now, free time.Time, l Lane) int {
	if free.Before(now) {
		free = now
	}
	return max(0, int((now.Sub(free)+time.Duration(l.AtOnce)*l.Pause)/l.Pause))
}

// take notes the calls that go with payments that were reserved.
func take(ctx context.Context, tx pgx.Tx, now time.Time, free map[uuid.UUID]time.Time, lanes map[uuid.UUID]Lane, taken map[uuid.UUID]int) error {
	var settings []uuid.UUID
	var until []time.Time
	for id, n := range taken {
		if at, limited := free[id]; limited {
			if at.Before(now) {
				at = now
			}
			settings, until = append(settings, id), append(until, at.Add(time.Duration(n)*lanes[id].Pause))
		}
	}
	if len(settings) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `update bank_paces set free_at = u.free_at from unnest($1::uuid[], $2::timestamptz[]) as u(id, free_at)
		where setting_id = u.id`, settings, until)
	return err
}

// TakeCalls notes calls that are made at once, whoever waits, and tells how long to wait before they are within what the
// contract allows. A till that asks for a code comes before the questions about others' codes: those wait in turn.
func (s *Store) TakeCalls(ctx context.Context, now time.Time, l Lane, calls int) (time.Duration, error) {
	if l.Pause <= 0 {
		return 0, nil
	}
	var free time.Time
	more := (time.Duration(calls) * l.Pause).Microseconds()
	err := s.inHaste(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `insert into bank_paces as b (setting_id, free_at)
				values ($1, $2::timestamptz + $3::bigint * interval '1 microsecond')
			on conflict (setting_id) do update set free_at = greatest(b.free_at, $2) + $3::bigint * interval '1 microsecond'
			returning free_at`, l.Setting, now, more).Scan(&free)
	})
	if err != nil {
		return 0, fmt.Errorf("noting calls to a bank: %w", err)
	}
	return max(0, free.Sub(now)-time.Duration(l.AtOnce)*l.Pause), nil
}
