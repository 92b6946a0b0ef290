package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"kassa/app/practice"
	"kassa/app/till"
	"kassa/fiscal"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/register"
)

// TestThePracticeShop: what a newcomer's first command opens, with the world behind it as a process of its own.
func TestThePracticeShop(t *testing.T) {
	sim := filepath.Join(t.TempDir(), "kassa-sim")
	build := exec.Command("go", "build", "-o", sim, "kassa/cmd/kassa-sim")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the world: %v\n%s", err, out)
	}
	dir := t.TempDir()
	for _, day := range []string{"the first day", "the next one"} {
		t.Run(day, func(t *testing.T) { practise(t, sim, dir) })
	}
}

func practise(t *testing.T, sim, dir string) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	store, err := localdb.Open(t.Context(), localdb.Options{Dir: dir})
	must(err)
	defer store.Close()
	world, err := practice.Open(t.Context(), store, practice.Options{Sim: sim})
	must(err)
	defer func() {
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	}()
	lang, err := i18n.Load(i18n.English)
	must(err)
	c := till.Config{Language: lang, Practice: true, PracticePay: world.Pay}
	must(till.Connect(t.Context(), store, &c))
	p, err := till.New(t.Context(), c)
	must(err)
	p.Start(context.Background())
	defer p.Stop()
	until := func(what string, cond func(till.View) bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !cond(p.View()); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("it never came to this: %s; %+v", what, p.View())
			}
		}
	}
	must(p.SignIn(t.Context(), practice.PIN))
	if !p.View().Shift.Open {
		must(p.OpenShift(t.Context()))
	}
	_, err = p.Scan(t.Context(), milk, register.One)
	must(err)
	must(p.StartQR(t.Context()))
	until("a code", func(v till.View) bool { return v.QR != nil && v.QR.Payload != "" })
	must(p.PracticePay(t.Context()))
	until("sold, printed, made at the registrar and sent", func(v till.View) bool {
		return v.Fiscal.Link == till.LinkUp && v.Fiscal.Waiting == 0 && v.Last != nil && v.Printer.Link == till.LinkUp && v.Printer.Waiting == 0 && v.Server.Link == till.LinkUp && v.Server.Waiting == 0
	})
	if f := p.View().Fiscal; f.Driver != "atol" || f.Trouble != "" || f.State.Shift != fiscal.ShiftOpen || f.State.Last < 3 {
		t.Errorf("the registrar: %+v", f)
	}
	pictures, err := filepath.Glob(filepath.Join(dir, "paper", "*.png"))
	must(err)
	if len(pictures) == 0 {
		t.Error("no paper was drawn")
	}
}
