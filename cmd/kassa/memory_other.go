//go:build !linux || !cgo

package main

// keepMemory is for glibc alone.
func keepMemory() {}
