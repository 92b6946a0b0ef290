package kkmserver_test

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/fiscal/kkmserver"
	"kassa/fiscal/kkmserver/kkmsim"
	"kassa/register"
)

// password stands in the settings, and nowhere else.
const password = "kkm-practice-secret"

// rig is a device of ours at a practice KkmServer.
type rig struct {
	fiscal.Device
	sim     *fnsim.Device
	program *kkmsim.Sim
	url     string
	tries   int
}

func newRig(t *testing.T, setup fnsim.Setup, o kkmsim.Options) *rig {
	t.Helper()
	sim, err := fnsim.New(setup)
	if err != nil {
		t.Fatal(err)
	}
	o.Password = password
	program := kkmsim.New(sim, o)
	server := httptest.NewServer(program)
	t.Cleanup(server.Close)
	t.Cleanup(program.Close)
	r := &rig{sim: sim, program: program, url: server.URL}
	r.Device = r.open(t, fiscal.Settings{})
	return r
}

// open makes another device at the same program.
func (r *rig) open(t *testing.T, s fiscal.Settings) fiscal.Device {
	t.Helper()
	all := fiscal.Settings{kkmserver.FieldURL: r.url, kkmserver.FieldPassword: password}
	for name, value := range s {
		all[name] = value
	}
	d, err := kkmserver.Driver().Open(all, fiscal.Options{Deadline: 6 * time.Second, Pause: 5 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// try is a try of a document as a till makes it.
func (r *rig) try(t *testing.T, doc fiscal.Document) fiscal.Try {
	t.Helper()
	before, err := r.Before(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.tries++
	doc.Operator = fiscal.Operator{Name: "Иванова А. П.", INN: "500100732259"}
	return fiscal.Try{ID: fmt.Sprintf("0198f3c2-7d10-7a54-9b1e-%012d", r.tries), Before: before, Document: doc}
}

// makes makes a document and holds that it went well.
func (r *rig) makes(t *testing.T, doc fiscal.Document) fiscal.Receipt {
	t.Helper()
	got, err := r.Make(t.Context(), r.try(t, doc))
	if err != nil {
		t.Fatalf("%s: %v", doc.Kind, err)
	}
	return got
}

func (r *rig) opened(t *testing.T) *rig {
	t.Helper()
	r.makes(t, fiscal.Document{Kind: fiscal.OpenShift})
	return r
}

func (r *rig) breaks(t *testing.T, p fnsim.Plan) {
	t.Helper()
	if p.Times == 0 {
		p.Times = 1
	}
	if err := r.sim.Faults.Break(p); err != nil {
		t.Fatal(err)
	}
}

// receipts counts the receipts in the fiscal storage.
func (r *rig) receipts() int {
	n := 0
	for _, d := range r.sim.Records() {
		if d.Kind.Receipt() {
			n++
		}
	}
	return n
}

// shopping is 446.44 for milk and cheese.
func shopping(mark string) fiscal.Document {
	return fiscal.Document{Kind: fiscal.Sale, Mark: mark, Total: 446_44,
		Lines: []fiscal.Line{
			{Name: "Молоко 1 л", Price: 89_90, Quantity: 2000, Unit: register.Piece, Sum: 179_80, VAT: register.VAT10, Method: fiscal.FullPayment, Object: fiscal.Goods},
			{Name: "Сыр «Весовой»", Price: 749_00, Quantity: 356, Unit: register.Kilogram, Sum: 266_64, VAT: register.VAT22, Method: fiscal.FullPayment, Object: fiscal.Goods, Off: 10_00},
		},
		Payments: fiscal.Payments{Cash: 400_00, Electronic: 46_44}, Notes: []string{"Спасибо за покупку"}}
}
