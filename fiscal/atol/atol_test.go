package atol_test

import (
	"testing"

	"kassa/fiscal"
)

// TestADay makes one document of every kind.
func TestADay(t *testing.T) {
	w := open(t, fnsimSetup())
	opened := w.make(openShift())
	if opened.Number != 2 || opened.Shift != 1 || opened.QR != "" || opened.FN != "9999078902000123" {
		t.Errorf("opening: %+v", opened)
	}
	w.make(cash(fiscal.CashIn, 1000_00))
	sold := w.make(sale("m-1"))
	back := sale("m-2")
	back.Kind = fiscal.Return
	returned := w.make(back)
	for name, r := range map[string]fiscal.Receipt{"sale": sold, "return": returned} {
		if r.Total != 446_44 || r.Shift != 1 || r.Registration != "0000000001061770" || !r.At.Equal(noon) || r.NotPrinted || r.Found {
			t.Errorf("%s: %+v", name, r)
		}
	}
	records := w.unit.Records()
	if sold.QR != records[2].QR || returned.QR != records[3].QR || sold.InShift != 1 || returned.InShift != 2 {
		t.Errorf("QR %q and %q", sold.QR, returned.QR)
	}
	w.make(fiscal.Document{Kind: fiscal.XReport, Mark: "m-x", Operator: cashier})
	w.make(cash(fiscal.CashOut, 400_00))
	if held := w.unit.Look().Drawer; held != 600_00 {
		t.Errorf("the drawer holds %s", held)
	}
	closed := w.make(fiscal.Document{Kind: fiscal.CloseShift, Mark: "m-close", Operator: cashier})
	if closed.Number != 5 || closed.Total != 0 {
		t.Errorf("closing: %+v", closed)
	}
}
