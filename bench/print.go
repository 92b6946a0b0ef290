package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"time"

	"kassa/app/till"
	"kassa/printer/escpos"
	"kassa/printer/printersim"
	"kassa/printer/tcp"
)

const (
	printPromise  = 20 * time.Millisecond // the median, from the commit to the first byte
	printPatience = 30 * time.Second      // for one slip

	printRow = "commit to first byte at the printer: "
)

// printing measures how long it takes from a sale's commit until the first byte of its slip is at the printer: the worker
// is woken, takes the job from the database, makes the bytes, connects over TCP, asks the printer how it is, and sends.
// Everything between is real, the printer is the practice one. With a sale for cash the drawer comes first, and the slip
// after it on the same connection; the clock stops at the drawer's pulse.
func (b *bench) printing(ctx context.Context) (err error) {
	if b.printed == 0 {
		return nil
	}
	paper, err := printersim.New(printersim.Config{Dir: filepath.Join(b.dir, "paper"), Clock: time.Now})
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	wire := &noting{Listener: ln, first: make(chan time.Time, 1)}
	work, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- paper.Serve(work, wire) }()
	defer func() { stop(); err = errors.Join(err, <-done) }()
	store, err := b.openStore(ctx, "printing")
	if store != nil {
		defer func() { err = errors.Join(err, store.Close()) }()
	}
	if err != nil {
		return err
	}
	if err := importSaleGoods(ctx, store); err != nil {
		return err
	}
	t, err := openTill(ctx, till.Config{Store: store, Printer: tcp.New(ln.Addr().String(), tcp.Timeouts{}), Profile: escpos.Generic80()})
	if err != nil {
		return err
	}
	t.Start(ctx)
	defer t.Stop()
	s := &printShop{sales: &sales{store: store, till: t}, paper: paper, wire: wire}
	for _, way := range []struct {
		name string
		pay  func() error
	}{
		{"the slip of a card sale", func() error { _, err := t.PayCard(ctx, ""); return err }},
		{"the drawer of a cash sale", func() error { _, err := t.PayCash(ctx, 1000_00); return err }},
	} {
		say("printing %d times, %s", b.printed, way.name)
		var took times
		for range b.printed {
			one, err := s.print(ctx, way.pay)
			if err != nil {
				return fmt.Errorf("printing %s: %w", way.name, err)
			}
			took = append(took, one)
		}
		b.add(printRow+way.name, took.summary(), "p50 at most "+printPromise.String(), "p50 "+quotient(took.at(0.5), printPromise))
	}
	return nil
}

// printShop is a shop with a till and a printer.
type printShop struct {
	*sales
	paper *printersim.Printer
	wire  *noting
	slips int
}

// print sells, and gives the time from the commit until the printer had the first byte. It returns when the slip is on
// paper and the till has noted it, so that nothing of one sale is in the next one's way.
func (s *printShop) print(ctx context.Context, pay func() error) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, printPatience)
	defer cancel()
	if err := s.ring(ctx); err != nil {
		return 0, err
	}
	s.wire.arm()
	if err := pay(); err != nil {
		return 0, err
	}
	var first time.Time
	select {
	case first = <-s.wire.first:
	case <-ctx.Done():
		return 0, fmt.Errorf("waiting for the first byte: %w", ctx.Err())
	}
	// The operation bears the time at which its commit began, in whole milliseconds: the figure is not too small.
	last, err := s.store.History(ctx, 0, 1)
	if err != nil || len(last) != 1 {
		return 0, fmt.Errorf("reading the sale: %d operations, %w", len(last), err)
	}
	s.slips++
	if err := s.paper.Wait(ctx, s.slips); err != nil {
		return 0, err
	}
	for s.till.View().Printer.Waiting > 0 && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	return first.Sub(last[0].At), ctx.Err()
}

// noting is a listener that notes when the first byte comes that is part of a job.
type noting struct {
	net.Listener
	first chan time.Time
}

// arm has the next byte noted.
func (n *noting) arm() {
	select {
	case <-n.first:
	default:
	}
}

func (n *noting) Accept() (net.Conn, error) {
	c, err := n.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return notedConn{c, n.first}, nil
}

type notedConn struct {
	net.Conn
	first chan<- time.Time
}

// Read passes on what comes. A question, DLE EOT n, is no part of a job, and comes alone.
func (c notedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 && (n != 3 || p[0] != 0x10 || p[1] != 0x04) {
		select {
		case c.first <- time.Now():
		default:
		}
	}
	return n, err
}
