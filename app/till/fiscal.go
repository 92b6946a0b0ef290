package till

import (
	"time"

	"kassa/fiscal"
	"kassa/register"
)

// Fiscal is the state of the fiscal registrar and of what it is to make. Nothing of it ever stops a sale: an operation's
// document is on the disk with the operation, and is made as soon as the registrar can.
type Fiscal struct {
	Configured bool   // a registrar was chosen; without one the till is a non-fiscal one, and its slips say so
	Driver     string // as fiscal.Driver.Name; empty for one that was given to the till ready made
	Link       Link

	// Trouble is what stands in the way now, or what is asked of somebody, the most urgent first; empty when nothing is.
	// Its sentence tells what to do. Message is the registrar's own words, if it gave any.
	Trouble Code
	Message string

	Waiting   int       // documents that are to be made, or are being made; they are made by themselves
	Since     time.Time // when the oldest of them was asked for; zero when none waits
	Unclear   int       // documents of which the registrar cannot tell whether they were made: ResolveFiscal
	Refused   int       // documents that were not made, and are not tried again by themselves: RetryFiscal, DropFiscal
	Unprinted int       // documents that are made and not on paper yet: that is done by itself when the paper is back

	State    fiscal.State // what the registrar last said of itself; zero when it never answered
	AsOf     time.Time    // when it said so, by the till's clock
	Warnings []Code       // what will stand in the way if nobody does anything, the most urgent first

	// MayCloseShift tells that the registrar's own shift is open, and CloseDeviceShift closes it.
	MayCloseShift bool
}

// FiscalState tells where a document for the registrar stands.
type FiscalState string

// The states of a document that has not ended.
const (
	// FiscalWaiting: it is made when its turn comes, and the registrar can.
	FiscalWaiting FiscalState = "waiting"
	// FiscalSending: it is being made, or the answer was lost and the till asks the registrar what became of it.
	FiscalSending FiscalState = "sending"
	// FiscalUnclear: the answer was lost, and the registrar cannot tell. Somebody looks at its paper, or at the tax data
	// operator's page, and decides by ResolveFiscal.
	FiscalUnclear FiscalState = "unclear"
	// FiscalRefused: it does not exist, and Trouble says why. RetryFiscal has it made again, DropFiscal gives it up.
	FiscalRefused FiscalState = "refused"
)

// FiscalDocument is a document that the registrar has not made yet.
type FiscalDocument struct {
	ID        string // what ResolveFiscal and the others take
	Kind      fiscal.Kind
	Total     register.Money
	State     FiscalState
	Trouble   Code   // what stood in its way last; empty when nothing did
	Message   string // the registrar's own words
	Asked     time.Time
	Decided   string // who has said already that it was not made, and has it made again
	Position  int64  // of its operation in the history; zero when it has none: the registrar's own shift
	Operation register.Operation
	Receipt   int64 // of the operation, within its shift
}

// FiscalRecord is what the registrar made of one operation, and is still to make.
type FiscalRecord struct {
	Made []register.FiscalDocument // oldest first; also what was given up
	Open []FiscalDocument
}
