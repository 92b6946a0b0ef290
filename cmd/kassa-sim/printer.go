package main

import (
	"context"
	"flag"
	"fmt"
	"time"

	"kassa/printer/printersim"
)

// printerFlags are the flags of the practice printer.
type printerFlags struct {
	listen, control, out string
	columns, dots        int
	maker                string
}

// register adds them; the two addresses have names of the command's own, and unnamed says what happens without --out.
func (f *printerFlags) register(fs *flag.FlagSet, listen, control, unnamed string) {
	fs.StringVar(&f.listen, listen, "127.0.0.1:0", "the printer's `address`, as of a network printer; port 0 takes a free one")
	fs.StringVar(&f.control, control, "127.0.0.1:0", "the `address` of its controls: jobs and faults over HTTP")
	fs.StringVar(&f.out, "out", "", "the `folder` that keeps the paper: bytes, text and a picture of each job"+unnamed)
	fs.IntVar(&f.columns, "columns", 48, "letters on a line: 48 for paper of 80 mm, 32 for 58 mm")
	fs.IntVar(&f.dots, "dots", 0, "dots on a line; 0 is what the letters take")
	fs.StringVar(&f.maker, "maker", "epson", "whose code tables it has: epson, xprinter (Chinese letters until told otherwise), rongta, datecs or kefar")
}

func runPrinter(ctx context.Context, args []string, std streams) error {
	fs, c := newFlags("printer", "A practice receipt printer: ESC/POS over TCP, the paper as pictures in a folder.")
	var f printerFlags
	f.register(fs, "listen", "control", "")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	if f.out == "" {
		return fmt.Errorf("%w: the printer needs --out", errUsage)
	}
	var w world
	if err := w.addPrinter(f, c.allowRemote); err != nil {
		w.close()
		return err
	}
	return w.run(ctx, c, std)
}

// addPrinter opens the practice printer.
func (w *world) addPrinter(f printerFlags, allowRemote bool) error {
	if f.columns < 20 || f.columns > 64 {
		return fmt.Errorf("%w: --columns is 20 to 64, not %d", errUsage, f.columns)
	}
	printer, err := printersim.New(printersim.Config{
		Dir: f.out, Columns: f.columns, Dots: f.dots, Model: printersim.ByMaker(f.maker), Clock: time.Now,
	})
	if err != nil {
		return fmt.Errorf("opening the printer: %w", err)
	}
	l, err := w.listen(f.listen, allowRemote)
	if err != nil {
		return err
	}
	control, err := w.listen(f.control, allowRemote)
	if err != nil {
		return err
	}
	w.ready.Printer = l.Addr().String()
	w.ready.PrinterControl = "http://" + control.Addr().String() + "/control/"
	w.ready.PrinterOut = f.out
	w.add(func(ctx context.Context) error { return printer.Serve(ctx, l) })
	w.add(func(ctx context.Context) error { return serveHTTP(ctx, control, printer.Control()) })
	return nil
}
