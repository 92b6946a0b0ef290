package fiscal

import (
	"errors"
	"fmt"
)

// What is known of a document after a call failed. An *Error matches exactly one of the first four.
var (
	ErrRefused = errors.New("fiscal: the registrar refused the document")                   // it does not exist; a new try is needed
	ErrAbsent  = errors.New("fiscal: the registrar has no trace of the document")           // the same try may be made again
	ErrUnknown = errors.New("fiscal: nobody knows yet whether the document was made")       // ask again later
	ErrUnclear = errors.New("fiscal: the registrar cannot tell whether it was made")        // a person decides
	ErrCannot  = errors.New("fiscal: the registrar cannot do that")                         // never; TroubleCannot
	ErrBad     = errors.New("fiscal: the operation cannot be written as a fiscal document") // by For
)

// Trouble is what stands in the way, in words that a till can explain.
type Trouble string

// The troubles, by who puts them right.
const (
	// They pass by themselves, or when a plug is put in: asked again and again.
	TroubleOff  Trouble = "off"  // nothing answers: the device or the program that serves it
	TroubleBusy Trouble = "busy" // it is doing something else

	// A cashier puts them right, and the same document is made.
	TroublePaper        Trouble = "paper"
	TroubleCover        Trouble = "cover"
	TroubleMechanism    Trouble = "mechanism"     // cutter, head, overheated
	TroubleShiftExpired Trouble = "shift_expired" // older than 24 hours: to be closed
	TroubleShiftClosed  Trouble = "shift_closed"
	TroubleShiftOpen    Trouble = "shift_open"
	TroubleCash         Trouble = "cash" // the device's drawer holds too little
	TroubleClock        Trouble = "clock"

	// The owner, or a technician.
	TroubleAccess       Trouble = "access"       // login or password
	TroubleUnregistered Trouble = "unregistered" // no fiscal storage, or not registered with the tax service
	TroubleMemory       Trouble = "memory"       // the fiscal storage is full, expired or broken
	TroubleUnsent       Trouble = "unsent"       // nothing was sent for 30 days
	TroubleDocument     Trouble = "document"     // what the document says: a rate, a sum, a text
	TroubleCannot       Trouble = "cannot"       // this device cannot do it
	TroubleOther        Trouble = "other"
)

// Passes tells whether a trouble passes by itself.
func (t Trouble) Passes() bool { return t == TroubleOff || t == TroubleBusy }

// Error is why a device did not do what it was asked.
type Error struct {
	Fate    error // one of ErrRefused, ErrAbsent, ErrUnknown, ErrUnclear, ErrCannot; nil for a question
	Trouble Trouble
	Code    string // the device's own
	Words   string // the device's own, short, with no secrets in it
	Err     error  // the cause; may be nil
}

func (e *Error) Error() string {
	text := "fiscal: " + string(e.Trouble)
	if e.Fate != nil {
		text = e.Fate.Error() + ": " + string(e.Trouble)
	}
	if e.Code != "" || e.Words != "" {
		text += fmt.Sprintf(" (%s %s)", e.Code, e.Words)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the fate and the cause.
func (e *Error) Unwrap() []error {
	var all []error
	for _, err := range []error{e.Fate, e.Err} {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

// TroubleOf is the trouble that an error tells of; TroubleOther for an error that tells of none, empty for nil.
func TroubleOf(err error) Trouble {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Trouble
	}
	return TroubleOther
}
