package web

import (
	"errors"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"kassa/i18n"
	"kassa/register"
	"kassa/server/pg"
)

const (
	// troublesShown is how many troubles the page lists at once.
	troublesShown = 100
	// troublesRead is how many are looked through for one.
	troublesRead = 1000
)

// troublesBody is the page of everything that wants a person.
type troublesBody struct {
	Tabs  tabs
	Kinds []kindCount
	Kind  string
	Rows  []troubleRow
	More  bool // there are others
	Done  bool // one has just been closed
	Gone  bool // one was closed by somebody else before
}

// kindCount is a kind of trouble that the page can be narrowed to.
type kindCount struct {
	Kind   pg.TroubleKind
	Count  int64
	Chosen bool
}

// NameKey is the key of the kind's name.
func (k kindCount) NameKey() string { return "web.troubles.kind." + string(k.Kind) }

// troubleRow is one trouble.
type troubleRow struct {
	pg.PaymentTrouble
	L        *i18n.Language // with the store's time
	Shop     string
	TillName string
	Ways     []way
}

// Name says what it is, and What what to do about it.
func (t troubleRow) Name() string { return t.L.T("web.troubles.kind." + string(t.Kind)) }

// What says what to do about it.
func (t troubleRow) What() string { return t.L.T("web.troubles.do." + string(t.Kind)) }

// OperationAddress is where the operation is shown that the trouble is about; empty for none.
func (t troubleRow) OperationAddress() string {
	if t.Operation == nil {
		return ""
	}
	return useLine{Use: pg.Use{Place: *t.Operation}}.Address()
}

// Linked tells whether there is a payment of ours to look at.
func (t troubleRow) Linked() bool { return t.Payment != (uuid.UUID{}) }

// Sum is the sum that it is about.
func (t troubleRow) Sum() register.Money {
	if t.Ours == 0 {
		return t.Theirs
	}
	return t.Ours
}

// BankSays is the bank's sum where it is another one than ours.
func (t troubleRow) BankSays() register.Money {
	switch t.Kind {
	case pg.TroubleSumsDiffer, pg.TroubleOutsideRefund:
		return t.Theirs
	}
	return 0
}

// OursKey and TheirsKey are the keys of what the two sums are.
func (t troubleRow) OursKey() string { return sumKey(t.Kind, "ours") }

// TheirsKey is the key of what the bank's sum is.
func (t troubleRow) TheirsKey() string { return sumKey(t.Kind, "theirs") }

func sumKey(kind pg.TroubleKind, whose string) string {
	what := "sum"
	if kind == pg.TroubleOutsideRefund {
		what = "refunded"
	}
	return "web.troubles." + what + "_" + whose
}

// way is something that an owner can do.
type way struct {
	Do      string // also the end of the key of its name: "web.do.refund"
	Address string
	Post    bool // it is done at once, without a page that asks for a reason
}

// NameKey is the key of its name.
func (w way) NameKey() string { return "web.do." + w.Do }

// What an owner can do.
const (
	doAsk    = "ask"
	doRefund = "refund"
	doPaid   = "paid"
	doSeen   = "seen"
	doLost   = "lost"
	doNote   = "note"
	doClose  = "close"
)

func paymentWay(payment uuid.UUID, do string) way {
	return way{Do: do, Address: "/payments/" + payment.String() + "/" + do, Post: do == doAsk}
}

// waysOut are the ways out of each kind of trouble, the best first.
func waysOut(kind pg.TroubleKind) []string {
	switch kind {
	case pg.TroubleLate, pg.TroubleRefundFailed, pg.TroubleWithoutSale:
		return []string{doRefund, doClose, doNote}
	case pg.TroubleRefundUnknown:
		return []string{doSeen, doLost, doNote}
	case pg.TroubleNoEnd, pg.TroubleWithoutPayment:
		return []string{doAsk, doPaid, doClose, doNote}
	case pg.TroubleAmountDiffers, pg.TroubleNotAtBank, pg.TroubleSumsDiffer:
		return []string{doAsk, doClose, doNote}
	}
	return []string{doClose, doNote}
}

// ways are the ways out of a trouble that can be gone while its payment stands as it does; p is nil where there is none of
// ours.
func ways(v visit, t pg.PaymentTrouble, p *pg.Payment) []way {
	var list []way
	for _, do := range waysOut(t.Kind) {
		switch {
		case do == doClose && t.Kind.Closable():
			list = append(list, way{Do: doClose, Address: "/troubles/close?" + url.Values{"kind": {string(t.Kind)}, "subject": {t.Subject}}.Encode()})
		case do != doClose && p != nil && possible(v, *p, do):
			list = append(list, paymentWay(p.ID, do))
		}
	}
	return list
}

// troubleRows makes troubles fit for showing.
func (s *site) troubleRows(v visit, list []pg.PaymentTrouble) ([]troubleRow, error) {
	names, err := s.tillNames(v)
	if err != nil {
		return nil, err
	}
	rows := make([]troubleRow, 0, len(list))
	for _, t := range list {
		var payment *pg.Payment
		p, err := s.Store.Payment(v.r.Context(), v.owner.Account, t.Payment)
		switch {
		case err == nil:
			payment = &p
		case !errors.Is(err, pg.ErrNotFound):
			return nil, err
		}
		shop := v.shop(t.Store)
		rows = append(rows, troubleRow{PaymentTrouble: t, L: v.at(shop), Shop: shop.Name, TillName: names[t.Till], Ways: ways(v, t, payment)})
	}
	return rows, nil
}

// troublesOf lists the troubles that match.
func (s *site) troublesOf(v visit, kind pg.TroubleKind, match func(pg.PaymentTrouble) bool) ([]troubleRow, error) {
	list, err := s.Store.PaymentTroubles(v.r.Context(), v.now, v.owner.Account, kind, troublesRead)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(t pg.PaymentTrouble) bool { return !match(t) })
	return s.troubleRows(v, list)
}

func (s *site) troublesPage(v visit) error {
	q := v.r.URL.Query()
	kind := pg.TroubleKind(q.Get("kind"))
	if kind != "" && !slices.Contains(pg.TroubleKinds(), kind) {
		return errBadForm
	}
	counts, err := s.Store.CountPaymentTroubles(v.r.Context(), v.now, v.owner.Account)
	if err != nil {
		return err
	}
	b := troublesBody{Tabs: tabs{Here: "/troubles"}, Kind: string(kind), Done: q.Get("done") != "", Gone: q.Get("gone") != ""}
	for _, k := range pg.TroubleKinds() {
		b.Tabs.Troubles += counts[k]
		if counts[k] > 0 || k == kind {
			b.Kinds = append(b.Kinds, kindCount{Kind: k, Count: counts[k], Chosen: k == kind})
		}
	}
	list, err := s.Store.PaymentTroubles(v.r.Context(), v.now, v.owner.Account, kind, troublesShown+1)
	if err != nil {
		return err
	}
	if len(list) > troublesShown {
		list, b.More = list[:troublesShown], true
	}
	if b.Rows, err = s.troubleRows(v, list); err != nil {
		return err
	}
	return v.show("troubles", "web.troubles.title", b)
}
