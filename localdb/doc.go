// Package localdb is the till's own small backend: one SQLite file that holds its goods, its cashiers, its journal of
// operations, and the work that follows from them. Everything that a till needs to sell is here; no network is.
//
// One process owns a data folder at a time (ErrInUse). Writes go through one connection with synchronous=FULL, so that
// what a method has returned is on the disk; reads have connections of their own and never wait for a write.
//
// The journal is append-only. Commit writes an operation together with everything that follows from it (lines,
// payments, drawer, shift, print jobs, the QR payment that it settles) in one transaction, or nothing at all.
package localdb
