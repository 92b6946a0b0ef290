package till

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"kassa/localdb"
	"kassa/printer"
	"kassa/register"
)

// SlipReason is why a slip is in doubt, or was not printed.
type SlipReason string

// The reasons, for a screen to explain.
const (
	SlipPaperOut    SlipReason = "paper_out"   // doubt: the paper ended in the middle
	SlipCoverOpen   SlipReason = "cover_open"  // doubt: the cover was opened in the middle
	SlipStopped     SlipReason = "stopped"     // doubt: the printer reports that it stopped
	SlipLost        SlipReason = "lost"        // doubt: the way to the printer broke
	SlipCut         SlipReason = "cut"         // doubt: the program stopped
	SlipStale       SlipReason = "stale"       // not printed: it waited for too long to be of use
	SlipCodeDead    SlipReason = "code_dead"   // not printed: its QR code can be paid no more
	SlipUnprintable SlipReason = "unprintable" // not printed: this printer cannot
)

// doubtReason tells why a job was cut off.
func doubtReason(err error) SlipReason {
	st, ok := saidByPrinter(err)
	switch {
	case !ok:
		return SlipLost
	case st.PaperOut:
		return SlipPaperOut
	case st.Cover:
		return SlipCoverOpen
	}
	return SlipStopped
}

// Slip is a slip that is not on paper, or of which nobody knows whether it is.
type Slip struct {
	ID     int64
	Name   string // what it is: sale, copy, qr, x, test, …
	State  SlipState
	Reason SlipReason // of SlipDoubt and SlipNotPrinted
	At     time.Time  // when it was to be printed

	// Of the operation that it is of; zero when it is of none.
	Receipt int64 // within the shift
	Total   register.Money

	CanPrint bool // again, marked as a copy: of a slip in doubt
	CanDrop  bool
}

// SlipState is where a slip stands.
type SlipState string

// The states of a slip that is in the list.
const (
	SlipWaiting    SlipState = "waiting"
	SlipPrinting   SlipState = "printing"
	SlipDoubt      SlipState = "doubt" // a person decides
	SlipNotPrinted SlipState = "not_printed"
)

// Bounds of the list.
const (
	listedSlips  = 50
	listedAside  = 10
	listedWithin = 12 * time.Hour
)

// Slips lists what waits for the printer, what is in doubt, and what was lately not printed because it was of no use any
// more, oldest first.
func (t *Till) Slips(ctx context.Context) ([]Slip, error) {
	open, err := t.c.Store.OpenJobs(ctx, listedSlips)
	if err != nil {
		return nil, disk(err)
	}
	aside, err := t.c.Store.DroppedJobs(ctx, t.c.Now().Add(-listedWithin), listedAside)
	if err != nil {
		return nil, disk(err)
	}
	var all []Slip
	for i := len(aside) - 1; i >= 0; i-- {
		s, err := t.listedSlip(ctx, aside[i])
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	for _, j := range open {
		s, err := t.listedSlip(ctx, j)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

func (t *Till) listedSlip(ctx context.Context, j localdb.Job) (Slip, error) {
	s := Slip{ID: j.Seq, Name: j.Name, Reason: SlipReason(j.Reason), At: j.At}
	switch j.State {
	case localdb.JobSending:
		s.State = SlipPrinting
	case localdb.JobDoubt:
		s.State, s.CanPrint, s.CanDrop = SlipDoubt, true, true
	case localdb.JobDropped:
		s.State = SlipNotPrinted
	default:
		s.State, s.CanDrop = SlipWaiting, true
	}
	if j.Position > 0 {
		o, err := t.c.Store.At(ctx, j.Position)
		if err != nil {
			return Slip{}, disk(err)
		}
		shown := listed(o)
		s.Receipt, s.Total = shown.Receipt, shown.Total
	}
	return s, nil
}

// DropSlip lets a slip go that waits or is in doubt. One that is being printed, or is done with, is left alone.
func (t *Till) DropSlip(ctx context.Context, id int64) error {
	if _, err := t.c.Store.DropJob(ctx, id, localdb.ReasonLetGo); err != nil {
		return disk(err)
	}
	t.countJobs(ctx)
	return nil
}

// PrintSlip prints a slip that is in doubt once more, marked as a copy. Of one that is in doubt no more nothing is
// printed: whoever decided first has decided.
func (t *Till) PrintSlip(ctx context.Context, id int64) error {
	j, ok, err := t.c.Store.JobByNumber(ctx, id)
	if err != nil {
		return disk(err)
	}
	if ok && j.State == localdb.JobDoubt {
		err = t.resolve(ctx, j, true)
	}
	t.countJobs(ctx)
	poke(t.print)
	return err
}

// ResolvePrint ends all jobs in doubt, which may or may not be on paper: again prints their slips once more, marked as
// copies; otherwise they are let go. A slip that cannot be made again is left in doubt, and does not keep the others.
func (t *Till) ResolvePrint(ctx context.Context, again bool) error {
	jobs, err := t.c.Store.JobsInDoubt(ctx)
	if err != nil {
		return disk(err)
	}
	var errs []error
	for _, j := range jobs {
		errs = append(errs, t.resolve(ctx, j, again))
	}
	t.countJobs(ctx)
	poke(t.print)
	return errors.Join(errs...)
}

// resolve ends one job in doubt.
func (t *Till) resolve(ctx context.Context, j localdb.Job, again bool) error {
	reason := localdb.ReasonLetGo
	var by *localdb.PrintJob
	switch {
	case !again:
	case j.About != "" && !t.codeAlive(j.About):
		reason = string(SlipCodeDead)
	default:
		var err error
		if by, err = t.again(ctx, j); err != nil {
			return err
		}
	}
	return disk(t.c.Store.ReplaceJob(ctx, j.Seq, reason, by))
}

// again makes the job that replaces one in doubt. The drawer is never opened a second time.
func (t *Till) again(ctx context.Context, j localdb.Job) (*localdb.PrintJob, error) {
	var doc printer.Document
	if j.Position > 0 {
		o, err := t.c.Store.At(ctx, j.Position)
		if err != nil {
			return nil, disk(err)
		}
		if doc, err = t.copyOf(ctx, o.Operation); err != nil {
			return nil, err
		}
	} else {
		if err := json.Unmarshal(j.Document, &doc); err != nil {
			return nil, disk(err)
		}
		doc = t.markedCopy(doc)
	}
	doc.OpenDrawer = false
	by, err := job(j.Name, doc)
	by.About = j.About
	if !j.Expires.IsZero() {
		by.Expires = t.c.Now().Add(slipLife(j.Name))
		if j.About != "" {
			by.Expires = j.Expires
		}
	}
	return &by, err
}

// markedCopy puts the mark of a copy over a slip that follows from no operation, once.
func (t *Till) markedCopy(doc printer.Document) printer.Document {
	mark := printer.Element{Text: &printer.Text{Text: t.c.Language.T("slip.copy"), Align: printer.Center, Bold: true, Big: true}}
	for _, e := range doc.Elements {
		if e.Text != nil && *e.Text == *mark.Text {
			return doc
		}
	}
	doc.Elements = append([]printer.Element{mark}, doc.Elements...)
	return doc
}

// slipLife is how long a slip that somebody asked for is of use: whoever asked stands beside the printer. Zero is for
// ever: a receipt is somebody's own, however late.
func slipLife(name string) time.Duration {
	switch name {
	case "test", probeName:
		return 5 * time.Minute
	case "x":
		return 15 * time.Minute
	}
	return 0
}

// codeAlive tells whether a QR payment's code can still be paid: its slip is of no use when it cannot.
func (t *Till) codeAlive(payment string) bool {
	v := t.View()
	if v.QR != nil {
		v.Parked = append([]QR{*v.QR}, v.Parked...)
	}
	for _, q := range v.Parked {
		if q.ID == payment {
			return q.Payload != "" && !q.Done && t.c.Now().Before(q.Expires)
		}
	}
	return false
}
