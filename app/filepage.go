package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

const nameFile = "file"

// keyEndings are those of the files that hold a key or a certificate as text.
var keyEndings = []string{".pem", ".crt", ".cer", ".key", ".txt"}

// mostKeyText is how much text a key or certificate may have: certificates of a whole chain, and a key.
const mostKeyText = 32 << 10

// fileKind is what a file is chosen for. Its texts are keys.
type fileKind struct {
	title            func() string
	endings          []string
	about, none, bad string
	read             func(path string) error // off the drawing goroutine; an error means that it is no such file
	take             func()                  // once a file was read
}

// filePage is where a file is chosen.
type filePage struct {
	w       *Window
	state   *filePageState
	root    fyne.CanvasObject
	keys    *kit.Layer
	place   *fyne.Container
	list    *kit.Grid
	painted string
}

// filePageState is what the page shows. It outlives a change of language or palette.
type filePageState struct {
	kind  fileKind
	files fileState
	at    int
}

// openFile has a file chosen.
func (w *Window) openFile(kind fileKind) {
	state := &filePageState{kind: kind}
	w.closePage(nameFile)
	w.openPage(page{name: nameFile, make: func() screen { return newFilePage(w, state) }})
}

// openKeyFile has a file with a key or a certificate chosen, and gives its text.
func (w *Window) openKeyFile(title func() string, take func(text string)) {
	var text string
	w.openFile(fileKind{
		title: title, endings: keyEndings, about: "app.bankpage.which_file", none: "app.bankpage.no_files", bad: "app.bankpage.bad_file",
		read: func(path string) (err error) {
			text, err = readKeyFile(path)
			return err
		},
		take: func() { take(text) },
	})
}

func newFilePage(w *Window, state *filePageState) *filePage {
	p := &filePage{w: w, state: state, keys: &kit.Layer{Name: nameFile, Scan: w.scanBlocked}, place: kit.Stack()}
	p.root = kit.Pad(kit.Inset-4, kit.Column(12,
		kit.Row(12,
			w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, p.close),
			kit.Grow(kit.Middle(kit.NewText(state.kind.title(), kit.Style{Size: 24, Bold: true, Color: w.look.Ink, Shrink: true})))),
		kit.Grow(p.place)))
	p.paint()
	return p
}

func (p *filePage) object() fyne.CanvasObject { return p.root }
func (p *filePage) layer() *kit.Layer         { return p.keys }
func (p *filePage) update(till.View)          {}
func (p *filePage) close()                    { p.w.closePage(nameFile) }

func (p *filePage) paint() {
	w, st := p.w, p.state
	is := fmt.Sprint(st.files, st.at)
	if is == p.painted {
		return
	}
	p.painted = is
	p.keys.Keys = map[fyne.KeyName]func(){
		fyne.KeyEscape: p.close, fyne.KeyF1: w.openHelp,
		fyne.KeyUp: func() { p.choose(st.at - 1) }, fyne.KeyDown: func() { p.choose(st.at + 1) },
		fyne.KeyPageUp: func() { p.choose(max(st.at-6, 0)) }, fyne.KeyPageDown: func() { p.choose(min(st.at+6, len(st.files.all)-1)) },
	}
	b := &browser{
		w: w, st: &st.files, at: &st.at, endings: st.kind.endings, about: w.T(st.kind.about), none: w.T(st.kind.none),
		layer: p.keys, choose: p.choose, paint: p.paint, take: p.read,
		repaint: func() {
			if c, ok := w.screen.(*filePage); ok && c.state == st {
				c.paint()
			}
		},
	}
	p.place.Objects = []fyne.CanvasObject{b.content()}
	p.list = b.list
	p.list.SetCount(len(st.files.all))
	p.list.Reveal(st.at)
	p.root.Refresh()
}

func (p *filePage) choose(i int) {
	if p.list == nil || i < 0 || i >= len(p.state.files.all) {
		return
	}
	old := p.state.at
	p.state.at = i
	p.list.ReloadItem(old)
	p.list.ReloadItem(i)
	p.list.Reveal(i)
}

// read takes a file, or says why it cannot be one.
func (p *filePage) read(path string) {
	w, st := p.w, p.state
	w.fetch(func(context.Context) error { return st.kind.read(path) }, func(err error) {
		c, ok := w.screen.(*filePage)
		switch {
		case !ok || c.state != st:
		case err != nil:
			st.files.trouble = w.T(st.kind.bad)
			c.paint()
		default:
			c.close()
			st.kind.take()
		}
	})
}

// errKeyText tells that a text holds no key and no certificate.
var errKeyText = errors.New("app: no PEM")

func readKeyFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, mostKeyText+1))
	if err != nil {
		return "", err
	}
	return keyText(string(raw))
}

// keyText takes what a file or the clipboard held, if it looks like PEM.
func keyText(text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"))
	if len(text) > mostKeyText || !utf8.ValidString(text) || !strings.HasPrefix(text, "-----BEGIN ") {
		return "", errKeyText
	}
	return text, nil
}
