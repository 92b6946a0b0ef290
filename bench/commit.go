package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"kassa/app/till"
	"kassa/localdb"
	"kassa/printer/tcp"
	"kassa/register"
)

// commit measures the commit of a sale, in turn: through the store, through the till's use case, and by statements
// against a file of the same schema with nothing around them. All write the same rows: the operation, its lines, the
// payment, the shift, the drawer, and the print job.
func (b *bench) commit(ctx context.Context) (err error) {
	store, err := b.openStore(ctx, "commit")
	if store == nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err != nil {
		return err
	}
	// The printer is there for its jobs; nothing is ever sent to it, since the background work is not started.
	t, err := openTill(ctx, till.Config{Store: store, Shop: till.Shop{Name: "Ромашка", Till: "1"}, Printer: tcp.New("127.0.0.1:9", tcp.Timeouts{})})
	if err != nil {
		return err
	}
	if err := importSaleGoods(ctx, store); err != nil {
		return err
	}
	s := &sales{store: store, till: t}
	if err := s.sample(ctx); err != nil {
		return err
	}
	raw, err := b.openRaw(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, raw.close()) }()
	say("committing %d sales in each of three ways", b.sales)
	var byStore, byTill, byHand times
	for range b.sales {
		for _, way := range []struct {
			do func(context.Context) (time.Duration, error)
			to *times
		}{{s.commit, &byStore}, {s.sell, &byTill}, {raw.commit, &byHand}} {
			took, err := way.do(ctx)
			if err != nil {
				return err
			}
			*way.to = append(*way.to, took)
		}
	}
	b.add(fmt.Sprintf("commit of a sale of %d lines, localdb", linesOfSale), byStore.summary(), byHand.summary(), ratio(byStore, byHand))
	b.add("the same through the till, payment and slip included", byTill.summary(), byHand.summary(), ratio(byTill, byHand))
	return nil
}

// sales commits sales to one store.
type sales struct {
	store    *localdb.Store
	till     *till.Till
	record   []byte          // of such a sale
	document json.RawMessage // of its slip
}

// sample sells once and keeps what was written.
func (s *sales) sample(ctx context.Context) error {
	if err := s.ring(ctx); err != nil {
		return err
	}
	if _, err := s.till.PayCash(ctx, 1000_00); err != nil {
		return err
	}
	last, err := s.store.History(ctx, 0, 1)
	if err != nil || len(last) != 1 {
		return fmt.Errorf("reading the sale: %d operations, %w", len(last), err)
	}
	s.record = last[0].Record
	j, ok, err := s.store.NextJob(ctx)
	if err != nil || !ok {
		return fmt.Errorf("the sale made no slip: %w", err)
	}
	s.document = j.Document
	return s.store.FinishJob(ctx, j.Seq, localdb.JobSent, "")
}

func (s *sales) ring(ctx context.Context) error {
	for _, p := range goodsOfSale() {
		if _, err := s.till.Scan(ctx, p.Barcodes[0], register.One); err != nil {
			return err
		}
	}
	return nil
}

// sell takes cash for a receipt of five lines, as the cashier does.
func (s *sales) sell(ctx context.Context) (time.Duration, error) {
	if err := s.ring(ctx); err != nil {
		return 0, err
	}
	began := time.Now()
	if _, err := s.till.PayCash(ctx, 1000_00); err != nil {
		return 0, err
	}
	return time.Since(began), s.printed(ctx)
}

// commit writes the same sale through the store alone.
func (s *sales) commit(ctx context.Context) (time.Duration, error) {
	sale, err := newSale()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	_, err = s.store.Commit(ctx, localdb.Entry{ID: uuid.Must(uuid.NewV7()).String(), Kind: register.KindSale, Shift: 1,
		Cashier: "Иванова А.", Body: sale, Draft: &register.Draft{},
		Slips: func(register.Operation) ([]localdb.PrintJob, error) {
			return []localdb.PrintJob{{Name: "sale", Document: s.document}}, nil
		}})
	if err != nil {
		return 0, err
	}
	return time.Since(began), s.printed(ctx)
}

// printed empties the print queue, as a printer does while the cashier sells.
func (s *sales) printed(ctx context.Context) error {
	j, ok, err := s.store.NextJob(ctx)
	if err != nil || !ok {
		return err
	}
	return s.store.FinishJob(ctx, j.Seq, localdb.JobSent, "")
}

func importSaleGoods(ctx context.Context, store *localdb.Store) error {
	_, err := store.ImportGoods(ctx, func(yield func(register.Product, error) bool) {
		for _, p := range goodsOfSale() {
			if !yield(p, nil) {
				return
			}
		}
	}, nil)
	return err
}
