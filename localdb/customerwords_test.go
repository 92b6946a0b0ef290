package localdb

import (
	"database/sql"
	"fmt"
	"testing"

	"kassa/register"
)

// TestManyCustomersAreFoundAsFewAre holds that both ways of finding customers give the same.
func TestManyCustomersAreFoundAsFewAre(t *testing.T) {
	s := sold(t, t.TempDir())
	err := s.inTx(t.Context(), func(tx *sql.Tx) error {
		for i := range manyCustomers + 200 {
			c := register.Customer{ID: fmt.Sprint(i), Name: fmt.Sprintf("Иванов %d-й", i), Phone: fmt.Sprintf("+7 912 %07d", i*7919)}
			if err := storeCustomer(t.Context(), tx, c); err != nil {
				return err
			}
		}
		return storeCustomer(t.Context(), tx, register.Customer{ID: "7", Name: `Пётр "Ё" Первый`}) // no Ivanov any more
	})
	if err != nil {
		t.Fatal(err)
	}
	for text, few := range map[string]bool{"иванов": false, "ИВАНОВ 17": false, "117": true, "912 79": false, "8 (912) 007-91": true, "петр": true, `"е"`: true,
		"ё": false, "иванов 7-й": true, "111-й": true, "петр иванов": true, "": false} {
		w := parseWords(text)
		if got, err := s.fewCustomers(t.Context(), w); err != nil || got != few {
			t.Errorf("%q: few is %v, %v", text, got, err)
		}
		found, err := s.Customers(t.Context(), text, 0, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		var want int
		where, args := w.like("words")
		if err := s.r.QueryRowContext(t.Context(), `select count(*) from customers where `+where, args...).Scan(&want); err != nil {
			t.Fatal(err)
		}
		if len(found) != want || (want == 0) != (text == "петр иванов") {
			t.Errorf("%q: found %d, want %d", text, len(found), want)
		}
	}
}
