package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/i18n"
	"kassa/server/payments"
	"kassa/server/pg"
)

const (
	// runsShown is how many comparisons the page lists.
	runsShown = 60
	// runPatience is how long an owner waits for a comparison. One that takes longer is ended and says so.
	runPatience = 2 * time.Minute
	// comparedFor is how long a setting can be compared after it was replaced.
	comparedFor = 40 * 24 * time.Hour
)

// reconciliationBody is the page of the comparisons with the banks' registries.
type reconciliationBody struct {
	Tabs    tabs
	Choices []settingChoice // what can be compared
	Setting string
	Day     string // yesterday, unless another was chosen
	Last    string // the newest day that is over
	Rows    []runRow
	Done    bool
	Wrong   string // key of why it could not be done
}

// settingChoice is a setting whose bank has a registry.
type settingChoice struct {
	pg.BankSetting
	Shop, Title string
	Chosen      bool
}

// runRow is one comparison.
type runRow struct {
	pg.Reconciliation
	L           *i18n.Language // with the store's time
	Shop, Title string
}

// Date is the day that was compared.
func (r runRow) Date() string { return r.L.In(time.UTC).Date(r.Day) }

// At is when it was made; empty while it is under way.
func (r runRow) At() string {
	if r.Ended == nil {
		return ""
	}
	return r.L.DateTime(*r.Ended)
}

// Listed tells how many payments the bank's registry had; empty where it is not known.
func (r runRow) Listed() string {
	if !r.Done() {
		return "—"
	}
	return r.L.N("web.runs.listed", int64(r.Payments))
}

// Tone is the colour that its outcome is shown in.
func (r runRow) Tone() string {
	switch {
	case r.Ended == nil:
		return "busy"
	case r.Error != "", r.Findings > 0:
		return "bad"
	}
	return "good"
}

// Outcome says what came of it.
func (r runRow) Outcome() string {
	switch {
	case r.Ended == nil:
		return r.L.T("web.runs.under_way")
	case r.Error != "":
		return r.L.T("web.runs.failed")
	case r.Findings > 0:
		return r.L.N("web.runs.findings", int64(r.Findings))
	}
	return r.L.T("web.runs.agrees")
}

func (s *site) reconciliation(v visit) error {
	q := v.r.URL.Query()
	return s.showReconciliation(v, http.StatusOK, reconciliationBody{Setting: q.Get("setting"), Day: q.Get("day"), Done: q.Get("done") != ""})
}

func (s *site) showReconciliation(v visit, status int, b reconciliationBody) error {
	var err error
	if b.Tabs, err = s.tabs(v, "/reconciliation"); err != nil {
		return err
	}
	runs, err := s.Store.Reconciliations(v.r.Context(), v.owner.Account, runsShown)
	if err != nil {
		return err
	}
	settings, err := s.settings(v)
	if err != nil {
		return err
	}
	stores := map[uuid.UUID]pg.BankSetting{}
	for _, b := range settings {
		stores[b.ID] = b
	}
	for _, r := range runs {
		setting := stores[r.Setting]
		shop := v.shop(setting.Store)
		b.Rows = append(b.Rows, runRow{Reconciliation: r, L: v.at(shop), Shop: shop.Name, Title: s.bankTitle(v.lang, setting.Bank)})
	}
	b.Choices = s.comparable(v, settings, b.Setting)
	b.Last = v.now.In(v.zone()).AddDate(0, 0, -1).Format(time.DateOnly)
	if b.Day == "" {
		b.Day = b.Last
	}
	return s.render(v.w, status, "reconciliation", page{L: v.lang, Title: "web.runs.title", Owner: &v.owner, Here: "/reconciliation", Body: b})
}

// settings are the settings of all the account's stores, of each the newest first.
func (s *site) settings(v visit) ([]pg.BankSetting, error) {
	var all []pg.BankSetting
	for _, shop := range v.shops {
		list, err := s.Store.BankHistory(v.r.Context(), v.owner.Account, shop.ID, 100)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// comparable lists the settings whose bank has a registry.
func (s *site) comparable(v visit, settings []pg.BankSetting, chosen string) []settingChoice {
	var choices []settingChoice
	for _, b := range settings {
		if b.Retired != nil && v.now.Sub(*b.Retired) > comparedFor || !s.hasRegistry(v, b) {
			continue
		}
		choices = append(choices, settingChoice{BankSetting: b, Shop: v.shop(b.Store).Name, Title: s.bankTitle(v.lang, b.Bank), Chosen: b.ID.String() == chosen})
	}
	return choices
}

func (s *site) hasRegistry(v visit, b pg.BankSetting) bool {
	whole, err := s.Store.Bank(v.r.Context(), s.Key, b.Account, b.ID)
	if err != nil {
		return false
	}
	bank, err := s.open(whole)
	if err != nil {
		return false
	}
	_, ok := bank.(banks.Registered)
	return ok
}

// reconcile compares one day now.
func (s *site) reconcile(v visit) error {
	id, err := uuid.Parse(v.r.PostFormValue("setting"))
	day, dayErr := time.Parse(time.DateOnly, v.r.PostFormValue("day"))
	if err != nil || dayErr != nil {
		return errBadForm
	}
	b := reconciliationBody{Setting: id.String(), Day: day.Format(time.DateOnly)}
	ctx, cancel := context.WithTimeout(v.r.Context(), runPatience)
	defer cancel()
	_, err = s.Payments.Reconcile(ctx, v.owner.Account, id, day, v.owner.Login)
	switch {
	case errors.Is(err, payments.ErrInvalid):
		b.Wrong = "web.runs.not_over"
		return s.showReconciliation(v, http.StatusUnprocessableEntity, b)
	case errors.Is(err, payments.ErrConflict):
		b.Wrong = "web.runs.busy"
		return s.showReconciliation(v, http.StatusConflict, b)
	case err != nil:
		return err
	}
	s.Logger.Info("an owner compared the books with a bank", "account", v.owner.Account, "setting", id, "day", b.Day, "owner", v.owner.ID)
	http.Redirect(v.w, v.r, "/reconciliation?done=1", http.StatusSeeOther)
	return nil
}
