package till

import (
	"context"

	"kassa/printer/slip"
)

// PrintTest prints a slip by which a person sees whether the printer works, cuts, and writes every letter.
func (t *Till) PrintTest(ctx context.Context) error {
	parts := t.parts()
	if parts.printer == nil {
		return problem(CodeNoPrinter, nil)
	}
	return t.queue(ctx, "test", slip.TestPage(t.slipShop(), parts.profile.Name, t.c.Now(), t.c.Language))
}
