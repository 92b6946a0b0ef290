package atol

import (
	"encoding/json"
	"errors"
	"fmt"

	"kassa/fiscal"
	"kassa/register"
)

// errNonFiscal tells that the device made a document that is not fiscal: nobody registered it.
var errNonFiscal = errors.New("the device is not registered: its document is not fiscal")

// fiscalParams is what the service tells of a document that it made.
type fiscalParams struct {
	Number       whole  `json:"fiscalDocumentNumber"`
	Sign         text   `json:"fiscalDocumentSign"`
	At           moment `json:"fiscalDocumentDateTime"`
	InShift      whole  `json:"fiscalReceiptNumber"`
	Shift        whole  `json:"shiftNumber"`
	FN           text   `json:"fnNumber"`
	Registration text   `json:"registrationNumber"`
	Total        money  `json:"total"`
}

// readReceipt reads the result of a job that made a document of the fiscal storage. The error is errNonFiscal or
// errNonsense.
func readReceipt(result json.RawMessage, kind fiscal.Kind) (fiscal.Receipt, error) {
	var a struct {
		Params   *fiscalParams `json:"fiscalParams"`
		Warnings struct {
			NotPrinted flag `json:"notPrinted"`
			NonFiscal  flag `json:"nonFiscal"`
		} `json:"warnings"`
	}
	if err := json.Unmarshal(result, &a); err != nil || a.Params == nil {
		return fiscal.Receipt{}, fmt.Errorf("%w: no fiscal data", errNonsense)
	}
	if a.Warnings.NonFiscal {
		return fiscal.Receipt{}, errNonFiscal
	}
	p := a.Params
	s, err := sign(string(p.Sign))
	if err != nil {
		return fiscal.Receipt{}, fmt.Errorf("%w: %w", errNonsense, err)
	}
	r := fiscal.Receipt{
		FN: string(p.FN), Number: int64(p.Number), Sign: s, At: p.At.Time, Shift: int64(p.Shift), InShift: int64(p.InShift),
		Registration: string(p.Registration), Total: register.Money(p.Total), NotPrinted: bool(a.Warnings.NotPrinted),
	}
	return complete(r, kind)
}

// complete checks fiscal data and adds what the QR code of a receipt holds.
func complete(r fiscal.Receipt, kind fiscal.Kind) (fiscal.Receipt, error) {
	if r.Number <= 0 || r.At.IsZero() || len(r.FN) != 16 || !digits(r.FN) || r.Total < 0 || len(r.Registration) > 16 || !digits(r.Registration) {
		return fiscal.Receipt{}, fmt.Errorf("%w: incomplete fiscal data", errNonsense)
	}
	if !kind.Receipt() {
		r.Total, r.InShift = 0, 0
	} else if r.QR == "" {
		r.QR = fiscal.QRText(kind, r)
	}
	return r, nil
}
