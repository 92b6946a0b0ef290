// Package sims lists all practice banks; see package every.
package sims

import (
	"sort"

	"kassa/banks/banksim"
)

// Sims lists the practice banks by their names.
func Sims() []banksim.Sim {
	list := make([]banksim.Sim, 0, len(found))
	for _, sim := range found {
		list = append(list, sim())
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

// Sim gives the practice bank of a name.
func Sim(name string) (banksim.Sim, bool) {
	for _, s := range Sims() {
		if s.Name == name {
			return s, true
		}
	}
	return banksim.Sim{}, false
}
