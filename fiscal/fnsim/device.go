package fnsim

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"kassa/fiscal"
	"kassa/register"
)

// The versions of the format of fiscal documents that the device can be registered with.
const (
	FFD105 = "1.05"
	FFD12  = "1.2"
)

// Setup is how a device was made and registered. The zero value of every field is usable.
type Setup struct {
	Model     string
	Serial    string // 14 digits
	Order     string // the registration's number in the tax service's books, 10 digits
	INN       string // the owner's
	User      string // the owner's name
	Address   string
	FN        string            // number of the fiscal storage, 16 digits
	FFD       string            // FFD105 or FFD12; FFD12 when empty
	Taxations []fiscal.Taxation // OSN alone when empty
	Zone      *time.Location    // of the device's clock; UTC+3 when nil
	Clock     func() time.Time  // time.Now when nil
	Seed      uint64            // of the fiscal signs
	NoVAT22   bool              // firmware of before 2026
	AutoOpen  bool              // a receipt opens a shift that is closed
	Width     int               // columns of the paper; 32 when zero
	Capacity  int64             // documents that the fiscal storage holds; 230 000 when zero
	Keys      time.Duration     // how long the fiscal storage's keys last; 410 days when zero
}

func (s Setup) filled() Setup {
	text := func(v *string, otherwise string) {
		if *v == "" {
			*v = otherwise
		}
	}
	text(&s.Model, "Практика-01Ф")
	text(&s.Serial, "00106900000014")
	text(&s.Order, "0000000001")
	text(&s.INN, "7700000009")
	text(&s.User, `ООО "Практика"`)
	text(&s.Address, "Москва, Учебная ул., 1")
	text(&s.FN, "9999078902000123")
	text(&s.FFD, FFD12)
	if len(s.Taxations) == 0 {
		s.Taxations = []fiscal.Taxation{fiscal.TaxationOSN}
	}
	if s.Zone == nil {
		s.Zone = time.FixedZone("", 3*60*60)
	}
	if s.Clock == nil {
		s.Clock = time.Now
	}
	if s.Width == 0 {
		s.Width = 32
	}
	if s.Capacity == 0 {
		s.Capacity = 230_000
	}
	if s.Keys == 0 {
		s.Keys = 410 * 24 * time.Hour
	}
	return s
}

func (s Setup) check() error {
	switch {
	case s.FFD != FFD105 && s.FFD != "1.1" && s.FFD != FFD12:
		return fmt.Errorf("fnsim: no such version of the format: %q", s.FFD)
	case !ValidINN(s.INN):
		return fmt.Errorf("fnsim: the owner's INN %q is none", s.INN)
	case len(s.FN) != 16:
		return fmt.Errorf("fnsim: the fiscal storage's number %q has not 16 digits", s.FN)
	case len(s.Order) > 10 || len(s.Serial) > 20:
		return errors.New("fnsim: the order's number or the serial number is too long")
	}
	for _, t := range s.Taxations {
		if taxations[t] == 0 {
			return fmt.Errorf("fnsim: no such tax system: %q", t)
		}
	}
	return nil
}

// Device is one virtual registrar with its fiscal storage. It is safe for concurrent use: documents are made one after
// another, and what is asked about it is answered beside that.
type Device struct {
	Faults *Faults // what is to go wrong

	setup Setup
	work  chan struct{} // held while a document is made

	mu sync.Mutex
	memory
	paper paper
}

// memory is what survives a power cut.
type memory struct {
	FN      storage        `json:"fn"`
	Old     []storage      `json:"old,omitempty"` // fiscal storages that were taken out
	Shift   shift          `json:"shift"`
	Drawer  register.Money `json:"drawer"`
	Moved   []Record       `json:"moved,omitempty"`   // moves of cash, which no fiscal storage keeps
	Pending []string       `json:"pending,omitempty"` // lines of a document that was not printed to its end

	PaperOut  bool          `json:"paper_out,omitempty"`
	CoverOpen bool          `json:"cover_open,omitempty"`
	Off       bool          `json:"off,omitempty"`    // no power
	NoOFD     bool          `json:"no_ofd,omitempty"` // nothing reaches the tax data operator
	NoFN      bool          `json:"no_fn,omitempty"`
	Skew      time.Duration `json:"skew,omitempty"` // of the device's clock
}

// storage is a fiscal storage.
type storage struct {
	Number    string    `json:"number"`
	Until     time.Time `json:"until"`
	Capacity  int64     `json:"capacity"`
	Records   []Record  `json:"records"`
	FirstOpen int       `json:"first_open"` // index of the first document that was not sent
}

func (f *storage) last() int64 { return int64(len(f.Records)) }

// shift is the one that is open, or the last one.
type shift struct {
	Number int64     `json:"number"`
	Opened time.Time `json:"opened"` // zero: it is closed
	First  int64     `json:"first"`  // number of the document that opened it
	Totals Totals    `json:"totals"`
}

// New makes a device that is registered and has its first document, on the registration, in its storage.
func New(s Setup) (*Device, error) {
	s = s.filled()
	if err := s.check(); err != nil {
		return nil, err
	}
	d := &Device{Faults: NewFaults(), setup: s, work: make(chan struct{}, 1)}
	d.insert(s.FN)
	return d, nil
}

// insert puts a new fiscal storage in, with the report on its registration.
func (d *Device) insert(number string) {
	now := d.now()
	d.FN = storage{Number: number, Until: now.Add(d.setup.Keys), Capacity: d.setup.Capacity}
	d.Shift = shift{}
	d.store(Document{Kind: Registering}, now)
}

// now is the device's clock.
func (d *Device) now() time.Time { return d.setup.Clock().Add(d.Skew).In(d.setup.Zone) }

func (d *Device) expired(now time.Time) bool {
	return !d.Shift.Opened.IsZero() && !now.Before(d.Shift.Opened.Add(24*time.Hour))
}

// with runs a change under the lock.
func (d *Device) with(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
}

// SetPaper puts paper in, or takes it out. What waits to be printed waits for Resume.
func (d *Device) SetPaper(in bool) { d.with(func() { d.PaperOut = !in }) }

// SetCover opens or closes the cover.
func (d *Device) SetCover(open bool) { d.with(func() { d.CoverOpen = open }) }

// SetPower switches the device on or off.
func (d *Device) SetPower(on bool) {
	d.with(func() {
		d.Off = !on
		d.send()
	})
}

// SetFN takes the fiscal storage out, or puts it in again.
func (d *Device) SetFN(in bool) { d.with(func() { d.NoFN = !in }) }

// SetOFD connects the tax data operator, or cuts it off. What waits for it is sent at once.
func (d *Device) SetOFD(on bool) {
	d.with(func() {
		d.NoOFD = !on
		d.send()
	})
}

// SetSkew sets how much the device's clock is ahead of the true time.
func (d *Device) SetSkew(ahead time.Duration) { d.with(func() { d.Skew = ahead }) }

// SetUntil sets when the fiscal storage's keys end.
func (d *Device) SetUntil(t time.Time) { d.with(func() { d.FN.Until = t }) }

// SetCapacity sets how many documents the fiscal storage holds.
func (d *Device) SetCapacity(documents int64) { d.with(func() { d.FN.Capacity = documents }) }

// ReplaceFN puts a new fiscal storage in. The shift must be closed and everything sent.
func (d *Device) ReplaceFN(number string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case len(number) != 16 || slices.ContainsFunc(d.storages(), func(f *storage) bool { return f.Number == number }):
		return refuse(BadParameter, "number of the fiscal storage")
	case !d.Shift.Opened.IsZero():
		return refuse(ShiftOpen, "")
	}
	if n, _, _ := d.unsent(); n > 0 {
		return refuse(UnsentLeft, "%d", n)
	}
	d.Old = append(d.Old, d.FN)
	d.insert(number)
	return nil
}

// storages are all that the device ever had, the one that is in it last.
func (d *Device) storages() []*storage {
	var all []*storage
	for i := range d.Old {
		all = append(all, &d.Old[i])
	}
	return append(all, &d.FN)
}
