package raiffeisensim

import "kassa/banks/banksim"

// Faults of the answer: the request takes effect.
const (
	Empty           banksim.Fault = "empty"             // no body; fits every call
	UnknownStatus   banksim.Fault = "unknown-status"    // the status is a word that no document has
	AmountDiffers   banksim.Fault = "amount-differs"    // every amount is one kopeck more
	AmountMissing   banksim.Fault = "amount-missing"    // no amount is named
	AmountString    banksim.Fault = "amount-string"     // every amount is in quotes
	AmountExponent  banksim.Fault = "amount-exponent"   // every amount is written with a power of ten
	OtherPayment    banksim.Fault = "other-payment"     // qrId is another one
	OtherOrder      banksim.Fault = "other-order"       // order is another one
	OtherCurrency   banksim.Fault = "other-currency"    // currency is another one
	PayloadBare     banksim.Fault = "payload-bare"      // the link has no query
	PayloadOtherSum banksim.Fault = "payload-other-sum" // the link names one kopeck more
	PayloadCurrency banksim.Fault = "payload-currency"  // the link names another currency
	PayloadCRC      banksim.Fault = "payload-crc"       // the link's checksum is wrong
	PayloadMissing  banksim.Fault = "payload-missing"   // no link
)

// Faults of the bank's business.
const (
	Refuse           banksim.Fault = "refuse"             // no effect, the error that code says, ERROR.INVALID_REQUEST by default
	NotFound         banksim.Fault = "not-found"          // the code or the refund is not to be seen yet
	PaidDuringCancel banksim.Fault = "paid-during-cancel" // the payer pays just before the DELETE, which is refused
	PaidAfterCancel  banksim.Fault = "paid-after-cancel"  // the code is closed, and paid after all a moment later
	RefundFails      banksim.Fault = "refund-fails"       // the refund begins and is declined
	RefundNoBalance  banksim.Fault = "refund-no-balance"  // the refund is refused: ERROR.REFUND_INSUFFICIENT_FUNDS
)

// Faults of notifications; their method is Notice.
const (
	NoticeBadSignature banksim.Fault = "notice-bad-signature" // it is signed with another key
	NoticeTwice        banksim.Fault = "notice-twice"         // it is sent once more after it was taken
	NoticeLate         banksim.Fault = "notice-late"          // it is held back until another one has been sent
	NoticeLost         banksim.Fault = "notice-lost"          // it is never sent
	NoticeOtherQR      banksim.Fault = "notice-other-qr"      // its qrId, which the signature does not cover, is another one
)

// newFaults lists the methods of the bank and the faults that are its own.
func newFaults() *banksim.Faults {
	methods := []string{callNotice}
	for call := range calls {
		methods = append(methods, call)
	}
	sums := []string{callPaymentInfo, callRefund, callRefundInfo}
	links := []string{callRegister, callQR}
	notice := []string{callNotice}
	return banksim.NewFaults(methods, map[banksim.Fault][]string{
		Empty:           nil,
		Refuse:          nil,
		UnknownStatus:   {callQR, callPaymentInfo, callRefund, callRefundInfo},
		AmountDiffers:   sums,
		AmountMissing:   sums,
		AmountString:    sums,
		AmountExponent:  sums,
		OtherPayment:    {callRegister, callQR, callPaymentInfo},
		OtherOrder:      {callPaymentInfo},
		OtherCurrency:   {callPaymentInfo},
		PayloadBare:     links,
		PayloadOtherSum: links,
		PayloadCurrency: links,
		PayloadCRC:      links,
		PayloadMissing:  links,

		NotFound:         {callQR, callPaymentInfo, callRefundInfo},
		PaidDuringCancel: {callDelete},
		PaidAfterCancel:  {callDelete},
		RefundFails:      {callRefund},
		RefundNoBalance:  {callRefund},

		NoticeBadSignature: notice, NoticeTwice: notice, NoticeLate: notice, NoticeLost: notice, NoticeOtherQR: notice,
	})
}
