package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	_ "modernc.org/sqlite" // the driver

	"kassa/app/till"
	"kassa/localdb"
)

// rawFile is a till's database that is written to by nothing but prepared statements: the limit of what SQLite does
// with these tables, indexes and pragmas.
type rawFile struct {
	db         *sql.DB
	statements []*sql.Stmt // operation, line, payment, shift, drawer, draft, job
	record     []byte
	document   string
	number     int64
}

// The pragmas are those of package localdb.
const pragmas = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)" +
	"&_pragma=temp_store(MEMORY)&_pragma=cache_size(-16000)&_txlock=immediate"

// openRaw makes a database of the till's schema, with an open shift, and opens it with nothing of ours.
func (b *bench) openRaw(ctx context.Context, like *sales) (*rawFile, error) {
	store, err := b.openStore(ctx, "raw")
	if store == nil {
		return nil, err
	}
	if err == nil {
		_, err = openTill(ctx, till.Config{Store: store})
	}
	if err := errors.Join(err, store.Close()); err != nil {
		return nil, err
	}
	u := url.URL{Scheme: "file", Opaque: filepath.Join(store.Dir(), localdb.FileName), RawQuery: pragmas}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	f := &rawFile{db: db, record: like.record, document: string(like.document), number: 1}
	for _, text := range []string{
		`insert into operations (journal, number, id, kind, at, shift, receipt, total, record, hash) values (1, ?, ?, 'sale', ?, 1, ?1, 67960, ?, ?)`,
		`insert into operation_lines (position, line, kind, product, name, quantity, price, sum, vat) values (?, ?, 'sale', ?, ?, 1000, ?, ?, ?)`,
		`insert into operation_payments (position, payment, kind, method, amount, given, change) values (?, 1, 'sale', 'cash', 67960, 100000, 32040)`,
		`update shifts set totals = totals where number = 1`,
		`update drawer set balance = balance + 67960 where one = 1`,
		`insert into draft (one, cart) values (1, '{}') on conflict (one) do update set cart = excluded.cart`,
		`insert into print_jobs (id, operation, name, document, state, created_at, updated_at) values (?1, ?2, 'sale', ?3, 'waiting', ?4, ?4)`,
	} {
		st, err := db.PrepareContext(ctx, text)
		if err != nil {
			return nil, errors.Join(err, f.close())
		}
		f.statements = append(f.statements, st)
	}
	return f, nil
}

// commit writes the rows of one sale. What is not SQLite's work is made before the clock starts.
func (f *rawFile) commit(ctx context.Context) (time.Duration, error) {
	f.number++
	now := time.Now().UnixMilli()
	operation, job := uuid.Must(uuid.NewV7()).String(), uuid.Must(uuid.NewV7()).String()
	hash := sha256.Sum256([]byte(operation))
	goods := goodsOfSale()
	began := time.Now()
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	var position int64
	do := func(n int, args ...any) {
		if err != nil {
			return
		}
		var res sql.Result
		if res, err = tx.StmtContext(ctx, f.statements[n]).ExecContext(ctx, args...); err == nil && n == 0 {
			position, err = res.LastInsertId()
		}
	}
	do(0, f.number, operation, now, f.record, hash[:])
	for i, p := range goods {
		do(1, position, i+1, p.ID, p.Name, int64(p.Price), int64(p.Price), string(p.VAT))
	}
	do(2, position)
	do(3)
	do(4)
	do(5)
	do(6, job, position, f.document, now)
	if err != nil {
		return 0, err
	}
	if err := tx.Commit(); err != nil {
		return 0, err
	}
	took := time.Since(began)
	_, err = f.db.ExecContext(ctx, `update print_jobs set state = 'sent' where state = 'waiting'`)
	return took, err
}

func (f *rawFile) close() error {
	var errs []error
	for _, st := range f.statements {
		errs = append(errs, st.Close())
	}
	return errors.Join(append(errs, f.db.Close())...)
}
