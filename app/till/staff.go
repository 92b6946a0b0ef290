package till

import (
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"kassa/localdb"
)

// Member is somebody who may sign in.
type Member struct {
	ID   string
	Name string
	Role Role
}

// maxName bounds a cashier's name, in letters: what a fiscal receipt can hold (tag 1021).
const maxName = 64

// plain tells whether a text is at most so many letters, and can be printed.
func plain(text string, most int) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= most && !strings.ContainsFunc(text, unicode.IsControl)
}

// Staff lists who may sign in.
func (t *Till) Staff(ctx context.Context) ([]Member, error) {
	cashiers, err := t.c.Store.Cashiers(ctx)
	if err != nil {
		return nil, disk(err)
	}
	all := make([]Member, len(cashiers))
	for i, c := range cashiers {
		all[i] = Member{ID: c.ID, Name: c.Name, Role: Role(c.Role)}
	}
	return all, nil
}

// SaveMember adds somebody, when the member has no id, or changes one. An empty PIN leaves the PIN as it is. A PIN that
// somebody else has is refused: the PIN alone says who signs in.
func (t *Till) SaveMember(ctx context.Context, m Member, pin string) error {
	if _, err := t.may(RightStaff); err != nil {
		return err
	}
	return t.saveMember(ctx, m, pin)
}

func (t *Till) saveMember(ctx context.Context, m Member, pin string) error {
	return saveMember(ctx, t.c.Store, t.c.NewID, m, pin)
}

// AddMember adds somebody to a till that is not open. The first one is the owner, whatever role says: without one nobody
// could open the settings. Errors are those of SaveMember.
func AddMember(ctx context.Context, store *localdb.Store, name string, role Role, pin string) error {
	cashiers, err := store.Cashiers(ctx)
	if err != nil {
		return disk(err)
	}
	if len(cashiers) == 0 {
		role = RoleOwner
	}
	newID := func() string { return uuid.Must(uuid.NewV7()).String() }
	return saveMember(ctx, store, newID, Member{Name: name, Role: role}, pin)
}

func saveMember(ctx context.Context, store *localdb.Store, newID func() string, m Member, pin string) error {
	m.Name = strings.TrimSpace(m.Name)
	if m.Name == "" || !plain(m.Name, maxName) || m.Role.rank() < 0 {
		return problem(CodeBadName, nil)
	}
	cashiers, err := store.Cashiers(ctx)
	if err != nil {
		return disk(err)
	}
	c := localdb.Cashier{ID: m.ID, Name: m.Name, Role: string(m.Role)}
	for _, other := range cashiers {
		switch {
		case other.ID == m.ID:
			c.PINHash = other.PINHash
		case pin != "" && pinMatches(pin, other.PINHash):
			return problem(CodePINTaken, nil)
		}
	}
	if c.ID == "" {
		c.ID = newID()
	}
	if pin != "" || c.PINHash == "" {
		if c.PINHash, err = HashPIN(pin); err != nil {
			return problem(CodeBadPIN, err)
		}
	}
	if m.Role != RoleOwner && onlyOwner(cashiers, m.ID) {
		return problem(CodeLastOwner, nil)
	}
	return disk(store.SetCashier(ctx, c))
}

// RemoveMember lets somebody in no more. The last owner stays.
func (t *Till) RemoveMember(ctx context.Context, id string) error {
	if _, err := t.may(RightStaff); err != nil {
		return err
	}
	cashiers, err := t.c.Store.Cashiers(ctx)
	if err != nil {
		return disk(err)
	}
	if onlyOwner(cashiers, id) {
		return problem(CodeLastOwner, nil)
	}
	return disk(t.c.Store.RemoveCashier(ctx, id))
}

// onlyOwner tells whether nobody but this one is an owner.
func onlyOwner(cashiers []localdb.Cashier, id string) bool {
	is, others := false, false
	for _, c := range cashiers {
		if Role(c.Role) != RoleOwner {
			continue
		}
		if c.ID == id {
			is = true
		} else {
			others = true
		}
	}
	return is && !others
}

// Found sets a new till up: the shop's name, and the owner with a PIN, who is signed in. It is refused once somebody may
// sign in.
func (t *Till) Found(ctx context.Context, shop, owner, pin string) error {
	cashiers, err := t.c.Store.Cashiers(ctx)
	if err != nil {
		return disk(err)
	}
	if len(cashiers) > 0 {
		return problem(CodeNotAllowed, errors.New("the till is set up already"), "right", string(RightStaff))
	}
	s := t.View().Settings.Clone()
	s.Shop.Name = strings.TrimSpace(shop)
	if err := s.Check(); err != nil || s.Shop.Name == "" {
		return problem(CodeBadName, err)
	}
	// The owner comes last: once there is one, nothing of this can be tried again.
	if err := SaveSettings(ctx, t.c.Store, s); err != nil {
		return disk(err)
	}
	if err := t.saveMember(ctx, Member{Name: owner, Role: RoleOwner}, pin); err != nil {
		return err
	}
	t.mu.Lock()
	t.settings, t.fresh = &s, false
	t.changed()
	t.mu.Unlock()
	return t.SignIn(ctx, pin)
}
