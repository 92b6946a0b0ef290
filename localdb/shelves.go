package localdb

import (
	"bytes"
	"slices"
	"strings"

	"kassa/register"
)

// shelves are goods of the catalogue in memory, while a price list is put over them. They hold either the whole
// catalogue or at least every product that has a barcode, a code or an id in common with the list: no other can be
// touched by it.
type shelves struct {
	arena
	newID    func() string
	goods    []good
	barcodes map[string]owner
	codes    map[string]uint32
	ids      map[string]uint32 // nil until a list names ids
	groups   []group
	byPath   map[string]uint32
	stocks   []listedStock
	done     Imported
	buffer   []byte
}

// good is a product as it was in the catalogue and as it is to be.
type good struct {
	was, now           ref
	wasPrice, nowPrice register.Money
	key                int64 // zero for a new one
}

func (g *good) changed() bool { return g.was != g.now || g.wasPrice != g.nowPrice }

// owner is the product that a barcode finds.
type owner struct {
	good uint32
	pack bool
}

// group is a row of table groups.
type group struct {
	key                int64 // zero for a new one
	path, parent, name string
	pathEn, nameEn     string
	goods, branches    int64
	above              uint32 // the group that it is in
}

// listedStock is what the list says of a product's stock.
type listedStock struct {
	good     uint32
	quantity register.Quantity
	same     bool // nothing else of the product has changed
}

func newShelves(newID func() string) *shelves {
	sh := &shelves{newID: newID, barcodes: map[string]owner{}, codes: map[string]uint32{}, byPath: map[string]uint32{}}
	sh.groups = append(sh.groups, group{}) // the group of goods that are in none
	return sh
}

// addGroup adds a row of table groups. Those above it must be there.
func (sh *shelves) addGroup(g group) {
	g.above = sh.byPath[g.parent]
	sh.byPath[g.path] = uint32(len(sh.groups))
	sh.groups = append(sh.groups, g)
}

// load puts a product of the catalogue on the shelf.
func (sh *shelves) load(key int64, p register.Product) {
	n := uint32(len(sh.goods))
	at := sh.store(&packed{Product: p, group: sh.byPath[p.Group]})
	sh.goods = append(sh.goods, good{was: at, now: at, wasPrice: p.Price, nowPrice: p.Price, key: key})
	sh.own(n, p)
}

func (sh *shelves) own(n uint32, p register.Product) {
	for _, k := range p.Packs {
		sh.barcodes[strings.Clone(k.Barcode)] = owner{n, true}
	}
	for _, b := range p.Barcodes {
		sh.barcodes[strings.Clone(b)] = owner{n, false}
	}
	if p.Code != "" {
		sh.codes[strings.Clone(p.Code)] = n
	}
	if sh.ids != nil {
		sh.ids[p.ID] = n
	}
}

func (sh *shelves) store(p *packed) ref {
	sh.buffer = pack(sh.buffer[:0], p)
	return sh.arena.put(sh.buffer)
}

// at is a product as it is to be.
func (sh *shelves) at(n uint32) packed {
	p := unpack(sh.get(sh.goods[n].now))
	p.Price = sh.goods[n].nowPrice
	return p
}

// was is a product as it was in the catalogue.
func (sh *shelves) was(n uint32) packed {
	p := unpack(sh.get(sh.goods[n].was))
	p.Price = sh.goods[n].wasPrice
	return p
}

// put puts one product of the list on the shelf. The error is register.ErrBadProduct.
func (sh *shelves) put(p register.Product) error {
	p.Group, p.GroupEn = cleanPath(p.Group), cleanPath(p.GroupEn)
	p.Barcodes, p.Packs = once(p.Barcodes, p.Packs)
	n, there := sh.find(p)
	if !there {
		return sh.add(p)
	}
	return sh.change(n, p)
}

// find finds the product that one of the list replaces.
func (sh *shelves) find(p register.Product) (n uint32, there bool) {
	if len(p.Barcodes) > 0 {
		if o, ok := sh.barcodes[p.Barcodes[0]]; ok && !o.pack {
			return o.good, true
		}
	}
	if p.Code != "" {
		if n, ok := sh.codes[p.Code]; ok {
			return n, true
		}
	}
	if p.ID == "" {
		return 0, false
	}
	if sh.ids == nil {
		sh.ids = make(map[string]uint32, len(sh.goods))
		for i := range sh.goods {
			sh.ids[sh.at(uint32(i)).ID] = uint32(i)
		}
	}
	n, there = sh.ids[p.ID]
	return n, there
}

func (sh *shelves) add(p register.Product) error {
	if p.ID == "" {
		p.ID = sh.newID()
	}
	if err := p.Check(); err != nil {
		return err
	}
	n := uint32(len(sh.goods))
	sh.take(n, p)
	g, _ := sh.translated(p)
	sh.goods = append(sh.goods, good{now: sh.store(&packed{Product: p, group: g}), nowPrice: p.Price})
	sh.own(n, p)
	sh.done.Added++
	sh.listStock(n, p, false)
	return nil
}

func (sh *shelves) change(n uint32, p register.Product) error {
	old := sh.at(n)
	p.ID = old.ID
	if p.Code == "" {
		p.Code = old.Code
	}
	if err := p.Check(); err != nil {
		return err
	}
	g, translated := sh.translated(p)
	sh.buffer = pack(sh.buffer[:0], &packed{Product: p, group: g})
	if bytes.Equal(sh.buffer, sh.get(sh.goods[n].now)) {
		same := !translated && p.Price == old.Price
		sh.goods[n].nowPrice = p.Price
		sh.count(same)
		sh.listStock(n, p, same)
		return nil
	}
	record := slices.Clone(sh.buffer) // take packs what others lose
	sh.release(n, old.Product)
	sh.take(n, p)
	sh.goods[n].now, sh.goods[n].nowPrice = sh.arena.put(record), p.Price
	sh.own(n, p)
	sh.count(false)
	sh.listStock(n, p, false)
	return nil
}

func (sh *shelves) count(same bool) {
	if same {
		sh.done.Same++
	} else {
		sh.done.Changed++
	}
}

func (sh *shelves) listStock(n uint32, p register.Product, same bool) {
	if p.Stock != nil {
		sh.stocks = append(sh.stocks, listedStock{n, *p.Stock, same})
	}
}

// release lets go of what a product was found by.
func (sh *shelves) release(n uint32, old register.Product) {
	for _, b := range barcodesOf(old) {
		if sh.barcodes[b].good == n {
			delete(sh.barcodes, b)
		}
	}
	if old.Code != "" && sh.codes[old.Code] == n {
		delete(sh.codes, old.Code)
	}
}

// take takes a product's barcodes and its code from other products that have them.
func (sh *shelves) take(n uint32, p register.Product) {
	for _, b := range barcodesOf(p) {
		if o, ok := sh.barcodes[b]; ok && o.good != n {
			sh.edit(o.good, func(loser *register.Product) {
				loser.Barcodes = slices.DeleteFunc(loser.Barcodes, func(c string) bool { return c == b })
				loser.Packs = slices.DeleteFunc(loser.Packs, func(k register.Pack) bool { return k.Barcode == b })
			})
		}
	}
	if o, ok := sh.codes[p.Code]; ok && p.Code != "" && o != n {
		sh.edit(o, func(loser *register.Product) { loser.Code = "" })
	}
}

func (sh *shelves) edit(n uint32, change func(*register.Product)) {
	p := sh.at(n)
	change(&p.Product)
	sh.goods[n].now = sh.store(&p)
}

// translated finds a product's group and gives it the English name that the product brings. changed tells that it
// had another.
func (sh *shelves) translated(p register.Product) (n uint32, changed bool) {
	n = sh.group(p.Group, p.GroupEn)
	return n, n != 0 && p.GroupEn != "" && sh.groups[n].translate(p.GroupEn)
}

func (g *group) translate(en string) bool {
	if g.pathEn == en {
		return false
	}
	g.pathEn = en
	_, g.nameEn = english(g.path, en)
	return true
}

// group finds a group, or makes it and those above it. en, if not empty, names new ones.
func (sh *shelves) group(path, en string) uint32 {
	if path == "" {
		return 0
	}
	if n, ok := sh.byPath[path]; ok {
		return n
	}
	g := group{path: strings.Clone(path)}
	g.parent, g.name = cutPath(g.path)
	aboveEn, _ := english(path, en)
	g.above = sh.group(g.parent, aboveEn)
	g.translate(strings.Clone(en))
	n := uint32(len(sh.groups))
	sh.byPath[g.path] = n
	sh.groups = append(sh.groups, g)
	return n
}

// barcodesOf are all barcodes that find a product.
func barcodesOf(p register.Product) []string {
	if len(p.Packs) == 0 {
		return p.Barcodes
	}
	all := slices.Clone(p.Barcodes)
	for _, k := range p.Packs {
		all = append(all, k.Barcode)
	}
	return all
}

// once leaves out barcodes that are named twice: one barcode finds one thing.
func once(barcodes []string, packs []register.Pack) ([]string, []register.Pack) {
	if len(barcodes) < 2 && len(packs) == 0 {
		return barcodes, packs
	}
	seen := map[string]bool{}
	fresh := func(b string) bool { f := !seen[b]; seen[b] = true; return f }
	var bs []string
	for _, b := range barcodes {
		if fresh(b) {
			bs = append(bs, b)
		}
	}
	var ks []register.Pack
	for _, k := range packs {
		if fresh(k.Barcode) {
			ks = append(ks, k)
		}
	}
	return bs, ks
}
