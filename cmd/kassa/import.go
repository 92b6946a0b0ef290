package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"kassa/app/pricelist"
	"kassa/localdb"
	"kassa/register"
)

const importHelp = `kassa import FILE [--sheet NAME] [--map FIELD=COLUMN,…] [--vat RATE] [--skip-bad] [--yes] [--data DIR]

Reads a price list into the till's catalogue: XLSX, or CSV in UTF-8, UTF-16 or Windows-1251 (also .csv.gz), as accounting
programs and spreadsheets save them. Which column holds what is guessed from the headings; --map overrules it, as in
--map name=2,price=F (0 leaves a field out). Name and price must be there; the others are barcode, code, article, name_en,
group, group_en, vat, unit, stock, no_discount, free_price, marked, packs. Goods are known by their barcode or
code; what the list does not name stays as it is.

First the file is read to its end, the lines that cannot be read are told with their numbers, and the goods are listed.
Only then, and when you agree, is anything written: everything or nothing. A line that cannot be read stops the import
(exit code 1) unless you say --skip-bad, which leaves such lines out (exit code 3).

`

// listed is how many goods are shown before the question.
const listed = 20

func importGoods(ctx context.Context, args []string, s streams) int {
	f := flag.NewFlagSet("import", flag.ContinueOnError)
	data := dataFlag(f)
	yes := f.Bool("yes", false, "do not ask")
	var im importing
	f.StringVar(&im.sheet, "sheet", "", "the workbook's sheet; the first that looks like a list when empty")
	f.StringVar(&im.columns, "map", "", "which column holds what, as in name=2,price=F")
	f.StringVar(&im.vat, "vat", "", "the rate of goods for which the list names none: 22, 10, 0, none, …")
	f.BoolVar(&im.skip, "skip-bad", false, "leave out the lines that cannot be read")
	rest, code := parse(f, args, s, importHelp)
	if code >= 0 {
		return code
	}
	if len(rest) != 1 {
		fmt.Fprint(s.err, "kassa: import takes one file\n\n"+importHelp)
		return exitUsage
	}
	if err := im.open(rest[0]); err != nil {
		return fail(s, err)
	}
	defer im.list.Close()
	report, err := im.preview(ctx, s)
	switch {
	case err != nil:
		return fail(s, err)
	case report.BadLines > 0 && !im.skip:
		fmt.Fprintln(s.err, "kassa: nothing was changed. Put these lines right, or say --skip-bad to leave them out.")
		return exitFailed
	case report.Goods == 0:
		fmt.Fprintln(s.err, "kassa: there is nothing to import; nothing was changed.")
		return exitFailed
	case !*yes && !agreed(s):
		fmt.Fprintln(s.err, "kassa: nothing was changed. Say --yes to import without a question.")
		return exitFailed
	}
	return withStore(ctx, *data, s, func(store *localdb.Store) int {
		done, err := im.write(ctx, store, s)
		if err != nil {
			return fail(s, err)
		}
		fmt.Fprintf(s.out, "Imported: %d new, %d changed, %d as they were.\n", done.Added, done.Changed, done.Same)
		if report.BadLines > 0 {
			fmt.Fprintf(s.err, "kassa: %d lines were left out, see above.\n", report.BadLines)
			return exitPartly
		}
		return exitOK
	})
}

// importing is one price list on its way in.
type importing struct {
	sheet, columns, vat string
	skip                bool
	list                *pricelist.File
	mapping             pricelist.Mapping
}

// open opens the list and settles what its columns are.
func (im *importing) open(path string) error {
	list, err := pricelist.Open(path)
	if err != nil {
		return err
	}
	im.list = list
	if err := im.settle(); err != nil {
		list.Close()
		return err
	}
	return nil
}

func (im *importing) settle() error {
	if im.sheet != "" {
		if err := im.list.Choose(pricelist.Choice{Sheet: im.sheet}); err != nil {
			return err
		}
	}
	im.mapping = im.list.Guess()
	if im.columns != "" {
		if err := im.mapping.Change(im.columns, im.list.Width()); err != nil {
			return err
		}
	}
	if im.vat != "" {
		rate, err := register.ParseVAT(im.vat)
		if err != nil {
			return err
		}
		im.mapping.VAT = rate
	}
	return im.mapping.Check()
}

// preview reads the whole file, tells every line that cannot be read, and lists the goods.
func (im *importing) preview(ctx context.Context, s streams) (pricelist.Report, error) {
	im.tellColumns(s)
	r, err := im.list.Check(ctx, im.mapping, nil)
	if err != nil {
		return r, err
	}
	for _, b := range r.Bad {
		fmt.Fprintf(s.err, "line %d: %s\n", b.Line, reasonText(b))
	}
	if more := r.BadLines - len(r.Bad); more > 0 {
		fmt.Fprintf(s.err, "… and %d more lines that cannot be read\n", more)
	}
	for _, k := range pricelist.WarningKinds() {
		if n := r.WarnedByKind[k]; n > 0 {
			fmt.Fprintf(s.out, "note: %d lines: %s\n", n, warningTexts[k])
		}
	}
	for _, p := range r.Preview[:min(len(r.Preview), listed)] {
		fmt.Fprintf(s.out, "  %-14s %10s  %-5s %s\n", first(p.Barcodes, p.Code), p.Price, vatText(p.VAT), p.Name)
	}
	if r.Goods > listed {
		fmt.Fprintf(s.out, "  … and %d more\n", r.Goods-listed)
	}
	fmt.Fprintf(s.out, "%d goods can be imported, %d lines cannot be read.\n", r.Goods, r.BadLines)
	return r, nil
}

// tellColumns says how the list will be read.
func (im *importing) tellColumns(s streams) {
	headings := im.list.Headings()
	var told []string
	for i, f := range im.mapping.Columns {
		if f == pricelist.FieldNone {
			continue
		}
		name := fmt.Sprintf("column %d", i+1)
		if i < len(headings) && headings[i] != "" {
			name = fmt.Sprintf("%q", headings[i])
		}
		told = append(told, fmt.Sprintf("%s from %s", f, name))
	}
	format := im.list.Format()
	from := string(format.Encoding)
	if format.Sheet != "" {
		from = fmt.Sprintf("sheet %q", format.Sheet)
	}
	fmt.Fprintf(s.out, "Reading %s: %s.\n", from, strings.Join(told, ", "))
}

// write imports the goods. The list was read to its end before; a line that has become bad since stops it all the same.
func (im *importing) write(ctx context.Context, store *localdb.Store, s streams) (localdb.Imported, error) {
	var pass pricelist.Pass
	if im.skip {
		pass.Skip = func(*pricelist.BadLine) {}
	}
	return store.ImportGoods(ctx, im.list.Goods(ctx, im.mapping, pass), func(n int) {
		if n%100_000 == 0 {
			fmt.Fprintf(s.err, "%d goods…\n", n)
		}
	})
}

// agreed asks. Without a terminal nobody can answer, and nothing is done.
func agreed(s streams) bool {
	f, ok := s.in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return false
	}
	fmt.Fprint(s.out, "Import them? [y/N] ")
	line, err := bufio.NewReader(io.LimitReader(f, 64)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes", "д", "да":
		return true
	}
	return false
}

var reasonTexts = map[pricelist.Reason]string{
	pricelist.ReasonQuote:   "a quote is never closed",
	pricelist.ReasonLong:    "the line is longer than any line of a list",
	pricelist.ReasonName:    "there is no name",
	pricelist.ReasonPrice:   "the price cannot be read",
	pricelist.ReasonVAT:     "there is no such VAT rate",
	pricelist.ReasonUnit:    "the unit is not known",
	pricelist.ReasonBarcode: "the barcode cannot be one",
	pricelist.ReasonRounded: "a spreadsheet has rounded the barcode; format its column as text",
	pricelist.ReasonCode:    "the code is too long",
	pricelist.ReasonArticle: "the article is too long",
	pricelist.ReasonGroup:   "the path of groups is too long",
	pricelist.ReasonStock:   "the stock cannot be read",
	pricelist.ReasonFlag:    "neither yes nor no",
	pricelist.ReasonPack:    "the packs cannot be read",
	pricelist.ReasonText:    "there are bytes or characters that are no text",
	pricelist.ReasonTwice:   "the same barcode or code stood in an earlier line",
	pricelist.ReasonRefused: "it cannot be sold as described",
}

var warningTexts = map[pricelist.WarningKind]string{
	pricelist.WarnShortened:  "the name was cut to what a receipt holds",
	pricelist.WarnVAT20:      "VAT is 20 %, which was the rate until the end of 2025; it is taken as it stands",
	pricelist.WarnCheckDigit: "the check digit of the barcode is wrong; it is taken as it stands",
	pricelist.WarnUnit:       "the unit is a pack, a bottle or the like and is counted in pieces",
	pricelist.WarnNoKey:      "there is neither barcode nor code, so a second import cannot recognise the goods",
	pricelist.WarnTotal:      "totals, left out",
}

func reasonText(b pricelist.BadLine) string {
	text := reasonTexts[b.Reason]
	if b.First > 0 {
		text += fmt.Sprintf(" (%d)", b.First)
	}
	if b.Value == "" {
		return text
	}
	return fmt.Sprintf("%s: %q", text, b.Value)
}

func vatText(v register.VAT) string {
	if v == register.VATNone {
		return "-"
	}
	return string(v) + "%"
}

func first(list []string, or string) string {
	if len(list) == 0 {
		return or
	}
	return list[0]
}
