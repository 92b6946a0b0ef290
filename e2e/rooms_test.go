package e2e

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// listed is what the go command knows of a package.
type listed struct {
	ImportPath string
	Imports    []string
}

// TestRooms holds the rules of who may import whom: only downwards, and siblings do not know each other.
func TestRooms(t *testing.T) {
	cmd := exec.Command("go", "list", "-tags", "ci", "-json=ImportPath,Imports", "kassa/...")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("listing packages: %v", err)
	}
	seen := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		for _, i := range p.Imports {
			if why := forbidden(p.ImportPath, i); why != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, i, why)
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d packages were looked at", seen)
	}
}

func in(path string, rooms ...string) bool {
	return slices.ContainsFunc(rooms, func(r string) bool { return path == "kassa/"+r || strings.HasPrefix(path, "kassa/"+r+"/") })
}

// siblings are the rooms that app/till and server put together.
var siblings = []string{"localdb", "sync", "printer", "fiscal", "banks"}

func forbidden(from, to string) string {
	fyne := strings.HasPrefix(to, "fyne.io/fyne/v2")
	switch {
	case to == "fyne.io/fyne/v2/app" && !in(from, "cmd/kassa", "bench/empty"):
		return "the window's driver belongs to cmd/kassa alone"
	case fyne && (!in(from, "app", "cmd/kassa", "bench/empty") || in(from, "app/till", "app/pricelist", "app/practice")):
		return "Fyne belongs to the screens alone"
	case (to == "database/sql" || strings.HasPrefix(to, "modernc.org/sqlite")) && !in(from, "localdb", "bench", "e2e"):
		return "SQLite belongs to localdb alone"
	case strings.HasPrefix(to, "github.com/jackc/pgx") && !in(from, "server", "bench"):
		return "PostgreSQL belongs to server alone"
	case !strings.HasPrefix(to, "kassa/"):
		return ""
	case in(from, "register"):
		return "register imports nothing of ours"
	case in(from, "i18n", "assets") && !in(to, "register", "assets", "i18n"):
		return "only what lies below"
	case in(to, "cmd", "bench", "e2e"):
		return "programs are not imported"
	case in(to, "app") && !in(from, "app", "cmd", "bench", "scripts"):
		return "app lies above"
	case in(to, "server") && !in(from, "server", "cmd", "bench", "scripts"):
		return "server lies beside app, above the rest"
	}
	for _, s := range siblings {
		if in(from, s) && in(to, siblings...) && !in(to, s) {
			return "siblings do not import each other"
		}
	}
	return ""
}
