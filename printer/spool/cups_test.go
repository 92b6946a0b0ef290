//go:build unix

package spool_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kassa/printer"
	"kassa/printer/spool"
)

// cups puts stand-ins of CUPS's programs on the path. They work in the folder that is returned: "job" and "args" are what
// lp was given, and files with the names below make them behave.
func cups(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	programs := map[string]string{
		"lp": `cd "${0%/*}" || exit 9
[ -e hang ] && exec sleep 60
[ -e refuse ] && { echo "lp: The printer or class does not exist." >&2; exit 1; }
printf '%s\n' "$@" > args
cat > job
`,
		"lpstat": `cd "${0%/*}" || exit 9
case $1 in
-e) printf 'till\nkitchen\n' ;;
-p) [ "$2" = till ] || { echo "lpstat: Invalid destination name in list \"$2\"." >&2; exit 1; }
    if [ -e disabled ]; then echo "printer till disabled since Mon -"; else echo "printer till is idle.  enabled since Mon"; fi ;;
-o) [ -e waiting ] && echo "till-17 root 1024 Mon"; exit 0 ;;
esac
`,
	}
	for name, script := range programs {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	return dir
}

func set(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCUPSTakesTheJobUnchanged(t *testing.T) {
	dir := cups(t)
	job := []byte("\x1b@\x00\xff job\n")
	if sent, err := spool.NewCUPS("till").Send(t.Context(), job); sent != len(job) || err != nil {
		t.Fatalf("sent %d: %v", sent, err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "job"))
	if err != nil || string(got) != string(job) {
		t.Errorf("lp was given %q, %v", got, err)
	}
	args, _ := os.ReadFile(filepath.Join(dir, "args"))
	if string(args) != "-d\ntill\n-o\nraw\n-t\nKassa\n" {
		t.Errorf("lp was called with %q", args)
	}
	if s, err := spool.NewCUPS("till").Status(t.Context()); err != nil || s != (printer.Status{Silent: true}) {
		t.Errorf("status %+v, %v", s, err)
	}
}

func TestCUPSNothingIsSentToAQueueThatStandsStill(t *testing.T) {
	for _, trouble := range []string{"disabled", "waiting"} {
		t.Run(trouble, func(t *testing.T) {
			dir := cups(t)
			set(t, dir, trouble)
			sent, err := spool.NewCUPS("till").Send(t.Context(), []byte("job"))
			if sent != 0 || !errors.Is(err, printer.ErrNotReady) {
				t.Errorf("sent %d: %v", sent, err)
			}
			if _, err := os.Stat(filepath.Join(dir, "job")); err == nil {
				t.Error("the queue was given the job all the same")
			}
		})
	}
}

func TestCUPSThatIsNotThere(t *testing.T) {
	dir := cups(t)
	if sent, err := spool.NewCUPS("other").Send(t.Context(), []byte("job")); sent != 0 || !errors.Is(err, printer.ErrUnreachable) {
		t.Errorf("a queue that is not there: sent %d: %v", sent, err)
	}
	set(t, dir, "refuse")
	sent, err := spool.NewCUPS("till").Send(t.Context(), []byte("job"))
	if sent != 0 || !errors.Is(err, printer.ErrUnreachable) || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("refused: sent %d: %v", sent, err)
	}
	t.Setenv("PATH", t.TempDir())
	if sent, err := spool.NewCUPS("till").Send(t.Context(), []byte("job")); sent != 0 || !errors.Is(err, printer.ErrUnreachable) {
		t.Errorf("no CUPS: sent %d: %v", sent, err)
	}
	if queues, err := spool.Queues(t.Context()); len(queues) > 0 || err != nil {
		t.Errorf("no CUPS: queues %v, %v", queues, err)
	}
}

// lp that hangs may have handed the job over already.
func TestCUPSThatHangsLeavesDoubt(t *testing.T) {
	dir := cups(t)
	set(t, dir, "hang")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	sent, err := spool.NewCUPS("till").Send(ctx, []byte("job"))
	if sent == 0 || err == nil || errors.Is(err, printer.ErrUnreachable) {
		t.Errorf("sent %d: %v", sent, err)
	}
}

func TestCUPSQueues(t *testing.T) {
	cups(t)
	if queues, err := spool.Queues(t.Context()); err != nil || !slices.Equal(queues, []string{"till", "kitchen"}) {
		t.Errorf("%v, %v", queues, err)
	}
}
