package main

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"kassa/printer/printersim"
)

// practicePrinter listens on this machine.
func practicePrinter(t *testing.T) (sim *printersim.Printer, address string) {
	t.Helper()
	sim, err := printersim.New(printersim.Config{Dir: t.TempDir(), Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- sim.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return sim, ln.Addr().String()
}

// tillWith is a data folder whose settings name a printer.
func tillWith(t *testing.T, settings ...string) string {
	t.Helper()
	data := t.TempDir()
	if _, errs, code := kassa(t, "", slices.Concat([]string{"set", "shop=Ромашка", "till=1", "--data", data}, settings)...); code != exitOK {
		t.Fatal(errs)
	}
	return data
}

func TestPrintTest(t *testing.T) {
	for name, c := range map[string]struct {
		profile string
		fault   printersim.Fault // none when empty
		code    int
		says    []string // on both outputs
		printed bool
	}{
		"fine, and says so":     {"epson-80", "", exitOK, []string{"connected: ready", "sent:", "confirmed: the page is on paper"}, true},
		"fine, and cannot tell": {"generic-80", "", exitOK, []string{"connected: ready", "confirmed: no"}, true},
		"little paper":          {"generic-80", printersim.PaperLow, exitOK, []string{"near its end"}, true},
		"silent":                {"generic-80", printersim.Silent, exitOK, []string{"answers no questions"}, true},
		"out of paper":          {"epson-80", printersim.PaperOut, exitFailed, []string{"refused: out of paper", "Nothing was printed"}, false},
		"cover open":            {"epson-80", printersim.CoverOpen, exitFailed, []string{"the cover is open"}, false},
		"broken off":            {"generic-80", printersim.Die, exitFailed, []string{"broken off after", "a part may be there"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			sim, address := practicePrinter(t)
			if c.fault != "" {
				if err := sim.Break(c.fault); err != nil {
					t.Fatal(err)
				}
			}
			data := tillWith(t, "printer="+address, "profile="+c.profile)
			out, errs, code := kassa(t, "", "print-test", "--data", data)
			if code != c.code || (code == exitOK) != (errs == "") {
				t.Errorf("exit code %d\n%s%s", code, out, errs)
			}
			for _, text := range c.says {
				if !strings.Contains(out+errs, text) {
					t.Errorf("does not say %q:\n%s%s", text, out, errs)
				}
			}
			if !c.printed {
				return
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := sim.Wait(ctx, 1); err != nil || !strings.Contains(sim.Jobs()[0].Text, "ПРОБНАЯ ПЕЧАТЬ") {
				t.Errorf("printed %+v, %v", sim.Jobs(), err)
			}
		})
	}
}

func TestPrintTestWithNoPrinter(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := ln.Addr().String()
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ data, says string }{
		"none is set up": {tillWith(t), "kassa set printer="},
		"nobody there":   {tillWith(t, "printer="+nobody), "cannot be reached"},
		"no till":        {t.TempDir(), "there is no till"},
	} {
		t.Run(name, func(t *testing.T) {
			out, errs, code := kassa(t, "", "print-test", "--data", c.data)
			if code != exitFailed || out != "" || !strings.Contains(errs, c.says) {
				t.Errorf("exit code %d\n%s%s", code, out, errs)
			}
		})
	}
	if _, errs, code := kassa(t, "", "print-test", "--lang", "de"); code != exitUsage || !strings.Contains(errs, "print-test") {
		t.Errorf("exit code %d, %s", code, errs)
	}
}
