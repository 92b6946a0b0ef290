package localdb_test

import (
	"errors"
	"testing"
	"time"

	"kassa/localdb"
	"kassa/register"
)

func TestSettingsAreKeptAllOrNone(t *testing.T) {
	s := open(t, t.TempDir())
	if err := s.SetSettings(t.Context(), map[string]any{"a": 1, "b": 2}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetSettings(t.Context(), map[string]any{"a": 7, "b": make(chan int)}); err == nil {
		t.Error("what cannot be stored was kept")
	}
	for name, want := range map[string]int{"a": 1, "b": 2} {
		var got int
		if ok, err := s.Setting(t.Context(), name, &got); err != nil || !ok || got != want {
			t.Errorf("%s is %d, %v, %v", name, got, ok, err)
		}
	}
}

func TestAReceiptOnHoldThatDoesNotAddUpStaysThere(t *testing.T) {
	s := open(t, t.TempDir())
	bad := register.Draft{Lines: []register.Line{{Product: "p", Name: "Молоко", Unit: register.Piece, Quantity: register.One, Price: 100, Sum: 1, VAT: register.VAT10}}}
	if err := s.Hold(t.Context(), localdb.Held{ID: "h", At: time.Now(), Cart: bad}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Unhold(t.Context(), "h"); !errors.Is(err, localdb.ErrBadHeld) {
		t.Errorf("taken back: %v", err)
	}
	if n, err := s.HeldCount(t.Context()); err != nil || n != 1 {
		t.Errorf("%d are on hold, %v", n, err)
	}
}
