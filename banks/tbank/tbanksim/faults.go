package tbanksim

import (
	"maps"
	"slices"

	"kassa/banks/banksim"
)

// Fault is something that goes wrong. The value is its name under /control/faults/.
type Fault = banksim.Fault

// FaultPlan says how a fault is to happen.
type FaultPlan = banksim.Plan

// Faults of the connection, which every practice bank has. They fit every method.
const (
	AnswerLost   = banksim.AnswerLost
	AnswerHangs  = banksim.AnswerHangs
	RequestLost  = banksim.RequestLost
	RequestHangs = banksim.RequestHangs
	HTTP500      = banksim.HTTP500
	HTTP503      = banksim.HTTP503
	HTTP504      = banksim.HTTP504
	HTTP429      = banksim.HTTP429
	HTTP500After = banksim.HTTP500After
	Slow         = banksim.Slow
	Nonsense     = banksim.Nonsense
	Truncated    = banksim.Truncated
	Huge         = banksim.Huge
	Redirect     = banksim.Redirect
)

// Faults of the answer: the request takes effect.
const (
	UnknownStatus    Fault = "unknown-status"     // Status is a word that no document has
	SuccessString    Fault = "success-string"     // Success is "true" or "false" in quotes
	PaymentIDNumber  Fault = "payment-id-number"  // every PaymentId is a number
	PaymentIDString  Fault = "payment-id-string"  // every PaymentId is a string
	ErrorCodeNumber  Fault = "error-code-number"  // ErrorCode is a number
	AmountDiffers    Fault = "amount-differs"     // every Amount is one kopeck more
	AmountMissing    Fault = "amount-missing"     // no Amount is named
	OtherPayment     Fault = "other-payment"      // every PaymentId is another one
	OtherTerminal    Fault = "other-terminal"     // TerminalKey is another one
	PayloadBare      Fault = "payload-bare"       // GetQr: the link has no query
	PayloadOtherSum  Fault = "payload-other-sum"  // GetQr: the link names one kopeck more
	PayloadCurrency  Fault = "payload-currency"   // GetQr: the link names another currency
	PayloadCRC       Fault = "payload-crc"        // GetQr: the link's checksum is wrong
	PayloadMissing   Fault = "payload-missing"    // GetQr: no link
	CheckOrderSecond Fault = "check-order-second" // CheckOrder: an older payment of the order, rejected, stands first
	CheckOrderPlain  Fault = "check-order-plain"  // CheckOrder: in Payments, Success is true and ErrorCode a string
)

// Faults of the bank's business.
const (
	Refuse           Fault = "refuse"             // no effect, the error whose number code says, 9999 by default
	NotFound         Fault = "not-found"          // GetState, CheckOrder: the payment is not to be seen yet
	SBPOff           Fault = "sbp-off"            // GetQr: 3001
	PaidDuringCancel Fault = "paid-during-cancel" // Cancel: the payer pays just before it, so that it is a refund
	PaidAfterCancel  Fault = "paid-after-cancel"  // Cancel: the payment is cancelled, and paid after all a moment later
	RefundFails      Fault = "refund-fails"       // Cancel: the refund begins and fails; the payment is CONFIRMED again, see GetQrState
	RefundNoBalance  Fault = "refund-no-balance"  // Cancel: 3002, the shop's balance is too small
)

// Faults of the notifications, as of the method "Notification".
const (
	NoticeLost     Fault = "notice-lost"      // it goes astray; the bank sends it again in an hour
	NoticeTwice    Fault = "notice-twice"     // it is sent twice
	NoticeLater    Fault = "notice-later"     // it is sent after the next one
	NoticeBadToken Fault = "notice-bad-token" // its signature is wrong
)

// notification stands for the method of the faults that happen to notifications.
const notification = "Notification"

// fits are the methods that each of the bank's own faults fits; none named means all but the notifications.
var fits = map[Fault][]string{
	SuccessString: nil, ErrorCodeNumber: nil, OtherTerminal: nil, Refuse: nil,
	PaymentIDNumber:  {"Init", "GetQr", "GetState", "CheckOrder", "Cancel"},
	PaymentIDString:  {"Init", "GetQr", "GetState", "CheckOrder", "Cancel"},
	OtherPayment:     {"GetQr", "GetState", "Cancel"},
	UnknownStatus:    {"Init", "GetState", "CheckOrder", "Cancel"},
	AmountDiffers:    {"Init", "GetState", "CheckOrder"},
	AmountMissing:    {"Init", "GetState", "CheckOrder"},
	PayloadBare:      {"GetQr"},
	PayloadOtherSum:  {"GetQr"},
	PayloadCurrency:  {"GetQr"},
	PayloadCRC:       {"GetQr"},
	PayloadMissing:   {"GetQr"},
	CheckOrderSecond: {"CheckOrder"},
	CheckOrderPlain:  {"CheckOrder"},
	NoticeLost:       {notification},
	NoticeTwice:      {notification},
	NoticeLater:      {notification},
	NoticeBadToken:   {notification},
	NotFound:         {"GetState", "CheckOrder"},
	SBPOff:           {"GetQr"},
	PaidDuringCancel: {"Cancel"},
	PaidAfterCancel:  {"Cancel"},
	RefundFails:      {"Cancel"},
	RefundNoBalance:  {"Cancel"},
}

// ofConnection are the faults of the connection; what goes wrong with a notification has faults of its own.
var ofConnection = []Fault{
	AnswerLost, AnswerHangs, RequestLost, RequestHangs, HTTP500, HTTP503, HTTP504, HTTP429, HTTP500After, Slow, Nonsense,
	Truncated, Huge, Redirect,
}

func newFaults() *banksim.Faults {
	all := slices.Sorted(maps.Keys(methods))
	own := maps.Clone(fits)
	for _, f := range ofConnection {
		own[f] = all
	}
	for f, fit := range own {
		if fit == nil {
			own[f] = all
		}
	}
	return banksim.NewFaults(append(all, notification), own)
}

// Break makes a fault happen. Several faults may wait; a request meets the first of them that fits.
func (b *Bank) Break(plan FaultPlan) error { return b.faults.Break(plan) }

// Mend ends all faults.
func (b *Bank) Mend() { b.faults.Mend() }
