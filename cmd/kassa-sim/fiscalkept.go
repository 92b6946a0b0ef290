package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"kassa/fiscal/fnsim"
)

// keptDevice writes a practice registrar's memory and its paper into a folder: NAME.json, from which the next start goes
// on, NAME.txt, and a picture of each document.
type keptDevice struct {
	device    *fnsim.Device
	dir, name string
	seen      string // how the device stood when it was last written
	tape      string // what was drawn
}

func (k *keptDevice) path(ext string) string { return filepath.Join(k.dir, k.name+ext) }

// load brings back the memory of an earlier start.
func (k *keptDevice) load() error {
	state, err := os.ReadFile(k.path(".json"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil:
		err = k.device.Load(state)
	}
	if err != nil {
		return fmt.Errorf("opening the registrar's memory: %w", err)
	}
	k.device.SetPower(true)
	k.tape = k.device.Tape()
	return nil
}

// run writes whenever something has happened, and at the end.
func (k *keptDevice) run(ctx context.Context) error {
	t := time.NewTicker(200 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return k.write()
		case <-t.C:
			if err := k.write(); err != nil {
				return err
			}
		}
	}
}

// write writes both files, unless nothing has happened since.
func (k *keptDevice) write() error {
	now, tape := k.device.Look(), k.device.Tape()
	now.Clock = time.Time{}
	seen := fmt.Sprintf("%+v %d", now, len(tape))
	if seen == k.seen {
		return nil
	}
	k.seen = seen
	state, err := k.device.Save()
	if err == nil {
		err = os.MkdirAll(k.dir, 0o700)
	}
	if err == nil {
		err = replaceFile(k.path(".json"), state)
	}
	if err == nil {
		err = replaceFile(k.path(".txt"), []byte(tape))
	}
	if err == nil {
		err = k.draw(newPaper(k.tape, tape))
		k.tape = tape
	}
	if err != nil {
		return fmt.Errorf("keeping the registrar's memory: %w", err)
	}
	return nil
}

// replaceFile writes a file beside the old one and puts it in its place.
func replaceFile(path string, data []byte) error {
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
