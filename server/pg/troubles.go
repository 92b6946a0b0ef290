package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kassa/register"
	"kassa/sync/accept"
)

// PaymentTrouble is something about a payment that wants a person.
type PaymentTrouble struct {
	Kind      TroubleKind
	Subject   string    // what CloseTrouble calls it
	Payment   uuid.UUID // zero where there is none of ours
	Setting   uuid.UUID // of the bank; zero where it is not known
	BankID    string
	Store     uuid.UUID // zero where it is not known
	Till      uuid.UUID
	Ours      register.Money // what our books say
	Theirs    register.Money // what the bank says, or what is left there
	Since     time.Time
	Message   string        // the bank's own words
	Operation *accept.Place // the sale that has no payment
}

// When the absence of one thing beside another is a trouble: a sale is on its way to the server for a while.
const (
	saleGrace = 15 * time.Minute
	endGrace  = time.Hour // after a code's end, for it to be closed
	// troubleDays is how far back is looked for what has to be found by looking at payments and sales; what a person left
	// alone for that long, nobody will work at.
	troubleDays = 60
)

// PaymentTroubles lists what wants a person, the newest first, at most limit of them. All kinds are listed when kind is
// empty.
func (s *Store) PaymentTroubles(ctx context.Context, now time.Time, account uuid.UUID, kind TroubleKind, limit int) ([]PaymentTrouble, error) {
	rows, _ := s.pool.Query(ctx, troublesQuery+` select * from troubles where $4 = '' or kind = $4 order by since desc, kind, subject limit $5`,
		append(troubleArgs(now, account), string(kind), limit)...) // CollectRows gives the error
	list, err := pgx.CollectRows(rows, scanTrouble)
	if err != nil {
		return nil, fmt.Errorf("listing the troubles with payments: %w", err)
	}
	return list, nil
}

// CountPaymentTroubles counts what wants a person, by kind.
func (s *Store) CountPaymentTroubles(ctx context.Context, now time.Time, account uuid.UUID) (map[TroubleKind]int64, error) {
	rows, err := s.pool.Query(ctx, troublesQuery+` select kind, count(*) from troubles group by kind`, troubleArgs(now, account)...)
	if err != nil {
		return nil, fmt.Errorf("counting the troubles with payments: %w", err)
	}
	counts := map[TroubleKind]int64{}
	var kind TroubleKind
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&kind, &n}, func() error {
		counts[kind] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("counting the troubles with payments: %w", err)
	}
	return counts, nil
}

// computedTroubles finds one trouble of a kind that is found by looking.
func computedTroubles(ctx context.Context, tx pgx.Tx, now time.Time, account uuid.UUID, kind TroubleKind, subject string) ([]PaymentTrouble, error) {
	rows, _ := tx.Query(ctx, troublesQuery+` select * from troubles where kind = $4 and subject = $5`,
		append(troubleArgs(now, account), string(kind), subject)...) // CollectRows gives the error
	return pgx.CollectRows(rows, scanTrouble)
}

func scanTrouble(row pgx.CollectableRow) (PaymentTrouble, error) {
	var t PaymentTrouble
	var payment, setting, store, till, journal *uuid.UUID
	var number *int64
	err := row.Scan(&t.Kind, &t.Subject, &payment, &setting, &t.BankID, &store, &till, &t.Ours, &t.Theirs, &t.Since, &t.Message,
		&journal, &number)
	for _, c := range []struct {
		to   *uuid.UUID
		from *uuid.UUID
	}{{&t.Payment, payment}, {&t.Setting, setting}, {&t.Store, store}, {&t.Till, till}} {
		if c.from != nil {
			*c.to = *c.from
		}
	}
	if journal != nil && number != nil {
		t.Operation = &accept.Place{Journal: *journal, Number: *number}
	}
	return t, err
}

// troubleArgs are the first three arguments of troublesQuery.
func troubleArgs(now time.Time, account uuid.UUID) []any {
	return []any{account, now, now.AddDate(0, 0, -troubleDays)}
}

// troublesQuery puts all troubles together, from where each is kept: in the payment's own row, in the findings, and in the
// absence of an operation beside a payment or the other way round.
//
// The books differ when what was sold for a payment, less what was returned, is not what is left of it at the bank; what
// was given back at the bank is a trouble of its own. A payment is without a sale when its till has had nothing left to send since, and long enough after the money came. What
// a till sold before it was paired is not held against payments: it may have had a bank of its own.
var troublesQuery = fmt.Sprintf(`with troubles as (
	select 'late' as kind, payment_id::text as subject, payment_id, setting_id, bank_id, store_id, till_id, amount as ours,
		amount - refunded as theirs, late_at as since, message, null::uuid as journal_id, null::bigint as number
	from payments where account_id = $1 and late_at is not null
	union all
	select trouble, payment_id::text, payment_id, setting_id, bank_id, store_id, till_id, amount, amount - refunded, updated_at, message,
		null, null
	from payments where account_id = $1 and trouble in ('refund_failed', 'refund_unknown', 'amount_differs')
		and state <> 'failed'
	union all
	select 'no_end', payment_id::text, payment_id, setting_id, bank_id, store_id, till_id, amount, 0, expires_at, message, null, null
	from payments where account_id = $1 and state in ('creating', 'create_unknown', 'waiting', 'processing', 'cancelling')
		and expires_at < $2::timestamptz - interval '%[2]d seconds' and expires_at > $3 and trouble <> 'amount_differs'
	union all
	select f.kind, f.subject, f.payment_id, f.setting_id, f.bank_id, p.store_id, p.till_id, f.ours, f.theirs, f.found_at, '', null, null
	from payment_findings f left join payments p on p.account_id = f.account_id and p.payment_id = f.payment_id
	where f.account_id = $1 and f.closed_at is null
	union all
	select case when p.named = 0 then 'without_sale' else 'books_differ' end, p.payment_id::text, p.payment_id, p.setting_id, p.bank_id,
		p.store_id, p.till_id, case when p.named = 0 then p.amount else p.sold end, p.amount - p.refunded, p.updated_at, p.message, null, null
	from payments p join tills t on t.account_id = p.account_id and t.till_id = p.till_id
	where p.account_id = $1 and p.paid_at > $3 and p.paid_at is not null and p.sold <> p.amount - p.refunded and p.late_at is null
		and p.refund_id is null and p.want_id is null
		and p.updated_at < $2::timestamptz - interval '%[1]d seconds' and t.synced_at > p.updated_at + interval '%[1]d seconds'
		and not exists (select from payment_findings f where f.account_id = $1 and f.subject = p.payment_id::text and (
			p.named = 0 and f.kind = 'without_sale' or p.named > 0 and (
				f.kind = 'outside_refund' or f.kind = 'books_differ' and f.ours = p.sold and f.theirs = p.amount - p.refunded)))
		and not exists (select from payment_uses u where u.account_id = $1 and u.payment_id = p.payment_id
			and u.received_at > $2::timestamptz - interval '%[1]d seconds')
	union all
	select 'without_payment', u.journal_id || '/' || u.number, u.known_id, u.setting_id, coalesce(u.bank_id, ''), u.store_id, u.till_id, u.amount, 0,
		u.received_at, coalesce(u.message, ''), u.journal_id, u.number
	from (
		select u.*, null::uuid as known_id, null::uuid as setting_id, null as bank_id, null as message
		from payment_uses u where u.account_id = $1 and not u.known and u.received_at > $3
		union all
		select u.*, p.payment_id, p.setting_id, p.bank_id, p.message
		from payments p join payment_uses u on u.account_id = p.account_id and u.payment_id = p.payment_id
		where p.account_id = $1 and p.paid_at is null and p.named > 0 and u.received_at > $3) u
	join tills t on t.account_id = u.account_id and t.till_id = u.till_id
	where u.amount > 0 and u.received_at < $2::timestamptz - interval '%[1]d seconds' and u.at > t.paired_at
		and not exists (select from payment_findings f where f.account_id = $1 and f.kind = 'without_payment'
			and f.subject = u.journal_id || '/' || u.number)
)`, int(saleGrace/time.Second), int(endGrace/time.Second))
