package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"kassa/i18n"
	"kassa/register"
	"kassa/server/pg"
	"kassa/sync/accept"
)

// pageSize is how many rows a list shows at once.
const pageSize = 50

// operationsBody is what the list of operations shows.
type operationsBody struct {
	Tills    []pg.Till
	Kinds    []kindOption
	Till     string
	From, To string
	Aside    bool
	Unfiscal bool
	Filtered bool
	Rows     []operationRow
	Older    string // address of the next page; empty on the last one
	Newest   string // address of the first page; empty when this is it
}

// kindOption is a kind of operation that the list can be narrowed to.
type kindOption struct {
	Kind, Name string
	Chosen     bool
}

// operationRow is an operation in the list.
type operationRow struct {
	pg.Operation
	L *i18n.Language // with the store's time
}

// Address is where the operation is shown in full.
func (o operationRow) Address() string { return operationAddress(o.Operation) }

func operationAddress(o pg.Operation) string {
	return fmt.Sprintf("/operations/%s/%d", o.Journal, o.Number)
}

// What is the kind in the owner's words, with the receipt's number where there is one.
func (o operationRow) What() string {
	what := kindName(o.L, o.Kind)
	if o.Receipt != nil {
		what += " " + o.L.T("web.receipt", "n", *o.Receipt)
	}
	return what
}

// Sum is what it moved, with a minus where the money went out; empty where there is none.
func (o operationRow) Sum() string {
	if o.Total == nil {
		return ""
	}
	return o.L.Money(register.Money(*o.Total))
}

// Out tells whether the money went out.
func (o operationRow) Out() bool { return o.Total != nil && *o.Total < 0 }

// Paid is how it was paid.
func (o operationRow) Paid() string { return methodName(o.L, o.Method) }

func kindName(l *i18n.Language, kind string) string {
	if key := "kind." + kind; l.Has(key) {
		return l.T(key)
	}
	if kind == "" {
		return l.T("web.operation.unreadable")
	}
	return l.T("kind.unknown", "kind", kind)
}

func methodName(l *i18n.Language, method string) string {
	switch {
	case method == "":
		return ""
	case method == accept.Mixed:
		return l.T("web.method.mixed")
	case l.Has("method." + method):
		return l.T("method." + method)
	}
	return method
}

func (s *site) operations(v visit) error {
	q := v.r.URL.Query()
	f, err := readFilter(q, v.zone())
	if err != nil {
		return err
	}
	if q.Get("unfiscal") != "" {
		f.Unfiscal = v.now.Add(-pg.UnfiscalAfter)
	}
	tills, err := s.Store.Tills(v.r.Context(), v.owner.Account)
	if err != nil {
		return err
	}
	list, err := s.Store.Operations(v.r.Context(), v.owner.Account, f)
	if err != nil {
		return err
	}
	b := operationsBody{Tills: tills, Till: q.Get("till"), From: q.Get("from"), To: q.Get("to"), Aside: f.Aside, Unfiscal: q.Get("unfiscal") != "",
		Filtered: q.Get("till") != "" || f.Kind != "" || q.Get("from") != "" || q.Get("to") != "" || f.Aside || q.Get("unfiscal") != ""}
	for _, k := range register.Kinds() {
		b.Kinds = append(b.Kinds, kindOption{Kind: string(k), Name: kindName(v.lang, string(k)), Chosen: f.Kind == string(k)})
	}
	if len(list) > pageSize {
		list = list[:pageSize]
		b.Older = address("/operations", q, "after", writeCursor(list[pageSize-1].Cursor()))
	}
	if !f.After.IsZero() {
		b.Newest = address("/operations", q, "after", "")
	}
	for _, o := range list {
		b.Rows = append(b.Rows, operationRow{Operation: o, L: v.at(v.shop(o.Store))})
	}
	return v.show("operations", "web.operations.title", b)
}

// zone is the zone that dates in forms are meant in: that of the account's first store.
func (v visit) zone() *time.Location {
	if len(v.shops) == 0 {
		return time.UTC
	}
	return v.shops[0].Location()
}

// address is the page's address with one parameter changed.
func address(path string, q url.Values, name, value string) string {
	changed := url.Values{}
	for k, v := range q {
		if k != name && len(v) > 0 && v[0] != "" {
			changed.Set(k, v[0])
		}
	}
	if value != "" {
		changed.Set(name, value)
	}
	if len(changed) == 0 {
		return path
	}
	return path + "?" + changed.Encode()
}

// readFilter reads the list's form. An empty field is no filter; what our own form cannot send is errBadForm.
func readFilter(q url.Values, zone *time.Location) (pg.OperationFilter, error) {
	f := pg.OperationFilter{Kind: q.Get("kind"), Aside: q.Get("aside") != "", Limit: pageSize + 1}
	var err error
	if f.Kind != "" && !slices.Contains(register.Kinds(), register.Kind(f.Kind)) {
		return f, errBadForm
	}
	if text := q.Get("till"); text != "" {
		if f.Till, err = uuid.Parse(text); err != nil {
			return f, errBadForm
		}
	}
	if f.From, err = readDay(q.Get("from"), zone); err != nil {
		return f, err
	}
	if f.To, err = readDay(q.Get("to"), zone); err != nil {
		return f, err
	}
	if !f.To.IsZero() {
		f.To = f.To.AddDate(0, 0, 1) // the day itself is meant too
	}
	f.After, err = readCursor(q.Get("after"))
	return f, err
}

func readDay(text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil || day.Year() < 1 {
		return time.Time{}, errBadForm
	}
	return day, nil
}

// writeCursor puts a place of the list into an address.
func writeCursor(c pg.Cursor) string {
	return fmt.Sprintf("%d_%s_%d", c.At.UnixMicro(), c.Journal, c.Number)
}

func readCursor(text string) (pg.Cursor, error) {
	if text == "" {
		return pg.Cursor{}, nil
	}
	parts := strings.Split(text, "_")
	if len(parts) != 3 {
		return pg.Cursor{}, errBadForm
	}
	at, err1 := strconv.ParseInt(parts[0], 10, 52)
	journal, err2 := uuid.Parse(parts[1])
	number, err3 := strconv.ParseInt(parts[2], 10, 64)
	if err1 != nil || err2 != nil || err3 != nil {
		return pg.Cursor{}, errBadForm
	}
	return pg.Cursor{At: time.UnixMicro(at).UTC(), Journal: journal, Number: number}, nil
}
