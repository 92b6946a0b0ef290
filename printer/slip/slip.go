// Package slip makes the till's slips as printer.Documents: the sale slip, slips of returns, prepayments and moves of
// cash, copies of them, the slip with a payment's QR code, and the X and Z reports of a shift.
//
// None of them is a fiscal receipt, which the fiscal registrar alone prints, and none may look like one: each says that
// it is not fiscal, and none is titled «кассовый чек». A copy may repeat what a registrar said of the receipt that it
// made. Slips are made from what was committed to the journal, never from what a screen shows. How they look is the
// shop's choice, in a Form.
package slip

import (
	"time"
	"unicode/utf8"

	"kassa/i18n"
	"kassa/printer"
	"kassa/register"
)

// Shop is what slips say of the shop and the till. Empty texts are left out.
type Shop struct {
	Name    string
	Address string
	INN     string         // the taxpayer's number
	Till    string         // number or name of the till
	Footer  string         // said to the buyer at the end of a sale slip; may have several lines
	Zone    *time.Location // the shop's time zone; nil leaves the language's own

	Form      Form
	Columns   int  // of the paper; zero when they are not known: then no form needs them
	Registrar bool // a fiscal registrar prints the receipts: what looks like one says that it is none
}

// nbsp keeps what belongs together on one line.
const nbsp = "\u00a0"

// indent stands before what belongs to the line above it.
const indent = "   "

// paper collects the elements of one slip.
type paper struct {
	doc  printer.Document
	shop Shop
	lang *i18n.Language
}

// newPaper begins a slip with the shop's heading.
func newPaper(shop Shop, lang *i18n.Language) *paper {
	if shop.Zone != nil {
		lang = lang.In(shop.Zone)
	}
	p := &paper{shop: shop, lang: lang}
	if logo := shop.Form.Logo; logo != nil {
		p.doc.Elements = append(p.doc.Elements, printer.Element{Picture: logo})
	}
	if shop.Name != "" {
		p.add(printer.Text{Text: shop.Name, Align: printer.Center, Bold: true, Big: true})
	}
	if shop.Address != "" && p.shows(PartAddress) {
		p.center(shop.Address)
	}
	if shop.INN != "" && p.shows(PartINN) {
		p.center(lang.T("slip.inn", "inn", shop.INN))
	}
	for _, l := range shop.Form.Header {
		p.center(l)
	}
	if len(p.doc.Elements) > 0 {
		p.rule()
	}
	return p
}

func (p *paper) shows(part Part) bool { return p.shop.Form.Shows(part) }

func (p *paper) add(t printer.Text) {
	p.doc.Elements = append(p.doc.Elements, printer.Element{Text: &t})
}

func (p *paper) text(text string)   { p.add(printer.Text{Text: text}) }
func (p *paper) center(text string) { p.add(printer.Text{Text: text, Align: printer.Center}) }

// title is a heading that says in bold what the slip is, and below it what it is not.
func (p *paper) title(text string) {
	p.heading(text)
	p.feed()
}

// receiptTitle is the title of a slip for what a fiscal registrar makes a receipt of.
func (p *paper) receiptTitle(text string) {
	p.heading(text)
	if p.shop.Registrar {
		p.center(p.lang.T("slip.no_receipt"))
	}
	p.feed()
}

func (p *paper) heading(text string) {
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

// total is the sum that matters on the slip.
func (p *paper) total(key string, sum register.Money) {
	p.addPair(printer.Pair{Left: p.lang.T(key), Right: p.lang.Sum(sum), Bold: true, Big: true})
}

func (p *paper) rule() { p.doc.Elements = append(p.doc.Elements, printer.Element{Rule: true}) }
func (p *paper) feed() { p.doc.Elements = append(p.doc.Elements, printer.Element{Feed: 1}) }

// place is the line that says where and when: the till at the left, the time at the right.
func (p *paper) place(at time.Time) {
	till := ""
	if p.shop.Till != "" {
		till = p.lang.T("slip.till", "till", p.shop.Till)
	}
	p.pair(till, p.lang.DateTime(at))
}

// origin says where an operation was made, when, in which shift, and by whom.
func (p *paper) origin(op register.Operation) {
	p.place(op.At)
	p.pair(p.lang.T("slip.shift", "shift", op.Shift), p.lang.T("slip.operation", "number", op.Number))
	p.staff(op)
}

// staff says who made an operation, and who allowed it.
func (p *paper) staff(op register.Operation) {
	p.cashier(op.Cashier)
	if p.shows(PartCashier) {
		p.named("slip.approved", op.Approved)
	}
}

func (p *paper) cashier(name string) {
	if p.shows(PartCashier) {
		p.named("slip.cashier", name)
	}
}

// named is a line for somebody's name, or for another particular that may be missing. One too long to stand beside its
// word on the narrowest paper follows the word as text does.
func (p *paper) named(key, name string) {
	word := p.lang.T(key)
	switch {
	case name == "":
	case utf8.RuneCountInString(word+name)+pairGap > narrowest:
		p.text(word + ": " + name)
	default:
		p.pair(word, name)
	}
}

// The columns of 58 mm paper, and those that keep the sides of a pair apart.
const (
	narrowest = 32
	pairGap   = 2
)

// remark is a text of its own under a word that says what it is.
func (p *paper) remark(key, text string) {
	if text != "" {
		p.text(p.lang.T(key, "text", text))
	}
}

// remarkApart is a remark with an empty line above it.
func (p *paper) remarkApart(key, text string) {
	if text != "" {
		p.feed()
		p.remark(key, text)
	}
}

func (p *paper) customer(c *register.Customer) {
	if c == nil || !p.shows(PartCustomer) {
		return
	}
	p.named("slip.customer", c.Name)
	if card := []rune(c.Card); len(card) > 0 {
		p.named("slip.customer_card", "*"+string(card[max(len(card)-cardShown, 0):]))
	}
}

// cardShown is how much of a discount card's number stands on paper: enough for its owner to know it.
const cardShown = 4

// signature is a place to write, under the word that says for whom.
func (p *paper) signature(key string) {
	if !p.shows(PartSignatures) {
		return
	}
	p.feed()
	p.pair(p.lang.T(key), signatureLine)
}

// signatureLine is as long as the longest word beside it leaves on the narrowest paper.
const signatureLine = "____________"

// code puts the barcode at the foot with which a return can begin.
func (p *paper) code(op register.Operation) {
	if code := op.ReceiptCode(); code != "" && p.shows(PartBarcode) {
		p.feed()
		p.doc.Elements = append(p.doc.Elements, printer.Element{Barcode: code})
	}
}
