package server_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
	"kassa/server"
	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
	"kassa/server/servertest"
	"kassa/sync/client"
	"kassa/sync/wire"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

func TestAnUnmigratedDatabaseIsRefused(t *testing.T) {
	if _, err := server.New(t.Context(), server.Config{DSN: pgtest.Empty(t)}); !errors.Is(err, pg.ErrSchema) {
		t.Errorf("got %v", err)
	}
}

// TestPractice does what practice mode does: from an empty database to a QR payment by the till's own client.
func TestPractice(t *testing.T) {
	ctx := t.Context()
	bank, err := tbanksim.New(tbanksim.Config{Terminal: "PracticeDEMO", Password: "practice"})
	if err != nil {
		t.Fatal(err)
	}
	atBank := httptest.NewServer(bank.Handler())
	t.Cleanup(atBank.Close)
	p := server.Practice{DSN: pgtest.Empty(t), Login: "owner", Password: "practice", Account: "Практика", Store: "Магазин",
		Bank: "tbank", Settings: banks.Settings{banks.FieldURL: atBank.URL + "/v2/", "terminal": "PracticeDEMO", "password": "practice"}}
	ready, err := server.PreparePractice(ctx, time.Now(), p)
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(ctx, server.Config{DSN: p.DSN, Key: ready.Key})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	ctx, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, l) }()

	paired, err := client.Pair(ctx, url, wire.Pair{Code: ready.Code, Name: "Касса"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(url, paired.Secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	n := wire.NewPayment{ID: uuid.Must(uuid.NewV7()).String(), Amount: 100_00, Purpose: "Покупка", Expires: time.Now().Add(time.Hour)}
	payment, err := c.NewPayment(ctx, n)
	if err != nil || payment.State != "waiting" || payment.Payload == "" {
		t.Fatalf("%+v, %v", payment, err)
	}

	// A till that waits for news does not hold up the server's stop.
	answered := make(chan int, 1)
	go func() {
		r, err := http.NewRequest("GET", url+"/api/v1/payments/"+n.ID+"?revision=99&wait=25", nil)
		if err != nil {
			t.Error(err)
		}
		r.Header.Set("Authorization", "Bearer "+paired.Secret)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Error(err)
			answered <- 0
			return
		}
		resp.Body.Close()
		answered <- resp.StatusCode
	}()
	time.Sleep(100 * time.Millisecond) // let it arrive; when it has not, the test only proves less
	begun := time.Now()
	stop()
	if err := <-done; err != nil {
		t.Errorf("the server ended with %v", err)
	}
	if took := time.Since(begun); took > 15*time.Second {
		t.Errorf("stopping took %s", took)
	}
	if status := <-answered; status != http.StatusOK {
		t.Errorf("the waiting till got %d", status)
	}
}

func TestHealth(t *testing.T) {
	w := servertest.Start(t)
	if a := w.Call("", "GET", "/healthz", nil); a.Status != http.StatusOK || string(a.Body) != "ok\n" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	s, err := server.New(t.Context(), server.Config{DSN: w.DSN})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	rec := httptest.NewRecorder()
	s.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/healthz", nil))
	if rec.Code != http.StatusServiceUnavailable {
		t.Errorf("with no database: %d", rec.Code)
	}
}
