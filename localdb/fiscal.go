package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kassa/register"
)

// FiscalState is where a document for the fiscal registrar stands.
type FiscalState string

// The states of such a document. Those from FiscalDone on have ended.
const (
	FiscalWaiting FiscalState = "waiting" // it is to be made
	FiscalSending FiscalState = "sending" // a try was fixed: the registrar may have made it, or may be making it
	FiscalUnclear FiscalState = "unclear" // the registrar cannot tell whether it was made: a person decides
	FiscalRefused FiscalState = "refused" // it was not made, and is not tried again until somebody says so
	FiscalDone    FiscalState = "done"    // it is made
	FiscalDropped FiscalState = "dropped" // it was given up, or turned out to be needless
)

// fiscalOpen are the documents that have not ended, in the words of their index: SQLite takes it for no others.
const fiscalOpen = `state in ('waiting', 'sending', 'unclear', 'refused')`

// keptFiscal is how many of the newest documents are kept when they have ended; the history has what was made of them.
const keptFiscal = 200

// FiscalEntry is a document to be queued for the fiscal registrar.
type FiscalEntry struct {
	ID       string // the mark that the document bears; there is one document of it
	Kind     string
	Total    register.Money
	Document json.RawMessage
	// State is FiscalWaiting, or FiscalRefused for an operation that cannot be written as a document; Trouble and Message
	// then tell why.
	State   FiscalState
	Trouble string
	Message string
}

// FiscalRow is a document of the fiscal registrar's queue. Document, Try and Receipt belong to the till's side, which
// alone understands them.
type FiscalRow struct {
	FiscalEntry
	Seq       int64
	Position  int64           // of its operation; zero when it has none
	Try       json.RawMessage // the attempt that was fixed; nil when there is none
	Decided   string          // who had it made again when the registrar could not tell
	Created   time.Time
	Operation register.Operation // as in Position; the zero one when it has none
}

// FiscalEnd tells how a queued document ended.
type FiscalEnd struct {
	ID        string
	State     FiscalState     // FiscalDone or FiscalDropped
	From      FiscalState     // the only state that it may be in; empty for any that has not ended
	Receipt   json.RawMessage // what the registrar said; nil when a person said it
	Unprinted bool            // it is not on paper yet
}

// ErrNoFiscal tells that there is no such document in the queue, or that it is not in a state for this.
var ErrNoFiscal = errors.New("localdb: no such fiscal document")

// queueFiscal queues what the registrar is to make of an operation.
func (w *writer) queueFiscal(position int64, op register.Operation, documents func(register.Operation, func(string) ([]register.Operation, error)) ([]FiscalEntry, error)) error {
	entries, err := documents(op, func(id string) ([]register.Operation, error) { return chain(w.ctx, w.tx, id, position) })
	if err != nil {
		return fmt.Errorf("making fiscal documents: %w", err)
	}
	for _, e := range entries {
		if err := addFiscal(w.ctx, w.tx, &position, e, ms(w.now())); err != nil {
			return err
		}
	}
	return nil
}

// Chain returns an operation, what goes back to it, and what goes back to a sale among those, from before a position, in
// the order of commit. Fiscal documents are left out.
func (s *Store) Chain(ctx context.Context, id string, before int64) ([]register.Operation, error) {
	return chain(ctx, s.r, id, before)
}

func chain(ctx context.Context, db querier, id string, before int64) ([]register.Operation, error) {
	stored, err := storedBy(ctx, db, selectStored+`where o.position in (
		select position from operations where id = ?1
		union select position from operations where basis = ?1 and kind <> 'fiscal_document'
		union select r.position from operations s join operations r on r.basis = s.id
			where s.basis = ?1 and s.kind = 'sale' and r.kind <> 'fiscal_document')
		and o.position < ?2 order by o.position`, id, before)
	if err != nil {
		return nil, err
	}
	all := make([]register.Operation, len(stored))
	for i, s := range stored {
		all[i] = s.Operation
	}
	return all, nil
}

func addFiscal(ctx context.Context, tx *sql.Tx, position *int64, e FiscalEntry, now int64) error {
	if e.State == "" {
		e.State = FiscalWaiting
	}
	_, err := tx.ExecContext(ctx, `insert into fiscal_documents (id, operation, kind, total, document, state, trouble, message, created_at, updated_at)
		values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)`, e.ID, position, e.Kind, int64(e.Total), string(e.Document), string(e.State), e.Trouble, e.Message, now)
	if err != nil {
		return fmt.Errorf("queueing a fiscal document: %w", err)
	}
	return nil
}

// AddFiscal queues a document of no operation, before those of operations: the device's own shift.
func (s *Store) AddFiscal(ctx context.Context, e FiscalEntry) error {
	return s.inTx(ctx, func(tx *sql.Tx) error { return addFiscal(ctx, tx, nil, e, ms(s.now())) })
}

const selectFiscal = `select f.seq, f.id, coalesce(f.operation, 0), f.kind, f.total, f.document, f.state, f.try, f.trouble, f.message, f.decided,
	f.created_at, o.record from fiscal_documents f left join operations o on o.position = f.operation `

// NextFiscal is the document that the registrar's next word is about: the one of which a try was fixed, then the oldest
// that waits, those of no operation first. ok is false when there is none.
func (s *Store) NextFiscal(ctx context.Context) (row FiscalRow, ok bool, err error) {
	for _, state := range []FiscalState{FiscalSending, FiscalWaiting} {
		row, err = scanFiscal(s.w.QueryRowContext(ctx, selectFiscal+`where f.`+fiscalOpen+` and f.state = ? order by (f.operation is not null), f.seq limit 1`,
			string(state)))
		if !errors.Is(err, ErrNoFiscal) {
			return row, err == nil, err
		}
	}
	return FiscalRow{}, false, nil
}

// FiscalByID finds a document of the queue, also one that has ended and is still kept. The error is ErrNoFiscal when
// there is none.
func (s *Store) FiscalByID(ctx context.Context, id string) (FiscalRow, error) {
	return scanFiscal(s.w.QueryRowContext(ctx, selectFiscal+`where f.id = ?`, id))
}

// OpenFiscal returns documents that have not ended, oldest first, at most limit of them.
func (s *Store) OpenFiscal(ctx context.Context, limit int) ([]FiscalRow, error) {
	return s.fiscal(ctx, selectFiscal+`where f.`+fiscalOpen+` order by f.seq limit ?`, limit)
}

// OpenFiscalOf returns the documents of an operation that have not ended.
func (s *Store) OpenFiscalOf(ctx context.Context, operation string) ([]FiscalRow, error) {
	return s.fiscal(ctx, selectFiscal+`where f.operation = (select position from operations where id = ?) and f.`+fiscalOpen+` order by f.seq`, operation)
}

// FiscalOf returns what the registrar made of an operation, oldest first.
func (s *Store) FiscalOf(ctx context.Context, operation string) ([]register.FiscalDocument, error) {
	stored, err := s.stored(ctx, selectStored+`where o.basis = ? and o.kind = ? order by o.position`, operation, string(register.KindFiscalDocument))
	if err != nil {
		return nil, err
	}
	all := make([]register.FiscalDocument, len(stored))
	for i, o := range stored {
		if all[i], err = o.FiscalDocument(); err != nil {
			return nil, fmt.Errorf("reading the fiscal documents of %s: %w", operation, err)
		}
	}
	return all, nil
}

func (s *Store) fiscal(ctx context.Context, query string, args ...any) ([]FiscalRow, error) {
	rows, err := s.r.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading fiscal documents: %w", err)
	}
	defer rows.Close()
	var all []FiscalRow
	for rows.Next() {
		r, err := scanFiscal(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

func scanFiscal(row interface{ Scan(...any) error }) (r FiscalRow, err error) {
	var document string
	var try sql.NullString
	var created int64
	var record []byte
	err = row.Scan(&r.Seq, &r.ID, &r.Position, &r.Kind, &r.Total, &document, &r.State, &try, &r.Trouble, &r.Message, &r.Decided, &created, &record)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ErrNoFiscal
	}
	if err == nil && record != nil {
		r.Operation, err = register.DecodeOperation(record)
	}
	if err != nil {
		return r, fmt.Errorf("reading a fiscal document: %w", err)
	}
	r.Document, r.Created = json.RawMessage(document), fromMS(created)
	if try.Valid {
		r.Try = json.RawMessage(try.String)
	}
	return r, nil
}

// SendFiscal fixes the try that a waiting document is made by, before the registrar hears of it. document is what is
// asked for, which may be another one than was queued: a sale of an earlier day becomes a correction.
func (s *Store) SendFiscal(ctx context.Context, id, kind string, document, try json.RawMessage) error {
	return s.moveFiscal(ctx, `update fiscal_documents set state = 'sending', kind = ?2, document = ?3, try = ?4, trouble = '', message = '', updated_at = ?5
		where id = ?1 and state = 'waiting'`, id, kind, string(document), string(try), ms(s.now()))
}

// NoteFiscal keeps what stands in a document's way, and where it stands by that: FiscalSending leaves its try as it is,
// FiscalWaiting and FiscalRefused take it away, for the registrar has said that it came to nothing.
func (s *Store) NoteFiscal(ctx context.Context, id string, state FiscalState, trouble, message string) error {
	return s.moveFiscal(ctx, `update fiscal_documents set state = ?2, trouble = ?3, message = ?4, try = iif(?2 in ('waiting', 'refused'), null, try), updated_at = ?5
		where id = ?1 and `+fiscalOpen, id, string(state), trouble, message, ms(s.now()))
}

// AgainFiscal has a document made again that was refused, or that the registrar could not tell of: decided is who says
// that it was not made then, and empty for one that was refused. document is what is asked for from now on; nil leaves it.
func (s *Store) AgainFiscal(ctx context.Context, id string, from FiscalState, decided string, document json.RawMessage) error {
	return s.moveFiscal(ctx, `update fiscal_documents set state = 'waiting', try = null, trouble = '', message = '', decided = iif(?3 = '', decided, ?3),
		document = iif(?4 = '', document, ?4), updated_at = ?5 where id = ?1 and state = ?2 and `+fiscalOpen,
		id, string(from), decided, string(document), ms(s.now()))
}

// AgainAllFiscal has all documents made again that were refused for a trouble.
func (s *Store) AgainAllFiscal(ctx context.Context, trouble string) error {
	_, err := s.w.ExecContext(ctx, `update fiscal_documents set state = 'waiting', try = null, trouble = '', message = '', updated_at = ?
		where `+fiscalOpen+` and state = 'refused' and trouble = ?`, ms(s.now()), trouble)
	if err != nil {
		return fmt.Errorf("keeping fiscal documents: %w", err)
	}
	return nil
}

// SkipFiscal ends a waiting document that turned out to be needless, with no word in the history: the device's shift was
// open already.
func (s *Store) SkipFiscal(ctx context.Context, id string) error {
	return s.moveFiscal(ctx, `update fiscal_documents set state = 'dropped', updated_at = ?2 where id = ?1 and state = 'waiting'`, id, ms(s.now()))
}

// FiscalKnown tells how far the documents that are known here go: the sequence number of the newest one that was queued, and
// by fiscal storage the number of the last one that was made in it.
func (s *Store) FiscalKnown(ctx context.Context) (newest int64, last map[string]int64, err error) {
	if err := s.r.QueryRowContext(ctx, `select coalesce(max(seq), 0) from fiscal_documents`).Scan(&newest); err != nil {
		return 0, nil, fmt.Errorf("reading fiscal documents: %w", err)
	}
	rows, err := s.r.QueryContext(ctx, `select receipt ->> 'fn', max(receipt ->> 'number') from fiscal_documents where receipt ->> 'number' > 0 group by 1`)
	if err != nil {
		return 0, nil, fmt.Errorf("reading fiscal documents: %w", err)
	}
	defer rows.Close()
	last = map[string]int64{}
	for rows.Next() {
		var fn string
		var number int64
		if err := rows.Scan(&fn, &number); err != nil {
			return 0, nil, fmt.Errorf("reading fiscal documents: %w", err)
		}
		last[fn] = number
	}
	return newest, last, rows.Err()
}

// PrintedFiscal notes that all that was made is on paper.
func (s *Store) PrintedFiscal(ctx context.Context) error {
	if _, err := s.w.ExecContext(ctx, `update fiscal_documents set unprinted = 0 where unprinted = 1`); err != nil {
		return fmt.Errorf("noting what was printed: %w", err)
	}
	return nil
}

// moveFiscal runs an update that must find exactly one document: ErrNoFiscal.
func (s *Store) moveFiscal(ctx context.Context, update string, args ...any) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, update, args...)
		if err != nil {
			return fmt.Errorf("keeping a fiscal document: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return ErrNoFiscal
		}
		return nil
	})
}

// endFiscal ends a document in the transaction of the operation that tells how. Old ones that have ended go, a few at a
// time.
func (w *writer) endFiscal(e FiscalEnd) error {
	var receipt *string
	if e.Receipt != nil {
		text := string(e.Receipt)
		receipt = &text
	}
	res, err := w.tx.ExecContext(w.ctx, `update fiscal_documents set state = ?2, receipt = ?3, unprinted = ?4, trouble = '', message = '', updated_at = ?5
		where id = ?1 and iif(?6 = '', state, ?6) = state and `+fiscalOpen, e.ID, string(e.State), receipt, e.Unprinted, ms(w.now()), string(e.From))
	if err != nil {
		return fmt.Errorf("ending a fiscal document: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return ErrNoFiscal
	}
	_, err = w.tx.ExecContext(w.ctx, `delete from fiscal_documents where seq in (select seq from fiscal_documents
		where seq <= (select max(seq) from fiscal_documents) - ? and state in ('done', 'dropped') and unprinted = 0 order by seq limit 10)`, keptFiscal)
	if err != nil {
		return fmt.Errorf("dropping old fiscal documents: %w", err)
	}
	return nil
}

// FiscalCounts tell how the registrar's queue stands.
type FiscalCounts struct {
	Waiting   int       // documents that are to be made, or are being made
	Since     time.Time // of the oldest of them; zero when there is none
	Unclear   int
	Refused   int
	Unprinted int // made, and not on paper yet
}

// FiscalCounts counts the documents that have not ended.
func (s *Store) FiscalCounts(ctx context.Context) (FiscalCounts, error) {
	var c FiscalCounts
	var since sql.NullInt64
	err := s.r.QueryRowContext(ctx, `select count(*) filter (where state in ('waiting', 'sending')), min(created_at) filter (where state in ('waiting', 'sending')),
		count(*) filter (where state = 'unclear'), count(*) filter (where state = 'refused'),
		(select count(*) from fiscal_documents where unprinted = 1) from fiscal_documents where `+fiscalOpen).
		Scan(&c.Waiting, &since, &c.Unclear, &c.Refused, &c.Unprinted)
	if err != nil {
		return c, fmt.Errorf("counting fiscal documents: %w", err)
	}
	if since.Valid {
		c.Since = fromMS(since.Int64)
	}
	return c, nil
}
