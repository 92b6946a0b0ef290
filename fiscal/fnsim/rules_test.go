package fnsim

import (
	"strings"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/register"
)

// TestSalesThatAreWrong: each is refused with the driver's number, and nothing is made.
func TestSalesThatAreWrong(t *testing.T) {
	money := func(m register.Money) *register.Money { return &m }
	for name, one := range map[string]struct {
		spoil func(*Document)
		want  Code
	}{
		"a sum two kopecks off":         {func(d *Document) { d.Lines[1].Sum += 2 }, BadSum},
		"a negative price":              {func(d *Document) { d.Lines[0].Price = -1 }, BadSum},
		"no quantity":                   {func(d *Document) { d.Lines[0].Quantity = 0 }, BadQuantity},
		"no lines":                      {func(d *Document) { d.Lines = nil }, BadLines},
		"too many lines":                {func(d *Document) { d.Lines = make([]Line, mostLines+1) }, BadLines},
		"no name":                       {func(d *Document) { d.Lines[0].Name = "" }, RequisiteMissing},
		"a long name":                   {func(d *Document) { d.Lines[0].Name = strings.Repeat("я", 129) }, BadRequisite},
		"no such rate":                  {func(d *Document) { d.Lines[0].VAT = "33" }, BadVAT},
		"18 and 20 together":            {func(d *Document) { d.Lines[0].VAT, d.Lines[1].VAT = VAT18, register.VAT20 }, MixedVAT},
		"no method":                     {func(d *Document) { d.Lines[0].Method = 0 }, BadMethod},
		"a method that there is not":    {func(d *Document) { d.Lines[0].Method = 8 }, BadMethod},
		"no object":                     {func(d *Document) { d.Lines[0].Object = 0 }, BadObject},
		"marked goods without a code":   {func(d *Document) { d.Lines[0].Object = 33 }, BadObject},
		"no measure":                    {func(d *Document) { d.Lines[0].Measure = nil }, RequisiteMissing},
		"a measure that there is not":   {func(d *Document) { m := 9; d.Lines[0].Measure = &m }, BadMeasure},
		"a unit in words":               {func(d *Document) { d.Lines[0].Unit = "шт" }, NotInFFD},
		"VAT above the line":            {func(d *Document) { d.Lines[0].VATSum = money(179_81) }, TaxTooBig},
		"a total above the lines":       {func(d *Document) { d.Total = money(446_45); d.Payments.Electronic++ }, BadTotal},
		"a total a rouble below":        {func(d *Document) { d.Total = money(445_99) }, BadTotal},
		"paid too little":               {func(d *Document) { d.Payments.Electronic-- }, NotPaid},
		"too much by card":              {func(d *Document) { d.Payments.Electronic++ }, NonCashTooMuch},
		"too much prepaid":              {func(d *Document) { d.Payments = fiscal.Payments{Prepaid: 446_45} }, NonCashTooMuch},
		"a negative payment":            {func(d *Document) { d.Payments = fiscal.Payments{Cash: 500_00, Credit: -1} }, BadSum},
		"a tax system not registered":   {func(d *Document) { d.Taxation = fiscal.TaxationUSN }, BadTaxation},
		"no paper and no contact":       {func(d *Document) { d.NoPaper = true }, RequisiteMissing},
		"a contact that is none":        {func(d *Document) { d.Contact = "Петя" }, BadRequisite},
		"a cashier's INN that is none":  {func(d *Document) { d.Operator.INN = "123456789012" }, BadRequisite},
		"a firm's INN for a cashier":    {func(d *Document) { d.Operator.INN = "7700000009" }, BadRequisite},
		"a cashier without a name":      {func(d *Document) { d.Operator = fiscal.Operator{INN: "500100732259"} }, RequisiteMissing},
		"a long cashier":                {func(d *Document) { d.Operator.Name = strings.Repeat("я", 65) }, BadRequisite},
		"a buyer's INN that is none":    {func(d *Document) { d.Buyer = &fiscal.Buyer{Name: "ООО", INN: "1"} }, BadRequisite},
		"an attribute without a value":  {func(d *Document) { d.Attribute.Value = "" }, RequisiteMissing},
		"a long attribute":              {func(d *Document) { d.Attribute.Value = strings.Repeat("я", 257) }, BadRequisite},
		"a correction's reason":         {func(d *Document) { d.Correction = &fiscal.Correction{Date: time.Now()} }, RequisiteDenied},
		"taxes beside lines":            {func(d *Document) { d.Taxes = []Tax{{"22", 1}} }, RequisiteDenied},
		"a kind that there is not":      {func(d *Document) { d.Kind = "buy" }, BadKind},
		"more than 32 KB":               {func(d *Document) { long(d) }, TooLong},
		"a return of what is not there": {func(d *Document) { d.Kind = fiscal.Return; d.Payments = fiscal.Payments{Cash: 446_44} }, DrawerTooLow},
	} {
		d := opened(t, noon())
		doc := shopping()
		one.spoil(&doc)
		before := d.Look().Drawer
		_, err := d.Make(t.Context(), doc)
		if CodeOf(err) != one.want || len(d.Records()) != 2 || d.Look().Drawer != before {
			t.Errorf("%s: %v, want %d; %d documents", name, err, one.want, len(d.Records()))
		}
	}
}

func long(d *Document) {
	l := d.Lines[0]
	l.Name = strings.Repeat("я", 128)
	d.Lines, d.Payments = nil, fiscal.Payments{}
	for range 200 {
		d.Lines = append(d.Lines, l)
		d.Payments.Cash += l.Sum
	}
}

// TestSalesThatAreAllowed are at the edges of the rules.
func TestSalesThatAreAllowed(t *testing.T) {
	money := func(m register.Money) *register.Money { return &m }
	for name, one := range map[string]struct {
		change func(*Document)
		paid   fiscal.Payments
		sum    register.Money
		back   register.Money
	}{
		"a sum a kopeck off":        {func(d *Document) { d.Lines[1].Sum++; d.Payments.Electronic++ }, fiscal.Payments{Electronic: 446_45}, 446_45, 0},
		"a total without kopecks":   {func(d *Document) { d.Total = money(446_00); d.Payments.Electronic = 446_00 }, fiscal.Payments{Electronic: 446_00}, 446_00, 0},
		"cash with change":          {func(d *Document) { d.Payments = fiscal.Payments{Cash: 500_00} }, fiscal.Payments{Cash: 446_44}, 446_44, 53_56},
		"card and cash with change": {func(d *Document) { d.Payments = fiscal.Payments{Cash: 100_00, Electronic: 400_00} }, fiscal.Payments{Cash: 46_44, Electronic: 400_00}, 446_44, 53_56},
		"all five": {func(d *Document) {
			d.Payments = fiscal.Payments{Cash: 1_00, Electronic: 2_00, Prepaid: 3_00, Credit: 4_00, Other: 436_44}
		}, fiscal.Payments{Cash: 1_00, Electronic: 2_00, Prepaid: 3_00, Credit: 4_00, Other: 436_44}, 446_44, 0},
		"an advance without a name": {func(d *Document) {
			d.Lines[0].Name, d.Lines[0].Method, d.Lines[0].Object = "", fiscal.Advance, fiscal.Money
		}, fiscal.Payments{Electronic: 446_44}, 446_44, 0},
	} {
		d := opened(t, noon())
		doc := shopping()
		one.change(&doc)
		r := made(t, d, doc)
		if r.Payments != one.paid || r.Sum != one.sum || r.Change != one.back || d.Look().Drawer != one.paid.Cash {
			t.Errorf("%s: %+v, drawer %v", name, r, d.Look().Drawer)
		}
	}
}

// TestShiftRules goes through a shift and past its 24 hours, which begin with the opening document.
func TestShiftRules(t *testing.T) {
	c := noon()
	d := open(t, c)
	cash := Document{Kind: fiscal.CashIn, Cash: 100_00}
	for _, doc := range []Document{shopping(), {Kind: fiscal.CloseShift}, cash, {Kind: fiscal.XReport}} {
		refusedWith(t, d, doc, ShiftClosed)
	}
	made(t, d, Document{Kind: fiscal.OpenShift})
	refusedWith(t, d, Document{Kind: fiscal.OpenShift}, ShiftOpen)
	c.now = c.now.Add(24*time.Hour - time.Second)
	made(t, d, shopping())
	made(t, d, cash)
	c.now = c.now.Add(time.Second)
	if s := d.Look(); s.Shift != fiscal.ShiftExpired {
		t.Errorf("%+v", s)
	}
	refusedWith(t, d, shopping(), ShiftExpired)
	refusedWith(t, d, cash, ShiftExpired)
	refusedWith(t, d, Document{Kind: fiscal.OpenShift}, ShiftOpen)
	made(t, d, Document{Kind: fiscal.XReport})
	r := made(t, d, Document{Kind: fiscal.CloseShift})
	if r.Receipts != 1 || r.Documents != 3 || r.Shift != 1 || d.Look().Shift != fiscal.ShiftClosed {
		t.Errorf("%+v", r)
	}
	if tags := r.Tags(); tags["1118"] != int64(1) || tags["1111"] != int64(3) || tags["1097"] != int64(0) {
		t.Errorf("%v", tags)
	}
	if r = made(t, d, Document{Kind: fiscal.OpenShift}); r.Shift != 2 {
		t.Errorf("%+v", r)
	}
	if r = made(t, d, shopping()); r.InShift != 1 || r.Shift != 2 {
		t.Errorf("receipts begin anew: %+v", r)
	}
}

func TestAReceiptOpensTheShift(t *testing.T) {
	d := open(t, noon(), func(s *Setup) { s.AutoOpen = true })
	r := made(t, d, shopping())
	if !r.AutoOpened || r.Number != 3 || d.Records()[1].Kind != fiscal.OpenShift {
		t.Errorf("%+v", d.Records())
	}
	refusedWith(t, open(t, noon(), func(s *Setup) { s.AutoOpen = true }), Document{Kind: fiscal.CloseShift}, ShiftClosed)
}

func TestTheDrawer(t *testing.T) {
	d := opened(t, noon())
	refusedWith(t, d, Document{Kind: fiscal.CashOut, Cash: 1}, DrawerTooLow)
	refusedWith(t, d, Document{Kind: fiscal.CashIn}, BadSum)
	made(t, d, Document{Kind: fiscal.CashIn, Cash: 1000_00})
	doc := shopping()
	doc.Payments = fiscal.Payments{Cash: 500_00}
	made(t, d, doc)
	doc.Kind, doc.Payments = fiscal.Return, fiscal.Payments{Cash: 446_44}
	made(t, d, doc)
	made(t, d, Document{Kind: fiscal.CashOut, Cash: 999_00})
	s := d.Look()
	if s.Drawer != 1_00 || s.Totals.In != (Count{1, 1000_00}) || s.Totals.Out != (Count{1, 999_00}) ||
		s.Totals.Receipts[fiscal.Sale].Payments.Cash != 446_44 || s.Totals.Receipts[fiscal.Return].Count.Sum != 446_44 {
		t.Errorf("%+v", s)
	}
	if n := len(d.Moves()); n != 2 {
		t.Errorf("%d moves", n)
	}
	if n := s.Last; n != 4 {
		t.Errorf("moves of cash are in the fiscal storage: %d", n)
	}
}

func TestCorrections(t *testing.T) {
	c := noon()
	correct := func(kind fiscal.Kind) Document {
		d := shopping()
		d.Kind, d.Correction = kind, &fiscal.Correction{Date: c.now.Add(-48 * time.Hour), Number: "12"}
		return d
	}
	bare := func() Document {
		total := register.Money(446_44)
		d := correct(fiscal.SaleCorrection)
		d.Lines, d.Total, d.Taxes = nil, &total, []Tax{{register.VAT10, 16_35}, {register.VAT22, 48_08}}
		return d
	}
	old := func(s *Setup) { s.FFD = FFD105 }
	made(t, opened(t, c), correct(fiscal.SaleCorrection))
	r := made(t, opened(t, c), correct(fiscal.ReturnCorrection))
	if tags := r.Tags(); tags["1054"] != int64(2) || tags["1173"] != int64(0) || tags["1174"].(Tags)["1179"] != "12" {
		t.Errorf("%v", tags)
	}
	r = made(t, opened(t, c, old), bare())
	if tags := r.Tags(); tags["1103"] != register.Money(16_35) || tags["1059"] != nil || tags["1209"] != int64(2) {
		t.Errorf("%v", tags)
	}
	refusedWith(t, opened(t, c, old), correct(fiscal.SaleCorrection), NotInFFD)
	refusedWith(t, opened(t, c), bare(), BadLines)
	for name, one := range map[string]struct {
		spoil func(*Document)
		want  Code
	}{
		"no reason":      {func(d *Document) { d.Correction = nil }, BadLines}, // without it, it is a receipt with no lines
		"no day":         {func(d *Document) { d.Correction.Date = time.Time{} }, RequisiteMissing},
		"tomorrow":       {func(d *Document) { d.Correction.Date = c.now.Add(24 * time.Hour) }, BadDate},
		"no order":       {func(d *Document) { d.Correction.ByOrder, d.Correction.Number = true, "" }, RequisiteMissing},
		"a long number":  {func(d *Document) { d.Correction.Number = strings.Repeat("1", 33) }, BadRequisite},
		"no taxes":       {func(d *Document) { d.Taxes = nil }, RequisiteMissing},
		"no total":       {func(d *Document) { d.Total = nil }, RequisiteMissing},
		"too much tax":   {func(d *Document) { d.Taxes[0].Sum = 446_44 }, TaxTooBig},
		"a negative tax": {func(d *Document) { d.Taxes[0].Sum = -1 }, BadSum},
		"no such rate":   {func(d *Document) { d.Taxes[0].VAT = "33" }, BadVAT},
		"of a return":    {func(d *Document) { d.Kind = fiscal.ReturnCorrection }, NotInFFD},
	} {
		d := opened(t, c, old)
		doc := bare()
		why := *doc.Correction
		doc.Correction = &why
		one.spoil(&doc)
		if _, err := d.Make(t.Context(), doc); CodeOf(err) != one.want {
			t.Errorf("%s: %v, want %d", name, err, one.want)
		}
	}
}

func TestFFD105(t *testing.T) {
	d := opened(t, noon(), func(s *Setup) { s.FFD = FFD105 })
	refusedWith(t, d, shopping(), NotInFFD) // codes of measures
	doc := shopping()
	for i := range doc.Lines {
		doc.Lines[i].Measure, doc.Lines[i].Unit = nil, "шт"
	}
	if tags := made(t, d, doc).Tags(); tags["1059"].([]Tags)[0]["1197"] != "шт" {
		t.Errorf("%v", tags)
	}
}

func TestOldFirmware(t *testing.T) {
	d := opened(t, noon(), func(s *Setup) { s.NoVAT22 = true })
	refusedWith(t, d, shopping(), BadVAT)
}

// TestTexts: letters that code page 866 lacks are lost.
func TestTexts(t *testing.T) {
	d := opened(t, noon())
	doc := shopping()
	doc.Lines[0].Name = "Ёлка «№ 1» — 5 €"
	if r := made(t, d, doc); r.Lines[0].Name != "Ёлка ?№ 1? ? 5 ?" {
		t.Errorf("%q", r.Lines[0].Name)
	}
	if doc.Lines[0].Name != "Ёлка «№ 1» — 5 €" {
		t.Error("the caller's document was changed")
	}
}
