package till_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"kassa/app/till"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/printer"
	"kassa/printer/escpos"
	"kassa/printer/printersim"
	"kassa/printer/tcp"
)

// printDesk is a till with nothing but its print queue, and a printer.
type printDesk struct {
	*testing.T
	dir     string
	clock   *clock
	paper   *printersim.Printer
	addr    string
	profile escpos.Profile
	limits  tcp.Timeouts
	log     *lines

	till  *till.Till
	store *localdb.Store
}

// newPrintDesk has a printer that tells when a job is on paper, or one that does not.
func newPrintDesk(t *testing.T, confirms bool) *printDesk {
	t.Helper()
	d := &printDesk{T: t, dir: t.TempDir(), clock: &clock{}, profile: escpos.Generic80(), log: &lines{}}
	d.limits = tcp.Timeouts{Dial: time.Minute, Answer: time.Minute, Stall: time.Minute, Close: time.Minute, Proof: time.Minute, Look: 5 * time.Millisecond}
	d.profile.Confirms = confirms
	var err error
	if d.paper, err = printersim.New(printersim.Config{Dir: t.TempDir(), Clock: time.Now}); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- d.paper.Serve(ctx, ln) }()
	t.Cleanup(func() { stop(); <-served })
	d.addr = ln.Addr().String()
	d.open(nil)
	t.Cleanup(func() {
		d.close()
		if t.Failed() {
			t.Logf("the till's log:\n%s", d.log)
		}
	})
	return d
}

// open starts the till; before may look into its store first.
func (d *printDesk) open(before func()) {
	d.Helper()
	var err error
	if d.store, err = localdb.Open(d.Context(), localdb.Options{Dir: d.dir, Now: d.clock.now}); err != nil {
		d.Fatal(err)
	}
	if before != nil {
		before()
	}
	lang, err := i18n.Load(i18n.Russian)
	if err != nil {
		d.Fatal(err)
	}
	d.till, err = till.New(d.Context(), till.Config{
		Store: d.store, Shop: till.Shop{Name: "Ромашка", Till: "1"}, Language: lang, Zone: time.UTC,
		Printer: tcp.New(d.addr, d.limits),
		Profile: d.profile, Now: d.clock.now, Log: slog.New(slog.NewTextHandler(d.log, nil)),
	})
	if err != nil {
		d.Fatal(err)
	}
	d.till.Start(context.Background())
}

func (d *printDesk) close() {
	d.till.Stop()
	if err := d.store.Close(); err != nil {
		d.Error(err)
	}
}

// print queues a short slip, and the printer's worker learns of it.
func (d *printDesk) print(j localdb.PrintJob) {
	d.Helper()
	if err := d.store.QueueSlip(d.Context(), j); err != nil {
		d.Fatal(err)
	}
	d.poke()
}

// poke wakes the worker, as every slip does that the till makes.
func (d *printDesk) poke() {
	d.Helper()
	if err := d.till.PrintSlip(d.Context(), -1); err != nil {
		d.Fatal(err)
	}
}

func short(text string) localdb.PrintJob {
	return localdb.PrintJob{Name: "note", Document: fmt.Appendf(nil, `{"elements":[{"text":{"text":%q}}]}`, text)}
}

// queue waits for the queue to stand like this, waking the worker from its pauses meanwhile.
func (d *printDesk) queue(waiting, doubt int) {
	d.Helper()
	for limit := time.Now().Add(time.Minute); ; {
		w, n, err := d.store.JobCounts(d.Context())
		if err != nil {
			d.Fatal(err)
		}
		if v := d.till.View().Printer; w == waiting && n == doubt && v.Waiting == w && v.Doubt == n {
			return
		}
		if time.Now().After(limit) {
			d.Fatalf("%d wait and %d are in doubt, want %d and %d; the till shows %+v", w, n, waiting, doubt, d.till.View().Printer)
		}
		d.poke()
		time.Sleep(2 * time.Millisecond)
	}
}

// whole counts the papers that hold a text and did not break off.
func (d *printDesk) whole(text string) (n int) {
	for _, j := range d.paper.Jobs() {
		if strings.Contains(j.Text, text) && !j.Broken {
			n++
		}
	}
	return n
}

// jobBytes is how long the job of a short slip is, without the question for proof.
func (d *printDesk) jobBytes() int {
	d.Helper()
	doc := printer.Document{Elements: []printer.Element{{Text: &printer.Text{Text: "slip 000"}}}}
	job, err := escpos.Encode(doc, d.profile)
	if err != nil {
		d.Fatal(err)
	}
	return len(job)
}

// Whatever happens at whatever byte of a job: it is in doubt and not repeated by itself, the copy that a person asks for
// is on paper once and says that it is one, and nothing else comes out.
func TestAJobThatBreaksAnywhereIsForAPerson(t *testing.T) {
	for _, fault := range []printersim.Fault{printersim.Die, printersim.PaperOut, printersim.CoverOpen} {
		t.Run(string(fault), func(t *testing.T) {
			d := newPrintDesk(t, true)
			most := d.jobBytes()
			for n := 1; n < most; n++ {
				text := fmt.Sprintf("slip %03d", n)
				if err := d.paper.BreakAt(fault, n); err != nil {
					t.Fatal(err)
				}
				d.print(short(text))
				d.queue(0, 1)
				if n%8 == 0 { // the program ends while the slip is in doubt
					d.close()
					d.open(nil)
				}
				d.paper.Repair()
				d.queue(0, 1)
				if got := d.whole(text); got != 0 {
					t.Fatalf("broken at byte %d: %d whole slips are on paper, and the till does not know", n, got)
				}
				if err := d.till.ResolvePrint(t.Context(), true); err != nil {
					t.Fatal(err)
				}
				d.queue(0, 0)
				last := d.paper.Jobs()[len(d.paper.Jobs())-1]
				if got := d.whole(text); got != 1 || !strings.Contains(last.Text, "КОПИЯ") || last.Unknown > 0 {
					t.Fatalf("broken at byte %d: %d whole slips are on paper, the last is\n%s%d unknown bytes", n, got, last.Text, last.Unknown)
				}
			}
		})
	}
}

// A job that was being sent when the power went may be on paper.
func TestPowerCutInTheMiddleOfAJob(t *testing.T) {
	d := newPrintDesk(t, true)
	d.close()
	d.open(func() {
		for _, text := range []string{"slip 001", "slip 002"} {
			if err := d.store.QueueSlip(t.Context(), short(text)); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok, err := d.store.NextJob(t.Context()); !ok || err != nil {
			t.Fatal(ok, err)
		}
	})
	d.queue(0, 1)
	slips, err := d.till.Slips(t.Context())
	if err != nil || len(slips) != 1 || slips[0].State != till.SlipDoubt || slips[0].Reason != till.SlipCut || !slips[0].CanPrint || !slips[0].CanDrop {
		t.Fatalf("%+v, %v", slips, err)
	}
	if d.whole("slip 001") != 0 || d.whole("slip 002") != 1 {
		t.Errorf("printed %+v", d.paper.Jobs())
	}
	if err := d.till.DropSlip(t.Context(), slips[0].ID); err != nil {
		t.Fatal(err)
	}
	d.queue(0, 0)
	if err := d.till.PrintSlip(t.Context(), slips[0].ID); err != nil { // the second of two who decide
		t.Fatal(err)
	}
	d.queue(0, 0)
	if d.whole("slip 001") != 0 {
		t.Error("a slip that was let go is on paper")
	}
}

// What waits comes out once and in order when the printer is well again, also after a restart.
func TestWaitingSlipsComeOutOnce(t *testing.T) {
	for _, fault := range []printersim.Fault{printersim.PaperOut, printersim.CoverOpen, printersim.Offline} {
		t.Run(string(fault), func(t *testing.T) {
			d := newPrintDesk(t, true)
			if err := d.paper.Break(fault); err != nil {
				t.Fatal(err)
			}
			for n := range 5 {
				d.print(short(fmt.Sprintf("slip %03d", n)))
			}
			d.queue(5, 0)
			d.close()
			d.open(nil)
			d.queue(5, 0)
			if len(d.paper.Jobs()) > 0 {
				t.Fatalf("printed %+v", d.paper.Jobs())
			}
			d.paper.Repair()
			d.queue(0, 0)
			jobs := d.paper.Jobs()
			if len(jobs) != 5 {
				t.Fatalf("%d jobs", len(jobs))
			}
			for n, j := range jobs {
				if !strings.Contains(j.Text, fmt.Sprintf("slip %03d", n)) {
					t.Errorf("job %d is\n%s", n, j.Text)
				}
			}
		})
	}
}

// A printer that cannot prove its jobs is looked at when it should have printed.
func TestPaperOutIsNoticedWithoutProof(t *testing.T) {
	d := newPrintDesk(t, false)
	d.close()
	d.limits.Close = 20 * time.Millisecond // it does not hang up while it has no paper
	d.open(nil)
	if err := d.paper.BreakAt(printersim.PaperOut, 12); err != nil {
		t.Fatal(err)
	}
	d.print(short("slip 001"))
	d.queue(0, 1)
	slips, err := d.till.Slips(t.Context())
	if err != nil || len(slips) != 1 || slips[0].Reason != till.SlipPaperOut {
		t.Fatalf("%+v, %v", slips, err)
	}
	d.paper.Repair()
	d.close()
	d.limits.Close = time.Minute
	d.open(nil)
	if err := d.till.PrintSlip(t.Context(), slips[0].ID); err != nil {
		t.Fatal(err)
	}
	d.queue(0, 0)
	if got := d.whole("slip 001"); got != 1 {
		t.Errorf("%d whole slips", got)
	}
}

// A printer that says no word of proof although it answers questions has not printed, as far as anybody knows; one that
// never gave proof is taken as it is.
func TestUnprovedJobs(t *testing.T) {
	d := newPrintDesk(t, true)
	if err := d.paper.Break(printersim.Silent); err != nil {
		t.Fatal(err)
	}
	// Silence is told by waiting alone, so a hasty way to the printer is put in.
	p := tcp.New(d.addr, tcp.Timeouts{Answer: 20 * time.Millisecond, Proof: 20 * time.Millisecond, Look: time.Millisecond})
	if sent, confirmed, err := p.SendConfirmed(t.Context(), []byte("job\n"), printer.NewProcessID(1)); sent != 4 || confirmed || err != nil {
		t.Errorf("silent: sent %d, confirmed %v, %v", sent, confirmed, err)
	}
	d.paper.Repair()
	if err := d.paper.Break(printersim.Unproved); err != nil {
		t.Fatal(err)
	}
	p = tcp.New(d.addr, tcp.Timeouts{Answer: time.Minute, Proof: 50 * time.Millisecond, Look: time.Millisecond})
	if _, confirmed, err := p.SendConfirmed(t.Context(), []byte("job\n"), printer.NewProcessID(2)); confirmed || err != nil {
		t.Errorf("never proved: confirmed %v, %v", confirmed, err)
	}
	patient := tcp.New(d.addr, tcp.Timeouts{Answer: time.Minute, Proof: time.Minute})
	d.paper.Repair()
	if _, confirmed, err := patient.SendConfirmed(t.Context(), []byte("job\n"), printer.NewProcessID(3)); !confirmed || err != nil {
		t.Errorf("proved: confirmed %v, %v", confirmed, err)
	}
}

// Slips that are of no use any more are not printed, and the list says why.
func TestStaleSlipsAreNotPrinted(t *testing.T) {
	d := newPrintDesk(t, true)
	if err := d.paper.Break(printersim.PaperOut); err != nil {
		t.Fatal(err)
	}
	d.queueNone(func() error { return d.till.PrintTest(t.Context()) })
	d.queueNone(func() error { return d.till.PrintProbe(t.Context()) })
	d.print(localdb.PrintJob{Name: "qr", Document: short("slip 002").Document, About: "a payment that is over"})
	d.print(short("slip 003"))
	d.queue(4, 0)
	d.clock.move(time.Hour)
	d.paper.Repair()
	d.queue(0, 0)
	if jobs := d.paper.Jobs(); len(jobs) != 1 || d.whole("slip 003") != 1 {
		t.Errorf("printed %+v", jobs)
	}
	slips, err := d.till.Slips(t.Context())
	if err != nil || len(slips) != 3 {
		t.Fatalf("%+v, %v", slips, err)
	}
	for i, want := range []till.SlipReason{till.SlipStale, till.SlipStale, till.SlipCodeDead} {
		if slips[i].State != till.SlipNotPrinted || slips[i].Reason != want || slips[i].CanPrint || slips[i].CanDrop {
			t.Errorf("slip %d: %+v, want it not printed: %s", i, slips[i], want)
		}
	}
}

func (d *printDesk) queueNone(f func() error) {
	d.Helper()
	if err := f(); err != nil {
		d.Fatal(err)
	}
}

// A printer whose answers are of no use prints all the same, once.
func TestPrintersThatAnswerBadly(t *testing.T) {
	for _, fault := range []printersim.Fault{printersim.Silent, printersim.Junk, printersim.Late, printersim.Slow, printersim.Unproved} {
		t.Run(string(fault), func(t *testing.T) {
			d := newPrintDesk(t, true)
			d.close()
			// What never comes is told by waiting alone.
			d.limits.Answer, d.limits.Proof = 20*time.Millisecond, 50*time.Millisecond
			if fault == printersim.Slow {
				d.limits.Answer, d.limits.Proof = time.Minute, time.Minute
			}
			if err := d.paper.Break(fault); err != nil {
				t.Fatal(err)
			}
			d.open(nil)
			for n := range 3 {
				d.print(short(fmt.Sprintf("slip %03d", n)))
			}
			d.queue(0, 0)
			for n := range 3 {
				if got := d.whole(fmt.Sprintf("slip %03d", n)); got != 1 {
					t.Errorf("%d papers hold slip %d", got, n)
				}
			}
		})
	}
}

// A printer that reads nothing any more in the middle of a job leaves it in doubt, and the copy comes out once.
func TestAPrinterThatGetsStuck(t *testing.T) {
	d := newPrintDesk(t, true)
	d.close()
	d.limits.Answer, d.limits.Proof, d.limits.Close = 2*time.Second, 200*time.Millisecond, 50*time.Millisecond
	d.open(nil)
	d.print(short("slip 000"))
	d.queue(0, 0)
	if err := d.paper.BreakAt(printersim.Stuck, 12); err != nil {
		t.Fatal(err)
	}
	d.print(short("slip 001"))
	d.queue(0, 1)
	slips, err := d.till.Slips(t.Context())
	if err != nil || len(slips) != 1 || slips[0].Reason != till.SlipLost {
		t.Fatalf("%+v, %v", slips, err)
	}
	if err := d.till.DropSlip(t.Context(), slips[0].ID); err != nil {
		t.Fatal(err)
	}
	d.queue(0, 0)
}

// While somebody else has the printer, slips wait.
func TestAPrinterThatSomebodyElseHas(t *testing.T) {
	d := newPrintDesk(t, true)
	other, err := net.Dial("tcp", d.addr)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.paper.Break(printersim.Busy); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Write([]byte("\x10\x04\x01")); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Read(make([]byte, 1)); err != nil { // it is served by now
		t.Fatal(err)
	}
	d.print(short("slip 001"))
	for limit := time.Now().Add(time.Minute); d.till.View().Printer.Trouble != till.CodePrinterOff; {
		if time.Now().After(limit) {
			t.Fatalf("the till shows %+v", d.till.View().Printer)
		}
		d.poke()
		time.Sleep(time.Millisecond)
	}
	d.queue(1, 0)
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	d.queue(0, 0)
	if got := d.whole("slip 001"); got != 1 {
		t.Errorf("%d papers hold the slip", got)
	}
}
