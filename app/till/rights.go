package till

import (
	"context"
	"fmt"
	"time"

	"kassa/localdb"
)

// Role tells how much somebody may do at the till.
type Role string

// The roles, from the least to the most.
const (
	RoleCashier Role = localdb.RoleCashier
	RoleSenior  Role = "senior"
	RoleOwner   Role = "owner"
)

// Roles are all of them, from the least to the most.
func Roles() []Role { return []Role{RoleCashier, RoleSenior, RoleOwner} }

func (r Role) rank() int {
	for i, o := range Roles() {
		if r == o {
			return i
		}
	}
	return -1
}

// Includes tells whether r may do what needs least.
func (r Role) Includes(least Role) bool { return r.rank() >= least.rank() && r.rank() >= 0 }

// Right is something that not everybody may do by himself.
type Right string

// The rights.
const (
	RightRemove           Right = "remove"            // take a line off, or make its quantity smaller
	RightClear            Right = "clear"             // give a whole receipt up
	RightDiscount         Right = "discount"          // give a discount
	RightPrice            Right = "price"             // change a price that is not free
	RightReturn           Right = "return"            // take goods of a sale back
	RightReturnFree       Right = "return_free"       // take goods back with no sale
	RightPrepaymentReturn Right = "prepayment_return" // give a prepayment back
	RightCashIn           Right = "cash_in"
	RightCashOut          Right = "cash_out"
	RightDrawer           Right = "drawer" // open the drawer without a sale
	RightCloseShift       Right = "close_shift"
	RightReports          Right = "reports"   // see the shift's totals
	RightCustomers        Right = "customers" // change customers and their discounts
	RightGoods            Right = "goods"     // import and change goods
	RightFiscal           Right = "fiscal"    // decide about receipts of which the fiscal registrar cannot tell
	RightSettings         Right = "settings"
	RightStaff            Right = "staff" // add cashiers, and change their PINs and roles
)

// Rights are all of them, in the order in which a list offers them.
func Rights() []Right {
	return []Right{RightRemove, RightClear, RightDiscount, RightPrice, RightReturn, RightReturnFree, RightPrepaymentReturn, RightCashIn,
		RightCashOut, RightDrawer, RightCloseShift, RightReports, RightCustomers, RightGoods, RightFiscal, RightSettings, RightStaff}
}

func defaultRights() map[Right]Role {
	return map[Right]Role{
		RightRemove: RoleCashier, RightClear: RoleCashier, RightDiscount: RoleCashier, RightPrice: RoleSenior, RightReturn: RoleCashier,
		RightReturnFree: RoleSenior, RightPrepaymentReturn: RoleSenior, RightCashIn: RoleCashier, RightCashOut: RoleSenior,
		RightDrawer: RoleSenior, RightCloseShift: RoleCashier, RightReports: RoleCashier, RightCustomers: RoleSenior, RightGoods: RoleSenior,
		RightFiscal: RoleSenior, RightSettings: RoleOwner, RightStaff: RoleOwner,
	}
}

func checkRights(rights map[Right]Role) error {
	for right, role := range rights {
		if role.rank() < 0 {
			return fmt.Errorf("%w: %s for %q", ErrBadSetting, right, role)
		}
	}
	// What hands out rights stays with the owner: a cashier who may change the settings may do everything.
	for _, r := range []Right{RightSettings, RightStaff} {
		if role, ok := rights[r]; ok && role != RoleOwner {
			return fmt.Errorf("%w: %s for %q", ErrBadSetting, r, role)
		}
	}
	return nil
}

// leaveLife is how long a leave that was given waits to be used.
const leaveLife = 2 * time.Minute

// leave is a right that somebody with a higher role has given for once.
type leave struct {
	right Right
	by    string
	until time.Time
	turn  int64 // of the cashier to whom it was given
}

// name is who gave the leave; empty where none was needed.
func (l *leave) name() string {
	if l == nil {
		return ""
	}
	return l.by
}

// Leave gives the cashier a right for the next thing that needs it, by the PIN of one who has it. The problem is
// CodeWrongPIN, CodeWait, or CodeNotAllowed when the PIN's owner may not do it either.
func (t *Till) Leave(ctx context.Context, pin string, right Right) error {
	t.mu.Lock()
	turn := t.turn
	t.mu.Unlock()
	who, err := t.checkPIN(ctx, pin)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !Role(who.Role).Includes(t.settings.Least(right)) {
		return problem(CodeNotAllowed, nil, "right", string(right))
	}
	if turn != t.turn {
		return problem(CodeNotSignedIn, nil) // who asked for it has gone meanwhile
	}
	t.leave = &leave{right: right, by: who.Name, until: t.c.Now().Add(leaveLife), turn: turn}
	return nil
}

// may tells whether the cashier may use a right, and by whose leave where the cashier may not alone. A leave is used up,
// unless unused gives it back.
func (t *Till) may(right Right) (*leave, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.allowed(right)
}

// allowed is may with t.mu held.
func (t *Till) allowed(right Right) (*leave, error) {
	if t.cashier == "" {
		return nil, problem(CodeNotSignedIn, nil)
	}
	if t.role.Includes(t.settings.Least(right)) {
		return nil, nil
	}
	l := t.leave
	if l == nil || l.right != right || t.c.Now().After(l.until) {
		return nil, problem(CodeNotAllowed, nil, "right", string(right))
	}
	t.leave = nil
	return l, nil
}

// unused gives a leave back when what it was for did not happen, and passes the error on.
func (t *Till) unused(l *leave, err error) error {
	if l == nil || err == nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.leave == nil && l.turn == t.turn {
		t.leave = l
	}
	return err
}
