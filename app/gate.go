package app

import (
	"context"
	"time"
)

// gate keeps the order of what the cashier does while the till works on an earlier thing, all on the drawing goroutine.
//
// While a change of the cart is on its way to the disk, keys, scans and touches wait for it and are then taken in order:
// nobody has to look at the screen between two scans. While money is being worked on they are dropped instead, so that a
// key that was pressed twice cannot pay for, or confirm, the next thing that comes up.
type gate struct {
	deps    *Deps
	refresh func() // draws the newest view: what comes next must not meet an older one
	working bool
	money   bool
	waiting []func()
}

// patience bounds every call to the till; they only touch the disk.
const patience = 20 * time.Second

// most bounds what can wait: some hundred scans. Nobody works so far ahead of the till.
const most = 4000

// enter runs f now or after what is being worked on; false: not at all.
func (g *gate) enter(f func()) bool {
	switch {
	case g.money, g.working && len(g.waiting) >= most:
		return false
	case g.working:
		g.waiting = append(g.waiting, f)
	default:
		f()
	}
	return true
}

// after runs f after what is being worked on, money too.
func (g *gate) after(f func()) {
	if g.working {
		g.waiting = append(g.waiting, f)
		return
	}
	f()
}

// change works on the cart and then draws.
func (g *gate) change(work func(context.Context) error, then func(error)) {
	g.enter(func() { g.start(false, work, then) })
}

// commit works on money, a shift or a sign-in and then draws. It does nothing while something is being worked on.
func (g *gate) commit(work func(context.Context) error, then func(error)) {
	if g.working {
		return
	}
	g.start(true, work, then)
}

func (g *gate) start(money bool, work func(context.Context) error, then func(error)) {
	g.working, g.money = true, money
	g.deps.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		err := work(ctx)
		g.deps.Draw(func() {
			g.working, g.money = false, false
			if money && err != nil {
				g.waiting = nil // typed ahead for a success; an Enter among it would try to pay again, unread
			}
			g.refresh()
			then(err)
			g.drain()
		})
	})
}

func (g *gate) drain() {
	for len(g.waiting) > 0 && !g.working {
		f := g.waiting[0]
		g.waiting = g.waiting[1:]
		f()
	}
	if len(g.waiting) == 0 {
		g.waiting = nil
	}
}
