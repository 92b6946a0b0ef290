package every_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"
)

// TestNobodyKnowsABank holds that a new bank needs no change of what there is: of the programs and of the rooms beside
// banks/, no source but tests imports an adapter. They know banks by the list alone.
func TestNobodyKnowsABank(t *testing.T) {
	list, err := parser.ParseFile(token.NewFileSet(), "every_gen.go", nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	adapters := map[string]bool{}
	for _, i := range list.Imports {
		if name, _ := strconv.Unquote(i.Path.Value); name != "kassa/banks" {
			adapters[name] = true
		}
	}
	if len(adapters) < 4 {
		t.Fatalf("only %v", adapters)
	}
	root := os.DirFS("../..")
	for _, room := range []string{"server", "cmd", "sync", "localdb", "register"} {
		err := fs.WalkDir(root, room, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") {
				return err
			}
			text, err := fs.ReadFile(root, p)
			if err != nil {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), p, text, parser.ImportsOnly)
			if err != nil {
				return err
			}
			for _, i := range file.Imports {
				if name, _ := strconv.Unquote(i.Path.Value); adapters[name] {
					t.Errorf("%s imports %s", p, name)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
