package localdb_test

import (
	"strings"
	"testing"

	"kassa/localdb"
	"kassa/register"
)

// aDay is a till with something of everything in it.
func aDay(t *testing.T) *shop {
	w := newShop(t)
	w.openShift()
	op, _ := w.sell(cart(w, piece("a", 1000, 3), piece("b", 2000, 1)))                        // 2
	w.do(register.KindReturn, w.giveBack(op, register.Want{Line: 0, Quantity: register.One})) // 3
	order, _ := w.order(cart(w, piece("c", 5000, 2)), 4000)                                   // 4
	repaid, err := w.repay(order, 1000)                                                       // 5
	w.ok(err)
	w.do(register.KindPrepaymentReturn, repaid)
	w.do(register.KindSale, w.handOver(order)) // 6
	counted := register.Money(7000)
	w.closeShift(&counted) // 7
	w.openShift()          // 8
	w.order(cart(w, piece("d", 700, 1)), 300)
	return w
}

func TestVerifyFindsEveryDifference(t *testing.T) {
	for name, c := range map[string]struct{ statement, says string }{
		"a line's sum":                 {`update operation_lines set sum = sum + 1 where position = 2 and line = 1`, "operation 2: its lines"},
		"a line's kind":                {`update operation_lines set kind = 'sale' where position = 3`, "operation 3: its lines"},
		"a line taken out":             {`delete from operation_lines where position = 2 and line = 2`, "operation 2: its lines"},
		"a line of no operation":       {`insert into operation_lines values (99, 1, 'sale', 'a', 'A', 1, 1, 1, '22')`, "operation_lines: 7 rows"},
		"a payment's method":           {`update operation_payments set method = 'card' where position = 2`, "operation 2: its lines or payments"},
		"a payment of no operation":    {`insert into operation_payments (position, payment, kind, method, amount) values (99, 1, 'sale', 'cash', 1)`, "operation_payments: 8 rows"},
		"what it came to":              {`update operations set total = 1 where position = 2`, "operation 2: what it is found by"},
		"a receipt's number":           {`update operations set receipt = 9 where position = 2`, "operation 2: what it is found by"},
		"what it goes back to":         {`update operations set basis = null where position = 3`, "operation 3: what it is found by"},
		"whose it is":                  {`update operations set customer = 'x' where position = 2`, "operation 2: what it is found by"},
		"when it was":                  {`update operations set at = at + 1 where position = 2`, "operation 2: what it is found by"},
		"its place":                    {`update operations set position = 50 where position = 9; delete from operation_lines where position = 9; delete from operation_payments where position = 9`, "position 50 follows 8"},
		"a hash":                       {`update operations set hash = zeroblob(32) where position = 2`, "hash of operation 2"},
		"a prepayment's money":         {`update prepayments set used = used + 1 where position = 4`, "its state differs"},
		"a prepayment's words":         {`update prepayments set name = 'x' where position = 4`, "its state differs"},
		"a prepayment taken out":       {`delete from prepayments where position = 9`, "is not kept"},
		"a prepayment of nobody":       {`insert into prepayments (id, position, total, paid) values ('x', 4, 1, 1)`, "prepayment x"},
		"counted cash":                 {`update shifts set counted = counted + 1 where number = 1`, "shift 1: the counted cash"},
		"a shift that was closed":      {`update shifts set closed_at = null where number = 1`, "shift 1: the time"},
		"a shift's first operation":    {`update shifts set first = 3 where number = 1`, "shift 1: the first operation"},
		"the times of a span":          {`update operation_spans set latest = latest + 1`, "the times of the operations from 1 on differ"},
		"a span taken out":             {`delete from operation_spans`, "the times of the operations from 1 on are not kept"},
		"a shift taken out":            {`delete from shifts where number = 1`, "shift 1 is not kept"},
		"a shift that nobody opened":   {`insert into shifts select 3, first, opened_at, closed_at, counted, cashier, totals from shifts where number = 1`, "shift 3: no operation"},
		"a shift's totals, unreadable": {`update shifts set totals = 'x' where number = 1`, "cannot be read"},
		"the drawer":                   {`update drawer set balance = balance + 1`, "the drawer holds"},
		"a record that is none":        {`update operations set record = x'00' where position = 2`, "operation 2: register"},
	} {
		t.Run(name, func(t *testing.T) {
			w := aDay(t)
			w.ok(w.store.Close())
			tamper(t, w.dir, c.statement)
			w.store = nil
			w.reopen()
			r, err := w.store.Verify(t.Context())
			if err != nil || !strings.Contains(strings.Join(r.Faults, "\n"), c.says) {
				t.Errorf("it says %q, %v; want %q", r.Faults, err, c.says)
			}
		})
	}
}

// TestVerifyFindsWhatCommitWouldRefuse writes records, with a chain that is right, of what no till may do.
func TestVerifyFindsWhatCommitWouldRefuse(t *testing.T) {
	line := `{"product":"a","name":"Товар a","unit":"` + string(register.Piece) + `","quantity":1000,"price":1000,"sum":1000,"vat":"22","vat_sum":180}`
	back := strings.Replace(line, `{`, `{"of":1,`, 1)
	two := strings.NewReplacer(`"quantity":1000`, `"quantity":2000`, `"sum":1000`, `"sum":2000`, `180`, `361`).Replace(back)
	money := `[{"method":"cash","amount":1000,"given":1000}]`
	for name, c := range map[string]struct{ kind, body, says string }{
		"a receipt left out":             {"sale", `{"receipt":9,"lines":[` + line + `],"total":1000,"payments":` + money + `}`, "receipt 9 follows 1"},
		"payments that do not pay":       {"sale", `{"receipt":2,"lines":[` + line + `],"total":1000,"payments":[]}`, "paid less"},
		"a return of what is no sale":    {"sale_return", `{"receipt":2,"sale":{"id":"op-0003"},"lines":[` + back + `],"total":1000,"payments":` + money + `}`, "drawer_opened is not a sale"},
		"more back than was sold":        {"sale_return", `{"receipt":2,"sale":{"id":"op-0002"},"lines":[` + two + `],"total":2000,"payments":[{"method":"cash","amount":2000,"given":2000}]}`, "more than is left"},
		"money of no prepayment":         {"prepayment_return", `{"receipt":2,"prepayment":{"id":"x"},"amount":1000,"payments":` + money + `}`, "no prepayment x"},
		"cash out beyond the drawer":     {"cash_out", `{"sum":99999}`, "the drawer would hold"},
		"a shift closed with other sums": {"shift_closed", `{"totals":{"cash_start":0,"cash_end":5}}`, "other totals"},
		"a shift opened inside another":  {"shift_opened", `{"float":1000}`, "is open still"},
		"a body that is none":            {"sale", `{"receipt":"two"}`, "operation cannot be understood"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newShop(t)
			w.openShift()
			w.sell(cart(w, piece("a", 1000, 1)))
			w.do(register.KindDrawerOpened, register.DrawerOpened{})
			record := `{"journal":"` + journal(t, w) + `","number":4,"id":"x","kind":"` + c.kind + `","version":1,"at":"2026-03-09T09:00:09Z","shift":1,"cashier":"Анна","body":` + c.body + `}`
			w.ok(w.store.Close())
			appendRecord(t, w.dir, record)
			w.store = nil
			w.reopen()
			r, err := w.store.Verify(t.Context())
			if err != nil || !strings.Contains(strings.Join(r.Faults, "\n"), c.says) {
				t.Errorf("it says %q, %v; want %q", r.Faults, err, c.says)
			}
		})
	}
}

func TestAReportOfFaultsIsBounded(t *testing.T) {
	w := newShop(t)
	w.openShift()
	for range 150 {
		w.do(register.KindDrawerOpened, register.DrawerOpened{})
	}
	w.ok(w.store.Close())
	tamper(t, w.dir, `update operations set at = 0`)
	w.store = nil
	w.reopen()
	if r, err := w.store.Verify(t.Context()); err != nil || len(r.Faults) != 101 || r.Operations != 151 {
		t.Errorf("%d faults of %d operations, %v", len(r.Faults), r.Operations, err)
	}
}

func TestVerifyLooksAtOneMoment(t *testing.T) {
	w := newShop(t)
	w.openShift()
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			_, err := w.store.Commit(t.Context(), localdb.Entry{ID: "sell-" + strings.Repeat("i", i+1), Kind: register.KindCashIn, Shift: 1, Body: register.CashMove{Sum: 1}})
			if err != nil {
				done <- err
				return
			}
		}
	}()
	for range 10 {
		w.healthy()
	}
	close(stop)
	w.ok(<-done)
}
