// Package printersim is a practice receipt printer: it listens on TCP like a network printer, obeys ESC/POS, answers
// status questions, and keeps of each job the bytes, the text and a picture of the paper. It can be out of paper, slow,
// silent, or break the connection, on demand over HTTP.
//
// The interpreter was written from the printers' manuals and shares no code with printer/escpos. Decode and Paper are
// for tests that want to know what a job would have printed.
package printersim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config is what a practice printer needs.
type Config struct {
	Dir     string           // where jobs are kept; made when it is missing
	Columns int              // of the paper; 0 means DefaultColumns
	Dots    int              // of the paper; 0 means what the columns take
	Model   Model            // how it reads text; the zero value is the usual way
	Clock   func() time.Time // for the times of jobs
}

// Printer is a practice printer. It is safe for concurrent use.
type Printer struct {
	dir     string
	columns int
	dots    int
	model   Model
	clock   func() time.Time
	drawing sync.Mutex // one long paper at a time: its picture takes memory

	mu      sync.Mutex
	last    int // number of the last job
	printed int // jobs since New
	kicks   int // of the drawer
	forgot  int // how often a client had the buffers emptied
	clients int // connections from which jobs come
	jobs    []Job
	faults  faults
	changed chan struct{} // closed and made anew when anything above changes
}

// keptJobs bounds the jobs that are held in memory; the files of older ones stay.
const keptJobs = 100

// New makes a practice printer. Numbers go on after the jobs that Dir holds already.
func New(cfg Config) (*Printer, error) {
	switch {
	case cfg.Clock == nil:
		return nil, errors.New("printersim: no clock")
	case cfg.Columns == 0:
		cfg.Columns = DefaultColumns
	case cfg.Columns < 16 || cfg.Columns > 64:
		return nil, fmt.Errorf("printersim: %d columns", cfg.Columns)
	case cfg.Dots < 0 || cfg.Dots > maxPictureDots:
		return nil, fmt.Errorf("printersim: %d dots", cfg.Dots)
	}
	if err := os.MkdirAll(cfg.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the printer's folder: %w", err)
	}
	last, err := lastJob(cfg.Dir)
	if err != nil {
		return nil, err
	}
	return &Printer{dir: cfg.Dir, columns: cfg.Columns, dots: cfg.Dots, model: cfg.Model, clock: cfg.Clock, last: last, changed: make(chan struct{})}, nil
}

// lastJob is the highest number of the jobs in a folder.
func lastJob(dir string) (int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("looking for earlier jobs: %w", err)
	}
	last := 0
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), filepath.Ext(e.Name())); ok {
			if n, err := strconv.Atoi(name); err == nil {
				last = max(last, n)
			}
		}
	}
	return last, nil
}

// maxClients bounds the connections that are served at a time.
const maxClients = 16

// Serve prints what comes in on a listener until ctx ends, which closes the listener and all connections; then it
// returns nil. Unlike most real printers it serves several clients at once, each with its own paper, unless it is Busy.
func (p *Printer) Serve(ctx context.Context, ln net.Listener) error {
	stop := context.AfterFunc(ctx, func() { _ = ln.Close() })
	defer stop()
	var clients sync.WaitGroup
	defer clients.Wait()
	slots := make(chan struct{}, maxClients)
	for {
		conn, err := ln.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				_ = conn.Close()
			}
			return nil
		case err != nil:
			return fmt.Errorf("practice printer: %w", err)
		}
		if p.refused(conn) {
			continue
		}
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			_ = conn.Close()
			return nil
		}
		clients.Go(func() {
			defer func() { <-slots }()
			p.serve(ctx, conn)
		})
	}
}

// Jobs are the jobs that were printed, oldest first; of more than keptJobs, the newest.
func (p *Printer) Jobs() []Job {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.jobs)
}

// Kicks tells how often the drawer was opened, alone or in a job.
func (p *Printer) Kicks() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kicks
}

// WaitKicks returns when the drawer has been opened at least n times since New, or with the error of ctx.
func (p *Printer) WaitKicks(ctx context.Context, n int) error {
	return p.await(ctx, func() bool { return p.kicks >= n })
}

// Wait returns when at least n jobs have been printed since New, or with the error of ctx.
func (p *Printer) Wait(ctx context.Context, n int) error {
	return p.await(ctx, func() bool { return p.printed >= n })
}

// await returns when a condition on the printer's state holds. It is called under the lock.
func (p *Printer) await(ctx context.Context, condition func() bool) error {
	for {
		p.mu.Lock()
		done, changed := condition(), p.changed
		p.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// change changes the printer's state and wakes all who wait for it.
func (p *Printer) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
	close(p.changed)
	p.changed = make(chan struct{})
}
