package pg

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kassa/register"
	"kassa/sync/accept"
)

// UnfiscalAfter is how old an operation is when somebody should look why it has no fiscal document: a registrar makes it
// within seconds, and by law on the same day.
const UnfiscalAfter = 24 * time.Hour

// fiscalBatch is what the operations of a batch say of fiscal documents: which of them want one, and which operations
// have one now. The zero fiscalBatch is ready.
type fiscalBatch struct {
	wanting []int64
	ats     []time.Time
	made    map[accept.Place]bool
	first   int64 // number of the first fiscal document in the batch; zero for none
}

// add takes the batch's next operation.
func (b *fiscalBatch) add(journal uuid.UUID, number int64, f accept.Facts) {
	switch {
	case f.WantsFiscal():
		b.wanting, b.ats = append(b.wanting, number), append(b.ats, f.At)
	case f.Fiscal():
		if b.first == 0 {
			b.first = number
		}
		if f.Basis != nil {
			if b.made == nil {
				b.made = map[accept.Place]bool{}
			}
			b.made[*f.Basis] = true
		}
	}
}

// store notes what the batch brought, in the transaction that stores its operations, after them.
func (b *fiscalBatch) store(ctx context.Context, tx pgx.Tx, now time.Time, t Till, journal uuid.UUID) error {
	if b.first == 0 && len(b.wanting) == 0 {
		return nil
	}
	since, err := b.since(ctx, tx, now, t)
	if err != nil {
		return err
	}
	if err := b.due(ctx, tx, now, t, journal, since); err != nil {
		return err
	}
	return b.settle(ctx, tx, now, t)
}

// since is the number of the batch from which the till has a fiscal registrar: zero when it had one before, beyond all
// numbers when it has none.
func (b *fiscalBatch) since(ctx context.Context, tx pgx.Tx, now time.Time, t Till) (int64, error) {
	var had bool
	err := tx.QueryRow(ctx, `select fiscal_at is not null from tills where account_id = $1 and till_id = $2`, t.Account, t.ID).Scan(&had)
	switch {
	case err != nil || had:
		return 0, err
	case b.first == 0:
		return math.MaxInt64, nil
	}
	_, err = tx.Exec(ctx, `update tills set fiscal_at = $3 where account_id = $1 and till_id = $2`, t.Account, t.ID, now)
	return b.first, err
}

// due notes the operations that want a document which is not in this batch.
func (b *fiscalBatch) due(ctx context.Context, tx pgx.Tx, now time.Time, t Till, journal uuid.UUID, since int64) error {
	var numbers []int64
	var ats []time.Time
	for i, n := range b.wanting {
		place := accept.Place{Journal: journal, Number: n}
		if b.made[place] {
			delete(b.made, place)
			continue
		}
		if n > since {
			numbers, ats = append(numbers, n), append(ats, b.ats[i])
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `insert into fiscal_due (account_id, journal_id, till_id, received_at, number, at, made)
		select $1, $2, $3, $4, u.*, false from unnest($5::bigint[], $6::timestamptz[]) u
		on conflict (account_id, journal_id, number) do update set at = excluded.at`,
		t.Account, journal, t.ID, now, numbers, ats)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `delete from fiscal_due where account_id = $1 and journal_id = $2 and number = any($3) and made`, t.Account, journal, numbers)
	return err
}

// settle takes off the list what has its document now. A document may come before its operation, which is then in another
// journal that is still on its way.
func (b *fiscalBatch) settle(ctx context.Context, tx pgx.Tx, now time.Time, t Till) error {
	if len(b.made) == 0 {
		return nil
	}
	journals, numbers := make([]uuid.UUID, 0, len(b.made)), make([]int64, 0, len(b.made))
	for p := range b.made {
		journals, numbers = append(journals, p.Journal), append(numbers, p.Number)
	}
	_, err := tx.Exec(ctx, `with m as (select distinct * from unnest($2::uuid[], $3::bigint[]) m (journal_id, number))
		insert into fiscal_due (account_id, journal_id, number, till_id, received_at, made)
		select $1, m.journal_id, m.number, $4, $5, true from m
		where exists (select from fiscal_due d where d.account_id = $1 and d.journal_id = m.journal_id and d.number = m.number)
			or not exists (select from operations o where o.account_id = $1 and o.journal_id = m.journal_id and o.number = m.number)
		order by m.journal_id, m.number
		on conflict (account_id, journal_id, number) do update set made = true`, t.Account, journals, numbers, t.ID, now)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `delete from fiscal_due d using unnest($2::uuid[], $3::bigint[]) m (journal_id, number)
		where d.account_id = $1 and d.journal_id = m.journal_id and d.number = m.number and d.made and d.at is not null`, t.Account, journals, numbers)
	return err
}

// FiscalDocument is what a till told that a fiscal registrar had made of an operation.
type FiscalDocument struct {
	Operation Operation // that tells it
	Document  register.FiscalDocument
}

// FiscalDocuments lists what registrars made of an operation, oldest first. There is one, unless people decided otherwise.
func (s *Store) FiscalDocuments(ctx context.Context, account uuid.UUID, of accept.Place, limit int) ([]FiscalDocument, error) {
	list, err := s.fiscalDocuments(ctx, account, of, limit)
	if err != nil {
		return nil, fmt.Errorf("reading the fiscal documents of operation %d of journal %s: %w", of.Number, of.Journal, err)
	}
	return list, nil
}

func (s *Store) fiscalDocuments(ctx context.Context, account uuid.UUID, of accept.Place, limit int) ([]FiscalDocument, error) {
	rows, err := s.pool.Query(ctx, `select `+listColumns+`, o.record
		from operations o join tills t using (account_id, till_id)
		where o.account_id = $1 and o.basis_journal = $2 and o.basis_number = $3 and o.aside = '' and o.kind = $4
		order by o.at, o.journal_id, o.number limit $5`, account, of.Journal, of.Number, string(register.KindFiscalDocument), limit)
	if err != nil {
		return nil, err
	}
	var list []FiscalDocument
	var d FiscalDocument
	var record []byte
	_, err = pgx.ForEachRow(rows, append(d.Operation.fields(), &record), func() error {
		o, err := register.DecodeOperation(record)
		if err != nil {
			return err
		}
		if d.Document, err = o.FiscalDocument(); err != nil {
			return err
		}
		list = append(list, d)
		return nil
	})
	return list, err
}

// FiscalDue tells whether an operation waits for its fiscal document.
func (s *Store) FiscalDue(ctx context.Context, account uuid.UUID, of accept.Place) (bool, error) {
	var due bool
	err := s.pool.QueryRow(ctx, `select exists (select from fiscal_due where account_id = $1 and journal_id = $2 and number = $3 and not made)`,
		account, of.Journal, of.Number).Scan(&due)
	if err != nil {
		return false, fmt.Errorf("looking whether operation %d of journal %s has its fiscal document: %w", of.Number, of.Journal, err)
	}
	return due, nil
}
