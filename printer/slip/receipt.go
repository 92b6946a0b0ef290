package slip

import (
	"fmt"
	"time"

	"kassa/i18n"
	"kassa/printer"
	"kassa/register"
)

// CopyOfReceipt is a Copy that repeats under it what a fiscal registrar said of the operation's receipt, with its QR
// code, so that a buyer who lost the receipt can look it up.
func CopyOfReceipt(shop Shop, op register.Operation, receipt register.FiscalDocument, at time.Time, lang *i18n.Language) (printer.Document, error) {
	p := newPaper(shop, lang)
	if err := p.copy(op, at); err != nil {
		return printer.Document{}, err
	}
	p.receipt(receipt)
	return p.doc, nil
}

// receipt names a fiscal document by the words that stand on one. Its time is the registrar's own. What the registrar did
// not say, because a person decided in its place, is left out.
func (p *paper) receipt(r register.FiscalDocument) {
	if r.Number == 0 {
		return
	}
	p.rule()
	p.add(printer.Text{Text: p.lang.T("slip.receipt_copy"), Align: printer.Center, Bold: true})
	p.pair(p.lang.T("slip.receipt_at"), p.lang.In(r.At.Location()).DateTime(r.At))
	p.pair(p.lang.T("slip.receipt_fn"), r.FN)
	p.pair(p.lang.T("slip.receipt_number"), fmt.Sprint(r.Number))
	p.pair(p.lang.T("slip.receipt_sign"), fmt.Sprintf("%010d", r.Sign))
	if r.QR != "" {
		p.doc.Elements = append(p.doc.Elements, printer.Element{QR: r.QR})
		p.center(p.lang.T("slip.receipt_check"))
	}
}
