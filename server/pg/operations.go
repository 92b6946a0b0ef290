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

// operationColumns are all columns of operations, for moving rows between partitions.
const operationColumns = `account_id, store_id, till_id, journal_id, number, received_at, hash, record, at, kind, version,
	shift, cashier, receipt, total, method, basis_journal, basis_number, aside`

// Operation is one operation as lists show it.
type Operation struct {
	Journal  uuid.UUID
	Number   int64
	Till     uuid.UUID
	TillName string
	Store    uuid.UUID
	Received time.Time
	At       time.Time
	Kind     string
	Version  int64
	Shift    int64
	Cashier  string
	Receipt  *int64
	Total    *int64 // what it moved, in kopecks; below zero where the money went out
	Method   string
	Aside    accept.Aside
	Hash     []byte
}

// Cursor is a place in the list of operations, newest first. The zero Cursor is the list's start.
type Cursor struct {
	At      time.Time
	Journal uuid.UUID
	Number  int64
}

// IsZero tells whether c is the list's start.
func (c Cursor) IsZero() bool { return c.At.IsZero() }

// Cursor is the place of o.
func (o Operation) Cursor() Cursor { return Cursor{At: o.At, Journal: o.Journal, Number: o.Number} }

// OperationFilter chooses operations of an account.
type OperationFilter struct {
	Till     uuid.UUID // the zero UUID for all
	Kind     string    // empty for all
	From, To time.Time // the till's clock; To is not included; zero for no bound
	Aside    bool      // only those that were set aside
	Unfiscal time.Time // only those of before that want a fiscal document and have none; zero for all
	After    Cursor    // only those that come later in the list, that is, older ones
	Limit    int
}

const listColumns = `o.journal_id, o.number, o.till_id, t.name, o.store_id, o.received_at, o.at, o.kind, o.version,
	o.shift, o.cashier, o.receipt, o.total, o.method, o.aside, o.hash`

// fields are where listColumns are read into.
func (o *Operation) fields() []any {
	return []any{&o.Journal, &o.Number, &o.Till, &o.TillName, &o.Store, &o.Received, &o.At, &o.Kind, &o.Version, &o.Shift,
		&o.Cashier, &o.Receipt, &o.Total, &o.Method, &o.Aside, &o.Hash}
}

// Operations lists operations, newest first by the till's clock.
func (s *Store) Operations(ctx context.Context, account uuid.UUID, f OperationFilter) ([]Operation, error) {
	q := query{args: []any{account}}
	where := `o.account_id = $1`
	if f.Till != (uuid.UUID{}) {
		where += ` and o.till_id = ` + q.arg(f.Till)
	}
	if !f.From.IsZero() {
		// A till's clock is believed up to accept.Ahead beyond the receipt, so older partitions hold none of these.
		where += ` and o.at >= ` + q.arg(f.From) + ` and o.received_at >= ` + q.arg(f.From.Add(-accept.Ahead))
	}
	if !f.To.IsZero() {
		where += ` and o.at < ` + q.arg(f.To)
	}
	if f.Kind != "" {
		where += ` and o.kind = ` + q.arg(f.Kind)
		if f.Kind != string(register.KindSale) {
			where += ` and o.kind <> 'sale'` // so that the index over the other kinds is seen to do
		}
	}
	if f.Aside {
		where += ` and o.aside <> ''`
	}
	if !f.Unfiscal.IsZero() {
		where += ` and (o.journal_id, o.number) in (select journal_id, number from fiscal_due
			where account_id = $1 and not made and at < ` + q.arg(f.Unfiscal) + `)`
	}
	if !f.After.IsZero() {
		where += ` and (o.at, o.journal_id, o.number) < (` + q.arg(f.After.At) + `, ` + q.arg(f.After.Journal) + `, ` +
			q.arg(f.After.Number) + `)`
	}
	rows, err := s.pool.Query(ctx, `select `+listColumns+`
		from operations o join tills t using (account_id, till_id)
		where `+where+` order by o.at desc, o.journal_id desc, o.number desc limit `+q.arg(f.Limit), q.args...)
	if err != nil {
		return nil, fmt.Errorf("listing operations: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Operation])
	if err != nil {
		return nil, fmt.Errorf("listing operations: %w", err)
	}
	return list, nil
}

// Operation reads one operation with the till's own bytes. The error is ErrNotFound.
func (s *Store) Operation(ctx context.Context, account, journal uuid.UUID, number int64) (Operation, []byte, error) {
	var o Operation
	var record []byte
	err := s.pool.QueryRow(ctx, `select `+listColumns+`, o.record
		from operations o join tills t using (account_id, till_id)
		where o.account_id = $1 and o.journal_id = $2 and o.number = $3`, account, journal, number).
		Scan(append(o.fields(), &record)...)
	if err != nil {
		return Operation{}, nil, fmt.Errorf("reading operation %d of journal %s: %w", number, journal, found(err))
	}
	return o, record, nil
}

// Following lists the operations that go back to one, oldest first: the returns of a sale; the handing over and the
// returns of a prepayment. Only so many of them are listed; what fiscal registrars made is for FiscalDocuments.
func (s *Store) Following(ctx context.Context, account uuid.UUID, basis accept.Place, limit int) ([]Operation, error) {
	rows, err := s.pool.Query(ctx, `select `+listColumns+`
		from operations o join tills t using (account_id, till_id)
		where o.account_id = $1 and o.basis_journal = $2 and o.basis_number = $3 and o.aside = '' and o.kind <> $4
		order by o.at, o.journal_id, o.number limit $5`, account, basis.Journal, basis.Number, string(register.KindFiscalDocument), limit)
	if err != nil {
		return nil, fmt.Errorf("listing what followed operation %d of journal %s: %w", basis.Number, basis.Journal, err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Operation])
	if err != nil {
		return nil, fmt.Errorf("listing what followed operation %d of journal %s: %w", basis.Number, basis.Journal, err)
	}
	return list, nil
}

// Tally computes the totals of a shift again, from its opening to the operation that closes it. See accept.Tally.
func (s *Store) Tally(ctx context.Context, account, journal uuid.UUID, closing int64) (accept.Tally, error) {
	var tally accept.Tally
	rows, err := s.pool.Query(ctx, `select number, record from operations
		where account_id = $1 and journal_id = $2 and number < $3 and number >= (
			select o.number from operations o
			where o.account_id = $1 and o.journal_id = $2 and o.number < $3 and o.kind = $4 and o.aside = ''
			order by o.number desc limit 1)
		order by number`, account, journal, closing, string(register.KindShiftOpened))
	if err != nil {
		return tally, fmt.Errorf("computing a shift of journal %s again: %w", journal, err)
	}
	var r accept.Record
	_, err = pgx.ForEachRow(rows, []any{&r.Number, &r.Bytes}, func() error {
		tally.Add(journal.String(), r)
		return nil
	})
	if err != nil {
		return tally, fmt.Errorf("computing a shift of journal %s again: %w", journal, err)
	}
	return tally, nil
}

// Sold is what a till sold: how many sales there were, how many returns, and what they came to together.
type Sold struct {
	Sales   int64
	Returns int64
	Sum     register.Money // the sales less the returns
}

// SoldSince counts a store's sales and returns since a time, by the till's clock, for each till that had any. What was
// set aside is not in it. A prepayment is sold when the goods are handed over.
func (s *Store) SoldSince(ctx context.Context, shop Shop, since time.Time) (map[uuid.UUID]Sold, error) {
	rows, err := s.pool.Query(ctx, `select till_id, count(*) filter (where kind = $5), count(*) filter (where kind = $6),
			sum(total)::bigint from operations
		where account_id = $1 and at >= $2 and received_at >= $3 and store_id = $4 and kind in ($5, $6) and aside = ''
		group by till_id`, shop.Account, since, since.Add(-accept.Ahead), shop.ID, string(register.KindSale), string(register.KindReturn))
	if err != nil {
		return nil, fmt.Errorf("counting sales: %w", err)
	}
	all := map[uuid.UUID]Sold{}
	var till uuid.UUID
	var sold Sold
	_, err = pgx.ForEachRow(rows, []any{&till, &sold.Sales, &sold.Returns, &sold.Sum}, func() error {
		all[till] = sold
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("counting sales: %w", err)
	}
	return all, nil
}

// Troubles counts what an owner should look at.
type Troubles struct {
	Aside int64       // operations that were set aside
	Forks []uuid.UUID // journals that another history was offered for
	// Unfiscal are operations of more than UnfiscalAfter ago that want a fiscal document and have none.
	Unfiscal int64
}

// Troubles finds what an owner should look at.
func (s *Store) Troubles(ctx context.Context, now time.Time, account uuid.UUID) (Troubles, error) {
	var t Troubles
	err := s.pool.QueryRow(ctx, `select (select count(*) from operations where account_id = $1 and aside <> ''),
		coalesce((select array_agg(journal_id) from journals where account_id = $1 and forked_at is not null), '{}'),
		(select count(*) from fiscal_due where account_id = $1 and not made and at < $2)`,
		account, now.Add(-UnfiscalAfter)).Scan(&t.Aside, &t.Forks, &t.Unfiscal)
	if err != nil {
		return Troubles{}, fmt.Errorf("looking for troubles: %w", err)
	}
	return t, nil
}

// query collects the arguments of a statement that is put together of parts.
type query struct {
	args []any
}

func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return fmt.Sprintf("$%d", len(q.args))
}
