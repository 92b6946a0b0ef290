package connect_test

import (
	"context"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kassa/printer/connect"
	"kassa/printer/printersim"
)

func TestDiscoverOnTheNetwork(t *testing.T) {
	sim, err := printersim.New(printersim.Config{Dir: t.TempDir(), Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- sim.Serve(ctx, ln) }()
	defer func() { stop(); <-served }()
	_, port, _ := net.SplitHostPort(ln.Addr().String())

	found := connect.Discover(t.Context(), connect.Search{Network: true, Near: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/28")}, Port: port})
	want := connect.Found{Address: ln.Addr().String(), Way: connect.Network, Answers: true}
	if !slices.Contains(found, want) {
		t.Errorf("found %+v, want %+v among them", found, want)
	}
	if jobs := sim.Jobs(); len(jobs) > 0 {
		t.Errorf("looking for printers printed %+v", jobs)
	}
	if found := connect.Discover(t.Context(), connect.Search{Near: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/28")}, Port: port}); slices.Contains(found, want) {
		t.Error("the network was searched, and nobody asked")
	}
}

func TestDiscoverQueues(t *testing.T) {
	dir := t.TempDir()
	script := "#!/bin/sh\n[ \"$1\" = -e ] && printf 'receipts\\nkitchen\\n'\n"
	if err := os.WriteFile(filepath.Join(dir, "lpstat"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":/bin:/usr/bin")
	found := connect.Discover(t.Context(), connect.Search{})
	for _, want := range []connect.Found{
		{Address: "cups:receipts", Way: connect.CUPS, Name: "receipts"}, {Address: "cups:kitchen", Way: connect.CUPS, Name: "kitchen"},
	} {
		if !slices.Contains(found, want) {
			t.Errorf("found %+v, want %+v among them", found, want)
		}
	}
}
