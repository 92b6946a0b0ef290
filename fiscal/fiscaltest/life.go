package fiscaltest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

func ffd105(s *fnsim.Setup) { s.FFD = fnsim.FFD105 }

func twoTaxations(s *fnsim.Setup) {
	s.Taxations = []fiscal.Taxation{fiscal.TaxationOSN, fiscal.TaxationUSN, fiscal.TaxationUSNNet, fiscal.TaxationESHN, fiscal.TaxationPatent}
}

// life are the tests of documents that nothing stands in the way of.
func life() map[string]test {
	return map[string]test{
		"a day":                              {run: day},
		"a day in FFD 1.05":                  {run: day, setup: ffd105},
		"every rate":                         {run: everyRate},
		"every rate in FFD 1.05":             {run: everyRate, setup: ffd105},
		"every tax system":                   {run: everyTaxation, setup: twoTaxations},
		"every unit":                         {run: everyUnit},
		"every unit in FFD 1.05":             {run: everyUnit, setup: ffd105},
		"a prepayment's life":                {run: prepayment},
		"odd texts":                          {run: oddTexts},
		"a long receipt":                     {run: longReceipt},
		"a receipt for a business":           {run: business},
		"a receipt without paper":            {run: noPaper},
		"corrections":                        {run: corrections},
		"corrections in FFD 1.05":            {run: corrections, setup: ffd105},
		"a copy":                             {run: copies},
		"a document made again is the same":  {run: madeAgain},
		"a document is found":                {run: foundAgain},
		"what was never made is not found":   {run: neverMade},
		"the same to every try, for a week":  {run: week},
		"large sums":                         {run: largeSums},
		"notes are printed":                  {run: notes},
		"documents in another FN are others": {run: otherStorage},
	}
}

// day makes every kind of document that a usual day has.
func day(t *testing.T, s *till) {
	_, open := s.make(s.doc(fiscal.OpenShift))
	s.make(s.cash(fiscal.CashIn, 1000_00))
	s.Advance(time.Minute)
	s.make(s.sale())
	_, card := s.make(s.receipt(fiscal.Sale, shopping(), byCard))
	s.make(s.receipt(fiscal.Sale, shopping(), func(sum register.Money) fiscal.Payments {
		return fiscal.Payments{Cash: 100_00, Electronic: sum - 100_00}
	}))
	s.make(s.receipt(fiscal.Return, shopping()[:1], inCash))
	s.make(s.doc(fiscal.XReport))
	s.make(s.cash(fiscal.CashOut, 500_00))
	want := 1000_00 + 536_34 + 100_00 - 179_80 - 500_00
	state, err := s.Device.State(s.ctx())
	if err != nil {
		t.Fatal(err)
	}
	if state.Drawer != register.Money(want) {
		t.Errorf("the drawer is told to hold %v, want %d", state.Drawer, want)
	}
	_, shut := s.make(s.doc(fiscal.CloseShift))
	if card.Shift != open.Shift || shut.Shift != open.Shift || shut.Number != open.Number+5 {
		t.Errorf("%+v, %+v, %+v", open, card, shut)
	}
	s.Advance(10 * time.Hour)
	_, second := s.make(s.doc(fiscal.OpenShift))
	if second.Shift != open.Shift+1 {
		t.Errorf("the second shift: %+v", second)
	}
}

func everyRate(_ *testing.T, s *till) {
	s.begin()
	for i, vat := range []register.VAT{register.VATNone, register.VAT0, register.VAT5, register.VAT7, register.VAT10, register.VAT20, register.VAT22} {
		// 3 × 269.10 and the others are sums at whose tax half a kopeck decides.
		s.make(s.receipt(fiscal.Sale, []fiscal.Line{line("Товар", 269_10+register.Money(i), 3000, vat), line("Ещё", 99_99, 1000, vat)}, byCard))
		ahead := line("Стол", 1000_00+register.Money(i), 1000, vat.Calculated())
		ahead.Method = fiscal.FullPrepayment
		s.make(s.receipt(fiscal.Sale, []fiscal.Line{ahead}, byCard))
	}
}

func everyTaxation(_ *testing.T, s *till) {
	s.begin()
	for _, taxation := range s.setup.Taxations {
		d := s.sale()
		d.Taxation = taxation
		s.make(d)
	}
}

func everyUnit(_ *testing.T, s *till) {
	s.begin()
	var lines []fiscal.Line
	for i, unit := range []register.Unit{register.Piece, register.Kilogram, register.Litre, register.Metre} {
		l := line("Товар", 33_33, register.Quantity(1000*(i+1)), register.VAT22)
		if unit.Weighed() {
			l = line("Товар", 33_33, register.Quantity(1234*(i+1)), register.VAT22)
		}
		l.Unit = unit
		lines = append(lines, l)
	}
	work, service := line("Подгонка", 500_00, 1000, register.VAT22), line("Доставка", 300_00, 1000, register.VAT22)
	work.Object, service.Object = fiscal.Work, fiscal.Service
	s.make(s.receipt(fiscal.Sale, append(lines, work, service), byCard))
}

// prepayment pays a part of a table, and an advance; hands it over; gives one back; sells on credit.
func prepayment(_ *testing.T, s *till) {
	s.begin()
	part, advance := line("Стол", 1000_00, 1000, register.VAT22of122), line("Аванс", 700_00, 1000, register.VAT22of122)
	part.Method, advance.Method, advance.Object = fiscal.PartPrepayment, fiscal.Advance, fiscal.Money
	s.make(s.receipt(fiscal.Sale, []fiscal.Line{part}, byCard))
	s.make(s.receipt(fiscal.Sale, []fiscal.Line{advance}, inCash))
	table := line("Стол", 5000_00, 1000, register.VAT22)
	s.make(s.receipt(fiscal.Sale, []fiscal.Line{table}, func(sum register.Money) fiscal.Payments {
		return fiscal.Payments{Prepaid: 1000_00, Cash: 3000_00, Electronic: sum - 4000_00}
	}))
	s.make(s.receipt(fiscal.Sale, []fiscal.Line{table}, func(sum register.Money) fiscal.Payments { return fiscal.Payments{Prepaid: sum} }))
	s.make(s.receipt(fiscal.Return, []fiscal.Line{advance}, inCash))
	owed, paid := table, line("Оплата долга", 5000_00, 1000, register.VATNone)
	owed.Method, paid.Method, paid.Object = fiscal.Credit, fiscal.CreditPayment, fiscal.Money
	s.make(s.receipt(fiscal.Sale, []fiscal.Line{owed}, func(sum register.Money) fiscal.Payments { return fiscal.Payments{Credit: sum} }))
	s.make(s.receipt(fiscal.Sale, []fiscal.Line{paid}, byCard))
	swapped := table
	s.make(s.receipt(fiscal.Sale, []fiscal.Line{swapped}, func(sum register.Money) fiscal.Payments { return fiscal.Payments{Other: sum} }))
}

// oddTexts sells what has letters in its name that JSON, or a printer's code page, might stumble over.
func oddTexts(t *testing.T, s *till) {
	s.begin()
	long := strings.Repeat("ё", 128)
	var lines []fiscal.Line
	for _, name := range []string{"Ёлочка «Люкс» — 1 м", `Гвозди "100", \n <b>&amp;`, "№ 5", long, "a\tb"} {
		lines = append(lines, line(name, 10_00, 1000, register.VAT22))
	}
	try := s.try(s.receipt(fiscal.Sale, lines, byCard))
	r, err := s.Device.Make(s.ctx(), try)
	if err != nil {
		t.Fatal(err)
	}
	all := s.of(try)
	if len(all) != 1 || CompareReceipt(r, all[0]) != nil || len(all[0].Lines) != len(lines) {
		t.Fatalf("%+v", all)
	}
	for i, want := range []string{`Ёлочка "Люкс" - 1 м`, `Гвозди "100", \n <b>&amp;`, "№ 5", long} {
		if have := all[0].Lines[i].Name; have != want {
			t.Errorf("%q at the device, want %q", have, want)
		}
	}
}

func longReceipt(_ *testing.T, s *till) {
	s.begin()
	var lines []fiscal.Line
	for i := range 150 {
		lines = append(lines, line("Товар с именем подлиннее", register.Money(1_00+i), register.Quantity(1000+i), register.VAT22))
	}
	s.make(s.receipt(fiscal.Sale, lines, inCash))
}

func business(_ *testing.T, s *till) {
	s.begin()
	d := s.sale()
	d.Buyer = &fiscal.Buyer{Name: "ООО Ромашка", INN: "3664069397"}
	d.Contact = "+79991234567"
	s.make(d)
}

// noPaper makes a receipt that the buyer wants by e-mail alone: there is nothing on the tape.
func noPaper(t *testing.T, s *till) {
	s.begin()
	state, err := s.Device.State(s.ctx())
	if err != nil {
		t.Fatal(err)
	}
	before := s.Sim.Tape()
	d := s.sale()
	d.Contact, d.NoPaper = "buyer@example.ru", true
	if !state.Can.NoPaper {
		s.refused(d, fiscal.TroubleCannot)
		return
	}
	_, r := s.make(d)
	if s.Sim.Tape() != before || r.NotPrinted {
		t.Errorf("something was printed, or is told to be missing: %+v", r)
	}
	d = s.sale()
	d.Contact = "buyer@example.ru"
	s.make(d)
	if s.Sim.Tape() == before {
		t.Error("nothing was printed for a buyer who wants both")
	}
}

// corrections makes those that the version of the format has.
func corrections(t *testing.T, s *till) {
	s.begin()
	state, err := s.Device.State(s.ctx())
	if err != nil {
		t.Fatal(err)
	}
	ffd12 := s.setup.FFD != fnsim.FFD105
	if can := state.Can; can.Corrections && (can.CorrectionLines != ffd12 || can.ReturnCorrection != ffd12) {
		t.Errorf("in FFD %s it can %+v", state.FFD, can)
	}
	for kind, can := range map[fiscal.Kind]bool{fiscal.SaleCorrection: state.Can.Corrections, fiscal.ReturnCorrection: state.Can.ReturnCorrection} {
		d := s.correction(kind)
		if !can {
			s.cannot(d)
			continue
		}
		s.make(d)
		d = s.correction(kind)
		d.Correction.ByOrder, d.Correction.Number = true, "ЕД-7"
		s.make(d)
		d = s.correction(kind)
		d.Correction.Wrong = "2780318453"
		s.make(d)
	}
}

// cannot tries to have something made that the device cannot make.
func (s *till) cannot(d fiscal.Document) {
	s.t.Helper()
	before := s.look()
	_, err := s.Device.Make(s.ctx(), s.try(d))
	if fiscal.TroubleOf(err) != fiscal.TroubleCannot || errors.Is(err, fiscal.ErrUnknown) || errors.Is(err, fiscal.ErrUnclear) {
		s.t.Errorf("%s: %v, want that it cannot", d.Kind, err)
	}
	s.contract(err)
	s.same(before)
}

func copies(t *testing.T, s *till) {
	s.begin()
	_, r := s.make(s.sale())
	state, err := s.Device.State(s.ctx())
	if err != nil {
		t.Fatal(err)
	}
	if !state.Can.Copies {
		if err := s.Device.Copy(s.ctx(), r.Number); !errors.Is(err, fiscal.ErrCannot) {
			t.Errorf("copied: %v", err)
		}
		return
	}
	before := s.look()
	if err := s.Device.Copy(s.ctx(), r.Number); err != nil {
		t.Fatal(err)
	}
	if strings.Count(s.Sim.Tape(), r.QR) != 2 {
		t.Errorf("the copy is missing:\n%s", s.Sim.Tape())
	}
	s.same(before)
	if err := s.Device.Copy(s.ctx(), 999); err == nil {
		t.Error("a copy of nothing was printed")
	}
}

// madeAgain sends every kind of document again, as after a crash between the answer and the disk.
func madeAgain(t *testing.T, s *till) {
	s.begin()
	for _, d := range []fiscal.Document{s.sale(), s.receipt(fiscal.Return, shopping()[:1], byCard), s.cash(fiscal.CashIn, 5_00),
		s.cash(fiscal.CashOut, 3_00), s.doc(fiscal.CloseShift)} {
		try, first := s.make(d)
		before := s.look()
		again, err := s.Device.Make(s.ctx(), try)
		if err != nil {
			t.Errorf("%s again: %v", d.Kind, err)
		}
		s.same(before)
		again.Found = first.Found
		if again != first && d.Kind.Stored() {
			t.Errorf("%s again: %+v, and was %+v", d.Kind, again, first)
		}
	}
}

// foundAgain asks for documents whose answers came.
func foundAgain(t *testing.T, s *till) {
	s.begin()
	for _, d := range []fiscal.Document{s.sale(), s.cash(fiscal.CashIn, 5_00), s.doc(fiscal.CloseShift)} {
		try, first := s.make(d)
		before := s.look()
		again, err := s.Device.Find(s.ctx(), try)
		if err != nil {
			t.Errorf("%s: %v", d.Kind, err)
		}
		again.Found = first.Found
		if again != first && d.Kind.Stored() {
			t.Errorf("%s found: %+v, and was %+v", d.Kind, again, first)
		}
		s.same(before)
	}
}

func neverMade(t *testing.T, s *till) {
	s.begin()
	s.make(s.sale())
	for _, d := range []fiscal.Document{s.sale(), s.doc(fiscal.CloseShift), s.cash(fiscal.CashIn, 5_00)} {
		try := s.try(d)
		_, err := s.Device.Find(s.ctx(), try)
		if !errors.Is(err, fiscal.ErrAbsent) {
			t.Errorf("%s: %v, want ErrAbsent", d.Kind, err)
		}
		s.contract(err)
		r, err := s.Device.Make(s.ctx(), try)
		if err != nil {
			t.Fatalf("%s: %v", d.Kind, err)
		}
		s.agrees(try, r)
		if d.Kind == fiscal.CloseShift {
			s.make(s.doc(fiscal.OpenShift))
		}
	}
}

// week keeps on for a week of short days, with tries of each day made again at its end.
func week(t *testing.T, s *till) {
	for range 7 {
		s.make(s.doc(fiscal.OpenShift))
		sold, first := s.make(s.sale())
		back, second := s.make(s.receipt(fiscal.Return, shopping(), inCash))
		s.Advance(8 * time.Hour)
		s.make(s.doc(fiscal.CloseShift))
		for try, was := range map[*fiscal.Try]fiscal.Receipt{&sold: first, &back: second} {
			if r, err := s.Device.Make(s.ctx(), *try); err != nil || r.Number != was.Number {
				t.Errorf("made again in the evening: %+v, %v", r, err)
			}
		}
		s.Advance(16 * time.Hour)
	}
	if n := len(s.Sim.Records()); n != 1+7*4 {
		t.Errorf("%d documents in a week", n)
	}
}

func largeSums(_ *testing.T, s *till) {
	s.begin()
	s.make(s.receipt(fiscal.Sale, []fiscal.Line{line("Дорого", register.MaxMoney-1, 1000, register.VAT22)}, byCard))
	s.make(s.receipt(fiscal.Sale, []fiscal.Line{line("Много", 1_00, register.MaxQuantity, register.VAT22)}, byCard))
	s.make(s.receipt(fiscal.Sale, []fiscal.Line{line("Мало", 1, 1000, register.VAT22)}, byCard))
	s.make(s.receipt(fiscal.Sale, []fiscal.Line{line("Щепотка", 1000_00, 1, register.VAT22)}, byCard))
}

func notes(t *testing.T, s *till) {
	s.begin()
	d := s.sale()
	d.Notes = []string{"Получено 600.00", "Сдача 63.66"}
	s.make(d)
	for _, note := range d.Notes {
		if !strings.Contains(s.Sim.Tape(), note) {
			t.Errorf("%q is not on paper:\n%s", note, s.Sim.Tape())
		}
	}
}

// otherStorage looks for a document after the fiscal storage was replaced: whether it was in the old one, nobody can
// tell from the new one.
func otherStorage(t *testing.T, s *till) {
	s.begin()
	s.make(s.doc(fiscal.CloseShift))
	try := s.try(s.doc(fiscal.OpenShift))
	if err := s.Sim.ReplaceFN("9999078902000999"); err != nil {
		t.Fatal(err)
	}
	s.Forget()
	if r, err := s.Device.Find(s.ctx(), try); !errors.Is(err, fiscal.ErrUnclear) {
		t.Errorf("found: %+v, %v; want ErrUnclear", r, err)
	}
	s.make(s.doc(fiscal.OpenShift))
	_, r := s.make(s.sale())
	if r.FN != "9999078902000999" || r.Number != 3 || r.Shift != 1 {
		t.Errorf("%+v", r)
	}
}
