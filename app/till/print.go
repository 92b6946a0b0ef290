package till

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"kassa/localdb"
	"kassa/printer"
	"kassa/printer/escpos"
)

// Pauses of the print worker.
const (
	printRetry   = 3 * time.Second
	printTimeout = 10 * time.Minute // for one job; the printer's own limits are on lack of progress, and far shorter
	printIdle    = 30 * time.Second // between looks at the printer while there is nothing to print
	printLook    = 5 * time.Second  // for one look
)

// printJobs sends the queue to the printer, one job at a time, in order, and opens the drawer between them. It never holds
// up selling: all it shares with a sale is the queue in the database. While the printer cannot print, it is asked how it
// is, and the queue is left alone.
func (t *Till) printJobs(ctx context.Context) {
	if c, ok := t.parts().printer.(printer.Clearer); ok && t.View().Printer.Doubt > 0 {
		c.ClearFirst() // the program may have stopped in the middle of a picture
	}
	t.unproved = unproved{} // of another printer, perhaps
	ready := t.lookAtPrinter(ctx)
	for ctx.Err() == nil {
		job, ok, err := t.takeJob(ctx, ready)
		switch {
		case err != nil:
			t.c.Log.Error("taking a print job", "error", err)
			t.restPrinter(ctx, printRetry)
		case ok:
			ready = t.printOne(ctx, job)
		case ready:
			if !t.restPrinter(ctx, t.unproved.pause(time.Now())) || t.unproved.pause(time.Now()) <= 0 {
				ready = t.lookAtPrinter(ctx)
			}
		default:
			t.restPrinter(ctx, printRetry)
			ready = t.lookAtPrinter(ctx)
		}
	}
}

// restPrinter waits until there is something to do, or for the pause; poked tells which.
func (t *Till) restPrinter(ctx context.Context, pause time.Duration) (poked bool) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return true
	case <-t.print:
		return true
	case <-t.drawer.asked:
		t.drawer.ask() // for takeJob
		return true
	case <-timer.C:
		return false
	}
}

// takeJob takes the next job of the queue, after the drawer was opened where that was asked for: it must not wait for the
// paper. A job and the wish for the drawer appear in one moment, because a commit holds the lock.
func (t *Till) takeJob(ctx context.Context, ready bool) (job localdb.Job, ok bool, err error) {
	t.drawer.Lock()
	for t.drawer.wanted() {
		t.drawer.Unlock()
		t.kick(ctx)
		t.drawer.Lock()
	}
	defer t.drawer.Unlock()
	if !ready || ctx.Err() != nil {
		return job, false, nil
	}
	// What the end of ctx interrupted could have been taken all the same, and nobody would know.
	return t.c.Store.NextJob(context.WithoutCancel(ctx))
}

// unproved is the last job that was sent and not confirmed. It is on paper if the printer is still well when it must have
// printed it, as far as that can be told. It belongs to the print worker.
type unproved struct {
	seq    int64
	until  time.Time
	silent bool // the printer answers nothing: there is no use in looking
}

// watch begins to look after a job. A line takes about 4 mm, and printers feed 150 mm/s or somewhat less.
func (u *unproved) watch(seq int64, job []byte, now time.Time) {
	if u.silent {
		return
	}
	lines := time.Duration(bytes.Count(job, []byte("\n")))
	dots := time.Duration(len(job) / 100)
	u.seq, u.until = seq, now.Add(time.Second+lines*40*time.Millisecond+dots*5*time.Millisecond)
}

// pause is how long the worker may rest before it looks at the printer.
func (u *unproved) pause(now time.Time) time.Duration {
	if u.seq == 0 {
		return printIdle
	}
	return max(min(u.until.Sub(now), printIdle), 0)
}

// checkUnproved takes what the printer said of itself for the job that it should just have printed: one that stopped in
// its time did so in the middle of it.
func (t *Till) checkUnproved(ctx context.Context, err error) {
	u := &t.unproved
	st, said := saidByPrinter(err)
	switch {
	case u.seq == 0:
		return
	case !said || !st.PaperOut && !st.Cover && !st.Failed:
		if time.Now().After(u.until) {
			u.seq = 0
		}
		return
	}
	if time.Now().Before(u.until.Add(printLook)) {
		t.forgetRest(ctx)
		if err := t.c.Store.DoubtSentJob(context.WithoutCancel(ctx), u.seq, string(doubtReason(err))); err != nil {
			t.c.Log.Error("noting a print job", "error", err)
		}
		t.countJobs(context.WithoutCancel(ctx))
	}
	u.seq = 0
}

// forgetRest has the printer forget the rest of a job before anybody is told that it was cut off: it would come out when
// the paper is back, beside the copy.
func (t *Till) forgetRest(ctx context.Context) {
	p := t.parts().printer
	c, ok := p.(printer.Clearer)
	if !ok {
		return
	}
	c.ClearFirst()
	ctx, cancel := context.WithTimeout(ctx, printLook)
	defer cancel()
	if _, err := p.Status(ctx); err != nil {
		t.c.Log.Warn("clearing the printer", "error", err) // the next job begins with it
	}
}

// printOne sends a job. ready tells whether the next one can be sent at once.
func (t *Till) printOne(ctx context.Context, job localdb.Job) (ready bool) {
	if ctx.Err() != nil {
		t.finishJob(job, localdb.JobWaiting, "")
		return false
	}
	if job.About != "" && !t.codeAlive(job.About) {
		t.finishJob(job, localdb.JobDropped, string(SlipCodeDead))
		return true
	}
	parts := t.parts()
	id := printer.NewProcessID(job.Seq)
	var doc printer.Document
	err := json.Unmarshal(job.Document, &doc)
	var data []byte
	switch {
	case err != nil:
	case job.Name == probeName:
		data, _ = escpos.Probe()
	default:
		doc.OpenDrawer = false // that was done, or is too late
		data, err = escpos.EncodeJob(doc, parts.profile, escpos.Options{Confirm: id})
	}
	if err != nil {
		t.c.Log.Error("drawing a print job", "job", job.Seq, "error", err)
		t.finishJob(job, localdb.JobDropped, string(SlipUnprintable))
		return true
	}
	sent, confirmed, err := t.send(ctx, data, id)
	switch {
	case err == nil && confirmed:
		t.finishJob(job, localdb.JobConfirmed, "")
	case err == nil:
		t.finishJob(job, localdb.JobSent, "")
		t.unproved.watch(job.Seq, data, time.Now())
	case sent == 0:
		t.finishJob(job, localdb.JobWaiting, "")
	default:
		t.c.Log.Warn("a print job was cut off", "job", job.Seq, "sent", sent, "of", len(data), "error", err)
		t.finishJob(job, localdb.JobDoubt, string(doubtReason(err)))
	}
	if ctx.Err() == nil {
		t.printerSaid(err)
		if sent == 0 {
			t.checkUnproved(ctx, err)
		}
	}
	return err == nil
}

// send sends one job, and asks for proof where the printer is known to give it. A drawer that is to be opened meanwhile
// does not wait for the job where the way to the printer can do both.
func (t *Till) send(ctx context.Context, job []byte, id printer.ProcessID) (sent int, confirmed bool, err error) {
	parts := t.parts()
	ctx, cancel := context.WithTimeout(ctx, printTimeout)
	defer cancel()
	if k, ok := parts.printer.(printer.Kicker); ok {
		over := make(chan struct{})
		done := make(chan struct{})
		go func() {
			defer close(done)
			t.kickMeanwhile(ctx, k, over)
		}()
		defer func() {
			close(over)
			<-done
		}()
	}
	if c, ok := parts.printer.(printer.Confirmer); ok && parts.profile.Confirms {
		return c.SendConfirmed(ctx, job, id)
	}
	sent, err = parts.printer.Send(ctx, job)
	return sent, false, err
}

// finishJob notes what became of a job, also while the till is being stopped.
func (t *Till) finishJob(job localdb.Job, state localdb.JobState, reason string) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := t.c.Store.FinishJob(ctx, job.Seq, state, reason); err != nil {
		t.c.Log.Error("noting a print job", "error", err)
	}
	t.countJobs(ctx)
}

func (t *Till) countJobs(ctx context.Context) {
	waiting, doubt, err := t.c.Store.JobCounts(ctx)
	if err != nil {
		t.c.Log.Error("counting print jobs", "error", err)
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.printer.Waiting != waiting || t.printer.Doubt != doubt {
		t.printer.Waiting, t.printer.Doubt = waiting, doubt
		t.changed()
	}
}

// lookAtPrinter asks the printer how it is, so that trouble is seen before it hurts.
func (t *Till) lookAtPrinter(ctx context.Context) (ready bool) {
	look, cancel := context.WithTimeout(ctx, printLook)
	defer cancel()
	st, err := t.parts().printer.Status(look)
	if err == nil && !st.Ready() {
		err = printer.NotReadyError{Status: st}
	}
	if ctx.Err() == nil {
		t.printerSaid(err)
		t.paperLow(st.PaperLow)
		t.unproved.silent = st.Silent
		t.checkUnproved(ctx, err)
	}
	return err == nil
}

// paperLow notes whether the paper is near its end.
func (t *Till) paperLow(low bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.printer.PaperLow != low {
		t.printer.PaperLow = low
		t.changed()
	}
}

func (t *Till) printerSaid(err error) {
	link, code := LinkUp, Code("")
	if err != nil {
		link, code = LinkDown, printerTrouble(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.printer.Link != link || t.printer.Trouble != code {
		t.printer.Link, t.printer.Trouble = link, code
		t.changed()
	}
}

// printerTrouble is what the cashier is told of an error: what the printer says of itself, or that it says nothing.
func printerTrouble(err error) Code {
	switch st, _ := saidByPrinter(err); {
	case st.PaperOut:
		return CodePaperOut
	case st.Cover:
		return CodeCoverOpen
	case st.Failed:
		return CodePrinterFailed
	}
	return CodePrinterOff
}

// saidByPrinter is the printer's own state in an error, if that holds it.
func saidByPrinter(err error) (printer.Status, bool) {
	var n printer.NotReadyError
	var s printer.StoppedError
	switch {
	case errors.As(err, &n):
		return n.Status, true
	case errors.As(err, &s):
		return s.Status, true
	}
	return printer.Status{}, false
}
