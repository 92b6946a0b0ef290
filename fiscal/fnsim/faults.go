package fnsim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Fault is something that goes wrong. The value is its name under /control/faults/.
type Fault string

// Faults of the device. They happen to a document.
const (
	Refuse      Fault = "refuse"       // it is not made; the answer has the plan's code
	LostBefore  Fault = "lost-before"  // it is not made, and the program that serves the device does not know
	LostAfter   Fault = "lost-after"   // it is made, and the program that serves the device does not know
	PowerBefore Fault = "power-before" // it is not made; the device is off
	PowerAfter  Fault = "power-after"  // it is made and not printed; the device is off
	PaperEnds   Fault = "paper-ends"   // it is made and printed by half; the paper is out
	HangBefore  Fault = "hang-before"  // it is not made, and nothing comes until the caller gives up
	HangAfter   Fault = "hang-after"   // it is made, and nothing comes until the caller gives up
	Slow        Fault = "slow"         // it takes as long as the plan's delay, three seconds by default
)

// Faults of the connection to the program that serves the device. They happen to a request.
const (
	RequestLost  Fault = "request-lost"   // no effect, the connection ends
	RequestHangs Fault = "request-hangs"  // no effect, nothing comes until the caller gives up
	AnswerLost   Fault = "answer-lost"    // the request takes effect, the connection ends without an answer
	AnswerHangs  Fault = "answer-hangs"   // the request takes effect, nothing comes until the caller gives up
	HTTP500      Fault = "http-500"       // no effect, a page of HTML
	HTTP503      Fault = "http-503"       // the same
	HTTP500After Fault = "http-500-after" // the request takes effect, then a page of HTML
	Nonsense     Fault = "nonsense"       // the request takes effect, the answer is HTML with HTTP 200
	Truncated    Fault = "truncated"      // the request takes effect, the answer is half of itself
	Empty        Fault = "empty"          // the request takes effect, the answer is empty
	Huge         Fault = "huge"           // the request takes effect, the answer has ten megabytes before it begins
	SlowAnswer   Fault = "slow-answer"    // the answer waits for the plan's delay
	Redirect     Fault = "redirect"       // no effect, the caller is sent to another address
)

// The two places where a fault happens.
var (
	ofDevice = []Fault{Refuse, LostBefore, LostAfter, PowerBefore, PowerAfter, PaperEnds, HangBefore, HangAfter, Slow}
	ofWire   = []Fault{RequestLost, RequestHangs, AnswerLost, AnswerHangs, HTTP500, HTTP503, HTTP500After, Nonsense, Truncated, Empty,
		Huge, SlowAnswer, Redirect}
)

// ErrNoFault tells that there is no fault of a name.
var ErrNoFault = errors.New("fnsim: no such fault")

// Plan says how a fault is to happen.
type Plan struct {
	Name  Fault         `json:"name"`
	Times int           `json:"times"`           // zero: until the faults are cleared
	On    string        `json:"on,omitempty"`    // a kind of document (fiscal.Kind), or a method of the simulator; empty: any
	Code  Code          `json:"code,omitempty"`  // of Refuse
	Delay time.Duration `json:"delay,omitempty"` // of Slow and SlowAnswer; nanoseconds in JSON
}

// Faults are what waits to go wrong. It is safe for concurrent use.
type Faults struct {
	mu     sync.Mutex
	armed  []Plan
	mended chan struct{} // closed by Mend
}

// NewFaults makes a list with nothing in it.
func NewFaults() *Faults { return &Faults{mended: make(chan struct{})} }

// KnownFaults are all that can happen.
func KnownFaults() []Fault { return slices.Concat(ofDevice, ofWire) }

// Break makes a fault happen. Several may wait; what happens meets the first of them that fits.
func (f *Faults) Break(p Plan) error {
	switch {
	case !slices.Contains(KnownFaults(), p.Name):
		return fmt.Errorf("%w: %q", ErrNoFault, p.Name)
	case p.Times < 0 || p.Delay < 0:
		return fmt.Errorf("fnsim: a fault cannot happen %d times or last %v", p.Times, p.Delay)
	case p.Name == Refuse && p.Code <= 0:
		return errors.New("fnsim: a refusal needs a code")
	}
	if p.Times == 0 {
		p.Times = -1
	}
	if p.Delay == 0 {
		p.Delay = 3 * time.Second
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = append(f.armed, p)
	return nil
}

// Mend ends all faults. What hangs comes to its end without an answer.
func (f *Faults) Mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = nil
	close(f.mended)
	f.mended = make(chan struct{})
}

// hang waits for the caller to give up, or for Mend.
func (f *Faults) hang(ctx context.Context) {
	f.mu.Lock()
	mended := f.mended
	f.mu.Unlock()
	select {
	case <-ctx.Done():
	case <-mended:
	}
}

// Waiting lists what waits to happen.
func (f *Faults) Waiting() []Plan {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := []Plan{}
	for _, p := range f.armed {
		p.Times = max(p.Times, 0)
		list = append(list, p)
	}
	return list
}

// meet gives the fault of some that happens now, and counts it; a plan without a name when none does.
func (f *Faults) meet(among []Fault, on string) Plan {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, p := range f.armed {
		if !slices.Contains(among, p.Name) || p.On != "" && p.On != on {
			continue
		}
		if p.Times > 0 {
			f.armed[i].Times--
		}
		if p.Times == 1 {
			f.armed = slices.Delete(f.armed, i, i+1)
		}
		return p
	}
	return Plan{}
}
