package fiscaltest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

// deviceFaults and wireFaults are what is tried on every kind of document. Those after which nothing comes are tried with a
// deadline that is short.
var (
	deviceFaults = []fnsim.Fault{fnsim.LostBefore, fnsim.LostAfter, fnsim.PowerBefore, fnsim.PowerAfter, fnsim.PaperEnds}
	deviceHangs  = []fnsim.Fault{fnsim.HangBefore, fnsim.HangAfter}
	wireFaults   = []fnsim.Fault{fnsim.RequestLost, fnsim.AnswerLost, fnsim.HTTP500, fnsim.HTTP503, fnsim.HTTP500After, fnsim.Nonsense,
		fnsim.Truncated, fnsim.Empty, fnsim.Huge, fnsim.Redirect}
	wireHangs = []fnsim.Fault{fnsim.RequestHangs, fnsim.AnswerHangs}
)

// runLosses tries every fault on every kind of document, and what may happen to the program that serves the device
// before the till asks again.
func runLosses(t *testing.T, open Open) {
	for _, group := range []struct {
		faults   []fnsim.Fault
		deadline time.Duration
	}{{deviceFaults, patient}, {deviceHangs, hurried}, {wireFaults, patient}, {wireHangs, hurried}} {
		for _, fault := range group.faults {
			t.Run("fault/"+string(fault), func(t *testing.T) {
				t.Parallel()
				for _, then := range []string{"", "restart", "forget"} {
					for _, kind := range []fiscal.Kind{fiscal.OpenShift, fiscal.Sale, fiscal.Return, fiscal.CashIn, fiscal.CloseShift} {
						name := string(kind)
						if then != "" {
							name += " and " + then
						}
						t.Run(name, func(t *testing.T) {
							loss(t, newTill(t, open, test{deadline: group.deadline}), fault, kind, then)
						})
					}
				}
			})
		}
	}
}

// loss has a document made while something goes wrong, brings it to its end as a till does, and compares with the
// device.
func loss(t *testing.T, s *till, fault fnsim.Fault, kind fiscal.Kind, then string) {
	doc := s.lossy(kind)
	try, at := s.try(doc), s.look()
	s.fault(fnsim.Plan{Name: fault, Times: 1, On: s.faultOn(fault, kind)})
	s.hurriedly()
	r, err := s.Device.Make(s.ctx(), try)
	s.contract(err)
	s.absent(err, at)
	s.Sim.Faults.Mend()
	s.Sim.SetPower(true)
	switch then {
	case "restart":
		s.Restart()
	case "forget":
		s.Forget()
	}
	s.patiently()
	if err == nil && then == "" {
		s.settled(try, r, at)
		return
	}
	if err != nil && errors.Is(err, fiscal.ErrRefused) {
		s.same(at)
	}
	if err == nil || errors.Is(err, fiscal.ErrUnknown) {
		r, err = s.find(try)
	}
	if errors.Is(err, fiscal.ErrUnclear) {
		s.mayBeUnclear(try, then)
		return
	}
	if err != nil {
		s.same(at)
		s.mend(err)
		try, r, _ = s.follow(try)
	}
	s.settled(try, r, at)
}

// find asks until it is known what became of a try.
func (s *till) find(try fiscal.Try) (fiscal.Receipt, error) {
	s.t.Helper()
	r, err := s.Device.Find(s.ctx(), try)
	for range 200 {
		s.contract(err)
		if !errors.Is(err, fiscal.ErrUnknown) {
			return r, err
		}
		s.mend(err)
		r, err = s.Device.Find(s.ctx(), try)
	}
	s.t.Fatalf("it stays unknown: %v", err)
	return r, err
}

// faultOn narrows a fault of the connection to the request that asks for a document.
func (s *till) faultOn(f fnsim.Fault, kind fiscal.Kind) string {
	if s.MakeMethod != nil && (slices.Contains(wireFaults, f) || slices.Contains(wireHangs, f)) {
		return s.MakeMethod(kind)
	}
	return ""
}

// lossy is a document of a kind, with what must go before it.
func (s *till) lossy(kind fiscal.Kind) fiscal.Document {
	s.t.Helper()
	if kind != fiscal.OpenShift {
		s.begin()
	}
	switch kind {
	case fiscal.Sale:
		s.make(s.sale()) // one that is alike, but for its mark
		return s.sale()
	case fiscal.Return:
		return s.receipt(kind, shopping(), inCash)
	case fiscal.CashIn:
		return s.cash(kind, 77_00)
	}
	return s.doc(kind)
}

// settled checks that a try became one document, and that the drawer holds what it must.
func (s *till) settled(try fiscal.Try, r fiscal.Receipt, at count) {
	s.t.Helper()
	s.agrees(try, r)
	want := at
	switch d := try.Document; {
	case d.Kind.Stored():
		want.documents++
		sums := map[fiscal.Kind]register.Money{fiscal.Sale: d.Payments.Cash, fiscal.Return: -d.Payments.Cash}
		want.drawer += sums[d.Kind]
	case d.Kind == fiscal.CashIn:
		want.drawer += d.Total
	case d.Kind == fiscal.CashOut:
		want.drawer -= d.Total
	}
	s.same(want)
}

// mayBeUnclear tells whether a person may be asked: about what leaves no trace in the fiscal storage, once the program
// that served the device has forgotten it.
func (s *till) mayBeUnclear(try fiscal.Try, then string) {
	s.t.Helper()
	if then != "forget" || try.Document.Kind.Stored() && !s.NoMark {
		s.t.Errorf("%s: it is unclear, and a device can tell", try.Document.Kind)
	}
}

// lostAndForgotten has a sale made, loses the answer, and has the program forget it.
func (s *till) lostAndForgotten(doc fiscal.Document) fiscal.Try {
	s.t.Helper()
	try := s.try(doc)
	s.fault(fnsim.Plan{Name: fnsim.HangAfter, Times: 1})
	ctx, stop := s.until(func() bool { return len(s.of(try)) > 0 })
	defer stop()
	if _, err := s.Device.Make(ctx, try); !errors.Is(err, fiscal.ErrUnknown) {
		s.t.Fatalf("the answer never comes: %v, want ErrUnknown", err)
	}
	s.Forget()
	s.Sim.Faults.Mend()
	return try
}

// foundByMark finds a sale among others of the same sums.
func foundByMark(t *testing.T, s *till) {
	s.begin()
	s.make(s.sale())
	try := s.lostAndForgotten(s.sale())
	s.sellBehind()
	r, err := s.Device.Find(s.ctx(), try)
	if s.NoMark && errors.Is(err, fiscal.ErrUnclear) {
		return
	}
	if err != nil || !r.Found {
		t.Fatalf("%+v, %v, want it found", r, err)
	}
	s.agrees(try, r)
	r, err = s.Device.Make(s.ctx(), try)
	s.contract(err)
	if all := s.of(try); len(all) != 1 {
		t.Errorf("made again under its own id: %d documents, %+v, %v", len(all), r, err)
	}
}

// sellBehind has another program of the shop make a receipt of the same sums.
func (s *till) sellBehind() {
	s.t.Helper()
	other := s.sale()
	if _, err := s.Sim.Make(s.ctx(), fnsim.FromFiscal(other, s.Sim.Look().FFD)); err != nil {
		s.t.Fatal(err)
	}
}

// alikeIsNotOurs looks for a sale that was never made, behind one of the same sums that somebody else made.
func alikeIsNotOurs(t *testing.T, s *till) {
	s.begin()
	try := s.try(s.sale())
	s.sellBehind()
	r, err := s.Device.Find(s.ctx(), try)
	if s.NoMark && errors.Is(err, fiscal.ErrUnclear) {
		return
	}
	if !errors.Is(err, fiscal.ErrAbsent) {
		t.Fatalf("%+v, %v, want ErrAbsent", r, err)
	}
	r, err = s.Device.Make(s.ctx(), try)
	if err != nil {
		t.Fatal(err)
	}
	s.agrees(try, r)
}

// foundInThePast finds a sale behind which other days have gone by.
func foundInThePast(t *testing.T, s *till) {
	s.begin()
	try := s.lostAndForgotten(s.sale())
	s.make(s.doc(fiscal.CloseShift))
	for range 3 {
		s.Advance(24 * time.Hour)
		s.begin()
		s.make(s.sale())
		s.make(s.doc(fiscal.CloseShift))
	}
	r, err := s.find(try)
	if s.NoMark && errors.Is(err, fiscal.ErrUnclear) {
		return
	}
	if err != nil || !r.Found {
		t.Fatalf("%+v, %v, want it found", r, err)
	}
	s.agrees(try, r)
}

// correctionFound finds a correction, which in FFD 1.05 has no lines.
func correctionFound(t *testing.T, s *till) {
	s.begin()
	if !s.state().Can.Corrections {
		return
	}
	try := s.lostAndForgotten(s.correction(fiscal.SaleCorrection))
	r, err := s.find(try)
	if s.NoMark && errors.Is(err, fiscal.ErrUnclear) {
		return
	}
	if err != nil || !r.Found {
		t.Fatalf("%+v, %v, want it found", r, err)
	}
	s.agrees(try, r)
}
