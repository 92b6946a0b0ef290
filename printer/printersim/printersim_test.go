package printersim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"kassa/printer/printersim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var clock = func() time.Time { return time.Date(2026, 11, 22, 11, 5, 0, 0, time.UTC) }

// patience bounds what would otherwise hang; no test waits for it when it passes.
const patience = 30 * time.Second

// start serves a practice printer until the test ends.
func start(t *testing.T, dir string) (*printersim.Printer, string) {
	t.Helper()
	p, err := printersim.New(printersim.Config{Dir: dir, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return p, ln.Addr().String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func write(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

// hangUp ends the job and waits until the printer has hung up too, which it does when the job is kept.
func hangUp(t *testing.T, conn net.Conn) {
	t.Helper()
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Fatal(err)
	}
}

func wait(t *testing.T, p *printersim.Printer, n int) []printersim.Job {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := p.Wait(ctx, n); err != nil {
		t.Fatal(err)
	}
	return p.Jobs()
}

func TestJobsEndAtTheCutAndWithTheConnection(t *testing.T) {
	dir := t.TempDir()
	p, address := start(t, dir)
	conn := dial(t, address)
	write(t, conn, "\x1b@one\n\x1dVB\x00")
	wait(t, p, 1) // while the connection is open
	write(t, conn, "\x1bp\x00\x19\xfatwo\n\x1dVA\x00three\n")
	hangUp(t, conn)
	want := []printersim.Job{
		{Number: 1, At: clock(), Bytes: 10, Text: "one\n" + strings.Repeat("- ", 24) + "\n", Lines: 1, Widest: 3, Cuts: 1},
		{Number: 2, At: clock(), Bytes: 13, Text: "two\n" + strings.Repeat("- ", 24) + "\n", Lines: 1, Widest: 3, Cuts: 1, Drawer: 1},
		{Number: 3, At: clock(), Bytes: 6, Text: "three\n", Lines: 1, Widest: 5},
	}
	if diff := cmp.Diff(want, p.Jobs()); diff != "" {
		t.Error(diff)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "0002.bin"))
	if err != nil || string(raw) != "\x1bp\x00\x19\xfatwo\n\x1dVA\x00" {
		t.Errorf("0002.bin holds %q: %v", raw, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "0003.txt"))
	if err != nil || string(text) != "three\n" {
		t.Errorf("0003.txt holds %q: %v", text, err)
	}
	if names, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(names) > 0 {
		t.Errorf("left behind: %q, %v", names, err)
	}
}

func TestNumbersGoOnAfterARestart(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "0041.png"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	p, address := start(t, dir)
	conn := dial(t, address)
	write(t, conn, "a\n")
	hangUp(t, conn)
	if jobs := wait(t, p, 1); jobs[0].Number != 42 {
		t.Errorf("the job is number %d, want 42", jobs[0].Number)
	}
}

func TestQuestionsAreNoJob(t *testing.T) {
	p, address := start(t, t.TempDir())
	conn := dial(t, address)
	write(t, conn, "\x10\x04\x01\x10")
	write(t, conn, "\x04")
	write(t, conn, "\x04")
	var answers [2]byte
	if _, err := io.ReadFull(conn, answers[:]); err != nil || answers != [2]byte{0x12, 0x12} {
		t.Errorf("answers %x: %v", answers, err)
	}
	hangUp(t, conn)
	if jobs := p.Jobs(); len(jobs) > 0 {
		t.Errorf("jobs %+v", jobs)
	}
}

// A question in the middle of a picture is answered too.
func TestQuestionsAreAnsweredAnywhere(t *testing.T) {
	_, address := start(t, t.TempDir())
	conn := dial(t, address)
	write(t, conn, "\x1dv0\x00\x10\x00\x10\x00\x00\x10\x04\x04")
	var answer [1]byte
	if _, err := io.ReadFull(conn, answer[:]); err != nil || answer[0] != 0x12 {
		t.Errorf("answer %x: %v", answer, err)
	}
}

func TestPaperOutHoldsTheJobBack(t *testing.T) {
	p, address := start(t, t.TempDir())
	if err := p.Break(printersim.PaperOut); err != nil {
		t.Fatal(err)
	}
	conn := dial(t, address)
	write(t, conn, "a\n\x1dVB\x00\x10\x04\x04")
	var answer [1]byte
	if _, err := io.ReadFull(conn, answer[:]); err != nil || answer[0] != 0x7E {
		t.Fatalf("answer %x: %v", answer, err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if jobs := p.Jobs(); len(jobs) > 0 {
		t.Errorf("printed with no paper: %+v", jobs)
	}
	p.Repair()
	if jobs := wait(t, p, 1); jobs[0].Lines != 1 || jobs[0].Unknown != 0 {
		t.Errorf("after the repair: %+v", jobs[0])
	}
}

func TestDieIsForOneJob(t *testing.T) {
	p, address := start(t, t.TempDir())
	p.DieAfter(3)
	conn := dial(t, address)
	write(t, conn, "\x10\x04\x01ab\ncd\n")
	if _, err := io.Copy(io.Discard, conn); err == nil {
		t.Error("the connection ended gently")
	}
	if jobs := wait(t, p, 1); jobs[0].Bytes != 3 || !jobs[0].Broken {
		t.Errorf("broken job: %+v", jobs[0])
	}
	next := dial(t, address)
	write(t, next, "whole\n")
	hangUp(t, next)
	if jobs := wait(t, p, 2); jobs[1].Bytes != 6 || jobs[1].Broken {
		t.Errorf("next job: %+v", jobs[1])
	}
}

func TestSlowPrinterPrintsAll(t *testing.T) {
	p, address := start(t, t.TempDir())
	if err := p.Break(printersim.Slow); err != nil {
		t.Fatal(err)
	}
	conn := dial(t, address)
	write(t, conn, strings.Repeat("slow\n", 60))
	hangUp(t, conn)
	if jobs := wait(t, p, 1); jobs[0].Lines != 60 {
		t.Errorf("%d lines, want 60", jobs[0].Lines)
	}
}

func TestJobWithoutEnd(t *testing.T) {
	p, address := start(t, t.TempDir())
	conn := dial(t, address)
	// The printer hangs up at its limit, so the writing may fail.
	_, _ = conn.Write(bytes.Repeat([]byte{1}, 2*printersim.MaxJob))
	if jobs := wait(t, p, 1); !jobs[0].Truncated || jobs[0].Bytes > printersim.MaxJob+1<<16 {
		t.Errorf("%d bytes, truncated %t", jobs[0].Bytes, jobs[0].Truncated)
	}
}

func TestControl(t *testing.T) {
	p, address := start(t, t.TempDir())
	conn := dial(t, address)
	write(t, conn, "\x1bt\x11\x8f\xe0\n\x1dVB\x00")
	hangUp(t, conn)
	control := p.Control()
	do := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		control.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w
	}
	for _, tt := range []struct {
		method, path string
		status       int
		faults       string
	}{
		{"GET", "/control/jobs/1.png", 200, "[]"},
		{"GET", "/control/jobs/2.png", 404, "[]"},
		{"GET", "/control/jobs/1.pdf", 404, "[]"},
		{"GET", "/control/jobs/..%2f..%2f1.bin", 404, "[]"},
		{"POST", "/control/faults/paper-out", 204, `["paper-out"]`},
		{"POST", "/control/faults/cover-open", 204, `["cover-open","paper-out"]`},
		{"DELETE", "/control/faults", 204, "[]"},
		{"POST", "/control/faults/offline", 204, `["offline"]`},
		{"POST", "/control/faults/slow", 204, `["offline","slow"]`},
		{"POST", "/control/faults/silent", 204, `["offline","silent","slow"]`},
		{"POST", "/control/faults/paper-low", 204, `["offline","paper-low","silent","slow"]`},
		{"DELETE", "/control/faults", 204, "[]"},
		{"POST", "/control/faults/die?bytes=10", 204, `["die"]`},
		{"POST", "/control/faults/die?bytes=ten", 400, `["die"]`},
		{"POST", "/control/faults/fire", 404, `["die"]`},
		{"POST", "/control/jobs", 405, `["die"]`},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			if w := do(tt.method, tt.path); w.Code != tt.status {
				t.Errorf("status %d, want %d: %s", w.Code, tt.status, w.Body)
			}
			if got := strings.TrimSpace(do("GET", "/control/faults").Body.String()); got != tt.faults {
				t.Errorf("faults %s, want %s", got, tt.faults)
			}
		})
	}
	if _, err := png.Decode(do("GET", "/control/jobs/1.png").Body); err != nil {
		t.Errorf("the picture: %v", err)
	}
	var jobs []printersim.Job
	if err := json.Unmarshal(do("GET", "/control/jobs").Body.Bytes(), &jobs); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p.Jobs(), jobs); diff != "" || !strings.HasPrefix(jobs[0].Text, "Пр\n") {
		t.Errorf("%q, %s", jobs[0].Text, diff)
	}
}

func TestJobsInMemoryAreBounded(t *testing.T) {
	p, address := start(t, t.TempDir())
	conn := dial(t, address)
	for range 105 {
		write(t, conn, "\x1dV\x00")
	}
	hangUp(t, conn)
	jobs := wait(t, p, 105)
	if len(jobs) != 100 || jobs[0].Number != 6 {
		t.Errorf("%d jobs from number %d, want 100 from 6", len(jobs), jobs[0].Number)
	}
}

func TestBadConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for i, cfg := range []printersim.Config{
		{Dir: t.TempDir()}, {Dir: file, Clock: clock}, {Dir: t.TempDir(), Clock: clock, Columns: 1000}, {Clock: clock},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			if _, err := printersim.New(cfg); err == nil {
				t.Error("no error")
			}
		})
	}
}
