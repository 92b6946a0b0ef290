package kkmserver

import (
	"net/url"
	"regexp"
	"strconv"
	"time"

	"kassa/register"
)

// code is what a QR code of a document says: t=20170115T154700&s=0.01&fn=99078900002287&i=118&fp=549164494&n=1. Reports of
// a shift have no sum and no n.
type code struct {
	at     time.Time
	sum    register.Money
	fn     string
	number int64
	sign   uint32
	kind   int // tag 1054; zero for a report
}

var fnText = regexp.MustCompile(`^[0-9]{1,16}$`)

// parseQR reads a QR code; at is in zone. Seconds may be there or not.
func parseQR(qr string, zone *time.Location) (code, bool) {
	if len(qr) == 0 || len(qr) > 300 {
		return code{}, false
	}
	q, err := url.ParseQuery(qr)
	if err != nil {
		return code{}, false
	}
	var c code
	for _, layout := range []string{"20060102T1504", "20060102T150405"} {
		if at, err := time.ParseInLocation(layout, q.Get("t"), zone); err == nil {
			c.at = at.Truncate(time.Minute)
		}
	}
	number, err1 := text(q.Get("i")).number()
	sign, err2 := strconv.ParseUint(q.Get("fp"), 10, 32)
	sum, err3 := text(q.Get("s")).money()
	kind, err4 := text(q.Get("n")).number()
	c.fn = q.Get("fn")
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil || c.at.IsZero() || number == 0 || sum < 0 || kind > 4 || !fnText.MatchString(c.fn) {
		return code{}, false
	}
	c.number, c.sign, c.sum, c.kind = number, uint32(sign), sum, int(kind)
	return c, true
}
