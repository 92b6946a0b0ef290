package fiscaltest

import (
	"errors"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

// refusals are the tests of what a device does not do.
func refusals() map[string]test {
	tests := map[string]test{
		"a shift that is closed":         {run: shiftClosed},
		"a shift that is open":           {run: shiftOpen},
		"a shift of 24 hours":            {run: shiftExpired},
		"paper that is out":              {run: paperOut},
		"a cover that is open":           {run: coverOpen},
		"a drawer that holds too little": {run: drawerLow},
		"a clock that is behind":         {run: clockBehind},
		"documents unsent for 30 days":   {run: unsent},
		"a fiscal storage that is full":  {run: storageFull},
		"a fiscal storage past its time": {run: storageExpired},
		"a fiscal storage that is gone":  {run: storageGone},
		"documents that are wrong":       {run: wrongDocuments},
		"the rates of 2026":              {run: oldFirmware, setup: func(s *fnsim.Setup) { s.NoVAT22 = true }},
		"a tax system not registered":    {run: wrongTaxation},
	}
	for code, trouble := range codes {
		tests["code "+trouble.name] = test{run: func(t *testing.T, s *till) { refusedByCode(t, s, code, trouble.want) }}
	}
	return tests
}

// codes are some of the driver's, and what a till should make of them.
var codes = map[fnsim.Code]struct {
	name string
	want fiscal.Trouble
}{
	fnsim.NoPaper: {"paper", fiscal.TroublePaper}, fnsim.CoverOpen: {"cover", fiscal.TroubleCover}, 114: {"overheated", fiscal.TroubleMechanism},
	150: {"cutter", fiscal.TroubleMechanism}, 35: {"clock", fiscal.TroubleClock}, fnsim.FNExpired: {"expired", fiscal.TroubleMemory},
	fnsim.OFDTimeout: {"unsent", fiscal.TroubleUnsent}, fnsim.Unregistered: {"unregistered", fiscal.TroubleUnregistered},
	fnsim.BadTotal: {"total", fiscal.TroubleDocument}, fnsim.DrawerTooLow: {"drawer", fiscal.TroubleCash}, 1999: {"unknown", fiscal.TroubleOther},
}

// refusedByCode has the device answer a code, and go on afterwards.
func refusedByCode(_ *testing.T, s *till, code fnsim.Code, want fiscal.Trouble) {
	s.begin()
	s.fault(fnsim.Plan{Name: fnsim.Refuse, Times: 1, Code: code})
	s.refused(s.sale(), want)
	s.make(s.sale())
}

func (s *till) fault(p fnsim.Plan) {
	s.t.Helper()
	if err := s.Sim.Faults.Break(p); err != nil {
		s.t.Fatal(err)
	}
}

func shiftClosed(_ *testing.T, s *till) {
	s.refused(s.sale(), fiscal.TroubleShiftClosed)
	s.refused(s.doc(fiscal.CloseShift), fiscal.TroubleShiftClosed)
	s.make(s.doc(fiscal.OpenShift))
	s.make(s.sale())
}

func shiftOpen(_ *testing.T, s *till) {
	s.begin()
	s.refused(s.doc(fiscal.OpenShift), fiscal.TroubleShiftOpen)
	s.make(s.sale())
}

// shiftExpired goes past 24 hours: the shift can be closed, and that is all.
func shiftExpired(t *testing.T, s *till) {
	s.begin()
	s.Advance(24*time.Hour - 6*time.Minute)
	s.make(s.sale())
	s.Advance(10 * time.Minute)
	s.refused(s.sale(), fiscal.TroubleShiftExpired)
	state, err := s.Device.State(s.ctx())
	if err != nil || state.Shift != fiscal.ShiftExpired {
		t.Errorf("%+v, %v", state, err)
	}
	s.make(s.doc(fiscal.CloseShift))
	s.make(s.doc(fiscal.OpenShift))
	s.make(s.sale())
}

func paperOut(t *testing.T, s *till) {
	s.begin()
	s.Sim.SetPaper(false)
	s.refused(s.sale(), fiscal.TroublePaper)
	s.refused(s.doc(fiscal.CloseShift), fiscal.TroublePaper)
	s.Sim.SetPaper(true)
	if err := s.Device.Resume(s.ctx()); err != nil {
		t.Error(err)
	}
	s.make(s.sale())
}

func coverOpen(_ *testing.T, s *till) {
	s.begin()
	s.Sim.SetCover(true)
	s.refused(s.sale(), fiscal.TroubleCover)
	s.Sim.SetCover(false)
	s.make(s.sale())
}

func drawerLow(_ *testing.T, s *till) {
	s.begin()
	s.refused(s.cash(fiscal.CashOut, 1000_01), fiscal.TroubleCash)
	s.refused(s.receipt(fiscal.Return, []fiscal.Line{line("Стол", 1000_01, 1000, register.VAT22)}, inCash), fiscal.TroubleCash)
	s.make(s.cash(fiscal.CashOut, 1000_00))
}

func clockBehind(_ *testing.T, s *till) {
	s.begin()
	s.Sim.SetSkew(-2 * time.Hour)
	s.refused(s.sale(), fiscal.TroubleClock)
	s.Sim.SetSkew(0)
	s.make(s.sale())
}

// unsent cuts the tax data operator off for a month.
func unsent(t *testing.T, s *till) {
	s.begin()
	s.Sim.SetOFD(false)
	_, first := s.make(s.sale())
	s.make(s.doc(fiscal.CloseShift))
	s.Advance(29 * 24 * time.Hour)
	s.make(s.doc(fiscal.OpenShift))
	s.make(s.doc(fiscal.CloseShift))
	state, err := s.Device.State(s.ctx())
	if err != nil || state.Unsent != 4 || !state.UnsentSince.Equal(first.At) {
		t.Errorf("4 unsent since %v: %+v, %v", first.At, state, err)
	}
	s.Advance(24 * time.Hour)
	s.refused(s.doc(fiscal.OpenShift), fiscal.TroubleUnsent)
	s.Sim.SetOFD(true)
	s.make(s.doc(fiscal.OpenShift))
}

func storageFull(t *testing.T, s *till) {
	s.begin()
	s.Sim.SetCapacity(3)
	s.make(s.sale())
	s.refused(s.sale(), fiscal.TroubleMemory)
	state, err := s.Device.State(s.ctx())
	if err != nil || !state.FNReplace && !state.FNExhausted {
		t.Errorf("%+v, %v", state, err)
	}
	s.make(s.doc(fiscal.CloseShift))
}

func storageExpired(_ *testing.T, s *till) {
	s.begin()
	s.Sim.SetUntil(s.Now().Add(-time.Hour))
	s.refused(s.sale(), fiscal.TroubleMemory)
	s.make(s.doc(fiscal.CloseShift))
}

func storageGone(t *testing.T, s *till) {
	s.begin()
	try := s.try(s.sale())
	s.Sim.SetFN(false)
	_, err := s.Device.Make(s.ctx(), try)
	if err == nil || errors.Is(err, fiscal.ErrUnclear) {
		t.Errorf("without a fiscal storage: %v", err)
	}
	s.contract(err)
	s.Sim.SetFN(true)
	try, r, _ := s.follow(try)
	s.agrees(try, r)
}

// wrongDocuments are some that no till should ask for. Nothing may come of them, and the next one must do.
func wrongDocuments(t *testing.T, s *till) {
	s.begin()
	for name, spoil := range map[string]func(*fiscal.Document){
		"a sum that is not the price":   func(d *fiscal.Document) { d.Lines[0].Sum += 2; d.Total += 2; d.Payments.Cash += 2 },
		"a total that is not the lines": func(d *fiscal.Document) { d.Total += 100; d.Payments.Cash += 100 },
		"payments below the total":      func(d *fiscal.Document) { d.Payments.Cash -= 1 },
		"too much by card":              func(d *fiscal.Document) { d.Payments = byCard(d.Total + 1) },
		"a rate that there is not":      func(d *fiscal.Document) { d.Lines[0].VAT = "33" },
		"a method that there is not":    func(d *fiscal.Document) { d.Lines[0].Method = 9 },
		"an object that there is not":   func(d *fiscal.Document) { d.Lines[0].Object = 99 },
		"no lines":                      func(d *fiscal.Document) { d.Lines = nil },
		"no paper and no contact":       func(d *fiscal.Document) { d.NoPaper = true },
		"a cashier's INN that is none":  func(d *fiscal.Document) { d.Operator.INN = "123456789012" },
	} {
		d, before := s.sale(), s.look()
		spoil(&d)
		_, err := s.Device.Make(s.ctx(), s.try(d))
		if trouble := fiscal.TroubleOf(err); trouble != fiscal.TroubleDocument && trouble != fiscal.TroubleCannot {
			t.Errorf("%s: %v", name, err)
		}
		s.contract(err)
		s.same(before)
	}
	s.make(s.sale())
}

func oldFirmware(t *testing.T, s *till) {
	s.begin()
	s.refused(s.sale(), fiscal.TroubleDocument)
	s.make(s.receipt(fiscal.Sale, shopping()[:1], inCash))
}

func wrongTaxation(_ *testing.T, s *till) {
	s.begin()
	d := s.sale()
	d.Taxation = fiscal.TaxationPatent
	s.refused(d, fiscal.TroubleDocument)
	d.Taxation = fiscal.TaxationDefault
	d.Mark = s.newID()
	s.make(d)
}
