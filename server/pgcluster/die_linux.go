package pgcluster

import "syscall"

// dieWithParent has the kernel ask PostgreSQL for a fast shutdown when the starting thread ends (prctl(2),
// PR_SET_PDEATHSIG).
func dieWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGINT }
