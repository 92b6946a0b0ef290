package kkmserver_test

import (
	"errors"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/fiscal/kkmserver/kkmsim"
)

// TestOnce makes a document while something goes wrong, as a till does: what is not known is looked for until it is
// known, and only what is absent is made again. In the end there is one document.
func TestOnce(t *testing.T) {
	faults := []fnsim.Plan{
		{Name: fnsim.LostBefore}, {Name: fnsim.LostAfter}, {Name: fnsim.PaperEnds}, {Name: fnsim.PowerBefore}, {Name: fnsim.PowerAfter},
		{Name: fnsim.Refuse, Code: fnsim.Busy}, {Name: fnsim.Slow, Delay: 50_000_000},
	}
	for _, method := range []string{"RegisterCheck", "GetRezult", "GetDataKKT"} {
		for _, f := range []fnsim.Fault{fnsim.RequestLost, fnsim.AnswerLost, fnsim.HTTP500, fnsim.HTTP503, fnsim.HTTP500After, fnsim.Nonsense,
			fnsim.Truncated, fnsim.Empty, fnsim.Huge, fnsim.Redirect} {
			faults = append(faults, fnsim.Plan{Name: f, On: method})
		}
	}
	for _, forgets := range []bool{false, true} {
		for _, plan := range faults {
			name := string(plan.Name) + " " + plan.On
			if forgets {
				name += ", then forgotten"
			}
			t.Run(name, func(t *testing.T) {
				r := newRig(t, fnsim.Setup{}, kkmsim.Options{}).opened(t)
				r.makes(t, shopping("0198f3c2-0000-7000-8000-000000000001")) // one that looks the same
				try := r.try(t, shopping("0198f3c2-0000-7000-8000-000000000002"))
				r.breaks(t, plan)
				got := r.settle(t, try, forgets)
				all := r.sim.Records()
				if r.receipts() != 2 || got.Number != all[len(all)-1].Number || got.Sign != all[len(all)-1].Sign || got.QR != all[len(all)-1].QR {
					t.Errorf("%d receipts; %+v", r.receipts(), got)
				}
				if plan.Name == fnsim.PaperEnds && !got.NotPrinted {
					t.Error("nobody is told that the paper ended")
				}
				if again, err := r.Make(t.Context(), try); err != nil || again.Number != got.Number || r.receipts() != 2 {
					t.Errorf("made again: %+v, %v", again, err)
				}
			})
		}
	}
}

// settle brings a try to its end as a till does.
func (r *rig) settle(t *testing.T, try fiscal.Try, forgets bool) fiscal.Receipt {
	t.Helper()
	got, err := r.Make(t.Context(), try)
	for range 10 {
		if err == nil {
			return got
		}
		r.sim.Faults.Mend()
		r.sim.SetPower(true)
		r.sim.SetPaper(true)
		if forgets {
			r.program.Forget()
		}
		switch {
		case errors.Is(err, fiscal.ErrAbsent):
			got, err = r.Make(t.Context(), try)
		case errors.Is(err, fiscal.ErrRefused):
			mark := try.Document
			try = r.try(t, mark)
			got, err = r.Make(t.Context(), try)
		case errors.Is(err, fiscal.ErrUnknown):
			got, err = r.Find(t.Context(), try)
		default:
			t.Fatal(err)
		}
	}
	t.Fatalf("it does not end: %v", err)
	return got
}

// TestEveryKindIsFound loses the answer of every kind of document, and has the program forget it.
func TestEveryKindIsFound(t *testing.T) {
	for _, o := range []kkmsim.Options{{}, {NoReports: true}} {
		for _, ffd := range []string{fnsim.FFD105, fnsim.FFD12} {
			r := newRig(t, fnsim.Setup{FFD: ffd}, o)
			day := fiscal.Correction{Date: r.sim.Look().Clock.AddDate(0, 0, -1), Number: "1"}
			back, mended := shopping("0198f3c2-0000-7000-8000-000000000003"), shopping("0198f3c2-0000-7000-8000-000000000004")
			back.Kind, mended.Kind, mended.Correction = fiscal.Return, fiscal.SaleCorrection, &day
			for _, doc := range []fiscal.Document{
				{Kind: fiscal.OpenShift}, {Kind: fiscal.CashIn, Total: 1000_00}, shopping("0198f3c2-0000-7000-8000-000000000002"), back, mended,
				{Kind: fiscal.CashOut, Total: 5_00}, {Kind: fiscal.CloseShift},
			} {
				try := r.try(t, doc)
				if _, err := r.Find(t.Context(), try); !errors.Is(err, fiscal.ErrAbsent) {
					t.Fatalf("%s was never sent: %v", doc.Kind, err)
				}
				r.breaks(t, fnsim.Plan{Name: fnsim.PowerAfter})
				if _, err := r.Make(t.Context(), try); !errors.Is(err, fiscal.ErrUnknown) {
					t.Fatalf("%s: %v", doc.Kind, err)
				}
				if _, err := r.Find(t.Context(), try); !errors.Is(err, fiscal.ErrUnknown) {
					t.Fatalf("%s at a device that is off: %v", doc.Kind, err)
				}
				r.sim.SetPower(true)
				r.program.Forget()
				got, err := r.Find(t.Context(), try)
				if err != nil || !got.Found || got.At.IsZero() || doc.Kind.Stored() && got.Number != try.Before.Last+1 {
					t.Fatalf("%s: %+v, %v", doc.Kind, got, err)
				}
			}
		}
	}
}

// TestUnclear has the device unable to tell.
func TestUnclear(t *testing.T) {
	r := newRig(t, fnsim.Setup{}, kkmsim.Options{NoMark: true}).opened(t)
	r.makes(t, fiscal.Document{Kind: fiscal.CashIn, Total: 100_00})
	cash, sale := r.try(t, fiscal.Document{Kind: fiscal.CashIn, Total: 7_00}), r.try(t, shopping("0198f3c2-0000-7000-8000-000000000002"))
	if _, err := r.sim.Make(t.Context(), fnsim.Document{Kind: fiscal.CashOut, Cash: 3_00}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Find(t.Context(), cash); !errors.Is(err, fiscal.ErrUnclear) {
		t.Error(err)
	}
	twin := r.try(t, shopping("0198f3c2-0000-7000-8000-000000000003"))
	r.makes(t, shopping("0198f3c2-0000-7000-8000-000000000004"))
	if _, err := r.Find(t.Context(), twin); !errors.Is(err, fiscal.ErrUnclear) {
		t.Error("one that looks like it, and shows no mark:", err)
	}
	r.makes(t, fiscal.Document{Kind: fiscal.CloseShift})
	if err := r.sim.ReplaceFN("9999078902000999"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Find(t.Context(), sale); !errors.Is(err, fiscal.ErrUnclear) {
		t.Error("another fiscal storage:", err)
	}
	if _, err := r.Make(t.Context(), sale); !errors.Is(err, fiscal.ErrUnknown) {
		t.Error(err)
	}
}

// TestAnothersDocument has somebody make a receipt of the same sum that is not ours after Before, where no mark is shown.
func TestAnothersDocument(t *testing.T) {
	for name, change := range map[string]func(*fiscal.Document){
		"other goods":      func(d *fiscal.Document) { d.Lines[0].Quantity, d.Lines[0].Price = 1000, 179_80 },
		"paid another way": func(d *fiscal.Document) { d.Payments.Cash, d.Payments.Electronic = 446_44, 0 },
		"with another line": func(d *fiscal.Document) {
			d.Lines = append(d.Lines, fiscal.Line{Name: "Пакет", Quantity: 1000, VAT: "none", Method: 4, Object: 1})
		},
		"a correction": func(d *fiscal.Document) {
			d.Kind, d.Correction = fiscal.SaleCorrection, &fiscal.Correction{Date: time.Now().AddDate(0, 0, -1), Number: "1"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, fnsim.Setup{}, kkmsim.Options{NoMark: true}).opened(t)
			try := r.try(t, shopping("0198f3c2-0000-7000-8000-000000000002"))
			other := shopping("")
			change(&other)
			r.makes(t, other)
			if _, err := r.Find(t.Context(), try); !errors.Is(err, fiscal.ErrAbsent) {
				t.Error(err)
			}
			if got, err := r.Make(t.Context(), try); err != nil || got.Number != try.Before.Last+2 {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// TestAnotherStorage has the fiscal storage replaced while nobody knows of a document: whether it was in the old one, the
// new one cannot tell.
func TestAnotherStorage(t *testing.T) {
	r := newRig(t, fnsim.Setup{}, kkmsim.Options{})
	try := r.try(t, fiscal.Document{Kind: fiscal.OpenShift})
	r.sim.SetOFD(true) // it sends what it has
	if err := r.sim.ReplaceFN("9999078902000999"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Find(t.Context(), try); !errors.Is(err, fiscal.ErrUnclear) {
		t.Error(err)
	}
	if _, err := r.Make(t.Context(), try); !errors.Is(err, fiscal.ErrUnknown) || len(r.sim.Records()) != 1 {
		t.Error(err)
	}
}
