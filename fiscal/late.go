package fiscal

import (
	"strconv"
	"time"

	"kassa/register"
)

// lateAfter is how long after a settlement its receipt is still an ordinary one.
const lateAfter = 24 * time.Hour

// Late is a document as it is to be made now, for an operation that was made at its time: a sale or a return of more
// than a day ago is a settlement without a receipt, which law 54-FZ wants put right by a correction of the seller's own
// will, with the day of the settlement in the shop's zone, and the operation's number as that of the memo. Where the
// device makes no such correction the document stays as it is. The lines stay in a correction too: a device that takes
// none in it is given the taxes that they come to.
//
// It is asked before the first try alone; a document that was sent once is never changed.
func Late(d Document, op register.Operation, can Capabilities, now time.Time, zone *time.Location) Document {
	if now.Sub(op.At) <= lateAfter {
		return d
	}
	switch {
	case d.Kind == Sale && can.Corrections:
		d.Kind = SaleCorrection
	case d.Kind == Return && can.ReturnCorrection:
		d.Kind = ReturnCorrection
	default:
		return d
	}
	d.Correction = &Correction{Date: op.At.In(zone), Number: strconv.FormatInt(op.Number, 10)}
	return d
}
