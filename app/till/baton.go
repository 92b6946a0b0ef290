package till

import "context"

// baton is held by one at a time, perhaps for as long as a bank takes to answer. Whoever waits for it gives up when the
// context ends, which nobody who waits for a mutex can.
type baton chan struct{}

func newBaton() baton { return make(baton, 1) }

// take waits for the baton. The problem is CodeBankDown: whoever has it waits for the bank.
func (b baton) take(ctx context.Context) error {
	select {
	case b <- struct{}{}:
		return nil
	case <-ctx.Done():
		return problem(CodeBankDown, ctx.Err())
	}
}

func (b baton) give() { <-b }
