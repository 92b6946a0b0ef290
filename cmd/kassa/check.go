package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"

	"kassa/localdb"
)

const checkHelp = `kassa check [--data DIR] [--format text|json]

Checks the database file, the chain of operations from the first to the last, and that drawer and shifts are what the
operations give. Exit code 3 tells that faults were found.

`

func check(ctx context.Context, args []string, s streams) int {
	f := flag.NewFlagSet("check", flag.ContinueOnError)
	data := dataFlag(f)
	format := f.String("format", "text", "text or json")
	rest, code := parse(f, args, s, checkHelp)
	if code >= 0 {
		return code
	}
	if len(rest) != 0 || *format != "text" && *format != "json" {
		fmt.Fprint(s.err, checkHelp)
		return exitUsage
	}
	return withTill(ctx, *data, s, func(store *localdb.Store) int {
		r, err := store.Verify(ctx)
		if err != nil {
			return fail(s, err)
		}
		if *format == "json" {
			err = json.NewEncoder(s.out).Encode(r)
		} else {
			_, err = fmt.Fprintf(s.out, "operations  %d\nnot sent    %d\ngoods       %d\ndrawer      %s\n", r.Operations, r.Waiting, r.Products, r.Drawer)
		}
		if err != nil {
			return fail(s, err)
		}
		for _, fault := range r.Faults {
			fmt.Fprintf(s.err, "fault: %s\n", fault)
		}
		if len(r.Faults) > 0 {
			return exitPartly
		}
		if *format == "text" {
			fmt.Fprintln(s.out, "All is well.")
		}
		return exitOK
	})
}
