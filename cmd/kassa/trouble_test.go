package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"kassa/app"
	"kassa/localdb"
)

func TestWhatIsToldWhenTheTillDoesNotOpen(t *testing.T) {
	dir := t.TempDir()
	o := &opening{dir: dir, lang: "en"}
	for _, c := range []struct {
		name string
		err  error
		want app.StartTrouble
	}{
		{"in use", fmt.Errorf("opening: %w", localdb.ErrInUse), app.StartInUse},
		{"too new", fmt.Errorf("opening: %w", localdb.ErrTooNew), app.StartTooNew},
		{"damaged", fmt.Errorf("opening: %w", localdb.ErrDamaged), app.StartDamaged},
		{"anything else", errors.New("no space left on device"), app.StartFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := o.news(c.err)
			if n.Trouble != c.want || n.Folder != dir || n.Language != "en" {
				t.Errorf("told %+v", n)
			}
			if c.want == app.StartFailed && !strings.Contains(n.Detail, "no space left") {
				t.Errorf("the reason is not told: %+v", n)
			}
		})
	}
}

// A till started by its icon tells the same on standard error, with the same exit code.
func TestOpeningATillThatIsOpen(t *testing.T) {
	t.Setenv("DISPLAY", ":0.nothing")
	data := t.TempDir()
	store, err := localdb.Open(t.Context(), localdb.Options{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, errs, code := kassa(t, "", "--data", data); code != exitInUse || !strings.Contains(errs, "nothing was changed") {
		t.Errorf("exit code %d, %s", code, errs)
	}
	file := filepath.Join(data, localdb.FileName)
	if _, errs, code := kassa(t, "", "--data", file); code != exitFailed || errs == "" {
		t.Errorf("a file for a folder: exit code %d, %s", code, errs)
	}
}
