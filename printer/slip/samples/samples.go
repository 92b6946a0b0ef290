// Package samples makes a slip of every kind from one day of a made-up flower shop, for a preview of how a shop's slips
// look, and for trying printers. The day is rung up by package register's own rules, so that every sum agrees with the
// others: what the reports count is what the other slips say. It is the same each time.
package samples

import (
	"errors"
	"fmt"
	"time"

	"kassa/i18n"
	"kassa/printer"
	"kassa/printer/slip"
)

// Kind is one of the till's slips.
type Kind string

// The kinds, one for each template.
const (
	Sale             Kind = "sale"
	Copy             Kind = "copy"
	CopyOfReceipt    Kind = "copy-of-receipt" // with a fiscal registrar's data
	QR               Kind = "qr"
	Return           Kind = "return"
	Prepayment       Kind = "prepayment"
	PrepaymentReturn Kind = "prepayment-return"
	CashIn           Kind = "cash-in"
	CashOut          Kind = "cash-out"
	X                Kind = "x"
	Z                Kind = "z"
	Test             Kind = "test"
)

// Kinds lists them all, in the order of a day.
func Kinds() []Kind {
	return []Kind{Sale, Copy, CopyOfReceipt, QR, Return, Prepayment, PrepaymentReturn, CashIn, CashOut, X, Z, Test}
}

// ErrKind tells that there is no such slip.
var ErrKind = errors.New("samples: no such slip")

// Shop is the made-up shop, as it fills in its settings.
func Shop() slip.Shop {
	return slip.Shop{
		Name: "Ромашка", Address: "г. Казань, ул. Баумана, д. 36", INN: "7700000009", Till: "1",
		Footer: "Спасибо за покупку!\nЖдём вас снова.", Zone: zone,
		Form: slip.Form{Header: []string{"Цветы и подарки", "Ежедневно с 9 до 21", "т. 8 800 000-00-00"}, Logo: logo()},
	}
}

// Make makes a slip as a shop's own form has it. profile is the name of the printer's profile, for the test page. The
// error is ErrKind.
func Make(kind Kind, shop slip.Shop, profile string, lang *i18n.Language) (printer.Document, error) {
	day, err := newDay()
	if err != nil {
		return printer.Document{}, fmt.Errorf("making up a day: %w", err)
	}
	copied := evening.Add(20 * time.Minute)
	switch kind {
	case Copy:
		return slip.Copy(shop, day.operations[Return], copied, lang)
	case CopyOfReceipt:
		return slip.CopyOfReceipt(shop, day.operations[Sale], day.receipt, copied, lang)
	case QR:
		return slip.QR(shop, day.code, lang)
	case X:
		return slip.XReport(shop, day.shift, day.before, evening, lang), nil
	case Test:
		return slip.TestPage(shop, profile, morning, lang), nil
	}
	op, ok := day.operations[kind]
	if !ok {
		return printer.Document{}, fmt.Errorf("%w: %.20q", ErrKind, string(kind))
	}
	doc, _, err := slip.For(shop, op, lang)
	return doc, err
}
