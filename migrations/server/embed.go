// Package server holds the migrations of the central server's PostgreSQL database, in the order of their numbers.
//
// A file runs in one transaction together with the new version number, unless its first line is
// "-- kassa: no transaction"; such a file must be safe to run again from its start. Released files are never edited.
package server

import "embed"

// Files are the migrations.
//
//go:embed *.sql
var Files embed.FS
