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

// Owner is somebody who may look into an account's back office.
type Owner struct {
	Account     uuid.UUID
	ID          uuid.UUID
	Login       string
	AccountName string
}

// NewOwner describes an owner to be made, with a new account and, unless Store is empty, its first store.
type NewOwner struct {
	Login    string // a name or an e-mail address; case does not matter
	Password string // at least MinPassword letters
	Account  string // the business's name
	Store    string
	Zone     string // the store's time zone; Europe/Moscow when empty
}

// MinPassword is the shortest password, in letters.
const MinPassword = 8

// DefaultZone is a store's time zone when nobody says another.
const DefaultZone = "Europe/Moscow"

// ErrBadOwner tells that an owner cannot be made as described; the wrapping error says why.
var ErrBadOwner = errors.New("pg: the owner cannot be made")

// CreateOwner makes an account with its owner and first store. The error is ErrBadOwner, or ErrConflict when the login
// is taken.
func (s *Store) CreateOwner(ctx context.Context, now time.Time, n NewOwner) (Owner, error) {
	login := normalLogin(n.Login)
	switch {
	case login == "" || len(login) > 200 || strings.ContainsFunc(login, notPrintable):
		return Owner{}, fmt.Errorf("%w: the login must be 1 to 200 printable characters", ErrBadOwner)
	case utf8.RuneCountInString(n.Password) < MinPassword || len(n.Password) > 1000:
		return Owner{}, fmt.Errorf("%w: the password must have at least %d letters", ErrBadOwner, MinPassword)
	}
	if n.Account == "" {
		n.Account = login
	}
	o := Owner{Account: newID(), ID: newID(), Login: login, AccountName: n.Account}
	hash := hashPassword(n.Password)
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into accounts (account_id, name, created_at) values ($1, $2, $3)`,
			o.Account, o.AccountName, now)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into owners (account_id, owner_id, login, password, created_at)
			values ($1, $2, $3, $4, $5)`, o.Account, o.ID, o.Login, hash, now)
		if err != nil || n.Store == "" {
			return err
		}
		_, err = createStore(ctx, tx, now, NewStore{Account: o.Account, Name: n.Store, Zone: n.Zone})
		return err
	})
	switch {
	case hasCode(err, uniqueViolation):
		return Owner{}, fmt.Errorf("making owner %q: %w", login, ErrConflict)
	case err != nil:
		return Owner{}, fmt.Errorf("making owner %q: %w", login, err)
	}
	return o, nil
}

// nobody is what an unknown login's password is compared with, so that the answer takes as long as for a known one.
var nobody = "$argon2id$v=19$m=65536,t=3,p=2$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// Login checks a login and a password. The error is ErrNotFound whichever of them is wrong.
func (s *Store) Login(ctx context.Context, login, password string) (Owner, error) {
	var o Owner
	stored := nobody
	err := s.pool.QueryRow(ctx, `select o.account_id, o.owner_id, o.login, a.name, o.password
		from owners o join accounts a using (account_id) where o.login = $1`, normalLogin(login)).
		Scan(&o.Account, &o.ID, &o.Login, &o.AccountName, &stored)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Owner{}, fmt.Errorf("finding the owner: %w", err)
	}
	if !checkPassword(stored, password) || err != nil {
		return Owner{}, ErrNotFound
	}
	return o, nil
}

// FindOwner finds an owner by their login: for the command line. The error is ErrNotFound.
func (s *Store) FindOwner(ctx context.Context, login string) (Owner, error) {
	var o Owner
	err := s.pool.QueryRow(ctx, `select o.account_id, o.owner_id, o.login, a.name
		from owners o join accounts a using (account_id) where o.login = $1`, normalLogin(login)).
		Scan(&o.Account, &o.ID, &o.Login, &o.AccountName)
	if err != nil {
		return Owner{}, fmt.Errorf("finding the owner: %w", found(err))
	}
	return o, nil
}

// StartSession gives an owner a token that names their session until it has not been used for life.
func (s *Store) StartSession(ctx context.Context, now time.Time, o Owner, life time.Duration) (string, error) {
	token, hash := newSecret()
	_, err := s.pool.Exec(ctx, `with old as (delete from web_sessions where expires_at < $4)
		insert into web_sessions (account_id, owner_id, token_hash, created_at, seen_at, expires_at)
		values ($1, $2, $3, $4, $4, $5)`, o.Account, o.ID, hash, now, now.Add(life))
	if err != nil {
		return "", fmt.Errorf("starting a session: %w", err)
	}
	return token, nil
}

// Session finds the owner of a session and lengthens it, at most once a minute. The error is ErrNotFound.
func (s *Store) Session(ctx context.Context, now time.Time, token string, life time.Duration) (Owner, error) {
	var o Owner
	var seen time.Time
	hash := hashSecret(token)
	err := s.pool.QueryRow(ctx, `select o.account_id, o.owner_id, o.login, a.name, w.seen_at
		from web_sessions w join owners o using (account_id, owner_id) join accounts a using (account_id)
		where w.token_hash = $1 and w.expires_at > $2`, hash, now).
		Scan(&o.Account, &o.ID, &o.Login, &o.AccountName, &seen)
	if err != nil {
		return Owner{}, fmt.Errorf("finding the session: %w", found(err))
	}
	if now.Sub(seen) > time.Minute {
		_, err = s.pool.Exec(ctx, `update web_sessions set seen_at = $2, expires_at = $3 where token_hash = $1`,
			hash, now, now.Add(life))
		if err != nil {
			return Owner{}, fmt.Errorf("lengthening the session: %w", err)
		}
	}
	return o, nil
}

// EndSession forgets a session.
func (s *Store) EndSession(ctx context.Context, token string) error {
	_, err := s.pool.Exec(ctx, `delete from web_sessions where token_hash = $1`, hashSecret(token))
	if err != nil {
		return fmt.Errorf("ending the session: %w", err)
	}
	return nil
}

func normalLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

func notPrintable(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }

func newID() uuid.UUID {
	// The error is that of crypto/rand, which ends the program instead of failing.
	return uuid.Must(uuid.NewV7())
}
