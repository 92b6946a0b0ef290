// Command bench measures Kassa beside what stands under it, in one run on one machine: SQLite and PostgreSQL doing the
// same work with nothing of ours around it. "make bench" builds and runs it.
//
//	bench [-goods FILE] [-till PROGRAM -empty PROGRAM] [-past N] [-sales N] [-uploads N] [-payments N] [-paid N] [-printed N]
//
// It works in a temporary folder, in TMPDIR: put that on the disk that is to be measured. Its tasks, each in a file of
// its own: a scan to the line on the receipt, the search of goods, a page of a long history and a commit on top of it,
// the commit of a sale, a receipt as a print job, the upload of operations, open payments followed, a payment from the bank
// to the till's disk, a sale from its commit to the printer, the first frame, and the till's window beside an empty one.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"text/tabwriter"
	"time"
)

// options say what is measured, and on how much.
type options struct {
	goods   string // a price list; generated goods when empty
	till    string // the program whose window is measured; not measured when empty
	empty   string // the empty window's program
	past    int    // operations that the till has behind it
	scans   int
	sales   int
	uploads int
	frames  int

	paying    int           // sales by QR, in each of three ways; none are made when zero
	printed   int           // slips in each of two ways; none are printed when zero
	payments  int           // open payments to follow; none are followed when zero
	following time.Duration // for how long
	inside    bool          // in this process, not in one of its own
}

func main() {
	o := options{scans: 20_000, frames: 7}
	flag.StringVar(&o.goods, "goods", "", "price `list` (.csv or .csv.gz); 100,000 generated goods when empty")
	flag.StringVar(&o.till, "till", "", "the till's `program`, for the time to its first frame")
	flag.StringVar(&o.empty, "empty", "", "the empty window's `program`, to measure the till's window against")
	flag.IntVar(&o.past, "past", 1_000_000, "operations in the till's history")
	flag.IntVar(&o.sales, "sales", 2000, "sales to commit")
	flag.IntVar(&o.uploads, "uploads", 10_000, "operations to upload")
	flag.IntVar(&o.payments, "payments", 10_000, "open QR payments for one server process to follow")
	flag.IntVar(&o.paying, "paid", 40, "sales to be paid by QR in each of three ways")
	flag.IntVar(&o.printed, "printed", 60, "slips to be printed in each of two ways")
	flag.DurationVar(&o.following, "following", 45*time.Second, "how long to follow them")
	dsn := flag.String("follower", "", "be the server that follows the payments of a `database`; for this program's own use")
	flag.Parse()
	if flag.NArg() > 0 || o.sales < 100 || o.uploads < 100 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	var err error
	if *dsn != "" {
		err = follower(ctx, *dsn, o.following, os.Stdout)
	} else {
		err = run(ctx, o, os.Stdout)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// row is one line of the table.
type row struct {
	what, ours, raw, ratio string
}

// run measures and writes the table to out.
func run(ctx context.Context, o options, out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "kassa-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{options: o, dir: dir}
	for _, measure := range []func(context.Context) error{b.scan, b.search, b.history, b.commit, b.encode, b.upload, b.follow, b.paid, b.printing, b.firstFrame, b.window} {
		if err := measure(ctx); err != nil {
			return errors.Join(err, b.print(out)) // what was measured until then stands
		}
	}
	return b.print(out)
}

// bench is one run.
type bench struct {
	options
	dir   string
	goods string // the data folder with the catalogue, made by scan
	code  string // a barcode of it
	rows  []row
}

func (b *bench) add(what, ours, raw, ratio string) {
	b.rows = append(b.rows, row{what, ours, raw, ratio})
}

// say tells on standard error what is being done, so that standard output holds the table alone.
func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...) }

func (b *bench) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "what\tours\traw\tratio")
	for _, r := range b.rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.what, r.ours, r.raw, r.ratio)
	}
	return w.Flush()
}
