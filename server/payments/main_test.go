package payments_test

import (
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
	"kassa/server/payments"
	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
	"kassa/server/servertest"
	"kassa/sync/wire"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

// world is a server with a bank, and the till's calls.
type world struct {
	*servertest.World
}

func start(t *testing.T) world { return world{servertest.Start(t).WithBank()} }

func (w world) request() wire.NewPayment {
	return wire.NewPayment{ID: uuid.Must(uuid.NewV7()).String(), Amount: 540_00, Purpose: "Покупка 1",
		Expires: w.Clock.Now().Add(15 * time.Minute)}
}

func (w world) create(n wire.NewPayment) wire.Payment {
	w.T.Helper()
	var p wire.Payment
	w.Call(w.Secret, "POST", "/api/v1/payments", n).Into(&p)
	return p
}

// waiting creates a payment and expects its code.
func (w world) waiting() wire.Payment {
	w.T.Helper()
	p := w.create(w.request())
	if p.State != string(banks.StateWaiting) || p.Payload == "" {
		w.T.Fatalf("created: %+v", p)
	}
	return p
}

func (w world) cancel(id string) wire.Payment {
	w.T.Helper()
	var p wire.Payment
	w.Call(w.Secret, "POST", "/api/v1/payments/"+id+"/cancel", nil).Into(&p)
	return p
}

func (w world) get(id, query string) wire.Payment {
	w.T.Helper()
	var p wire.Payment
	w.Call(w.Secret, "GET", "/api/v1/payments/"+id+query, nil).Into(&p)
	return p
}

// until follows a payment by long polling until it is in a state, as a till does.
func (w world) until(id string, state banks.State) wire.Payment {
	w.T.Helper()
	return w.follow(id, func(p wire.Payment) bool { return p.State == string(state) })
}

// follow waits for a payment to be as wanted, and moves the clock on so that the server asks the bank.
func (w world) follow(id string, wanted func(wire.Payment) bool) wire.Payment {
	w.T.Helper()
	var seen []wire.Payment
	for range 400 {
		p := w.get(id, "")
		if wanted(p) {
			return p
		}
		if len(seen) == 0 || !reflect.DeepEqual(seen[len(seen)-1], p) {
			seen = append(seen, p)
		}
		w.Clock.Move(2 * time.Second)
		time.Sleep(50 * time.Millisecond)
	}
	for _, p := range seen {
		w.T.Logf("%+v", p)
	}
	w.T.Fatalf("the payment never came to be as wanted")
	return wire.Payment{}
}

// atBank is the only payment that the bank has for an id.
func (w world) atBank(id string) tbanksim.Payment {
	w.T.Helper()
	list := w.Bank.Payments(id)
	if len(list) != 1 {
		w.T.Fatalf("the bank has %d payments for %s", len(list), id)
	}
	return list[0]
}

func (w world) breakBank(plans ...tbanksim.FaultPlan) {
	w.T.Helper()
	for _, plan := range plans {
		if err := w.Bank.Break(plan); err != nil {
			w.T.Fatal(err)
		}
	}
}

// story is the payment's events, each as cause and state.
func (w world) story(id string) []string {
	w.T.Helper()
	events, err := w.Store.Events(w.T.Context(), w.Owner.Account, uuid.MustParse(id))
	if err != nil {
		w.T.Fatal(err)
	}
	var story []string
	for i, e := range events {
		if e.Revision != int64(i)+1 {
			w.T.Errorf("event %d has revision %d", i+1, e.Revision)
		}
		story = append(story, e.Cause+" "+string(e.State))
	}
	return story
}

func (w world) stored(id string) pg.Payment {
	w.T.Helper()
	p, err := w.Store.Payment(w.T.Context(), w.Owner.Account, uuid.MustParse(id))
	if err != nil {
		w.T.Fatal(err)
	}
	return p
}

// openBank is a client of the store's bank.
func (w world) openBank() (banks.Bank, error) { return payments.Open(w.setting(), w.Clock.Now) }
