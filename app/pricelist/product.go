package pricelist

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kassa/register"
)

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
		read  func(string) (yes, ok bool)
	}{{FieldNoDiscount, &p.NoDiscount, flag}, {FieldFreePrice, &p.FreePrice, flag}, {FieldMarked, &p.Marked, marked}} {
		text := g.cell(cells, f.field)
		var ok bool
		if *f.to, ok = f.read(text); !ok {
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
