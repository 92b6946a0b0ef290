package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/image/font/sfnt"

	"kassa/i18n"
)

// codes reads the problems that package till declares, so that a new one cannot be forgotten here.
func codes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "till/problem.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Names) != 1 || !strings.HasPrefix(v.Names[0].Name, "Code") || len(v.Values) != 1 {
			return true
		}
		text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, text)
		return true
	})
	if len(out) < 30 {
		t.Fatalf("only %d problems found", len(out))
	}
	return out
}

func TestEveryProblemSaysWhatHappenedAndWhatToDo(t *testing.T) {
	for _, tag := range i18n.Tags() {
		l, err := i18n.Load(tag)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range codes(t) {
			if !l.Has("problem." + c) {
				t.Errorf("%s: no sentence for %s", tag, c)
				continue
			}
			if title, rest, _ := strings.Cut(l.T("problem."+c), "\n"); title == "" || rest == "" {
				t.Errorf("%s: %s says only %q", tag, c, l.T("problem."+c))
			}
		}
	}
}

// A key that the screens ask for and no catalogue has would be shown as it is.
func TestEveryKeyIsInTheCatalogues(t *testing.T) {
	l, err := i18n.Load(i18n.Russian)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	// A key that ends in _ goes on in the code.
	key := regexp.MustCompile(`^(app|problem|common|method)(\.[a-z0-9_]*[a-z0-9])+$`)
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if text, err := strconv.Unquote(lit.Value); err == nil && key.MatchString(text) {
				found++
				if !l.Has(text) {
					t.Errorf("%s: no text for %q", name, text)
				}
			}
			return true
		})
	}
	if found < 100 {
		t.Fatalf("only %d keys found", found)
	}
}

// What the bundled font lacks would be taken from whatever the system has, or be a box.
func TestEveryLetterIsInTheBundledFont(t *testing.T) {
	for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
		font, err := sfnt.Parse(theme.DefaultTheme().Font(style).Content())
		if err != nil {
			t.Fatal(err)
		}
		var b sfnt.Buffer
		for _, tag := range i18n.Tags() {
			l, err := i18n.Load(tag)
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range l.Keys() {
				if strings.HasPrefix(k, "web.") {
					continue // shown by a browser
				}
				for _, r := range l.T(k) {
					if r == '\n' {
						continue
					}
					if i, err := font.GlyphIndex(&b, r); err != nil || i == 0 {
						t.Errorf("%s, %s: %q is not in the font (%v)", tag, k, r, err)
					}
				}
			}
		}
	}
}
