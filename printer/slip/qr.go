package slip

import (
	"errors"
	"fmt"
	"time"

	"kassa/i18n"
	"kassa/printer"
	"kassa/register"
)

// Code is a payment that waits to be paid by its QR code.
type Code struct {
	Amount  register.Money
	Payload string    // what the bank gave to be shown as a QR code
	Purpose string    // what is paid for, in the buyer's words; may be empty
	At      time.Time // when the slip is printed
	Expires time.Time // until when the code can be paid; zero when the bank did not say
}

// ErrNoCode tells that there is nothing to be paid, or nothing to pay it by.
var ErrNoCode = errors.New("slip: no payment code")

// QR is the slip that a buyer pays by: the sum, the code, until when it is valid, and what to do. It is no proof of
// payment, and says so. The error is ErrNoCode.
func QR(shop Shop, code Code, lang *i18n.Language) (printer.Document, error) {
	if code.Payload == "" || code.Amount <= 0 {
		return printer.Document{}, fmt.Errorf("%w: %s", ErrNoCode, code.Amount)
	}
	p := newPaper(shop, lang)
	p.receiptTitle(p.lang.T("slip.qr_title"))
	p.place(code.At)
	if code.Purpose != "" {
		p.text(p.lang.T("slip.qr_purpose", "purpose", code.Purpose))
	}
	p.rule()
	p.center(p.lang.T("slip.qr_amount"))
	sum := p.lang.T("slip.roubles", "sum", p.lang.Sum(code.Amount))
	p.add(printer.Text{Text: sum, Align: printer.Center, Bold: true, Big: true})
	p.doc.Elements = append(p.doc.Elements, printer.Element{QR: code.Payload})
	if !code.Expires.IsZero() {
		valid := p.lang.T("slip.qr_valid", "time", p.lang.DateTime(code.Expires))
		p.add(printer.Text{Text: valid, Align: printer.Center, Bold: true})
	}
	p.rule()
	for _, step := range []string{"slip.qr_step1", "slip.qr_step2", "slip.qr_step3"} {
		p.text(p.lang.T(step))
	}
	p.rule()
	p.center(p.lang.T("slip.qr_no_proof"))
	return p.doc, nil
}
