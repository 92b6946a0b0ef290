package localdb

import (
	"fmt"
	"os"
	"time"
)

// flusher brings what an import writes to the disk little by little. SQLite asks for it once, at the end: a quarter of
// a gigabyte then, and a sale whose few kilobytes must be on the disk too waits behind it.
type flusher struct {
	files []*os.File
	stop  chan struct{}
	ended chan struct{}
}

// flushPause is between two flushes.
const flushPause = 40 * time.Millisecond

func newFlusher(files ...*os.File) *flusher {
	f := &flusher{files: files, stop: make(chan struct{}), ended: make(chan struct{})}
	go f.run()
	return f
}

func (f *flusher) run() {
	defer close(f.ended)
	tick := time.NewTicker(flushPause)
	defer tick.Stop()
	for {
		select {
		case <-f.stop:
			return
		case <-tick.C:
		}
		for _, file := range f.files {
			file.Sync() // SQLite's own at the end is the one that counts
		}
	}
}

func (f *flusher) end() {
	close(f.stop)
	<-f.ended
}

// openFiles opens the catalogue's file and its log for a flusher. The first stays open for as long as SQLite has it: on
// Unix, closing a file that SQLite has open too would end SQLite's locks on it.
func (c *catalogue) openFiles(path string) error {
	for _, f := range []struct {
		to   **os.File
		name string
	}{{&c.file, path}, {&c.log, path + "-wal"}} {
		var err error
		if *f.to, err = os.OpenFile(f.name, os.O_RDWR, 0); err != nil {
			return fmt.Errorf("opening the catalogue: %w", err)
		}
	}
	return nil
}
