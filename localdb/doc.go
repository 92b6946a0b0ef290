// Package localdb is the till's own small backend: its goods, its cashiers, its journal of operations, and the work that
// follows from them. Everything that a till needs to sell is here; no network is.
//
// It is two SQLite files in one data folder. The till's file holds what happens in the shop: the journal, the queues,
// the settings, the stock, the favourites. The catalogue's file holds what came with price lists: goods, their groups,
// and all that a search reads; it names nothing of the other. SQLite has one writer a file, and a price list of a
// million lines is one transaction of many seconds: in a file of its own no sale waits for it.
//
// One process owns a data folder at a time (ErrInUse). Writes go through one connection a file with synchronous=FULL, so
// that what a method has returned is on the disk; reads have connections of their own and never wait for a write.
//
// The journal is append-only. Commit writes an operation together with everything that follows from it (lines,
// payments, drawer, shift, print jobs, what a fiscal registrar is to make, the QR payment that it settles) in one
// transaction, or nothing at all.
//
// What follows from the records alone is a projection: Verify computes all of them again and tells where they differ,
// Rebuild writes them anew. Find pages through the history by any filter, along the projections' indexes.
package localdb
