package fnsim

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"kassa/fiscal"
	"kassa/register"
)

// TestThirtyDays: documents that nobody sends stop the fiscal storage, and go on when they were sent.
func TestThirtyDays(t *testing.T) {
	c := noon()
	d := opened(t, c)
	d.SetOFD(false)
	first := made(t, d, shopping())
	made(t, d, shopping())
	if s := d.Look(); s.Unsent != 2 || s.FirstUnsent != first.Number || !s.UnsentSince.Equal(first.At) || s.OFDTimeout {
		t.Errorf("%+v", s)
	}
	c.now = c.now.Add(30 * 24 * time.Hour)
	r := made(t, d, Document{Kind: fiscal.CloseShift})
	if tags := r.Tags(); r.Unsent != 2 || tags["1097"] != int64(2) || tags["1053"] != int64(1) || tags["1052"] != nil {
		t.Errorf("%+v", r)
	}
	refusedWith(t, d, Document{Kind: fiscal.OpenShift}, OFDTimeout)
	if s := d.Look(); !s.OFDTimeout {
		t.Errorf("%+v", s)
	}
	if err := d.ReplaceFN("9999078902000999"); CodeOf(err) != UnsentLeft {
		t.Errorf("replaced: %v", err)
	}
	d.SetOFD(true)
	made(t, d, Document{Kind: fiscal.OpenShift})
	if s := d.Look(); s.Unsent != 0 || !s.UnsentSince.IsZero() {
		t.Errorf("%+v", s)
	}
}

func TestTheFiscalStorageEnds(t *testing.T) {
	c := noon()
	d := opened(t, c)
	d.SetUntil(c.now.Add(20 * 24 * time.Hour))
	if s := d.Look(); !s.FNReplace || s.FNExhausted {
		t.Errorf("%+v", s)
	}
	d.SetUntil(c.now.Add(2 * 24 * time.Hour))
	if s := d.Look(); !s.FNExhausted {
		t.Errorf("%+v", s)
	}
	d.SetUntil(c.now)
	refusedWith(t, d, shopping(), FNExpired)
	d.SetUntil(c.now.Add(400 * 24 * time.Hour))
	d.SetCapacity(2)
	refusedWith(t, d, shopping(), FNFull)
	if s := d.Look(); !s.FNFull || !s.FNExhausted {
		t.Errorf("%+v", s)
	}
	d.SetFN(false)
	refusedWith(t, d, shopping(), NoFN)
	if s := d.Look(); s.FN != "" {
		t.Errorf("%+v", s)
	}
	d.SetFN(true)
	if err := d.ReplaceFN("9999078902000999"); CodeOf(err) != ShiftOpen {
		t.Errorf("%v", err)
	}
	made(t, d, Document{Kind: fiscal.CloseShift})
	for _, number := range []string{"1", "9999078902000123"} {
		if err := d.ReplaceFN(number); CodeOf(err) != BadParameter {
			t.Errorf("%s: %v", number, err)
		}
	}
	if err := d.ReplaceFN("9999078902000999"); err != nil {
		t.Fatal(err)
	}
	if r := made(t, d, Document{Kind: fiscal.OpenShift}); r.Number != 2 || r.Shift != 1 || r.FN != "9999078902000999" {
		t.Errorf("numbers begin anew: %+v", r)
	}
	if n := len(d.All()); n != 5 {
		t.Errorf("%d documents in both", n)
	}
}

func TestTheClock(t *testing.T) {
	d := opened(t, noon())
	d.SetSkew(-time.Hour)
	refusedWith(t, d, shopping(), ClockBehind)
	d.SetSkew(time.Hour)
	if r := made(t, d, shopping()); r.At.Hour() != 13 {
		t.Errorf("%v", r.At)
	}
}

// TestPaperEnds: the document stands, and the next one waits until it was printed to its end.
func TestPaperEnds(t *testing.T) {
	d := opened(t, noon())
	plan(t, d, Plan{Name: PaperEnds, Times: 1})
	r := made(t, d, shopping())
	if kept, _ := d.Find(r.Number); !r.NotPrinted || !kept.NotPrinted || strings.Contains(d.Tape(), r.QR) {
		t.Errorf("%+v\n%s", r, d.Tape())
	}
	refusedWith(t, d, shopping(), NoPaper)
	if err := d.Resume(); CodeOf(err) != NoPaper {
		t.Error(err)
	}
	quiet := shopping()
	quiet.NoPaper, quiet.Contact = true, "buyer@example.ru"
	made(t, d, quiet)
	d.SetPaper(true)
	refusedWith(t, d, shopping(), ReportBlocks)
	d.SetCover(true)
	if err := d.Resume(); CodeOf(err) != CoverOpen {
		t.Error(err)
	}
	d.SetCover(false)
	if err := d.Resume(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(d.Tape(), r.QR) || d.Look().Unprinted {
		t.Errorf("\n%s", d.Tape())
	}
	made(t, d, shopping())
	if err := d.Copy(r.Number); err != nil || strings.Count(d.Tape(), r.QR) != 2 {
		t.Errorf("%v\n%s", err, d.Tape())
	}
}

func plan(t *testing.T, d *Device, p Plan) {
	t.Helper()
	if err := d.Faults.Break(p); err != nil {
		t.Fatal(err)
	}
}

// TestFaultsOfTheDevice: each is told as planned, and the document is there or is not.
func TestFaultsOfTheDevice(t *testing.T) {
	for f, want := range map[Fault]struct {
		made bool
		code Code
		off  bool
	}{
		Refuse: {false, 99, false}, LostBefore: {false, LinkLost, false}, LostAfter: {true, LinkLost, false},
		PowerBefore: {false, 0, true}, PowerAfter: {true, 0, true},
	} {
		d := opened(t, noon())
		plan(t, d, Plan{Name: f, Times: 1, Code: 99})
		_, err := d.Make(t.Context(), shopping())
		if err == nil || CodeOf(err) != want.code || (len(d.Records()) == 3) != want.made || d.Look().Off != want.off {
			t.Errorf("%s: %v, %d documents, %+v", f, err, len(d.Records()), d.Look())
		}
		if want.off != errors.Is(err, ErrPower) {
			t.Errorf("%s: %v", f, err)
		}
		if want.off {
			if _, err := d.Status(); CodeOf(err) != NoLink {
				t.Error(err)
			}
			if _, err := d.Find(1); CodeOf(err) != NoLink {
				t.Error(err)
			}
			d.SetPower(true)
			if err := d.Resume(); err != nil {
				t.Error(err)
			}
		}
		made(t, d, shopping())
	}
}

// TestHanging: nothing comes until the caller gives up, or the fault is mended.
func TestHanging(t *testing.T) {
	for f, documents := range map[Fault]int{HangBefore: 2, HangAfter: 3} {
		synctest.Test(t, func(t *testing.T) {
			d := opened(t, noon())
			plan(t, d, Plan{Name: f, Times: 2})
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			if _, err := d.Make(ctx, shopping()); CodeOf(err) != LinkLost || ctx.Err() == nil || len(d.Records()) != documents {
				t.Errorf("%s: %v, %d documents", f, err, len(d.Records()))
			}
			time.AfterFunc(time.Minute, d.Faults.Mend)
			if _, err := d.Make(t.Context(), shopping()); CodeOf(err) != LinkLost {
				t.Errorf("%s: %v", f, err)
			}
			plan(t, d, Plan{Name: Slow, Times: 1, Delay: time.Hour})
			began := time.Now()
			made(t, d, shopping())
			if time.Since(began) != time.Hour {
				t.Errorf("it took %v", time.Since(began))
			}
		})
	}
}

func TestFaultsAreChosen(t *testing.T) {
	f := NewFaults()
	for name, p := range map[string]Plan{"no fault": {Name: "nosuch"}, "times": {Name: Slow, Times: -1}, "delay": {Name: Slow, Delay: -1},
		"no code": {Name: Refuse}} {
		if f.Break(p) == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if err := f.Break(Plan{Name: "nosuch"}); !errors.Is(err, ErrNoFault) {
		t.Error(err)
	}
	for _, p := range []Plan{{Name: Slow, Times: 2, On: "sale"}, {Name: AnswerLost}} {
		if err := f.Break(p); err != nil {
			t.Fatal(err)
		}
	}
	var met []Fault
	for _, on := range []string{"return", "sale", "sale", "sale"} {
		met = append(met, f.meet(ofDevice, on).Name)
	}
	for range 3 {
		met = append(met, f.meet(ofWire, "any").Name)
	}
	if want := []Fault{"", Slow, Slow, "", AnswerLost, AnswerLost, AnswerLost}; !reflect.DeepEqual(met, want) {
		t.Errorf("%v", met)
	}
	f.Mend()
	if len(f.Waiting()) != 0 {
		t.Error(f.Waiting())
	}
}

// TestSaved brings a device back from what it saved: the same to the last number, and it goes on.
func TestSaved(t *testing.T) {
	c := noon()
	d := opened(t, c)
	d.SetOFD(false)
	plan(t, d, Plan{Name: PaperEnds, Times: 1})
	made(t, d, shopping())
	state, err := d.Save()
	if err != nil {
		t.Fatal(err)
	}
	e := open(t, c)
	if err := e.Load(state); err != nil {
		t.Fatal(err)
	}
	again, err := e.Save()
	if err != nil || string(again) != string(state) || e.Tape() != d.Tape() {
		t.Errorf("%v\n%s\n%s", err, again, state)
	}
	e.SetPaper(true)
	if err := e.Resume(); err != nil || e.Look().Unsent != 1 {
		t.Errorf("%v, %+v", err, e.Look())
	}
	if r := made(t, e, shopping()); r.Number != 4 || r.InShift != 2 {
		t.Errorf("%+v", r)
	}
	for _, bad := range []string{"", "null", "{}", `{"memory":{"fn":{"number":"1"}}}`, "[]"} {
		if e.Load([]byte(bad)) == nil {
			t.Errorf("%q is taken for a memory", bad)
		}
	}
}

// TestAtOnce: documents that are asked for at once are made one after another.
func TestAtOnce(t *testing.T) {
	d := opened(t, noon())
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := d.Make(t.Context(), shopping()); err != nil {
				t.Error(err)
			}
			d.Look()
			d.Tape()
			if _, err := d.Save(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	signs := map[uint32]bool{}
	for i, r := range d.Records() {
		if r.Number != int64(i+1) || signs[r.Sign] {
			t.Errorf("%d: %+v", i, r)
		}
		signs[r.Sign] = true
	}
	if len(signs) != 22 {
		t.Errorf("%d documents", len(signs))
	}
}

func TestSetupIsChecked(t *testing.T) {
	for name, s := range map[string]Setup{"FFD": {FFD: "1.3"}, "INN": {INN: "1"}, "FN": {FN: "1"}, "order": {Order: "12345678901"},
		"taxation": {Taxations: []fiscal.Taxation{"envd"}}} {
		if _, err := New(s); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// TestAnySaleAddsUp makes any sale that a till could make: what is kept adds up, and is the same after JSON.
func TestAnySaleAddsUp(t *testing.T) {
	d := opened(t, noon())
	rapid.Check(t, func(t *rapid.T) {
		doc := Document{Kind: fiscal.Sale}
		var total register.Money
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			l := Line{Name: "Товар", Price: register.Money(rapid.Int64Range(1, 100_000_00).Draw(t, "price")),
				Quantity: register.Quantity(rapid.Int64Range(1, 20_000).Draw(t, "quantity")), Method: fiscal.FullPayment, Object: fiscal.Goods, Measure: piece(),
				VAT: rapid.SampledFrom([]register.VAT{"22", "20", "10", "7", "5", "0", "none", "22/122"}).Draw(t, "VAT")}
			sum, err := l.Price.Times(l.Quantity)
			if err != nil {
				return
			}
			l.Sum = sum
			total += sum
			doc.Lines = append(doc.Lines, l)
		}
		if total > register.MaxMoney {
			return
		}
		card := register.Money(rapid.Int64Range(0, int64(total)).Draw(t, "card"))
		doc.Payments = fiscal.Payments{Electronic: card, Cash: total - card + register.Money(rapid.Int64Range(0, 1000_00).Draw(t, "change"))}
		r, err := d.Make(context.Background(), doc)
		if err != nil {
			t.Fatal(err)
		}
		want := map[register.VAT]register.Money{}
		for _, l := range doc.Lines {
			if l.VAT.Percent() == 0 {
				want[l.VAT] += l.Sum
			} else {
				want[l.VAT] += l.VAT.Included(l.Sum)
			}
		}
		for _, tax := range r.VAT {
			if want[tax.VAT] != tax.Sum {
				t.Errorf("%s: %v, want %v", tax.VAT, tax.Sum, want[tax.VAT])
			}
		}
		if r.Payments.Sum() != total || r.Sum != total || len(r.VAT) != len(want) {
			t.Errorf("%+v", r)
		}
		text, err := json.Marshal(r)
		var back Record
		if err != nil || json.Unmarshal(text, &back) != nil || !back.At.Equal(r.At) {
			t.Errorf("%v %s", err, text)
		}
		if back.At = r.At; !reflect.DeepEqual(back, r) {
			t.Errorf("%+v\n%+v", back, r)
		}
	})
}
