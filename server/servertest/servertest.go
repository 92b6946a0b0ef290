// Package servertest runs a whole central server for a test: on a real PostgreSQL, behind real HTTP, with a store, a
// till in it and, on demand, a practice bank. The package of the test needs pgtest.Run in its TestMain.
package servertest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
	"kassa/register"
	"kassa/server"
	"kassa/server/payments"
	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
	"kassa/sync/wire"
)

// Login and Password are those of the owner.
const (
	Login    = "owner@example.com"
	Password = "correct horse battery"
)

// KeyText is the server's key in tests.
const KeyText = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

// World is a server with what belongs to it.
type World struct {
	T      testing.TB
	Clock  *Clock
	DSN    string
	Key    *pg.Key
	Server *server.Server
	Store  *pg.Store
	URL    string
	Owner  pg.Owner
	Shop   pg.Shop
	Secret string // of the first till
	Till   wire.Paired
	Bank   *tbanksim.Bank // nil without WithBank
	Log    *Log           // what the server logged
}

// Clock can be moved. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move goes forward.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Log keeps what was logged.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Start runs a server until the test ends. Its clock stands still unless it is moved.
func Start(t testing.TB) *World {
	t.Helper()
	w := &World{T: t, DSN: pgtest.DSN(t), Clock: &Clock{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}, Log: &Log{}}
	var err error
	if w.Key, err = pg.ParseKey(KeyText); err != nil {
		t.Fatal(err)
	}
	w.Server, w.URL = w.Another()
	w.Store = w.Server.Store()
	w.Owner, err = w.Store.CreateOwner(t.Context(), w.Clock.Now(),
		pg.NewOwner{Login: Login, Password: Password, Account: "Продукты у дома", Store: "Магазин на Садовой"})
	if err != nil {
		t.Fatal(err)
	}
	shops, err := w.Store.Stores(t.Context(), w.Owner.Account)
	if err != nil || len(shops) != 1 {
		t.Fatalf("stores %v: %v", shops, err)
	}
	w.Shop = shops[0]
	w.Till = w.Pair("Касса 1")
	w.Secret = w.Till.Secret
	return w
}

// Another runs one more server process, so to speak, on the same database.
func (w *World) Another() (*server.Server, string) {
	w.T.Helper()
	s, err := server.New(w.T.Context(), server.Config{DSN: w.DSN, Key: w.Key, Clock: w.Clock.Now, Version: "test",
		Logger: slog.New(slog.NewTextHandler(w.Log, nil)), OpenBank: openEager})
	if err != nil {
		w.T.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.T.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, l) }()
	w.T.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			w.T.Errorf("the server ended with %v", err)
		}
		s.Close()
		if w.T.Failed() {
			w.T.Logf("the server's log:\n%s", w.Log)
		}
	})
	return s, "http://" + l.Addr().String()
}

// eager is a bank that may be asked at any pace and as often as one likes, so that tests need not wait.
type eager struct{ banks.Bank }

func (e eager) Can() banks.Capabilities {
	can := e.Bank.Can()
	can.Poll, can.Rate = time.Millisecond, 0
	return can
}

// Eager makes a bank that may be asked at any pace of one that may not. What else it can do stays.
func Eager(b banks.Bank) banks.Bank {
	n, notified := b.(banks.Notified)
	r, registered := b.(banks.Registered)
	switch {
	case notified && registered:
		return struct {
			eager
			banks.Notified
			banks.Registered
		}{eager{b}, n, r}
	case notified:
		return struct {
			eager
			banks.Notified
		}{eager{b}, n}
	case registered:
		return struct {
			eager
			banks.Registered
		}{eager{b}, r}
	}
	return eager{b}
}

func openEager(b pg.BankSetting, clock func() time.Time) (banks.Bank, error) {
	bank, err := payments.Open(b, clock)
	if err != nil {
		return nil, err
	}
	return Eager(bank), nil
}

// Pair pairs a till by HTTP.
func (w *World) Pair(name string) wire.Paired {
	w.T.Helper()
	code, _, err := w.Store.NewPairingCode(w.T.Context(), w.Clock.Now(), w.Owner.Account, w.Shop.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	var paired wire.Paired
	w.Call("", "POST", "/api/v1/pair", wire.Pair{Code: code, Name: name, Version: "test"}).Into(&paired)
	return paired
}

// WithBank runs a practice bank and makes it the store's. Both it and the server reckon by the world's clock.
func (w *World) WithBank() *World {
	w.T.Helper()
	var err error
	w.Bank, err = tbanksim.New(tbanksim.Config{Terminal: "PracticeDEMO", Password: "practice-secret", Clock: w.Clock.Now,
		Hang: 100 * time.Millisecond})
	if err != nil {
		w.T.Fatal(err)
	}
	listener := httptest.NewServer(w.Bank.Handler())
	w.T.Cleanup(listener.Close)
	_, err = w.Store.SetBank(w.T.Context(), w.Clock.Now(), w.Key, pg.BankSetting{Account: w.Owner.Account, Store: w.Shop.ID,
		Bank: "tbank", Settings: banks.Settings{banks.FieldURL: listener.URL + "/v2/", "terminal": "PracticeDEMO", "password": "practice-secret"}})
	if err != nil {
		w.T.Fatal(err)
	}
	return w
}

// Answer is what the server answered.
type Answer struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   []byte
}

// Into reads the body of a success.
func (a Answer) Into(v any) {
	a.t.Helper()
	if a.Status != http.StatusOK {
		a.t.Fatalf("the server answered %d: %s", a.Status, a.Body)
	}
	if err := json.Unmarshal(a.Body, v); err != nil {
		a.t.Fatalf("the answer %s: %v", a.Body, err)
	}
}

// Error reads the body of a failure.
func (a Answer) Error() wire.Error {
	a.t.Helper()
	var e wire.Error
	if a.Status == http.StatusOK || json.Unmarshal(a.Body, &e) != nil || e.Code == "" {
		a.t.Fatalf("the server answered %d: %s", a.Status, a.Body)
	}
	return e
}

// Call sends v as JSON with a till's secret; nil is no body.
func (w *World) Call(secret, method, path string, v any) Answer {
	w.T.Helper()
	var body []byte
	if v != nil {
		var err error
		if body, err = json.Marshal(v); err != nil {
			w.T.Fatal(err)
		}
	}
	return w.Send(w.URL, secret, method, path, "", body)
}

// Send sends bytes to a server of this world.
func (w *World) Send(url, secret, method, path, encoding string, body []byte) Answer {
	w.T.Helper()
	r, err := http.NewRequestWithContext(w.T.Context(), method, url+path, bytes.NewReader(body))
	if err != nil {
		w.T.Fatal(err)
	}
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	if encoding != "" {
		r.Header.Set("Content-Encoding", encoding)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.T.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.T.Fatal(err)
	}
	return Answer{t: w.T, Status: resp.StatusCode, Header: resp.Header, Body: text}
}

// Zip packs bytes.
func Zip(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Journal is a till's journal as the test keeps it.
type Journal struct {
	ID      string
	Records [][]byte
}

// Add puts an operation at the journal's end.
func (j *Journal) Add(t testing.TB, at time.Time, kind register.Kind, body any) {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	record, err := register.Operation{Journal: j.ID, Number: int64(len(j.Records)) + 1, ID: "op", Kind: kind,
		Version: register.BodyVersion, At: at, Shift: 1, Cashier: "Анна", Body: b}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	j.Records = append(j.Records, record)
}

// AddSale puts a sale of some milk and, by weight, apples at the journal's end.
func (j *Journal) AddSale(t testing.TB, at time.Time, receipt int64) {
	t.Helper()
	var cart register.Cart
	goods := []register.Product{
		{ID: "milk", Name: "Молоко пастеризованное 3,2 %", Unit: register.Piece, Price: 89_90, VAT: register.VAT10, Barcodes: []string{"4600000000017"}},
		{ID: "apples", Name: "Яблоки сезонные", Unit: register.Kilogram, Price: 129_00, VAT: register.VAT10},
	}
	for i, q := range []register.Quantity{2 * register.One, 756} {
		if _, err := cart.Add(goods[i], q); err != nil {
			t.Fatal(err)
		}
	}
	cash, err := register.PayCash(cart.Total(), cart.Total()+50)
	if err != nil {
		t.Fatal(err)
	}
	s, err := register.NewSale(&cart, []register.Payment{cash})
	if err != nil {
		t.Fatal(err)
	}
	s.Receipt = receipt
	j.Add(t, at, register.KindSale, s)
}

// Hash is the chain's hash after the first n operations.
func (j *Journal) Hash(n int64) register.Hash {
	var h register.Hash
	for _, r := range j.Records[:n] {
		h = register.Link(h, r)
	}
	return h
}

// Batch is the operations after from, up to to.
func (j *Journal) Batch(from, to int64, sent time.Time) wire.Batch {
	h := j.Hash(from)
	b := wire.Batch{After: from, AfterHash: h.String(), SentAt: sent}
	for i, r := range j.Records[from:to] {
		h = register.Link(h, r)
		b.Operations = append(b.Operations, wire.Record{Number: from + int64(i) + 1, Hash: h.String(), Record: string(r)})
	}
	return b
}

// Upload sends a batch, packed, as tills do.
func (w *World) Upload(secret string, j *Journal, from, to int64) Answer {
	w.T.Helper()
	body, err := json.Marshal(j.Batch(from, to, w.Clock.Now()))
	if err != nil {
		w.T.Fatal(err)
	}
	return w.Send(w.URL, secret, "POST", "/api/v1/journals/"+j.ID+"/operations", "gzip", Zip(w.T, body))
}
