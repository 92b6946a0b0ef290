// Package e2e drives the whole path with real parts: the till's window and its SQLite file, the central server on
// PostgreSQL, the practice bank over HTTP and the practice printer over TCP. Nothing in it is imported by the programs.
package e2e

import (
	"os"
	"testing"

	"kassa/server/pgcluster/pgtest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		os.Exit(crashingTill(dir))
	}
	os.Exit(pgtest.Run(m))
}
