// Package simulation plays shops that take money by QR, from one seed number each: the real till on its real database, the
// real server's code, the real adapters against the real practice banks, all in one process under a virtual clock. What
// lies between them loses, delays, repeats and reorders; banks fail; till and server are killed at any moment; buyers pay
// late, twice, or after the code was cancelled; owners give money back at the bank. After the dust has settled the books
// are compared with the bank, kopeck by kopeck.
//
// Run it with "make simulate SEEDS=10000", or a single shop again with "make simulate FROM=4711 SEEDS=1".
package simulation
