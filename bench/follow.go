package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/banks/every"
	"kassa/server"
	"kassa/server/pg"
	"kassa/server/pgcluster"
)

const (
	followBank   = "tbank"
	benchKey     = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	perShop      = 20                    // open payments at one contract
	bankAnswers  = 80 * time.Millisecond // how long the bank takes to answer
	followAtOnce = 16                    // connections that fill the database
)

// follow measures one server process that follows open payments, none of which is paid: the whole server in a process of
// its own, PostgreSQL with fsync, the adapter of a bank over HTTP, and a bank that counts who asks for what. Each payment is
// to be asked about at the bank's pace, and each contract called no more often than it allows.
func (b *bench) follow(ctx context.Context) (err error) {
	if b.payments == 0 {
		return nil
	}
	cluster, err := pgcluster.Start(ctx, pgcluster.Options{Durable: true})
	what := fmt.Sprintf("following %d open payments, one server process", b.payments)
	if errors.Is(err, pgcluster.ErrNotInstalled) {
		say("no PostgreSQL here: open payments are not followed")
		b.add(what, "no PostgreSQL", "", "")
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	bank := &askedBank{asked: map[string][]time.Time{}}
	listener := httptest.NewServer(bank)
	defer listener.Close()
	say("opening %d payments at %d contracts", b.payments, (b.payments+perShop-1)/perShop)
	if err := openPayments(ctx, cluster, listener.URL+"/", b.payments); err != nil {
		return err
	}
	say("following them for %v", b.following)
	memory, err := b.runFollower(ctx, cluster.DSN("follow"))
	if err != nil {
		return err
	}
	f, err := bank.figures(b.payments, b.following)
	if err != nil {
		return err
	}
	b.add(what, fmt.Sprintf("%.0f questions a second, %d MB", f.rate, memory>>20), fmt.Sprintf("%.0f: pace %v", f.wanted, f.poll), fmt.Sprintf("%.2f", f.rate/f.wanted))
	b.add("  beyond the pace, a question is late by", f.late.summary(), "", "")
	b.add("  most calls in a second at one contract", fmt.Sprint(f.most), fmt.Sprintf("%d allowed", f.allowed), "")
	return nil
}

// openPayments fills a database with contracts and payments that wait.
func openPayments(ctx context.Context, cluster *pgcluster.Cluster, url string, n int) error {
	if err := newDatabase(ctx, cluster, "follow"); err != nil {
		return err
	}
	store, err := pg.Open(ctx, cluster.DSN("follow"))
	if err != nil {
		return err
	}
	defer store.Close()
	key, err := pg.ParseKey(benchKey)
	if err != nil {
		return err
	}
	owner, err := store.CreateOwner(ctx, time.Now(), newOwner)
	if err != nil {
		return err
	}
	shops := make(chan int, n/perShop+1)
	for first := 0; first < n; first += perShop {
		shops <- first
	}
	close(shops)
	errs := make(chan error, followAtOnce)
	for range followAtOnce {
		go func() {
			var err error
			for first := range shops {
				if err == nil {
					err = openShop(ctx, store, key, owner.Account, url, first, min(perShop, n-first))
				}
			}
			errs <- err
		}()
	}
	for range followAtOnce {
		err = errors.Join(err, <-errs)
	}
	return err
}

// openShop makes a store with a contract of its own, and payments there.
func openShop(ctx context.Context, store *pg.Store, key *pg.Key, account uuid.UUID, url string, first, n int) error {
	now := time.Now().UTC()
	shop, err := store.CreateStore(ctx, now, pg.NewStore{Account: account, Name: fmt.Sprint("Магазин ", first)})
	if err != nil {
		return err
	}
	setting, err := store.SetBank(ctx, now, key, pg.BankSetting{Account: account, Store: shop.ID, Bank: followBank,
		Settings: banks.Settings{banks.FieldURL: url, "terminal": fmt.Sprint("bench", first), "password": "bench"}})
	if err != nil {
		return err
	}
	for i := range n {
		id := uuid.Must(uuid.NewV7())
		ask := now.Add(time.Duration(rand.Int64N(int64(3 * time.Second))))
		p := pg.Payment{Account: account, ID: id, Store: shop.ID, Till: uuid.New(), Setting: setting.ID, Purpose: "Покупка", Created: now, AskAt: &ask,
			Attempt: banks.Attempt{ID: id.String(), Bank: followBank, BankID: strconv.Itoa(firstBankID + first + i), Amount: 540_00, State: banks.StateWaiting, Words: "FORM_SHOWED",
				Payload: "https://qr.nspk.ru/AD10SIM?type=02&bank=100000000004&sum=54000&cur=RUB&crc=AB12", Expires: now.Add(time.Hour)}}
		if _, _, err := store.CreatePayment(ctx, p, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// firstBankID is the bank's number of the first payment; the others follow it, so that it tells the contract.
const firstBankID = 5_000_000_000

// runFollower runs this program as a server, and gives the most memory that it held. A test has no such program: there the
// server runs beside the rest.
func (b *bench) runFollower(ctx context.Context, dsn string) (int64, error) {
	var out bytes.Buffer
	if b.inside {
		if err := follower(ctx, dsn, b.following, &out); err != nil {
			return 0, err
		}
	} else {
		self, err := os.Executable()
		if err != nil {
			return 0, err
		}
		cmd := exec.CommandContext(ctx, self, "-follower", dsn, "-following", b.following.String())
		cmd.Stdout, cmd.Stderr = &out, os.Stderr
		if err := cmd.Run(); err != nil {
			return 0, fmt.Errorf("running the server that follows payments: %w", err)
		}
	}
	return strconv.ParseInt(strings.TrimSpace(out.String()), 10, 64)
}

// follower is the server that runFollower runs.
func follower(ctx context.Context, dsn string, following time.Duration, out io.Writer) error {
	key, err := pg.ParseKey(benchKey)
	if err != nil {
		return err
	}
	s, err := server.New(ctx, server.Config{DSN: dsn, Key: key})
	if err != nil {
		return err
	}
	defer s.Close()
	work, cancel := context.WithTimeout(ctx, following)
	defer cancel()
	s.Work(work)
	memory, err := mostMemory()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, memory)
	return err
}

// mostMemory is the most memory that this process has held, in bytes, as Linux counts it.
func mostMemory() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kb, err := strconv.ParseInt(fields[1], 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("the system does not tell how much memory was used")
}

// askedBank is a bank where every payment waits. It keeps when it was asked about which.
type askedBank struct {
	mu    sync.Mutex
	asked map[string][]time.Time // by the bank's id
}

func (b *askedBank) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		PaymentId, TerminalKey string
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.PaymentId == "" {
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	b.mu.Lock()
	b.asked[in.PaymentId] = append(b.asked[in.PaymentId], time.Now())
	b.mu.Unlock()
	time.Sleep(bankAnswers)
	fmt.Fprintf(w, `{"Success":true,"ErrorCode":"0","TerminalKey":%q,"Status":"FORM_SHOWED","PaymentId":%q,"Amount":54000}`, in.TerminalKey, in.PaymentId)
}

// followed are the figures of following.
type followed struct {
	rate, wanted float64 // questions a second
	poll         time.Duration
	late         times // how much longer than the pace it was between two questions about one payment
	most         int   // calls in any second at one contract
	allowed      int
}

// figures are those of the last two thirds of the time: until then the questions find their pace.
func (b *askedBank) figures(payments int, following time.Duration) (followed, error) {
	adapter, _ := every.Bank(followBank)
	bank, err := adapter.Open(banks.Settings{banks.FieldURL: "http://127.0.0.1/", "terminal": "x", "password": "x"}, banks.Options{})
	if err != nil {
		return followed{}, err
	}
	f := followed{poll: bank.Can().Poll, allowed: bank.Can().Rate}
	f.wanted = float64(payments) / f.poll.Seconds()
	b.mu.Lock()
	defer b.mu.Unlock()
	start, took := b.last().Add(-following*2/3), following*2/3
	shops, n := map[int]times{}, 0
	for id, asked := range b.asked {
		number, err := strconv.Atoi(id)
		if err != nil {
			return f, fmt.Errorf("the bank was asked about payment %q", id)
		}
		shop := (number - firstBankID) / perShop
		for i, at := range asked {
			if at.Before(start) {
				continue
			}
			n++
			shops[shop] = append(shops[shop], at.Sub(start))
			if i > 0 {
				f.late = append(f.late, at.Sub(asked[i-1])-f.poll)
			}
		}
	}
	f.rate = float64(n) / took.Seconds()
	for _, calls := range shops {
		f.most = max(f.most, calls.mostInASecond())
	}
	return f, nil
}

func (b *askedBank) last() time.Time {
	var end time.Time
	for _, asked := range b.asked {
		if last := asked[len(asked)-1]; last.After(end) {
			end = last
		}
	}
	return end
}

// mostInASecond is how many of the times lie within one second, at most.
func (t times) mostInASecond() int {
	sorted := slices.Sorted(slices.Values(t))
	most, first := 0, 0
	for i, at := range sorted {
		for at-sorted[first] >= time.Second {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}
