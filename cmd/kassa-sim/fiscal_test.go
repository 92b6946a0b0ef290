package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"kassa/fiscal"
	"kassa/fiscal/models"
	"kassa/register"
)

// driverOf opens the driver of a practice registrar with what its line says.
func driverOf(t *testing.T, f *readyFiscal) fiscal.Device {
	t.Helper()
	if f == nil {
		t.Fatal("there is no registrar")
	}
	driver, ok := models.ByName(f.Name)
	if !ok {
		t.Fatalf("no driver for %q", f.Name)
	}
	device, err := driver.Open(f.Settings, fiscal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return device
}

// makes has a document made.
func makes(t *testing.T, device fiscal.Device, doc fiscal.Document) fiscal.Receipt {
	t.Helper()
	before, err := device.Before(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	doc.Mark, doc.Operator = uuid.NewString(), fiscal.Operator{Name: "Иванова А."}
	got, err := device.Make(t.Context(), fiscal.Try{ID: uuid.NewString(), Before: before, Document: doc})
	if err != nil {
		t.Fatalf("%s: %v", doc.Kind, err)
	}
	return got
}

func coffee() fiscal.Document {
	return fiscal.Document{Kind: fiscal.Sale, Total: 150_00, Payments: fiscal.Payments{Electronic: 150_00},
		Lines: []fiscal.Line{{Name: "Кофе", Price: 150_00, Quantity: register.One, Unit: register.Piece, Sum: 150_00, VAT: register.VAT22,
			Method: fiscal.FullPayment, Object: fiscal.Goods}}}
}

// TestRegistrarAlone opens a shift and sells on one day of the program, and goes on with the next receipt on another.
func TestRegistrarAlone(t *testing.T) {
	for _, r := range registrars() {
		for _, ffd := range []string{"1.05", "1.2"} {
			t.Run(r.name+" "+ffd, func(t *testing.T) {
				dir := t.TempDir()
				args := []string{r.name, "--listen", "127.0.0.1:0", "--ffd", ffd, "--password", "Another-2026", "--out", dir}
				world, stop := start(t, args...)
				device := driverOf(t, world.Fiscal)
				if world.Fiscal.Settings["password"] != "Another-2026" {
					t.Error("the password is not that of the command line")
				}
				makes(t, device, fiscal.Document{Kind: fiscal.OpenShift})
				first := makes(t, device, coffee())
				post(t, world.Fiscal.Control+"paper?in=false")
				if s, err := device.State(t.Context()); err != nil || !s.PaperOut || s.FFD != ffd {
					t.Errorf("%+v, %v", s, err)
				}
				post(t, world.Fiscal.Control+"paper?in=true")
				if code := stop(); code != exitOK {
					t.Errorf("exit %d", code)
				}
				paper, err := os.ReadFile(filepath.Join(dir, "fiscal-"+r.name+".txt"))
				if err != nil || !strings.Contains(string(paper), first.QR) {
					t.Errorf("the paper, %v:\n%s", err, paper)
				}
				if pictures, err := filepath.Glob(filepath.Join(dir, "*.png")); err != nil || len(pictures) != 2 {
					t.Errorf("%d pictures of a shift's report and a sale, %v", len(pictures), err)
				}
				world, stop = start(t, args...)
				second := makes(t, driverOf(t, world.Fiscal), coffee())
				if second.Number != first.Number+1 || second.FN != first.FN || second.Shift != first.Shift {
					t.Errorf("%+v after %+v", second, first)
				}
				if code := stop(); code != exitOK {
					t.Errorf("exit %d", code)
				}
			})
		}
	}
}

// TestAllWithARegistrar holds that the practice world has one when it is asked for.
func TestAllWithARegistrar(t *testing.T) {
	world, stop := start(t, "all", "--fiscal", "--out", t.TempDir())
	makes(t, driverOf(t, world.Fiscal), fiscal.Document{Kind: fiscal.OpenShift})
	res, err := http.Get(world.Fiscal.Control + "tape")
	if err != nil {
		t.Fatal(err)
	}
	tape, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || !strings.Contains(string(tape), "ОТКРЫТИИ СМЕНЫ") {
		t.Errorf("%v: %s", err, tape)
	}
	if code := stop(); code != exitOK {
		t.Errorf("exit %d", code)
	}
	if world, stop = start(t, "all", "--out", t.TempDir()); world.Fiscal != nil {
		t.Error("a registrar that nobody asked for")
	}
	stop()
}

// TestADamagedMemory is told, and not taken for a new device.
func TestADamagedMemory(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "fiscal-atol.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	if code := run(t.Context(), []string{"atol", "--listen", "127.0.0.1:0", "--out", dir}, streams{strings.NewReader(""), &said, &said}); code != exitFailed ||
		!strings.Contains(said.String(), "memory") {
		t.Errorf("exit %d: %s", code, said.String())
	}
}
