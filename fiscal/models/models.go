// Package models lists the makes of fiscal registrar that a till can work with.
package models

import (
	"kassa/fiscal"
	"kassa/fiscal/atol"
	"kassa/fiscal/kkmserver"
)

// All are the drivers, in the order in which they are offered.
func All() []fiscal.Driver { return []fiscal.Driver{atol.Driver(), kkmserver.Driver()} }

// ByName finds a driver by the name that settings hold.
func ByName(name string) (fiscal.Driver, bool) {
	for _, d := range All() {
		if d.Name == name {
			return d, true
		}
	}
	return fiscal.Driver{}, false
}
