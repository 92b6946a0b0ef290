package e2e

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/localdb"
	"kassa/register"
	"kassa/server/servertest"
)

// kills is how often the till is killed.
const kills = 60

// TestKilledAtRandomMoments kills the till's process in the middle of its work, again and again, and counts what was
// lost or doubled: nothing.
func TestKilledAtRandomMoments(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	k := &killer{T: t, World: servertest.Start(t).WithBank(), dir: t.TempDir(), random: rand.New(rand.NewPCG(seed, 0)), sold: map[int64]int64{}}
	t.Cleanup(tick(k.Clock, 1))
	_, printer := newPrinter(t, k.Clock.Now)
	code, _, err := k.Store.NewPairingCode(t.Context(), k.Clock.Now(), k.Owner.Account, k.Shop.ID)
	k.must(err)
	store, err := localdb.Open(t.Context(), localdb.Options{Dir: k.dir, Now: k.Clock.Now})
	k.must(err)
	k.must(prepare(t.Context(), store, k.URL, code, printer))
	k.must(store.Close())
	stop := k.buyers()
	defer stop()

	for i := range kills {
		// In turn: at any moment, while a code is on the screen, and while cash is being taken.
		k.run([]string{saidReady, saidCode, saidPay}[i%3], []time.Duration{700, 40, 15}[i%3]*time.Millisecond)
	}
	k.finish()
	t.Logf("%d kills, %d sales on the screen, %d payments found open at a start", k.killed, len(k.sold), k.left)
	if k.killed < 50 || k.left == 0 || len(k.sold) < 20 {
		t.Errorf("the test did not reach what it is for")
	}
	k.compare()
}

type killer struct {
	*testing.T
	*servertest.World
	dir    string
	random *rand.Rand
	sold   map[int64]int64 // number of the operation to total, as the screen said
	killed int
	left   int
}

func (k *killer) must(err error) {
	k.T.Helper()
	if err != nil {
		k.T.Fatal(err)
	}
}

func (k *killer) command(ctx context.Context, more ...string) *exec.Cmd {
	self, err := os.Executable()
	k.must(err)
	cmd := exec.CommandContext(ctx, self)
	offset := time.Until(k.Clock.Now())
	cmd.Env = append(os.Environ(), append(more, crashDir+"="+k.dir, fmt.Sprintf("%s=%d", crashOffset, offset), "HOME="+k.T.TempDir())...)
	return cmd
}

// run starts the till, waits until it says a word, then a random moment more, and kills it.
func (k *killer) run(word string, most time.Duration) {
	k.T.Helper()
	ctx, cancel := context.WithTimeout(k.T.Context(), time.Minute)
	defer cancel()
	cmd := k.command(ctx)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	k.must(err)
	k.must(cmd.Start())
	said := make(chan struct{})
	var once sync.Once
	done := make(chan struct{})
	go func() {
		defer close(done)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			k.hear(lines.Text())
			if lines.Text() == word {
				once.Do(func() { close(said) })
			}
		}
	}()
	select {
	case <-said:
	case <-done:
		k.T.Errorf("the till ended by itself: %s", stderr.String())
	}
	time.Sleep(time.Duration(k.random.Int64N(int64(most))))
	if cmd.Process.Kill() == nil {
		k.killed++
	}
	<-done
	_ = cmd.Wait() // it was killed
}

func (k *killer) hear(line string) {
	if line == saidLeft {
		k.left++
	}
	rest, ok := strings.CutPrefix(line, saidSold+" ")
	if !ok {
		return
	}
	var number, total int64
	if _, err := fmt.Sscan(rest, &number, &total); err != nil {
		k.T.Errorf("the till said %q", line)
	}
	if _, twice := k.sold[number]; twice {
		k.T.Errorf("the screen called number %d sold twice", number)
	}
	k.sold[number] = total
}

// finish lets the till bring everything to an end.
func (k *killer) finish() {
	k.T.Helper()
	ctx, cancel := context.WithTimeout(k.T.Context(), 2*time.Minute)
	defer cancel()
	cmd := k.command(ctx, crashFinish+"=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	for line := range strings.Lines(string(out)) {
		k.hear(strings.TrimSpace(line))
	}
	if err != nil {
		k.T.Fatalf("the last run: %v: %s", err, stderr.String())
	}
}

// buyers pay every code, soon after it is out.
func (k *killer) buyers() (stop func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(25 * time.Millisecond):
			}
			for _, p := range k.Bank.Payments("") {
				if p.Payload != "" && (p.Status == "NEW" || p.Status == "FORM_SHOWED") {
					_ = k.Bank.Pay(p.ID, false) // it may have been cancelled meanwhile
				}
			}
		}
	})
	return func() { close(done); wg.Wait() }
}

// compare looks at the till, the server and the bank.
func (k *killer) compare() {
	k.T.Helper()
	store, err := localdb.Open(k.T.Context(), localdb.Options{Dir: k.dir})
	k.must(err)
	defer store.Close()
	r, err := store.Verify(k.T.Context())
	if err != nil || len(r.Faults) > 0 || r.Waiting != 0 {
		k.T.Errorf("the till's database: %+v, %v", r, err)
	}
	found, err := sales(k.T.Context(), store)
	k.must(err)
	inJournal, byQR := map[int64]int64{}, map[string]register.Money{}
	for _, o := range found {
		sale, err := o.Sale()
		k.must(err)
		inJournal[o.Number] = int64(sale.Total)
		if p := sale.Payments[0]; p.Method == register.QR {
			if _, twice := byQR[p.QRID]; twice {
				k.T.Errorf("two sales for payment %s", p.QRID)
			}
			byQR[p.QRID] = p.Amount
		}
		k.onServer(o)
	}
	for number, total := range k.sold {
		if got, ok := inJournal[number]; !ok || got != total {
			k.T.Errorf("the screen called %d sold for %d; the journal has %d, %v", number, total, got, ok)
		}
	}
	for _, p := range k.Bank.Payments("") {
		amount, sold := byQR[p.Order]
		if has := p.Status == "CONFIRMED"; has != sold || sold && amount != p.Amount {
			k.T.Errorf("payment %s is %s at the bank with %s; the till sold %s by it, %v", p.Order, p.Status, p.Amount, amount, sold)
		}
		delete(byQR, p.Order)
	}
	for id := range byQR {
		k.T.Errorf("a sale by payment %s, of which the bank knows nothing", id)
	}
}

func (k *killer) onServer(o localdb.Stored) {
	k.T.Helper()
	_, record, err := k.Store.Operation(k.T.Context(), k.Owner.Account, uuid.MustParse(o.Journal), o.Number)
	if err != nil || !bytes.Equal(record, o.Record) {
		k.T.Errorf("operation %d at the server: %v", o.Number, err)
	}
}
