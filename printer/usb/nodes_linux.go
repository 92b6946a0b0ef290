package usb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Node is a USB printer that is plugged in.
type Node struct {
	Path   string // /dev/usb/lp0
	Maker  string // as the printer names itself; any of these may be empty
	Model  string
	Serial string
}

// Nodes lists the printers of this machine, by path.
func Nodes() []Node { return nodes("/sys/class/usbmisc", "/dev/usb") }

// nodes reads what the kernel tells of the printer class's nodes. One that sysfs says nothing about is listed by its path
// alone.
func nodes(sys, dev string) []Node {
	paths, _ := filepath.Glob(filepath.Join(dev, "lp[0-9]*")) // the pattern is a good one
	slices.Sort(paths)
	var all []Node
	for _, path := range paths {
		// device is the USB interface; what the printer says of itself stands at the device above it.
		above := filepath.Join(sys, filepath.Base(path), "device", "..")
		if real, err := filepath.EvalSymlinks(filepath.Join(sys, filepath.Base(path), "device")); err == nil {
			above = filepath.Dir(real)
		}
		all = append(all, Node{Path: path, Maker: attribute(above, "manufacturer"), Model: attribute(above, "product"), Serial: attribute(above, "serial")})
	}
	return all
}

// maxAttribute bounds what is shown of a printer's own words.
const maxAttribute = 80

func attribute(dir, name string) string {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == '\uFFFD' {
			return -1
		}
		return r
	}, strings.TrimSpace(string(b)))
	if letters := []rune(clean); len(letters) > maxAttribute {
		clean = string(letters[:maxAttribute])
	}
	return clean
}

// ErrNotPlugged tells that no printer has the serial number.
var ErrNotPlugged = errors.New("usb: no printer with this serial number is plugged in")

// nodeOf is the path of the printer with a serial number.
func nodeOf(all []Node, serial string) (string, error) {
	for _, n := range all {
		if n.Serial != "" && n.Serial == serial {
			return n.Path, nil
		}
	}
	return "", fmt.Errorf("%w: %s", ErrNotPlugged, serial)
}
