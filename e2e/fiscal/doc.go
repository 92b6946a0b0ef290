// Package fiscal plays shops with a fiscal registrar in which everything goes wrong, under a virtual clock: the till as it
// is, on its own SQLite files, the adapter of ATOL's service or of KkmServer, and the simulator of that with the virtual
// device behind it. Answers are lost, paper ends, power fails at every moment, the till is killed and started again, the
// fiscal storage is exchanged. When the dust has settled, the device's documents and the till's operations must agree one
// to one: kinds, lines, sums, payments and VAT.
//
// A shop is played again by its number: go test ./e2e/fiscal -from 7 -shops 1 -run Agree -v -told
package fiscal
