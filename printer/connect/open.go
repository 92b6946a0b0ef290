package connect

import (
	"time"

	"kassa/printer"
	"kassa/printer/file"
	"kassa/printer/serial"
	"kassa/printer/spool"
	"kassa/printer/tcp"
	"kassa/printer/usb"
)

// Open makes the way to the printer at an address. Nothing is opened before the first job. The error is an *Error.
func Open(text string) (printer.Transport, error) {
	a, err := Parse(text)
	if err != nil {
		return nil, err
	}
	return a.Transport(), nil
}

// Transport makes the way to the printer.
func (a Address) Transport() printer.Transport {
	switch {
	case a.USB != "":
		return usb.NewBySerial(a.USB, usb.Timeouts{})
	case a.Way == USB:
		return usb.New(a.Place, usb.Timeouts{})
	case a.Way == Serial:
		return serial.New(a.Place, a.Baud, serial.Timeouts{})
	case a.Way == CUPS:
		return spool.NewCUPS(a.Place)
	case a.Way == Windows:
		return spool.NewWindows(a.Place)
	case a.Way == File:
		return file.New(a.Place, time.Now)
	}
	return tcp.New(a.Place, tcp.Timeouts{})
}
