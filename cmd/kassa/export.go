package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"time"

	"kassa/app/pricelist"
	"kassa/localdb"
	"kassa/register"
)

const exportHelp = `kassa export goods|operations [--data DIR] [--format csv|csv-excel|xlsx|jsonl]

Writes the catalogue, or the till's whole history, oldest first, to standard output. jsonl is one JSON object a line: for
operations the very bytes that the till keeps, hashes and sends. csv has sums in roubles. Goods can also be had as a
workbook (xlsx) or as the CSV that a Russian Excel opens at a double click (csv-excel); "kassa import" reads each of
the three back.

`

func export(ctx context.Context, args []string, s streams) int {
	f := flag.NewFlagSet("export", flag.ContinueOnError)
	data := dataFlag(f)
	format := f.String("format", "csv", "csv or jsonl; for goods also csv-excel or xlsx")
	rest, code := parse(f, args, s, exportHelp)
	if code >= 0 {
		return code
	}
	writers := map[string]func(context.Context, *localdb.Store, *bufio.Writer) error{
		"goods csv": goodsList(pricelist.OutputCSV), "goods csv-excel": goodsList(pricelist.OutputCSVExcel), "goods xlsx": goodsList(pricelist.OutputXLSX),
		"goods jsonl": goodsJSON, "operations csv": operationsCSV, "operations jsonl": operationsJSON,
	}
	w, ok := writers[strings.Join(rest, " ")+" "+*format]
	if !ok {
		fmt.Fprint(s.err, "kassa: export what, and as what?\n\n"+exportHelp)
		return exitUsage
	}
	return withTill(ctx, *data, s, func(store *localdb.Store) int {
		out := bufio.NewWriter(s.out)
		if err := errors.Join(w(ctx, store, out), out.Flush()); err != nil {
			return fail(s, err)
		}
		return exitOK
	})
}

// goodsList writes the catalogue as a price list.
func goodsList(o pricelist.Output) func(context.Context, *localdb.Store, *bufio.Writer) error {
	return func(ctx context.Context, store *localdb.Store, out *bufio.Writer) error {
		return pricelist.Write(out, o, func(yield func(register.Product, error) bool) {
			err := store.EachProduct(ctx, func(p register.Product) error {
				if !yield(p, nil) {
					return errEnough
				}
				return nil
			})
			if err != nil && !errors.Is(err, errEnough) {
				yield(register.Product{}, err)
			}
		})
	}
}

// errEnough ends a walk over the goods whose reader wants no more.
var errEnough = errors.New("enough")

func goodsJSON(ctx context.Context, store *localdb.Store, out *bufio.Writer) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return store.EachProduct(ctx, func(p register.Product) error { return e.Encode(p) })
}

// eachOperation walks the history, oldest first.
func eachOperation(ctx context.Context, store *localdb.Store, f func(localdb.Stored) error) error {
	for after := int64(0); ; {
		page, err := store.Since(ctx, after, 500)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, o := range page {
			if err := f(o); err != nil {
				return err
			}
			after = o.Position
		}
	}
}

func operationsJSON(ctx context.Context, store *localdb.Store, out *bufio.Writer) error {
	return eachOperation(ctx, store, func(o localdb.Stored) error {
		out.Write(o.Record)
		return out.WriteByte('\n')
	})
}

func operationsCSV(ctx context.Context, store *localdb.Store, out *bufio.Writer) error {
	w := csv.NewWriter(out)
	w.Write([]string{"journal", "number", "id", "kind", "at", "shift", "cashier", "receipt", "total", "cash", "card", "qr", "lines", "sent", "hash"})
	err := eachOperation(ctx, store, func(o localdb.Stored) error {
		row := []string{o.Journal, strconv.FormatInt(o.Number, 10), o.ID, string(o.Kind), o.At.Format(time.RFC3339Nano),
			strconv.FormatInt(o.Shift, 10), o.Cashier, "", "", "", "", "", "", strconv.FormatBool(o.Sent), o.Hash.String()}
		if o.Kind == register.KindSale {
			sale, err := o.Sale()
			if err != nil {
				return err
			}
			by := map[register.Method]register.Money{}
			for _, p := range sale.Payments {
				by[p.Method] += p.Amount
			}
			copy(row[7:], []string{strconv.FormatInt(sale.Receipt, 10), sale.Total.String(), by[register.Cash].String(),
				by[register.Card].String(), by[register.QR].String(), strconv.Itoa(len(sale.Lines))})
		}
		return w.Write(row)
	})
	w.Flush()
	return errors.Join(err, w.Error())
}
