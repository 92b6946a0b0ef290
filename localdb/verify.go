package localdb

import (
	"context"
	"fmt"

	"kassa/register"
)

// Report is what Verify found.
type Report struct {
	Operations int64          `json:"operations"`
	Waiting    int64          `json:"waiting"` // operations that the server does not have yet
	Products   int64          `json:"products"`
	Drawer     register.Money `json:"drawer"` // kopecks, as the operations give it
	Faults     []string       `json:"faults"` // empty: all is well
}

// Verify checks the file, the chain of every journal, and that the projections (drawer, shifts) are what the
// operations give when they are added up anew.
func (s *Store) Verify(ctx context.Context) (Report, error) {
	var r Report
	rep := func(format string, args ...any) { r.Faults = append(r.Faults, fmt.Sprintf(format, args...)) }
	conn, err := s.r.Conn(ctx)
	if err != nil {
		return r, fmt.Errorf("verifying: %w", err)
	}
	err = quickCheck(ctx, conn)
	conn.Close()
	if err != nil {
		rep("the file: %v", err)
		return r, nil
	}
	shifts := map[int64]*register.Totals{}
	if err := s.verifyChain(ctx, &r, shifts, rep); err != nil {
		return r, err
	}
	for n, t := range shifts {
		sh, err := scanShift(s.r.QueryRowContext(ctx, selectShift+` where number = ?`, n))
		if err != nil {
			return r, err
		}
		if sh.Totals != *t {
			rep("shift %d: the totals differ from its operations", n)
		}
	}
	drawer, err := s.Drawer(ctx)
	if err != nil {
		return r, err
	}
	if drawer != r.Drawer {
		rep("the drawer holds %s, the operations give %s", drawer, r.Drawer)
	}
	if r.Waiting, err = s.Waiting(ctx); err != nil {
		return r, err
	}
	if r.Products, err = s.countGoods(ctx); err != nil {
		return r, err
	}
	return r, nil
}

// verifyChain walks all operations in the order of their commit.
func (s *Store) verifyChain(ctx context.Context, r *Report, shifts map[int64]*register.Totals, rep func(string, ...any)) error {
	type end struct {
		number int64
		hash   register.Hash
	}
	ends := map[string]end{}
	for after := int64(0); ; {
		page, err := s.Since(ctx, after, 500)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return nil
		}
		for _, o := range page {
			after = o.Position
			last := ends[o.Journal]
			if o.Number != last.number+1 {
				rep("journal %s: number %d follows %d", o.Journal, o.Number, last.number)
			}
			if register.Link(last.hash, o.Record) != o.Hash {
				rep("journal %s: the hash of operation %d is wrong", o.Journal, o.Number)
			}
			ends[o.Journal] = end{o.Number, o.Hash}
			r.Operations++
			t := shifts[o.Shift]
			if t == nil {
				t = &register.Totals{}
				shifts[o.Shift] = t
			}
			if err := t.Apply(o.Operation); err != nil {
				rep("operation %d: %v", o.Number, err)
			}
			r.Drawer = t.CashEnd
		}
	}
}
