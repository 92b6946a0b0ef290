package fiscal

import (
	"fmt"
	"time"

	"kassa/register"
)

// Receipt is what a registrar says of a document that it made. For what is not kept in the fiscal storage all but At is
// empty.
type Receipt struct {
	FN           string         `json:"fn,omitempty"`           // number of the fiscal storage, 16 digits, tag 1041
	Number       int64          `json:"number,omitempty"`       // of the document in it, tag 1040
	Sign         uint32         `json:"sign,omitempty"`         // tag 1077: ten digits on paper, no leading zeros in the QR code
	At           time.Time      `json:"at"`                     // the device's clock, to the minute, tag 1012; its zone is the device's
	Shift        int64          `json:"shift,omitempty"`        // the device's own count, tag 1038
	InShift      int64          `json:"in_shift,omitempty"`     // number of the receipt in its shift, tag 1042
	Registration string         `json:"registration,omitempty"` // of the device, 16 digits, tag 1037
	Total        register.Money `json:"total,omitempty"`        // tag 1020
	QR           string         `json:"qr,omitempty"`           // what the QR code on the paper holds; of receipts alone
	NotPrinted   bool           `json:"not_printed,omitempty"`  // it exists, and is not on paper: the paper ran out
	Found        bool           `json:"found,omitempty"`        // it was found in the device's memory after the answer was lost
}

// QRText is what the QR code of a receipt holds, as FNS order ЕД-7-20/662@ says: the device's local time, roubles with
// kopecks, and numbers with no leading zeros.
func QRText(kind Kind, r Receipt) string {
	operation := 1
	if kind == Return || kind == ReturnCorrection {
		operation = 2
	}
	return fmt.Sprintf("t=%s&s=%d.%02d&fn=%s&i=%d&fp=%d&n=%d",
		r.At.Format("20060102T1504"), r.Total/100, r.Total%100, r.FN, r.Number, r.Sign, operation)
}
