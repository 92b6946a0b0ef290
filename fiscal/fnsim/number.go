package fnsim

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
)

// Registration is the number under which the tax service registers a device, tag 1037: the order's ten digits and six
// digits of CRC over it, the owner's INN and the device's serial number (order ЕД-7-20/662@, note to the tag).
func Registration(order, inn, serial string) string {
	text := fmt.Sprintf("%s%s%s", padded(order, 10), padded(inn, 12), padded(serial, 20))
	return fmt.Sprintf("%s%06d", padded(order, 10), crc16([]byte(text)))
}

// padded fills with zeros from the left.
func padded(digits string, width int) string {
	return strings.Repeat("0", max(0, width-len(digits))) + digits
}

// crc16 has the polynomial 0x1021, begins with 0xFFFF, and reflects nothing (CRC-16/CCITT-FALSE).
func crc16(data []byte) uint16 {
	crc := uint16(0xFFFF)
	for _, b := range data {
		crc ^= uint16(b) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}

// ValidINN tells whether the check digits of an INN of ten or twelve digits are right.
func ValidINN(inn string) bool {
	digit := func(weights ...int) byte {
		sum := 0
		for i, w := range weights {
			sum += w * int(inn[i]-'0')
		}
		return byte(sum%11%10) + '0'
	}
	for _, r := range inn {
		if r < '0' || r > '9' {
			return false
		}
	}
	switch len(inn) {
	case 10:
		return inn[9] == digit(2, 4, 10, 3, 5, 9, 4, 6, 8)
	case 12:
		return inn[10] == digit(7, 2, 4, 10, 3, 5, 9, 4, 6, 8) && inn[11] == digit(3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
	}
	return false
}

// sign is the fiscal sign of a document: 32 bits that nobody can guess, and that depend on the seed alone.
func sign(seed uint64, fn string, number int64) uint32 {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %d", seed, fn, number))
	return binary.BigEndian.Uint32(sum[:4]) | 1 // never zero
}
