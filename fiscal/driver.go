package fiscal

import (
	"net/http"
	"time"
)

// Driver makes Devices of one make. Each stands in a folder of its own, and package fiscal/models lists them.
type Driver struct {
	Name   string // stored in settings: "atol", "kkmserver"
	Title  string // as its maker calls it
	Fields []Field
	Open   func(Settings, Options) (Device, error)
}

// Field is one setting of a driver. Its label and hint are texts of the till: fiscal.<driver>.<name> and
// fiscal.<driver>.<name>.hint.
type Field struct {
	Name     string
	Secret   bool // never shown again
	Optional bool
	Default  string // used when it is empty, and shown as the example
}

// Settings are the values of a driver's fields, by their names. They hold secrets.
type Settings map[string]string

// String gives nothing away.
func (s Settings) String() string { return "fiscal.Settings{…}" }

// GoString gives nothing away.
func (s Settings) GoString() string { return s.String() }

// Value is what was set, or the field's default.
func (s Settings) Value(f Field) string {
	if v := s[f.Name]; v != "" {
		return v
	}
	return f.Default
}

// Options are what a device needs of its surroundings.
type Options struct {
	Now      func() time.Time // time.Now when nil
	Deadline time.Duration    // of one document; 90 s when zero
	Pause    time.Duration    // between questions while a document is made; 300 ms when zero

	Transport http.RoundTripper // reaches the program that serves the device; the network when nil
}
