package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/i18n"
	"kassa/server/pg"
)

// paymentsBody is what the list of QR payments shows.
type paymentsBody struct {
	Tabs     tabs
	States   []stateOption
	Trouble  bool
	From, To string
	Filtered bool
	Rows     []paymentRow
	Older    string
	Newest   string
}

// stateOption is a state that the list can be narrowed to.
type stateOption struct {
	State, Name string
	Chosen      bool
}

// paymentStates are all states, in the order of a payment's life.
var paymentStates = []banks.State{banks.StateCreating, banks.StateCreateUnknown, banks.StateWaiting, banks.StateProcessing,
	banks.StatePaid, banks.StateRefundPending, banks.StatePartlyRefunded, banks.StateRefunded, banks.StateCancelling,
	banks.StateCancelled, banks.StateExpired, banks.StateRejected, banks.StateFailed}

// paymentRow is a QR payment in the list.
type paymentRow struct {
	pg.Payment
	L        *i18n.Language // with the store's time
	TillName string
}

// State names the payment's state.
func (p paymentRow) State() string { return p.L.T("web.state." + string(p.Attempt.State)) }

// Tone is the colour that the state is shown in.
func (p paymentRow) Tone() string {
	switch s := p.Attempt.State; {
	case p.Trouble != "", p.LateAt != nil:
		return "bad"
	case s.Paid():
		return "good"
	case s.Final():
		return "quiet"
	}
	return "busy"
}

// TroubleText says what stands in the way, empty when nothing does.
func (p paymentRow) TroubleText() string {
	switch {
	case p.Trouble != "":
		return p.L.T("web.trouble." + p.Trouble)
	case p.LateAt != nil:
		return p.L.T("web.trouble.late")
	}
	return ""
}

func (s *site) payments(v visit) error {
	q := v.r.URL.Query()
	f, err := readPaymentFilter(q, v.zone())
	if err != nil {
		return err
	}
	list, err := s.Store.Payments(v.r.Context(), v.owner.Account, f)
	if err != nil {
		return err
	}
	names, err := s.tillNames(v)
	if err != nil {
		return err
	}
	b := paymentsBody{Trouble: f.Trouble, From: q.Get("from"), To: q.Get("to"),
		Filtered: f.Trouble || f.State != "" || q.Get("from") != "" || q.Get("to") != ""}
	if b.Tabs, err = s.tabs(v, "/payments"); err != nil {
		return err
	}
	for _, state := range paymentStates {
		b.States = append(b.States, stateOption{State: string(state), Name: v.lang.T("web.state." + string(state)), Chosen: state == f.State})
	}
	if len(list) > pageSize {
		list = list[:pageSize]
		last := list[pageSize-1]
		b.Older = address("/payments", q, "after", fmt.Sprintf("%d_%s", last.Created.UnixMicro(), last.ID))
	}
	if !f.After.Created.IsZero() {
		b.Newest = address("/payments", q, "after", "")
	}
	for _, p := range list {
		b.Rows = append(b.Rows, paymentRow{Payment: p, L: v.at(v.shop(p.Store)), TillName: names[p.Till]})
	}
	return v.show("payments", "web.payments.title", b)
}

// readPaymentFilter reads the list's form. An empty field is no filter; what our own form cannot send is errBadForm.
func readPaymentFilter(q url.Values, zone *time.Location) (pg.PaymentFilter, error) {
	f := pg.PaymentFilter{State: banks.State(q.Get("state")), Trouble: q.Get("trouble") != "", Limit: pageSize + 1}
	if f.State != "" && !f.State.Valid() {
		return f, errBadForm
	}
	var err error
	if f.From, err = readDay(q.Get("from"), zone); err != nil {
		return f, err
	}
	if f.To, err = readDay(q.Get("to"), zone); err != nil {
		return f, err
	}
	if !f.To.IsZero() {
		f.To = f.To.AddDate(0, 0, 1) // the day itself is meant too
	}
	f.After, err = readPaymentCursor(q.Get("after"))
	return f, err
}

func readPaymentCursor(text string) (pg.PaymentCursor, error) {
	if text == "" {
		return pg.PaymentCursor{}, nil
	}
	at, id, ok := strings.Cut(text, "_")
	micros, err1 := strconv.ParseInt(at, 10, 52)
	parsed, err2 := uuid.Parse(id)
	if !ok || err1 != nil || err2 != nil {
		return pg.PaymentCursor{}, errBadForm
	}
	return pg.PaymentCursor{Created: time.UnixMicro(micros).UTC(), ID: parsed}, nil
}

func (s *site) tillNames(v visit) (map[uuid.UUID]string, error) {
	tills, err := s.Store.Tills(v.r.Context(), v.owner.Account)
	if err != nil {
		return nil, err
	}
	names := map[uuid.UUID]string{}
	for _, t := range tills {
		names[t.ID] = t.Name
	}
	return names, nil
}

// tabs lead between the pages about QR payments.
type tabs struct {
	Here     string // path of the page that is shown
	Troubles int64
}

// tabs counts what wants a person.
func (s *site) tabs(v visit, here string) (tabs, error) {
	n, err := s.troublesInAll(v)
	return tabs{Here: here, Troubles: n}, err
}

func (s *site) troublesInAll(v visit) (int64, error) {
	counts, err := s.Store.CountPaymentTroubles(v.r.Context(), v.now, v.owner.Account)
	var n int64
	for _, count := range counts {
		n += count
	}
	return n, err
}
