package fnsim

import "time"

// patience is how long documents may wait for the tax data operator before the fiscal storage stands still (54-FZ,
// article 4.1: thirty calendar days).
const patience = 30 * 24 * time.Hour

// send gives the tax data operator what waits for it.
func (d *Device) send() {
	if d.NoOFD || d.Off {
		return
	}
	for ; d.FN.FirstOpen < len(d.FN.Records); d.FN.FirstOpen++ {
		d.FN.Records[d.FN.FirstOpen].Sent = true
	}
}

// unsent tells how many documents wait, and the number and the time of the first of them.
func (d *Device) unsent() (count int, first int64, since time.Time) {
	if count = len(d.FN.Records) - d.FN.FirstOpen; count > 0 {
		r := d.FN.Records[d.FN.FirstOpen]
		first, since = r.Number, r.At
	}
	return count, first, since
}
