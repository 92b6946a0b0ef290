package localdb

import "iter"

const (
	aheadStep  = 256 // values that are handed over at a time
	aheadSteps = 4   // how often before they are asked for
)

// ahead gives n values, made on another goroutine while the caller works on those before: putting rows together takes
// as long as a third of writing them.
func ahead[T any](n int, value func(i int) T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		steps, stop := make(chan []T, aheadSteps), make(chan struct{})
		go func() {
			defer close(steps)
			for from := 0; from < n; from += aheadStep {
				step := make([]T, 0, aheadStep)
				for i := from; i < min(from+aheadStep, n); i++ {
					step = append(step, value(i))
				}
				select {
				case steps <- step:
				case <-stop:
					return
				}
			}
		}()
		defer func() {
			close(stop)
			for range steps { // until it has ended: what it reads is the caller's
			}
		}()
		i := 0
		for step := range steps {
			for _, v := range step {
				if !yield(i, v) {
					return
				}
				i++
			}
		}
	}
}
