package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"kassa/banks/tbank/tbanksim"
	"kassa/server/pgcluster/pgtest"
	"kassa/sync/client"
	"kassa/sync/wire"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

// shell runs commands with one environment.
type shell struct {
	t   *testing.T
	env map[string]string
}

func (s shell) run(input string, args ...string) (code int, out, errs string) {
	s.t.Helper()
	var o, e bytes.Buffer
	p := program{in: strings.NewReader(input), out: &o, err: &e, env: func(name string) string { return s.env[name] }}
	code = p.run(s.t.Context(), args)
	return code, o.String(), e.String()
}

// ok runs a command that must succeed without a word of error.
func (s shell) ok(input string, args ...string) string {
	s.t.Helper()
	code, out, errs := s.run(input, args...)
	if code != exitOK || errs != "" {
		s.t.Fatalf("%v: exit %d, %s", args, code, errs)
	}
	return strings.TrimSpace(out)
}

// fails runs a command that must fail with a code and a word about it.
func (s shell) fails(want int, text, input string, args ...string) {
	s.t.Helper()
	code, out, errs := s.run(input, args...)
	if code != want || !strings.Contains(errs, text) || out != "" {
		s.t.Errorf("%v: exit %d, output %q, errors %q; want exit %d and %q", args, code, out, errs, want, text)
	}
}

func TestHelp(t *testing.T) {
	s := shell{t: t}
	if out := s.ok("", "--help"); !strings.Contains(out, "owner create") {
		t.Errorf("the help is %q", out)
	}
	for _, c := range commands() {
		out := s.ok("", append(strings.Fields(c.name), "--help")...)
		if !strings.HasPrefix(out, "kassa-server "+c.name+": ") {
			t.Errorf("%s --help says %q", c.name, out)
		}
	}
	s.fails(exitUsage, "Usage", "")
	s.fails(exitUsage, `no command "fly"`, "", "fly")
	s.fails(exitUsage, "-wings", "", "serve", "--wings")
	s.fails(exitUsage, `"now" is not expected`, "", "migrate", "now")
	s.fails(exitUsage, "KASSA_DSN", "", "migrate")
	s.fails(exitUsage, "--format", "", "pair", "--format", "xml")
}

// TestFromNothingToAPairedTill sets a shop up by commands alone and lets a till in.
func TestFromNothingToAPairedTill(t *testing.T) {
	bank, err := tbanksim.New(tbanksim.Config{Terminal: "T1DEMO", Password: "bank-secret"})
	if err != nil {
		t.Fatal(err)
	}
	atBank := httptest.NewServer(bank.Handler())
	t.Cleanup(atBank.Close)
	s := shell{t: t, env: map[string]string{"KASSA_DSN": pgtest.Empty(t)}}
	s.fails(exitError, "run kassa-server migrate", "", "check")
	if out := s.ok("", "migrate"); out != "the schema is at version 1" {
		t.Errorf("migrate says %q", out)
	}
	s.ok("", "migrate")

	s.fails(exitUsage, "--password-stdin", "", "owner", "create", "--login", "anna")
	s.fails(exitError, "at least 8", "short\n", "owner", "create", "--login", "anna", "--password-stdin")
	s.ok("correct horse\n", "owner", "create", "--login", "anna", "--account", "Анна и Ко", "--store", "Садовая", "--password-stdin")
	s.fails(exitError, "already", "correct horse\n", "owner", "create", "--login", "anna", "--password-stdin")
	s.ok("", "store", "create", "--login", "anna", "--name", "Лесная", "--zone", "Asia/Yekaterinburg")
	s.fails(exitError, "several", "", "pair")
	s.fails(exitError, "no such row", "", "pair", "--store", "Морская")

	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("bank-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	set := []string{"bank", "set", "--store", "Садовая", "--bank", "tbank", "--set", "url=" + atBank.URL + "/v2/", "--set", "terminal=T1DEMO", "--set", "password=@" + file}
	s.fails(exitUsage, "KASSA_SERVER_KEY", "", set...)
	s.fails(exitUsage, "is a secret", "", "bank", "set", "--bank", "tbank", "--set", "password=bank-secret")
	s.fails(exitUsage, "is none", "", "bank", "set", "--bank", "tbank", "--set", "colour=red")
	s.fails(exitUsage, "twice", "", "bank", "set", "--bank", "tbank", "--set", "terminal=A", "--set", "terminal=B")
	s.fails(exitUsage, "--bank is one of", "", "bank", "set", "--bank", "piggy")
	if out := s.ok("", "bank", "list"); !strings.Contains(out, "tbank: ") || !strings.Contains(out, "password ") {
		t.Errorf("bank list says %q", out)
	}
	s.env["KASSA_SERVER_KEY"] = s.ok("", "key")
	s.fails(exitError, "no such row", "", "bank", "check", "--store", "Садовая")
	s.ok("", set...)
	if out := s.ok("", "bank", "check", "--store", "Садовая"); !strings.HasSuffix(out, "works") || strings.Contains(out, "secret") {
		t.Errorf("bank check says %q", out)
	}
	s.ok("wrong", "bank", "set", "--store", "Лесная", "--bank", "tbank", "--set", "url="+atBank.URL+"/v2/", "--set", "terminal=T1DEMO", "--set", "password=@-")
	s.fails(exitError, "refused", "", "bank", "check", "--store", "Лесная")

	var code struct{ Code, Store string }
	if err := json.Unmarshal([]byte(s.ok("", "pair", "--store", "Садовая", "--format", "json")), &code); err != nil || code.Store != "Садовая" {
		t.Fatalf("pair says %+v, %v", code, err)
	}
	url, stop := s.serve()
	paired, err := client.Pair(t.Context(), url, wire.Pair{Code: code.Code, Name: "Касса 1"})
	if err != nil || paired.Store != "Садовая" {
		t.Fatalf("%+v, %v", paired, err)
	}
	resp, err := http.Get(url + "/healthz")
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%v, %v", resp, err)
	}
	resp.Body.Close()
	stop()
	if out := s.ok("", "check"); out != "schema version 1, 0 journals, 0 operations" {
		t.Errorf("check says %q", out)
	}
}

// serve runs the command serve; stop ends it, which must be with exit code 0.
func (s shell) serve() (url string, stop func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	r, w := io.Pipe()
	var errs bytes.Buffer
	p := program{in: strings.NewReader(""), out: w, err: &errs, env: func(name string) string { return s.env[name] }}
	done := make(chan int, 1)
	go func() {
		code := p.run(ctx, []string{"serve", "--listen", "127.0.0.1:0"})
		w.Close()
		done <- code
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		s.t.Fatalf("serve ended with %d: %s", <-done, errs.String())
	}
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok {
		s.t.Fatalf("serve says %q", line)
	}
	return url, func() {
		s.t.Helper()
		cancel()
		if code := <-done; code != exitOK {
			s.t.Errorf("serve ended with %d: %s", code, errs.String())
		}
	}
}

func TestCheckFindsDamage(t *testing.T) {
	dsn := pgtest.DSN(t)
	s := shell{t: t, env: map[string]string{"KASSA_DSN": dsn}}
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), `insert into accounts values ('01935f3e-0000-7000-8000-000000000001', 'x', now());
		insert into journals values ('01935f3e-0000-7000-8000-000000000001', '01935f3e-0000-7000-8000-000000000002',
			'01935f3e-0000-7000-8000-000000000003', 5, decode(repeat('00', 32), 'hex'), now(), now())`, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatal(err)
	}
	code, out, errs := s.run("", "check", "--format", "json")
	if code != exitError || !strings.Contains(errs, "1 journals are damaged") {
		t.Errorf("exit %d, %s", code, errs)
	}
	var found checked
	if err := json.Unmarshal([]byte(out), &found); err != nil || len(found.Damaged) != 1 || found.Journals != 1 {
		t.Errorf("found %s, %v", out, err)
	}
}

func TestNoPasswordOnTheCommandLine(t *testing.T) {
	s := shell{t: t}
	for _, c := range commands() {
		if help := s.ok("", append(strings.Fields(c.name), "--help")...); strings.Contains(help, "-password string") {
			t.Errorf("%s takes a password as an argument", c.name)
		}
	}
}
