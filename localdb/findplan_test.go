package localdb

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kassa/register"
)

// planner tells how SQLite would go about every query of a search.
type planner struct {
	*testing.T
	*sql.Tx
	plans []string
}

func (p *planner) explain(query string, args []any) {
	p.Helper()
	for len(args) < strings.Count(query, "?") {
		args = append(args, nil)
	}
	rows, err := p.Tx.Query(`explain query plan `+query, args...)
	if err != nil {
		p.Fatalf("%v in\n%s", err, query)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			p.Fatal(err)
		}
		p.plans = append(p.plans, detail)
	}
}

func (p *planner) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p.explain(query, args)
	return p.Tx.QueryContext(ctx, query, args...)
}

func (p *planner) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	p.explain(query, args)
	return p.Tx.QueryRowContext(ctx, query, args...)
}

func (p *planner) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	p.explain(query, nil)
	return p.Tx.PrepareContext(ctx, query)
}

// isAllowed tells whether a scan is of what is short: shifts, the lists of a filter, the kinds, what was found.
func isAllowed(plan string) bool {
	what, _, _ := strings.Cut(strings.TrimPrefix(plan, "SCAN "), " ")
	return slices.Contains([]string{"operation_spans", "v", "k", "c", "json_each", "CONSTANT"}, what) || strings.HasPrefix(what, "(subquery")
}

// TestASearchReadsNoMoreThanItMust holds that no search goes through a table, or sorts what an index has in order: the
// shifts alone are looked at one by one.
func TestASearchReadsNoMoreThanItMust(t *testing.T) {
	s := sold(t, t.TempDir())
	sale := []register.Kind{register.KindSale, register.KindShiftOpened}
	now := time.Now()
	day := Filter{From: now.Add(-time.Hour), To: now.Add(time.Hour)}
	many := make([]string, 200)
	for i := range many {
		many[i] = fmt.Sprint("p", i)
	}
	for name, f := range map[string]Filter{
		"everything": {}, "all but a kind": {Except: register.KindSale}, "kinds": {Kinds: sale}, "a method": {Method: register.Cash}, "a method and kinds": {Method: register.Cash, Kinds: sale},
		"a day": day, "a shift": {Shift: 1}, "a day and kinds": {From: day.From, To: day.To, Kinds: sale},
		"a day and a method": {From: day.From, To: day.To, Method: register.QR}, "a number": {Number: 1}, "a number and kinds": {Number: 1, Kinds: sale},
		"a sum": {Sum: 1}, "a sum and a method": {Sum: 1, Method: register.Card}, "a sum on a day": {Sum: 1, From: day.From, To: day.To},
		"a product": {Products: many[:1]}, "products": {Products: many}, "products and a method": {Products: many, Method: register.QR},
		"products, kinds and a day": {Products: many, Kinds: sale, From: day.From}, "a customer": {Customer: "c"},
		"customers and a sum": {Customers: many, Sum: 1}, "what goes back": {Basis: "b"}, "what goes back, by method": {Basis: "b", Method: register.Card},
	} {
		t.Run(name, func(t *testing.T) {
			tx, err := s.r.Begin()
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback()
			p := &planner{T: t, Tx: tx}
			q := &historySearch{ctx: t.Context(), tx: p, f: f}
			if _, err := q.find(100, 50); err != nil {
				t.Fatal(err)
			}
			ways, err := q.ways()
			if err != nil {
				t.Fatal(err)
			}
			for i := range ways { // whichever is taken
				if ways[i].column != "" { // kinds alone are never counted
					if _, err := q.count(span{1, 100}, &ways[i], 10); err != nil {
						t.Fatal(err)
					}
				}
				m, err := q.merge(span{1, 100}, &ways[i], ways, 50)
				if err != nil {
					t.Fatal(err)
				}
				m.close()
			}
			if f.Number > 0 && !strings.Contains(strings.Join(p.plans, "\n"), "(journal=? AND number=?)") {
				t.Errorf("the operation's own number is not looked up:\n%s", strings.Join(p.plans, "\n"))
			}
			for _, plan := range p.plans {
				scan := strings.HasPrefix(plan, "SCAN ") && !isAllowed(plan)
				if scan || strings.Contains(plan, "USE TEMP B-TREE") {
					t.Errorf("it does: %s\nof\n%s", plan, strings.Join(p.plans, "\n"))
				}
			}
		})
	}
}
