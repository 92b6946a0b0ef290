// Package goods holds the migrations of the till's catalogue, a SQLite database of its own beside the till's: a price
// list of a million lines is written there for as long as it takes, and no sale waits for it. The rules are those of
// package till.
package goods

import "embed"

// Files are the migrations.
//
//go:embed *.sql
var Files embed.FS
