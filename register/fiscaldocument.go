package register

import (
	"errors"
	"fmt"
	"time"
)

// FiscalDocument is the body of KindFiscalDocument: what a fiscal registrar said of a document that it made for an
// operation of the till, or what a person decided where the registrar could not say. It is written when the registrar
// has answered, which may be long after the operation and its shift.
type FiscalDocument struct {
	Of       Ref    `json:"of,omitzero"` // the operation; zero for a document of none: the device's own shift
	Document string `json:"document"`    // what it is: sale, return, open_shift, as package fiscal names them

	// As the registrar gave them. What it keeps in no fiscal storage (a move of cash) has no FN and no Number, and what
	// a person decided about has none of them.
	FN           string    `json:"fn,omitempty"`           // of the fiscal storage, 16 digits, tag 1041
	Number       int64     `json:"number,omitempty"`       // of the document in it, tag 1040
	Sign         uint32    `json:"sign,omitempty"`         // tag 1077
	At           time.Time `json:"at,omitzero"`            // the device's clock, in the device's zone, tag 1012
	Shift        int64     `json:"shift,omitempty"`        // the device's own count, tag 1038
	InShift      int64     `json:"in_shift,omitempty"`     // of the receipt in that shift, tag 1042
	Registration string    `json:"registration,omitempty"` // of the device, tag 1037
	Total        Money     `json:"total,omitempty"`        // tag 1020
	QR           string    `json:"qr,omitempty"`           // what the QR code on the paper holds
	NotPrinted   bool      `json:"not_printed,omitempty"`  // the paper ran out: it was printed later, or never
	Found        bool      `json:"found,omitempty"`        // the answer was lost, and it was found in the device's memory

	Decided string `json:"decided,omitempty"`  // who decided when the device could not tell, or who gave it up
	GivenUp bool   `json:"given_up,omitempty"` // there is no such document, and there will be none
}

// ErrFiscal tells that a fiscal document does not agree with itself.
var ErrFiscal = errors.New("register: fiscal document")

// The longest texts of a fiscal document, in letters.
const (
	maxFiscalKind   = 32
	maxFiscalNumber = 20
	maxFiscalQR     = 256
)

// Check tells what is wrong with a fiscal document, or nil: ErrFiscal, ErrText or ErrTooMuch.
func (d FiscalDocument) Check() error {
	err := checkTexts(text{d.Document, maxFiscalKind}, text{d.QR, maxFiscalQR}, text{d.Decided, MaxName},
		text{d.FN, maxFiscalNumber}, text{d.Registration, maxFiscalNumber})
	switch {
	case err != nil:
		return err
	case d.Document == "":
		return fmt.Errorf("%w: of no kind", ErrFiscal)
	case d.Total > MaxMoney:
		return ErrTooMuch
	case d.Total < 0 || d.Number < 0 || d.Shift < 0 || d.InShift < 0:
		return fmt.Errorf("%w: a number below zero", ErrFiscal)
	case !digits(d.FN) || !digits(d.Registration):
		return fmt.Errorf("%w: storage %q, registration %q", ErrFiscal, clip(d.FN), clip(d.Registration))
	case (d.FN == "") != (d.Number == 0), d.Number == 0 && (d.Sign != 0 || d.QR != ""):
		return fmt.Errorf("%w: number %d in storage %q", ErrFiscal, d.Number, d.FN)
	case d.At.IsZero() && (d.Number > 0 || d.Decided == ""):
		return fmt.Errorf("%w: nobody says when it was made", ErrFiscal)
	case d.GivenUp && (d.Decided == "" || d.Number > 0):
		return fmt.Errorf("%w: given up by %q, number %d", ErrFiscal, d.Decided, d.Number)
	}
	return nil
}

func digits(text string) bool {
	for _, r := range text {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// FiscalDocument reads the body of a fiscal document.
func (o Operation) FiscalDocument() (FiscalDocument, error) {
	return body[FiscalDocument](o, KindFiscalDocument)
}
