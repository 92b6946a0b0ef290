package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kassa/app/till"
)

// gate keeps the order of what the cashier does while the till works on an earlier thing, all on the drawing goroutine.
//
// While a change of the cart is on its way to the disk, keys, scans and touches wait for it and are then taken in order:
// nobody has to look at the screen between two scans. While money is being worked on they are dropped instead, so that a
// key that was pressed twice cannot pay for, or confirm, the next thing that comes up.
//
// What the cashier may not do alone is tried again when one who may has given leave; the caller does not notice.
type gate struct {
	deps    *Deps
	refresh func() // draws the newest view: what comes next must not meet an older one
	leave   func(right till.Right, given, refused func())
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
			if right, ok := missing(err); ok {
				g.waiting = nil // typed ahead by one who did not know that a PIN is asked for
				g.leave(right, func() { g.start(money, work, then) }, func() { then(err) })
				return
			}
			then(err)
			g.drain()
		})
	})
}

// missing is the right that the cashier lacks; what needed it can be tried again once somebody has given leave.
func missing(err error) (till.Right, bool) {
	var p *till.Problem
	if !errors.As(err, &p) || p.Code != till.CodeNotAllowed {
		return "", false
	}
	for i := 0; i+1 < len(p.Args); i += 2 {
		if p.Args[i] == "right" {
			return till.Right(fmt.Sprint(p.Args[i+1])), true
		}
	}
	return "", false
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
