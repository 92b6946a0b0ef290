package banksim

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Fault is something that goes wrong. The value is its name under /control/faults/.
type Fault string

// Faults of the connection. Every bank has them, and they fit each of its methods.
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

// ofConnection lists them.
var ofConnection = []Fault{
	AnswerLost, AnswerHangs, RequestLost, RequestHangs, HTTP500, HTTP503, HTTP504, HTTP429, HTTP500After, Slow, Nonsense,
	Truncated, Huge, Redirect,
}

// ErrNoFault tells that a bank has no fault of a name.
var ErrNoFault = errors.New("banksim: no such fault")

// Plan says how a fault is to happen.
type Plan struct {
	Name   Fault         `json:"name"`
	Times  int           `json:"times"`            // zero: until the faults are cleared
	Method string        `json:"method,omitempty"` // only this method of the bank; empty: every one that the fault fits
	Code   string        `json:"code,omitempty"`   // for faults whose answer has a code
	Delay  time.Duration `json:"delay,omitempty"`  // Slow; nanoseconds in JSON
}

// Faults are what waits to go wrong at one bank. It is safe for concurrent use.
type Faults struct {
	methods []string
	fits    map[Fault][]string // the methods that a fault fits; none named means all

	mu    sync.Mutex
	armed []Plan // Times below zero: until cleared
}

// NewFaults makes the faults of a bank with such methods: those of the connection, and the bank's own, each with
// the methods that it fits, or none when it fits them all.
func NewFaults(methods []string, own map[Fault][]string) *Faults {
	f := &Faults{methods: methods, fits: map[Fault][]string{}}
	for _, name := range ofConnection {
		f.fits[name] = nil
	}
	for name, fit := range own {
		f.fits[name] = fit
	}
	return f
}

// Known tells every fault that can happen, each with the methods that it fits, or none when it fits them all.
func (f *Faults) Known() map[Fault][]string { return f.fits }

// Break makes a fault happen. Several may wait; a request meets the first of them that fits.
func (f *Faults) Break(p Plan) error {
	fit, known := f.fits[p.Name]
	switch {
	case !known:
		return fmt.Errorf("%w: %q", ErrNoFault, p.Name)
	case p.Times < 0:
		return fmt.Errorf("banksim: a fault cannot happen %d times", p.Times)
	case p.Method != "" && (!slices.Contains(f.methods, p.Method) || fit != nil && !slices.Contains(fit, p.Method)):
		return fmt.Errorf("banksim: fault %s does not fit method %q", p.Name, p.Method)
	case p.Delay < 0:
		return fmt.Errorf("banksim: a delay of %v", p.Delay)
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

// Mend ends all faults.
func (f *Faults) Mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = nil
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

// Meet gives the fault that a request to method meets, and counts it; a plan without a name when none.
func (f *Faults) Meet(method string) Plan {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, p := range f.armed {
		fit := f.fits[p.Name]
		if p.Method != "" && p.Method != method || fit != nil && !slices.Contains(fit, method) {
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
