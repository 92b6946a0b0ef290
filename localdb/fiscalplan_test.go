package localdb

import (
	"database/sql"
	"math"
	"strings"
	"testing"
)

// A commit of a prepayment's return reads what came before it, and must not read the whole history for that.
func TestTheChainIsReadAlongIndexes(t *testing.T) {
	s, err := Open(t.Context(), Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	tx, err := s.r.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	p := &planner{T: t, Tx: tx}
	if _, err := chain(t.Context(), p, "prepayment", math.MaxInt64); err != nil {
		t.Fatal(err)
	}
	p.explain(selectFiscal+`where f.`+fiscalOpen+` and f.state = ? order by (f.operation is not null), f.seq limit 1`, nil)
	if len(p.plans) == 0 {
		t.Fatal("there is no plan")
	}
	for _, plan := range p.plans {
		if strings.HasPrefix(plan, "SCAN") {
			t.Errorf("%s", plan)
		}
	}
}
