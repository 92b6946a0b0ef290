package till

import "slices"

// View is how things stand now. It is cheap and touches no disk.
func (t *Till) View() View { return *t.view.Load() }

// watcher calls one function after changes, on a goroutine of its own.
type watcher struct{ news chan struct{} }

// Watch has f called after every change, on some goroutine, never twice at a time; changes in quick succession may be
// told by one call. f must return soon. stop ends it.
func (t *Till) Watch(f func()) (stop func()) {
	w := &watcher{news: make(chan struct{}, 1)}
	t.mu.Lock()
	t.watchers[w] = struct{}{}
	t.mu.Unlock()
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-done:
				return
			case <-w.news:
				f()
			}
		}
	}()
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if _, ok := t.watchers[w]; ok {
			delete(t.watchers, w)
			close(done)
		}
	}
}

// changed makes the View anew and tells the watchers. t.mu is held.
func (t *Till) changed() {
	t.revision++
	v := &View{
		Revision: t.revision, Settings: t.settings, Shop: t.settings.Shop, Practice: t.c.Practice, Fresh: t.fresh,
		Cashier: t.cashier, Role: t.role, Shift: t.shift, Held: t.held,
		Lines: t.cart.Lines(), Total: t.cart.Total(), Off: t.cart.Off(), Due: t.cart.Due(), Discount: t.cart.Discount(),
		Customer: t.cart.Customer(), Comment: t.cart.Comment(), Order: t.cart.Order(), Frozen: t.current != nil,
		Clock: t.clockTrouble(), Goods: t.goods, Server: t.server, Printer: t.printer, Bank: t.bank,
	}
	v.Contact, v.NoPaper = t.cart.Contact()
	if t.current != nil {
		q := t.current.view()
		v.QR = &q
	}
	for _, f := range t.parked {
		v.Parked = append(v.Parked, f.view())
	}
	for _, b := range t.backs {
		if b == t.back {
			shown := b.view()
			v.Back = &shown
		} else {
			v.Backs = append(v.Backs, b.view())
		}
	}
	for _, l := range t.late {
		if l.shows() {
			v.Late = append(v.Late, t.lateView(l))
		}
	}
	v.Fiscal = t.registrar.view()
	v.Last, v.ParkedSold, v.BackDone = clone(t.last), clone(t.parkedSold), clone(t.backDone)
	t.view.Store(v)
	for w := range t.watchers {
		poke(w.news)
	}
}

func clone(s *Sold) *Sold {
	if s == nil {
		return nil
	}
	c := *s
	return &c
}

// poke wakes the reader of a channel with room for one.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// followers are all QR payments that are being followed. t.mu is held.
func (t *Till) followers() []*follower {
	all := slices.Clone(t.parked)
	if t.current != nil {
		all = append(all, t.current)
	}
	return all
}
