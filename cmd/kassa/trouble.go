package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	fyneapp "fyne.io/fyne/v2/app"

	"kassa/app"
	"kassa/localdb"
)

// appID is the name under which the toolkit keeps the choices of this program.
const appID = "app.kassa.till"

// tell shows, where there is a display, why the till did not open, and returns when that was read. It comes after the
// words on standard error and changes nothing of them.
func (o *opening) tell(ctx context.Context, err error) {
	if !hasDisplay() {
		return
	}
	a := fyneapp.NewWithID(appID)
	w, bad := app.NewStartWindow(a, o.news(err))
	if bad != nil {
		fmt.Fprintf(o.streams.err, "kassa: %v\n", bad)
		return
	}
	a.Lifecycle().SetOnStarted(func() { quitAfter(ctx, a) })
	w.ShowAndRun()
}

// news is what a person is told of an error before the till's window.
func (o *opening) news(err error) app.StartNews {
	n := app.StartNews{Trouble: app.StartFailed, Folder: o.dir, Detail: err.Error(), Language: o.lang}
	if full, err := filepath.Abs(o.dir); err == nil {
		n.Folder = full
	}
	switch {
	case errors.Is(err, localdb.ErrInUse):
		n.Trouble, n.Detail = app.StartInUse, ""
	case errors.Is(err, localdb.ErrTooNew):
		n.Trouble = app.StartTooNew
	case errors.Is(err, localdb.ErrDamaged):
		n.Trouble = app.StartDamaged
	}
	return n
}

// hasDisplay tells whether a window can be opened. The toolkit ends the program when it cannot, with an exit code of its
// own, so a local X display is asked first.
func hasDisplay() bool {
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	display := os.Getenv("DISPLAY")
	number, local := strings.CutPrefix(display, ":")
	if !local {
		return display != ""
	}
	number, _, _ = strings.Cut(number, ".")
	c, err := net.Dial("unix", "/tmp/.X11-unix/X"+number)
	if err != nil {
		return false
	}
	return c.Close() == nil
}
