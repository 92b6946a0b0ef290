package pg

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Shop is a store of an account. (Store is taken by the database.)
type Shop struct {
	Account uuid.UUID
	ID      uuid.UUID
	Name    string
	Zone    string
}

// Location is the store's time zone, UTC when this machine does not know it.
func (s Shop) Location() *time.Location {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// NewStore describes a store to be made.
type NewStore struct {
	Account uuid.UUID
	Name    string
	Zone    string // DefaultZone when empty
}

// ErrBadStore tells that a store cannot be made as described; the wrapping error says why.
var ErrBadStore = errors.New("pg: the store cannot be made")

// CreateStore makes a store. The error is ErrBadStore, or ErrConflict when the account has one of that name.
func (s *Store) CreateStore(ctx context.Context, now time.Time, n NewStore) (Shop, error) {
	var shop Shop
	err := s.inTx(ctx, func(tx pgx.Tx) (err error) {
		shop, err = createStore(ctx, tx, now, n)
		return err
	})
	if hasCode(err, uniqueViolation) {
		err = ErrConflict
	}
	if err != nil {
		return Shop{}, fmt.Errorf("making store %q: %w", n.Name, err)
	}
	return shop, nil
}

func createStore(ctx context.Context, tx pgx.Tx, now time.Time, n NewStore) (Shop, error) {
	name := strings.TrimSpace(n.Name)
	if name == "" || utf8.RuneCountInString(name) > 100 || strings.ContainsFunc(name, notPrintable) {
		return Shop{}, fmt.Errorf("%w: the name must be 1 to 100 letters", ErrBadStore)
	}
	if n.Zone == "" {
		n.Zone = DefaultZone
	}
	if _, err := time.LoadLocation(n.Zone); err != nil {
		return Shop{}, fmt.Errorf("%w: time zone %q: %w", ErrBadStore, n.Zone, err)
	}
	shop := Shop{Account: n.Account, ID: newID(), Name: name, Zone: n.Zone}
	_, err := tx.Exec(ctx, `insert into stores (account_id, store_id, name, time_zone, created_at)
		values ($1, $2, $3, $4, $5)`, shop.Account, shop.ID, shop.Name, shop.Zone, now)
	return shop, err
}

// Stores lists an account's stores by name.
func (s *Store) Stores(ctx context.Context, account uuid.UUID) ([]Shop, error) {
	rows, _ := s.pool.Query(ctx, `select account_id, store_id, name, time_zone from stores
		where account_id = $1 order by name, store_id`, account) // CollectRows gives the error
	shops, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Shop])
	if err != nil {
		return nil, fmt.Errorf("listing stores: %w", err)
	}
	return shops, nil
}

// ErrAmbiguous tells that several stores have the name that was asked for.
var ErrAmbiguous = errors.New("pg: several accounts have a store of that name; give its id")

// FindStore finds a store by its id or its name, in whatever account: for the command line. An empty text finds the only
// store there is. The error is ErrNotFound or ErrAmbiguous.
func (s *Store) FindStore(ctx context.Context, text string) (Shop, error) {
	rows, _ := s.pool.Query(ctx, `select account_id, store_id, name, time_zone from stores
		where $1 = '' or name = $1 or store_id::text = lower($1) limit 2`, strings.TrimSpace(text)) // as above
	shops, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Shop])
	switch {
	case err != nil:
		return Shop{}, fmt.Errorf("finding store %q: %w", text, err)
	case len(shops) == 0:
		return Shop{}, fmt.Errorf("finding store %q: %w", text, ErrNotFound)
	case len(shops) > 1:
		return Shop{}, fmt.Errorf("finding store %q: %w", text, ErrAmbiguous)
	}
	return shops[0], nil
}
