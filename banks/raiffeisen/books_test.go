package raiffeisen_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/banktest"
	"kassa/banks/raiffeisen"
	"kassa/banks/raiffeisen/raiffeisensim"
	"kassa/register"
)

// TestBooksAgree lets a payer, a cashier and a network do what they like with one code, and compares the attempt with the
// bank when the dust has settled: paid here is paid there, and no kopeck went back twice.
func TestBooksAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := newDay(rt)
		defer d.close()
		a, err := banks.Begin(d.bank, request())
		d.must(err)
		d.trouble()
		a, err = banks.Create(context.Background(), d.bank, a, request())
		d.known(err)
		d.a = a
		for range rapid.IntRange(0, 25).Draw(rt, "steps") {
			d.step()
		}
		d.settle()
		d.compare()
	})
}

// day is one code's story.
type day struct {
	*rapid.T
	sim     *raiffeisensim.Bank
	bank    banks.Bank
	c       *banktest.Clock
	close   func()
	a       banks.Attempt
	missing banks.Missing
	refunds int
}

func newDay(t *rapid.T) *day {
	d := &day{T: t, c: banktest.NewClock()}
	var err error
	d.sim, err = raiffeisensim.New(raiffeisensim.Config{SecretKey: secretKey, Merchant: merchant, Clock: d.c.Now, Hang: time.Millisecond})
	d.must(err)
	server := httptest.NewServer(d.sim.Handler())
	d.close = server.Close
	d.bank, err = raiffeisen.Adapter().Open(settings(server.URL), banks.Options{Clock: d.c.Now, Timeout: time.Minute})
	d.must(err)
	return d
}

// mishaps are faults that a bank recovers from by itself.
var mishaps = []banksim.Fault{
	banksim.AnswerLost, banksim.AnswerHangs, banksim.RequestLost, banksim.RequestHangs, banksim.HTTP500, banksim.HTTP429,
	banksim.HTTP500After, banksim.Nonsense, banksim.Truncated, banksim.Redirect, raiffeisensim.Empty,
	raiffeisensim.UnknownStatus, raiffeisensim.AmountDiffers, raiffeisensim.AmountMissing, raiffeisensim.AmountString,
	raiffeisensim.AmountExponent, raiffeisensim.OtherPayment, raiffeisensim.OtherOrder, raiffeisensim.OtherCurrency,
	raiffeisensim.PayloadOtherSum, raiffeisensim.PayloadMissing, raiffeisensim.Refuse, raiffeisensim.RefundFails,
	raiffeisensim.RefundNoBalance,
}

// payers are faults that need somebody who has seen the code.
var payers = []banksim.Fault{raiffeisensim.PaidDuringCancel, raiffeisensim.PaidAfterCancel}

func (d *day) trouble() {
	from := mishaps
	if d.a.Payload != "" {
		from = append(slices.Clone(mishaps), payers...)
	}
	for range rapid.IntRange(0, 2).Draw(d.T, "troubles") {
		d.must(d.sim.Faults().Break(banksim.Plan{Name: rapid.SampledFrom(from).Draw(d.T, "trouble"), Times: 1}))
	}
}

func (d *day) step() {
	ctx := context.Background()
	var err error
	switch what := rapid.SampledFrom([]string{"pay", "late", "process", "reject", "expire", "wait", "trouble", "ask", "ask", "cancel", "refund"}).Draw(d.T, "step"); what {
	case "trouble":
		d.trouble()
	case "wait":
		d.c.Advance(time.Duration(rapid.IntRange(1, 400).Draw(d.T, "seconds")) * time.Second)
	case "ask":
		d.ask()
	case "cancel":
		next, err := d.a.CancelSent()
		if err != nil {
			return
		}
		d.a, err = banks.Cancel(ctx, d.bank, next)
		d.known(err)
	case "refund":
		if !d.a.State.Paid() || d.a.Left() == 0 {
			return
		}
		d.refunds++
		sum := register.Money(rapid.Int64Range(1, int64(d.a.Left())).Draw(d.T, "sum"))
		d.a, err = d.a.RefundSent(fmt.Sprint("r", d.refunds), sum)
		d.must(err)
		d.missing = banks.Missing{}
		d.a, err = banks.Cancel(ctx, d.bank, d.a)
		d.known(err)
	default:
		if d.a.Payload != "" { // what nobody has seen nobody can pay
			id := d.a.BankID
			_ = map[string]func() error{
				"pay":     func() error { return d.sim.Pay(id, false) },
				"late":    func() error { return d.sim.Pay(id, true) },
				"process": func() error { return d.sim.Process(id) },
				"reject":  func() error { return d.sim.Reject(id) },
				"expire":  func() error { return d.sim.Expire(id) },
			}[what]()
		}
	}
}

// ask asks, and gives a refund up when its absence is proven.
func (d *day) ask() {
	var err error
	d.a, err = banks.Ask(context.Background(), d.bank, d.a)
	d.known(err)
	gone := false
	if d.missing, gone = d.missing.Heard(d.c.Now(), errors.Is(err, banks.ErrNoRefund)); gone {
		d.a, err = d.a.RefundLost()
		d.must(err)
	}
}

// settle lets everything work again and brings the attempt to an end.
func (d *day) settle() {
	d.sim.Faults().Mend()
	for range 6 {
		d.c.Advance(10 * time.Second)
		d.ask()
		if d.a.State == banks.StateCancelling {
			d.a, _ = banks.Cancel(context.Background(), d.bank, d.a)
		}
	}
}

func (d *day) compare() {
	held := d.sim.Held()
	if d.a.BankID == "" {
		for _, h := range held {
			if h.Paid {
				d.Fatalf("a code that was shown to nobody was paid: %+v", held)
			}
		}
		return
	}
	if len(held) != 1 {
		d.Fatalf("%d codes", len(held))
	}
	h := held[0]
	if h.Paid != d.a.State.HadMoney() || h.Refunded != d.a.Refunded || d.a.Returned != d.a.Refunded || h.Refunded > h.Amount {
		d.Fatalf("here %+v, there %+v", d.a, h)
	}
	if d.a.Refund.ID != "" || d.a.State == banks.StateCancelling {
		d.Fatalf("it never ends: %+v", d.a)
	}
}

func (d *day) must(err error) {
	if err != nil {
		d.Fatal(err)
	}
}

// known fails on an error that the contract of banks does not have.
func (d *day) known(err error) {
	for _, one := range []error{
		nil, banks.ErrUnknown, banks.ErrNotFound, banks.ErrRefused, banks.ErrAmountDiffers, banks.ErrNoRefund, banks.ErrStep,
	} {
		if errors.Is(err, one) {
			return
		}
	}
	d.Fatalf("an error outside of the contract: %v", err)
}
