package fnsim

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"kassa/fiscal"
	"kassa/register"
)

// Status is what the device says of itself.
type Status struct {
	Off          bool      `json:"off"`
	NoOFD        bool      `json:"no_ofd"`
	Model        string    `json:"model"`
	Serial       string    `json:"serial"`
	INN          string    `json:"inn"`
	User         string    `json:"user"`
	FFD          string    `json:"ffd"`
	Registration string    `json:"registration"`
	Clock        time.Time `json:"clock"` // the device's, to the second
	Width        int       `json:"width"`

	Shift    fiscal.ShiftState `json:"shift"`
	Number   int64             `json:"number"`   // of the open shift, or of the last one
	Receipts int64             `json:"receipts"` // in it
	Opened   time.Time         `json:"opened"`   // zero when closed
	Expires  time.Time         `json:"expires"`

	PaperOut  bool `json:"paper_out"`
	CoverOpen bool `json:"cover_open"`
	Unprinted bool `json:"unprinted"` // a document waits for Resume

	FN          string    `json:"fn"` // empty when there is none
	Last        int64     `json:"last"`
	FNUntil     time.Time `json:"fn_until"`
	FNReplace   bool      `json:"fn_replace"`
	FNExhausted bool      `json:"fn_exhausted"`
	FNFull      bool      `json:"fn_full"` // 99 %
	OFDTimeout  bool      `json:"ofd_timeout"`

	Unsent      int       `json:"unsent"`
	FirstUnsent int64     `json:"first_unsent"`
	UnsentSince time.Time `json:"unsent_since"`

	Drawer register.Money `json:"drawer"`
	Totals Totals         `json:"totals"` // of the open shift, or of the last one
}

// Status asks the device how it is. The error is NoLink when it is off.
func (d *Device) Status() (Status, error) {
	s := d.Look()
	if s.Off {
		return Status{}, refuse(NoLink, "")
	}
	return s, nil
}

// Look tells how the device is to whoever stands beside it, also when it is off.
func (d *Device) Look() Status {
	d.mu.Lock()
	defer d.mu.Unlock()
	now, set := d.now(), d.setup
	s := Status{Model: set.Model, Serial: set.Serial, INN: set.INN, User: set.User, FFD: set.FFD, Width: set.Width,
		Registration: Registration(set.Order, set.INN, set.Serial), Clock: now.Truncate(time.Second),
		Shift: fiscal.ShiftClosed, Number: d.Shift.Number, Receipts: d.Shift.Totals.receipts(), PaperOut: d.PaperOut, CoverOpen: d.CoverOpen,
		Unprinted: len(d.Pending) > 0, Drawer: d.Drawer, Totals: d.Shift.Totals.clone()}
	if !d.Shift.Opened.IsZero() {
		s.Shift, s.Opened, s.Expires = fiscal.ShiftOpen, d.Shift.Opened, d.Shift.Opened.Add(24*time.Hour)
	}
	if d.expired(now) {
		s.Shift = fiscal.ShiftExpired
	}
	s.Off, s.NoOFD = d.Off, d.NoOFD
	if d.NoFN {
		return s
	}
	s.FN, s.Last, s.FNUntil = d.FN.Number, d.FN.last(), d.FN.Until
	warnings := d.warnings(now)
	s.FNFull = slices.Contains(warnings, 1052)
	s.FNReplace = s.FNFull || slices.Contains(warnings, 1050)
	s.FNExhausted = d.FN.last() >= d.FN.Capacity || slices.Contains(warnings, 1051)
	s.OFDTimeout = slices.Contains(warnings, 1053)
	s.Unsent, s.FirstUnsent, s.UnsentSince = d.unsent()
	return s
}

// Find gives a document of the fiscal storage by its number. The error is FNNoData, or that of a device that is off or has
// no fiscal storage.
func (d *Device) Find(number int64) (Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.Off:
		return Record{}, refuse(NoLink, "")
	case d.NoFN:
		return Record{}, refuse(NoFN, "")
	case number < 1 || number > d.FN.last():
		return Record{}, refuse(FNNoData, "%d", number)
	}
	return d.FN.Records[number-1], nil
}

// Records are all documents of the fiscal storage that is in the device, oldest first; for whoever compares books with it.
func (d *Device) Records() []Record {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.FN.Records)
}

// All are the documents of every fiscal storage that the device ever had, oldest first.
func (d *Device) All() []Record {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []Record
	for _, f := range d.storages() {
		all = append(all, f.Records...)
	}
	return all
}

// Moves are all moves of cash into the drawer and out of it, oldest first.
func (d *Device) Moves() []Record {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.Moved)
}

// saved is the device on disk.
type saved struct {
	Memory memory   `json:"memory"`
	Tape   []string `json:"tape"`
}

// Save writes down all that survives a power cut, and the paper.
func (d *Device) Save() ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return json.Marshal(saved{d.memory, d.paper.lines})
}

// whole tells whether a storage has all its documents, and no others.
func (f storage) whole() bool {
	for i, r := range f.Records {
		if r.FN != f.Number || r.Number != int64(i+1) {
			return false
		}
	}
	return len(f.Number) == 16 && len(f.Records) > 0 && f.FirstOpen >= 0 && f.FirstOpen <= len(f.Records)
}

// Load brings back what Save wrote.
func (d *Device) Load(state []byte) error {
	var s saved
	if err := json.Unmarshal(state, &s); err != nil {
		return fmt.Errorf("fnsim: reading a device's memory: %w", err)
	}
	for _, f := range append(s.Memory.Old, s.Memory.FN) {
		if !f.whole() {
			return errors.New("fnsim: this is no device's memory")
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.memory, d.paper.lines = s.Memory, s.Tape
	return nil
}
