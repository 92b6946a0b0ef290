package main

import (
	"context"
	"path/filepath"

	"kassa/app/till"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/register"
)

// pin is the cashier's.
const pin = "1111"

// openStore makes a till's database, with a cashier, in a folder of the run's.
func (b *bench) openStore(ctx context.Context, name string) (*localdb.Store, error) {
	store, err := localdb.Open(ctx, localdb.Options{Dir: filepath.Join(b.dir, name)})
	if err != nil {
		return nil, err
	}
	hash, err := till.HashPIN(pin)
	if err != nil {
		return store, err
	}
	return store, store.SetCashier(ctx, localdb.Cashier{ID: "1", Name: "Иванова А.", PINHash: hash, Role: localdb.RoleCashier})
}

// openTill puts a till on a database, with the cashier signed in and a shift open. Its background work is not started.
func openTill(ctx context.Context, c till.Config) (*till.Till, error) {
	var err error
	if c.Language, err = i18n.Load(i18n.Russian); err != nil {
		return nil, err
	}
	t, err := till.New(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := t.SignIn(ctx, pin); err != nil {
		return nil, err
	}
	return t, t.OpenShift(ctx)
}

// linesOfSale is how many lines a sale has here.
const linesOfSale = 5

// goodsOfSale are on every receipt here.
func goodsOfSale() []register.Product {
	goods := []register.Product{
		{ID: "0191d2a0-0000-7000-8000-000000000001", Name: "Хлеб ржаной «Домашний» 600 г", Unit: register.Piece, Price: 64_90, VAT: register.VAT10},
		{ID: "0191d2a0-0000-7000-8000-000000000002", Name: "Молоко пастеризованное 3,2 % 930 мл", Unit: register.Piece, Price: 89_90, VAT: register.VAT10},
		{ID: "0191d2a0-0000-7000-8000-000000000003", Name: "Кофе молотый 250 г", Unit: register.Piece, Price: 389_90, VAT: register.VAT22},
		{ID: "0191d2a0-0000-7000-8000-000000000004", Name: "Мыло жидкое 300 мл", Unit: register.Piece, Price: 99_90, VAT: register.VAT22},
		{ID: "0191d2a0-0000-7000-8000-000000000005", Name: "Газета районная", Unit: register.Piece, Price: 35_00, VAT: register.VAT10},
	}
	for i := range goods {
		goods[i].Barcodes = []string{"040000000000" + string(rune('1'+i))}
	}
	return goods
}

// newSale is such a receipt, paid in cash.
func newSale() (register.Sale, error) {
	var cart register.Cart
	for _, p := range goodsOfSale() {
		if _, err := cart.Add(p, register.One); err != nil {
			return register.Sale{}, err
		}
	}
	paid, err := register.PayCash(cart.Total(), 1000_00)
	if err != nil {
		return register.Sale{}, err
	}
	return register.NewSale(&cart, []register.Payment{paid})
}
