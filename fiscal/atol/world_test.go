package atol_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/atol"
	"kassa/fiscal/atol/atolsim"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

const (
	login    = "kassa"
	password = "Practice-2026"
)

// world is a registrar of practice with its adapter.
type world struct {
	t    *testing.T
	sim  *atolsim.Server
	unit *fnsim.Device
	http *httptest.Server
	atol.Device
	tries atomic.Int64
}

// noon is a day's middle in the zone of the practice device.
var noon = time.Date(2026, 3, 14, 12, 5, 0, 0, time.FixedZone("", 3*60*60))

func open(t *testing.T, setup fnsim.Setup, change ...func(*atolsim.Config)) *world {
	t.Helper()
	if setup.Clock == nil {
		setup.Clock = func() time.Time { return noon }
	}
	c := atolsim.Config{Setup: setup, Login: login, Password: password, Recovery: time.Millisecond}
	for _, f := range change {
		f(&c)
	}
	sim, err := atolsim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sim.Run(ctx) }()
	server := httptest.NewServer(sim.Handler())
	w := &world{t: t, sim: sim, unit: sim.Device(), http: server}
	t.Cleanup(func() {
		sim.Crash()
		server.CloseClientConnections()
		server.Close()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	w.Device = *w.adapter(nil)
	return w
}

// adapter opens another adapter of the same service.
func (w *world) adapter(change func(*atol.Config)) *atol.Device {
	w.t.Helper()
	c := atol.Config{URL: w.http.URL, Login: login, Password: password,
		Options: fiscal.Options{Now: func() time.Time { return noon }, Deadline: 5 * time.Second, Pause: time.Millisecond}}
	if change != nil {
		change(&c)
	}
	d, err := atol.New(c)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// try prepares a try of a document.
func (w *world) try(doc fiscal.Document) fiscal.Try {
	w.t.Helper()
	b, err := w.Before(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return fiscal.Try{ID: fmt.Sprintf("0198f3c2-7d10-7a54-9b1e-%012d", w.tries.Add(1)), Before: b, Document: doc}
}

// make has a document made that must be made.
func (w *world) make(doc fiscal.Document) fiscal.Receipt {
	w.t.Helper()
	r, err := w.Make(w.t.Context(), w.try(doc))
	if err != nil {
		w.t.Fatalf("%s: %v", doc.Kind, err)
	}
	return r
}

var cashier = fiscal.Operator{Name: "Кассир Иванова А. П."}

func openShift() fiscal.Document {
	return fiscal.Document{Kind: fiscal.OpenShift, Mark: "m-open", Operator: cashier}
}

// sale is the receipt of the maker's example: milk, and cheese by weight, paid by QR.
func sale(mark string) fiscal.Document {
	return fiscal.Document{
		Kind: fiscal.Sale, Mark: mark, Operator: cashier, Taxation: fiscal.TaxationOSN, Total: 446_44,
		Payments: fiscal.Payments{Electronic: 446_44}, Notes: []string{"Спасибо за покупку"},
		Lines: []fiscal.Line{
			{Name: "Молоко 1 л", Price: 89_90, Quantity: 2 * register.One, Unit: register.Piece, Sum: 179_80, VAT: register.VAT10, Method: fiscal.FullPayment, Object: fiscal.Goods},
			{Name: "Сыр весовой", Price: 749_00, Quantity: 356, Unit: register.Kilogram, Sum: 266_64, VAT: register.VAT22, Method: fiscal.FullPayment, Object: fiscal.Goods},
		},
	}
}

func cash(kind fiscal.Kind, sum register.Money) fiscal.Document {
	return fiscal.Document{Kind: kind, Mark: "m-cash", Operator: cashier, Total: sum}
}

func fnsimSetup() fnsim.Setup { return fnsim.Setup{} }
