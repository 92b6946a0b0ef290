package atol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"kassa/fiscal"
	"kassa/register"
)

// document is what is read of a document in the fiscal storage; its keys are the format's tags. Tags that we do not
// compare are passed over.
type document struct {
	Type    string `json:"fiscalDocumentType"`
	Short   flag   `json:"short"` // the tax data operator has it, and the fiscal storage keeps its outline alone
	QR      text   `json:"qr"`
	At      moment `json:"1012"`
	Total   *money `json:"1020"`
	Cash    money  `json:"1031"`
	Reg     text   `json:"1037"`
	Shift   whole  `json:"1038"`
	FN      text   `json:"1041"`
	InShift whole  `json:"1042"`
	Sign    text   `json:"1077"`
	NonCash money  `json:"1081"`
	Sort    whole  `json:"1054"`
	Prepaid money  `json:"1215"`
	Credit  money  `json:"1216"`
	Other   money  `json:"1217"`
	Lines   list   `json:"1059"`
	User    list   `json:"1084"`
	Base    list   `json:"1174"` // what a correction is based on
}

// list is a container of tags, which may stand several times: an array of objects, or a single one. A value that is
// neither is an empty list.
type list []map[string]text

func (l *list) UnmarshalJSON(b []byte) error {
	var many []map[string]json.RawMessage
	if json.Unmarshal(b, &many) != nil {
		var one map[string]json.RawMessage
		if json.Unmarshal(b, &one) != nil || one == nil {
			return nil
		}
		many = []map[string]json.RawMessage{one}
	}
	for _, tags := range many {
		plainTags := map[string]text{}
		for tag, raw := range tags {
			if s, err := plain(raw); err == nil {
				plainTags[tag] = text(s)
			}
		}
		*l = append(*l, plainTags)
	}
	return nil
}

// document reads one document of the fiscal storage; see readDocument.
func (d *Device) document(ctx context.Context, number int64, wanted string) (document, error) {
	raw := false
	result, err := d.run(ctx, task{Type: "getFnDocument", Number: number, WithRawData: &raw})
	if err != nil {
		return document{}, err
	}
	return readDocument(result, wanted)
}

// errUnreadable tells that the device's memory gives a document in a way that cannot be read, now or later.
var errUnreadable = errors.New("the document cannot be read")

// readDocument reads a document of the fiscal storage: of one that is no document of the wanted type, its type alone. The
// error is errUnreadable.
func readDocument(result json.RawMessage, wanted string) (document, error) {
	var a struct {
		TLV json.RawMessage `json:"documentTLV"`
	}
	var kind struct {
		Type string `json:"fiscalDocumentType"`
	}
	if json.Unmarshal(result, &a) != nil || json.Unmarshal(a.TLV, &kind) != nil || kind.Type == "" {
		return document{}, errUnreadable
	}
	// A device may call its receipts БСО, forms of strict account: its registration says so.
	kind.Type = strings.Replace(kind.Type, "bso", "receipt", 1)
	doc := document{Type: kind.Type}
	if kind.Type != wanted {
		return doc, nil
	}
	if err := json.Unmarshal(a.TLV, &doc); err != nil {
		return document{}, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	doc.Type = kind.Type
	return doc, nil
}

// likeness is what comparing tells.
type likeness int

const (
	another likeness = iota
	perhaps          // everything agrees, and the mark is missing
	itself
)

var documentTypes = map[fiscal.Kind]string{
	fiscal.OpenShift: "openShift", fiscal.CloseShift: "closeShift", fiscal.Sale: "receipt", fiscal.Return: "receipt",
	fiscal.SaleCorrection: "receiptCorrection", fiscal.ReturnCorrection: "receiptCorrection",
}

// is tells whether this is the document that was asked for. Reports of a shift have no mark: after the try, the first of
// its kind is it.
func (d document) is(asked fiscal.Document) likeness {
	switch {
	case d.Type != documentTypes[asked.Kind]:
		return another
	case !asked.Kind.Receipt():
		return itself
	case d.Sort != sorts[asked.Kind] || d.Total == nil || register.Money(*d.Total) != asked.Total:
		return another
	case !bool(d.Short) && d.payments() != asked.Payments:
		return another
	}
	for _, u := range d.User {
		if u["1085"] != markName {
			continue
		}
		if strings.TrimSpace(string(u["1086"])) == printable(asked.Mark, maxMark) {
			return itself
		}
		return another
	}
	if asked.Correction != nil && d.based(*asked.Correction) {
		return itself
	}
	return perhaps
}

// sorts are tag 1054.
var sorts = map[fiscal.Kind]whole{fiscal.Sale: 1, fiscal.SaleCorrection: 1, fiscal.Return: 2, fiscal.ReturnCorrection: 2}

func (d document) payments() fiscal.Payments {
	return fiscal.Payments{Cash: register.Money(d.Cash), Electronic: register.Money(d.NonCash), Prepaid: register.Money(d.Prepaid),
		Credit: register.Money(d.Credit), Other: register.Money(d.Other)}
}

// based tells whether a correction names the memo that was asked for: in FFD 1.05 corrections have no place for a mark.
func (d document) based(c fiscal.Correction) bool {
	for _, b := range d.Base {
		if c.Number != "" && len(d.Lines) == 0 && strings.TrimSpace(string(b["1179"])) == printable(c.Number, maxBaseNumber) {
			return true
		}
	}
	return false
}

// receipt gives the fiscal data of a document that was found.
func (d document) receipt(fn string, number int64, kind fiscal.Kind) (fiscal.Receipt, error) {
	s, err := sign(string(d.Sign))
	if err != nil {
		return fiscal.Receipt{}, fmt.Errorf("%w: %w", errNonsense, err)
	}
	r := fiscal.Receipt{
		FN: fn, Number: number, Sign: s, At: d.At.Time, Shift: int64(d.Shift), InShift: int64(d.InShift), Registration: string(d.Reg),
		Found: true, QR: string(d.QR),
	}
	if d.Total != nil {
		r.Total = register.Money(*d.Total)
	}
	if r.At.IsZero() {
		r.At = momentOf(r.QR)
	}
	if !kind.Receipt() {
		r.QR = ""
	}
	return complete(r, kind)
}

// momentOf reads the time of a receipt's QR code: the device's local time, without its zone. Zero where there is none.
func momentOf(qr string) time.Time {
	for field := range strings.SplitSeq(qr, "&") {
		t, found := strings.CutPrefix(field, "t=")
		if !found {
			continue
		}
		for _, layout := range []string{"20060102T1504", "20060102T150405"} {
			if at, err := time.Parse(layout, t); err == nil {
				return at
			}
		}
	}
	return time.Time{}
}
