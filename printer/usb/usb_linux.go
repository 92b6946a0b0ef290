// Package usb carries print jobs to a receipt printer at a USB port of a Linux machine, through the kernel's printer
// class driver (usblp) and its node /dev/usb/lp0. On other systems a USB printer is reached through the system's queue:
// see printer/spool.
//
// The node is there while nobody else has the printer: CUPS's own USB backend and ipp-usb take it away. Who may open it
// is in the group "lp".
package usb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"kassa/printer"
	"kassa/printer/stream"
)

// Printer is a printer.Transport over a node of the printer class.
type Printer struct{ *stream.Printer }

var _ printer.Confirmer = (*Printer)(nil)

// Timeouts say how long a printer may take. The zero value of each means its default; Close is 10 s, because the end of a
// job is on its way until the printer has taken it.
type Timeouts = stream.Timeouts

// New names the printer at a node, "/dev/usb/lp0", or the one with a serial number: see Find. Nothing is opened yet.
func New(node string, timeouts Timeouts) *Printer {
	return at(node, func() (string, error) { return node, nil }, timeouts)
}

// NewBySerial names the printer with a USB serial number, at whatever node it is: nodes are numbered anew whenever a
// printer is plugged in.
func NewBySerial(serial string, timeouts Timeouts) *Printer {
	return at("USB printer "+serial, func() (string, error) { return nodeOf(Nodes(), serial) }, timeouts)
}

func at(name string, node func() (string, error), timeouts Timeouts) *Printer {
	if timeouts.Close <= 0 {
		timeouts.Close = 10 * time.Second
	}
	return &Printer{stream.New(stream.Options{
		Name: name,
		Open: func(context.Context) (stream.Line, error) {
			node, err := node()
			if err != nil {
				return nil, err
			}
			return open(node, unix.IoctlGetInt)
		},
		Timeouts: timeouts,
	})}
}

// line is an open node. Without a deadline a write would wait for as long as the printer has no paper.
type line struct {
	*os.File
	ioctl func(fd int, request uint) (int, error)
}

func open(node string, ioctl func(fd int, request uint) (int, error)) (stream.Line, error) {
	// Without O_NONBLOCK opening itself could wait.
	f, err := os.OpenFile(node, os.O_RDWR|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	if err := f.SetDeadline(time.Time{}); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s is no printer: %w", node, err)
	}
	return line{f, ioctl}, nil
}

// LPGETSTATUS (linux/lp.h) has usblp ask for the port status of the USB printer class, of which one bit is of use here.
const (
	lpGetStatus = 0x060B
	lpPaperOut  = 0x20
)

// Port is what the printer says at its port, for one that answers no DLE EOT; ok is false where there is nothing. Of its
// bits only the one for paper is believed: many printers never set the others.
func (l line) Port() (s printer.Status, ok bool) {
	raw, err := l.SyscallConn()
	if err != nil {
		return s, false
	}
	var status int
	if e := raw.Control(func(fd uintptr) { status, err = l.ioctl(int(fd), lpGetStatus) }); e != nil || err != nil {
		return s, false
	}
	return printer.Status{Silent: true, PaperOut: status&lpPaperOut != 0}, true
}

// Finish waits until the kernel has handed the last piece to the printer: closing the node would take it back.
func (l line) Finish() error {
	raw, err := l.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Write(func(fd uintptr) bool {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
		if _, failed = unix.Poll(fds, 0); failed != nil {
			return !errors.Is(failed, unix.EINTR)
		}
		if fds[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0 {
			failed = unix.EIO
			return true
		}
		return fds[0].Revents&unix.POLLOUT != 0
	})
	if err != nil {
		return err
	}
	return failed
}
