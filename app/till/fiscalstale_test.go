package till_test

import (
	"encoding/json"
	"testing"
	"time"

	"kassa/app/till"
	"kassa/fiscal"
	"kassa/localdb"
)

// TestAnOpeningThatIsNotWantedAnyMore: an opening of the registrar's shift was queued in front of a sale and not made, and
// when the registrar is back its shift is open, and too old. The opening gives way: the old shift ends, and a new one
// begins.
func TestAnOpeningThatIsNotWantedAnyMore(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.set = till.FiscalSettings{CloseExpired: true}
		d.close()
		d.open()
		d.working()
		d.sell(1)
		d.rest(time.Minute)
		d.close()
		doc := fiscal.Document{Kind: fiscal.OpenShift, Mark: "0198f3c2-7d10-7a54-9b1e-2f6a1c0d4e77"}
		text, err := json.Marshal(doc)
		d.must(err)
		time.Sleep(25 * time.Hour)
		store, err := localdb.Open(d.Context(), localdb.Options{Dir: d.dir})
		d.must(err)
		d.must(store.AddFiscal(d.Context(), localdb.FiscalEntry{ID: doc.Mark, Kind: string(doc.Kind), Document: text}))
		d.must(store.Close())
		d.open()
		d.working()
		d.sell(1)
		d.rest(time.Minute)
		if got := d.kinds(); got != "open_shift sale close_shift open_shift sale" {
			d.Errorf("the device made %s", got)
		}
		d.clear()
		d.agrees()
	})
}
