// Package wire holds the messages between a till and its server: JSON over HTTP, gzip on request bodies that carry
// operations. It is the contract; both sides are tested against its golden files.
//
//	POST /api/v1/pair                          Pair → Paired; no authorization
//	POST /api/v1/journals/{journal}/operations Batch → Ack; 409 with an Error of code gap or fork and the Ack
//	GET  /api/v1/journals/{journal}            → Ack: how far the server has it
//	POST /api/v1/payments                      NewPayment → Payment; idempotent by id
//	GET  /api/v1/payments/{id}?revision=N&wait=S → Payment, as soon as its revision is above N, S seconds later at most
//	POST /api/v1/payments/{id}/cancel          Cancel → Payment; cancels or refunds, whole or part; safe to repeat; no body
//	                                           is an empty Cancel
//	GET  /api/v1/status                        → Status
//
// All but the first carry "Authorization: Bearer <secret>", the secret that pairing gave. Sums are kopecks, times are
// UTC in RFC 3339 with milliseconds, ids are UUIDv7 in lower case.
package wire

import (
	"time"
)

// Limits of what the server reads.
const (
	MaxBatch     = 1000     // operations in one batch
	MaxBody      = 16 << 20 // bytes of a request body, unpacked
	MaxWait      = 25       // seconds that a request for a payment may wait
	MaxTokenSize = 128
	MaxLate      = 50 // payments in Status.Late
)

// Pair exchanges a one-time code for the till's secret.
type Pair struct {
	Code    string `json:"code"`
	Name    string `json:"name"` // what the till calls itself, for the owner's list
	Version string `json:"version"`
}

// Paired is the answer to Pair.
type Paired struct {
	Till   string `json:"till"` // id
	Name   string `json:"name"`
	Store  string `json:"store"`
	Secret string `json:"secret"`
}

// Record is one operation on the wire: the bytes that the till stored, as text, and their place in the chain.
type Record struct {
	Number int64  `json:"number"`
	Hash   string `json:"hash"`
	Record string `json:"record"`
}

// Batch carries operations that follow one another. After is the number of the operation before the first one, and
// AfterHash its hash; zero and 64 zeros at the journal's start.
type Batch struct {
	After      int64     `json:"after"`
	AfterHash  string    `json:"after_hash"`
	Operations []Record  `json:"operations"`
	SentAt     time.Time `json:"sent_at"` // the till's clock, to show its skew
}

// Ack tells how far the server has a journal.
type Ack struct {
	Number int64  `json:"number"`
	Hash   string `json:"hash"`
}

// NewPayment asks for a QR.
type NewPayment struct {
	ID      string `json:"id"`
	Amount  int64  `json:"amount"`
	Purpose string `json:"purpose"`
	// Life is for how many seconds the code should work, by the server's clock.
	Life int64 `json:"life,omitempty"`
	// Expires is the same by the till's clock, which may be wrong; it counts where Life is absent.
	Expires time.Time `json:"expires,omitzero"`
}

// Cancel asks to cancel or refund a payment. An empty one closes an unpaid code, and gives back all that is left of a
// payment that is paid or turns out to be.
type Cancel struct {
	// UnpaidOnly ends the wish when the payment turns out paid: it stays paid then, and nothing is refunded.
	UnpaidOnly bool `json:"unpaid_only,omitempty"`
	// Refund gives that much of a paid payment back. Its ID makes it safe to repeat, whatever became of it: one that failed
	// is tried again under a new ID. Refused as CodeInvalid when it is for more than is left, or for a part where the bank
	// gives back the whole only; as CodeConflict when the ID stands for another sum, the payment is not paid, or another
	// refund of it is under way.
	Refund *Refund `json:"refund,omitempty"`
}

// Refund is money that goes back to the payer.
type Refund struct {
	ID     string `json:"id"` // whoever asks for it makes the id
	Amount int64  `json:"amount"`
	State  string `json:"state,omitempty"` // the server's to say
}

// States of a Refund. The first three are under way: a payment has at most one refund in them.
const (
	RefundWanted  = "wanted"  // stored, not sent to the bank yet
	RefundSent    = "sent"    // sent, its outcome is not known yet
	RefundUnknown = "unknown" // sent, and the bank cannot tell its outcome: a person looks at the bank and decides
	RefundDone    = "done"
	RefundFailed  = "failed" // nothing went back
)

// Payment is what the server knows of a QR payment. State is one of the words of package banks.
type Payment struct {
	ID       string `json:"id"`
	Revision int64  `json:"revision"` // grows with every change
	State    string `json:"state"`
	Amount   int64  `json:"amount"`
	Refunded int64  `json:"refunded,omitempty"` // what the bank has given back in all
	Returned int64  `json:"returned,omitempty"` // of it, what was asked for here; the rest was given back at the bank
	Left     int64  `json:"left,omitempty"`     // what can still be given back now
	// Refunds are those that were asked for here, oldest first.
	Refunds   []Refund  `json:"refunds,omitempty"`
	WholeOnly bool      `json:"whole_only,omitempty"` // the bank gives back all or nothing
	ByHand    bool      `json:"by_hand,omitempty"`    // a person said that it is paid, not the bank
	Bank      string    `json:"bank"`
	BankID    string    `json:"bank_id,omitempty"`
	Payload   string    `json:"payload,omitempty"`
	Expires   time.Time `json:"expires"`
	// Life is how many seconds an open code has left by the server's clock; a till whose clock is wrong reckons with it.
	Life int64 `json:"life,omitempty"`
	// Trouble says what stands in the way now, empty when nothing does; see the Trouble words.
	Trouble string `json:"trouble,omitempty"`
	Message string `json:"message,omitempty"` // the bank's own text, for a person
}

// Status is the server's answer to a till that asks how it is.
type Status struct {
	Till    string    `json:"till"`
	Store   string    `json:"store"`
	Bank    string    `json:"bank,omitempty"` // empty when no bank is chosen
	Time    time.Time `json:"time"`
	Version string    `json:"version"`
	// Late are payments of the till that were paid after they were closed and that no operation names yet, by id, at most
	// MaxLate of them: the till asks for each and has the cashier decide.
	Late []string `json:"late,omitempty"`
}

// Codes of an Error.
const (
	CodeInvalid      = "invalid"      // 400: the request cannot be understood
	CodeUnauthorized = "unauthorized" // 401: no such secret, or it was revoked
	CodeNotFound     = "not_found"    // 404
	CodeConflict     = "conflict"     // 409: the same id with other content
	CodeGap          = "gap"          // 409: operations are missing before the batch; Ack says what the server has
	CodeFork         = "fork"         // 409: another operation stands at a number that the till sent; Ack as above
	CodeTooLarge     = "too_large"    // 413
	CodeSlowDown     = "slow_down"    // 429
	CodeInternal     = "internal"     // 500
	CodeUnavailable  = "unavailable"  // 503
)

// Trouble words of a Payment.
const (
	TroubleUnreachable   = "bank_unreachable"
	TroubleRefused       = "bank_refused"   // the bank refused the creation or the cancel
	TroubleAmount        = "amount_differs" // the bank speaks of another sum: an alarm, no goods leave
	TroubleNoBank        = "no_bank"
	TroubleRefundFailed  = "refund_failed"  // the last refund came to nothing; Message has the bank's words
	TroubleRefundUnknown = "refund_unknown" // the bank cannot tell what became of the refund: a person decides
	TroubleOutsideRefund = "outside_refund" // money was given back at the bank, not from here
	TroubleLate          = "late"           // paid after it was closed, and no sale names it yet
)

// Error is the body of every answer that is not 2xx.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"` // English, for the log; the till shows its own sentence by Code
	Ack     *Ack   `json:"ack,omitempty"`
}
