package e2e

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kassa/app/till"
	"kassa/localdb"
	"kassa/register"
	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
	"kassa/sync/accept"
)

// serverProcess is the program kassa-server on an address of its own.
type serverProcess struct {
	*testing.T
	program, dsn, address string
	cmd                   *exec.Cmd
}

func newServerProcess(t *testing.T) *serverProcess {
	t.Helper()
	s := &serverProcess{T: t, program: filepath.Join(t.TempDir(), "kassa-server"), dsn: pgtest.Empty(t)}
	build := exec.Command("go", "build", "-o", s.program, "kassa/cmd/kassa-server")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the server: %v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	s.do("", "migrate")
	s.do("a long enough password", "owner", "create", "--login", "owner", "--password-stdin", "--account", "Ромашка", "--store", "Ромашка")
	t.Cleanup(func() { s.kill(syscall.SIGKILL) })
	return s
}

// do runs a command of the server to its end and returns what it printed.
func (s *serverProcess) do(stdin string, args ...string) string {
	s.T.Helper()
	cmd := exec.CommandContext(s.T.Context(), s.program, args...)
	cmd.Env = append(os.Environ(), "KASSA_DSN="+s.dsn)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.Output()
	if err != nil {
		s.T.Fatalf("kassa-server %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// serve starts the server and waits until it listens.
func (s *serverProcess) serve() {
	s.T.Helper()
	s.cmd = exec.Command(s.program, "serve", "--listen", s.address)
	s.cmd.Env = append(os.Environ(), "KASSA_DSN="+s.dsn)
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		s.T.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.Contains(line, s.address) {
		s.T.Fatalf("the server said %q, %v", line, err)
	}
}

func (s *serverProcess) kill(sig syscall.Signal) {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Signal(sig)
	_ = s.cmd.Wait() // it was told to end, one way or the other
	s.cmd = nil
}

// TestTheServerIsKilledAndSellingGoesOn: sales while the server is away arrive once when it is back.
func TestTheServerIsKilledAndSellingGoesOn(t *testing.T) {
	server := newServerProcess(t)
	server.serve()
	dir := t.TempDir()
	_, printer := newPrinter(t, time.Now)
	code := server.do("", "pair", "--store", "Ромашка")
	fields := strings.Fields(code)
	store, err := localdb.Open(t.Context(), localdb.Options{Dir: dir})
	if err == nil {
		err = prepare(t.Context(), store, "http://"+server.address, fields[0], printer)
	}
	if err != nil {
		t.Fatalf("preparing with %q: %v", code, err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	p, err := start(context.Background(), dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{T: t, program: p}
	t.Cleanup(func() { s.must(p.close()) })
	s.must(s.signIn())
	s.sellForCash(3)
	s.sent(4)
	for round := range 3 {
		server.kill([]syscall.Signal{syscall.SIGKILL, syscall.SIGTERM, syscall.SIGKILL}[round])
		s.sellForCash(4)
		s.must(s.screen.Until("told that the server is away", func() bool {
			v := s.till.View().Server
			return v.Link == till.LinkDown && v.Trouble == till.CodeServerDown && v.Waiting >= 4
		}))
		server.serve()
		s.till.SyncNow()
		s.sent(4 + 4*int64(round+1))
	}
	s.arrivedOnce(server.dsn, 16)
	if out := server.do("", "check"); out == "" {
		t.Error("the server's own check said nothing")
	}
}

func (s *shop) sellForCash(n int) {
	s.T.Helper()
	for range n {
		before := s.till.View().Shift.Totals.Sales.Count
		s.must(s.scan(milk))
		s.must(s.screen.Press("F10"))
		s.screen.Scan("100")
		s.must(s.soldOnScreen(register.Cash, before+1))
	}
}

func (s *shop) sent(operations int64) {
	s.T.Helper()
	s.must(s.screen.Until(fmt.Sprintf("%d operations sent", operations), func() bool {
		v := s.till.View().Server
		return v.Link == till.LinkUp && v.Waiting == 0
	}))
	all, err := s.store.Since(s.ctx(), 0, 1000)
	if err != nil || int64(len(all)) != operations {
		s.T.Errorf("the till has %d operations, %v; want %d", len(all), err, operations)
	}
}

// arrivedOnce compares the server's list with the till's.
func (s *shop) arrivedOnce(dsn string, want int) {
	s.T.Helper()
	db, err := pg.Open(s.ctx(), dsn)
	s.must(err)
	defer db.Close()
	owner, err := db.FindOwner(s.ctx(), "owner")
	s.must(err)
	list, err := db.Operations(s.ctx(), owner.Account, pg.OperationFilter{Limit: 1000})
	s.must(err)
	seen := map[int64]bool{}
	for _, o := range list {
		if seen[o.Number] || o.Aside != accept.Understood {
			s.T.Errorf("operation %d twice, or set aside: %q", o.Number, o.Aside)
		}
		seen[o.Number] = true
	}
	if len(seen) != want {
		s.T.Errorf("the server has %d operations, want %d", len(seen), want)
	}
}
