package app

import (
	"context"
	"errors"
	"io/fs"
	"sync/atomic"

	"kassa/app/pricelist"
	"kassa/localdb"
)

// importPhase is how far an import is.
type importPhase int

const (
	importColumns  importPhase = iota // the columns are chosen
	importChecking                    // the file is read to its end
	importReport                      // what an import would do is shown
	importWriting                     // the catalogue is changed
	importDone
)

// importJob is one price list on its way into the catalogue. It belongs to the window and not to the page that shows it:
// the page may be left, and the till sells meanwhile.
type importJob struct {
	w       *Window
	path    string
	list    *pricelist.File
	mapping pricelist.Mapping
	phase   importPhase
	report  pricelist.Report
	skip    bool // lines that cannot be read are left out
	done    localdb.Imported
	err     error // why it ended, when it was not for the good
	cancel  context.CancelFunc
	part    atomic.Int64 // per cent of the work that is done
}

// newImport opens a price list. It reads the disk and is called off the drawing goroutine.
func newImport(w *Window, path string, c pricelist.Choice) (*importJob, error) {
	list, err := pricelist.Open(path)
	if err != nil {
		return nil, err
	}
	if c != (pricelist.Choice{}) {
		if err := list.Choose(c); err != nil {
			return nil, errors.Join(err, list.Close())
		}
	}
	return &importJob{w: w, path: path, list: list, mapping: list.Guess()}, nil
}

func (j *importJob) working() bool { return j.phase == importChecking || j.phase == importWriting }

func (j *importJob) percent() int64 { return j.part.Load() }

// start runs a piece of work away from the drawing goroutine and ends it there.
func (j *importJob) start(phase importPhase, work func(context.Context) error, then func(error)) {
	w := j.w
	ctx, cancel := context.WithCancel(context.Background())
	j.phase, j.cancel, j.err = phase, cancel, nil
	j.part.Store(0)
	w.paintImport()
	w.deps.Go(func() {
		err := work(ctx)
		w.deps.Draw(func() {
			cancel()
			if w.importing == j {
				then(err)
				w.paintImport()
			} else {
				j.list.Close()
			}
		})
	})
}

// advanced notes how much is done, on the worker's goroutine. The screen is asked to paint it once per cent, no more.
func (j *importJob) advanced(done, total int64) {
	if total <= 0 {
		return
	}
	part := min(done*100/total, 100)
	if j.part.Swap(part) != part {
		j.w.deps.Draw(j.w.paintImport)
	}
}

// check reads the whole list and changes nothing.
func (j *importJob) check() {
	mapping := j.mapping
	var report pricelist.Report
	j.start(importChecking, func(ctx context.Context) (err error) {
		report, err = j.list.Check(ctx, mapping, j.advanced)
		return err
	}, func(err error) {
		j.phase, j.report = importReport, report
		if err != nil {
			j.phase = importColumns
			if !errors.Is(err, context.Canceled) {
				j.err = err
			}
		}
	})
}

// write changes the catalogue, all of it or nothing. skip leaves the lines out that cannot be read.
func (j *importJob) write(skip bool) {
	w := j.w
	j.skip = skip
	var pass pricelist.Pass
	if skip {
		pass.Skip = func(*pricelist.BadLine) {}
	}
	var done localdb.Imported
	total := int64(j.report.Goods)
	j.start(importWriting, func(ctx context.Context) (err error) {
		done, err = w.deps.Till.ImportGoods(ctx, j.list.Goods(ctx, j.mapping, pass), func(n int) { j.advanced(int64(n), total) })
		return err
	}, func(err error) {
		j.phase, j.err, j.done = importReport, err, done
		if right, lacks := missing(err); lacks {
			j.err = nil
			w.askLeave(right, func() { j.write(skip) }, func() {})
			return
		}
		switch {
		case err == nil:
			j.phase = importDone
			if _, shown := w.screen.(*importScreen); !shown {
				w.praise(w.T("app.import.done", "sum", w.importResult(done)))
			}
			w.goodsChanged()
		case errors.Is(err, context.Canceled):
			j.err = nil
			w.inform(w.T("app.import.cancelled"))
		default:
			w.toast.say(moodBad, w.T("app.import.failed"), w.importTrouble(err))
		}
	})
}

// stop ends what is being worked on; the catalogue stays as it was.
func (j *importJob) stop() {
	if j.cancel != nil {
		j.cancel()
	}
}

// dropImport lets go of an import that is at rest.
func (w *Window) dropImport() {
	if j := w.importing; j != nil {
		w.importing = nil
		j.stop()
		if !j.working() { // otherwise its work closes the file when it ends
			j.list.Close()
		}
	}
}

// importResult says what an import has changed.
func (w *Window) importResult(done localdb.Imported) string {
	return w.T("app.import.result", "new", w.lang.Integer(int64(done.Added)), "changed", w.lang.Integer(int64(done.Changed)), "same", w.lang.Integer(int64(done.Same)))
}

// importTrouble is the sentence of an error of a price list.
func (w *Window) importTrouble(err error) string {
	var none *pricelist.NotAList
	var bad *pricelist.BadLine
	switch {
	case errors.As(err, &none):
		title, rest := halves(w.T("import.not_a_list." + string(none.Why)))
		return title + ". " + rest
	case errors.As(err, &bad):
		return w.badLine(*bad)
	case code(err) != "":
		return w.paragraph(err)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return w.T("app.import.unreadable")
	}
	w.deps.Log.Error("importing goods", "err", err)
	return w.T("app.import.disk")
}

// badLine says what is wrong with a line.
func (w *Window) badLine(b pricelist.BadLine) string {
	text := w.T("import.reason."+string(b.Reason), "line", w.lang.Integer(int64(b.First)))
	if b.Value != "" {
		text += ": " + b.Value
	}
	return w.T("app.import.line", "n", w.lang.Integer(int64(b.Line)), "text", text)
}

// paintImport shows how far the import is, wherever that stands on the screen.
func (w *Window) paintImport() {
	switch s := w.screen.(type) {
	case *importScreen:
		s.paint()
	case *goodsScreen:
		s.paintLoad()
	}
}

// goodsChanged shows the catalogue anew where it stands on the screen.
func (w *Window) goodsChanged() {
	switch s := w.screen.(type) {
	case *sale:
		s.goods.shelf.loadStars()
	case *goodsScreen:
		s.state.begin()
		s.read(true)
	}
}
