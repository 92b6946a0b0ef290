// Package connect finds the way to a receipt printer: from the text that stands in the settings to a printer.Transport,
// and from a machine and its network to the printers that could stand there.
//
// An address is one of
//
//	192.168.1.50, 192.168.1.50:9100, tcp://till-printer:9100   network
//	usb:/dev/usb/lp0, usb:serial=X3F0123456                     USB, Linux; the second finds it at any node
//	serial:/dev/ttyUSB0?baud=115200, serial:COM3                serial port; 9600 baud when none is named
//	cups:QUEUE                                                  a queue of CUPS
//	windows:QUEUE                                               a queue of Windows
//	file:/path                                                  a file that jobs are added to, or a folder for files
package connect

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kassa/printer/serial"
	"kassa/printer/tcp"
)

// Way is how a printer is reached.
type Way string

// The ways, as they are written in an address.
const (
	Network Way = "tcp"
	USB     Way = "usb"
	Serial  Way = "serial"
	CUPS    Way = "cups"
	Windows Way = "windows"
	File    Way = "file"
)

// Address is where a printer is.
type Address struct {
	Way   Way
	Place string // host:port, a path, a port's name, a queue
	USB   string // the serial number of a USB printer, instead of a Place
	Baud  int    // of a serial port; zero elsewhere
}

// Reason says what is wrong with an address.
type Reason string

// The reasons, for a screen to explain.
const (
	NoAddress Reason = "empty"
	BadWay    Reason = "way"    // no such way to a printer
	BadHost   Reason = "host"   // of a network printer: a name or an IP address, and no more than that
	BadPort   Reason = "port"   // 1 to 65535
	BadPath   Reason = "path"   // of a USB node, a serial port or a file: a full path, or COM and a number
	BadBaud   Reason = "baud"   // serial.MinBaud to serial.MaxBaud
	BadQueue  Reason = "queue"  // a name of a queue
	BadSerial Reason = "serial" // a USB serial number
	TooLong   Reason = "long"
)

// Error is what Parse says of an address that is none.
type Error struct {
	Reason Reason
	Text   string // what is wrong, of the address
}

func (e *Error) Error() string {
	return fmt.Sprintf("connect: no printer can be at %.60q: bad %s", e.Text, e.Reason)
}

// maxAddress bounds an address, in bytes.
const maxAddress = 250

// Parse reads an address. The error is an *Error.
func Parse(text string) (Address, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return Address{}, &Error{NoAddress, text}
	case len(text) > maxAddress:
		return Address{}, &Error{TooLong, text}
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		return Address{}, &Error{BadWay, text}
	}
	if a, ok := device(text); ok {
		return a, nil
	}
	way, place, ok := strings.Cut(text, ":")
	if _, err := netip.ParseAddr(text); err == nil || !ok || strings.Contains(way, ".") || way == "" || strings.HasPrefix(text, "[") {
		return networkAddress(text)
	}
	switch Way(strings.ToLower(way)) {
	case Network:
		return networkAddress(strings.TrimSuffix(strings.TrimPrefix(place, "//"), "/"))
	case USB:
		return usbAddress(place)
	case Serial:
		return serialAddress(place)
	case CUPS:
		return queueAddress(CUPS, place, " \t/#\"'\\")
	case Windows:
		return queueAddress(Windows, place, "")
	case File:
		return fileAddress(place)
	}
	if strings.Trim(place, "0123456789") != "" || place == "" || strings.Contains(place, "/") {
		return Address{}, &Error{BadWay, way}
	}
	return networkAddress(text) // a host's name and a port
}

// device reads the bare name of a device, as people write it.
func device(text string) (a Address, ok bool) {
	for _, read := range []func(string) (Address, error){serialAddress, usbAddress} {
		a, err := read(text)
		if err == nil && a.USB == "" && strings.HasPrefix(a.Place, "/dev/usb/") == (a.Way == USB) {
			return a, true
		}
	}
	return Address{}, false
}

// networkAddress reads host, host:port, an IPv6 address alone or in brackets.
func networkAddress(text string) (Address, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		host, port = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"), tcp.DefaultPort
	}
	if !isHost(host) {
		return Address{}, &Error{BadHost, host}
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 || strconv.Itoa(n) != port {
		return Address{}, &Error{BadPort, port}
	}
	return Address{Way: Network, Place: net.JoinHostPort(host, port)}, nil
}

// isHost tells an IP address or a name that DNS could know.
func isHost(host string) bool {
	if net.ParseIP(host) != nil {
		return true
	}
	if ip, zone, ok := strings.Cut(host, "%"); ok {
		return net.ParseIP(ip) != nil && zone != "" && isName(zone)
	}
	if len(host) > 253 || strings.Trim(host, ".0123456789") == "" {
		return false // four numbers that are no address
	}
	switch Way(strings.ToLower(host)) {
	case Network, USB, Serial, CUPS, Windows, File:
		return false // with a port it would be read as a way
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(host, "."), ".") {
		if !isName(label) {
			return false
		}
	}
	return true
}

func isName(label string) bool {
	return label != "" && len(label) <= 63 && label[0] != '-' && !strings.ContainsFunc(label, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	})
}

func usbAddress(place string) (Address, error) {
	if number, ok := strings.CutPrefix(place, "serial="); ok {
		if number == "" || strings.TrimSpace(number) != number {
			return Address{}, &Error{BadSerial, number}
		}
		return Address{Way: USB, USB: number}, nil
	}
	if !strings.HasPrefix(place, "/dev/") || path.Clean(place) != place {
		return Address{}, &Error{BadPath, place}
	}
	return Address{Way: USB, Place: place}, nil
}

func serialAddress(text string) (Address, error) {
	place, query, asked := strings.Cut(text, "?")
	a := Address{Way: Serial, Place: place, Baud: serial.DefaultBaud}
	number, windows := strings.CutPrefix(strings.ToUpper(place), "COM")
	n, err := strconv.Atoi(number)
	windows = windows && err == nil && n >= 1 && n <= 256 && strconv.Itoa(n) == number
	if windows {
		a.Place = "COM" + number
	} else if !strings.HasPrefix(place, "/dev/") || path.Clean(place) != place {
		return Address{}, &Error{BadPath, place}
	}
	if !asked {
		return a, nil
	}
	values, err := url.ParseQuery(query)
	if err != nil || len(values) != 1 || len(values["baud"]) != 1 {
		return Address{}, &Error{BadBaud, query}
	}
	if a.Baud, err = strconv.Atoi(values.Get("baud")); err != nil || a.Baud < serial.MinBaud || a.Baud > serial.MaxBaud {
		return Address{}, &Error{BadBaud, values.Get("baud")}
	}
	return a, nil
}

// queueAddress reads the name of a queue; a leading dash would be an option of the system's programs.
func queueAddress(way Way, name, never string) (Address, error) {
	if name == "" || name[0] == '-' || strings.TrimSpace(name) != name || strings.ContainsAny(name, never) {
		return Address{}, &Error{BadQueue, name}
	}
	return Address{Way: way, Place: name}, nil
}

func fileAddress(place string) (Address, error) {
	if strings.HasPrefix(place, "//") && !strings.HasPrefix(place, "///") {
		return Address{}, &Error{BadPath, place} // another machine's
	}
	place = filepath.Clean(place)
	if !filepath.IsAbs(place) || place == filepath.Dir(place) {
		return Address{}, &Error{BadPath, place}
	}
	return Address{Way: File, Place: place}, nil
}

// String is the address as Parse reads it; of a network printer without the way, as it has always been kept.
func (a Address) String() string {
	switch {
	case a.Way == Network:
		return a.Place
	case a.USB != "":
		return string(USB) + ":serial=" + a.USB
	case a.Way == Serial && a.Baud != serial.DefaultBaud:
		return fmt.Sprintf("%s:%s?baud=%d", a.Way, a.Place, a.Baud)
	}
	return string(a.Way) + ":" + a.Place
}

// Confirms tells whether a printer could ever say there that a job is on paper.
func (a Address) Confirms() bool { return a.Way == Network || a.Way == USB || a.Way == Serial }
