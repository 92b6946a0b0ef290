package localdb

import (
	"fmt"
	"math"

	"kassa/register"
)

// spanSize is how many operations a span holds at most. Small ones are narrow; of large ones there are few to look at.
const spanSize = 256

// endSpan notes the times of the operations from a position on when a span ends with the last one, and returns where the
// next begins.
func (w *writer) endSpan(first, last int64, kind register.Kind) (next int64, err error) {
	if kind != register.KindShiftClosed && last-first+1 < spanSize {
		return first, nil
	}
	if _, err := w.exec(w.stmts.span, first, last); err != nil {
		return 0, fmt.Errorf("noting the times of operations: %w", err)
	}
	return last + 1, nil
}

// span is a range of positions, both ends included.
type span struct{ first, last int64 }

// spans are the ranges of positions in which something may fit, newest first. A shift is one. The clock may have been set
// back: so days are what spans they touch, mostly one after the other, and the times themselves are tested too.
func (q *historySearch) spans(before int64) ([]span, error) {
	whole, err := q.shift(before)
	if err != nil || q.f.From.IsZero() && q.f.To.IsZero() {
		return []span{whole}, err
	}
	from, to := q.f.times()
	rows, err := q.tx.QueryContext(q.ctx, `select coalesce(max(last), 0) + 1, ?1 from operation_spans
		union all select first, last from operation_spans where first <= ?2 and last >= ?3 and latest >= ?4 and earliest < ?5
		order by 1 desc`,
		int64(math.MaxInt64), whole.last, whole.first, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []span
	for rows.Next() {
		var sp span
		if err := rows.Scan(&sp.first, &sp.last); err != nil {
			return nil, err
		}
		sp.first, sp.last = max(sp.first, whole.first), min(sp.last, whole.last)
		switch n := len(all); {
		case sp.first > sp.last:
		case n > 0 && all[n-1].first == sp.last+1:
			all[n-1].first = sp.first
		default:
			all = append(all, sp)
		}
	}
	return all, rows.Err()
}

// shift is the range of the shift that is wanted, or of all that is before a position.
func (q *historySearch) shift(before int64) (span, error) {
	all := span{1, before - 1}
	if q.f.Shift == 0 {
		return all, nil
	}
	var sp span
	err := q.tx.QueryRowContext(q.ctx, `select coalesce(max(first), ?2), coalesce((select first from shifts where number = ?1 + 1) - 1, ?2)
		from shifts where number = ?1`, q.f.Shift, int64(math.MaxInt64)).Scan(&sp.first, &sp.last)
	return span{sp.first, min(sp.last, all.last)}, err
}
