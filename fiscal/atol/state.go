package atol

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"kassa/fiscal"
	"kassa/register"
)

// fnInfo is the answer to queryFnInfo. Old services have the end of the keys beside the number, new ones in validity.
type fnInfo struct {
	Serial       text     `json:"serial"`
	FFD          text     `json:"ffdVersion"`
	Phase        string   `json:"livePhase"`
	ValidityDate moment   `json:"validityDate"`
	Warnings     warnings `json:"warnings"`
	Validity     struct {
		Date moment `json:"validityDate"`
	} `json:"validity"`
}

type warnings struct {
	CriticalError     flag `json:"criticalError"`
	MemoryOverflow    flag `json:"memoryOverflow"`
	NeedReplacement   flag `json:"needReplacement"`
	OFDTimeout        flag `json:"ofdTimeout"`
	ResourceExhausted flag `json:"resourceExhausted"`
}

// exhausted and soon sort the warnings of the format: 3 days of the keys left (tag 1051), and 30 days left (1050) or 99 %
// of the memory used (1052).
func (w warnings) exhausted() bool { return bool(w.NeedReplacement || w.CriticalError) }
func (w warnings) soon() bool      { return bool(w.ResourceExhausted || w.MemoryOverflow) || w.exhausted() }

type deviceInfo struct {
	Serial    text `json:"serial"`
	ModelName text `json:"modelName"`
	FFD       text `json:"ffdVersion"`
}

type deviceStatus struct {
	Clock        moment `json:"currentDateTime"`
	Blocked      flag   `json:"blocked"`
	CoverOpened  flag   `json:"coverOpened"`
	PaperPresent *flag  `json:"paperPresent"`
	Fiscal       *flag  `json:"fiscal"`
	FNPresent    *flag  `json:"fnPresent"`
}

type shiftStatus struct {
	Number    whole  `json:"number"`
	State     string `json:"state"`
	ExpiredAt moment `json:"expiredAt"`
	Expired   moment `json:"expiredTime"`
}

type fnStatus struct {
	Number *whole `json:"fiscalDocumentNumber"`
}

type exchange struct {
	Count whole  `json:"notSentCount"`
	Since moment `json:"notSentFirstDocDateTime"`
}

// standing is how the device stands, and the version of the format that it works in as the fiscal storage tells it.
type standing struct {
	fiscal.Before
	ffd  text
	mute bool // the device refuses to tell what its drawer holds
}

// ask asks one of the questions that go past the queue.
func (d *Device) ask(ctx context.Context, name string, to any) error {
	return d.get(ctx, http.MethodPost, "operations/query"+name, to)
}

// Before tells how the device stands before a try.
func (d *Device) Before(ctx context.Context) (fiscal.Before, error) {
	ctx, stop := context.WithTimeout(ctx, d.deadline)
	defer stop()
	s, err := d.standing(ctx, fiscal.CashIn)
	return s.Before, err
}

// standing asks how the device stands, as far as it matters to a document of a kind. The error is a *fiscal.Error.
func (d *Device) standing(ctx context.Context, kind fiscal.Kind) (standing, error) {
	var info struct {
		FN fnInfo `json:"fnInfo"`
	}
	if err := d.ask(ctx, "FnInfo", &info); err != nil {
		return standing{}, err
	}
	var status struct {
		FN fnStatus `json:"fnStatus"`
	}
	if err := d.ask(ctx, "FnStatus", &status); err != nil {
		return standing{}, err
	}
	if len(info.FN.Serial) != 16 || !digits(string(info.FN.Serial)) || status.FN.Number == nil {
		return standing{}, &fiscal.Error{Trouble: fiscal.TroubleOther, Err: errNonsense}
	}
	s := standing{ffd: info.FN.FFD}
	s.FN, s.Last = string(info.FN.Serial), int64(*status.FN.Number)
	if !moves(kind) {
		return s, nil
	}
	drawer, err := d.drawer(ctx)
	var no deviceError
	if errors.As(err, &no) && !fiscal.TroubleOf(err).Passes() {
		s.mute, err = true, nil // it must not keep receipts from being made
	}
	s.Drawer = drawer
	return s, err
}

// drawer asks what the device's drawer holds.
func (d *Device) drawer(ctx context.Context) (register.Money, error) {
	type sum struct {
		Sum *money `json:"sum"`
	}
	var totals struct {
		Shift struct {
			Totals sum `json:"cashDrawerTotals"`
			Drawer sum `json:"cashDrawer"`
		} `json:"shiftTotals"`
	}
	if err := d.ask(ctx, "ShiftTotals", &totals); err != nil {
		return 0, err
	}
	held := cmp.Or(totals.Shift.Totals.Sum, totals.Shift.Drawer.Sum)
	if held == nil {
		return 0, &fiscal.Error{Trouble: fiscal.TroubleOther, Err: errNonsense}
	}
	return register.Money(*held), nil
}

// format is the version of the format that the device works in.
func (d *Device) format(ctx context.Context, s standing) (string, error) {
	if s.ffd != "" {
		return version(s.ffd), nil
	}
	var a struct {
		Info deviceInfo `json:"deviceInfo"`
	}
	err := d.ask(ctx, "DeviceInfo", &a)
	return version(a.Info.FFD), err
}

// version is the version of the format in our words. A device that does not tell is taken for the oldest.
func version(t text) string {
	switch v := strings.TrimSpace(string(t)); v {
	case ffd11, ffd12:
		return v
	case "1.10":
		return ffd11
	case "1.20":
		return ffd12
	}
	return ffd105
}

// State asks the device how it is. Where the device itself refuses to tell, as one without a fiscal storage does of that,
// the state is zero in that part.
func (d *Device) State(ctx context.Context) (fiscal.State, error) {
	ctx, stop := context.WithTimeout(ctx, d.deadline)
	defer stop()
	var s fiscal.State
	for _, about := range []func(context.Context, *fiscal.State) error{
		d.aboutDevice, d.aboutStatus, d.aboutShift, d.aboutFN, d.aboutExchange, d.aboutDrawer, d.aboutQueue,
	} {
		err := about(ctx, &s)
		t := fiscal.TroubleOf(err)
		var no deviceError
		switch {
		case err == nil:
		case !errors.As(err, &no) || t.Passes() || s.Model == "":
			return fiscal.State{}, err
		case s.Blocked == "" && (t == fiscal.TroubleUnregistered || t == fiscal.TroubleMemory):
			s.Blocked = t
		}
	}
	s.Can.VAT22 = d.knowsVAT22(ctx)
	return s, nil
}

func (d *Device) aboutDevice(ctx context.Context, s *fiscal.State) error {
	var a struct {
		Info deviceInfo `json:"deviceInfo"`
	}
	if err := d.ask(ctx, "DeviceInfo", &a); err != nil {
		return err
	}
	if s.Model = d.client.clean(string(a.Info.ModelName)); s.Model == "" {
		s.Model = "АТОЛ"
	}
	s.Serial, s.FFD = d.client.clean(string(a.Info.Serial)), version(a.Info.FFD)
	later := s.FFD != ffd105
	s.Can = fiscal.Capabilities{Corrections: true, CorrectionLines: later, ReturnCorrection: later, NoPaper: true, CashMoves: true, Copies: true}
	return nil
}

func (d *Device) aboutStatus(ctx context.Context, s *fiscal.State) error {
	var a struct {
		Status deviceStatus `json:"deviceStatus"`
	}
	if err := d.ask(ctx, "DeviceStatus", &a); err != nil {
		return err
	}
	no := func(f *flag) bool { return f != nil && !bool(*f) }
	s.Clock, s.CoverOpen, s.PaperOut = a.Status.Clock.Time, bool(a.Status.CoverOpened), no(a.Status.PaperPresent)
	switch {
	case no(a.Status.Fiscal), no(a.Status.FNPresent):
		s.Blocked = fiscal.TroubleUnregistered
	case bool(a.Status.Blocked):
		s.Blocked = fiscal.TroubleOther
	}
	return nil
}

func (d *Device) aboutShift(ctx context.Context, s *fiscal.State) error {
	var a struct {
		Shift shiftStatus `json:"shiftStatus"`
	}
	if err := d.ask(ctx, "ShiftStatus", &a); err != nil {
		return err
	}
	s.Number = int64(a.Shift.Number)
	switch a.Shift.State {
	case "opened":
		s.Shift = fiscal.ShiftOpen
	case "expired":
		s.Shift = fiscal.ShiftExpired
	case "closed":
		s.Shift = fiscal.ShiftClosed
		return nil
	}
	if s.Expires = a.Shift.ExpiredAt.Time; s.Expires.IsZero() {
		s.Expires = a.Shift.Expired.Time
	}
	return nil
}

func (d *Device) aboutFN(ctx context.Context, s *fiscal.State) error {
	var a struct {
		FN fnInfo `json:"fnInfo"`
	}
	if err := d.ask(ctx, "FnInfo", &a); err != nil {
		return err
	}
	s.FN = string(a.FN.Serial)
	if s.FNUntil = a.FN.Validity.Date.Time; s.FNUntil.IsZero() {
		s.FNUntil = a.FN.ValidityDate.Time
	}
	s.FNReplace, s.FNExhausted = a.FN.Warnings.soon(), a.FN.Warnings.exhausted()
	if p := a.FN.Phase; (p == "postFiscalMode" || p == "accessArchive") && s.Blocked == "" {
		s.Blocked = fiscal.TroubleMemory
	}
	var b struct {
		FN fnStatus `json:"fnStatus"`
	}
	if err := d.ask(ctx, "FnStatus", &b); err != nil {
		return err
	}
	if b.FN.Number != nil {
		s.Last = int64(*b.FN.Number)
	}
	return nil
}

func (d *Device) aboutExchange(ctx context.Context, s *fiscal.State) error {
	var a struct {
		Exchange *exchange `json:"ofdExchangeStatus"`
		Status   *exchange `json:"status"`
	}
	if err := d.ask(ctx, "OfdExchangeStatus", &a); err != nil {
		return err
	}
	if e := cmp.Or(a.Exchange, a.Status); e != nil && e.Count > 0 {
		s.Unsent, s.UnsentSince = int(e.Count), e.Since.Time
	}
	return nil
}

func (d *Device) aboutDrawer(ctx context.Context, s *fiscal.State) error {
	held, err := d.drawer(ctx)
	s.Drawer = held
	return err
}

func (d *Device) aboutQueue(ctx context.Context, s *fiscal.State) error {
	t, err := d.blocked(ctx)
	if t != "" {
		s.Blocked = t
	}
	return err
}

// knowsVAT22 looks at the driver's version: 10.10.7 brought the rates of 2025, those of 2026 came after it. A version that
// is not told is taken for a new one; a device that does not know a rate refuses it.
func (d *Device) knowsVAT22(ctx context.Context) bool {
	var a struct {
		Driver text `json:"driverVersion"`
	}
	return d.get(ctx, http.MethodGet, "serverInfo", &a) != nil || !older(string(a.Driver), 10, 10, 8)
}

// older tells whether a version, "10.10.7.0", is before another one.
func older(version string, than ...int) bool {
	for i, part := range strings.Split(version, ".") {
		n, err := strconv.Atoi(part)
		if err != nil || i >= len(than) || n > than[i] {
			return false
		}
		if n < than[i] {
			return true
		}
	}
	return false
}

// Resume has the device go on printing. A queue that stands still goes on by itself when the paper is there.
func (d *Device) Resume(ctx context.Context) error {
	if t, err := d.blocked(ctx); err != nil || t != "" {
		return err
	}
	_, err := d.run(ctx, task{Type: "continuePrint"})
	return err
}

// Copy prints a document of the fiscal storage again.
func (d *Device) Copy(ctx context.Context, number int64) error {
	_, err := d.run(ctx, task{Type: "printFnDocument", Number: number})
	if fiscal.TroubleOf(err) == fiscal.TroubleCannot {
		return fated(fiscal.ErrCannot, err)
	}
	return err
}
