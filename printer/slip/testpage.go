package slip

import (
	"strconv"
	"strings"
	"time"

	"kassa/i18n"
	"kassa/printer"
	"kassa/register"
)

// TestPage is the slip by which a person sees whether a printer works, cuts, keeps its columns and writes every letter.
// profile is the name of the printer's profile.
func TestPage(shop Shop, profile string, at time.Time, lang *i18n.Language) printer.Document {
	p := newPaper(shop, lang)
	p.add(printer.Text{Text: p.lang.T("slip.test_title"), Align: printer.Center, Bold: true, Big: true})
	p.center(p.lang.T("slip.not_fiscal"))
	p.rule()
	p.pair(p.lang.T("slip.test_profile"), profile)
	p.pair(p.lang.T("slip.test_columns"), strconv.Itoa(shop.Columns))
	p.place(at)
	p.rule()
	p.ruler()
	p.text("АБВГДЕЁЖЗИЙКЛМНОП РСТУФХЦЧШЩЪЫЬЭЮЯ")
	p.text("абвгдеёжзийклмноп рстуфхцчшщъыьэюя")
	p.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	p.text("abcdefghijklmnopqrstuvwxyz")
	p.text("0123456789 .,:;!?-+=%*/()[]\"'#&@")
	p.text(p.lang.T("slip.test_signs", "signs", "№ « » — … × ₽"))
	p.rule()
	p.add(printer.Text{Text: p.lang.T("slip.test_bold"), Bold: true})
	p.add(printer.Text{Text: p.lang.T("slip.test_center"), Align: printer.Center})
	p.add(printer.Text{Text: p.lang.T("slip.test_right"), Align: printer.Right})
	for _, sum := range []register.Money{5, 123_45, 99_999_999_99} {
		p.pair(p.lang.T("slip.test_sum"), p.lang.Sum(sum))
	}
	p.total("slip.total", 1234_56)
	p.rule()
	p.doc.Elements = append(p.doc.Elements, printer.Element{Barcode: testBarcode}, printer.Element{QR: testQR})
	p.center(p.lang.T("slip.test_codes"))
	p.rule()
	p.center(p.lang.T("slip.test_end"))
	return p.doc
}

// What the codes of the test page hold: as much as those of a receipt.
const (
	testBarcode = "9000000041502304"
	testQR      = "KASSA TEST 0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz"
)

// ruler counts the columns: a paper that is narrower than its profile breaks it.
func (p *paper) ruler() {
	if p.shop.Columns > 0 {
		p.text(strings.Repeat("1234567890", p.shop.Columns/10+1)[:p.shop.Columns])
	}
}
