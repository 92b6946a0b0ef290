package app

import (
	"context"

	"kassa/app/till"
	"kassa/register"
)

// cameBack is how much of a sale's goods came back.
type cameBack int

const (
	cameNone cameBack = iota
	camePart
	cameAll
)

// backMarks is what is known of the sales that were in sight: how much of each came back.
type backMarks struct {
	asked map[string]bool // by the sale's id
	known map[string]cameBack
}

// forget has everything asked again: something may have come back since. What is known stands until then.
func (m *backMarks) forget() { m.asked = nil }

// ask tells whether a sale should be asked for.
func (m *backMarks) ask(id string) bool {
	if m.asked[id] {
		return false
	}
	if m.asked == nil {
		m.asked = map[string]bool{}
	}
	m.asked[id] = true
	return true
}

// note keeps what a sale's goods are, and tells whether that is news.
func (m *backMarks) note(id string, is cameBack) bool {
	if m.known[id] == is {
		return false
	}
	if m.known == nil {
		m.known = map[string]cameBack{}
	}
	m.known[id] = is
	return true
}

// text says it on the row of the sale; empty when nothing came back.
func (m *backMarks) text(w *Window, o till.Operation) string {
	switch m.known[o.ID] {
	case camePart:
		return w.T("app.returns.mark_part")
	case cameAll:
		return w.T("app.returns.mark_all")
	}
	return ""
}

// cameBackOf is how much of a sale came back.
func cameBackOf(r till.Returnable) cameBack {
	is := cameAll
	var some bool
	for i, l := range r.Sale.Lines {
		if i >= len(r.Left) {
			return cameNone
		}
		some = some || r.Left[i].Quantity < l.Quantity
		if r.Left[i].Quantity > 0 {
			is = camePart
		}
	}
	if !some {
		return cameNone
	}
	return is
}

// askBack reads how much of a sale came back, of the rows in sight alone, each once until something else comes back.
func (h *pastScreen) askBack(o till.Operation) {
	w, st := h.w, h.state
	if o.Kind != register.KindSale || !st.back.ask(o.ID) {
		return
	}
	var sale till.Returnable
	w.fetch(func(ctx context.Context) (err error) {
		sale, err = w.deps.Till.Returnable(ctx, o.ID)
		return err
	}, func(err error) {
		if err != nil || !st.back.note(o.ID, cameBackOf(sale)) {
			return // the row stays unmarked; whoever opens the sale is told
		}
		for n := range st.all {
			if c := h.current(); c != nil && st.all[n].ID == o.ID {
				c.list.ReloadItem(n)
			}
		}
	})
}
