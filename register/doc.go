// Package register is what a cash register is: money and quantities, the goods on a receipt, VAT, the operations that
// make up a till's history, shifts and their totals.
//
// It does no input or output, reads no clock and keeps no globals: the same calls give the same results, which is what
// lets its rules be tested by properties and a year of shop life be replayed in seconds. Nothing here imports another
// package of this project.
package register
