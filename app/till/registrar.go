package till

import (
	"context"
	"time"

	"kassa/fiscal"
	"kassa/localdb"
)

// Pauses of the fiscal registrar's work.
const (
	fiscalFirst   = time.Second      // after something stood in the way the first time
	fiscalLong    = 30 * time.Second // the longest pause before the next try, and between looks while there is nothing to do
	fiscalNear    = 3 * time.Second  // between looks while somebody is putting in paper
	fiscalPuzzled = time.Hour        // how long its answers about a document may make no sense before a person is asked
	fiscalLook    = 15 * time.Second // how long the registrar has for telling how it is
)

// registrar is the fiscal registrar with what it is to make. One goroutine at a time asks it to make or find something:
// who holds the baton. Fields under the till's lock say so; the others belong to run.
type registrar struct {
	t       *Till
	device  fiscal.Device // nil: none was chosen, or it cannot be opened
	set     FiscalSettings
	absent  Code // why there is no device where one was chosen
	turn    baton
	chosen  bool
	pause   time.Duration
	refused map[string]int // by document: how often in a row it was refused for a reason that nobody knows
	puzzle  puzzle
	left    *leftover // from before the start

	// Under the till's lock.
	link    Link
	trouble Code
	message string
	state   fiscal.State
	asOf    time.Time
	counts  localdb.FiscalCounts
}

// puzzle is the document about which the registrar's answers make no sense, and since when.
type puzzle struct {
	id    string
	since time.Time
}

func newRegistrar(t *Till, p *parts, was *registrar) *registrar {
	r := &registrar{t: t, device: p.fiscal, set: p.fiscalSet, absent: p.fiscalTrouble, turn: newBaton(), link: LinkOff,
		chosen: p.fiscal != nil || p.fiscalSet.Driver != "", pause: fiscalFirst, refused: map[string]int{}, left: &leftover{first: map[string]int64{}, sought: map[string]bool{}}}
	if r.device != nil {
		r.link = LinkUnknown
	}
	if was != nil {
		r.counts, r.left = was.counts, was.left // who was halted does not use it any more
	}
	return r
}

// load counts what was left to do. It is called before the till is in use.
func (r *registrar) load(ctx context.Context) (err error) {
	if r.counts, err = r.t.c.Store.FiscalCounts(ctx); err == nil {
		r.left, err = newLeftover(ctx, r.t.c.Store)
	}
	return err
}

// view is what the screens show. t.mu is held.
func (r *registrar) view() Fiscal {
	c := r.counts
	v := Fiscal{Configured: r.chosen, Driver: r.set.Driver, Link: r.link, Trouble: r.trouble, Message: r.message,
		Waiting: c.Waiting, Since: c.Since, Unclear: c.Unclear, Refused: c.Refused, Unprinted: c.Unprinted,
		State: r.state, AsOf: r.asOf, Warnings: fiscalWarnings(r.state, r.asOf, r.t.c.Now()),
		MayCloseShift: r.state.Shift == fiscal.ShiftOpen || r.state.Shift == fiscal.ShiftExpired}
	switch {
	case v.Trouble != "": // it keeps all others from being made
	case r.absent != "":
		v.Trouble = r.absent
	case c.Unclear > 0:
		v.Trouble, v.Message = CodeFiscalUnclear, ""
	case c.Unprinted > 0:
		v.Trouble = CodeFiscalUnprinted
	case c.Refused > 0:
		v.Trouble = CodeFiscalRefused
	}
	return v
}

const day = 24 * time.Hour

// fiscalWarnings are what a registrar's state will lead to if nobody does anything, the most urgent first. The limits are
// those of law 54-FZ: a shift of 24 hours, documents that the tax data operator must have within 30 days, and the end of
// the fiscal storage's keys. asOf is when the registrar told its state.
func fiscalWarnings(s fiscal.State, asOf, now time.Time) []Code {
	var all []Code
	warn := func(if_ bool, c Code) bool {
		if if_ {
			all = append(all, c)
		}
		return if_
	}
	unsent := now.Sub(s.UnsentSince)
	if s.Unsent == 0 || s.UnsentSince.IsZero() {
		unsent = 0
	}
	until := s.FNUntil.Sub(now)
	if s.FNUntil.IsZero() {
		until = 365 * day
	}
	_ = warn(unsent >= 30*day, CodeFiscalUnsent) || warn(unsent >= 20*day, CodeFiscalUnsent20)
	_ = warn(s.FNExhausted || until <= 3*day, CodeFiscalFNNow)
	_ = warn(s.Shift == fiscal.ShiftExpired, CodeFiscalShiftExpired) ||
		warn(s.Shift == fiscal.ShiftOpen && !s.Expires.IsZero() && s.Expires.Sub(now) <= time.Hour, CodeFiscalShiftOld)
	_ = warn(clocksApart(s.Clock, asOf), CodeFiscalClocks)
	_ = warn(unsent >= 3*day && unsent < 20*day, CodeFiscalUnsent3)
	_ = warn((s.FNReplace || until <= 30*day) && !s.FNExhausted && until > 3*day, CodeFiscalFNSoon)
	return all
}

// clockError is how wrong a registrar's clock may be (FNS order ЕД-7-20/662@).
const clockError = 5 * time.Minute

// clocksApart tells whether a registrar's clock differs from the till's. One that tells no zone may be whole hours off.
func clocksApart(clock, now time.Time) bool {
	if clock.IsZero() || now.IsZero() {
		return false
	}
	off := clock.Sub(now).Abs()
	if _, zone := clock.Zone(); zone == 0 && off <= 12*time.Hour+clockError {
		off = (off - off.Round(time.Hour)).Abs()
	}
	return off > clockError
}

// run makes what waits, one document after the other, until the context ends. All that it shares with a sale is the queue
// in the database.
func (r *registrar) run(ctx context.Context) {
	for ctx.Err() == nil {
		pause := r.round(ctx)
		if pause > 0 && !wait(ctx, r.t.fiscalNews, pause) {
			return
		}
	}
}

// round does the next thing that there is to do, and tells how long to wait after that; zero for not at all.
func (r *registrar) round(ctx context.Context) time.Duration {
	if r.turn.take(ctx) != nil {
		return 0
	}
	defer r.turn.give()
	r.count(ctx)
	row, ok, err := r.t.c.Store.NextFiscal(ctx)
	switch {
	case ctx.Err() != nil:
		return 0
	case err != nil:
		r.t.c.Log.Error("reading what the fiscal registrar is to make", "error", err)
		r.hinder(CodeDisk, "")
		return r.later()
	case !ok:
		if st, ok := r.look(ctx); ok {
			r.goOnPrinting(ctx, st, false)
		}
		return r.idle()
	}
	if r.work(ctx, row) {
		r.pause = fiscalFirst
		return 0
	}
	return r.later()
}

// work does one step of a document. False: something stands in the way, and it is to be tried again after a pause.
func (r *registrar) work(ctx context.Context, row localdb.FiscalRow) bool {
	if row.State == localdb.FiscalSending {
		return r.follow(ctx, row)
	}
	return r.begin(ctx, row)
}

// later is the next pause: each longer than the one before, but short while somebody stands before the registrar.
func (r *registrar) later() time.Duration {
	pause := r.pause
	r.pause = min(2*r.pause, fiscalLong)
	if r.atHand() {
		return min(pause, fiscalNear)
	}
	return pause
}

// idle is the pause while there is nothing to make.
func (r *registrar) idle() time.Duration {
	r.pause = fiscalFirst
	if r.atHand() {
		return fiscalNear
	}
	return fiscalLong
}

// atHand tells whether a person's hand is wanted at the registrar's paper.
func (r *registrar) atHand() bool {
	r.t.mu.Lock()
	defer r.t.mu.Unlock()
	switch r.trouble {
	case CodeFiscalPaper, CodeFiscalCover, CodeFiscalMechanism:
		return true
	}
	return r.counts.Unprinted > 0
}

// look asks the registrar how it is, and shows it. ok is false when it did not say.
func (r *registrar) look(ctx context.Context) (st fiscal.State, ok bool) {
	call, stop := context.WithTimeout(ctx, fiscalLook)
	defer stop()
	st, err := r.device.State(call)
	if ctx.Err() != nil {
		return st, false
	}
	if err != nil {
		r.fail(err)
		return st, false
	}
	r.left.saw(st)
	code := Code("")
	switch {
	case st.Blocked != "":
		code = fiscalCode(st.Blocked)
	case st.PaperOut:
		code = CodeFiscalPaper
	case st.CoverOpen:
		code = CodeFiscalCover
	}
	r.t.mu.Lock()
	defer r.t.mu.Unlock()
	changed := r.link != LinkUp || r.trouble != code || r.message != "" || r.state != st
	r.link, r.trouble, r.message, r.state, r.asOf = LinkUp, code, "", st, r.t.c.Now()
	if changed {
		r.t.changed()
	}
	return st, true
}

// paperTrouble tells whether a hand at the printer puts a trouble right.
func paperTrouble(t fiscal.Trouble) bool {
	return t == fiscal.TroublePaper || t == fiscal.TroubleCover || t == fiscal.TroubleMechanism
}

// goOnPrinting has the registrar print what it made while there was no paper. stuck: it refused a document for want of
// paper, which may be in now; some take nothing more until they have printed the last one to its end.
func (r *registrar) goOnPrinting(ctx context.Context, st fiscal.State, stuck bool) {
	r.t.mu.Lock()
	unprinted := r.counts.Unprinted
	r.t.mu.Unlock()
	if unprinted == 0 && !stuck && !paperTrouble(st.Blocked) || st.PaperOut || st.CoverOpen {
		return
	}
	call, stop := context.WithTimeout(ctx, fiscalLook)
	defer stop()
	if err := r.device.Resume(call); err != nil {
		r.t.c.Log.Warn("having the fiscal registrar go on printing", "error", err)
		return
	}
	if unprinted == 0 {
		return
	}
	if err := r.t.c.Store.PrintedFiscal(ctx); err != nil {
		r.t.c.Log.Error("noting what the fiscal registrar printed", "error", err)
	}
	r.count(ctx)
}

// fail shows why the registrar did not do what it was asked.
func (r *registrar) fail(err error) {
	code, words := fiscalTrouble(err)
	link := LinkUp
	if code == CodeFiscalOff {
		link = LinkDown
	}
	r.t.mu.Lock()
	defer r.t.mu.Unlock()
	if r.link != link || r.trouble != code || r.message != words {
		r.t.c.Log.Warn("the fiscal registrar", "error", err)
		r.link, r.trouble, r.message = link, code, words
		r.t.changed()
	}
}

// hinder shows what stands in the way.
func (r *registrar) hinder(code Code, words string) {
	r.t.mu.Lock()
	defer r.t.mu.Unlock()
	if r.trouble != code || r.message != words {
		r.trouble, r.message = code, words
		r.t.changed()
	}
}

// count reads again how much there is to do.
func (r *registrar) count(ctx context.Context) {
	counts, err := r.t.c.Store.FiscalCounts(context.WithoutCancel(ctx))
	if err != nil {
		r.t.c.Log.Error("counting fiscal documents", "error", err)
		return
	}
	r.t.mu.Lock()
	defer r.t.mu.Unlock()
	if r.counts != counts {
		r.counts = counts
		r.t.changed()
	}
}

// fiscalCode is the till's sentence for a registrar's trouble.
func fiscalCode(t fiscal.Trouble) Code {
	switch t {
	case fiscal.TroubleOff, fiscal.TroubleBusy, fiscal.TroublePaper, fiscal.TroubleCover, fiscal.TroubleMechanism, fiscal.TroubleShiftExpired,
		fiscal.TroubleShiftClosed, fiscal.TroubleShiftOpen, fiscal.TroubleCash, fiscal.TroubleClock, fiscal.TroubleAccess, fiscal.TroubleUnregistered,
		fiscal.TroubleMemory, fiscal.TroubleUnsent, fiscal.TroubleDocument, fiscal.TroubleCannot:
		return Code("fiscal_" + t)
	}
	return CodeFiscalOther
}
