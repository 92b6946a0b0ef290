package printersim

import (
	"fmt"
	"maps"
	"slices"
)

// Fault is something wrong with the printer.
type Fault string

// The faults. While the paper is out, the cover open, or the printer offline, it takes bytes and prints them later.
const (
	PaperOut  Fault = "paper-out"
	PaperLow  Fault = "paper-low"
	CoverOpen Fault = "cover-open"
	Offline   Fault = "offline"
	Slow      Fault = "slow"   // takes its time with every few letters
	Silent    Fault = "silent" // answers no question
	Die       Fault = "die"    // breaks the connection in the middle of the next job, once; see DieAfter
)

// faults is what is wrong now.
type faults struct {
	on       map[Fault]bool
	dieAfter int // bytes, when Die is on
}

func (f faults) ready() bool { return !f.on[PaperOut] && !f.on[CoverOpen] && !f.on[Offline] }

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

// Break turns a fault on. The error tells that there is no such fault. Die breaks the next job at its first byte.
func (p *Printer) Break(f Fault) error {
	switch f {
	case Die:
		p.DieAfter(0)
		return nil
	case PaperOut, PaperLow, CoverOpen, Offline, Slow, Silent:
	default:
		return fmt.Errorf("printersim: no fault %q", f)
	}
	p.setFault(f, 0)
	return nil
}

// DieAfter breaks the connection of the next job, once, when so many bytes of it have come. A job that is shorter is
// printed, and the fault waits for the next one.
func (p *Printer) DieAfter(bytes int) { p.setFault(Die, bytes) }

func (p *Printer) setFault(f Fault, bytes int) {
	p.change(func() {
		on := maps.Clone(p.faults.on)
		if on == nil {
			on = map[Fault]bool{}
		}
		on[f] = true
		p.faults = faults{on: on, dieAfter: p.faults.dieAfter}
		if f == Die {
			p.faults.dieAfter = bytes
		}
	})
}

// Repair turns all faults off.
func (p *Printer) Repair() {
	p.change(func() { p.faults = faults{} })
}

// Faults lists what is wrong, sorted.
func (p *Printer) Faults() []Fault {
	return slices.Sorted(maps.Keys(p.now().on))
}

// now is the state of the faults, which is never changed once it was given out.
func (p *Printer) now() faults {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults
}

// die takes the Die fault for one connection; false means that another one took it first.
func (p *Printer) die() bool {
	taken := false
	p.change(func() {
		if taken = p.faults.on[Die]; taken {
			on := maps.Clone(p.faults.on)
			delete(on, Die)
			p.faults = faults{on: on}
		}
	})
	return taken
}
