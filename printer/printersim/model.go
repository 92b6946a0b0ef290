package printersim

import "golang.org/x/text/encoding/charmap"

// Model is what differs between printers in how they read text. The zero value is the usual printer.
type Model struct {
	Tables  map[byte]*charmap.Charmap // code tables, by the number of ESC t
	Chinese bool                      // firmware that reads letters of two bytes after every ESC @, until FS .
}

// Usual is the usual printer: the numbers of Epson TM, and those of Xprinter's firmware beside them.
func Usual() Model {
	return Model{Tables: map[byte]*charmap.Charmap{
		0: charmap.CodePage437, 2: charmap.CodePage850, 16: charmap.Windows1252,
		17: charmap.CodePage866, 59: charmap.CodePage866,
		34: charmap.CodePage855, 46: charmap.Windows1251, 73: charmap.Windows1251,
	}}
}

// Clone is a printer with Chinese firmware and the usual tables, as Xprinter, Zjiang and most nameless ones are.
func Clone() Model {
	m := Usual()
	m.Chinese = true
	return m
}

// Rongta is a printer with the numbers of Rongta, Youku and MPT, where 17 is no Cyrillic (here, none at all).
func Rongta() Model {
	return Model{Chinese: true, Tables: map[byte]*charmap.Charmap{
		0: charmap.CodePage437, 2: charmap.CodePage850, 6: charmap.Windows1251, 7: charmap.CodePage866, 28: charmap.CodePage855,
	}}
}

// Kefar is a printer with the numbers of Kefar and YHDAA.
func Kefar() Model {
	return Model{Chinese: true, Tables: map[byte]*charmap.Charmap{
		0: charmap.CodePage437, 12: charmap.CodePage866, 18: charmap.Windows1251, 37: charmap.CodePage866, 51: charmap.Windows1251,
	}}
}

// ByMaker is the model of a maker's printers, by the maker's name in small letters. Most makers are not known here: their
// printers are clones.
func ByMaker(maker string) Model {
	switch maker {
	case "epson", "citizen", "star", "bixolon", "seiko":
		return Usual()
	case "rongta":
		return Rongta()
	case "datecs", "wincor": // the same numbers, and no Chinese firmware
		m := Rongta()
		m.Chinese = false
		return m
	case "kefar", "yhdaa":
		return Kefar()
	}
	return Clone()
}
