// Package slip makes the till's slips as printer.Documents: the sale slip and its copy, the slip with a payment's QR
// code, and the report of a shift.
//
// None of them is a fiscal receipt, which the fiscal registrar alone prints, and none may look like one: each says that
// it is not fiscal, and none is titled «кассовый чек». Slips are made from what was committed to the journal, never from
// what a screen shows.
package slip

import (
	"time"

	"kassa/i18n"
	"kassa/printer"
)

// Shop is what slips say of the shop and the till. Empty texts are left out.
type Shop struct {
	Name    string
	Address string
	INN     string         // the taxpayer's number
	Till    string         // number or name of the till
	Footer  string         // said to the buyer at the end of a sale slip
	Zone    *time.Location // the shop's time zone; nil leaves the language's own
}

// nbsp keeps what belongs together on one line.
const nbsp = "\u00a0"

// paper collects the elements of one slip.
type paper struct {
	doc  printer.Document
	lang *i18n.Language
}

// newPaper begins a slip with the shop's heading.
func newPaper(shop Shop, lang *i18n.Language) *paper {
	if shop.Zone != nil {
		lang = lang.In(shop.Zone)
	}
	p := &paper{lang: lang}
	if shop.Name != "" {
		p.add(printer.Text{Text: shop.Name, Align: printer.Center, Bold: true, Big: true})
	}
	if shop.Address != "" {
		p.center(shop.Address)
	}
	if shop.INN != "" {
		p.center(lang.T("slip.inn", "inn", shop.INN))
	}
	if len(p.doc.Elements) > 0 {
		p.rule()
	}
	return p
}

func (p *paper) add(t printer.Text) {
	p.doc.Elements = append(p.doc.Elements, printer.Element{Text: &t})
}

func (p *paper) text(text string)   { p.add(printer.Text{Text: text}) }
func (p *paper) center(text string) { p.add(printer.Text{Text: text, Align: printer.Center}) }

// title is a heading that says in bold what the slip is, and below it what it is not.
func (p *paper) title(text string) {
	p.add(printer.Text{Text: text, Align: printer.Center, Bold: true})
	p.center(p.lang.T("slip.not_fiscal"))
}

func (p *paper) pair(left, right string) { p.addPair(printer.Pair{Left: left, Right: right}) }

func (p *paper) boldPair(left, right string) {
	p.addPair(printer.Pair{Left: left, Right: right, Bold: true})
}

func (p *paper) addPair(pair printer.Pair) {
	p.doc.Elements = append(p.doc.Elements, printer.Element{Pair: &pair})
}

func (p *paper) rule() { p.doc.Elements = append(p.doc.Elements, printer.Element{Rule: true}) }
func (p *paper) feed() { p.doc.Elements = append(p.doc.Elements, printer.Element{Feed: 1}) }

// place is the line that says where and when: the till at the left, the time at the right.
func (p *paper) place(shop Shop, at time.Time) {
	till := ""
	if shop.Till != "" {
		till = p.lang.T("slip.till", "till", shop.Till)
	}
	p.pair(till, p.lang.DateTime(at))
}

func (p *paper) cashier(name string) {
	if name != "" {
		p.pair(p.lang.T("slip.cashier"), name)
	}
}
