package pgcluster

import (
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"
)

// process is the running postgres.
type process struct {
	cmd  *exec.Cmd
	log  tail
	done chan struct{} // closed when it has ended
	once sync.Once
	err  error
}

// startProcess runs postgres as a child. On Linux the kernel signals the child when the thread that started it ends,
// so that thread is locked and kept until the child has ended.
func startProcess(who *owner, dir, program string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(program, args...), done: make(chan struct{})}
	p.cmd.Dir = dir
	p.cmd.SysProcAttr = who.attributes()
	dieWithParent(p.cmd.SysProcAttr)
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		// How it ended does not matter: stop asked for it, or the caller finds that nobody answers.
		_ = p.cmd.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("running %s: %w", program, err)
	}
	return p, nil
}

// stop ends the process, at last by force.
func (p *process) stop() error {
	p.once.Do(func() {
		for _, signal := range stopSignals {
			if err := p.cmd.Process.Signal(signal); err != nil {
				return // it has ended
			}
			select {
			case <-p.done:
				return
			case <-time.After(10 * time.Second):
			}
		}
		p.err = errors.New("pgcluster: PostgreSQL did not end")
	})
	return p.err
}

func (p *process) output() string { return p.log.String() }

// tail keeps the last of what postgres said, to explain a failed start.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 4 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if extra := len(t.text) - tailSize; extra > 0 {
		t.text = append([]byte(nil), t.text[extra:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.text))
}
