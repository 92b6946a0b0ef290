package localdb

import (
	"cmp"
	"container/heap"
	"database/sql"
	"encoding/json"
	"slices"
)

// stretch is the range of an index that one value and one kind have: positions in their order.
type stretch struct {
	args []any   // the value and the kind
	next int64   // the position that it is at; not tested yet when none are read
	read []int64 // those that were read and fit, after next
	more bool    // others may follow
	most int     // how many are read at once
}

// merger goes through stretches together, from the newest position.
type merger struct {
	q         *historySearch
	first     int64
	limit     int
	st        *sql.Stmt  // reads positions of a stretch
	rest      []any      // arguments of the tests in it
	late      string     // the tests, when they are made afterwards instead
	stretches []*stretch // a heap, the newest position on top
	last      int64      // the position that was taken last
}

// fewStretches are so few that each is best tested where it is read. Of many, most are needed for little or nothing, and
// what comes of all of them is tested together.
const fewStretches = 8

func (m *merger) Len() int           { return len(m.stretches) }
func (m *merger) Less(i, j int) bool { return m.stretches[i].next > m.stretches[j].next }
func (m *merger) Swap(i, j int)      { m.stretches[i], m.stretches[j] = m.stretches[j], m.stretches[i] }
func (m *merger) Push(r any)         { m.stretches = append(m.stretches, r.(*stretch)) }
func (m *merger) Pop() any {
	r := m.stretches[len(m.stretches)-1]
	m.stretches = m.stretches[:len(m.stretches)-1]
	return r
}

// merge prepares to go along a way, or along all operations when there is none.
func (q *historySearch) merge(sp span, by *way, ways []way, limit int) (*merger, error) {
	rest, args, err := q.rest(by, ways)
	if err != nil {
		return nil, err
	}
	m := &merger{q: q, first: sp.first, limit: limit, rest: args}
	from := `operations x where true`
	if by == nil {
		m.stretches = []*stretch{{next: sp.last, more: true}}
	} else {
		from = by.table + ` where ` + by.one()
		if m.stretches, err = q.stretches(sp, by); err != nil {
			return nil, err
		}
		also, err := q.also(sp, by, rest, args)
		if err != nil {
			return nil, err
		}
		m.stretches = append(m.stretches, also...)
	}
	for _, r := range m.stretches {
		r.most = max(limit/len(m.stretches), 1)
	}
	tests := rest
	if len(m.stretches) > fewStretches {
		tests, m.late = "", rest
	}
	m.st, err = q.tx.PrepareContext(q.ctx, `select x.position from `+from+` and x.position <= ? and x.position >= ?`+tests+
		` order by x.position desc limit ? + 0`) // a bare parameter makes SQLite plan anew for every value
	if err != nil {
		return nil, err
	}
	heap.Init(m)
	return m, nil
}

func (m *merger) close() { m.st.Close() }

// one is the condition of one stretch on its value and kind.
func (w *way) one() string {
	if w.column == "" {
		return `x.kind = ?`
	}
	return w.where(`x.`+w.column+` = ?`) + ` and x.kind = ?`
}

// stretches are those of a way that hold anything within a span, each at its newest position.
func (q *historySearch) stretches(sp span, by *way) ([]*stretch, error) {
	values, kinds, err := by.lists()
	if err != nil {
		return nil, err
	}
	head := `(select x.position from ` + by.table + ` where ` + by.headOf() + ` and x.position <= ? order by x.position desc limit 1)`
	text, args := `select null, k.value, `+head+` from json_each(?) k`, []any{sp.last, kinds}
	if by.column != "" {
		text, args = `select v.value, k.value, `+head+` from json_each(?) v, json_each(?) k`, []any{sp.last, values, kinds}
	}
	rows, err := q.tx.QueryContext(q.ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []*stretch
	for rows.Next() {
		var value, kind any
		var at sql.NullInt64
		if err := rows.Scan(&value, &kind, &at); err != nil {
			return nil, err
		}
		if !at.Valid || at.Int64 < sp.first {
			continue
		}
		r := &stretch{args: []any{value, kind}, next: at.Int64, more: true}
		if by.column == "" {
			r.args = r.args[1:]
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// also is a stretch of those that fit but are not in a way's index.
func (q *historySearch) also(sp span, by *way, rest string, args []any) ([]*stretch, error) {
	if by.also == "" {
		return nil, nil
	}
	values, kinds, err := by.lists()
	if err != nil {
		return nil, err
	}
	args = append([]any{values, kinds, sp.first, sp.last}, args...)
	read, err := q.positions(`select x.position from operations x where `+by.also+` and +x.kind`+listed+` and +x.position between ? and ?`+rest, args...)
	if err != nil || len(read) == 0 {
		return nil, err
	}
	slices.SortFunc(read, func(a, b int64) int { return cmp.Compare(b, a) }) // one of each journal
	return []*stretch{{next: read[0], read: read[1:]}}, nil
}

func (q *historySearch) positions(query string, args ...any) ([]int64, error) {
	rows, err := q.tx.QueryContext(q.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return scanPositions(rows)
}

// scanPositions reads a column of positions, and is never nil without an error.
func scanPositions(rows *sql.Rows) ([]int64, error) {
	defer rows.Close()
	all := []int64{}
	for rows.Next() {
		var position int64
		if err := rows.Scan(&position); err != nil {
			return nil, err
		}
		all = append(all, position)
	}
	return all, rows.Err()
}

// headOf is one for the values and kinds of two lists.
func (w *way) headOf() string {
	if w.column == "" {
		return `x.kind = k.value`
	}
	return w.where(`x.`+w.column+` = v.value`) + ` and x.kind = k.value`
}

// mostTested is how many positions are tested together.
const mostTested = 4096

// placed are the operations of a list of positions, of which no more is read than the tests ask for.
const placed = `(select c.value as position, (select o.kind from operations o where o.position = c.value) as kind from json_each(?) c) x`

// take gives the newest positions that fit.
func (m *merger) take(limit int) ([]int64, error) {
	if m.late == "" {
		return m.next(limit)
	}
	var found []int64
	for n := 2 * limit; len(found) < limit; n = min(2*n, mostTested) {
		some, err := m.next(n)
		if err != nil || len(some) == 0 {
			return found, err
		}
		list, err := json.Marshal(some)
		if err != nil {
			return nil, err
		}
		some, err = m.q.positions(`select x.position from `+placed+` where true`+m.late+` order by x.position desc`,
			append([]any{string(list)}, m.rest...)...)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found[:limit], nil
}

// next gives the newest positions of all stretches.
func (m *merger) next(limit int) ([]int64, error) {
	var found []int64
	for len(found) < limit && len(m.stretches) > 0 {
		r := m.stretches[0]
		if r.read == nil { // next is where to begin, and is not known to fit
			if err := m.fill(r); err != nil {
				return nil, err
			}
		} else {
			if r.next != m.last { // several lines of one operation
				found, m.last = append(found, r.next), r.next
			}
			if err := m.step(r); err != nil {
				return nil, err
			}
		}
		if r.next < m.first {
			heap.Pop(m)
		} else {
			heap.Fix(m, 0)
		}
	}
	return found, nil
}

// step moves a stretch to its next position that fits.
func (m *merger) step(r *stretch) error {
	if len(r.read) == 0 {
		r.next--
		return m.fill(r)
	}
	r.next, r.read = r.read[0], r.read[1:]
	return nil
}

// fill reads the positions that fit from where a stretch is: few at first where there are many stretches, since most of
// them are needed for little or nothing, and every one that is read costs its tests. A stretch that has no more goes
// below the span.
func (m *merger) fill(r *stretch) error {
	begin := r.next
	r.next, r.read = m.first-1, []int64{}
	if !r.more || begin < m.first {
		return nil
	}
	args := append(append([]any{}, r.args...), begin, m.first)
	if m.late == "" {
		args = append(args, m.rest...)
	}
	rows, err := m.st.QueryContext(m.q.ctx, append(args, r.most)...)
	if err != nil {
		return err
	}
	read, err := scanPositions(rows)
	if err != nil {
		return err
	}
	r.more, r.most = len(read) == r.most, min(2*r.most, m.limit)
	if len(read) > 0 {
		r.next, r.read = read[0], read[1:]
	}
	return nil
}
