package kkmserver_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/fiscal/kkmserver"
	"kassa/fiscal/kkmserver/kkmsim"
	"kassa/register"
)

// TestADay makes every document of a day and holds what the device says of it against the device's own memory.
func TestADay(t *testing.T) {
	for _, ffd := range []string{fnsim.FFD105, fnsim.FFD12} {
		t.Run(ffd, func(t *testing.T) {
			r := newRig(t, fnsim.Setup{FFD: ffd}, kkmsim.Options{}).opened(t)
			r.makes(t, fiscal.Document{Kind: fiscal.CashIn, Total: 1000_00})
			sale := r.makes(t, shopping("0198f3c2-0000-7000-8000-000000000001"))
			back := shopping("0198f3c2-0000-7000-8000-000000000002")
			back.Kind, back.Contact, back.NoPaper = fiscal.Return, "buyer@example.com", true
			returned := r.makes(t, back)
			r.makes(t, fiscal.Document{Kind: fiscal.CashOut, Total: 500_00})
			r.makes(t, fiscal.Document{Kind: fiscal.XReport})
			closed := r.makes(t, fiscal.Document{Kind: fiscal.CloseShift})
			all := r.sim.Records()
			for i, got := range []fiscal.Receipt{sale, returned, closed} {
				kept := all[i+2]
				if got.FN != kept.FN || got.Number != kept.Number || got.Sign != kept.Sign || !got.At.Equal(kept.At) || got.Shift != kept.Shift ||
					got.InShift != kept.InShift || got.Registration != kept.Registration || got.Total != kept.Sum || got.QR != kept.QR ||
					got.Found || got.NotPrinted {
					t.Errorf("%s: the device kept\n%+v\nand the till got\n%+v", kept.Kind, kept, got)
				}
			}
			kept := all[2]
			if kept.Attribute.Value != "0198f3c2-0000-7000-8000-000000000001" || len(kept.Lines) != 2 || kept.Lines[1].Quantity != 356 ||
				kept.Payments != (fiscal.Payments{Cash: 400_00, Electronic: 46_44}) || kept.Operator.INN != "500100732259" {
				t.Errorf("%+v", kept)
			}
			if measured := kept.Lines[1].Measure != nil; measured != (ffd == fnsim.FFD12) || measured && *kept.Lines[1].Measure != 11 {
				t.Errorf("measure %v", kept.Lines[1].Measure)
			}
			if !all[3].NoPaper || all[3].Contact != "buyer@example.com" || r.sim.Look().Drawer != 500_00 {
				t.Errorf("%+v", all[3])
			}
			if tape := r.sim.Tape(); !strings.Contains(tape, "Скидка 10.00") || !strings.Contains(tape, "Спасибо за покупку") {
				t.Errorf("the paper:\n%s", tape)
			}
		})
	}
}

// TestRatesAndTaxation sends every rate and every tax system.
func TestRatesAndTaxation(t *testing.T) {
	systems := []fiscal.Taxation{fiscal.TaxationOSN, fiscal.TaxationUSN, fiscal.TaxationUSNNet, fiscal.TaxationESHN, fiscal.TaxationPatent}
	r := newRig(t, fnsim.Setup{Taxations: systems}, kkmsim.Options{}).opened(t)
	rates := []register.VAT{register.VATNone, register.VAT0, register.VAT5, register.VAT7, register.VAT10, register.VAT20, register.VAT22,
		register.VAT5of105, register.VAT7of107, register.VAT10of110, register.VAT20of120, register.VAT22of122}
	for i, rate := range rates {
		doc := fiscal.Document{Kind: fiscal.Sale, Total: 100_00, Taxation: systems[i%len(systems)], Payments: fiscal.Payments{Prepaid: 50_00, Credit: 30_00, Other: 20_00},
			Lines: []fiscal.Line{{Name: "Стол", Price: 100_00, Quantity: register.One, Unit: register.Metre, Sum: 100_00, VAT: rate, Method: fiscal.Method(1 + i%7), Object: fiscal.Service}}}
		r.makes(t, doc)
		all := r.sim.Records()
		kept := all[len(all)-1]
		if kept.Lines[0].VAT != rate || kept.Taxation != doc.Taxation || kept.Payments != doc.Payments || kept.Lines[0].Method != doc.Lines[0].Method ||
			kept.Lines[0].Object != fiscal.Service || *kept.Lines[0].Measure != 22 {
			t.Errorf("%s: %+v", rate, kept)
		}
	}
}

func TestCorrections(t *testing.T) {
	day := time.Date(2026, 3, 10, 0, 0, 0, 0, time.FixedZone("", 3*3600))
	for _, ffd := range []string{fnsim.FFD105, fnsim.FFD12} {
		t.Run(ffd, func(t *testing.T) {
			r := newRig(t, fnsim.Setup{FFD: ffd}, kkmsim.Options{}).opened(t)
			doc := shopping("0198f3c2-0000-7000-8000-000000000001")
			doc.Kind, doc.Correction = fiscal.SaleCorrection, &fiscal.Correction{Date: day, Number: "12", ByOrder: true, Wrong: "2780318453"}
			r.makes(t, doc)
			all := r.sim.Records()
			kept := all[len(all)-1]
			if kept.Kind != fiscal.SaleCorrection || kept.Sum != 446_44 || !kept.Correction.ByOrder || kept.Correction.Number != "12" ||
				kept.Correction.Date.Format(time.DateOnly) != "2026-03-10" || kept.Extra != "2780318453" || (len(kept.Lines) == 2) != (ffd == fnsim.FFD12) {
				t.Errorf("%+v", kept)
			}
			if len(kept.VAT) != 2 || kept.VAT[0].Sum != 16_35 || kept.VAT[1].Sum != 48_08 {
				t.Errorf("%+v", kept.VAT)
			}
			doc.Kind = fiscal.ReturnCorrection
			_, err := r.Make(t.Context(), r.try(t, doc))
			if refused := errors.Is(err, fiscal.ErrRefused) && fiscal.TroubleOf(err) == fiscal.TroubleCannot; refused != (ffd == fnsim.FFD105) {
				t.Error(err)
			}
		})
	}
}

func TestState(t *testing.T) {
	r := newRig(t, fnsim.Setup{}, kkmsim.Options{}).opened(t)
	r.makes(t, fiscal.Document{Kind: fiscal.CashIn, Total: 1000_00})
	r.sim.SetOFD(false)
	r.makes(t, shopping(""))
	s, err := r.State(t.Context())
	look := r.sim.Look()
	if err != nil || s.Model != look.Model || s.Serial != look.Serial || s.FFD != "1.2" || s.Shift != fiscal.ShiftOpen || s.Number != 1 || s.FN != look.FN ||
		s.Last != 3 || s.Drawer != 1400_00 || s.Unsent != 1 || !s.UnsentSince.Equal(look.UnsentSince) || s.Blocked != "" || s.FNReplace || s.PaperOut ||
		s.FNUntil.Unix() != look.FNUntil.Unix() || look.Clock.Sub(s.Clock).Abs() > 2*time.Second {
		t.Errorf("%v\n%+v\n%+v", err, s, look)
	}
	if !s.Can.CorrectionLines || !s.Can.Copies || !s.Can.NoPaper || !s.Can.CashMoves {
		t.Errorf("%+v", s.Can)
	}
	r.sim.SetPaper(false)
	r.sim.SetUntil(time.Now().Add(48 * time.Hour))
	if s, err = r.State(t.Context()); err != nil || !s.PaperOut || !s.FNReplace || !s.FNExhausted {
		t.Errorf("%v, %+v", err, s)
	}
	r.sim.SetPaper(true)
	tape := len(r.sim.Tape())
	if err := r.Copy(t.Context(), 3); err != nil || !strings.Contains(r.sim.Tape()[tape:], "КОПИЯ") {
		t.Errorf("%v:\n%s", err, r.sim.Tape()[tape:])
	}
	if err := r.Copy(t.Context(), 99); err == nil {
		t.Error("a document that does not exist was copied")
	}
	r.sim.SetFN(false)
	if s, err = r.State(t.Context()); err != nil || s.Blocked != fiscal.TroubleUnregistered {
		t.Errorf("%v, %+v", err, s)
	}
	r.sim.SetPower(false)
	if _, err = r.State(t.Context()); fiscal.TroubleOf(err) != fiscal.TroubleOff {
		t.Error(err)
	}
}

// TestRefusals gives each trouble its name, and holds that nothing was made.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		set  func(*rig)
		doc  func(*fiscal.Document)
		want fiscal.Trouble
	}{
		"paper":                {set: func(r *rig) { r.sim.SetPaper(false) }, want: fiscal.TroublePaper},
		"cover":                {set: func(r *rig) { r.sim.SetCover(true) }, want: fiscal.TroubleCover},
		"memory":               {set: func(r *rig) { r.sim.SetCapacity(2) }, want: fiscal.TroubleMemory},
		"expired":              {set: func(r *rig) { r.sim.SetSkew(25 * time.Hour) }, want: fiscal.TroubleShiftExpired},
		"clock":                {set: func(r *rig) { r.sim.SetSkew(-2 * time.Hour) }, want: fiscal.TroubleClock},
		"keys":                 {set: func(r *rig) { r.sim.SetUntil(time.Now().Add(-time.Hour)) }, want: fiscal.TroubleMemory},
		"cash":                 {doc: func(d *fiscal.Document) { *d = fiscal.Document{Kind: fiscal.CashOut, Total: 1_00} }, want: fiscal.TroubleCash},
		"open":                 {doc: func(d *fiscal.Document) { *d = fiscal.Document{Kind: fiscal.OpenShift} }, want: fiscal.TroubleShiftOpen},
		"sum":                  {doc: func(d *fiscal.Document) { d.Payments.Cash -= 1_00 }, want: fiscal.TroubleDocument},
		"price":                {doc: func(d *fiscal.Document) { d.Lines[0].Price += 100 }, want: fiscal.TroubleDocument},
		"tax system":           {doc: func(d *fiscal.Document) { d.Taxation = fiscal.TaxationPatent }, want: fiscal.TroubleDocument},
		"rate":                 {doc: func(d *fiscal.Document) { d.Lines[0].VAT = "33" }, want: fiscal.TroubleDocument},
		"no paper, no contact": {doc: func(d *fiscal.Document) { d.NoPaper = true }, want: fiscal.TroubleDocument},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, fnsim.Setup{}, kkmsim.Options{}).opened(t)
			doc := shopping("")
			if c.doc != nil {
				c.doc(&doc)
			}
			try := r.try(t, doc)
			if c.set != nil {
				c.set(r)
			}
			_, err := r.Make(t.Context(), try)
			if !errors.Is(err, fiscal.ErrRefused) || fiscal.TroubleOf(err) != c.want {
				t.Errorf("%v", err)
			}
			if r.receipts() != 0 {
				t.Error("it was made")
			}
		})
	}
}

func TestAClosedShift(t *testing.T) {
	r := newRig(t, fnsim.Setup{AutoOpen: true}, kkmsim.Options{})
	for _, doc := range []fiscal.Document{shopping(""), {Kind: fiscal.CloseShift}} {
		if _, err := r.Make(t.Context(), r.try(t, doc)); !errors.Is(err, fiscal.ErrRefused) || fiscal.TroubleOf(err) != fiscal.TroubleShiftClosed {
			t.Errorf("%s: %v", doc.Kind, err)
		}
	}
	if n := len(r.sim.Records()); n != 1 {
		t.Errorf("%d documents: a shift was opened by itself", n)
	}
}

func TestSettings(t *testing.T) {
	for name, s := range map[string]fiscal.Settings{
		"no address":     {kkmserver.FieldURL: "http://"},
		"no such scheme": {kkmserver.FieldURL: "ftp://localhost"},
		"a secret in it": {kkmserver.FieldURL: "http://a:b@localhost:5893"},
		"a query":        {kkmserver.FieldURL: "http://localhost:5893/?a=b"},
		"no device":      {kkmserver.FieldDevice: "first"},
		"below zero":     {kkmserver.FieldDevice: "-1"},
		"no INN":         {kkmserver.FieldINN: "77"},
		"a colon":        {kkmserver.FieldLogin: "a:b"},
		"a line break":   {kkmserver.FieldPassword: "a\nb"},
	} {
		if _, err := kkmserver.Driver().Open(s, fiscal.Options{}); !errors.Is(err, kkmserver.ErrSettings) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := newRig(t, fnsim.Setup{}, kkmsim.Options{Number: 3})
	for name, c := range map[string]struct {
		s    fiscal.Settings
		want fiscal.Trouble
	}{
		"defaults":              {nil, ""},
		"the address whole":     {fiscal.Settings{kkmserver.FieldURL: r.url + "/Execute"}, ""},
		"by its number":         {fiscal.Settings{kkmserver.FieldDevice: "3"}, ""},
		"by its INN":            {fiscal.Settings{kkmserver.FieldINN: "7700000009"}, ""},
		"another number":        {fiscal.Settings{kkmserver.FieldDevice: "2"}, fiscal.TroubleOff},
		"another's":             {fiscal.Settings{kkmserver.FieldDevice: "3", kkmserver.FieldINN: "3664069397"}, fiscal.TroubleUnregistered},
		"a wrong password":      {fiscal.Settings{kkmserver.FieldPassword: "wrong-one"}, fiscal.TroubleAccess},
		"nobody at the address": {fiscal.Settings{kkmserver.FieldURL: "127.0.0.1:1"}, fiscal.TroubleOff},
		"another program":       {fiscal.Settings{kkmserver.FieldURL: r.url + "/other"}, fiscal.TroubleOff},
	} {
		d := r.open(t, c.s)
		_, err := d.State(t.Context())
		if fiscal.TroubleOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			continue
		}
		if _, err := d.Make(t.Context(), fiscal.Try{ID: "0198f3c2-7d10-7a54-9b1e-000000000009", Document: shopping("")}); !errors.Is(err, fiscal.ErrAbsent) && !errors.Is(err, fiscal.ErrUnknown) {
			t.Errorf("%s: a document that was not sent is %v", name, err)
		}
		if strings.Contains(fmt.Sprintf("%v %+v %#v", err, d, d), password) || strings.Contains(err.Error(), "wrong-one") {
			t.Errorf("%s: the password is told: %v", name, err)
		}
	}
	if text := fmt.Sprintf("%v %+v", r.Device, r.Device); strings.Contains(text, password) {
		t.Errorf("the password is printed: %s", text)
	}
}
