package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"kassa/app/till"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/printer"
)

const printTestHelp = `kassa print-test [--data DIR] [--lang ru|en]

Prints the test page on the receipt printer that the till's settings name, and says what became of it. The till itself
must not be open. Exit code 1: it was not printed, or nobody knows.

`

// printTestTime is how long the page may take, from the first question to the last byte.
const printTestTime = time.Minute

func printTest(ctx context.Context, args []string, s streams) int {
	f := flag.NewFlagSet("print-test", flag.ContinueOnError)
	data := dataFlag(f)
	tag := f.String("lang", i18n.Russian, "the language of the page: ru or en")
	rest, code := parse(f, args, s, printTestHelp)
	if code >= 0 {
		return code
	}
	lang, err := i18n.Load(*tag)
	if err != nil || len(rest) != 0 {
		fmt.Fprint(s.err, printTestHelp)
		return exitUsage
	}
	return withTill(ctx, *data, s, func(store *localdb.Store) int {
		ctx, cancel := context.WithTimeout(ctx, printTestTime)
		defer cancel()
		said, err := till.TestPrinter(ctx, store, lang, time.Now())
		return tellPrinted(said, err, s)
	})
}

// tellPrinted says step by step what became of the page.
func tellPrinted(said till.TestPrint, err error, s streams) int {
	var stopped printer.NotReadyError
	switch {
	case errors.Is(err, till.ErrNoPrinter):
		fmt.Fprintln(s.err, "kassa: no receipt printer is set up. Name one: kassa set printer=192.168.1.50:9100 profile=generic80")
		return exitFailed
	case errors.Is(err, printer.ErrUnreachable):
		fmt.Fprintf(s.err, "kassa: the printer %s cannot be reached: is it on, plugged in, and is this its address? Nothing was printed.\n", said.Settings.Address)
		return exitFailed
	case said.Settings.Address == "":
		return fail(s, err)
	}
	fmt.Fprintf(s.out, "printer:   %s, %s, %d columns\nconnected: %s\n", said.Settings.Address, said.Settings.Profile, said.Columns, statusText(said.Status))
	switch {
	case errors.As(err, &stopped) && said.Sent == 0:
		fmt.Fprintf(s.err, "kassa: refused: %s. Nothing was printed; put it right and try again.\n", statusText(stopped.Status))
		return exitFailed
	case err != nil && said.Sent == 0:
		fmt.Fprintf(s.err, "kassa: %v. Nothing was printed.\n", err)
		return exitFailed
	case err != nil:
		fmt.Fprintf(s.err, "kassa: broken off after %d of %d bytes: %v. Look at the paper: a part may be there.\n", said.Sent, said.Of, err)
		return exitFailed
	case said.Confirmed:
		fmt.Fprintf(s.out, "sent:      %d bytes\nconfirmed: the page is on paper\n", said.Sent)
	default:
		fmt.Fprintf(s.out, "sent:      %d bytes\nconfirmed: no, this printer does not tell; look whether the page is there\n", said.Sent)
	}
	return exitOK
}

// statusText is what a printer says of itself.
func statusText(st printer.Status) string {
	switch {
	case st.Silent:
		return "the printer answers no questions"
	case st.PaperOut:
		return "out of paper"
	case st.Cover:
		return "the cover is open"
	case st.Failed:
		return "the cutter or the head failed"
	case st.Offline:
		return "offline"
	case st.PaperLow:
		return "ready, the paper is near its end"
	}
	return "ready"
}
