package localdb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"kassa/localdb"
	"kassa/register"
)

func quantity(q register.Quantity) *register.Quantity { return &q }

func wantStock(t *testing.T, s *localdb.Store, id string, want *register.Quantity) {
	t.Helper()
	q, counted, err := s.Stock(t.Context(), id)
	if err != nil || counted != (want != nil) || want != nil && q != *want {
		t.Errorf("the stock of %s is %s (counted: %v), %v", id, q, counted, err)
	}
	p, err := s.ProductByID(t.Context(), id)
	if err != nil && !errors.Is(err, localdb.ErrNoProduct) || (p.Stock != nil) != (want != nil) || want != nil && *p.Stock != *want {
		t.Errorf("the product %s has the stock %v, %v", id, p.Stock, err)
	}
}

func TestStock(t *testing.T) {
	milk := product("Молоко", func(p *register.Product) { p.ID, p.Code, p.Stock = "milk", "1", quantity(5000) })
	bread := product("Хлеб", func(p *register.Product) { p.ID, p.Code = "bread", "2" })
	s := stocked(t, milk, bread)
	wantStock(t, s, "milk", quantity(5000))
	wantStock(t, s, "bread", nil)
	if err := s.SetStock(t.Context(), "bread", quantity(-2500)); err != nil {
		t.Fatal(err)
	}
	wantStock(t, s, "bread", quantity(-2500))

	milk.Stock = nil // a list that names no stock leaves it
	if done := take(t, s, milk, bread); done != (localdb.Imported{Same: 2}) {
		t.Errorf("without stock: %+v", done)
	}
	wantStock(t, s, "milk", quantity(5000))
	wantStock(t, s, "bread", quantity(-2500))

	milk.Stock, bread.Stock = quantity(5000), quantity(7000)
	if done := take(t, s, milk, bread); done != (localdb.Imported{Same: 1, Changed: 1}) {
		t.Errorf("with the stock of one changed: %+v", done)
	}
	wantStock(t, s, "bread", quantity(7000))

	other := bread
	other.Stock = quantity(1000)
	take(t, s, other, bread) // of a product that a list names twice the last line counts
	wantStock(t, s, "bread", quantity(7000))

	if err := s.SetStock(t.Context(), "milk", nil); err != nil {
		t.Fatal(err)
	}
	wantStock(t, s, "milk", nil)
	wantStock(t, s, "nobody", nil)
}

// More goods than are set in one step, the last ones twice.
func TestTheStockOfManyGoods(t *testing.T) {
	var goods []register.Product
	for i := range 2100 {
		goods = append(goods, product(fmt.Sprint("Товар ", i), func(p *register.Product) {
			p.ID, p.Code, p.Stock = fmt.Sprint("id", i), fmt.Sprint(i), quantity(register.Quantity(i))
		}))
	}
	again := goods[2099]
	again.Stock = quantity(1)
	s := stocked(t, append(goods, again)...)
	wantStock(t, s, "id0", quantity(0))
	wantStock(t, s, "id1500", quantity(1500))
	wantStock(t, s, "id2099", quantity(1))
}

// The power goes after a list was written and before its stock was set, whole or in part: the rest is set at the next
// start, and what was sold of the first part since is not forgotten.
func TestStockThatAListNamedIsSetAtTheNextStart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	take(t, s, product("а", func(p *register.Product) { p.ID = "a" }), product("б", func(p *register.Product) { p.ID = "b" }))
	s.Close()
	alter(t, dir, localdb.CatalogueName, `insert into named_stock values (1, 'a', 5000), (2, 'b', 6000); update last_import set id = 'list'`)
	alter(t, dir, localdb.FileName, `insert into stock values ('a', 4000); insert into stock_import values (1, 'list', 1)`)
	s = open(t, dir)
	wantStock(t, s, "a", quantity(4000))
	wantStock(t, s, "b", quantity(6000))
	if err := s.SetStock(t.Context(), "b", quantity(1000)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	wantStock(t, open(t, dir), "b", quantity(1000))
}

func TestASaleDuringAnImportMovesTheStock(t *testing.T) {
	s := stocked(t, product("Молоко", func(p *register.Product) { p.ID, p.Stock = "p", quantity(9000) }))
	openShift(t, s, 1)
	sold := 0
	sell := func() {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		sold++
		if _, err := s.Commit(ctx, cashSale(t, fmt.Sprint("sale-", sold), 100)); err != nil {
			t.Error(err)
		}
	}
	goods := func(yield func(register.Product, error) bool) {
		for i := range 3000 {
			if i == 100 {
				sell() // while the list is being read
			}
			if !yield(product(fmt.Sprint("Товар ", i), nil), nil) {
				return
			}
		}
	}
	wrote := false
	done, err := s.ImportGoods(t.Context(), goods, func(n int) {
		if n > 1000 && !wrote {
			wrote = true
			sell() // while it is being written
		}
	})
	if err != nil || done.Added != 3000 || sold != 2 {
		t.Errorf("imported %+v with %d sales, %v", done, sold, err)
	}
	wantStock(t, s, "p", quantity(7000))
}

// alter changes one of the files of a closed store behind its back.
func alter(t *testing.T, dir, file, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}
