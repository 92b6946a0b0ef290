package printersim_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kassa/printer/printersim"
)

// broken serves a printer with a fault.
func broken(t *testing.T, faults ...printersim.Fault) (*printersim.Printer, net.Conn) {
	t.Helper()
	p, address := start(t, t.TempDir())
	for _, f := range faults {
		if err := p.Break(f); err != nil {
			t.Fatal(err)
		}
	}
	return p, dial(t, address)
}

// says reads what the printer answers.
func says(t *testing.T, conn net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != want {
		t.Fatalf("the printer says %q, %v, want %q", got, err, want)
	}
}

const proof = "\x1d(H\x06\x0000ABCD"

func TestProofComesWhenEverythingIsOnPaper(t *testing.T) {
	p, conn := broken(t)
	write(t, conn, "one\n\x1dVB\x00"+proof)
	says(t, conn, "7\"ABCD\x00")
	if jobs := wait(t, p, 1); jobs[0].Unknown != 0 || jobs[0].Bytes != 8 {
		t.Errorf("the question is a part of the job: %+v", jobs[0])
	}
	if err := p.Break(printersim.PaperOut); err != nil {
		t.Fatal(err)
	}
	write(t, conn, "two\n\x1dVB\x00"+proof+"\x10\x04\x04")
	says(t, conn, "\x7e") // and no proof before it
	p.Repair()            // what was left in it is printed by itself
	says(t, conn, "7\"ABCD\x00")
	hangUp(t, conn)
	if jobs := p.Jobs(); len(jobs) != 2 {
		t.Errorf("%d jobs", len(jobs))
	}
}

func TestUnprovedPrintsTheQuestion(t *testing.T) {
	p, conn := broken(t, printersim.Unproved)
	write(t, conn, "one\n"+proof)
	hangUp(t, conn)
	if jobs := wait(t, p, 1); jobs[0].Bytes != 4+len(proof) {
		t.Errorf("%+v", jobs[0])
	}
}

func TestClearedBuffersArePrintedNoMore(t *testing.T) {
	p, conn := broken(t)
	if err := p.BreakAt(printersim.PaperOut, 8); err != nil {
		t.Fatal(err)
	}
	write(t, conn, "one\ntwo\nthree\n\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
	says(t, conn, "7%\x00")
	p.Repair()
	write(t, conn, "\x1b@four\n\x1dVB\x00")
	hangUp(t, conn)
	jobs := wait(t, p, 2)
	if !jobs[0].Broken || strings.Contains(jobs[0].Text, "three") || jobs[1].Broken || !strings.HasPrefix(jobs[1].Text, "four\n") {
		t.Errorf("printed %+v", jobs)
	}
}

// Another client may clear what the first one left.
func TestClearedByAnotherClient(t *testing.T) {
	p, conn := broken(t, printersim.CoverOpen)
	write(t, conn, "left\n")
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	next := dial(t, conn.RemoteAddr().String())
	write(t, next, "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
	says(t, next, "7%\x00")
	p.Repair()
	write(t, next, "whole\n")
	hangUp(t, next)
	for _, j := range p.Jobs() {
		if !j.Broken && strings.Contains(j.Text, "left") {
			t.Errorf("printed what was cleared: %+v", j)
		}
	}
}

func TestLateAnswers(t *testing.T) {
	p, conn := broken(t)
	p.AnswerAfter(50 * time.Millisecond)
	began := time.Now()
	write(t, conn, "\x10\x04\x01")
	says(t, conn, "\x12")
	if took := time.Since(began); took < 50*time.Millisecond {
		t.Errorf("answered after %v", took)
	}
}

func TestJunk(t *testing.T) {
	_, conn := broken(t, printersim.Junk)
	write(t, conn, "\x10\x04\x01")
	var got [8]byte
	if _, err := io.ReadFull(conn, got[:]); err != nil || bytes.ContainsRune(got[:], 0x12) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestStuckReadsNothingUntilItIsRepaired(t *testing.T) {
	p, conn := broken(t)
	if err := p.BreakAt(printersim.Stuck, 4); err != nil {
		t.Fatal(err)
	}
	write(t, conn, "one\ntwo\n\x10\x04\x01")
	_ = conn.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
	if n, err := conn.Read(make([]byte, 1)); n > 0 || !isTimeout(err) {
		t.Errorf("read %d bytes, %v", n, err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	p.Repair()
	says(t, conn, "\x12")
	hangUp(t, conn)
	if jobs := wait(t, p, 1); jobs[0].Lines != 2 {
		t.Errorf("%+v", jobs[0])
	}
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

func TestBusyRefusesASecondClient(t *testing.T) {
	p, conn := broken(t, printersim.Busy)
	write(t, conn, "\x10\x04\x01")
	says(t, conn, "\x12")
	second, err := net.Dial("tcp", conn.RemoteAddr().String())
	if err == nil {
		_ = second.SetDeadline(time.Now().Add(patience))
		if _, err = second.Read(make([]byte, 1)); err == nil {
			t.Error("a second client was served")
		}
		_ = second.Close()
	}
	hangUp(t, conn)
	p.Repair()
	third := dial(t, conn.RemoteAddr().String())
	write(t, third, "\x10\x04\x01")
	says(t, third, "\x12")
}

// The drawer is no job, and its real-time pulse works with no paper.
func TestTheDrawerIsNoJob(t *testing.T) {
	p, conn := broken(t)
	write(t, conn, "\x1b@\x1bp\x00\x19\xfa")
	hangUp(t, conn)
	if err := p.Break(printersim.PaperOut); err != nil {
		t.Fatal(err)
	}
	next := dial(t, conn.RemoteAddr().String())
	write(t, next, "\x10\x14\x01\x00\x01\x10\x04\x01")
	says(t, next, "\x1a")
	if p.Kicks() != 2 || len(p.Jobs()) > 0 {
		t.Errorf("%d kicks, jobs %+v", p.Kicks(), p.Jobs())
	}
}

func TestControlOfFaultsWithNumbers(t *testing.T) {
	p, _ := start(t, t.TempDir())
	for path, status := range map[string]int{
		"/control/faults/late?ms=20": 204, "/control/faults/late?ms=x": 400, "/control/faults/paper-out?bytes=100": 204,
		"/control/faults/stuck?bytes=-1": 400, "/control/faults/fire?bytes=1": 404, "/control/faults/unproved": 204,
	} {
		if w := post(p, path); w != status {
			t.Errorf("%s: %d, want %d", path, w, status)
		}
	}
	want := []printersim.Fault{printersim.Late, printersim.PaperOut, printersim.Unproved}
	if got := p.Faults(); len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("faults %v, want %v", got, want)
	}
}

func post(p *printersim.Printer, path string) int {
	w := httptest.NewRecorder()
	p.Control().ServeHTTP(w, httptest.NewRequest("POST", path, nil))
	return w.Code
}
