package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/banks/every"
	"kassa/banks/every/sims"
	"kassa/banks/tbank"
)

// start runs a command until the test ends, and gives what its line of --ready says. stop closes its standard input and
// gives the exit code.
func start(t *testing.T, args ...string) (r ready, stop func() int) {
	t.Helper()
	in, closeIn := io.Pipe()
	line, out := io.Pipe()
	var errs bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- run(t.Context(), append(args, "--ready", "--until-stdin-closes"), streams{in, out, &errs})
		out.Close()
	}()
	if err := json.NewDecoder(bufio.NewReader(line)).Decode(&r); err != nil {
		t.Fatalf("no addresses: %v; exit %d, %s", err, <-code, errs.String())
	}
	return r, func() int {
		closeIn.Close()
		return <-code
	}
}

// TestAll makes, pays and cancels at every bank of the world, through the bank's own adapter.
func TestAll(t *testing.T) {
	dir := t.TempDir()
	r, stop := start(t, "all", "--out", dir)
	if len(r.Banks) != len(every.Banks()) {
		t.Errorf("%d practice banks for %d adapters", len(r.Banks), len(every.Banks()))
	}
	for _, b := range r.Banks {
		t.Run(b.Name, func(t *testing.T) { payAndCancel(t, b) })
	}
	if r.Bank == "" || r.BankControl == "" {
		t.Error("the shop has no bank")
	}
	printLine(t, r)
	if r.PrinterOut != dir {
		t.Errorf("the paper is in %q, not in %q", r.PrinterOut, dir)
	}
	if code := stop(); code != exitOK {
		t.Errorf("exit %d", code)
	}
	if _, err := net.DialTimeout("tcp", r.Printer, time.Second); err == nil {
		t.Error("the printer still listens")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) == 0 {
		t.Errorf("no paper was kept: %v", err)
	}
}

// adapterOf opens the adapter of a practice bank with what its line says.
func adapterOf(t *testing.T, b readyBank) banks.Bank {
	t.Helper()
	adapter, ok := every.Bank(b.Name)
	if !ok {
		t.Fatalf("no adapter for %q", b.Name)
	}
	bank, err := adapter.Open(b.Settings, banks.Options{Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if err := bank.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	return bank
}

func payAndCancel(t *testing.T, b readyBank) {
	bank := adapterOf(t, b)
	create := func() banks.Attempt {
		r := banks.Request{ID: uuid.NewString(), Amount: 100_00, Purpose: "Практика", Expires: time.Now().Add(10 * time.Minute)}
		a, err := banks.Begin(bank, r)
		if err != nil {
			t.Fatal(err)
		}
		if a, err = banks.Create(t.Context(), bank, a, r); err != nil {
			t.Fatal(err)
		}
		return a
	}
	paid := create()
	post(t, b.Control+"payments/"+paid.BankID+"/pay")
	if got, err := banks.Ask(t.Context(), bank, paid); err != nil || got.State != banks.StatePaid {
		t.Errorf("paid, yet it is %s, %v", got.State, err)
	}
	unpaid, err := create().CancelSent()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := banks.Cancel(t.Context(), bank, unpaid); err != nil || got.State != banks.StateCancelled {
		t.Errorf("cancelled, yet it is %s, %v", got.State, err)
	}
}

// TestBankAlone runs every bank by its name.
func TestBankAlone(t *testing.T) {
	for _, sim := range sims.Sims() {
		t.Run(sim.Name, func(t *testing.T) {
			r, stop := start(t, sim.Name, "--listen", "127.0.0.1:0")
			if len(r.Banks) != 1 || r.Bank != r.Banks[0].URL || r.BankControl != r.Banks[0].Control {
				t.Fatalf("%+v", r)
			}
			payAndCancel(t, r.Banks[0])
			if r.Printer != "" {
				t.Error("there is a printer, too")
			}
			if code := stop(); code != exitOK {
				t.Errorf("exit %d", code)
			}
		})
	}
}

// TestFlagsReachTheBank holds that the contract is the one of the command line.
func TestFlagsReachTheBank(t *testing.T) {
	r, stop := start(t, "tbank", "--terminal", "7DEMO", "--password", "p")
	bank, err := tbank.New(tbank.Config{BaseURL: r.Bank, Terminal: "7DEMO", Password: "p"})
	if err != nil {
		t.Fatal(err)
	}
	if err := bank.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if code := stop(); code != exitOK {
		t.Errorf("exit %d", code)
	}
}

// TestStopsWhileHolding ends the world while a request is held without an answer.
func TestStopsWhileHolding(t *testing.T) {
	r, stop := start(t, "tbank", "--terminal", "1DEMO", "--password", "p")
	post(t, r.BankControl+"faults/request-hangs")
	bank, err := tbank.New(tbank.Config{BaseURL: r.Bank, Terminal: "1DEMO", Password: "p", Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	checked := make(chan error, 1)
	go func() { checked <- bank.Check(context.Background()) }()
	for strings.Contains(get(t, r.BankControl+"faults"), `"name":"request-hangs"`) {
		time.Sleep(time.Millisecond)
	}
	if code := stop(); code != exitOK {
		t.Errorf("exit %d", code)
	}
	if err := <-checked; err == nil {
		t.Error("the request that hung was answered")
	}
}

func TestPrinterAlone(t *testing.T) {
	r, stop := start(t, "printer", "--out", t.TempDir(), "--columns", "32")
	printLine(t, r)
	if r.Bank != "" {
		t.Error("there is a bank, too")
	}
	if code := stop(); code != exitOK {
		t.Errorf("exit %d", code)
	}
}

func TestExitCodes(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct {
		args string
		want int
		says string
	}{
		{"", exitUsage, "no command"},
		{"bank", exitUsage, `no command "bank"`},
		{"--help", exitOK, "Usage"},
		{"help", exitOK, "Usage"},
		{"tbank --help", exitOK, "-terminal"},
		{"printer --help", exitOK, "-columns"},
		{"--help", exitOK, "kassa-sim kkmserver"},
		{"atol --help", exitOK, "-ffd"},
		{"all --help", exitOK, "-fiscal-password"},
		{"atol --listen 127.0.0.1:0 --ffd 9", exitUsage, "9"},
		{"atol --listen 127.0.0.1:0 --password short", exitUsage, "password"},
		{"all -h", exitOK, "-printer-control-listen"},
		{"--help", exitOK, "kassa-sim qrpay"},
		{"qrpay --help", exitOK, "-jwks"},
		{"tbank --terminal=", exitUsage, "terminal"},
		{"all --bank nosuch --out " + t.TempDir(), exitUsage, "nosuch"},
		{"tbank --nonsense", exitUsage, "nonsense"},
		{"tbank surplus", exitUsage, "surplus"},
		{"tbank --terminal 1 --password p --listen 0.0.0.0:0", exitUsage, "--allow-remote"},
		{"tbank --terminal 1 --password p --listen :0", exitUsage, "--allow-remote"},
		{"tbank --terminal 1 --password p --listen nowhere", exitUsage, "nowhere"},
		{"tbank --terminal 1 --password p --listen " + taken.Addr().String(), exitFailed, "in use"},
		{"all --printer-listen " + taken.Addr().String() + " --out " + t.TempDir(), exitFailed, "in use"},
		{"printer", exitUsage, "--out"},
		{"printer --columns 10 --out " + t.TempDir(), exitUsage, "20 to 64"},
	} {
		t.Run(c.args, func(t *testing.T) {
			var out, errs bytes.Buffer
			code := run(t.Context(), strings.Fields(c.args), streams{strings.NewReader(""), &out, &errs})
			if code != c.want {
				t.Errorf("exit %d, want %d: %s", code, c.want, errs.String())
			}
			where := &errs
			if c.want == exitOK {
				where = &out
			}
			if !strings.Contains(where.String(), c.says) {
				t.Errorf("it does not say %q: %s", c.says, where.String())
			}
		})
	}
}

// TestOneFailureEndsAll holds that a service which ends takes the others with it.
func TestOneFailureEndsAll(t *testing.T) {
	broken := io.ErrUnexpectedEOF
	var w world
	w.add(func(context.Context) error { return broken })
	w.add(func(ctx context.Context) error { <-ctx.Done(); return nil })
	if err := w.run(t.Context(), &common{}, streams{err: io.Discard}); err == nil || !strings.Contains(err.Error(), broken.Error()) {
		t.Errorf("%v", err)
	}
}

func post(t *testing.T, url string) {
	t.Helper()
	res, err := http.Post(url, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", url, res.Status)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, res.Status, err)
	}
	return string(body)
}

// printLine sends a line and a cut to the printer and waits until it has a job of them.
func printLine(t *testing.T, r ready) {
	t.Helper()
	conn, err := net.Dial("tcp", r.Printer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte("\x1b@practice\n\x1dV\x00")); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	for len(strings.TrimSpace(get(t, r.PrinterControl+"jobs"))) <= len("[]") {
		time.Sleep(time.Millisecond)
	}
}
