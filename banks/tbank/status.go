package tbank

import (
	"kassa/banks"
)

// states are the bank's statuses in our words (the table of the SBP part of the bank's document).
var states = map[string]banks.State{
	"NEW":         banks.StateWaiting,
	"FORM_SHOWED": banks.StateWaiting,
	"AUTH_FAIL":   banks.StateWaiting, // one attempt of the payer's failed; an older document calls it intermediate

	"AUTHORIZING":      banks.StateProcessing,
	"AUTHORIZED":       banks.StateProcessing, // held, not taken: on a one-stage terminal no goods leave for it
	"CONFIRMING":       banks.StateProcessing,
	"CONFIRM_CHECKING": banks.StateProcessing,
	// Flows of cards; they must be understood and should not be seen for SBP.
	"PREAUTHORIZING": banks.StateProcessing,
	"3DS_CHECKING":   banks.StateProcessing,
	"3DS_CHECKED":    banks.StateProcessing,
	"PAY_CHECKING":   banks.StateProcessing,
	"REVERSING":      banks.StateProcessing,

	"CONFIRMED":        banks.StatePaid,
	"REFUNDING":        banks.StateRefundPending,
	"ASYNC_REFUNDING":  banks.StateRefundPending,
	"PARTIAL_REFUNDED": banks.StatePartlyRefunded,
	"REFUNDED":         banks.StateRefunded,

	"CANCELED":         banks.StateCancelled,
	"REVERSED":         banks.StateCancelled,
	"DEADLINE_EXPIRED": banks.StateExpired,
	"REJECTED":         banks.StateRejected,
	"ATTEMPTS_EXPIRED": banks.StateRejected,
}

// codeRepeated is the error code of a call that the bank has seen already.
const codeRepeated = "3037"

// refusal sorts the bank's error codes by what can be done about them: a *banks.Refusal, banks.ErrNotFound, or
// banks.ErrUnknown where the code is about the bank's own trouble and says nothing of the payment. A code that is in no
// list may say anything: that a payment was made after all, or a refund begun. It is unknown, and the bank is asked.
func refusal(code, words string) error {
	reason := banks.ReasonOther
	switch code {
	case "2", "201", "202", "203", "204", "205", "331", "501", "3001", "3019":
		reason = banks.ReasonSettings
	case "4", "8", "20", "324", codeRepeated:
		reason = banks.ReasonState
	case "240", "247", "251", "323", "326", "330", "3016":
		reason = banks.ReasonAmount
	case "3002":
		reason = banks.ReasonBalance
	case "12", "3017", // the life of the code
		"308", "309", "310", "329", "334", // the receipt for a register at the bank
		"3008", "3009", "3028", "3029", "3030", "3031", "3038", // the refund, for good or for some hours
		"5031", "5032", "5036", "5038", "5043", "5060", "5061", "5062", "5063", "5064", "5065", "5066", "5067": // the payer's bank
	case "255", "325", "335", "914":
		return banks.ErrNotFound
	default: // also 53, 99, 191, 401, 402, 3040, 3041, 3042, 7999, 9001 and 9999, the bank's own trouble
		return banks.ErrUnknown
	}
	return &banks.Refusal{Reason: reason, Code: code, Message: words}
}

// duplicate tells whether Init was refused because the order exists: 20 in the list of codes, 8 with a text about it in
// practice. Nothing else can make Init answer 8, since there is no payment yet whose status could be wrong.
func duplicate(code string) bool { return code == "8" || code == "20" }
