package pricelist

import (
	"context"
	"errors"
	"io"
	"iter"

	"kassa/register"
)

// Limits of what a Report holds, however long the list is.
const (
	MaxPreview = 100
	MaxBad     = 1000
	MaxWarned  = 1000
)

// Report is what reading a whole list showed.
type Report struct {
	Goods   int                // that can be imported
	Preview []register.Product // the first MaxPreview of them, without ids

	Bad       []BadLine // the first MaxBad of the lines that cannot be read
	BadLines  int       // how many there are
	BadByType map[Reason]int

	Warnings     []Warning // the first MaxWarned
	Warned       int       // how many there are
	WarnedByKind map[WarningKind]int
}

// Check reads the whole list and tells what an import would do. Bad lines are no error: they are in the report. progress,
// if not nil, is told now and then, on the caller's goroutine, how many of the file's bytes are done. The error is a *NotAList for a mapping
// that cannot be used and for a file that turns out to be damaged, the context's, or what the disk says.
func (f *File) Check(ctx context.Context, m Mapping, progress func(done, total int64)) (Report, error) {
	r := Report{BadByType: map[Reason]int{}, WarnedByKind: map[WarningKind]int{}}
	pass := Pass{Skip: r.addBad, Warn: r.addWarning, Progress: progress}
	for p, err := range f.Goods(ctx, m, pass) {
		if err != nil {
			return r, err
		}
		if r.Goods++; len(r.Preview) < MaxPreview {
			r.Preview = append(r.Preview, p)
		}
	}
	return r, nil
}

func (r *Report) addBad(b *BadLine) {
	r.BadLines++
	r.BadByType[b.Reason]++
	if len(r.Bad) < MaxBad {
		r.Bad = append(r.Bad, *b)
	}
}

func (r *Report) addWarning(w Warning) {
	r.Warned++
	r.WarnedByKind[w.Kind]++
	if len(r.Warnings) < MaxWarned {
		r.Warnings = append(r.Warnings, w)
	}
}

// Pass is how a list is gone through. Its functions are called on the goroutine that ranges over the goods.
type Pass struct {
	// Skip is called for every line that cannot be read; reading goes on with the next. When it is nil, the first bad
	// line ends the goods with the *BadLine as the error: all or nothing.
	Skip func(*BadLine)
	// Warn, if not nil, is called for what an owner may want to look at.
	Warn func(Warning)
	// Progress, if not nil, is called now and then with how many of the file's bytes are done.
	Progress func(done, total int64)
}

// each is how many lines pass between two looks at the context, and two reports of progress.
const each = 512

// Goods gives the goods of a list, one by one, without ids. An error ends them; see Check for which, and Pass.Skip.
func (f *File) Goods(ctx context.Context, m Mapping, pass Pass) iter.Seq2[register.Product, error] {
	return func(yield func(register.Product, error) bool) {
		if err := m.Check(); err != nil {
			yield(register.Product{}, err)
			return
		}
		if err := f.pass(ctx, m, pass, func(p register.Product) bool { return yield(p, nil) }); err != nil {
			yield(register.Product{}, err)
		}
	}
}

// Good gives the goods of a list with the columns as guessed, and passes the lines that cannot be read to skip; see Pass.
func (f *File) Good(skip func(*BadLine)) iter.Seq2[register.Product, error] {
	return f.Goods(context.Background(), f.Guess(), Pass{Skip: skip})
}

// pass goes through the list once. A good is held back until the next line shows that no further barcodes of it follow.
func (f *File) pass(ctx context.Context, m Mapping, pass Pass, yield func(register.Product) bool) (err error) {
	var read int64
	r, err := f.rows(&read)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	var held register.Product
	holding := false
	release := func() bool {
		ok := !holding || yield(held)
		holding = false
		return ok
	}
	g := newGoods(m, f.layout.headings, f.book == nil, pass.Warn)
	for n := 1; ; n++ {
		if n%each == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			pass.progress(min(read, f.size), f.size)
		}
		p, v, err := f.one(r, g)
		var fault *BadLine
		switch {
		case errors.Is(err, io.EOF):
			if release() {
				pass.progress(f.size, f.size)
			}
			return nil
		case errors.As(err, &fault) && pass.Skip != nil:
			pass.Skip(fault)
		case err != nil:
			return err
		case v == more:
			held.Barcodes = append(held.Barcodes, p.Barcodes...)
		case v == good && !release():
			return nil
		case v == good:
			held, holding = p, true
		}
	}
}

func (p Pass) progress(done, total int64) {
	if p.Progress != nil {
		p.Progress(done, total)
	}
}

// one reads one line. The error is io.EOF, a *BadLine, or one that ends the reading.
func (f *File) one(r rows, g *goods) (register.Product, verdict, error) {
	cells, line, err := r.next()
	switch {
	case errors.Is(err, io.EOF):
		return register.Product{}, nothing, io.EOF
	case err != nil && !errors.Is(err, ErrBadLine):
		return register.Product{}, nothing, f.torn(err)
	case line < f.firstLine():
		return register.Product{}, nothing, nil
	case err != nil:
		return register.Product{}, nothing, err
	}
	p, v, fault := g.read(cells, line)
	if fault != nil {
		return p, nothing, fault
	}
	return p, v, nil
}

// firstLine is the number of the first line of goods.
func (f *File) firstLine() int {
	if i := f.layout.start(); i < len(f.lines) {
		return f.lines[i]
	} else if f.layout.row >= 0 {
		return f.lines[i-1] + 1
	}
	return 1
}
