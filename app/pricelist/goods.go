package pricelist

import (
	"hash/maphash"
	"math"
	"slices"
	"strings"

	"kassa/register"
)

// goods makes products of lines, in one pass over a list.
type goods struct {
	mapping  Mapping
	column   map[Field]int
	barcodes []int
	headings []string
	guarded  bool              // a text file: a spreadsheet's apostrophe may stand before a formula's first sign
	first    map[uint64]uint32 // hash of a barcode or code: the line where it stood first
	seed     maphash.Seed
	rates    map[string]register.VAT
	group    string           // of the group rows
	last     register.Product // the good before

	warn func(Warning) // may be nil
	line int
}

func newGoods(m Mapping, headings []string, guarded bool, warn func(Warning)) *goods {
	g := &goods{mapping: m, headings: headings, guarded: guarded, column: map[Field]int{}, first: map[uint64]uint32{}, seed: maphash.MakeSeed(),
		rates: map[string]register.VAT{}, warn: warn}
	for i, f := range m.Columns {
		switch {
		case f == FieldBarcode:
			g.barcodes = append(g.barcodes, i)
		case f != FieldNone:
			g.column[f] = i
		}
	}
	if g.mapping.VAT == "" {
		g.mapping.VAT = register.VAT22
	}
	return g
}

// warning notes something about the line that is being read.
func (g *goods) warning(kind WarningKind, value string) {
	if g.warn != nil {
		g.warn(Warning{Line: g.line, Kind: kind, Value: shorten(value)})
	}
}

// verdict is what a line without a fault is.
type verdict int

const (
	nothing verdict = iota // empty, headings once more, totals, a group
	good
	more // of the good before: its further barcodes
)

// read makes a product of a line, with no id yet.
func (g *goods) read(cells []string, line int) (p register.Product, v verdict, fault *BadLine) {
	g.line = line
	if g.empty(cells) || g.repeated(cells) {
		return p, nothing, nil
	}
	p, fault = g.product(cells)
	if fault == nil {
		v = good
		if g.continues(p) {
			v = more
		}
		if fault = g.known(&p, v); fault == nil {
			if v == good {
				g.last = p
			}
			return p, v, nil
		}
	}
	if (fault.Reason == ReasonPrice || fault.Reason == ReasonName) && fault.Value == "" && len(p.Barcodes) == 0 {
		if g.total(cells) {
			return p, nothing, nil
		}
		if g.mapping.GroupRows {
			if text := groupRow(cells, g.column[FieldName]); text != "" {
				g.group = groupPath(text, "\x00")
				return p, nothing, nil
			}
		}
	}
	fault.Line, fault.Value = line, shorten(fault.Value)
	return p, nothing, fault
}

// continues tells whether a line is the good before once more, with another barcode: 1С writes a product of several
// barcodes so.
func (g *goods) continues(p register.Product) bool {
	if p.Code == "" || p.Code != g.last.Code || len(p.Barcodes) == 0 || len(g.last.Barcodes) == 0 || len(p.Packs) > 0 {
		return false
	}
	stock := p.Stock == g.last.Stock || p.Stock != nil && g.last.Stock != nil && *p.Stock == *g.last.Stock
	return stock && p.Name == g.last.Name && p.Price == g.last.Price && p.Unit == g.last.Unit && p.VAT == g.last.VAT && p.Group == g.last.Group
}

func (g *goods) empty(cells []string) bool {
	for _, c := range cells {
		if c != "" && strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// repeated tells whether a line is the headings once more, as at the head of every printed page.
func (g *goods) repeated(cells []string) bool {
	name, price := g.column[FieldName], g.column[FieldPrice]
	return name < len(g.headings) && price < len(g.headings) && name < len(cells) && price < len(cells) && g.headings[name] != "" &&
		strings.TrimSpace(cells[name]) == strings.TrimSpace(g.headings[name]) && strings.TrimSpace(cells[price]) == strings.TrimSpace(g.headings[price])
}

// total tells whether a line without a price and a barcode is a line of totals.
func (g *goods) total(cells []string) bool {
	for _, c := range cells {
		c = strings.ToLower(strings.TrimSpace(c))
		if c == "" {
			continue
		}
		for _, word := range []string{"итого", "всего", "total"} {
			if strings.HasPrefix(c, word) {
				g.warning(WarnTotal, c)
				return true
			}
		}
		return false
	}
	return false
}

// known checks a product as a whole, and that it stood in no earlier line.
func (g *goods) known(p *register.Product, v verdict) *BadLine {
	for _, b := range p.Barcodes {
		if err := register.CheckBarcode(b); err != nil {
			return bad(ReasonBarcode, b)
		}
		if rounded.MatchString(b) {
			return bad(ReasonRounded, b)
		}
	}
	p.ID = "-"
	err := p.Check()
	p.ID = ""
	if err != nil {
		if len(p.Packs) > 0 {
			return bad(ReasonPack, err.Error())
		}
		return bad(ReasonRefused, err.Error())
	}
	p.Barcodes = unique(p.Barcodes)
	if fault := g.twice(p, v); fault != nil {
		return fault
	}
	if len(p.Barcodes) == 0 && p.Code == "" {
		g.warning(WarnNoKey, p.Name)
	}
	for _, b := range p.Barcodes {
		if hasCheckDigit(b) && !checked(b) {
			g.warning(WarnCheckDigit, b)
		}
	}
	return nil
}

func unique(codes []string) []string {
	if len(codes) < 2 {
		return codes
	}
	var out []string
	for _, c := range codes {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// twice notes the barcodes and the code of a product. Only hashes of 64 bits are kept: with a million goods the chance that
// two different ones are taken for the same is about one in thirty million.
func (g *goods) twice(p *register.Product, v verdict) *BadLine {
	keys := make([]uint64, 0, 4)
	var fault *BadLine
	note := func(kind byte, text string) {
		var h maphash.Hash
		h.SetSeed(g.seed)
		h.WriteByte(kind)
		h.WriteString(text)
		k := h.Sum64()
		line, there := g.first[k]
		if slices.Contains(keys, k) { // a pack with the barcode of its goods
			line, there = uint32(min(g.line, math.MaxUint32)), true
		}
		if there && fault == nil {
			fault = &BadLine{Reason: ReasonTwice, Value: text, First: int(line)}
		}
		keys = append(keys, k)
	}
	for _, b := range p.Barcodes {
		note('b', b)
	}
	for _, k := range p.Packs {
		note('b', k.Barcode)
	}
	if p.Code != "" && v == good {
		note('c', p.Code)
	}
	if fault != nil {
		return fault
	}
	for _, k := range keys {
		g.first[k] = uint32(min(g.line, math.MaxUint32))
	}
	return nil
}
