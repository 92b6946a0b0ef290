package catalogue_test

import (
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"kassa/assets/catalogue"
	"kassa/register"
)

var columns = []string{"barcode", "code", "name", "name_en", "group", "group_en", "price", "vat", "unit"}

// row is one line of the catalogue by the names of its columns.
type row map[string]string

func read(t *testing.T) []row {
	t.Helper()
	lines, err := csv.NewReader(catalogue.Demo()).ReadAll()
	if err != nil {
		t.Fatalf("reading the demo catalogue: %v", err)
	}
	if !slices.Equal(lines[0], columns) {
		t.Fatalf("columns are %q, want %q", lines[0], columns)
	}
	var rows []row
	for _, line := range lines[1:] {
		r := row{}
		for i, name := range columns {
			r[name] = line[i]
		}
		rows = append(rows, r)
	}
	return rows
}

// product is what the register makes of a row.
func product(t *testing.T, r row) register.Product {
	t.Helper()
	price, err := register.ParseMoney(r["price"])
	if err != nil {
		t.Fatalf("%s: %v", r["name"], err)
	}
	vat, err := register.ParseVAT(r["vat"])
	if err != nil {
		t.Fatalf("%s: %v", r["name"], err)
	}
	p := register.Product{
		ID: r["code"], Code: r["code"], Name: r["name"], NameEn: r["name_en"], Group: r["group"],
		Unit: register.Unit(r["unit"]), Price: price, VAT: vat,
	}
	if r["barcode"] != "" {
		p.Barcodes = []string{r["barcode"]}
	}
	return p
}

func TestEveryProductCanBeSold(t *testing.T) {
	rows := read(t)
	if len(rows) < 300 {
		t.Errorf("%d goods, want at least 300", len(rows))
	}
	for _, r := range rows {
		p := product(t, r)
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		if p.Price <= 0 {
			t.Errorf("%s: price %s", p.Name, p.Price)
		}
		for _, text := range []string{p.Name, p.NameEn, p.Group, r["group_en"]} {
			if n := utf8.RuneCountInString(text); n < 4 || n > 60 || text != strings.TrimSpace(text) {
				t.Errorf("%s: %q is no name for a tile", p.Name, text)
			}
		}
	}
}

func TestNothingIsThereTwice(t *testing.T) {
	seen := map[string]string{}
	for _, r := range read(t) {
		for _, column := range []string{"barcode", "code", "name", "name_en"} {
			if r[column] == "" {
				continue
			}
			key := column + " " + r[column]
			if other, ok := seen[key]; ok {
				t.Errorf("%s is on %q and on %q", key, other, r["name"])
			}
			seen[key] = r["name"]
		}
	}
}

func TestBarcodesAreRestrictedEAN13(t *testing.T) {
	for _, r := range read(t) {
		code := r["barcode"]
		if code == "" {
			continue
		}
		if len(code) != 13 || !strings.HasPrefix(code, "04") {
			t.Errorf("%s: %s is not an EAN-13 of the range 04", r["name"], code)
			continue
		}
		if !checkDigit(code) {
			t.Errorf("%s: %s has a wrong check digit", r["name"], code)
		}
	}
	if checkDigit("0400000000016") {
		t.Error("the test itself takes a wrong check digit for a right one")
	}
}

// checkDigit adds the digits of an EAN-13, every second one three times: the sum must end in zero.
func checkDigit(code string) bool {
	sum := 0
	for i, r := range code {
		d := int(r - '0')
		if d < 0 || d > 9 {
			return false
		}
		if i%2 == 1 {
			d *= 3
		}
		sum += d
	}
	return sum%10 == 0
}

func TestCodesAreShortNumbers(t *testing.T) {
	for _, r := range read(t) {
		n, err := strconv.Atoi(r["code"])
		if err != nil || n < 1 || n > 9999 || strconv.Itoa(n) != r["code"] {
			t.Errorf("%s: code %q cannot be keyed in at a glance", r["name"], r["code"])
		}
	}
}

func TestGoodsWithoutPackingHaveNoBarcode(t *testing.T) {
	for _, r := range read(t) {
		if register.Unit(r["unit"]).Weighed() && r["barcode"] != "" {
			t.Errorf("%s is sold by %s and has the barcode %s", r["name"], r["unit"], r["barcode"])
		}
	}
}

func TestEveryCaseOfTheRegisterIsThere(t *testing.T) {
	groups := map[string]int{}
	english := map[string]string{}
	rates := map[register.VAT]int{}
	units := map[register.Unit]int{}
	for _, r := range read(t) {
		p := product(t, r)
		groups[p.Group]++
		rates[p.VAT]++
		units[p.Unit]++
		if before, ok := english[p.Group]; ok && before != r["group_en"] {
			t.Errorf("group %q is called both %q and %q", p.Group, before, r["group_en"])
		}
		english[p.Group] = r["group_en"]
	}
	if len(groups) < 12 {
		t.Errorf("%d groups, want at least 12", len(groups))
	}
	for name, n := range groups {
		if n < 10 {
			t.Errorf("group %q has %d goods: too few to fill the tiles", name, n)
		}
	}
	for _, v := range []register.VAT{register.VAT22, register.VAT10, register.VAT0, register.VATNone} {
		if rates[v] == 0 {
			t.Errorf("no product has the rate %s", v)
		}
	}
	for _, u := range []register.Unit{register.Piece, register.Kilogram, register.Litre, register.Metre} {
		if units[u] == 0 {
			t.Errorf("no product is counted in %s", u)
		}
	}
}
