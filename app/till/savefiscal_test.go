package till_test

import (
	"testing"

	"kassa/app/till"
	"kassa/fiscal"
	"kassa/localdb"
)

// A till that is set up from outside opens with the registrar that was saved, and one whose settings cannot be used is not
// saved at all.
func TestSaveFiscal(t *testing.T) {
	ctx := t.Context()
	store, err := localdb.Open(ctx, localdb.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	connected := func() till.Config {
		t.Helper()
		var c till.Config
		if err := till.Connect(ctx, store, &c); err != nil {
			t.Fatal(err)
		}
		return c
	}
	for name, bad := range map[string]struct {
		set    till.FiscalSettings
		values fiscal.Settings
	}{
		"no such make":  {till.FiscalSettings{Driver: "nosuch"}, nil},
		"no address":    {till.FiscalSettings{Driver: "kkmserver"}, fiscal.Settings{"url": "ftp://x"}},
		"no tax system": {till.FiscalSettings{Driver: "kkmserver", Taxation: "nosuch"}, nil},
	} {
		if err := till.SaveFiscal(ctx, store, bad.set, bad.values); err == nil {
			t.Errorf("%s was saved", name)
		}
	}
	if c := connected(); c.Fiscal != nil || c.FiscalTrouble != "" {
		t.Errorf("a registrar that nobody chose: %+v", c.Fiscal)
	}
	good := till.FiscalSettings{Driver: "kkmserver", OwnSlips: true}
	if err := till.SaveFiscal(ctx, store, good, fiscal.Settings{"url": "http://127.0.0.1:1", "password": "secret"}); err != nil {
		t.Fatal(err)
	}
	if c := connected(); c.Fiscal == nil || c.Settings.Fiscal != good {
		t.Errorf("it was saved, and is %+v, %v", c.Settings.Fiscal, c.Fiscal)
	}
	if err := till.SaveFiscal(ctx, store, till.FiscalSettings{}, nil); err != nil {
		t.Fatal(err)
	}
	if c := connected(); c.Fiscal != nil {
		t.Error("it was taken away, and is there")
	}
}
