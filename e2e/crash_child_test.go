package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"kassa/app/till"
	"kassa/localdb"
	"kassa/register"
)

// The environment of a till that will be killed: this very test program, started again.
const (
	crashDir    = "KASSA_CRASH_DIR"    // the till's folder
	crashOffset = "KASSA_CRASH_OFFSET" // nanoseconds from the real clock to the world's
	crashFinish = "KASSA_CRASH_FINISH" // bring everything to an end and stop
)

// What the till says on standard output, a line each.
const (
	saidReady = "READY" // signed in
	saidCode  = "CODE"  // a payment code is on the screen
	saidPay   = "PAY"   // the next key takes the cash
	saidSold  = "SOLD"  // the screen says sold: number and total follow
	saidLeft  = "LEFT"  // a payment was found open at the start
)

// crashingTill sells and sells, with the real window, until it is killed.
func crashingTill(dir string) int {
	if err := sellUntilKilled(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func sellUntilKilled(dir string) error {
	offset, err := strconv.ParseInt(os.Getenv(crashOffset), 10, 64)
	if err != nil {
		return err
	}
	now := func() time.Time { return time.Now().Add(time.Duration(offset)) }
	// Looked up before the till starts: it may bring a payment to its end before anybody has signed in.
	if err := tellLeft(dir, now); err != nil {
		return err
	}
	p, err := start(context.Background(), dir, now)
	if err != nil {
		return err
	}
	if err := p.signIn(); err != nil {
		return err
	}
	if p.till.View().QR != nil {
		if err := p.endPayment(); err != nil {
			return err
		}
	}
	if os.Getenv(crashFinish) != "" {
		return errors.Join(p.screen.Until("everything sent", func() bool {
			v := p.till.View()
			return v.Server.Waiting == 0 && v.Server.Link == till.LinkUp
		}), p.close())
	}
	fmt.Println(saidReady)
	for i := 0; ; i++ {
		if err := p.sellOne(i); err != nil {
			return err
		}
	}
}

// tellLeft tells of a payment that was left open when the power went.
func tellLeft(dir string, now func() time.Time) (err error) {
	store, err := localdb.Open(context.Background(), localdb.Options{Dir: dir, Now: now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	open, err := store.OpenQRPayments(context.Background())
	if len(open) > 0 {
		fmt.Println(saidLeft)
	}
	return err
}

// sellOne rings up some goods and is paid for them, by QR every other time.
func (p *program) sellOne(i int) error {
	if p.till.View().Total == 0 {
		if err := p.scan([]string{milk, bread, milk}[:1+i%3]...); err != nil {
			return err
		}
	}
	if i%2 == 0 {
		if err := p.screen.Press("F11"); err != nil {
			return err
		}
		return p.endPayment()
	}
	if err := p.screen.Press("F10"); err != nil {
		return err
	}
	p.screen.Type("1000")
	fmt.Println(saidPay)
	if err := p.screen.Press("Return"); err != nil {
		return err
	}
	return p.sold()
}

// endPayment follows the payment on the screen to its end.
func (p *program) endPayment() error {
	told := false
	err := p.screen.Until("the payment's end", func() bool {
		q := p.till.View().QR
		if q != nil && q.Payload != "" && !told {
			told = true
			fmt.Println(saidCode)
		}
		return q == nil || q.Done
	})
	if err != nil {
		return err
	}
	if p.till.View().QR != nil {
		return p.screen.Press("Escape")
	}
	return p.sold()
}

// sold waits for the screen to say so, tells it, and goes on to the next buyer.
func (p *program) sold() error {
	if err := p.screen.Until("sold", func() bool { return p.till.View().Last != nil && p.screen.Says("Продано") }); err != nil {
		return err
	}
	l := p.till.View().Last
	fmt.Println(saidSold, l.Number, int64(l.Total))
	if l.Method == register.Cash || l.Method == register.QR {
		return p.screen.Press("Return")
	}
	return fmt.Errorf("sold by %q", l.Method)
}
