package tbanksim

import (
	"fmt"
	"slices"
	"time"
)

// Fault is something that goes wrong. The value is its name under /control/faults/.
type Fault string

// Faults of the connection. They fit every method.
const (
	AnswerLost   Fault = "answer-lost"    // the request takes effect, the connection ends without an answer
	AnswerHangs  Fault = "answer-hangs"   // the request takes effect, no answer comes until the caller gives up
	RequestLost  Fault = "request-lost"   // no effect, the connection ends
	RequestHangs Fault = "request-hangs"  // no effect, nothing comes until the caller gives up
	HTTP500      Fault = "http-500"       // no effect, a page of HTML
	HTTP503      Fault = "http-503"       // the same
	HTTP504      Fault = "http-504"       // the same
	HTTP429      Fault = "http-429"       // the same
	HTTP500After Fault = "http-500-after" // the request takes effect, then a page of HTML
	Slow         Fault = "slow"           // the answer takes as long as delay says, three seconds by default
	Nonsense     Fault = "nonsense"       // the request takes effect, the answer is HTML with HTTP 200
	Truncated    Fault = "truncated"      // the request takes effect, the answer is half of its JSON
	Huge         Fault = "huge"           // the request takes effect, the answer has ten megabytes before it begins
	Redirect     Fault = "redirect"       // no effect, the caller is sent to another address
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

// fits are the methods that a fault fits; none named means all.
var fits = map[Fault][]string{
	AnswerLost: nil, AnswerHangs: nil, RequestLost: nil, RequestHangs: nil, HTTP500: nil, HTTP503: nil, HTTP504: nil,
	HTTP429: nil, HTTP500After: nil, Slow: nil, Nonsense: nil, Truncated: nil, Huge: nil, Redirect: nil,
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

// FaultPlan says how a fault is to happen.
type FaultPlan struct {
	Name   Fault         `json:"name"`
	Times  int           `json:"times"`            // zero: until the faults are cleared
	Method string        `json:"method,omitempty"` // only this method of the bank; empty: every one that the fault fits
	Code   string        `json:"code,omitempty"`   // Refuse
	Delay  time.Duration `json:"delay,omitempty"`  // Slow; nanoseconds in JSON
}

// armed is a fault that waits to happen; a plan whose Times run down.
type armed FaultPlan

// Break makes a fault happen. Several faults may wait; a request meets the first of them that fits.
func (b *Bank) Break(plan FaultPlan) error {
	methodsOf, known := fits[plan.Name]
	switch {
	case !known:
		return fmt.Errorf("%w: %q", ErrNoFault, plan.Name)
	case plan.Times < 0:
		return fmt.Errorf("tbanksim: a fault cannot happen %d times", plan.Times)
	case plan.Method != "" && plan.Method != notification && methods[plan.Method] == nil,
		plan.Method != "" && methodsOf != nil && !slices.Contains(methodsOf, plan.Method),
		plan.Method == notification && methodsOf == nil:
		return fmt.Errorf("tbanksim: fault %s does not fit method %q", plan.Name, plan.Method)
	case plan.Delay < 0:
		return fmt.Errorf("tbanksim: a delay of %v", plan.Delay)
	}
	if plan.Times == 0 {
		plan.Times = -1
	}
	if plan.Delay == 0 {
		plan.Delay = 3 * time.Second
	}
	if plan.Code == "" {
		plan.Code = "9999"
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = append(b.faults, armed(plan))
	return nil
}

// Mend ends all faults.
func (b *Bank) Mend() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = nil
}

// Faults lists what waits to happen.
func (b *Bank) Faults() []FaultPlan {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []FaultPlan{}
	for _, f := range b.faults {
		f.Times = max(f.Times, 0)
		list = append(list, FaultPlan(f))
	}
	return list
}

// meet gives the fault that a request to method meets, and counts it; a plan without a name when none.
func (b *Bank) meet(method string) armed {
	for i, f := range b.faults {
		only := fits[f.Name]
		if f.Method != "" && f.Method != method || only != nil && !slices.Contains(only, method) || only == nil && method == notification {
			continue
		}
		if f.Times > 0 {
			b.faults[i].Times--
		}
		if f.Times == 1 {
			b.faults = slices.Delete(b.faults, i, i+1)
		}
		return f
	}
	return armed{}
}
