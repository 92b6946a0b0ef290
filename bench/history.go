package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"kassa/app/till"
	"kassa/localdb"
	"kassa/register"
)

// pages is how many pages of the history are read of each kind.
const pages = 200

// pageSize is that of the history's screen.
const pageSize = 60

// history puts a long past behind the till with the catalogue, and measures pages of it, and a commit on top of it.
func (b *bench) history(ctx context.Context) (err error) {
	if b.past == 0 {
		return nil
	}
	if err := b.live(ctx); err != nil {
		return fmt.Errorf("writing the past: %w", err)
	}
	began := time.Now()
	store, err := localdb.Open(ctx, localdb.Options{Dir: b.goods})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	t, err := till.New(ctx, till.Config{Store: store})
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("opening the till, %d operations", b.past), short(time.Since(began)), "", "")
	if err := t.SignIn(ctx, pin); err != nil {
		return err
	}
	if err := b.readPages(ctx, t); err != nil {
		return err
	}
	var sales times
	for range 500 {
		if _, err := t.Scan(ctx, b.code, register.One); err != nil {
			return err
		}
		began := time.Now()
		if _, err := t.PayCash(ctx, t.View().Due); err != nil {
			return err
		}
		sales = append(sales, time.Since(began))
	}
	b.add(fmt.Sprintf("a sale of one line on top of %d operations", b.past), sales.summary(), "", "")
	return nil
}

// readPages reads pages anywhere in the history, by every filter.
func (b *bench) readPages(ctx context.Context, t *till.Till) error {
	random := rand.New(rand.NewPCG(5, 6))
	day := time.Now().AddDate(0, 0, -7)
	for _, kind := range []struct {
		name string
		find func() till.Search
	}{
		{"everything", func() till.Search { return till.Search{} }},
		{"sales", func() till.Search { return till.Search{Kinds: []register.Kind{register.KindSale}} }},
		{"a kind that is rare", func() till.Search { return till.Search{Kinds: []register.Kind{register.KindShiftClosed}} }},
		{"by card", func() till.Search { return till.Search{Method: register.Card} }},
		{"a method that nobody used", func() till.Search { return till.Search{Method: register.QR} }},
		{"a week", func() till.Search { return till.Search{From: day, To: day.AddDate(0, 0, 7)} }},
		{"a number", func() till.Search { return till.Search{Text: fmt.Sprint(1 + random.IntN(b.past))} }},
		{"a sum", func() till.Search { return till.Search{Text: register.Money(100_00 + random.IntN(900_00)).String()} }},
		{"words of goods", func() till.Search { return till.Search{Text: "молоко"} }},
	} {
		var all times
		for range pages {
			s, before := kind.find(), int64(1+random.IntN(b.past))
			began := time.Now()
			if _, err := t.Find(ctx, s, before, pageSize); err != nil {
				return err
			}
			all = append(all, time.Since(began))
		}
		b.add("history page, "+kind.name, all.summary(), "", "")
	}
	return nil
}

// live writes the past: shifts of three hundred receipts, two of three in cash. The rows are those that a commit writes,
// without waiting for the disk after each.
func (b *bench) live(ctx context.Context) (err error) {
	say("writing %d operations (this takes a minute or two)", b.past)
	u := url.URL{Scheme: "file", Opaque: filepath.Join(b.goods, localdb.FileName),
		RawQuery: "_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_pragma=cache_size(-200000)&_txlock=immediate"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	p := &past{random: rand.New(rand.NewPCG(7, 8)), at: time.Now().AddDate(-2, 0, 0)}
	if err := p.begin(ctx, db); err != nil {
		return err
	}
	for p.number < int64(b.past) {
		if err := p.batch(ctx, db, min(20_000, b.past-int(p.number))); err != nil {
			return err
		}
	}
	if _, err := db.ExecContext(ctx, `delete from operation_spans`); err != nil { // of what the scans have left
		return err
	}
	_, err = db.ExecContext(ctx, `insert into operation_spans (first, last, earliest, latest)
		select min(position), max(position), min(at), max(at) from operations group by (position - 1) / 256 having count(*) = 256`)
	return err
}

// past is a history that is being written.
type past struct {
	random  *rand.Rand
	journal string
	number  int64
	hash    register.Hash
	at      time.Time
	goods   []register.Product
	shift   int64
}

// begin goes on from the journal's end. The shift that is open stays open: the past is written into it.
func (p *past) begin(ctx context.Context, db *sql.DB) error {
	p.goods = goodsOfSale()
	var hash []byte
	err := db.QueryRowContext(ctx, `select j.id, o.number, o.hash, o.shift from journals j join operations o on o.journal = j.seq
		order by j.seq desc, o.number desc limit 1`).Scan(&p.journal, &p.number, &hash, &p.shift)
	copy(p.hash[:], hash)
	return err
}

func (p *past) batch(ctx context.Context, db *sql.DB, n int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var st [3]*sql.Stmt
	for i, text := range []string{
		`insert into operations (journal, number, id, kind, at, shift, receipt, total, record, hash)
			values ((select max(seq) from journals), ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		`insert into operation_lines (position, line, kind, product, name, quantity, price, sum, vat) values (?, ?, 'sale', ?, ?, 1000, ?, ?, ?)`,
		`insert into operation_payments (position, payment, kind, method, amount, given) values (?, 1, 'sale', ?, ?, ?)`,
	} {
		if st[i], err = tx.PrepareContext(ctx, text); err != nil {
			return err
		}
		defer st[i].Close()
	}
	for range n {
		if err := p.add(ctx, st); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (p *past) add(ctx context.Context, st [3]*sql.Stmt) error {
	p.number++
	p.at = p.at.Add(time.Minute)
	sale, err := p.sale()
	if err != nil {
		return err
	}
	body, err := json.Marshal(sale)
	if err != nil {
		return err
	}
	o := register.Operation{Journal: p.journal, Number: p.number, ID: uuid.Must(uuid.NewV7()).String(), Kind: register.KindSale,
		Version: register.BodyVersion, At: p.at, Shift: p.shift, Cashier: "Иванова А.", Body: body}
	record, err := o.Encode()
	if err != nil {
		return err
	}
	p.hash = register.Link(p.hash, record)
	res, err := st[0].ExecContext(ctx, o.Number, o.ID, string(o.Kind), o.At.UnixMilli(), o.Shift, sale.Receipt, int64(sale.Total), record, p.hash[:])
	if err != nil {
		return err
	}
	position, err := res.LastInsertId()
	if err != nil {
		return err
	}
	for i, l := range sale.Lines {
		if _, err := st[1].ExecContext(ctx, position, i+1, l.Product, l.Name, int64(l.Price), int64(l.Sum), string(l.VAT)); err != nil {
			return err
		}
	}
	pay := sale.Payments[0]
	_, err = st[2].ExecContext(ctx, position, string(pay.Method), int64(pay.Amount), int64(pay.Given))
	return err
}

func (p *past) sale() (register.Sale, error) {
	var cart register.Cart
	for range 1 + p.random.IntN(3) {
		g := p.goods[p.random.IntN(len(p.goods))]
		if _, err := cart.AddPriced(g, register.One, g.Price+register.Money(p.random.IntN(100_00))); err != nil {
			return register.Sale{}, err
		}
	}
	pay := []register.Payment{{Method: register.Card, Amount: cart.Total()}}
	if p.random.IntN(3) > 0 {
		pay = []register.Payment{{Method: register.Cash, Amount: cart.Total(), Given: cart.Total()}}
	}
	sale, err := register.NewSale(&cart, pay)
	sale.Receipt = p.number
	return sale, err
}
