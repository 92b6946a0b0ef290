package pricelist

import (
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	group    string // of the group rows

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

func bad(reason Reason, value string) *BadLine { return &BadLine{Reason: reason, Value: value} }

func (g *goods) cell(cells []string, f Field) string {
	i, ok := g.column[f]
	if !ok {
		return ""
	}
	return g.at(cells, i)
}

func (g *goods) at(cells []string, i int) string {
	if i >= len(cells) {
		return ""
	}
	c := strings.TrimSpace(cells[i])
	if !g.guarded || len(c) < 2 {
		return c
	}
	switch {
	case c[0] == '\'' && formula(c[1]):
		return c[1:]
	case c[0] == '=' && len(c) > 2 && c[1] == '"' && c[len(c)-1] == '"': // ="0460…" keeps a spreadsheet from rounding
		return strings.ReplaceAll(c[2:len(c)-1], `""`, `"`)
	}
	return c
}

// formula tells whether a spreadsheet would take a cell that begins so for a formula.
func formula(c byte) bool { return c == '=' || c == '+' || c == '-' || c == '@' || c == '\'' }

// read makes a product of a line, with no id yet. Lines that are no goods and no fault either give ok false.
func (g *goods) read(cells []string, line int) (p register.Product, ok bool, fault *BadLine) {
	g.line = line
	if g.empty(cells) || g.repeated(cells) {
		return p, false, nil
	}
	p, fault = g.product(cells)
	if fault == nil {
		if fault = g.known(&p); fault == nil {
			return p, true, nil
		}
	}
	if (fault.Reason == ReasonPrice || fault.Reason == ReasonName) && fault.Value == "" && len(p.Barcodes) == 0 {
		if g.total(cells) {
			return p, false, nil
		}
		if g.mapping.GroupRows {
			if text := groupRow(cells, g.column[FieldName]); text != "" {
				g.group = groupPath(text, "\x00")
				return p, false, nil
			}
		}
	}
	fault.Line, fault.Value = line, shorten(fault.Value)
	return p, false, fault
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

func (g *goods) product(cells []string) (register.Product, *BadLine) {
	p := register.Product{
		Name: oneLine(g.cell(cells, FieldName)), NameEn: oneLine(g.cell(cells, FieldNameEn)),
		Code: g.cell(cells, FieldCode), Article: oneLine(g.cell(cells, FieldArticle)),
		Group: groupPath(g.cell(cells, FieldGroup), g.mapping.GroupDivider), GroupEn: groupPath(g.cell(cells, FieldGroupEn), g.mapping.GroupDivider),
		Unit: register.Piece, VAT: g.mapping.VAT,
	}
	if p.Group == "" {
		p.Group = g.group
	}
	p.Barcodes = g.allBarcodes(cells)
	for _, read := range []func(*register.Product, []string) *BadLine{g.texts, g.price, g.vat, g.unit, g.stock, g.flags, g.packs} {
		if fault := read(&p, cells); fault != nil {
			return p, fault
		}
	}
	return p, nil
}

func (g *goods) texts(p *register.Product, cells []string) *BadLine {
	if p.Name == "" {
		return bad(ReasonName, "")
	}
	for _, text := range []string{p.Name, p.NameEn, p.Group, p.GroupEn, p.Code, p.Article} {
		if strings.IndexFunc(text, unicode.IsControl) >= 0 || !utf8.ValidString(text) {
			return bad(ReasonText, strings.ToValidUTF8(text, "?"))
		}
	}
	switch {
	case longer(p.Code, register.MaxCode):
		return bad(ReasonCode, p.Code)
	case longer(p.Article, register.MaxArticle):
		return bad(ReasonArticle, p.Article)
	case longer(p.Group, register.MaxGroup), longer(p.GroupEn, register.MaxGroup):
		return bad(ReasonGroup, p.Group)
	}
	p.Name, p.NameEn = g.fit(p.Name), g.fit(p.NameEn)
	return nil
}

func longer(text string, limit int) bool {
	return len(text) > limit && utf8.RuneCountInString(text) > limit
}

// fit cuts a name to what a receipt can hold.
func (g *goods) fit(name string) string {
	if !longer(name, register.MaxName) {
		return name
	}
	g.warning(WarnShortened, name)
	return strings.TrimSpace(string([]rune(name)[:register.MaxName-1])) + "…"
}

func (g *goods) allBarcodes(cells []string) []string {
	if len(g.barcodes) == 1 {
		return splitBarcodes(g.at(cells, g.barcodes[0]))
	}
	var all []string
	for _, i := range g.barcodes {
		all = append(all, splitBarcodes(g.at(cells, i))...)
	}
	return all
}

func (g *goods) price(p *register.Product, cells []string) *BadLine {
	text := g.cell(cells, FieldPrice)
	var ok bool
	if p.Price, ok = price(text); ok {
		return nil
	}
	if text == "" {
		if free, ok := flag(g.cell(cells, FieldFreePrice)); ok && free {
			return nil
		}
	}
	return bad(ReasonPrice, text)
}

func (g *goods) vat(p *register.Product, cells []string) *BadLine {
	text := g.cell(cells, FieldVAT)
	if text == "" {
		return nil
	}
	v, ok := g.rates[text]
	if !ok {
		if v, ok = rate(text); !ok {
			return bad(ReasonVAT, text)
		}
		if len(g.rates) < 100 {
			g.rates[strings.Clone(text)] = v
		}
	}
	if p.VAT = v; v == register.VAT20 {
		g.warning(WarnVAT20, text)
	}
	return nil
}

func (g *goods) unit(p *register.Product, cells []string) *BadLine {
	text := g.cell(cells, FieldUnit)
	if text == "" {
		return nil
	}
	u, ok := units[text]
	if !ok {
		if u, ok = units[squeeze(text)]; !ok {
			return bad(ReasonUnit, text)
		}
	}
	if p.Unit = u.Unit; u.counted {
		g.warning(WarnUnit, text)
	}
	return nil
}

func (g *goods) stock(p *register.Product, cells []string) *BadLine {
	text := g.cell(cells, FieldStock)
	if text == "" {
		return nil
	}
	q, ok := stock(text)
	if !ok {
		return bad(ReasonStock, text)
	}
	p.Stock = &q
	return nil
}

func (g *goods) flags(p *register.Product, cells []string) *BadLine {
	for _, f := range []struct {
		field Field
		to    *bool
	}{{FieldNoDiscount, &p.NoDiscount}, {FieldFreePrice, &p.FreePrice}} {
		text := g.cell(cells, f.field)
		var ok bool
		if *f.to, ok = flag(text); !ok {
			return bad(ReasonFlag, text)
		}
	}
	return nil
}

func (g *goods) packs(p *register.Product, cells []string) *BadLine {
	text := g.cell(cells, FieldPacks)
	if text == "" {
		return nil
	}
	var ok bool
	if p.Packs, ok = splitPacks(text); !ok {
		return bad(ReasonPack, text)
	}
	return nil
}

// known checks a product as a whole, and that it stood in no earlier line.
func (g *goods) known(p *register.Product) *BadLine {
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
	if fault := g.twice(p); fault != nil {
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
func (g *goods) twice(p *register.Product) *BadLine {
	keys := make([]uint64, 0, 4)
	var fault *BadLine
	note := func(kind byte, text string) {
		var h maphash.Hash
		h.SetSeed(g.seed)
		h.WriteByte(kind)
		h.WriteString(text)
		k := h.Sum64()
		if line, there := g.first[k]; there && fault == nil {
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
	if p.Code != "" {
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
