package register

import (
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
)

// receiptPrefix begins the code of every receipt. With its sixteen digits it is no length that goods' barcodes have.
const (
	receiptPrefix = "90"
	receiptDigits = 16
)

// ReceiptCode is what a receipt's barcode holds, so that a return can begin with a scan: 90, the operation's number in
// eight digits, and six digits that tell operations of the same number apart. It is empty for a number that does not fit.
func (o Operation) ReceiptCode() string {
	if o.Number < 1 || o.Number > 99_999_999 {
		return ""
	}
	return fmt.Sprintf("%s%08d%06d", receiptPrefix, o.Number, receiptMark(o.ID))
}

// ParseReceiptCode takes a receipt's code apart: the operation's number, which several journals may have, and a match
// that tells whether an operation of that number is the one.
func ParseReceiptCode(code string) (number int64, match func(Operation) bool, ok bool) {
	if len(code) != receiptDigits || !strings.HasPrefix(code, receiptPrefix) || strings.Trim(code, "0123456789") != "" {
		return 0, nil, false
	}
	number, err := strconv.ParseInt(code[2:10], 10, 64)
	if err != nil || number == 0 {
		return 0, nil, false
	}
	return number, func(o Operation) bool { return o.ReceiptCode() == code }, true
}

func receiptMark(id string) uint32 { return crc32.ChecksumIEEE([]byte(id)) % 1_000_000 }
