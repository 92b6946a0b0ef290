package fnsim

import (
	"testing"
	"time"

	"kassa/fiscal"
)

// FuzzLoad reads a memory that somebody else wrote: it is refused, or the device goes on with it.
func FuzzLoad(f *testing.F) {
	clock := func() time.Time { return time.Date(2026, 3, 14, 9, 5, 0, 0, time.UTC) }
	d, err := New(Setup{Clock: clock})
	if err != nil {
		f.Fatal(err)
	}
	for _, doc := range []Document{{Kind: fiscal.OpenShift}, shopping(), {Kind: fiscal.CashIn, Cash: 1}, {Kind: fiscal.CloseShift}} {
		if _, err := d.Make(f.Context(), doc); err != nil {
			f.Fatal(err)
		}
		state, err := d.Save()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(state)
	}
	f.Add([]byte(`{"memory":{"fn":{"number":"9999078902000123","records":[{"kind":"sale","lines":[{}]}],"first_open":-1}}}`))
	f.Fuzz(func(t *testing.T, state []byte) {
		d, err := New(Setup{Clock: clock})
		if err != nil {
			t.Fatal(err)
		}
		if d.Load(state) != nil {
			return
		}
		for _, doc := range []Document{{Kind: fiscal.OpenShift}, shopping(), {Kind: fiscal.XReport}, {Kind: fiscal.CloseShift}} {
			_, _ = d.Make(t.Context(), doc) // it may refuse
		}
		d.Look()
		d.SetOFD(false)
		d.SetOFD(true)
		for _, r := range d.All() {
			r.Tags()
			_ = d.Copy(r.Number)
		}
		if _, err := d.Save(); err != nil {
			t.Error(err)
		}
	})
}
