package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"kassa/app/apptest/xscreen"
)

// keys are how many keys are pressed to measure the time to the drawn frame.
const keys = 60

// tick is how often Fyne looks for keys and draws.
const tick = time.Second / 60

// idle is how long a window that nobody touches is watched.
const idle = 5 * time.Second

// figures of one program's window.
type figures struct {
	usable time.Duration // from the start to the screen that can be worked at
	frames times         // from a key to the drawn frame
	work   time.Duration // processor time for a key
	memory int64         // resident, bytes
	cpu    time.Duration // used in idle
}

// window measures the till's window beside an empty one with a label, both on a display of their own, by the same
// means: keys pressed and pixels looked at from outside.
func (b *bench) window(ctx context.Context) error {
	if b.till == "" || b.empty == "" {
		return nil
	}
	say("measuring the till's window beside an empty one")
	floor, err := b.measureWindow(ctx, nil, b.empty)
	if errors.Is(err, exec.ErrNotFound) {
		say("no Xvfb: the window is not measured")
		return nil
	}
	if err != nil {
		return fmt.Errorf("measuring the empty window: %w", err)
	}
	ours, err := b.measureWindow(ctx, signIn, b.till, "--data", b.goods, "--lang", "ru")
	if err != nil {
		return fmt.Errorf("measuring the till's window: %w", err)
	}
	b.add("start to the sale screen", short(ours.usable), "empty window: "+short(floor.usable), quotient(ours.usable, floor.usable))
	b.add("key to drawn frame", ours.frames.summary(), floor.frames.summary(), ratio(ours.frames, floor.frames))
	b.add("processor time for a key", short(ours.work), short(floor.work), quotient(ours.work, floor.work))
	b.add("resident memory", megabytes(ours.memory), megabytes(floor.memory), fmt.Sprintf("+%s", megabytes(ours.memory-floor.memory)))
	b.add(fmt.Sprintf("processor time in %s of rest", idle), short(ours.cpu), short(floor.cpu), "")
	return nil
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// signIn types the cashier's PIN, and waits for the sale screen.
func signIn(ctx context.Context, s *xscreen.Screen) error {
	before, err := s.Still(ctx, s.Size(), 200*time.Millisecond)
	if err != nil {
		return err
	}
	if err := s.Type(pin); err != nil {
		return err
	}
	if err := s.Press(xscreen.Return); err != nil {
		return err
	}
	_, err = s.Changed(ctx, s.Size(), before)
	return err
}

// measureWindow starts a program on a display of its own. enter, if not nil, brings it to the screen to be measured.
func (b *bench) measureWindow(ctx context.Context, enter func(context.Context, *xscreen.Screen) error, program string, args ...string) (f figures, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	display, stop, err := virtualDisplay(ctx)
	if err != nil {
		return f, err
	}
	defer stop()
	s, err := xscreen.Open(display)
	if err != nil {
		return f, err
	}
	defer s.Close()
	home := filepath.Join(b.dir, "home")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return f, err
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+display, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home, "XDG_RUNTIME_DIR="+home)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return f, err
	}
	defer func() {
		cmd.Process.Kill()
		cmd.Wait()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, problems.String())
		}
	}()
	if f.usable, err = usable(ctx, s, enter, began); err != nil {
		return f, err
	}
	before, err := used(cmd.Process.Pid)
	if err != nil {
		return f, err
	}
	if f.frames, err = pressKeys(ctx, s); err != nil {
		return f, err
	}
	after, err := used(cmd.Process.Pid)
	if err != nil {
		return f, err
	}
	f.work = (after - before) / keys
	if f.cpu, err = rest(ctx, cmd.Process.Pid); err != nil {
		return f, err
	}
	f.memory, err = resident(cmd.Process.Pid)
	return f, err
}

// usable is how long it took until the screen that can be worked at stood still.
func usable(ctx context.Context, s *xscreen.Screen, enter func(context.Context, *xscreen.Screen) error, began time.Time) (time.Duration, error) {
	const quiet = 300 * time.Millisecond
	if err := s.Find(ctx); err != nil {
		return 0, err
	}
	blank := make([]byte, s.Size().Dx()*s.Size().Dy()*4)
	if _, err := s.Changed(ctx, s.Size(), blank); err != nil {
		return 0, err
	}
	took := time.Since(began)
	if enter == nil {
		_, err := s.Still(ctx, s.Size(), quiet)
		return took, err
	}
	if _, err := s.Still(ctx, s.Size(), quiet); err != nil {
		return 0, err
	}
	again := time.Now()
	if err := enter(ctx, s); err != nil {
		return 0, err
	}
	if _, err := s.Still(ctx, s.Size(), quiet); err != nil {
		return 0, err
	}
	return took + time.Since(again) - 2*quiet, nil
}

// pressKeys presses digits, one at a time, and measures from the key to the changed pixels.
func pressKeys(ctx context.Context, s *xscreen.Screen) (times, error) {
	part, err := whereKeysShow(ctx, s)
	if err != nil {
		return nil, err
	}
	var all times
	for i := range keys {
		before, err := s.Still(ctx, part, 60*time.Millisecond)
		if err != nil {
			return nil, err
		}
		sym := "123456789"[i%9 : i%9+1]
		time.Sleep(rand.N(tick)) // the picture that was waited for came on a tick: what follows must not be in step with it
		began := time.Now()
		if i%8 == 7 { // a field is not endless
			err = s.Press(xscreen.BackSpace)
		} else {
			err = s.Type(sym)
		}
		if err != nil {
			return nil, err
		}
		limit, cancel := context.WithTimeout(ctx, time.Second)
		at, err := s.Changed(limit, part, before)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			continue // a key that changes nothing here, as a backspace in a label
		}
		if err != nil {
			return nil, err
		}
		all = append(all, at.Sub(began))
	}
	if len(all) < keys/2 {
		return nil, fmt.Errorf("only %d of %d keys were seen on the screen", len(all), keys)
	}
	return all, nil
}

// whereKeysShow finds the part of the window that a digit changes.
func whereKeysShow(ctx context.Context, s *xscreen.Screen) (image.Rectangle, error) {
	before, err := s.Still(ctx, s.Size(), 300*time.Millisecond)
	if err != nil {
		return image.Rectangle{}, err
	}
	if err := s.Type("88"); err != nil {
		return image.Rectangle{}, err
	}
	if _, err := s.Changed(ctx, s.Size(), before); err != nil {
		return image.Rectangle{}, err
	}
	after, err := s.Still(ctx, s.Size(), 300*time.Millisecond)
	if err != nil {
		return image.Rectangle{}, err
	}
	part := s.Differs(before, after)
	if part.Empty() {
		return part, errors.New("a key changes nothing")
	}
	// Room for the digits that follow, and no more: reading pixels takes time.
	part.Max = image.Pt(min(part.Max.X+200, s.Size().Max.X), min(max(part.Max.Y, part.Min.Y+8), part.Min.Y+60))
	part.Max.X = min(part.Max.X, part.Min.X+320)
	return part, nil
}

// rest is the processor time that a program uses while nobody touches it.
func rest(ctx context.Context, pid int) (time.Duration, error) {
	before, err := used(pid)
	if err != nil {
		return 0, err
	}
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(idle):
	}
	after, err := used(pid)
	return after - before, err
}

// used is the processor time of a program so far, from /proc (proc(5)): the 14th and 15th fields, in hundredths of a
// second.
func used(pid int) (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("reading /proc on %s: %d fields", runtime.GOOS, len(fields))
	}
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond, errors.Join(err1, err2)
}

// resident is the memory that a program holds.
func resident(pid int) (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(b))
	if len(fields) < 2 {
		return 0, errors.New("reading /proc: no memory")
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}
