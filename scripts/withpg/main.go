// Withpg runs a command with a temporary PostgreSQL: its address stands in the command's environment, under the name
// that the tests look for, so that all test programs share one server instead of starting one each.
//
//	go run ./scripts/withpg go test ./...
//
// The server is stopped when the command ends, and when withpg itself is told to end. The exit code is the command's.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"kassa/server/pgcluster"
	"kassa/server/pgcluster/pgtest"
)

// grace is how long a command may go on after it was asked to end.
const grace = 10 * time.Second

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withpg COMMAND [ARGUMENT ...]")
		os.Exit(2)
	}
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpg:", err)
	}
	os.Exit(code)
}

// run gives the command's exit code, or 1 and the error when it could not be run at all.
func run(command []string) (code int, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	cluster, err := pgcluster.Start(ctx, pgcluster.Options{})
	if err != nil {
		return 1, err
	}
	defer func() {
		if stopping := cluster.Stop(); stopping != nil {
			code, err = 1, errors.Join(err, stopping)
		}
	}()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), pgtest.Variable+"="+cluster.DSN("postgres"))
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = grace
	err = cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() > 0 {
		return exit.ExitCode(), nil
	}
	if err != nil {
		return 1, fmt.Errorf("running %s: %w", command[0], err)
	}
	return 0, nil
}
