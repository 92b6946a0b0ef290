package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// TestListsAreUpToDate holds that the lists name every bank and every simulator that there is.
func TestListsAreUpToDate(t *testing.T) {
	for _, l := range lists {
		want, err := l.generate(os.DirFS("../.."))
		if err != nil {
			t.Fatal(err)
		}
		is, err := os.ReadFile(filepath.Join("../..", filepath.FromSlash(l.file)))
		if err != nil {
			t.Fatal(err)
		}
		if string(is) != string(want) {
			t.Errorf("banks/%s is stale; run go generate ./banks/every. It should be:\n%s", l.file, want)
		}
	}
}

func TestFindsBanks(t *testing.T) {
	const adapter = "\n\nfunc Adapter() banks.Adapter { return banks.Adapter{} }\n"
	tree := fstest.MapFS{
		"banks.go":            {Data: []byte("package banks\n\nfunc Adapter() Adapter { return Adapter{} }\n")},
		"second/second.go":    {Data: []byte("package second" + adapter)},
		"second/more.go":      {Data: []byte("package second\n\nfunc More() {}\n")},
		"first/adapter.go":    {Data: []byte("package first" + adapter)},
		"first/sim/sim.go":    {Data: []byte("package firstsim\n\nfunc Sim() banksim.Sim { return banksim.Sim{} }\n")},
		"other/other.go":      {Data: []byte("package other\n\ntype T int\n\nfunc (T) Adapter() banks.Adapter { return banks.Adapter{} }\n\nfunc Sim() string { return \"\" }\n")},
		"asks/asks.go":        {Data: []byte("package asks\n\nfunc Adapter(x int) banks.Adapter { return banks.Adapter{} }\n")},
		"tested/some_test.go": {Data: []byte("package tested" + adapter)},
		"x/testdata/bank.go":  {Data: []byte("package bank" + adapter)},
	}
	for i, want := range []string{
		`import (
	"kassa/banks"
	"kassa/banks/first"
	"kassa/banks/second"
)

var adapters = []func() banks.Adapter{
	first.Adapter,
	second.Adapter,
}
`,
		`import (
	"kassa/banks/banksim"
	"kassa/banks/first/sim"
)

var found = []func() banksim.Sim{
	firstsim.Sim,
}
`,
	} {
		text, err := lists[i].generate(tree)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(string(text), want) {
			t.Errorf("%s", text)
		}
	}

	tree["third/second/second.go"] = &fstest.MapFile{Data: []byte("package second" + adapter)}
	if _, err := lists[0].generate(tree); err == nil {
		t.Error("two banks of one name were taken")
	}
	tree["third/second/second.go"].Data = []byte("package second {")
	if _, err := lists[0].generate(tree); err == nil {
		t.Error("a file that is no Go was taken")
	}
}
