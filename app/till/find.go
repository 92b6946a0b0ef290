package till

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"kassa/localdb"
	"kassa/register"
)

// Search says what of the history is wanted. Every part that is not empty has to fit.
type Search struct {
	// Text is a number, a sum, words of goods or of a customer, or what was scanned off a receipt: its own code, or the
	// QR of a fiscal receipt.
	Text     string
	Kinds    []register.Kind
	Except   register.Kind // left out where no kinds are named
	Method   register.Method
	From, To time.Time // To does not count
	Shift    int64
	Customer string // id
	Basis    string // id of a sale or a prepayment: what goes back to it
}

// Goods and customers that a text may mean, in a search of the history.
const (
	mostGoods     = 200
	mostCustomers = 20
)

// Find is a page of the operations that fit, newest first, from before a position; zero starts at the newest.
func (t *Till) Find(ctx context.Context, s Search, before int64, limit int) ([]Operation, error) {
	if o, err := t.SaleByCode(ctx, strings.TrimSpace(s.Text)); err == nil {
		if before > 0 && o.Position >= before {
			return nil, nil
		}
		return []Operation{o}, nil
	}
	filters, err := t.filters(ctx, s)
	if err != nil {
		return nil, disk(err)
	}
	var found []localdb.Stored
	for _, f := range filters {
		page, err := t.c.Store.Find(ctx, f, before, limit)
		if err != nil {
			return nil, disk(err)
		}
		found = append(found, page...)
	}
	slices.SortFunc(found, func(a, b localdb.Stored) int { return int(b.Position - a.Position) })
	found = slices.CompactFunc(found, func(a, b localdb.Stored) bool { return a.Position == b.Position })
	page := make([]Operation, min(len(found), limit))
	for i := range page {
		page[i] = listed(found[i])
	}
	return page, nil
}

// filters are the ways to understand the text; an operation has to fit one of them.
func (t *Till) filters(ctx context.Context, s Search) ([]localdb.Filter, error) {
	base := localdb.Filter{Kinds: s.Kinds, Except: s.Except, Method: s.Method, From: s.From, To: s.To, Shift: s.Shift, Customer: s.Customer, Basis: s.Basis}
	text := strings.TrimSpace(s.Text)
	if text == "" {
		return []localdb.Filter{base}, nil
	}
	if sum, at, ok := t.fiscalQR(text); ok {
		base.Sum, base.From, base.To = sum, at.Add(-10*time.Minute), at.Add(10*time.Minute)
		return []localdb.Filter{base}, nil
	}
	var all []localdb.Filter
	if q, err := register.ParseQuantity(text); err == nil && q.Whole() && !strings.ContainsAny(text, ".,") {
		f := base
		f.Number = int64(q / register.One)
		all = append(all, f)
	}
	if sum, err := register.ParseMoney(text); err == nil && sum > 0 {
		f := base
		f.Sum = sum
		all = append(all, f)
		if onlySum(text, sum) {
			return all, nil
		}
	}
	byName, err := t.byName(ctx, text, base)
	return append(all, byName...), err
}

// onlySum tells whether a text that names a sum can mean nothing else: it has kopecks, and is more than goods have in
// their names, as in "0.33 l" and "1,75".
func onlySum(text string, sum register.Money) bool {
	at := strings.LastIndexAny(text, ".,")
	return at >= 0 && at == len(text)-3 && sum >= 10_00
}

// byName understands the text as words of goods or of a customer.
func (t *Till) byName(ctx context.Context, text string, base localdb.Filter) (all []localdb.Filter, err error) {
	if len([]rune(text)) < 3 {
		return nil, nil
	}
	goods, err := t.search(ctx, text, mostGoods)
	if err != nil {
		return nil, err
	}
	if len(goods) > 0 {
		f := base
		for _, p := range goods {
			f.Products = append(f.Products, p.ID)
		}
		all = append(all, f)
	}
	customers, err := t.c.Store.Customers(ctx, text, 0, mostCustomers)
	if len(customers) > 0 {
		f := base
		for _, c := range customers {
			f.Customers = append(f.Customers, c.ID)
		}
		all = append(all, f)
	}
	return all, err
}

// fiscalQR reads the sum and the moment from the QR of a fiscal receipt, as in
// "t=20260314T1205&s=446.44&fn=…&i=1042&fp=…&n=1" (FNS order ЕД-7-20/662@). The moment is the shop's local time.
func (t *Till) fiscalQR(text string) (register.Money, time.Time, bool) {
	if !strings.HasPrefix(text, "t=") || len(text) > 200 {
		return 0, time.Time{}, false
	}
	q, err := url.ParseQuery(text)
	if err != nil {
		return 0, time.Time{}, false
	}
	sum, err := register.ParseMoney(q.Get("s"))
	if err != nil || sum == 0 {
		return 0, time.Time{}, false
	}
	for _, layout := range []string{"20060102T1504", "20060102T150405"} {
		if at, err := time.ParseInLocation(layout, q.Get("t"), t.c.Zone); err == nil {
			return sum, at, true
		}
	}
	return 0, time.Time{}, false
}

// Operation reads one operation of the history.
func (t *Till) Operation(ctx context.Context, position int64) (Operation, error) {
	o, err := t.c.Store.At(ctx, position)
	if errors.Is(err, localdb.ErrNoOperation) {
		return Operation{}, problem(CodeNoSale, err)
	}
	if err != nil {
		return Operation{}, disk(err)
	}
	return listed(o), nil
}
