package localdb

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"kassa/register"
)

// Filter says which operations of the history are wanted. Every field that is not empty has to fit.
type Filter struct {
	Kinds    []register.Kind
	Method   register.Method
	From, To time.Time // the day's beginning, and the end that does not count
	Shift    int64
	Number   int64          // of the operation, or of the receipt within its shift
	Sum      register.Money // what it came to
	Products []string       // ids of goods, any of which stands on it
	Customer string         // id
	Basis    string         // id of the sale or the prepayment that it goes back to
}

// Find returns the operations that fit, newest first, from before a position; zero starts at the newest. A page takes
// about as long anywhere in the history: the narrowest of the filters is walked along its index.
func (s *Store) Find(ctx context.Context, f Filter, before int64, limit int) ([]Stored, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	q := &query{}
	if err := s.days(ctx, f, q); err != nil {
		return nil, err
	}
	q.and(`o.position < ?`, before)
	from := q.filter(f)
	text := `select o.position, o.record, o.hash, o.number <= j.acknowledged from ` + from +
		` join journals j on j.seq = o.journal where ` + strings.Join(q.where, " and ") + ` order by o.position desc limit ?`
	return s.stored(ctx, text, append(append(q.from, q.args...), limit)...)
}

// query is a statement that is being put together.
type query struct {
	where      []string
	from, args []any
}

func (q *query) and(text string, args ...any) {
	q.where = append(q.where, text)
	q.args = append(q.args, args...)
}

// filter adds what has to fit, and gives the table that is walked: it and its index are named, since SQLite knows
// nothing of how many operations fit.
func (q *query) filter(f Filter) (from string) {
	index := func(name string) string { return `operations o indexed by ` + name }
	from = `operations o not indexed`
	if len(f.Kinds) > 0 {
		q.and(`o.kind in (`+marks(len(f.Kinds))+`)`, anys(f.Kinds)...)
		if len(f.Kinds) == 1 {
			from = index(`operations_kind`)
		}
	}
	if f.Shift > 0 {
		q.and(`o.shift = ?`, f.Shift)
	}
	if f.Method != "" {
		q.and(`exists (select 1 from operation_payments p where p.position = o.position and p.method = ?)`, string(f.Method))
	}
	if f.Number > 0 {
		q.and(`o.position in (select position from operations where number = ? and journal in (select seq from journals)
			union select position from operations where receipt = ? and receipt > 0)`, f.Number, f.Number)
		from = `operations o`
	}
	if f.Sum > 0 {
		q.and(`o.total = ? and o.total > 0`, int64(f.Sum))
		from = index(`operations_total`)
	}
	if f.Customer != "" {
		q.and(`o.customer = ? and o.customer is not null`, f.Customer)
		from = index(`operations_customer`)
	}
	if f.Basis != "" {
		q.and(`o.basis = ? and o.basis is not null`, f.Basis)
		from = index(`operations_basis`)
	}
	switch {
	case len(f.Products) == 1:
		from = `operation_lines l join operations o on o.position = l.position`
		q.and(`l.product = ? and l.line = (select min(m.line) from operation_lines m where m.position = l.position and m.product = l.product)`, f.Products[0])
	case len(f.Products) > 1:
		from = `(select distinct position from operation_lines where product in (` + marks(len(f.Products)) + `)) l join operations o on o.position = l.position`
		q.from = anys(f.Products)
	}
	return from
}

// days narrows the positions to those between two moments. Operations are committed in the order of the clock but
// where it was set back, so the moments themselves are compared too.
func (s *Store) days(ctx context.Context, f Filter, q *query) error {
	if !f.From.IsZero() {
		var first int64
		err := s.r.QueryRowContext(ctx, `select coalesce((select position from operations where at >= ? order by at limit 1), ?)`,
			ms(f.From), int64(math.MaxInt64)).Scan(&first)
		if err != nil {
			return fmt.Errorf("reading the history: %w", err)
		}
		q.and(`o.position >= ? and o.at >= ?`, first, ms(f.From))
	}
	if !f.To.IsZero() {
		var last int64
		err := s.r.QueryRowContext(ctx, `select coalesce((select position from operations where at < ? order by at desc limit 1), 0)`, ms(f.To)).Scan(&last)
		if err != nil {
			return fmt.Errorf("reading the history: %w", err)
		}
		q.and(`o.position <= ? and o.at < ?`, last, ms(f.To))
	}
	return nil
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

func anys[T ~string](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// ByReceiptCode finds the operation whose slip holds the code. The error is ErrNoOperation.
func (s *Store) ByReceiptCode(ctx context.Context, code string) (Stored, error) {
	number, match, ok := register.ParseReceiptCode(code)
	if !ok {
		return Stored{}, ErrNoOperation
	}
	found, err := s.stored(ctx, selectStored+`where o.number = ? and o.journal in (select seq from journals)`, number)
	if err != nil {
		return Stored{}, err
	}
	for _, o := range found {
		if match(o.Operation) {
			return o, nil
		}
	}
	return Stored{}, ErrNoOperation
}
