package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
)

// common are the flags that every command has.
type common struct {
	allowRemote      bool
	ready            bool
	untilStdinCloses bool
}

// newFlags gives a command's flags with the common ones in them. purpose stands in its help.
func newFlags(command, purpose string) (*flag.FlagSet, *common) {
	fs := flag.NewFlagSet("kassa-sim "+command, flag.ContinueOnError)
	fs.Usage = func() {
		fmt.Fprintf(fs.Output(), "%s\n\nUsage: kassa-sim %s [flags]\n\n", purpose, command)
		fs.PrintDefaults()
	}
	c := &common{}
	fs.BoolVar(&c.allowRemote, "allow-remote", false, "listen on an address that other machines can reach, too")
	fs.BoolVar(&c.ready, "ready", false, "print one line of JSON with the addresses once everything listens")
	fs.BoolVar(&c.untilStdinCloses, "until-stdin-closes", false, "stop when standard input ends")
	return fs, c
}

// parse reads a command line. Help goes to standard output and is flag.ErrHelp; everything else that is wrong is errUsage.
func parse(fs *flag.FlagSet, args []string, std streams) error {
	fs.SetOutput(io.Discard)
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fs.SetOutput(std.out)
		fs.Usage()
		return err
	case err != nil:
		return fmt.Errorf("%w: %v; see %s --help", errUsage, err, fs.Name())
	case fs.NArg() > 0:
		return fmt.Errorf("%w: %q is no flag; see %s --help", errUsage, fs.Arg(0), fs.Name())
	}
	return nil
}
