package web

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"kassa/i18n"
	"kassa/register"
	"kassa/server/pg"
	"kassa/sync/accept"
)

// operationBody is one operation in full. Of the particulars those are set that its kind has.
type operationBody struct {
	operationRow
	id        string // as the till knows it
	Shop      pg.Shop
	Approved  string // who gave the cashier leave
	Customer  *register.Customer
	Comment   string
	Reason    string
	Goods     *goods
	Order     *order
	Payments  []register.Payment
	Basis     []basis
	Following []operationRow // what goes back to this one
	Fiscal    []fiscalDocument
	Unfiscal  string // key of the text that says that the fiscal document is missing; empty when it is not
	Late      bool   // it is missing for long
	Contact   string // where the buyer wanted the receipt sent
	NoPaper   bool
	Float     *register.Money
	Closed    *closed
	Record    string // as the till stored it, made readable
}

// goods is a table of lines.
type goods struct {
	Lines []register.Line
	Gross register.Money // before discounts
	Off   register.Money
	Total register.Money
	Key   string // of the text that names the total
}

// order is a prepaid order on the day of its prepayment.
type order struct{ Total, Paid, Left register.Money }

// basis is an operation that this one goes back to. Address is empty where the server does not have it.
type basis struct {
	Key     string // of the text that says what it is
	Ref     register.Ref
	Address string
}

// closed is what a shift was closed with, and how that compares with the operations that the server has of it.
type closed struct {
	register.ShiftClosed
	Recount string // key of the text that says so
	Agrees  bool
}

// counterRow is a line of the table of a shift's totals.
type counterRow struct {
	Name string
	register.Counter
}

// followingMost is how many operations that go back to one are shown.
const followingMost = 50

func newGoods(key string, lines []register.Line, total register.Money) *goods {
	g := goods{Lines: lines, Total: total, Key: key}
	for _, l := range lines {
		g.Gross += l.Gross()
		g.Off += l.Off
	}
	return &g
}

// Method names a payment's method.
func (b operationBody) Method(p register.Payment) string { return methodName(b.L, string(p.Method)) }

// Name is what goods are called on this page.
func (b operationBody) Name(l register.Line) string {
	if b.L.Tag() == i18n.English && l.NameEn != "" {
		return l.NameEn
	}
	return l.Name
}

// HandedOver tells whether a payment says more than its amount: cash of which some was given back.
func (b operationBody) HandedOver(p register.Payment) bool {
	return p.Given != 0 && p.Given != p.Amount
}

// Columns is how many columns of the table stand before the sum.
func (g goods) Columns() int {
	if g.Off != 0 {
		return 5
	}
	return 4
}

// Counters are the shift's counters by kind, those that counted something.
func (c closed) Counters(b operationBody) []counterRow {
	var rows []counterRow
	for _, r := range []struct {
		kind register.Kind
		register.Counter
	}{
		{register.KindSale, c.Totals.Sales}, {register.KindReturn, c.Totals.Returns},
		{register.KindPrepayment, c.Totals.Prepayments}, {register.KindPrepaymentReturn, c.Totals.PrepaymentReturns},
		{register.KindCashIn, c.Totals.CashIn}, {register.KindCashOut, c.Totals.CashOut},
	} {
		if r.Count != 0 || r.Sum != 0 {
			rows = append(rows, counterRow{Name: kindName(b.L, string(r.kind)), Counter: r.Counter})
		}
	}
	return rows
}

// Taken is the shift's takings.
func (c closed) Taken() register.Money {
	return c.Totals.Taken(register.Cash) + c.Totals.Taken(register.Card) + c.Totals.Taken(register.QR)
}

func (s *site) operation(v visit) error {
	journal, err := uuid.Parse(v.r.PathValue("journal"))
	if err != nil {
		return pg.ErrNotFound
	}
	number, err := strconv.ParseInt(v.r.PathValue("number"), 10, 64)
	if err != nil {
		return pg.ErrNotFound
	}
	o, record, err := s.Store.Operation(v.r.Context(), v.owner.Account, journal, number)
	if err != nil {
		return err
	}
	shop := v.shop(o.Store)
	b := operationBody{operationRow: operationRow{Operation: o, L: v.at(shop)}, Shop: shop, Record: readable(record)}
	b.read(record)
	if err := s.related(v, &b); err != nil {
		return err
	}
	return v.show("operation", "web.operation.title", b)
}

// read takes the particulars out of the record, as far as this program understands them. What does not agree with itself
// was set aside when it came, and is shown as the record alone.
func (b *operationBody) read(record []byte) {
	o, err := register.DecodeOperation(record)
	if err != nil || b.Aside != accept.Understood {
		return
	}
	b.Approved, b.id = o.Approved, o.ID
	switch o.Kind {
	case register.KindSale:
		if s, err := o.Sale(); err == nil {
			b.sale(s)
		}
	case register.KindReturn:
		if r, err := o.Return(); err == nil {
			b.saleReturn(r)
		}
	case register.KindPrepayment:
		if p, err := o.Prepayment(); err == nil {
			b.Goods = newGoods("web.operation.total", p.Lines, p.Total)
			b.Order = &order{Total: p.Total, Paid: p.Amount, Left: p.Total - p.Amount}
			b.Payments, b.Customer, b.Comment = p.Payments, p.Customer, p.Comment
			b.Contact, b.NoPaper = p.Contact, p.NoPaper
		}
	case register.KindPrepaymentReturn:
		if r, err := o.PrepaymentReturn(); err == nil {
			b.Payments, b.Customer, b.Reason = r.Payments, r.Customer, r.Reason
			b.Contact, b.NoPaper = r.Contact, r.NoPaper
			b.Basis = []basis{{Key: "web.basis.prepayment", Ref: r.Prepayment}}
		}
	default:
		b.readOther(o)
	}
}

func (b *operationBody) sale(s register.Sale) {
	b.Goods = newGoods("web.operation.total", s.Lines, s.Total)
	b.Payments, b.Customer, b.Comment = s.Payments, s.Customer, s.Comment
	b.Contact, b.NoPaper = s.Contact, s.NoPaper
	if s.Prepayment != nil {
		b.Basis = []basis{{Key: "web.basis.prepayment", Ref: *s.Prepayment}}
	}
}

func (b *operationBody) saleReturn(r register.SaleReturn) {
	lines := make([]register.Line, len(r.Lines))
	for i, l := range r.Lines {
		lines[i] = l.Line
	}
	b.Goods = newGoods("web.operation.paid_back", lines, r.Total)
	b.Payments, b.Customer, b.Reason = r.Payments, r.Customer, r.Reason
	b.Contact, b.NoPaper = r.Contact, r.NoPaper
	if r.Sale != nil {
		b.Basis = append(b.Basis, basis{Key: "web.basis.sale", Ref: *r.Sale})
	}
	if r.Prepayment != nil {
		b.Basis = append(b.Basis, basis{Key: "web.basis.to_prepayment", Ref: *r.Prepayment})
	}
}

// readOther reads the kinds that no buyer takes part in.
func (b *operationBody) readOther(o register.Operation) {
	switch o.Kind {
	case register.KindCashIn, register.KindCashOut:
		if m, err := o.CashMove(); err == nil {
			b.Reason = m.Reason
		}
	case register.KindShiftOpened:
		var opened register.ShiftOpened
		if o.Decode(&opened) == nil {
			b.Float = &opened.Float
		}
	case register.KindShiftClosed:
		var c closed
		if o.Decode(&c.ShiftClosed) == nil {
			b.Closed = &c
		}
	case register.KindLineRemoved:
		var removed register.LineRemoved
		if o.Decode(&removed) == nil {
			b.Goods = newGoods("web.operation.removed", []register.Line{removed.Line}, removed.Line.Sum)
		}
	case register.KindReceiptCleared:
		var cleared register.ReceiptCleared
		if o.Decode(&cleared) == nil {
			b.Goods = newGoods("web.operation.removed", cleared.Lines, cleared.Total)
		}
	case register.KindDrawerOpened:
		var opened register.DrawerOpened
		if o.Decode(&opened) == nil {
			b.Reason = opened.Reason
		}
	case register.KindFiscalDocument:
		if d, err := o.FiscalDocument(); err == nil {
			b.fiscalDocument(d)
		}
	}
}

// related looks up what the operation goes back to, what goes back to it, and what a closed shift consists of.
func (s *site) related(v visit, b *operationBody) error {
	if b.Aside != accept.Understood {
		return nil
	}
	ctx, account := v.r.Context(), v.owner.Account
	for i := range b.Basis {
		var err error
		if b.Basis[i].Address, err = s.addressOf(v, b.Basis[i].Ref); err != nil {
			return err
		}
	}
	if err := s.fiscal(v, b); err != nil {
		return err
	}
	switch register.Kind(b.Kind) {
	case register.KindSale, register.KindPrepayment:
		list, err := s.Store.Following(ctx, account, accept.Place{Journal: b.Journal, Number: b.Number}, followingMost)
		if err != nil {
			return err
		}
		for _, o := range list {
			b.Following = append(b.Following, operationRow{Operation: o, L: v.at(v.shop(o.Store))})
		}
	case register.KindShiftClosed:
		tally, err := s.Store.Tally(ctx, account, b.Journal, b.Number)
		if err != nil {
			return err
		}
		if b.Closed != nil {
			b.Closed.compare(tally)
		}
	}
	return nil
}

// addressOf is where the operation that ref names is shown; empty when the server does not have it, or has another under
// its number.
func (s *site) addressOf(v visit, ref register.Ref) (string, error) {
	journal, err := uuid.Parse(ref.Journal)
	if err != nil {
		return "", nil
	}
	o, record, err := s.Store.Operation(v.r.Context(), v.owner.Account, journal, ref.Number)
	if errors.Is(err, pg.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if is, err := register.DecodeOperation(record); err != nil || is.ID != ref.ID {
		return "", nil
	}
	return operationAddress(o), nil
}

// compare holds what the till believed against what was computed again.
func (c *closed) compare(tally accept.Tally) {
	totals, whole := tally.Totals()
	switch {
	case !whole:
		c.Recount = "web.recount.unknown"
	case totals != c.Totals:
		c.Recount = "web.recount.differs"
	default:
		c.Recount, c.Agrees = "web.recount.agrees", true
	}
}

// readable indents JSON; anything else is shown as the text that it is. Only so much of it is shown.
func readable(record []byte) string {
	const most = 64 << 10
	text := strings.ToValidUTF8(string(record), "\uFFFD")
	if len(record) <= most && json.Valid(record) {
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(json.RawMessage(record)); err == nil {
			return strings.TrimSpace(b.String())
		}
	}
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
