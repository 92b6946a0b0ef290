package main

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"

	"kassa/app/pricelist"
	"kassa/localdb"
	"kassa/register"
)

// generated is how many goods are made when no price list is named.
const generated = 100_000

// loadGoods fills a till's catalogue and gives the barcodes of a sample of it, in random order.
func (b *bench) loadGoods(ctx context.Context, store *localdb.Store) (barcodes []string, count int, err error) {
	goods, left := made(), 0
	if b.options.goods != "" {
		list, err := pricelist.Open(b.options.goods)
		if err != nil {
			return nil, 0, err
		}
		defer list.Close()
		goods = list.Good(func(*pricelist.BadLine) { left++ })
	}
	say("importing goods (this may take a minute)")
	done, err := store.ImportGoods(ctx, goods, nil)
	if err != nil {
		return nil, 0, err
	}
	if left > 0 {
		say("%d lines of %s are no goods and were left out", left, b.options.goods)
	}
	random := rand.New(rand.NewPCG(1, 2))
	seen := 0
	err = store.EachProduct(ctx, func(p register.Product) error {
		count++
		if len(p.Barcodes) == 0 || p.Price == 0 {
			return nil
		}
		// A sample of even chances, in one pass.
		if seen++; len(barcodes) < b.scans {
			barcodes = append(barcodes, p.Barcodes[0])
		} else if at := random.IntN(seen); at < b.scans {
			barcodes[at] = p.Barcodes[0]
		}
		return nil
	})
	random.Shuffle(len(barcodes), func(i, j int) { barcodes[i], barcodes[j] = barcodes[j], barcodes[i] })
	say("%d goods, %d of them added", count, done.Added)
	if err == nil && len(barcodes) == 0 {
		err = fmt.Errorf("the price list holds no barcode with a price")
	}
	return barcodes, count, err
}

// made gives goods with names of a few words, so that the index of words has something to do.
func made() iter.Seq2[register.Product, error] {
	kinds := []string{"Молоко", "Хлеб", "Сыр", "Чай", "Кофе", "Печенье", "Шоколад", "Сок", "Вода", "Крупа", "Масло", "Мыло"}
	sorts := []string{"домашнее", "особое", "утреннее", "праздничное", "лёгкое", "северное", "полевое", "новое"}
	rates := []register.VAT{register.VAT22, register.VAT10, register.VAT10, register.VATNone}
	return func(yield func(register.Product, error) bool) {
		for i := range generated {
			p := register.Product{
				Barcodes: []string{fmt.Sprintf("04%011d", i*97)},
				Name:     fmt.Sprintf("%s %s № %d", kinds[i%len(kinds)], sorts[i/7%len(sorts)], i),
				Group:    kinds[i%len(kinds)],
				Unit:     register.Piece,
				Price:    register.Money(10_00 + i%990_00),
				VAT:      rates[i%len(rates)],
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}
