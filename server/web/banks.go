package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/i18n"
	"kassa/server/pg"
)

// historyShown is how many of a store's settings the page tells of.
const historyShown = 20

// bankRow is a store in the list of banks.
type bankRow struct {
	Shop  pg.Shop
	L     *i18n.Language // with the store's time
	Title string         // of its bank; empty when it has none
	Now   pg.BankSetting
}

// bankBody is the page of a store's bank.
type bankBody struct {
	Shop    pg.Shop
	L       *i18n.Language // with the store's time
	NoKey   bool           // this server cannot keep credentials
	Now     *bankNow       // nil for a store without a bank
	Choices []bankChoice
	Form    *bankForm
	Verdict *verdict
	Saved   bool
	Off     bool
	Staying []stayingPayments
	Changes []bankChange
}

// bankNow is the bank that a store has.
type bankNow struct {
	pg.BankSetting
	Title  string
	Locked bool   // encrypted with another key: what it holds cannot be read
	Notice string // address for the bank's notifications; empty when it sends none
	JWKS   string // address of our public keys; empty when the bank wants none
	Open   int64  // payments that have no end yet
}

// bankChoice is one of the banks that there are.
type bankChoice struct {
	Name, Title string
	Chosen      bool
}

// stayingPayments are open payments that stay with a bank that the store has no more.
type stayingPayments struct {
	Title string
	Count int64
}

// bankChange is a line of the record of who chose what.
type bankChange struct {
	Key   string // of the text that says what was done
	Title string // of the bank
	At    time.Time
	By    string // login; empty for the command line
}

// adapter finds a bank by its name.
func (s *site) adapter(name string) (banks.Adapter, bool) {
	for _, a := range s.Banks {
		if a.Name == name {
			return a, true
		}
	}
	return banks.Adapter{}, false
}

// bankTitle is a bank's name for a person; its short name when this program knows it no more.
func (s *site) bankTitle(l *i18n.Language, name string) string {
	if a, ok := s.adapter(name); ok {
		return a.Title.In(l.Tag())
	}
	return name
}

func (s *site) banks(v visit) error {
	var rows []bankRow
	for _, shop := range v.shops {
		row := bankRow{Shop: shop, L: v.at(shop)}
		list, err := s.Store.BankHistory(v.r.Context(), v.owner.Account, shop.ID, 1)
		if err != nil {
			return err
		}
		if len(list) > 0 && list[0].Retired == nil {
			row.Now, row.Title = list[0], s.bankTitle(v.lang, list[0].Bank)
		}
		rows = append(rows, row)
	}
	return v.show("banks", "web.banks.title", rows)
}

// shopInPath is the account's store that the address names.
func (v visit) shopInPath() (pg.Shop, error) {
	id, err := uuid.Parse(v.r.PathValue("store"))
	if err == nil {
		if shop := v.shop(id); shop.ID == id {
			return shop, nil
		}
	}
	return pg.Shop{}, pg.ErrNotFound
}

// current is the store's bank; nil when it has none.
func (s *site) current(v visit, shop pg.Shop) (*bankNow, error) {
	b, err := s.Store.CurrentBank(v.r.Context(), s.Key, shop.Account, shop.ID)
	switch {
	case errors.Is(err, pg.ErrNotFound):
		return nil, nil
	case errors.Is(err, pg.ErrKey):
		return &bankNow{BankSetting: b, Title: s.bankTitle(v.lang, b.Bank), Locked: true}, nil
	case err != nil:
		return nil, err
	}
	return &bankNow{BankSetting: b, Title: s.bankTitle(v.lang, b.Bank)}, nil
}

func (s *site) bank(v visit) error {
	shop, err := v.shopInPath()
	if err != nil {
		return err
	}
	now, err := s.current(v, shop)
	if err != nil {
		return err
	}
	q := v.r.URL.Query()
	name := q.Get("bank")
	if name == "" && now != nil {
		name = now.Bank
	}
	b := bankBody{Shop: shop, Now: now, Saved: q.Get("saved") != "", Off: q.Get("off") != ""}
	if a, ok := s.adapter(name); ok {
		form := newBankForm(v.lang, a, storedFor(now, a), nil)
		b.Form = &form
	} else if q.Get("bank") != "" {
		return pg.ErrNotFound
	}
	return s.showBank(v, b)
}

// storedFor is what is stored for a bank, where it is the one that the store has.
func storedFor(now *bankNow, a banks.Adapter) banks.Settings {
	if now == nil || now.Bank != a.Name {
		return nil
	}
	return now.Settings
}

// showBank adds what the page always shows.
func (s *site) showBank(v visit, b bankBody) error {
	b.L, b.NoKey = v.at(b.Shop), s.Key == nil
	if b.Form != nil && b.Now != nil {
		b.Form.Base = b.Now.ID.String()
	}
	for _, a := range s.Banks {
		b.Choices = append(b.Choices, bankChoice{Name: a.Name, Title: a.Title.In(v.lang.Tag()), Chosen: b.Form != nil && b.Form.Bank == a.Name})
	}
	open, err := s.Store.OpenPayments(v.r.Context(), v.owner.Account, b.Shop.ID)
	if err != nil {
		return err
	}
	history, err := s.Store.BankHistory(v.r.Context(), v.owner.Account, b.Shop.ID, historyShown)
	if err != nil {
		return err
	}
	for i, h := range history {
		title := s.bankTitle(v.lang, h.Bank)
		replaced := i > 0 && h.Retired != nil && h.Retired.Equal(history[i-1].Created)
		if h.Retired != nil && !replaced {
			b.Changes = append(b.Changes, bankChange{Key: "web.bank.change_off", Title: title, At: *h.Retired, By: h.RetiredBy})
		}
		b.Changes = append(b.Changes, bankChange{Key: "web.bank.change_on", Title: title, At: h.Created, By: h.By})
		if n := open[h.ID]; n > 0 && h.Retired != nil {
			b.Staying = append(b.Staying, stayingPayments{Title: title, Count: n})
		}
	}
	if b.Now != nil {
		b.Now.Open = open[b.Now.ID]
		s.addresses(v, b.Now)
	}
	return v.show("bank", "web.bank.title", b)
}

// addresses fills in what is to be typed into the bank's own cabinet.
func (s *site) addresses(v visit, now *bankNow) {
	bank, err := s.open(now.BankSetting)
	if err != nil {
		return // a check says what is wrong
	}
	if _, ok := bank.(banks.Notified); ok {
		now.Notice = s.publicURL(v.r) + "/bank/" + now.ID.String()
	}
	if _, ok := bank.(signer); ok {
		now.JWKS = s.publicURL(v.r) + jwksPath
	}
}

// open makes a bank's client; nothing is sent.
func (s *site) open(b pg.BankSetting) (banks.Bank, error) {
	a, ok := s.adapter(b.Bank)
	if !ok {
		return nil, pg.ErrNotFound
	}
	settings, err := a.Check(b.Settings)
	if err != nil {
		return nil, err
	}
	return a.Open(settings, s.bankOptions())
}

func (s *site) bankOptions() banks.Options {
	return banks.Options{Clock: s.Clock, Public: s.PublicBanks}
}

// publicURL is where this server is reached from outside.
func (s *site) publicURL(r *http.Request) string {
	if s.secureCookies(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// What the form's buttons say.
const (
	doCheck = "check"
	doSave  = "save"  // when the check succeeds
	doForce = "force" // whatever the check says: a bank may be down today
)

// setBank checks or saves what was typed.
func (s *site) setBank(v visit) error {
	shop, err := v.shopInPath()
	if err != nil {
		return err
	}
	a, ok := s.adapter(v.r.PostFormValue("bank"))
	what := v.r.PostFormValue("do")
	if !ok || s.Key == nil || what != doCheck && what != doSave && what != doForce {
		return errBadForm
	}
	now, err := s.current(v, shop)
	if err != nil {
		return err
	}
	kept, err := s.openDraft(v, shop, a.Name, v.r.PostFormValue("draft"))
	if err != nil {
		return err
	}
	t := readBankForm(v.r, a, kept, storedFor(now, a))
	verdict := s.judge(v, a, t, now, what)
	if verdict.Key == "" || verdict.Good() && what == doSave {
		return s.saveBank(v, shop, a, t.settings)
	}
	verdict.Label = fieldLabel(v.lang, a, verdict.Field)
	form := newBankForm(v.lang, a, t.settings, &verdict)
	if form.Draft, err = s.sealDraft(v, shop, a.Name, t.draft); err != nil {
		return err
	}
	form.Force = what != doCheck && verdict.Asked
	return s.showBank(v, bankBody{Shop: shop, Now: now, Form: &form, Verdict: &verdict})
}

func fieldLabel(l *i18n.Language, a banks.Adapter, name string) string {
	for _, f := range a.Fields {
		if f.Name == name {
			return f.Label.In(l.Tag())
		}
	}
	return ""
}

// judge says what stands against the settings; nothing (the zero verdict) when they are to be saved unchecked.
func (s *site) judge(v visit, a banks.Adapter, t typed, now *bankNow, what string) verdict {
	base := ""
	if now != nil {
		base = now.ID.String()
	}
	switch {
	case what != doCheck && v.r.PostFormValue("base") != base:
		return verdict{Key: "web.check.changed"}
	case t.moved:
		return verdict{Key: "web.check.moved"}
	}
	for _, f := range a.Fields {
		if t.settings[f.Name] == "" && !f.Optional && f.Default == "" {
			return verdict{Key: "web.check.empty", Field: f.Name}
		}
	}
	if what == doForce {
		if _, err := s.open(pg.BankSetting{Bank: a.Name, Settings: t.settings}); err != nil {
			return explain(a, err)
		}
		return verdict{}
	}
	return s.check(v.r.Context(), a, t.settings)
}

func (s *site) saveBank(v visit, shop pg.Shop, a banks.Adapter, settings banks.Settings) error {
	whole, err := a.Check(settings)
	if err != nil {
		return err
	}
	b, err := s.Store.SetBank(v.r.Context(), v.now, s.Key,
		pg.BankSetting{Account: shop.Account, Store: shop.ID, Bank: a.Name, Settings: whole, By: v.owner.Login})
	if err != nil {
		return err
	}
	s.Logger.Info("a store's bank was chosen", "account", shop.Account, "store", shop.ID, "setting", b.ID, "bank", b.Bank, "owner", v.owner.ID)
	http.Redirect(v.w, v.r, "/banks/"+shop.ID.String()+"?saved=1", http.StatusSeeOther)
	return nil
}

// confirmNoBank asks before a store's bank is taken away.
func (s *site) confirmNoBank(v visit) error {
	shop, err := v.shopInPath()
	if err != nil {
		return err
	}
	now, err := s.current(v, shop)
	if err != nil {
		return err
	}
	if now == nil {
		return pg.ErrNotFound
	}
	return v.show("bankoff", "web.bank.off_title", bankBody{Shop: shop, Now: now})
}

func (s *site) noBank(v visit) error {
	shop, err := v.shopInPath()
	if err != nil {
		return err
	}
	if err := s.Store.RetireBank(v.r.Context(), v.now, shop.Account, shop.ID, v.owner.Login); err != nil {
		return err
	}
	s.Logger.Info("a store's bank was taken away", "account", shop.Account, "store", shop.ID, "owner", v.owner.ID)
	http.Redirect(v.w, v.r, "/banks/"+shop.ID.String()+"?off=1", http.StatusSeeOther)
	return nil
}
