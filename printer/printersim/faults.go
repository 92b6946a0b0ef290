package printersim

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Fault is something wrong with the printer.
type Fault string

// The faults. While the paper is out, the cover open, or the printer offline, it takes bytes and prints them later.
const (
	PaperOut  Fault = "paper-out"
	PaperLow  Fault = "paper-low"
	CoverOpen Fault = "cover-open"
	Offline   Fault = "offline"
	Slow      Fault = "slow"     // takes its time with every few letters
	Silent    Fault = "silent"   // answers no question
	Late      Fault = "late"     // answers every question late; see AnswerAfter
	Junk      Fault = "junk"     // answers every question with nonsense
	Stuck     Fault = "stuck"    // reads nothing, and keeps the connection
	Busy      Fault = "busy"     // refuses a second client while it has one
	Unproved  Fault = "unproved" // never tells that a job is on paper
	Die       Fault = "die"      // breaks the connection in the middle of the next job, once; see BreakAt
)

// usualDelay is how late answers come when nobody said.
const usualDelay = 1500 * time.Millisecond

// faults is what is wrong now, and what will be at a byte of the next job.
type faults struct {
	on    map[Fault]bool
	at    map[Fault]int // bytes of a job
	delay time.Duration // of answers, when they are late
}

func (f faults) ready() bool { return !f.on[PaperOut] && !f.on[CoverOpen] && !f.on[Offline] }

// armed tells whether something breaks at a byte.
func (f faults) armed() bool { return len(f.at) > 0 }

// due are the faults that come when so many bytes of a job have come.
func (f faults) due(bytes int) []Fault {
	var due []Fault
	for fault, at := range f.at {
		if bytes >= at {
			due = append(due, fault)
		}
	}
	return due
}

// answer is the byte for DLE EOT n; false means silence.
func (f faults) answer(n byte) (byte, bool) {
	if f.on[Silent] {
		return 0, false
	}
	b := byte(0x12)
	switch n {
	case 1:
		if !f.ready() {
			b |= 0x08
		}
	case 2:
		if f.on[CoverOpen] {
			b |= 0x04
		}
		if f.on[PaperOut] {
			b |= 0x20
		}
	case 4:
		if f.on[PaperLow] || f.on[PaperOut] {
			b |= 0x0C
		}
		if f.on[PaperOut] {
			b |= 0x60
		}
	}
	return b, true
}

func (f Fault) known() bool {
	switch f {
	case PaperOut, PaperLow, CoverOpen, Offline, Slow, Silent, Late, Junk, Stuck, Busy, Unproved, Die:
		return true
	}
	return false
}

// Break turns a fault on. The error tells that there is no such fault. Die breaks the next job at its first byte.
func (p *Printer) Break(f Fault) error {
	if f == Die {
		return p.BreakAt(f, 0)
	}
	if !f.known() {
		return fmt.Errorf("printersim: no fault %q", f)
	}
	p.changeFaults(func(fs *faults) {
		fs.on[f] = true
		if f == Late && fs.delay == 0 {
			fs.delay = usualDelay
		}
	})
	return nil
}

// BreakAt turns a fault on when so many bytes of a job have come. A job that is shorter is printed, and the fault waits
// for the next one. The error tells that there is no such fault.
func (p *Printer) BreakAt(f Fault, bytes int) error {
	if !f.known() {
		return fmt.Errorf("printersim: no fault %q", f)
	}
	p.changeFaults(func(fs *faults) { fs.at[f] = bytes })
	return nil
}

// DieAfter breaks the connection of the next job, once, when so many bytes of it have come.
func (p *Printer) DieAfter(bytes int) { _ = p.BreakAt(Die, bytes) } // there is such a fault

// AnswerAfter has the printer answer every question so late.
func (p *Printer) AnswerAfter(delay time.Duration) {
	p.changeFaults(func(fs *faults) { fs.on[Late], fs.delay = true, delay })
}

// changeFaults changes a copy of the faults.
func (p *Printer) changeFaults(f func(*faults)) {
	p.change(func() {
		next := faults{on: map[Fault]bool{}, at: map[Fault]int{}, delay: p.faults.delay}
		maps.Copy(next.on, p.faults.on)
		maps.Copy(next.at, p.faults.at)
		f(&next)
		p.faults = next
	})
}

// Repair turns all faults off.
func (p *Printer) Repair() {
	p.change(func() { p.faults = faults{} })
}

// Faults lists what is wrong, or will be, sorted.
func (p *Printer) Faults() []Fault {
	f := p.now()
	all := slices.Collect(maps.Keys(f.on))
	for fault := range f.at {
		if !f.on[fault] {
			all = append(all, fault)
		}
	}
	slices.Sort(all)
	return all
}

// now is the state of the faults, which is never changed once it was given out.
func (p *Printer) now() faults {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults
}

// strike turns on what is due at a byte of a job; dies means that this connection is to break.
func (p *Printer) strike(bytes int) (dies bool) {
	if len(p.now().due(bytes)) == 0 {
		return false
	}
	p.changeFaults(func(fs *faults) {
		for _, f := range fs.due(bytes) {
			delete(fs.at, f)
			if f == Die {
				dies = true
				continue
			}
			fs.on[f] = true
			if f == Late && fs.delay == 0 {
				fs.delay = usualDelay
			}
		}
	})
	return dies
}
