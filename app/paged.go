package app

import "context"

// pageSize is how many things a list reads at a time.
const pageSize = 60

// paged is a list that is read page by page as somebody scrolls to its end. Which one is chosen, and what was read,
// outlives the widgets that show it.
type paged[T any] struct {
	all     []T
	at      int  // the chosen one
	ended   bool // there is no more
	loading bool
	failed  bool // the last page could not be read: it is asked for again by whoever moves on or touches "again"
	turn    int  // grows with every question; the answer to an older one is dropped
}

// begin forgets what was read: the question is another one. What is shown stays until the first page is there.
func (p *paged[T]) begin() {
	p.turn++
	p.ended, p.loading, p.failed = false, false, false
}

// more reads the next page, or the first one when fresh, unless that is being done.
func (p *paged[T]) more(w *Window, fresh bool, read func(ctx context.Context, from int, last *T) ([]T, error), then func(err error)) {
	if p.loading || !fresh && (p.ended || p.failed) {
		return
	}
	p.loading, p.failed = true, false
	turn, from := p.turn, len(p.all)
	var last *T
	if fresh {
		from = 0
	} else if from > 0 {
		one := p.all[from-1]
		last = &one
	}
	var page []T
	w.fetch(func(ctx context.Context) (err error) {
		page, err = read(ctx, from, last)
		return err
	}, func(err error) {
		if turn != p.turn {
			return
		}
		p.loading = false
		if err != nil {
			p.failed = true
			w.fail(err)
			then(err)
			return
		}
		p.ended = len(page) < pageSize
		if fresh {
			p.all, p.at = page, 0
		} else {
			p.all = append(p.all, page...)
		}
		then(nil)
	})
}

// chosen is the chosen one; nil when there is none.
func (p *paged[T]) chosen() *T {
	if p.at < 0 || p.at >= len(p.all) {
		return nil
	}
	return &p.all[p.at]
}
