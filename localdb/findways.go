package localdb

import (
	"encoding/json"
	"slices"
	"strings"

	"kassa/register"
)

// way is a field of a filter and the index that it is looked up in: its values, then the kind, then the position.
type way struct {
	table  string // with its index, as x; it has the columns position and kind
	column string // empty: the kind alone
	values any    // to be encoded as a JSON list
	many   bool   // too many values to be counted
	kinds  []register.Kind
	test   string // that an operation at x.position and of x.kind fits; each ? is the list of values
	also   string // the condition of those few, on x, that fit but are not in the index; each ? is the list of values
}

// listed is a test that a column is one of a list of values.
const listed = ` in (select value from json_each(?))`

// ofOperation is the way of a column of the operations themselves.
func ofOperation(column string, set string, values any, kinds []register.Kind) way {
	index := `operations_` + column
	return way{
		table: `operations x indexed by ` + index, column: column, values: values, kinds: kinds,
		test: `exists (select 1 from operations o indexed by ` + index + ` where o.` + column + listed + ` and o.` + column + set +
			` and o.kind = x.kind and o.position = x.position)`,
	}
}

// numbered is the way of a number, which may be a receipt's or an operation's own.
func numbered(number int64, kinds []register.Kind) way {
	w := ofOperation("receipt", " > 0", []int64{number}, kinds)
	w.test = `exists (select 1 from operations o where o.position = x.position and (o.receipt` + listed + ` or o.number` + listed + `))`
	w.also = `x.journal in (select seq from journals) and x.number` + listed
	return w
}

// ways are the fields of the filter that have an index.
func (q *historySearch) ways() ([]way, error) {
	f := q.f
	kinds, parts := f.Kinds, f.Kinds
	if len(kinds) == 0 {
		var err error
		if kinds, err = q.kinds(); err != nil {
			return nil, err
		}
		kinds = slices.DeleteFunc(kinds, func(k register.Kind) bool { return k == f.Except })
		parts = slices.DeleteFunc(slices.Clone(kinds), func(k register.Kind) bool { return !hasParts(k) })
	}
	var all []way
	if len(f.Products) > 0 {
		all = append(all, way{table: `operation_lines x indexed by operation_lines_product`, column: "product", values: f.Products, many: len(f.Products) > fewStretches, kinds: parts,
			test: `exists (select 1 from operation_lines l where l.position = x.position and l.product` + listed + `)`})
	}
	if f.Number > 0 {
		all = append(all, numbered(f.Number, kinds))
	}
	if f.Basis != "" {
		all = append(all, ofOperation("basis", " is not null", []string{f.Basis}, kinds))
	}
	if customers := f.customers(); len(customers) > 0 {
		all = append(all, ofOperation("customer", " is not null", customers, kinds))
	}
	if f.Sum > 0 {
		all = append(all, ofOperation("total", " > 0", []int64{int64(f.Sum)}, kinds))
	}
	if f.Method != "" {
		all = append(all, way{table: `operation_payments x indexed by operation_payments_method`, column: "method", values: []register.Method{f.Method},
			kinds: parts, test: `exists (select 1 from operation_payments p where p.position = x.position and p.method` + listed + `)`})
	}
	if (len(f.Kinds) > 0 || f.Except != "") && len(all) == 0 {
		all = append(all, way{table: `operations x indexed by operations_kind`, kinds: kinds})
	}
	return all, nil
}

func (f Filter) customers() []string {
	if f.Customer == "" {
		return f.Customers
	}
	if len(f.Customers) > 0 && !slices.Contains(f.Customers, f.Customer) {
		return []string{""} // nobody
	}
	return []string{f.Customer}
}

// hasParts tells whether operations of a kind have lines or payments. A later release may have kinds that do.
func hasParts(k register.Kind) bool {
	switch k {
	case register.KindSale, register.KindReturn, register.KindPrepayment, register.KindPrepaymentReturn:
		return true
	}
	return !slices.Contains(register.Kinds(), k)
}

// kinds are those that the history holds, by a leap from one to the next in their index.
func (q *historySearch) kinds() ([]register.Kind, error) {
	rows, err := q.tx.QueryContext(q.ctx, `with recursive k(kind) as (select min(kind) from operations
		union all select (select min(kind) from operations o where o.kind > k.kind) from k where k.kind is not null)
		select kind from k where kind is not null`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []register.Kind
	for rows.Next() {
		var k register.Kind
		if err := rows.Scan(&k); err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	return all, rows.Err()
}

// manyFit is how many operations are as good as all of them, when a way is chosen.
const manyFit = 5000

// narrowest is the way by which the fewest operations fit within a span; nil when there is none. Many values are spread
// over an index and take long to count: their way is taken when no other is narrow.
func (q *historySearch) narrowest(sp span, ways []way) (*way, error) {
	if len(ways) == 0 {
		return nil, nil
	}
	best, fewest := &ways[0], int64(manyFit)
	for i := range ways {
		if len(ways) == 1 || ways[i].many {
			continue
		}
		n, err := q.count(sp, &ways[i], fewest)
		if err != nil {
			return nil, err
		}
		if n < fewest {
			best, fewest = &ways[i], n
		}
	}
	return best, nil
}

// count tells how many entries of a way's index are within a span, up to most.
func (q *historySearch) count(sp span, w *way, most int64) (n int64, err error) {
	values, kinds, err := w.lists()
	if err != nil {
		return 0, err
	}
	err = q.tx.QueryRowContext(q.ctx, `select count(*) from (select 1 from `+w.table+` where `+w.where(`x.`+w.column+listed)+` and x.kind`+listed+
		` and x.position between ? and ? limit ?)`, values, kinds, sp.first, sp.last, most).Scan(&n)
	return n, err
}

// where adds to a condition on a way's column what its index demands.
func (w *way) where(condition string) string {
	switch w.column {
	case "basis", "customer":
		return condition + ` and x.` + w.column + ` is not null`
	case "total", "receipt":
		return condition + ` and x.` + w.column + ` > 0`
	}
	return condition
}

func (w *way) lists() (values, kinds string, err error) {
	v, err := json.Marshal(w.values)
	if err != nil {
		return "", "", err
	}
	k, err := json.Marshal(w.kinds)
	return string(v), string(k), err
}

// rest are the conditions that a way leaves to be tested, on x.position and x.kind.
func (q *historySearch) rest(by *way, ways []way) (where string, args []any, err error) {
	var tests []string
	for i := range ways {
		w := &ways[i]
		if w == by {
			continue
		}
		values, _, err := w.lists()
		if err != nil {
			return "", nil, err
		}
		tests = append(tests, w.test)
		for range strings.Count(w.test, "?") {
			args = append(args, values)
		}
	}
	if from, to := q.f.times(); !q.f.From.IsZero() || !q.f.To.IsZero() {
		tests = append(tests, `exists (select 1 from operations o where o.position = x.position and o.at >= ? and o.at < ?)`)
		args = append(args, from, to)
	}
	if len(tests) == 0 {
		return "", nil, nil
	}
	return ` and ` + strings.Join(tests, ` and `), args, nil
}
