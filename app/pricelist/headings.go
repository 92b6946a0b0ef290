package pricelist

import (
	"strconv"
	"strings"
)

// known are the headings that programs and people write, squeezed, and how sure each makes of its field; the higher wins
// where two columns would do. The accounting programs are 1С («Номенклатура.Наименование», «ЦенаПродажи»), МойСклад
// («Цена: Цена продажи», «Штрихкод EAN13»), and price lists that people make in a spreadsheet.
var known = map[string]struct {
	field Field
	sure  int
}{
	"barcode": {FieldBarcode, 100}, "barcodes": {FieldBarcode, 100}, "штрихкод": {FieldBarcode, 100}, "штрихкоды": {FieldBarcode, 100},
	"ean": {FieldBarcode, 100}, "ean13": {FieldBarcode, 100}, "ean8": {FieldBarcode, 100}, "upc": {FieldBarcode, 100}, "upca": {FieldBarcode, 100},
	"gtin": {FieldBarcode, 100}, "шк": {FieldBarcode, 100}, "баркод": {FieldBarcode, 100}, "штриховойкод": {FieldBarcode, 100},

	"code": {FieldCode, 100}, "код": {FieldCode, 100}, "кодтовара": {FieldCode, 100}, "кодноменклатуры": {FieldCode, 100}, "plu": {FieldCode, 100},
	"productcode": {FieldCode, 100}, "itemcode": {FieldCode, 100}, "внутреннийкод": {FieldCode, 90}, "номенклатурныйномер": {FieldCode, 90},

	"article": {FieldArticle, 100}, "артикул": {FieldArticle, 100}, "арт": {FieldArticle, 100}, "sku": {FieldArticle, 90},
	"vendorcode": {FieldArticle, 90}, "артикулпоставщика": {FieldArticle, 80}, "артикулпроизводителя": {FieldArticle, 80}, "partnumber": {FieldArticle, 90},

	"name": {FieldName, 100}, "название": {FieldName, 100}, "наименование": {FieldName, 100}, "товар": {FieldName, 95}, "номенклатура": {FieldName, 95},
	"номенклатуранаименование": {FieldName, 100}, "наименованиетовара": {FieldName, 100}, "названиетовара": {FieldName, 100},
	"наименованиетоваров": {FieldName, 100}, "наименованиеноменклатуры": {FieldName, 100}, "product": {FieldName, 95}, "productname": {FieldName, 100},
	"item": {FieldName, 90}, "itemname": {FieldName, 100}, "title": {FieldName, 90}, "продукция": {FieldName, 90}, "товары": {FieldName, 90},
	"товарыработыуслуги": {FieldName, 90}, "полноенаименование": {FieldName, 80}, "наименованиеполное": {FieldName, 80},
	"наименованиедляпечати": {FieldName, 80}, "description": {FieldName, 40},

	"nameen": {FieldNameEn, 100}, "englishname": {FieldNameEn, 100}, "названиенаанглийском": {FieldNameEn, 100}, "наименованиенаанглийском": {FieldNameEn, 100},
	"наименованиеанглийское": {FieldNameEn, 100}, "nameenglish": {FieldNameEn, 100},

	"group": {FieldGroup, 100}, "groups": {FieldGroup, 100}, "группа": {FieldGroup, 100}, "группы": {FieldGroup, 100}, "группатоваров": {FieldGroup, 100},
	"товарнаягруппа": {FieldGroup, 100}, "category": {FieldGroup, 95}, "categories": {FieldGroup, 95}, "категория": {FieldGroup, 95},
	"категории": {FieldGroup, 95}, "категориятовара": {FieldGroup, 95}, "родитель": {FieldGroup, 95}, "номенклатурародитель": {FieldGroup, 95},
	"parent": {FieldGroup, 90}, "раздел": {FieldGroup, 90}, "папка": {FieldGroup, 90}, "номенклатурнаягруппа": {FieldGroup, 80}, "department": {FieldGroup, 70},
	"отдел": {FieldGroup, 70}, "видноменклатуры": {FieldGroup, 60},

	"groupen": {FieldGroupEn, 100}, "categoryen": {FieldGroupEn, 100},

	"ценапродажи": {FieldPrice, 110}, "ценаценапродажи": {FieldPrice, 110}, "розничнаяцена": {FieldPrice, 110}, "ценарозничная": {FieldPrice, 110},
	"ценарозница": {FieldPrice, 110}, "розница": {FieldPrice, 105}, "розничная": {FieldPrice, 105}, "ценароссия": {FieldPrice, 90}, "отпускнаяцена": {FieldPrice, 80},
	"цена": {FieldPrice, 100}, "price": {FieldPrice, 100}, "ценаруб": {FieldPrice, 100}, "ценазаед": {FieldPrice, 95}, "ценазаединицу": {FieldPrice, 95},
	"ценазашт": {FieldPrice, 95}, "ценасндс": {FieldPrice, 95}, "retailprice": {FieldPrice, 110}, "saleprice": {FieldPrice, 105}, "sellingprice": {FieldPrice, 105},
	"unitprice": {FieldPrice, 100}, "стоимость": {FieldPrice, 60},

	"vat": {FieldVAT, 100}, "ндс": {FieldVAT, 100}, "ставкандс": {FieldVAT, 110}, "номенклатураставкандс": {FieldVAT, 110}, "vatrate": {FieldVAT, 110},
	"процентндс": {FieldVAT, 100}, "tax": {FieldVAT, 80}, "taxrate": {FieldVAT, 90}, "налог": {FieldVAT, 80},

	"unit": {FieldUnit, 100}, "units": {FieldUnit, 100}, "uom": {FieldUnit, 100}, "ед": {FieldUnit, 100}, "еи": {FieldUnit, 95}, "едизм": {FieldUnit, 100},
	"единица": {FieldUnit, 100}, "единицаизмерения": {FieldUnit, 100}, "единицыизмерения": {FieldUnit, 100}, "базоваяединица": {FieldUnit, 95},
	"базоваяединицаизмерения": {FieldUnit, 95}, "единицахраненияостатков": {FieldUnit, 95}, "единицахранения": {FieldUnit, 95}, "едхранения": {FieldUnit, 95},

	"stock": {FieldStock, 100}, "остаток": {FieldStock, 105}, "остатки": {FieldStock, 100}, "конечныйостаток": {FieldStock, 105}, "остатокнаскладе": {FieldStock, 105},
	"свободныйостаток": {FieldStock, 100}, "количествоостаток": {FieldStock, 100}, "количество": {FieldStock, 95}, "колво": {FieldStock, 95}, "кол": {FieldStock, 80},
	"qty": {FieldStock, 95}, "quantity": {FieldStock, 95}, "onhand": {FieldStock, 95}, "наличие": {FieldStock, 70}, "вналичии": {FieldStock, 70},

	"nodiscount": {FieldNoDiscount, 100}, "безскидки": {FieldNoDiscount, 100}, "безскидок": {FieldNoDiscount, 100}, "запретскидок": {FieldNoDiscount, 100},
	"запретитьскидки": {FieldNoDiscount, 100}, "запретитьскидкиприпродажевразницу": {FieldNoDiscount, 100},
	"запретитьскидкиприпродажеврозницу": {FieldNoDiscount, 100}, "скидказапрещена": {FieldNoDiscount, 100},

	"freeprice": {FieldFreePrice, 100}, "свободнаяцена": {FieldFreePrice, 100}, "произвольнаяцена": {FieldFreePrice, 100},

	"marked": {FieldMarked, 100}, "маркировка": {FieldMarked, 100}, "маркированный": {FieldMarked, 100}, "маркированныйтовар": {FieldMarked, 100},
	"маркируемыйтовар": {FieldMarked, 100}, "маркируемый": {FieldMarked, 100}, "маркируемаяпродукция": {FieldMarked, 100}, "типмаркировки": {FieldMarked, 110},
	"видмаркировки": {FieldMarked, 110}, "подлежитмаркировке": {FieldMarked, 110}, "обязательнаямаркировка": {FieldMarked, 110},
	"типмаркируемойпродукции": {FieldMarked, 110}, "видмаркируемойпродукции": {FieldMarked, 110}, "честныйзнак": {FieldMarked, 105},
	"особенностьучета": {FieldMarked, 90}, "trackingtype": {FieldMarked, 110}, "marking": {FieldMarked, 90}, "markingtype": {FieldMarked, 110},

	"packs": {FieldPacks, 100}, "упаковки": {FieldPacks, 90},
}

// hints are words within headings that are not known whole, and words that speak against it.
var hints = []struct {
	field   Field
	sure    int
	words   []string
	against []string
}{
	{FieldBarcode, 60, []string{"штрихкод", "штрихкоды", "barcode", "ean13", "ean8", "gtin"}, []string{"тип", "упак"}},
	{FieldNoDiscount, 60, []string{"запретитьскидк", "запретскидк"}, nil},
	{FieldPrice, 70, []string{"розничнаяцена", "ценарозн", "ценапродажи", "ценапродажная", "retailprice"}, []string{"валюта", "стар", "дата"}},
	{FieldPrice, 50, []string{"цена", "price"}, []string{"валюта", "закуп", "себестоим", "минимальн", "оптов", "опт", "стар", "дата", "вид", "тип", "поставщ", "учетн", "поступл",
		"purchase", "cost", "wholesale", "minimum", "old", "currency", "оценка", "свободн", "произвольн", "free"}},
	{FieldArticle, 50, []string{"артикул"}, nil},
	{FieldGroup, 50, []string{"группатов", "товарнаягрупп", "категория", "группаноменкл", "родитель"}, []string{"код", "цен", "налог"}},
	{FieldUnit, 50, []string{"едизм", "единицаизм", "единицахран", "базоваяед"}, []string{"код", "кратн", "вес", "объем"}},
	{FieldStock, 50, []string{"остаток", "колво", "количество", "onhand", "instock", "qty", "quantity"}, []string{"min", "max", "reserve", "perpack", "неснижаем", "минимальн", "максимальн", "сумма", "стоимость", "вупак", "мест", "заказ", "резерв", "начальн", "норм"}},
	{FieldVAT, 50, []string{"ставкандс"}, nil},
	{FieldName, 50, []string{"наименован", "номенклатура", "названи"}, []string{"групп", "единиц", "ед", "поставщ", "производ", "код", "артикул", "вид", "тип", "склад", "бренд", "характерист", "англ"}},
	{FieldCode, 50, []string{"кодтовара", "кодноменкл", "кодпозиции", "кодномен"}, []string{"внешн", "тнвэд", "поставщ"}},
}

// meaning tells which field a heading names, and how surely; zero when it names none.
func meaning(heading string) (Field, int) {
	text := squeeze(heading)
	if text == "" {
		return FieldNone, 0
	}
	for _, t := range []string{text, strings.TrimPrefix(text, "номенклатура"), strings.TrimSuffix(text, "руб"), strings.TrimSuffix(text, "шт")} {
		if k, ok := known[t]; ok {
			return k.field, k.sure
		}
	}
	for _, h := range hints {
		if containsAny(text, h.words) && !containsAny(text, h.against) {
			return h.field, h.sure
		}
	}
	return FieldNone, 0
}

func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// maxTitles is how many lines are searched for the headings.
const maxTitles = 30

// layout is where a list's goods begin and what their columns are called.
type layout struct {
	headings []string
	row      int // of the headings, an index into the lines that were looked at; -1 when there is none
	depth    int // how many lines the headings take
	score    int
}

// findLayout searches the first lines of a list for its headings.
func findLayout(lines [][]string) layout {
	best := layout{row: -1}
	for i, cells := range lines[:min(len(lines), maxTitles)] {
		if score, fields := headingScore(cells); fields >= 2 && score > best.score {
			best = layout{headings: cells, row: i, depth: 1, score: score}
		}
	}
	if best.row >= 0 {
		best.headings = append([]string(nil), best.headings...)
		best.joinNext(lines)
		best.skipNumbers(lines)
	}
	return best
}

func headingScore(cells []string) (score, fields int) {
	seen := map[Field]bool{}
	for _, c := range cells {
		f, sure := meaning(c)
		if f == FieldNone || seen[f] {
			continue
		}
		seen[f] = true
		fields++
		score += 1 + sure/50
	}
	return score, fields
}

// joinNext takes in a second line of headings, as under the merged cells of a printed price list: it has words where the
// first line is empty or says nothing, and no figure at all.
func (l *layout) joinNext(lines [][]string) {
	if l.row+1 >= len(lines) {
		return
	}
	next := lines[l.row+1]
	gain := 0
	for i, c := range next {
		c = strings.TrimSpace(c)
		if c == "" {
			continue
		}
		f, _ := meaning(c)
		if f == FieldNone && !currency(c) {
			return
		}
		// A word such as "Товары" under the names is the first group of goods.
		if l.field(i) != FieldName {
			gain++
		}
	}
	if gain == 0 {
		return
	}
	for i, c := range next {
		if i >= len(l.headings) {
			l.headings = append(l.headings, "")
		}
		l.headings[i] = strings.TrimSpace(oneLine(l.headings[i]) + " " + oneLine(c))
		if f, _ := meaning(c); f != FieldNone && l.field(i) == FieldNone {
			l.headings[i] = oneLine(c)
		}
	}
	l.depth++
}

// field is what a column's heading names.
func (l *layout) field(i int) Field {
	if i >= len(l.headings) {
		return FieldNone
	}
	f, _ := meaning(l.headings[i])
	return f
}

// skipNumbers leaves out the line of column numbers that printed forms have under their headings.
func (l *layout) skipNumbers(lines [][]string) {
	at := l.row + l.depth
	if at >= len(lines) || !consecutive(lines[at]) {
		return
	}
	l.depth++
}

func consecutive(cells []string) bool {
	n := 0
	for _, c := range cells {
		if c = strings.TrimSpace(c); c == "" {
			continue
		}
		if n++; c != strconv.Itoa(n) {
			return false
		}
	}
	return n >= 3
}
