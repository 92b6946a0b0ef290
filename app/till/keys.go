package till

import (
	"fmt"
	"maps"
	"slices"
)

// Keys moves the till's function keys: what the till does by one key, "F9", a shop can have on another, "F10". A key that is
// not in it stands where the till has it.
type Keys map[string]string

// FunctionKeys are the keys that can be moved.
func FunctionKeys() []string {
	return []string{"F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12"}
}

// At is the key on the keyboard by which the shop does what the till does by k. Other keys stay what they are.
func (m Keys) At(k string) string {
	if at, ok := m[k]; ok {
		return at
	}
	return k
}

// Move puts what the till does by k on another key; what was there goes to where it came from.
func (m Keys) Move(k, to string) Keys {
	next := maps.Clone(m)
	if next == nil {
		next = Keys{}
	}
	from := m.At(k)
	for _, other := range FunctionKeys() {
		if m.At(other) == to {
			next[other] = from
		}
	}
	next[k] = to
	maps.DeleteFunc(next, func(k, at string) bool { return k == at })
	return next
}

// check tells whether every key does one thing, and everything has a key.
func (m Keys) check() error {
	all := FunctionKeys()
	for k, at := range m {
		if !slices.Contains(all, k) || !slices.Contains(all, at) {
			return fmt.Errorf("%w: %.10q on %.10q", ErrBadSetting, k, at)
		}
	}
	taken := map[string]bool{}
	for _, k := range all {
		if taken[m.At(k)] {
			return fmt.Errorf("%w: two things on %s", ErrBadSetting, m.At(k))
		}
		taken[m.At(k)] = true
	}
	return nil
}
