// Package till holds the migrations of the till's own SQLite database, in golang-migrate's naming:
// NUMBER_NAME.up.sql. They only go up: a file is never edited once a release has carried it, and an older program is
// served by the backup that is made before each migration.
//
// A migration ends by telling which is the oldest schema version that a program must know to work with the result
// (table schema_state, column oldest): an additive change leaves it as it was.
package till

import "embed"

// Files are the migrations.
//
//go:embed *.sql
var Files embed.FS
