//go:build !unix

package pgcluster

import (
	"errors"
	"syscall"
)

// owner is the system user that the cluster runs as.
type owner struct{}

func runAs() (*owner, error) {
	return nil, errors.New("pgcluster: a temporary PostgreSQL needs Unix sockets and runs on Unix systems only")
}

func (w *owner) attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }

func (w *owner) own(string) error { return nil }

func (w *owner) makeDir(string) error { return nil }
