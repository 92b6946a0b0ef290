package accept

import "kassa/register"

// Tally computes a shift's totals from what the server has of the shift, to be held against those that the till closed
// it with. The zero Tally has seen nothing; it is used by one goroutine.
type Tally struct {
	totals register.Totals
	opened bool
	torn   bool
}

// Add takes the shift's next operation, from its opening to the one before its close. Operations that are set aside count
// for nothing, as in every other total.
func (t *Tally) Add(journal string, r Record) {
	o, err := register.DecodeOperation(r.Bytes)
	if err != nil || Understand(journal, r, o.At).Aside != Understood {
		t.torn = true
		return
	}
	switch {
	case o.Kind == register.KindShiftOpened:
		t.opened = true
	case !t.opened:
		t.torn = true
	}
	if t.totals.Apply(o) != nil {
		t.torn = true
	}
}

// Totals are those of all operations that were added; whole is false when the opening or something after it is missing
// or was not understood, so that they cannot be held against the till's.
func (t *Tally) Totals() (totals register.Totals, whole bool) { return t.totals, t.opened && !t.torn }
