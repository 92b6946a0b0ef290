package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"kassa/app/till"
)

// diagnostics is what the one who helps has to know, in English whatever the screen speaks. It holds nothing secret: it is made
// from what the screens show, and from settings in which no secret is kept.
func (w *Window) diagnostics(is till.About) string {
	v := w.view
	var b strings.Builder
	line := func(name string, value any) { fmt.Fprintf(&b, "%-20s %v\n", name, value) }
	line("kassa", w.deps.Version)
	line("program", fmt.Sprintf("%s %s/%s", runtime.Version(), runtime.GOOS, runtime.GOARCH))
	line("time", w.deps.Now().UTC().Format(time.RFC3339))
	line("screen", fmt.Sprintf("%v, %s, dark %t", w.window.Canvas().Size(), w.lang.Tag(), w.look.Dark))
	line("practice", v.Practice)
	line("shop", v.Shop.Name)
	line("till", v.Shop.Till)
	line("folder", is.Folder)
	line("bytes", is.Size)
	line("operations", is.Operations)
	line("journal", is.Journal)
	line("number", is.Number)
	line("goods", is.Goods)
	line("staff", is.Staff)
	line("shift", fmt.Sprintf("%d, open %t, since %s", v.Shift.Number, v.Shift.Open, v.Shift.Opened.UTC().Format(time.RFC3339)))
	line("held, parked", fmt.Sprintf("%d, %d", v.Held, len(v.Parked)))
	line("server", fmt.Sprintf("%s %s, waiting %d, last %s, %s", v.Server.Link, publicURL(is.Server), v.Server.Waiting, v.Server.Last.UTC().Format(time.RFC3339), v.Server.Trouble))
	line("printer", fmt.Sprintf("%s, waiting %d, doubt %d, %s", v.Printer.Link, v.Printer.Waiting, v.Printer.Doubt, v.Printer.Trouble))
	line("bank", fmt.Sprintf("%s %s, direct %t, %s", v.Bank.Link, is.Bank, v.Bank.Direct, v.Bank.Trouble))
	if s := v.Settings; s != nil {
		line("printer's address", s.Printer.Address+" "+s.Printer.Profile)
		if text, err := json.Marshal(s); err == nil {
			line("settings", string(text))
		}
	}
	return b.String()
}

// publicURL is an address without what may be secret in one: a name and password before the host, and a query.
func publicURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// saveDiagnostics writes a text to a new file: on what is plugged in, if anything is, or in the home folder.
func saveDiagnostics(text string, places []place, now time.Time) (path string, err error) {
	name := "kassa-" + now.UTC().Format("20060102-150405") + ".txt"
	var errs []error
	for _, plugged := range []bool{true, false} {
		for _, p := range places {
			if p.plugged != plugged {
				continue
			}
			path := filepath.Join(p.path, name)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				errs = append(errs, err)
				continue
			}
			return path, nil
		}
	}
	return "", errors.Join(append(errs, errors.New("app: there is no place for the file"))...)
}
