// Package file appends print jobs to a file, or puts each into a file of its own in a folder: for another program that
// prints them, for a share of the network, for a look at what would be printed. Nobody answers there: a job that was
// written is sent, not confirmed.
package file

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kassa/printer"
)

// Printer is a printer.Transport that ends in a file.
type Printer struct {
	path string
	now  func() time.Time
}

var _ printer.Transport = (*Printer)(nil)

// New names the file or the folder; now names the files in a folder. A file that is missing is made with the first job,
// a folder must be there.
func New(path string, now func() time.Time) *Printer { return &Printer{path: path, now: now} }

// Send writes one job and waits until it is on the disk. A job that cannot be written whole is taken back, and the error is
// then printer.ErrUnreachable.
func (p *Printer) Send(ctx context.Context, job []byte) (sent int, err error) {
	if len(job) == 0 {
		return 0, nil
	}
	if err := ctx.Err(); err != nil {
		return 0, p.unreachable(context.Cause(ctx))
	}
	info, err := os.Stat(p.path)
	switch {
	case err == nil && info.IsDir():
		err = p.alone(job)
	case err == nil && !info.Mode().IsRegular():
		err = errors.New("it is neither a file nor a folder")
	case err == nil || errors.Is(err, os.ErrNotExist):
		return p.add(job)
	}
	if err != nil {
		return 0, p.unreachable(err)
	}
	return len(job), nil
}

func (p *Printer) unreachable(err error) error {
	return fmt.Errorf("%w at %s: %w", printer.ErrUnreachable, p.path, err)
}

// add appends a job to the file.
func (p *Printer) add(job []byte) (sent int, err error) {
	f, err := os.OpenFile(p.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return 0, p.unreachable(err)
	}
	info, err := f.Stat()
	if err != nil {
		return 0, p.unreachable(errors.Join(err, f.Close()))
	}
	n, err := f.Write(job)
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		if e := f.Truncate(info.Size()); e == nil {
			n = 0
			err = p.unreachable(err)
		}
		return n, errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return n, fmt.Errorf("printing into %s: %w", p.path, err)
	}
	return n, nil
}

// alone puts a job into a file of its own, which appears whole or not at all. It is named by the time, and by random
// letters, so that no job ever takes another one's place.
func (p *Printer) alone(job []byte) error {
	f, err := os.CreateTemp(p.path, "."+p.now().UTC().Format("20060102-150405.000")+"-*.bin")
	if err != nil {
		return err
	}
	_, err = f.Write(job)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(p.path, strings.TrimPrefix(filepath.Base(f.Name()), ".")))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Status tells that nobody answers, or printer.ErrUnreachable where no job could be written.
func (p *Printer) Status(context.Context) (printer.Status, error) {
	dir := p.path
	if info, err := os.Stat(p.path); err == nil && info.Mode().IsRegular() {
		return printer.Status{Silent: true}, nil
	} else if errors.Is(err, os.ErrNotExist) {
		dir = filepath.Dir(p.path)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return printer.Status{}, p.unreachable(err)
	}
	if !info.IsDir() {
		return printer.Status{}, p.unreachable(errors.New("it is neither a file nor a folder"))
	}
	return printer.Status{Silent: true}, nil
}
