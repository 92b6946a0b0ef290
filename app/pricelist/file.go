package pricelist

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"kassa/register"
)

// Open reads a file's headings; a name that ends in .gz is unpacked on the way.
func Open(path string) (*Reader, io.Closer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the price list: %w", err)
	}
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			f.Close()
			return nil, nil, fmt.Errorf("%w: %w", ErrNotAList, err)
		}
	}
	list, err := NewReader(r)
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return list, f, nil
}

// Good gives the lines that can be read and passes the others to bad, which may be nil. An error ends the sequence.
func (r *Reader) Good(bad func(*BadLine)) iter.Seq2[register.Product, error] {
	return func(yield func(register.Product, error) bool) {
		for {
			p, err := r.Next()
			var b *BadLine
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.As(err, &b):
				if bad != nil {
					bad(b)
				}
				continue
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}
