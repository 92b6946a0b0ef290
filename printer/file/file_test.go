package file_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kassa/printer"
	"kassa/printer/file"
)

var now = func() time.Time { return time.Date(2026, 11, 22, 11, 5, 0, 0, time.UTC) }

func send(t *testing.T, p *file.Printer, jobs ...string) {
	t.Helper()
	for _, job := range jobs {
		if sent, err := p.Send(t.Context(), []byte(job)); sent != len(job) || err != nil {
			t.Fatalf("%q: sent %d: %v", job, sent, err)
		}
	}
}

func TestJobsAreAddedToAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paper.bin")
	p := file.New(path, now)
	if s, err := p.Status(t.Context()); err != nil || s != (printer.Status{Silent: true}) {
		t.Errorf("status %+v, %v", s, err)
	}
	send(t, p, "one\n", "", "two\n")
	send(t, file.New(path, now), "three\n")
	if got, err := os.ReadFile(path); err != nil || string(got) != "one\ntwo\nthree\n" {
		t.Errorf("%q, %v", got, err)
	}
	if s, err := p.Status(t.Context()); err != nil || s != (printer.Status{Silent: true}) {
		t.Errorf("status %+v, %v", s, err)
	}
}

func TestEachJobHasAFileInAFolder(t *testing.T) {
	dir := t.TempDir()
	send(t, file.New(dir, now), "one\n", "two\n", "two\n")
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Fatalf("%d files, %v", len(entries), err)
	}
	all := map[string]int{}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "20261122-110500.000-") || filepath.Ext(e.Name()) != ".bin" {
			t.Errorf("a file %q", e.Name())
		}
		b, _ := os.ReadFile(filepath.Join(dir, e.Name()))
		all[string(b)]++
	}
	if all["one\n"] != 1 || all["two\n"] != 2 {
		t.Errorf("%v", all)
	}
}

func TestNoPlaceForJobs(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tt := range map[string]struct {
		ctx  context.Context
		path string
	}{
		"no folder":   {t.Context(), filepath.Join(t.TempDir(), "none", "paper.bin")},
		"a device":    {t.Context(), os.DevNull},
		"cancelled":   {ended, filepath.Join(t.TempDir(), "paper.bin")},
		"in a folder": {ended, t.TempDir()},
	} {
		t.Run(name, func(t *testing.T) {
			p := file.New(tt.path, now)
			if sent, err := p.Send(tt.ctx, []byte("job")); sent != 0 || !errors.Is(err, printer.ErrUnreachable) {
				t.Errorf("sent %d: %v", sent, err)
			}
			if _, err := p.Status(tt.ctx); tt.ctx.Err() == nil && !errors.Is(err, printer.ErrUnreachable) {
				t.Errorf("status: %v", err)
			}
		})
	}
}
