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

// Held is a receipt that was put aside.
type Held struct {
	ID      string
	At      time.Time
	Name    string // what the cashier called it; may be empty
	Cashier string
	Lines   int
	Total   register.Money
	Cart    register.Draft
}

// Errors of receipts on hold.
var (
	ErrNoHeld  = errors.New("localdb: no such receipt on hold")
	ErrBadHeld = errors.New("localdb: the receipt on hold does not add up")
)

// Hold puts a receipt aside. The receipt that was being rung up is empty from then on, in the same transaction.
func (s *Store) Hold(ctx context.Context, h Held) error {
	cart, err := json.Marshal(h.Cart)
	if err != nil {
		return fmt.Errorf("holding a receipt: %w", err)
	}
	return s.inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into held_receipts (id, at, name, cashier, lines, total, cart, receipt)
			values (?, ?, ?, ?, ?, ?, ?, coalesce((select receipt from draft), ''))`,
			h.ID, ms(h.At), h.Name, h.Cashier, len(h.Cart.Lines), int64(h.Cart.Total()), string(cart))
		if err != nil {
			return fmt.Errorf("holding a receipt: %w", err)
		}
		return s.writer(ctx, tx).saveDraft(register.Draft{})
	})
}

// Unhold takes a receipt back: it is the one that is being rung up from then on. The error is ErrNoHeld or
// ErrBadHeld; nothing has changed then.
func (s *Store) Unhold(ctx context.Context, id string) (h Held, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		if h, err = scanHeld(tx.QueryRowContext(ctx, selectHeld+` where id = ?`, id)); err != nil {
			return err
		}
		if _, err := register.RestoreCart(h.Cart); err != nil {
			return fmt.Errorf("%w: %w", ErrBadHeld, err) // it stays where it is, to be looked at
		}
		if err := s.writer(ctx, tx).saveDraft(h.Cart); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update draft set receipt = (select receipt from held_receipts where id = ?)`, id); err != nil {
			return fmt.Errorf("taking a receipt back: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `delete from held_receipts where id = ?`, id); err != nil {
			return fmt.Errorf("taking a receipt back: %w", err)
		}
		return nil
	})
	return h, err
}

const selectHeld = `select id, at, name, cashier, lines, total, cart from held_receipts`

// HeldReceipts returns the receipts on hold, oldest first.
func (s *Store) HeldReceipts(ctx context.Context) ([]Held, error) {
	rows, err := s.r.QueryContext(ctx, selectHeld+` order by at, id`)
	if err != nil {
		return nil, fmt.Errorf("reading receipts on hold: %w", err)
	}
	defer rows.Close()
	var all []Held
	for rows.Next() {
		h, err := scanHeld(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, rows.Err()
}

// HeldCount is how many receipts are on hold.
func (s *Store) HeldCount(ctx context.Context) (n int, err error) {
	if err := s.r.QueryRowContext(ctx, `select count(*) from held_receipts`).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting receipts on hold: %w", err)
	}
	return n, nil
}

func scanHeld(row interface{ Scan(...any) error }) (Held, error) {
	var h Held
	var at int64
	var cart string
	err := row.Scan(&h.ID, &at, &h.Name, &h.Cashier, &h.Lines, &h.Total, &cart)
	if errors.Is(err, sql.ErrNoRows) {
		return h, ErrNoHeld
	}
	if err == nil {
		err = json.Unmarshal([]byte(cart), &h.Cart)
	}
	if err != nil {
		return h, fmt.Errorf("reading a receipt on hold: %w", err)
	}
	h.At = fromMS(at)
	return h, nil
}
