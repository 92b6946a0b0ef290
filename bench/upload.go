package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"time"

	"github.com/google/uuid"

	"kassa/app/till"
	"kassa/localdb"
	"kassa/register"
	"kassa/server"
	"kassa/server/pg"
	"kassa/server/pgcluster"
	"kassa/sync/client"
	"kassa/sync/push"
	"kassa/sync/wire"
)

// upload measures how a till that was offline gets rid of its operations: the sync worker, gzip and JSON over HTTP, the
// server's checks, PostgreSQL with fsync, and the acknowledgement on the till's disk. Beside it, the same rows are
// inserted into the same PostgreSQL, in batches of the same size, with nothing around them.
func (b *bench) upload(ctx context.Context) (err error) {
	store, err := b.openStore(ctx, "upload")
	if store == nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err != nil {
		return err
	}
	if err := b.fill(ctx, store); err != nil {
		return err
	}
	cluster, err := pgcluster.Start(ctx, pgcluster.Options{Durable: true})
	if errors.Is(err, pgcluster.ErrNotInstalled) {
		say("no PostgreSQL here: the upload is not measured")
		b.add(fmt.Sprintf("upload of %d operations", b.uploads), "no PostgreSQL", "", "")
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	s, stop, err := serve(ctx, cluster)
	if err != nil {
		return err
	}
	say("uploading %d operations", b.uploads)
	ours, err := s.receive(ctx, store)
	if err = errors.Join(err, stop()); err != nil {
		return err
	}
	say("inserting the same rows")
	raw, err := insertAgain(ctx, cluster, b.uploads)
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("upload of %d operations, till's disk to server's disk", b.uploads), speed(b.uploads, ours), speed(b.uploads, raw), quotient(ours, raw))
	return nil
}

func speed(n int, took time.Duration) string {
	return fmt.Sprintf("%s  %.0f a second", short(took), float64(n)/took.Seconds())
}

// fill writes the operations into a till's journal.
func (b *bench) fill(ctx context.Context, store *localdb.Store) error {
	if _, err := openTill(ctx, till.Config{Store: store}); err != nil {
		return err
	}
	sale, err := newSale()
	if err != nil {
		return err
	}
	say("writing %d operations to be uploaded", b.uploads)
	for range b.uploads - 1 { // the shift's opening is one
		_, err := store.Commit(ctx, localdb.Entry{ID: uuid.Must(uuid.NewV7()).String(), Kind: register.KindSale, Shift: 1,
			Cashier: "Иванова А.", Body: sale})
		if err != nil {
			return err
		}
	}
	return nil
}

// running is a server that serves, with one owner.
type running struct {
	store   *pg.Store
	key     *pg.Key
	url     string
	account uuid.UUID
}

// serve runs a central server on the cluster. stop ends it.
func serve(ctx context.Context, cluster *pgcluster.Cluster) (r *running, stop func() error, err error) {
	if err := newDatabase(ctx, cluster, "kassa"); err != nil {
		return nil, nil, err
	}
	key, err := pg.ParseKey(benchKey)
	if err != nil {
		return nil, nil, err
	}
	s, err := server.New(ctx, server.Config{DSN: cluster.DSN("kassa"), Key: key})
	if err != nil {
		return nil, nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.Close()
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, listener) }()
	stop = func() error {
		cancel()
		err := <-done
		s.Close()
		return err
	}
	owner, err := s.Store().CreateOwner(ctx, time.Now(), newOwner)
	if err != nil {
		return nil, nil, errors.Join(err, stop())
	}
	return &running{store: s.Store(), key: key, url: "http://" + listener.Addr().String(), account: owner.Account}, stop, nil
}

func newDatabase(ctx context.Context, cluster *pgcluster.Cluster, name string) error {
	if err := cluster.CreateDatabase(ctx, name); err != nil {
		return err
	}
	return pg.Migrate(ctx, cluster.DSN(name))
}

// newOwner is who owns the stores here.
var newOwner = pg.NewOwner{Login: "bench", Password: "only for a bench", Account: "bench"}

// newStore makes a store, under a name of its own as it must be.
func (r *running) newStore(ctx context.Context) (pg.Shop, error) {
	return r.store.CreateStore(ctx, time.Now(), pg.NewStore{Account: r.account, Name: uuid.NewString()})
}

// pair lets a till into a store, as an owner and a cashier do together.
func (r *running) pair(ctx context.Context, store uuid.UUID) (*client.Client, error) {
	code, _, err := r.store.NewPairingCode(ctx, time.Now(), r.account, store)
	if err != nil {
		return nil, err
	}
	paired, err := client.Pair(ctx, r.url, wire.Pair{Code: code, Name: "bench", Version: "bench"})
	if err != nil {
		return nil, err
	}
	return client.New(r.url, paired.Secret, nil)
}

// receive runs the till's sync worker until the server has everything.
func (r *running) receive(ctx context.Context, store *localdb.Store) (time.Duration, error) {
	shop, err := r.newStore(ctx)
	if err != nil {
		return 0, err
	}
	c, err := r.pair(ctx, shop.ID)
	if err != nil {
		return 0, err
	}
	worker := push.New(till.Outbox(store), c, time.Now, rand.New(rand.NewPCG(1, 2)), func(push.State) {})
	began := time.Now()
	for {
		more, err := worker.Step(ctx)
		if err != nil {
			return 0, err
		}
		if !more {
			return time.Since(began), nil
		}
	}
}
