package fiscaltest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
)

// oddities are the tests of what goes on around documents.
func oddities() map[string]test {
	return map[string]test{
		"a lost sale is found by its mark":           {run: foundByMark},
		"a lost sale is found in FFD 1.05":           {run: foundByMark, setup: ffd105},
		"a sale that is alike is not ours":           {run: alikeIsNotOurs},
		"a lost sale is found days later":            {run: foundInThePast},
		"a lost correction is found":                 {run: correctionFound},
		"a lost correction is found in FFD 1.05":     {run: correctionFound, setup: ffd105},
		"paper ends in the middle of a sale":         {run: func(t *testing.T, s *till) { paperEnds(t, s, fiscal.Sale) }},
		"paper ends in the middle of a Z report":     {run: func(t *testing.T, s *till) { paperEnds(t, s, fiscal.CloseShift) }},
		"the power goes before the paper is through": {run: powerGoes},
		"the paper ends and the answer is lost":      {run: paperEndsUnheard},
		"a try that was refused is not made later":   {run: refusedForGood},
		"a deadline is kept":                         {run: deadline, deadline: hurried},
		"a context that ends":                        {run: endedContext},
		"a device that is slow":                      {run: slow},
		"nobody answers":                             {run: nobody, deadline: hurried},
		"nonsense in answer to questions":            {run: nonsense, deadline: hurried},
		"a wrong password shows":                     {run: wrongPassword},
		"it is asked while it makes a document":      {run: beside},
		"the program is restarted between sales":     {run: restarted},
		"the program is installed anew":              {run: forgotten},
	}
}

// paperEnds has the paper end in the middle: the document exists, the next one waits for paper, and what is missing is
// printed when there is some.
func paperEnds(t *testing.T, s *till, kind fiscal.Kind) {
	s.begin()
	doc := s.sale()
	if kind == fiscal.CloseShift {
		doc = s.doc(kind)
	}
	s.fault(fnsim.Plan{Name: fnsim.PaperEnds, Times: 1})
	_, r := s.make(doc)
	if !r.NotPrinted {
		t.Errorf("it is told to be on paper: %+v", r)
	}
	if state := s.state(); !state.PaperOut {
		t.Errorf("the paper is out: %+v", state)
	}
	next := s.doc(fiscal.OpenShift)
	if kind == fiscal.Sale {
		next = s.sale()
	}
	s.refused(next, fiscal.TroublePaper)
	s.Sim.SetPaper(true)
	if err := s.Device.Resume(s.ctx()); err != nil {
		t.Fatal(err)
	}
	next.Mark = s.newID()
	if _, r := s.make(next); r.NotPrinted {
		t.Errorf("with paper: %+v", r)
	}
	if s.Sim.Look().Unprinted || !strings.Contains(s.Sim.Tape(), fmt.Sprintf("%010d", r.Sign)) {
		t.Errorf("what was missing is not on paper:\n%s", s.Sim.Tape())
	}
	if err := s.Device.Resume(s.ctx()); err != nil {
		t.Errorf("with nothing to print: %v", err)
	}
}

// powerGoes has the power go between the end of a document and its paper: it is found, and what is missing is printed
// before the next one.
func powerGoes(t *testing.T, s *till) {
	s.begin()
	try, at := s.try(s.sale()), s.look()
	s.fault(fnsim.Plan{Name: fnsim.PowerAfter, Times: 1})
	ctx, stop := s.until(func() bool { return s.Sim.Look().Off })
	defer stop()
	_, err := s.Device.Make(ctx, try)
	s.contract(err)
	if err != nil && !errors.Is(err, fiscal.ErrUnknown) {
		t.Errorf("the power is gone: %v", err)
	}
	s.Sim.SetPower(true)
	s.Restart()
	r, err := s.find(try)
	if err != nil {
		t.Fatalf("the document stands, and: %v", err)
	}
	s.settled(try, r, at)
	if err := s.Device.Resume(s.ctx()); err != nil {
		t.Errorf("going on: %v", err)
	}
	s.make(s.sale())
	if s.Sim.Look().Unprinted || !strings.Contains(s.Sim.Tape(), r.QR) {
		t.Errorf("what was missing is not on paper:\n%s", s.Sim.Tape())
	}
}

// paperEndsUnheard has the paper end in the middle of a document whose answer is lost.
func paperEndsUnheard(_ *testing.T, s *till) {
	s.begin()
	try, at := s.try(s.sale()), s.look()
	s.fault(fnsim.Plan{Name: fnsim.PaperEnds, Times: 1})
	s.fault(fnsim.Plan{Name: fnsim.AnswerLost, Times: 1, On: s.faultOn(fnsim.AnswerLost, fiscal.Sale)})
	r, err := s.Device.Make(s.ctx(), try)
	s.contract(err)
	if err != nil {
		r, err = s.find(try)
	}
	if err != nil {
		s.t.Fatalf("the document stands, and: %v", err)
	}
	s.settled(try, r, at)
	next := s.try(s.sale())
	next, r, _ = s.follow(next)
	s.agrees(next, r)
}

// refusedForGood makes a document by a second try, the first of which was refused. Whoever asks for the first afterwards
// is not told that it was made anew, and has nothing made.
func refusedForGood(t *testing.T, s *till) {
	s.begin()
	doc := s.sale()
	s.Sim.SetPaper(false)
	first := s.refused(doc, fiscal.TroublePaper)
	s.Sim.SetPaper(true)
	if err := s.Device.Resume(s.ctx()); err != nil {
		t.Fatal(err)
	}
	second, r := s.make(doc)
	at := s.look()
	if again, err := s.Device.Find(s.ctx(), first); err == nil && again.Number != r.Number {
		t.Errorf("the first try became %+v, the second %+v", again, r)
	}
	again, err := s.Device.Make(s.ctx(), second)
	if err != nil || again.Number != r.Number {
		t.Errorf("%+v, %v", again, err)
	}
	s.same(at)
}

// deadline has nothing come at each of the places where an adapter waits.
func deadline(t *testing.T, s *till) {
	s.begin()
	for _, fault := range []fnsim.Fault{fnsim.RequestHangs, fnsim.AnswerHangs, fnsim.HangBefore, fnsim.HangAfter} {
		try, at := s.try(s.sale()), s.look()
		s.fault(fnsim.Plan{Name: fault, Times: 0, On: s.faultOn(fault, fiscal.Sale)})
		s.hurriedly()
		began := time.Now()
		_, err := s.Device.Make(s.ctx(), try)
		s.absent(err, at) // as on a machine so slow that nothing was sent
		if !errors.Is(err, fiscal.ErrUnknown) && !errors.Is(err, fiscal.ErrAbsent) && (err != nil || fault != fnsim.AnswerHangs) {
			t.Errorf("%s: %v, want ErrUnknown", fault, err)
		}
		if took := time.Since(began); took > patient {
			t.Errorf("%s: it took %v", fault, took)
		}
		s.contract(err)
		s.Sim.Faults.Mend()
		s.patiently()
		try, r, _ := s.follow(try)
		s.agrees(try, r)
	}
}

// endedContext calls with a context that is over, and with one that ends on the way.
func endedContext(t *testing.T, s *till) {
	s.begin()
	try, at := s.try(s.sale()), s.look()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, err := s.Device.Make(ctx, try)
	s.contract(err)
	if !errors.Is(err, fiscal.ErrUnknown) && !errors.Is(err, fiscal.ErrAbsent) {
		t.Errorf("with no time at all: %v", err)
	}
	if _, err := s.Device.State(ctx); err == nil {
		t.Error("a state with no time at all")
	}
	s.fault(fnsim.Plan{Name: fnsim.AnswerHangs, Times: 0, On: s.faultOn(fnsim.AnswerHangs, fiscal.Sale)})
	s.fault(fnsim.Plan{Name: fnsim.HangAfter, Times: 1})
	ctx, stop = s.until(func() bool { return len(s.of(try)) > 0 })
	defer stop()
	_, err = s.Device.Make(ctx, try)
	s.contract(err)
	if !errors.Is(err, fiscal.ErrUnknown) {
		t.Errorf("cut off on the way: %v", err)
	}
	s.Sim.Faults.Mend()
	try, r, _ := s.follow(try)
	s.settled(try, r, at)
}

func slow(_ *testing.T, s *till) {
	s.begin()
	s.fault(fnsim.Plan{Name: fnsim.Slow, Times: 2, Delay: 60 * time.Millisecond})
	s.make(s.sale())
	s.make(s.cash(fiscal.CashIn, 5_00))
	s.fault(fnsim.Plan{Name: fnsim.SlowAnswer, Times: 2, Delay: 60 * time.Millisecond})
	s.make(s.sale())
}

// nobody has every request come to nothing.
func nobody(t *testing.T, s *till) {
	s.begin()
	try, at := s.try(s.sale()), s.look()
	s.fault(fnsim.Plan{Name: fnsim.RequestLost, Times: 0})
	s.hurriedly()
	_, err := s.Device.Make(s.ctx(), try)
	s.contract(err)
	if !errors.Is(err, fiscal.ErrUnknown) && !errors.Is(err, fiscal.ErrAbsent) || fiscal.TroubleOf(err) != fiscal.TroubleOff {
		t.Errorf("made: %v", err)
	}
	_, err = s.Device.Find(s.ctx(), try)
	s.contract(err)
	if !errors.Is(err, fiscal.ErrUnknown) {
		t.Errorf("found: %v", err)
	}
	if _, err := s.Device.State(s.ctx()); fiscal.TroubleOf(err) != fiscal.TroubleOff {
		t.Errorf("state: %v", err)
	}
	s.same(at)
	s.Sim.Faults.Mend()
	s.patiently()
	if _, err := s.find(try); !errors.Is(err, fiscal.ErrAbsent) && !errors.Is(err, fiscal.ErrRefused) {
		t.Errorf("it was never sent, and: %v", err)
	}
	try, r, _ := s.follow(try)
	s.settled(try, r, at)
}

// nonsense spoils the answers to questions: they are errors, and what comes afterwards is right.
func nonsense(t *testing.T, s *till) {
	s.begin()
	try, r := s.make(s.sale())
	s.hurriedly()
	for _, fault := range append(wireFaults, wireHangs...) {
		s.fault(fnsim.Plan{Name: fault, Times: 0})
		if state, err := s.Device.State(s.ctx()); err == nil || fiscal.TroubleOf(err) == "" {
			t.Errorf("%s: state %+v, %v", fault, state, err)
		} else {
			s.discreet(err)
		}
		if before, err := s.Device.Before(s.ctx()); err == nil {
			t.Errorf("%s: before %+v", fault, before)
		}
		_, err := s.Device.Find(s.ctx(), try)
		s.contract(err)
		if !errors.Is(err, fiscal.ErrUnknown) {
			t.Errorf("%s: found %v, want ErrUnknown", fault, err)
		}
		s.Sim.Faults.Mend()
	}
	s.patiently()
	again, err := s.find(try)
	if err != nil || again.Number != r.Number {
		t.Errorf("%+v, %v", again, err)
	}
}

func wrongPassword(t *testing.T, s *till) {
	if s.WrongPassword == nil {
		return
	}
	try := fiscal.Try{ID: s.newID(), Document: s.doc(fiscal.OpenShift)}
	at := s.look()
	wrong := s.WrongPassword(s.options(patient))
	_, err := wrong.Make(s.ctx(), try)
	s.contract(err)
	if errors.Is(err, fiscal.ErrUnclear) || fiscal.TroubleOf(err) != fiscal.TroubleAccess {
		t.Errorf("made: %v", err)
	}
	_, err = wrong.Find(s.ctx(), try)
	s.contract(err)
	if !errors.Is(err, fiscal.ErrUnknown) || fiscal.TroubleOf(err) != fiscal.TroubleAccess {
		t.Errorf("found: %v", err)
	}
	if _, err := wrong.State(s.ctx()); fiscal.TroubleOf(err) != fiscal.TroubleAccess {
		t.Errorf("state: %v", err)
	}
	s.same(at)
}

// beside asks for the state while documents are made.
func beside(t *testing.T, s *till) {
	s.begin()
	done := make(chan struct{})
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if _, err := s.Device.State(s.ctx()); err != nil && !fiscal.TroubleOf(err).Passes() {
					t.Errorf("asked beside: %v", err)
				}
			}
		})
	}
	for range 10 {
		try := s.try(s.sale())
		try, r, _ := s.follow(try)
		s.agrees(try, r)
	}
	close(done)
	all.Wait()
}

func restarted(t *testing.T, s *till) {
	s.begin()
	for range 3 {
		try, first := s.make(s.sale())
		s.Restart()
		if r, err := s.Device.Find(s.ctx(), try); err != nil || r.Number != first.Number {
			t.Errorf("after a restart: %+v, %v", r, err)
		}
	}
	s.make(s.doc(fiscal.CloseShift))
}

// forgotten has the program installed anew. Sales that are known are found in the fiscal storage, and none is made twice.
func forgotten(t *testing.T, s *till) {
	s.begin()
	for range 3 {
		try, first := s.make(s.sale())
		s.Forget()
		r, err := s.Device.Find(s.ctx(), try)
		if s.NoMark && errors.Is(err, fiscal.ErrUnclear) {
			continue
		}
		if err != nil || r.Number != first.Number || !r.Found {
			t.Errorf("forgotten: %+v, %v", r, err)
			continue
		}
		s.agrees(try, r)
	}
	s.make(s.doc(fiscal.CloseShift))
}
