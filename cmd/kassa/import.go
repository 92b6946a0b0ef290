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

const importHelp = `kassa import FILE [--data DIR] [--yes]

Reads a price list into the till's catalogue: CSV in UTF-8 (also .csv.gz) with a line of headings, of which name and
price must be there: barcode, code, name, name_en, group, group_en, price, vat, unit. Goods are known by their barcode or code;
what the list does not name stays as it is. First the file is read to its end: the lines that cannot be read are
told with their numbers, and the goods are listed. Only then, and when you agree, is anything written: all of the good
lines, or none. Exit code 3 tells that some lines were left out.

`

// listed is how many goods are shown before the question.
const listed = 20

func importGoods(ctx context.Context, args []string, s streams) int {
	f := flag.NewFlagSet("import", flag.ContinueOnError)
	data := dataFlag(f)
	yes := f.Bool("yes", false, "do not ask")
	rest, code := parse(f, args, s, importHelp)
	if code >= 0 {
		return code
	}
	if len(rest) != 1 {
		fmt.Fprint(s.err, "kassa: import takes one file\n\n"+importHelp)
		return exitUsage
	}
	good, bad, err := preview(rest[0], s)
	if err != nil {
		return fail(s, err)
	}
	if good == 0 {
		fmt.Fprintln(s.err, "kassa: there is nothing to import; nothing was changed.")
		return exitFailed
	}
	if !*yes && !agreed(s) {
		fmt.Fprintln(s.err, "kassa: nothing was changed. Say --yes to import without a question.")
		return exitFailed
	}
	return withStore(ctx, *data, s, func(store *localdb.Store) int {
		done, err := write(ctx, store, rest[0], s)
		if err != nil {
			return fail(s, err)
		}
		fmt.Fprintf(s.out, "Imported: %d new, %d changed, %d as they were.\n", done.Added, done.Changed, done.Same)
		if bad > 0 {
			fmt.Fprintf(s.err, "kassa: %d lines were left out, see above.\n", bad)
			return exitPartly
		}
		return exitOK
	})
}

// preview reads the whole file, tells every line that cannot be read, and lists the goods.
func preview(path string, s streams) (good, bad int, err error) {
	list, file, err := pricelist.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer file.Close()
	for p, err := range list.Good(func(b *pricelist.BadLine) {
		bad++
		fmt.Fprintf(s.err, "line %d: %s\n", b.Line, reasonText(b))
	}) {
		if err != nil {
			return 0, 0, fmt.Errorf("reading %s: %w", path, err)
		}
		if good++; good <= listed {
			fmt.Fprintf(s.out, "  %-14s %10s  %-5s %s\n", first(p.Barcodes, p.Code), p.Price, vatText(p.VAT), p.Name)
		}
	}
	if good > listed {
		fmt.Fprintf(s.out, "  … and %d more\n", good-listed)
	}
	fmt.Fprintf(s.out, "%d goods can be imported, %d lines cannot be read.\n", good, bad)
	return good, bad, nil
}

func write(ctx context.Context, store *localdb.Store, path string, s streams) (localdb.Imported, error) {
	list, file, err := pricelist.Open(path)
	if err != nil {
		return localdb.Imported{}, err
	}
	defer file.Close()
	return store.ImportGoods(ctx, list.Good(nil), func(n int) {
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

func reasonText(b *pricelist.BadLine) string {
	text := map[pricelist.Reason]string{
		pricelist.ReasonColumns: "quotes or columns are broken",
		pricelist.ReasonName:    "there is no name",
		pricelist.ReasonPrice:   "the price cannot be read",
		pricelist.ReasonVAT:     "there is no such VAT rate",
		pricelist.ReasonUnit:    "the unit is not known",
		pricelist.ReasonBarcode: "the barcode cannot be one",
		pricelist.ReasonText:    "it is not text in UTF-8",
		pricelist.ReasonTwice:   "the same barcode or code stood in an earlier line",
	}[b.Reason]
	if text == "" {
		return b.Value
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
