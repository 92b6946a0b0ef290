package kkmserver_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fiscaltest"
	"kassa/fiscal/fnsim"
	"kassa/fiscal/kkmserver/kkmsim"
	"kassa/register"
)

// TestDocumentsAndFaults makes a few hundred documents while anything may go wrong at any of them, and then compares: one
// document at the device for each that was asked for, with its lines, sums and taxes, in the same order.
func TestDocumentsAndFaults(t *testing.T) {
	t.Parallel()
	const seed, documents = 20260314, 300
	random := rand.New(rand.NewPCG(seed, 0))
	r := newRig(t, fnsim.Setup{}, kkmsim.Options{}).opened(t)
	r.makes(t, fiscal.Document{Kind: fiscal.CashIn, Total: 100_000_00})
	faults := []fnsim.Fault{fnsim.LostBefore, fnsim.LostAfter, fnsim.PowerBefore, fnsim.PowerAfter, fnsim.PaperEnds, fnsim.RequestLost, fnsim.AnswerLost,
		fnsim.HTTP500, fnsim.HTTP500After, fnsim.Nonsense, fnsim.Truncated, fnsim.Empty, fnsim.Redirect}
	var asked []fiscal.Document
	var told []fiscal.Receipt
	for i := range documents {
		for range random.IntN(3) {
			r.breaks(t, fnsim.Plan{Name: faults[random.IntN(len(faults))]})
		}
		doc := anyReceipt(random, i)
		got, made := r.follow(t, random, doc)
		if !made {
			t.Fatalf("seed %d, document %d: nobody can tell what became of it", seed, i)
		}
		asked, told = append(asked, doc), append(told, got)
	}
	kept := r.sim.Records()[2:] // after the registration and the shift
	if len(kept) != documents {
		t.Fatalf("seed %d: %d documents at the device for %d", seed, len(kept), documents)
	}
	for i, record := range kept {
		asked[i].Operator = record.Operator
		if err := errors.Join(fiscaltest.Compare(asked[i], record), fiscaltest.CompareReceipt(told[i], record)); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

// anyReceipt is a sale or a return of up to five lines, paid anyhow.
func anyReceipt(random *rand.Rand, i int) fiscal.Document {
	rates := []register.VAT{register.VATNone, register.VAT0, register.VAT10, register.VAT22, register.VAT22of122}
	d := fiscal.Document{Kind: fiscal.Sale, Mark: fmt.Sprintf("0198f3c2-0000-7000-8000-%012d", i), Taxation: fiscal.TaxationOSN}
	if random.IntN(4) == 0 {
		d.Kind = fiscal.Return
	}
	for n := range 1 + random.IntN(5) {
		price, quantity := register.Money(1+random.IntN(500_00)), register.Quantity(1+random.IntN(5000))
		sum, err := price.Times(quantity)
		if err != nil {
			panic(err) // the test's own figures
		}
		d.Lines = append(d.Lines, fiscal.Line{Name: fmt.Sprintf("Товар %d", n), Price: price, Quantity: quantity, Unit: register.Kilogram, Sum: sum,
			VAT: rates[random.IntN(len(rates))], Method: fiscal.FullPayment, Object: fiscal.Goods})
		d.Total += sum
	}
	d.Payments.Electronic = register.Money(random.Int64N(int64(d.Total) + 1))
	d.Payments.Cash = d.Total - d.Payments.Electronic
	return d
}

// follow brings a document to its end as a till does, with faults still waiting; the program may start again or be
// installed anew on the way.
func (r *rig) follow(t *testing.T, random *rand.Rand, doc fiscal.Document) (fiscal.Receipt, bool) {
	t.Helper()
	begin := func() (try fiscal.Try) {
		for range 100 {
			before, err := r.Before(t.Context())
			if err == nil {
				r.tries++
				doc.Operator = fiscal.Operator{Name: "Иванова А. П."}
				return fiscal.Try{ID: fmt.Sprintf("0198f3c2-7d10-7a54-9b1e-%012d", r.tries), Before: before, Document: doc}
			}
			r.sim.SetPower(true)
		}
		t.Fatal("the device never tells how it stands")
		return try
	}
	try := begin()
	got, err := r.Make(t.Context(), try)
	for end := time.Now().Add(time.Minute); err != nil && !errors.Is(err, fiscal.ErrUnclear) && time.Now().Before(end); {
		r.sim.SetPower(true)
		r.sim.SetPaper(true)
		switch random.IntN(6) {
		case 0:
			r.program.Restart()
		case 1:
			r.program.Forget()
		}
		switch {
		case errors.Is(err, fiscal.ErrAbsent):
			got, err = r.Make(t.Context(), try)
		case errors.Is(err, fiscal.ErrRefused):
			try = begin()
			got, err = r.Make(t.Context(), try)
		default:
			got, err = r.Find(t.Context(), try)
		}
	}
	r.sim.SetPaper(true)
	return got, err == nil
}
