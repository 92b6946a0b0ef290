// Package every lists the adapters of all banks that there are. A new bank is a new folder below banks/ whose package
// exports
//
//	func Adapter() banks.Adapter
//
// and nothing else: "go generate ./banks/every" (which "make build" and "make test" do first) finds it there and writes
// it into the list. In the same way the list in package sims finds the practice banks; it is a package of its own
// so that a till or a server carries none of them.
package every

import (
	"sort"

	"kassa/banks"
)

//go:generate go run ./gen

// Banks lists the adapters of all banks by their names.
func Banks() []banks.Adapter {
	list := make([]banks.Adapter, 0, len(adapters))
	for _, adapter := range adapters {
		list = append(list, adapter())
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

// Bank gives the adapter of a name.
func Bank(name string) (banks.Adapter, bool) {
	for _, a := range Banks() {
		if a.Name == name {
			return a, true
		}
	}
	return banks.Adapter{}, false
}
