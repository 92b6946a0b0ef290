package localdb

import (
	"encoding/binary"

	"kassa/register"
)

// A price list of a million goods as register.Product values is half a gigabyte; packed into records it is a tenth.

// arena holds records, one after the other in large pieces that never move.
type arena struct{ chunks [][]byte }

// ref is a record's place in an arena. The zero ref is no record.
type ref uint64

const chunkSize = 1 << 20

func (a *arena) put(record []byte) ref {
	need := len(record) + binary.MaxVarintLen64
	last := len(a.chunks) - 1
	if last < 0 || len(a.chunks[last])+need > cap(a.chunks[last]) {
		a.chunks = append(a.chunks, append(make([]byte, 0, max(chunkSize, need+1)), 0)) // the first byte keeps zero free
		last++
	}
	c := a.chunks[last]
	at := ref(last)<<32 | ref(len(c))
	c = binary.AppendUvarint(c, uint64(len(record)))
	a.chunks[last] = append(c, record...)
	return at
}

func (a *arena) get(at ref) []byte {
	c := a.chunks[at>>32][uint32(at):]
	size, n := binary.Uvarint(c)
	return c[n : n+int(size)]
}

// packed is what a record holds: a product without its price, which most lists change and nothing else, and its group
// as a number.
type packed struct {
	register.Product
	group uint32
}

const (
	flagNoDiscount = 1 << iota
	flagFreePrice
	flagMarked
)

func pack(to []byte, p *packed) []byte {
	for _, text := range []string{p.Name, p.ID, p.Code, p.Article, p.NameEn, string(p.Unit), string(p.VAT)} {
		to = appendText(to, text)
	}
	flags := 0
	if p.NoDiscount {
		flags |= flagNoDiscount
	}
	if p.FreePrice {
		flags |= flagFreePrice
	}
	if p.Marked {
		flags |= flagMarked
	}
	to = binary.AppendUvarint(to, uint64(flags))
	to = binary.AppendUvarint(to, uint64(p.group))
	to = binary.AppendUvarint(to, uint64(len(p.Barcodes)))
	for _, b := range p.Barcodes {
		to = appendText(to, b)
	}
	to = binary.AppendUvarint(to, uint64(len(p.Packs)))
	for _, k := range p.Packs {
		to = appendText(appendText(to, k.Barcode), k.Name)
		to = binary.AppendVarint(to, int64(k.Quantity))
	}
	return to
}

func unpack(record []byte) packed {
	var p packed
	r := reader{bytes: record, all: string(record)}
	p.Name, p.ID, p.Code, p.Article, p.NameEn = r.text(), r.text(), r.text(), r.text(), r.text()
	p.Unit, p.VAT = register.Unit(r.text()), register.VAT(r.text())
	flags := r.number()
	p.NoDiscount, p.FreePrice, p.Marked = flags&flagNoDiscount != 0, flags&flagFreePrice != 0, flags&flagMarked != 0
	p.group = uint32(r.number())
	if n := r.number(); n > 0 {
		p.Barcodes = make([]string, n)
		for i := range p.Barcodes {
			p.Barcodes[i] = r.text()
		}
	}
	if n := r.number(); n > 0 {
		p.Packs = make([]register.Pack, n)
		for i := range p.Packs {
			p.Packs[i].Barcode, p.Packs[i].Name = r.text(), r.text()
			q, size := binary.Varint(r.bytes[r.at:])
			p.Packs[i].Quantity, r.at = register.Quantity(q), r.at+size
		}
	}
	return p
}

// nameOf is a record's name, without the rest: what records are sorted by.
func nameOf(record []byte) []byte {
	size, n := binary.Uvarint(record)
	return record[n : n+int(size)]
}

func appendText(to []byte, text string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(text))), text...)
}

// reader takes a record apart; its texts are parts of one string. Records are of our own making, in this process:
// nothing is checked.
type reader struct {
	bytes []byte
	all   string
	at    int
}

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.bytes[r.at:])
	r.at += n
	return v
}

func (r *reader) text() string {
	size := int(r.number())
	r.at += size
	return r.all[r.at-size : r.at]
}
