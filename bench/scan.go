package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kassa/app/till"
	"kassa/localdb"
	"kassa/register"
)

// receiptLines is how long a receipt grows before the next one is begun.
const receiptLines = 10

// scan measures the way from a barcode to its line on the receipt, while the till does its background work: after
// each scan the receipt is on its way to the disk.
func (b *bench) scan(ctx context.Context) (err error) {
	store, err := b.openStore(ctx, "goods")
	if store == nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err != nil {
		return err
	}
	b.goods = store.Dir()
	barcodes, count, err := b.loadGoods(ctx, store)
	if err != nil {
		return err
	}
	b.code = barcodes[0]
	t, err := openTill(ctx, till.Config{Store: store})
	if err != nil {
		return err
	}
	t.Start(ctx)
	defer t.Stop()
	say("scanning %d barcodes", len(barcodes))
	scans, raw, err := scanAll(ctx, t, store, barcodes)
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("barcode to line on the receipt, %d goods", count), scans.summary(), "look-up alone: "+raw.summary(), ratio(scans, raw))
	return nil
}

// scanAll takes a scan, then the bare look-up of another barcode, in turn.
func scanAll(ctx context.Context, t *till.Till, store *localdb.Store, barcodes []string) (scans, raw times, err error) {
	for i, code := range barcodes {
		other := barcodes[len(barcodes)-1-i]
		began := time.Now()
		if _, err := t.Scan(ctx, code, register.One); err != nil {
			return nil, nil, fmt.Errorf("scanning %s: %w", code, err)
		}
		scanned := time.Now()
		if _, _, err := store.ProductByBarcode(ctx, other); err != nil {
			return nil, nil, fmt.Errorf("looking up %s: %w", other, err)
		}
		scans, raw = append(scans, scanned.Sub(began)), append(raw, time.Since(scanned))
		if i%receiptLines == receiptLines-1 {
			if err := t.Clear(ctx); err != nil {
				return nil, nil, err
			}
		}
	}
	return scans, raw, nil
}
