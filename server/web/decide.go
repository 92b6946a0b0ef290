package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"kassa/i18n"
	"kassa/register"
	"kassa/server/payments"
	"kassa/server/pg"
	"kassa/sync/wire"
)

// decision is the page that asks an owner to decide, and why.
type decision struct {
	Do      string
	Address string // where the form goes
	Back    string
	L       *i18n.Language // with the store's time
	Payment *paymentRow    // nil when it is about none of ours
	Trouble *troubleRow    // what is to be closed; nil for other decisions
	Shop    pg.Shop

	Refund string // id of the refund, made with the form so that a form that is sent twice is one refund
	Whole  bool   // the bank gives back all or nothing
	Amount string
	Reason string
	Wrong  string // key of what is wrong with the form; empty when nothing is
}

// TitleKey, WhatKey and ButtonKey are the keys of the page's texts.
func (d decision) TitleKey() string { return "web.do." + d.Do + ".title" }

// WhatKey is the key of what the decision does.
func (d decision) WhatKey() string { return "web.do." + d.Do + ".what" }

// ButtonKey is the key of the button's text.
func (d decision) ButtonKey() string { return "web.do." + d.Do }

// Danger tells that the decision moves money or says that money has moved.
func (d decision) Danger() bool {
	return slices.Contains([]string{doRefund, doPaid, doSeen, doLost}, d.Do)
}

// decisions are those that are made on a page of their own about a payment.
var decisions = []string{doRefund, doPaid, doSeen, doLost, doNote}

// newDecision fills in what the page about a payment shows.
func (s *site) newDecision(v visit, p pg.Payment, do string) decision {
	shop := v.shop(p.Store)
	return decision{Do: do, Address: "/payments/" + p.ID.String() + "/" + do, Back: "/payments/" + p.ID.String(), L: v.at(shop), Shop: shop,
		Payment: &paymentRow{Payment: p, L: v.at(shop)}, Whole: do == doRefund && s.wholeOnly(v, p)}
}

// wholeOnly tells whether the payment's bank gives back all or nothing.
func (s *site) wholeOnly(v visit, p pg.Payment) bool {
	setting, err := s.Store.Bank(v.r.Context(), s.Key, p.Account, p.Setting)
	if err != nil {
		return false
	}
	bank, err := s.open(setting)
	return err == nil && !bank.Can().PartialRefund
}

func (s *site) decide(v visit) error {
	p, err := s.paymentInPath(v)
	if err != nil {
		return err
	}
	do := v.r.PathValue("do")
	if !slices.Contains(decisions, do) {
		return pg.ErrNotFound
	}
	d := s.newDecision(v, p, do)
	d.Amount, d.Refund = v.lang.Sum(p.Attempt.Left()), uuid.NewString()
	if !possible(v, p, do) {
		d.Wrong = "web.decide.conflict"
	}
	return v.show("decide", d.TitleKey(), d)
}

// possible tells whether a decision can be made about a payment as it stands.
func possible(v visit, p pg.Payment, do string) bool {
	switch do {
	case doRefund:
		return refundable(p)
	case doPaid:
		return markable(v.now, p)
	case doSeen, doLost:
		// While the bank can still say it itself, a person's word could send the money twice.
		return p.Attempt.Refund.ID != "" && p.Trouble == wire.TroubleRefundUnknown
	case doAsk:
		return p.Setting != (uuid.UUID{})
	}
	return true
}

// decided carries a decision out.
func (s *site) decided(v visit) error {
	p, err := s.paymentInPath(v)
	if err != nil {
		return err
	}
	do := v.r.PathValue("do")
	if !slices.Contains(decisions, do) {
		return pg.ErrNotFound
	}
	d := s.newDecision(v, p, do)
	d.Reason, d.Amount, d.Refund = v.r.PostFormValue("reason"), v.r.PostFormValue("amount"), v.r.PostFormValue("refund")
	if strings.TrimSpace(d.Reason) == "" {
		d.Wrong = "web.decide.no_reason"
		return s.showDecision(v, http.StatusUnprocessableEntity, d)
	}
	err = s.carryOut(v, p, d)
	switch {
	case errors.Is(err, errAmount), do == doRefund && errors.Is(err, payments.ErrInvalid) && !errors.Is(err, payments.ErrWholeOnly):
		d.Wrong = "web.decide.amount"
	case errors.Is(err, payments.ErrWholeOnly):
		d.Wrong = "web.decide.whole"
	case errors.Is(err, payments.ErrInvalid):
		d.Wrong = "web.decide.reason"
	case errors.Is(err, payments.ErrConflict):
		d.Wrong = "web.decide.conflict"
		return s.showDecision(v, http.StatusConflict, d)
	case err != nil:
		return err
	default:
		s.Logger.Info("an owner decided about a payment", "account", p.Account, "payment", p.ID, "what", do, "owner", v.owner.ID)
		http.Redirect(v.w, v.r, d.Back+"?done=1", http.StatusSeeOther)
		return nil
	}
	return s.showDecision(v, http.StatusUnprocessableEntity, d)
}

func (s *site) showDecision(v visit, status int, d decision) error {
	return s.render(v.w, status, "decide", page{L: v.lang, Title: d.TitleKey(), Owner: &v.owner, Here: d.Back, Body: d})
}

// errAmount tells that what was typed is no sum.
var errAmount = errors.New("web: not a sum")

func (s *site) carryOut(v visit, p pg.Payment, d decision) error {
	ctx, by := v.r.Context(), pg.By{Name: v.owner.Login, Reason: d.Reason}
	if d.Do != doRefund && !possible(v, p, d.Do) { // a refund that is sent twice is told by its id
		return payments.ErrConflict
	}
	var err error
	switch d.Do {
	case doRefund:
		return s.refund(v, p, d, by)
	case doPaid:
		_, err = s.Payments.MarkPaid(ctx, p.Account, p.ID, by)
	case doSeen:
		_, err = s.Payments.RefundSeen(ctx, p.Account, p.ID, by)
	case doLost:
		_, err = s.Payments.RefundLost(ctx, p.Account, p.ID, by)
	case doNote:
		err = s.Payments.Note(ctx, p.Account, p.ID, by)
	}
	return err
}

func (s *site) refund(v visit, p pg.Payment, d decision, by pg.By) error {
	id, err := uuid.Parse(d.Refund)
	if err != nil {
		return errBadForm
	}
	var amount register.Money // zero is all that is left
	if !d.Whole {
		if amount, err = register.ParseMoney(d.Amount); err != nil || amount == 0 {
			return errAmount
		}
	}
	_, err = s.Payments.RefundByHand(v.r.Context(), p.Account, p.ID, id, amount, by)
	return err
}

// askNow has the bank asked about a payment at once.
func (s *site) askNow(v visit) error {
	p, err := s.paymentInPath(v)
	if err != nil {
		return err
	}
	if _, err := s.Payments.AskNow(v.r.Context(), p.Account, p.ID); err != nil && !errors.Is(err, payments.ErrConflict) {
		return err
	}
	http.Redirect(v.w, v.r, "/payments/"+p.ID.String(), http.StatusSeeOther)
	return nil
}

// troubleToClose finds the trouble that a form names.
func (s *site) troubleToClose(v visit, kind, subject string) (decision, error) {
	k := pg.TroubleKind(kind)
	if !slices.Contains(pg.TroubleKinds(), k) || !k.Closable() {
		return decision{}, errBadForm
	}
	rows, err := s.troublesOf(v, k, func(t pg.PaymentTrouble) bool { return t.Subject == subject })
	if err != nil {
		return decision{}, err
	}
	if len(rows) == 0 {
		return decision{}, pg.ErrNotFound
	}
	return decision{Do: doClose, Address: "/troubles/close", Back: "/troubles", L: rows[0].L, Trouble: &rows[0]}, nil
}

func (s *site) confirmClose(v visit) error {
	q := v.r.URL.Query()
	d, err := s.troubleToClose(v, q.Get("kind"), q.Get("subject"))
	if errors.Is(err, pg.ErrNotFound) {
		return s.gone(v)
	}
	if err != nil {
		return err
	}
	return v.show("decide", d.TitleKey(), d)
}

func (s *site) closeTrouble(v visit) error {
	kind, subject := v.r.PostFormValue("kind"), v.r.PostFormValue("subject")
	d, err := s.troubleToClose(v, kind, subject)
	if err == nil {
		if d.Reason = v.r.PostFormValue("reason"); strings.TrimSpace(d.Reason) == "" {
			d.Wrong = "web.decide.no_reason"
			return s.showDecision(v, http.StatusUnprocessableEntity, d)
		}
		err = s.Payments.CloseTrouble(v.r.Context(), v.owner.Account, pg.TroubleKind(kind), subject, pg.By{Name: v.owner.Login, Reason: d.Reason})
	}
	switch {
	case errors.Is(err, pg.ErrNotFound):
		return s.gone(v)
	case errors.Is(err, payments.ErrInvalid):
		d.Wrong = "web.decide.reason"
		return s.showDecision(v, http.StatusUnprocessableEntity, d)
	case err != nil:
		return err
	}
	s.Logger.Info("an owner closed a trouble", "account", v.owner.Account, "kind", kind, "subject", subject, "owner", v.owner.ID)
	http.Redirect(v.w, v.r, "/troubles?done=1", http.StatusSeeOther)
	return nil
}

// gone leads back to the list: somebody else has dealt with it, or it ended by itself.
func (s *site) gone(v visit) error {
	http.Redirect(v.w, v.r, "/troubles?gone=1", http.StatusSeeOther)
	return nil
}
