//go:build unix

package pgcluster

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// owner is the system user that the cluster runs as; nil is the caller.
type owner struct {
	uid, gid uint32
}

// runAs chooses the cluster's system user: the caller, unless that is root.
func runAs() (*owner, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("pgcluster: PostgreSQL does not run as root, and there is no user postgres to run it: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("pgcluster: user postgres has id %q: %w", u.Uid, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("pgcluster: user postgres has group %q: %w", u.Gid, err)
	}
	return &owner{uid: uint32(uid), gid: uint32(gid)}, nil
}

func (w *owner) attributes() *syscall.SysProcAttr {
	// A process group of its own: Ctrl-C in the terminal reaches the caller, who then stops the cluster in good order.
	a := &syscall.SysProcAttr{Setpgid: true}
	if w != nil {
		a.Credential = &syscall.Credential{Uid: w.uid, Gid: w.gid}
	}
	return a
}

// own gives a directory to the cluster's user and keeps everybody else out.
func (w *owner) own(dir string) error {
	if w != nil {
		if err := os.Chown(dir, int(w.uid), int(w.gid)); err != nil {
			return err
		}
	}
	return os.Chmod(dir, 0o700)
}

// makeDir makes the data directory and checks that the cluster's user can get there.
func (w *owner) makeDir(dir string) error {
	if !filepath.IsAbs(dir) {
		return fmt.Errorf("data directory %q is not an absolute path", dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := w.own(dir); err != nil {
		return err
	}
	if w == nil {
		return nil
	}
	for parent := filepath.Dir(dir); ; parent = filepath.Dir(parent) {
		info, err := os.Stat(parent)
		if err != nil {
			return err
		}
		st, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			return errors.New("cannot read the owner of " + parent)
		}
		if info.Mode()&0o001 == 0 && st.Uid != w.uid {
			return fmt.Errorf("user postgres cannot get into %s: choose a data directory elsewhere", parent)
		}
		if parent == filepath.Dir(parent) {
			return nil
		}
	}
}
