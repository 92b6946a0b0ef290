package pricelist

import (
	"strings"
	"unicode"

	"kassa/register"
)

// squeeze keeps a text's letters and digits, in lower case and with е for ё: what is left when people and programs
// write one thing in different ways, as in "Ед. изм.", "ед изм" and "ЕдИзм".
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		switch r = unicode.ToLower(r); {
		case r == 'ё':
			return 'е'
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return r
		}
		return -1
	}, text)
}

// unit is what a price list's word for a unit means here.
type unit struct {
	register.Unit
	counted bool // a thing of its own, such as a bottle, that is counted in pieces here
}

// units are the words that price lists use, squeezed, with their numbers in the classifier of units (ОК 015-94, ОКЕИ).
var units = map[string]unit{
	"pcs": {Unit: register.Piece}, "pc": {Unit: register.Piece}, "piece": {Unit: register.Piece}, "шт": {Unit: register.Piece},
	"штука": {Unit: register.Piece}, "штук": {Unit: register.Piece}, "штуки": {Unit: register.Piece}, "796": {Unit: register.Piece},
	"ед": {Unit: register.Piece}, "единица": {Unit: register.Piece}, "642": {Unit: register.Piece},
	"kg": {Unit: register.Kilogram}, "кг": {Unit: register.Kilogram}, "килограмм": {Unit: register.Kilogram}, "166": {Unit: register.Kilogram},
	"l": {Unit: register.Litre}, "л": {Unit: register.Litre}, "литр": {Unit: register.Litre}, "112": {Unit: register.Litre},
	"лдм3": {Unit: register.Litre}, "дм3": {Unit: register.Litre},
	"m": {Unit: register.Metre}, "м": {Unit: register.Metre}, "метр": {Unit: register.Metre}, "мпог": {Unit: register.Metre},
	"погм": {Unit: register.Metre}, "пм": {Unit: register.Metre}, "006": {Unit: register.Metre}, "6": {Unit: register.Metre},
	"уп": {register.Piece, true}, "упак": {register.Piece, true}, "упаковка": {register.Piece, true}, "778": {register.Piece, true},
	"пач": {register.Piece, true}, "пачка": {register.Piece, true}, "728": {register.Piece, true},
	"бут": {register.Piece, true}, "бутылка": {register.Piece, true}, "868": {register.Piece, true},
	"бан": {register.Piece, true}, "банк": {register.Piece, true}, "банка": {register.Piece, true},
	"кор": {register.Piece, true}, "коробка": {register.Piece, true}, "ящ": {register.Piece, true}, "ящик": {register.Piece, true},
	"блок": {register.Piece, true}, "бл": {register.Piece, true}, "рул": {register.Piece, true}, "рулон": {register.Piece, true},
	"пар": {register.Piece, true}, "пара": {register.Piece, true}, "715": {register.Piece, true},
	"компл": {register.Piece, true}, "комплект": {register.Piece, true}, "839": {register.Piece, true},
	"наб": {register.Piece, true}, "набор": {register.Piece, true}, "704": {register.Piece, true}, "меш": {register.Piece, true}, "мешок": {register.Piece, true},
	"порц": {register.Piece, true}, "порция": {register.Piece, true}, "лист": {register.Piece, true}, "усл": {register.Piece, true}, "услуга": {register.Piece, true},
	"pack": {register.Piece, true}, "bottle": {register.Piece, true}, "box": {register.Piece, true}, "set": {register.Piece, true}, "pair": {register.Piece, true},
}

// rate reads a VAT rate: "22", "22%", "НДС 20 %", "НДС20", "Без НДС", and a spreadsheet's 0.22 for 22 %.
func rate(text string) (register.VAT, bool) {
	if v, err := register.ParseVAT(text); err == nil {
		return v, true
	}
	switch squeeze(text) {
	case "без", "безндс", "безналога", "безналогандс", "необлагается", "нетндс", "none", "novat", "exempt":
		return register.VATNone, true
	}
	t := strings.ToLower(text)
	for _, word := range []string{"ставка", "ндс", "vat", "nds", "%", "_"} {
		t = strings.ReplaceAll(t, word, "")
	}
	v, ok := decimal(strings.TrimSpace(t), 4, 100_0000)
	if !ok {
		return "", false
	}
	if v > 0 && v < 1_0000 && !strings.Contains(text, "%") {
		v *= 100
	}
	if v%1_0000 != 0 {
		return "", false
	}
	parsed, err := register.ParseVAT(register.Quantity(v / 10).String())
	return parsed, err == nil
}

// flag reads yes or no; an empty cell is a no.
func flag(text string) (yes, ok bool) {
	switch strings.ToLower(text) {
	case "", "-", "0", "no", "n", "false", "нет", "н", "ложь":
		return false, true
	case "1", "+", "yes", "y", "true", "да", "д", "истина", "x", "х", "v", "✓", "✔":
		return true, true
	}
	return false, false
}

// markedKinds stand in the words by which accounting programs name the kinds of goods that have marking codes,
// squeezed: МойСклад («Табачная продукция», and TOBACCO in its API), 1С («Обувная продукция», «Молочная продукция»).
var markedKinds = []string{"табач", "табак", "сигарет", "никотин", "обув", "одежд", "легкойпром", "легпром", "белье", "духи", "туалетнаявода", "парфюм",
	"фотоаппарат", "фотокамер", "лампывспышк", "шины", "покрышк", "молочн", "молоко", "мороженое", "упакованнаявода", "питьеваявода", "минеральн", "бады", "биологическиактивн",
	"антисептик", "дезинфиц", "пиво", "пивн", "слабоалког", "безалкогольн", "напитки", "соки", "велосипед", "креслаколяски", "колясок", "коляски", "мехов", "шубы",
	"лекарств", "медицинск", "медизделия", "икра", "морепродукт", "корма", "кормдля", "ветеринарн", "растительн", "консерв", "бакале", "косметик", "бытоваяхимия",
	"радиоэлектрон", "строительн", "игрушк", "моторныемасла", "технологическиесредства", "маркируем", "маркирован", "подлежит", "честныйзнак",
	"tobacco", "otp", "ncp", "shoes", "lpclothes", "lplinens", "clothes", "perfumery", "electronics", "tires", "milk", "water", "beeralcohol", "beer", "nabeer", "softdrinks",
	"foodsupplement", "supplements", "sanitizer", "antiseptic", "medicaldevices", "wheelchairs", "bicycle", "furs", "petfood", "seafood", "vegetableoil", "vetpharma",
	"cosmetics", "toys", "marked"}

// marked reads whether goods have marking codes: yes or no, or the kind of marked goods.
func marked(text string) (yes, ok bool) {
	if yes, ok := flag(text); ok {
		return yes, true
	}
	word := squeeze(text)
	switch word {
	case "обычный", "обычныйтовар", "неопределена", "неопределен", "nottracked", "none", "notmarked", "unmarked":
		return false, true
	}
	if (strings.HasPrefix(word, "не") || strings.HasPrefix(word, "без")) && containsAny(word, []string{"маркир", "подлеж", "особенн"}) {
		return false, true
	}
	known := containsAny(word, markedKinds)
	return known, known
}

// oneLine makes one line of a cell that may hold several, with single spaces.
func oneLine(text string) string {
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ', c == ' ' && i+1 < len(text) && text[i+1] == ' ',
			c == 0xc2, c >= 0xe1 && c <= 0xe3: // what Unicode's other spaces begin with
			return strings.Join(strings.Fields(text), " ")
		}
	}
	return strings.TrimSpace(text)
}

// groupPath makes a path of groups as the register has it. A divider of the register's inside a level of a list that
// divides otherwise is part of a name, as in "Чай/кофе > Зелёный", and becomes a hyphen.
func groupPath(text, divider string) string {
	if text == "" {
		return ""
	}
	if divider == "" {
		divider = register.GroupSeparator
	}
	if !strings.Contains(text, divider) && !strings.Contains(text, register.GroupSeparator) {
		return oneLine(text)
	}
	var levels []string
	for level := range strings.SplitSeq(text, divider) {
		if divider != register.GroupSeparator {
			level = strings.ReplaceAll(level, register.GroupSeparator, "-")
		}
		if level = oneLine(level); level != "" {
			levels = append(levels, level)
		}
	}
	return strings.Join(levels, register.GroupSeparator)
}
