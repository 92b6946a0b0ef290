// Package pricelist reads and writes price lists: the files that a shop's accounting program, its supplier or its owner
// gives it. It knows nothing of screens or databases: it opens a file, guesses which column holds what, checks every
// line and gives register.Products.
//
//	f, err := pricelist.Open("goods.xlsx")       // an ErrNotAList says why a file is none
//	m := f.Guess()                               // the columns as the headings and the cells suggest; may be edited
//	report, err := f.Check(ctx, m, progress)     // the whole file is read, nothing is written
//	done, err := store.ImportGoods(ctx, f.Goods(ctx, m, pricelist.Pass{}), nil)
//
// Text files are CSV in UTF-8, UTF-16 with a byte order mark, or Windows-1251; the columns divided by commas, semicolons,
// tabs or bars; packed with gzip or not. XLSX workbooks are read sheet by sheet. The line of headings need not be the
// first one: accounting programs put titles above it.
//
// A line that cannot be read is told with its number and the reason, and does not stop the rest: not even a quote that is
// never closed, which costs its own line alone. Memory stays small whatever the file's size: of a line that was read, only
// hashes of its barcodes and code are kept, to notice those that come twice.
package pricelist
