package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// firstFrame measures the time from the start of the till's program to the first picture in its window, with the
// catalogue of the scans. Where there is no display, a virtual one is opened, which has no GPU.
func (b *bench) firstFrame(ctx context.Context) (err error) {
	if b.till == "" {
		return nil
	}
	env := os.Environ()
	where := "display " + os.Getenv("DISPLAY")
	if os.Getenv("DISPLAY") == "" {
		display, stop, err := virtualDisplay(ctx)
		if err != nil {
			say("no display and no Xvfb: the first frame is not measured (%v)", err)
			b.add("start to first frame", "no display", "", "")
			return nil
		}
		defer stop()
		env, where = append(env, "DISPLAY="+display), "virtual display, no GPU"
	}
	home := filepath.Join(b.dir, "home")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	env = append(env, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home, "XDG_RUNTIME_DIR="+home)
	say("opening the till's window %d times", b.frames)
	var frames times
	for range b.frames {
		took, err := b.openWindow(ctx, env)
		if err != nil {
			return err
		}
		frames = append(frames, took)
	}
	b.add("start to first frame, "+where, frames.summary(), "", "")
	return nil
}

// openWindow runs the till until it says how long it took.
func (b *bench) openWindow(ctx context.Context, env []string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.till, "--data", b.goods, "--lang", "ru", "--first-frame")
	cmd.Env = env
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("opening the till: %w: %s", err, problems.String())
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		return 0, fmt.Errorf("the till said %q instead of its milliseconds: %w", out, err)
	}
	return time.Duration(n) * time.Millisecond, nil
}

// virtualDisplay opens an X server that draws into memory and picks a free number.
func virtualDisplay(ctx context.Context) (name string, stop func(), err error) {
	r, w, err := os.Pipe()
	if err != nil {
		return "", nil, err
	}
	defer r.Close()
	cmd := exec.CommandContext(ctx, "Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset")
	cmd.ExtraFiles = []*os.File{w}
	err = cmd.Start()
	w.Close()
	if err != nil {
		return "", nil, err
	}
	stop = func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	}
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, errors.Join(errors.New("the X server ended at once"), err)
	}
	return ":" + strings.TrimSpace(line), stop, nil
}
