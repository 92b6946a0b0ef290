package till

import (
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
	printTimeout = 2 * time.Minute
	printIdle    = 30 * time.Second // between looks at the printer while there is nothing to print
)

// printJobs sends the queue to the printer, one job at a time, in order. It never holds up selling: all it shares
// with a sale is the queue in the database.
func (t *Till) printJobs(ctx context.Context) {
	t.lookAtPrinter(ctx)
	for ctx.Err() == nil {
		pause := printIdle
		job, ok, err := t.c.Store.NextJob(ctx)
		switch {
		case ctx.Err() != nil:
			if ok {
				t.finishJob(job, localdb.JobWaiting)
			}
			return
		case err != nil:
			t.c.Log.Error("taking a print job", "error", err)
			pause = printRetry
		case ok:
			if t.printOne(ctx, job) {
				continue
			}
			pause = printRetry
		}
		if !wait(ctx, t.print, pause) {
			return
		}
		if !ok {
			t.lookAtPrinter(ctx)
		}
	}
}

// wait waits for a poke or the pause; false when ctx ended.
func wait(ctx context.Context, poked <-chan struct{}, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-poked:
	case <-timer.C:
	}
	return true
}

// printOne sends a job; false asks for a pause before the next try.
func (t *Till) printOne(ctx context.Context, job localdb.Job) bool {
	var doc printer.Document
	err := json.Unmarshal(job.Document, &doc)
	var bytes []byte
	if err == nil {
		bytes, err = escpos.Encode(doc, t.parts().profile)
	}
	if err != nil {
		t.c.Log.Error("drawing a print job", "job", job.Seq, "error", err)
		t.finishJob(job, localdb.JobDropped)
		return true
	}
	sendCtx, cancel := context.WithTimeout(ctx, printTimeout)
	defer cancel()
	sent, err := t.parts().printer.Send(sendCtx, bytes)
	t.printerSaid(err)
	switch {
	case err == nil:
		t.finishJob(job, localdb.JobSent)
	case sent == 0:
		t.finishJob(job, localdb.JobWaiting)
		return false
	default:
		t.c.Log.Warn("a print job was cut off", "job", job.Seq, "sent", sent, "of", len(bytes), "error", err)
		t.finishJob(job, localdb.JobDoubt)
	}
	return err == nil
}

// finishJob notes what became of a job, also while the till is being stopped.
func (t *Till) finishJob(job localdb.Job, state localdb.JobState) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := t.c.Store.FinishJob(ctx, job.Seq, state); err != nil {
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
	t.printer.Waiting, t.printer.Doubt = waiting, doubt
	t.changed()
}

// lookAtPrinter asks the printer how it is while there is nothing to print, so that trouble is seen before it hurts.
func (t *Till) lookAtPrinter(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	st, err := t.parts().printer.Status(ctx)
	if err == nil && !st.Ready() {
		err = printer.NotReadyError{Status: st}
	}
	t.printerSaid(err)
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

func printerTrouble(err error) Code {
	var n printer.NotReadyError
	switch {
	case errors.As(err, &n) && n.Status.PaperOut:
		return CodePaperOut
	case errors.As(err, &n) && n.Status.Cover:
		return CodeCoverOpen
	case errors.As(err, &n) && n.Status.Failed:
		return CodePrinterFailed
	}
	return CodePrinterOff
}

// ResolvePrint ends the jobs in doubt, which may or may not be on paper: again prints their slips once more, marked as
// copies; otherwise they are let go.
func (t *Till) ResolvePrint(ctx context.Context, again bool) error {
	jobs, err := t.c.Store.JobsInDoubt(ctx)
	if err != nil {
		return disk(err)
	}
	for _, j := range jobs {
		var by *localdb.PrintJob
		if again {
			if by, err = t.again(ctx, j); err != nil {
				return err
			}
		}
		if err := t.c.Store.ReplaceJob(ctx, j.Seq, by); err != nil {
			return disk(err)
		}
	}
	t.countJobs(ctx)
	poke(t.print)
	return nil
}

// again makes the job that replaces one in doubt. The drawer is never opened a second time.
func (t *Till) again(ctx context.Context, j localdb.Job) (*localdb.PrintJob, error) {
	var doc printer.Document
	if j.Position > 0 {
		o, err := t.c.Store.At(ctx, j.Position)
		if err != nil {
			return nil, disk(err)
		}
		if doc, err = t.copyOf(o.Operation); err != nil {
			return nil, err
		}
	} else if err := json.Unmarshal(j.Document, &doc); err != nil {
		return nil, disk(err)
	}
	doc.OpenDrawer = false
	by, err := job(j.Name, doc)
	return &by, err
}
