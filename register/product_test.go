package register_test

import (
	"errors"
	"strings"
	"testing"

	"kassa/register"
)

func TestProductCheck(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ж", n+1) }
	quantity := func(q register.Quantity) *register.Quantity { return &q }
	for _, c := range []struct {
		name string
		do   func(*register.Product)
		want error
	}{
		{"nothing wrong", func(*register.Product) {}, nil},
		{"everything in it", func(p *register.Product) {
			p.Barcodes, p.Code, p.Article, p.NameEn, p.Group, p.GroupEn = []string{"4600000000015", "CODE-128 text"}, "17", "А-1", "Milk", "Еда/Молоко", "Food/Dairy"
			p.Packs, p.Stock = []register.Pack{{Barcode: "14600000000012", Name: "Ящик", Quantity: 12000}}, quantity(-5000)
		}, nil},
		{"no price", func(p *register.Product) { p.Price = 0 }, nil},
		{"no id", func(p *register.Product) { p.ID = "" }, register.ErrBadProduct},
		{"a long id", func(p *register.Product) { p.ID = long(64) }, register.ErrBadProduct},
		{"no name", func(p *register.Product) { p.Name = " " }, register.ErrBadProduct},
		{"a long name", func(p *register.Product) { p.Name = long(register.MaxName) }, register.ErrBadProduct},
		{"a long name in English", func(p *register.Product) { p.NameEn = long(register.MaxName) }, register.ErrBadProduct},
		{"control characters in the name", func(p *register.Product) { p.Name = "a\x1b[31m" }, register.ErrBadProduct},
		{"no text in the group", func(p *register.Product) { p.Group = "\xff" }, register.ErrBadProduct},
		{"a long group", func(p *register.Product) { p.Group = long(register.MaxGroup) }, register.ErrBadProduct},
		{"a long code", func(p *register.Product) { p.Code = long(register.MaxCode) }, register.ErrBadProduct},
		{"a long article", func(p *register.Product) { p.Article = long(register.MaxArticle) }, register.ErrBadProduct},
		{"more stock than can be", func(p *register.Product) { p.Stock = quantity(register.MaxStock + 1) }, register.ErrBadProduct},
		{"less stock than can be", func(p *register.Product) { p.Stock = quantity(-register.MaxStock - 1) }, register.ErrBadProduct},
		{"a price below nothing", func(p *register.Product) { p.Price = -1 }, register.ErrBadProduct},
		{"a price beyond a receipt", func(p *register.Product) { p.Price = register.MaxMoney + 1 }, register.ErrBadProduct},
		{"an unknown rate", func(p *register.Product) { p.VAT = "18" }, register.ErrBadProduct},
		{"a calculated rate", func(p *register.Product) { p.VAT = register.VAT22of122 }, register.ErrBadProduct},
		{"an unknown unit", func(p *register.Product) { p.Unit = "pood" }, register.ErrBadProduct},
		{"a barcode that is none", func(p *register.Product) { p.Barcodes = []string{"46 "} }, register.ErrNotBarcode},
		{"a pack with no barcode", func(p *register.Product) { p.Packs = []register.Pack{{Quantity: 1000}} }, register.ErrNotBarcode},
		{"a pack of nothing", func(p *register.Product) { p.Packs = []register.Pack{{Barcode: "1"}} }, register.ErrNotQuantity},
		{"a pack of too much", func(p *register.Product) {
			p.Packs = []register.Pack{{Barcode: "1", Quantity: register.MaxQuantity + 1}}
		}, register.ErrNotQuantity},
		{"a pack of half a piece", func(p *register.Product) { p.Packs = []register.Pack{{Barcode: "1", Quantity: 500}} }, register.ErrWholeUnits},
		{"a pack with a long name", func(p *register.Product) {
			p.Packs = []register.Pack{{Barcode: "1", Quantity: 1000, Name: long(register.MaxName)}}
		}, register.ErrBadProduct},
		{"too many packs", func(p *register.Product) {
			p.Packs = make([]register.Pack, register.MaxPacks+1)
		}, register.ErrBadProduct},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := product("a", 100, register.Piece)
			c.do(&p)
			if err := p.Check(); !errors.Is(err, c.want) || err != nil && !errors.Is(err, register.ErrBadProduct) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestCustomerCheck(t *testing.T) {
	for _, c := range []struct {
		name string
		who  register.Customer
		ok   bool
	}{
		{"a name is enough", register.Customer{ID: "c", Name: "Анна"}, true},
		{"everything", register.Customer{ID: "c", Name: "Анна", Phone: "+7 (900) 000-00-00", Email: "a@b", Card: "29 A", Discount: register.Hundred}, true},
		{"no id", register.Customer{Name: "Анна"}, false},
		{"a long id", register.Customer{ID: strings.Repeat("1", 65), Name: "Анна"}, false},
		{"no name", register.Customer{ID: "c", Name: "\t"}, false},
		{"a long name", register.Customer{ID: "c", Name: strings.Repeat("А", register.MaxName+1)}, false},
		{"letters in the phone", register.Customer{ID: "c", Name: "Анна", Phone: "8-800-CALL"}, false},
		{"a long phone", register.Customer{ID: "c", Name: "Анна", Phone: strings.Repeat("8", 33)}, false},
		{"no e-mail", register.Customer{ID: "c", Name: "Анна", Email: "anna"}, false},
		{"a long e-mail", register.Customer{ID: "c", Name: "Анна", Email: "@" + strings.Repeat("a", 64)}, false},
		{"a card that no scanner reads", register.Customer{ID: "c", Name: "Анна", Card: "карта"}, false},
		{"a discount below nothing", register.Customer{ID: "c", Name: "Анна", Discount: -1}, false},
		{"a discount above all", register.Customer{ID: "c", Name: "Анна", Discount: register.Hundred + 1}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.who.Check(); (err == nil) != c.ok || err != nil && !errors.Is(err, register.ErrBadCustomer) {
				t.Errorf("got %v", err)
			}
		})
	}
}
