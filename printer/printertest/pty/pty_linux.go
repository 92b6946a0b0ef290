// Package pty stands in for a printer's cable in tests: a pseudo terminal, whose one end is a device node that a transport
// opens, and whose other end is a practice printer or the test itself.
package pty

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// Cable is a pseudo terminal. Node is the path of the end that is opened; it stays the same when another printer is
// plugged in.
type Cable struct {
	Node   string
	t      *testing.T
	master *os.File
	slave  *os.File // kept open, so that the other end does not hang up between two jobs
}

// New makes a cable with nothing at its other end.
func New(t *testing.T) *Cable {
	t.Helper()
	c := &Cable{Node: filepath.Join(t.TempDir(), "lp0"), t: t}
	c.plug()
	t.Cleanup(c.Unplug)
	return c
}

func (c *Cable) plug() {
	c.t.Helper()
	// Non-blocking, so that closing it ends a read.
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	c.master = os.NewFile(uintptr(fd), "ptmx")
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		c.t.Fatal(err)
	}
	path := fmt.Sprintf("/dev/pts/%d", n)
	if c.slave, err = os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		c.t.Fatal(err)
	}
	raw(c.t, int(c.slave.Fd()))
	if err := os.Symlink(path, c.Node); err != nil {
		c.t.Fatal(err)
	}
}

// raw has every byte pass as it is, and nothing echoed.
func raw(t *testing.T, fd int) {
	t.Helper()
	mode, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	mode.Iflag, mode.Oflag, mode.Lflag = 0, 0, 0
	mode.Cflag = mode.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, mode); err != nil {
		t.Fatal(err)
	}
}

// Unplug takes the printer away: the node is gone, and what has it open gets errors.
func (c *Cable) Unplug() {
	if c.master == nil {
		return
	}
	_ = os.Remove(c.Node)
	_ = c.master.Close()
	_ = c.slave.Close()
	c.master = nil
}

// Printer is the printer's end.
func (c *Cable) Printer() io.ReadWriter { return c.master }

// Connect puts a printer that listens at a TCP address at the other end.
func (c *Cable) Connect(address string) {
	c.t.Helper()
	if c.master == nil {
		c.plug()
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		c.t.Fatal(err)
	}
	master := c.master
	done := make(chan struct{}, 2)
	carry := func(to io.Writer, from io.Reader) {
		_, _ = io.Copy(to, from) // an end of the cable is gone
		_ = conn.Close()
		done <- struct{}{}
	}
	go carry(conn, master)
	go carry(master, conn)
	c.t.Cleanup(func() {
		c.Unplug()
		<-done
		<-done
	})
}
