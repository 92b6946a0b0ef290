// Package iconv stands in for github.com/qiniu/iconv, which is cgo over libiconv.
//
// github.com/hennedo/escpos imports it for two methods, WriteGBK and WriteWEU, that Kassa never calls: text is
// encoded by printer/escpos instead. With this module in its place the till builds with no C library at hand,
// and for every system that Go builds for.
package iconv

import "errors"

// ErrUnavailable is what Open always answers.
var ErrUnavailable = errors.New("iconv: not part of this build")

// Iconv is the converter's type, never a working one.
type Iconv struct{}

// Open answers ErrUnavailable.
func Open(tocode, fromcode string) (Iconv, error) { return Iconv{}, ErrUnavailable }

// Close does nothing.
func (Iconv) Close() error { return nil }

// ConvString gives back its argument unchanged.
func (Iconv) ConvString(input string) string { return input }
