//go:build !linux

// Package pty stands in for a printer's cable in tests. It needs Linux.
package pty
