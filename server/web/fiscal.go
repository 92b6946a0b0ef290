package web

import (
	"strings"

	"kassa/i18n"
	"kassa/register"
	"kassa/server/pg"
	"kassa/sync/accept"
)

// fiscalDocument is what a fiscal registrar made of an operation. Address is where the entry of the history is shown that
// tells it; empty on that entry's own page.
type fiscalDocument struct {
	register.FiscalDocument
	Address string
}

// fiscalMost is how many fiscal documents of one operation are shown: more than one is rare.
const fiscalMost = 10

// Name is what the document is.
func (d fiscalDocument) Name(l *i18n.Language) string {
	if key := "web.fiscal.kind." + d.Document; l.Has(key) {
		return l.T(key)
	}
	return d.Document
}

// Note says what was unusual; empty when nothing was.
func (d fiscalDocument) Note(l *i18n.Language) string {
	var notes []string
	switch {
	case d.GivenUp:
		notes = append(notes, l.T("web.fiscal.given_up", "who", d.Decided))
	case d.Decided != "" && d.Number == 0:
		notes = append(notes, l.T("web.fiscal.decided", "who", d.Decided))
	}
	if d.Found {
		notes = append(notes, l.T("web.fiscal.found"))
	}
	if d.NotPrinted {
		notes = append(notes, l.T("web.fiscal.not_printed"))
	}
	return strings.Join(notes, " ")
}

// fiscalDocument shows the entry that tells of a fiscal document.
func (b *operationBody) fiscalDocument(d register.FiscalDocument) {
	b.Fiscal = []fiscalDocument{{FiscalDocument: d}}
	if d.Of.Number > 0 {
		b.Basis = []basis{{Key: "web.basis.of", Ref: d.Of}}
	}
}

// fiscal looks up the fiscal documents of an operation, and whether one is missing.
func (s *site) fiscal(v visit, b *operationBody) error {
	if b.Kind == string(register.KindFiscalDocument) {
		return nil
	}
	place := accept.Place{Journal: b.Journal, Number: b.Number}
	list, err := s.Store.FiscalDocuments(v.r.Context(), v.owner.Account, place, fiscalMost)
	if err != nil {
		return err
	}
	for _, d := range list {
		if d.Document.Of.ID == b.id {
			b.Fiscal = append(b.Fiscal, fiscalDocument{FiscalDocument: d.Document, Address: operationAddress(d.Operation)})
		}
	}
	due, err := s.Store.FiscalDue(v.r.Context(), v.owner.Account, place)
	if err != nil || !due {
		return err
	}
	b.Unfiscal = "web.fiscal.missing"
	if b.Late = v.now.Sub(b.At) > pg.UnfiscalAfter; b.Late {
		b.Unfiscal = "web.fiscal.missing_long"
	}
	return nil
}

// Number is how people name the operation: the receipt's number, or that of the entry where there is no receipt.
func (b basis) Number(l *i18n.Language) string {
	if b.Ref.Receipt == 0 {
		return l.T("web.basis.entry", "n", b.Ref.Number)
	}
	return l.T("web.receipt", "n", b.Ref.Receipt)
}
