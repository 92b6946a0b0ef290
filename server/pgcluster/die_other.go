//go:build !linux

package pgcluster

import "syscall"

// dieWithParent does nothing where the kernel cannot tell a child of its parent's death: there the cluster ends by Stop
// only.
func dieWithParent(*syscall.SysProcAttr) {}
