package kkmserver

import (
	"context"
	"errors"
	"strings"
	"time"

	"kassa/fiscal"
)

// standing is how the device stands, and what State has no room for.
type standing struct {
	fiscal.State
	registration string
	drawer       bool           // the device tells what its drawer holds
	zone         *time.Location // of the device's clock
}

// State asks GetDataKKT. KkmServer does not tell when the shift began, so Expires is zero; an expired shift is told.
func (d *Device) State(ctx context.Context) (fiscal.State, error) {
	s, err := d.ask(ctx)
	return s.State, err
}

// Before asks the same.
func (d *Device) Before(ctx context.Context) (fiscal.Before, error) {
	s, err := d.ask(ctx)
	if err != nil {
		return fiscal.Before{}, err
	}
	return fiscal.Before{FN: s.FN, Last: s.Last, Drawer: s.Drawer}, nil
}

// Resume asks for the state: KkmServer has no command to print on, its drivers do so by themselves when they are next
// spoken to.
func (d *Device) Resume(ctx context.Context) error {
	_, err := d.ask(ctx)
	return err
}

// Copy prints a document again, by GetDataCheck.
func (d *Device) Copy(ctx context.Context, number int64) error {
	c := d.the("GetDataCheck")
	c.FiscalNumber, c.NumberCopies, c.Timeout = number, 1, seconds(d.question)
	r, err := d.call(ctx, c, d.question)
	if err != nil {
		return err
	}
	return d.done(r)
}

// done gives the error of a question that was not answered.
func (d *Device) done(r reply) error {
	switch *r.Status {
	case statusOK:
		return nil
	case statusRuns, statusWaits:
		return &fiscal.Error{Trouble: fiscal.TroubleBusy}
	}
	return d.failed(r)
}

// seconds is what KkmServer is told to wait at most, a little less than we do.
func seconds(d time.Duration) int { return max(1, int((d*3/4)/time.Second)) }

// ask has the device tell how it stands.
func (d *Device) ask(ctx context.Context) (standing, error) {
	c := d.the("GetDataKKT")
	c.Timeout = seconds(d.question)
	r, err := d.call(ctx, c, d.question)
	if err == nil {
		err = d.done(r)
	}
	if err != nil {
		return standing{}, err
	}
	s, err := d.standing(r)
	if err != nil {
		return standing{}, &fiscal.Error{Trouble: fiscal.TroubleOff, Err: err}
	}
	if d.inn != "" && r.Info.InnOrganization != "" && strings.TrimSpace(r.Info.InnOrganization) != d.inn {
		return standing{}, &fiscal.Error{Trouble: fiscal.TroubleUnregistered, Words: "the registrar belongs to another INN"}
	}
	d.mu.Lock()
	d.registration = registration{fn: s.FN, number: s.registration}
	d.mu.Unlock()
	return s, nil
}

// standing reads an answer to GetDataKKT.
func (d *Device) standing(r reply) (standing, error) {
	if r.Info == nil {
		return standing{}, errForeign
	}
	in := r.Info
	last, err1 := r.CheckNumber.number()
	shift, err2 := r.SessionNumber.number()
	unsent, err3 := in.OFDUnsent.number()
	drawer, err4 := in.BalanceCash.money()
	state, err5 := shiftState(in.SessionState)
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return standing{}, err
	}
	if in.FnNumber != "" && !fnText.MatchString(string(in.FnNumber)) {
		return standing{}, errValue
	}
	s := standing{registration: clean(string(in.RegNumber), 20), drawer: in.BalanceCash != "", zone: d.zoneOf(in.DateTimeKKT)}
	s.State = fiscal.State{
		Model: clean(r.UnitName, 100), Serial: clean(string(in.KktNumber), 40), FFD: version(in.FFDVersion),
		Clock: in.DateTimeKKT.local(s.zone), Shift: state, Number: shift,
		PaperOut: in.PaperOver != nil && *in.PaperOver,
		FN:       string(in.FnNumber), Last: last, Unsent: int(unsent), Drawer: drawer,
	}
	if unsent > 0 {
		s.UnsentSince = in.OFDSince.local(s.zone)
	}
	d.judge(&s, in)
	lines := withLines(s.FFD)
	s.Can = fiscal.Capabilities{
		Corrections: true, CorrectionLines: lines, ReturnCorrection: lines, NoPaper: true, CashMoves: true, Copies: true, VAT22: true,
	}
	return s, nil
}

// judge tells what the figures mean: the terms are those of fiscal.State.
func (d *Device) judge(s *standing, in *info) {
	const day = 24 * time.Hour
	now := d.now()
	s.FNUntil = in.DateEnd.local(s.zone)
	if !s.FNUntil.IsZero() {
		left := s.FNUntil.Sub(now)
		s.FNReplace, s.FNExhausted = left < 30*day, left < 3*day
	}
	s.FNReplace = s.FNReplace || in.MemOverflow
	if in.IsFiscal != nil && !*in.IsFiscal || s.FN == "" {
		s.Blocked = fiscal.TroubleUnregistered // no document of any kind is made
	}
}

// likely is what most likely stands in a document's way, by the device's state; empty when nothing does.
func (s standing) likely(now time.Time) fiscal.Trouble {
	const patience = 30 * 24 * time.Hour
	switch {
	case s.Blocked != "":
		return s.Blocked
	case !s.FNUntil.IsZero() && now.After(s.FNUntil):
		return fiscal.TroubleMemory
	case !s.UnsentSince.IsZero() && now.Sub(s.UnsentSince) > patience:
		return fiscal.TroubleUnsent
	case s.PaperOut:
		return fiscal.TroublePaper
	case s.Shift == fiscal.ShiftExpired:
		return fiscal.TroubleShiftExpired
	}
	return ""
}

func shiftState(t text) (fiscal.ShiftState, error) {
	switch t {
	case "1":
		return fiscal.ShiftClosed, nil
	case "2":
		return fiscal.ShiftOpen, nil
	case "3":
		return fiscal.ShiftExpired, nil
	}
	return "", errValue
}

// version is the version of the format as the contract writes it.
func version(t text) string {
	switch t {
	case "1.05", "1.1", "1.2":
		return string(t)
	case "1.10":
		return "1.1"
	case "1.20":
		return "1.2"
	}
	return clean(string(t), 10)
}

// zoneOf gives the zone of the device's clock, which tells none: the whole hours by which it differs from ours when it is
// first asked, where those are hours that Russia has (UTC+2 to UTC+12), and ours until then. A clock that goes wrong
// afterwards shows.
func (d *Device) zoneOf(clock text) *time.Location {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.zone != nil {
		return d.zone
	}
	now := d.now()
	at := clock.local(time.UTC)
	if at.IsZero() {
		return now.Location()
	}
	off := at.Sub(now).Round(time.Hour)
	if off < 2*time.Hour || off > 12*time.Hour {
		return now.Location()
	}
	d.zone = time.FixedZone("", int(off/time.Second))
	return d.zone
}
