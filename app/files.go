package app

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kassa/app/kit"
)

// preferFolder is the folder that the last price list was in.
const preferFolder = "import_folder"

// fileState is what the browser of files shows.
type fileState struct {
	dir     string
	read    string // the folder that all was read of
	all     []file
	trouble string // why the file that was chosen last cannot be taken
	sought  string // the beginning of a name that is being typed
	typed   time.Time
}

// file is one entry of a folder.
type file struct {
	name   string
	folder bool
	size   int64
	at     time.Time
}

// listEndings are those of the files that may hold a price list.
var listEndings = []string{".csv", ".txt", ".csv.gz", ".xlsx"}

// mostFiles is how many entries of a folder are shown.
const mostFiles = 2000

// filesIn lists a folder's folders and the files with such endings, folders first. Hidden ones are left out.
func filesIn(dir string, endings []string) ([]file, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []file
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		if strings.HasPrefix(name, ".") {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, e.Name())) // follows links, as the one who made them expects
		if err != nil {
			continue
		}
		if !info.IsDir() && (!info.Mode().IsRegular() || !slices.ContainsFunc(endings, func(end string) bool { return strings.HasSuffix(name, end) })) {
			continue
		}
		out = append(out, file{name: e.Name(), folder: info.IsDir(), size: info.Size(), at: info.ModTime()})
	}
	slices.SortStableFunc(out, func(a, b file) int {
		switch {
		case a.folder != b.folder && a.folder:
			return -1
		case a.folder != b.folder:
			return 1
		}
		return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name))
	})
	return out[:min(len(out), mostFiles)], nil
}

// place is where files may be.
type place struct {
	path    string
	name    string
	sign    kit.Sign
	plugged bool // a memory stick, or another disk
}

// places are the home folder, what stands in it for files of others, and what is plugged in.
func (w *Window) places() []place {
	var out []place
	add := func(path, name string, sign kit.Sign) {
		if isFolder(path) && len(out) < 8 {
			out = append(out, place{path, name, sign, sign == kit.SignSend})
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		add(home, w.T("app.files.home"), kit.SignPerson)
		for _, name := range []string{"Downloads", "Загрузки"} {
			add(filepath.Join(home, name), w.T("app.files.downloads"), kit.SignDown)
		}
		for _, name := range []string{"Desktop", "Рабочий стол"} {
			add(filepath.Join(home, name), w.T("app.files.desktop"), kit.SignFolder)
		}
	}
	if runtime.GOOS == "windows" {
		for _, drive := range "DEFGHIJ" {
			add(string(drive)+`:\`, string(drive)+":", kit.SignSend)
		}
		return out
	}
	for _, pattern := range []string{"/media/*/*", "/run/media/*/*", "/Volumes/*", "/mnt/*"} {
		mounts, _ := filepath.Glob(pattern) // the patterns are right
		for _, m := range mounts {
			add(m, filepath.Base(m), kit.SignSend)
		}
	}
	return out
}

// seekPause is how long the letters of a name may be apart.
const seekPause = time.Second

// browser shows the files of a folder on a screen, to choose one.
type browser struct {
	w       *Window
	st      *fileState
	at      *int     // the chosen row
	endings []string // of the files that are shown
	about   string   // what kind of file is wanted
	none    string   // what is told where there is none
	layer   *kit.Layer
	list    *kit.Grid
	choose  func(i int)
	paint   func()            // paints the screen
	repaint func()            // paints the screen that stands there by then
	take    func(path string) // a file was chosen
}

// seek goes to the first file whose name begins with what is being typed, or holds it. Digits are left to the scanner's
// decoder: a code is no file's name.
func (b *browser) seek(r rune) bool {
	st, now := b.st, b.w.deps.Now()
	if now.Sub(st.typed) > seekPause {
		st.sought = ""
	}
	if r >= '0' && r <= '9' && st.sought == "" {
		return false
	}
	st.typed = now
	st.sought += strings.ToLower(string(r))
	for _, fits := range []func(name, part string) bool{strings.HasPrefix, strings.Contains} {
		i := slices.IndexFunc(st.all, func(f file) bool { return fits(strings.ToLower(f.name), st.sought) })
		if i >= 0 {
			b.choose(i)
			return true
		}
	}
	return true
}

// content shows the folder.
func (b *browser) content() fyne.CanvasObject {
	w, l, st := b.w, b.w.look, b.st
	places := w.places()
	if st.dir == "" && len(places) > 0 {
		st.dir = places[0].path
	}
	if st.read != st.dir {
		b.readFolder(places)
	}
	left := kit.Column(6)
	for _, p := range places {
		button := w.button(kit.ButtonSpec{Sign: p.sign, Text: clip(p.name, 20), Left: true, Size: 16}, func() { b.enterFolder(p.path) })
		button.SetChosen(p.path == st.dir)
		left.Add(button)
	}
	*b.at = max(min(*b.at, len(st.all)-1), 0)
	b.list = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 56, Gap: 2,
		New: func() fyne.CanvasObject { return newFileRow(w, func(i int) { b.choose(i); b.openEntry(i) }) },
		Show: func(i int, o fyne.CanvasObject) {
			if i < len(st.all) {
				o.(*fileRow).show(i, st.all[i], i == *b.at)
			}
		},
	})
	up := func() { b.enterFolder(filepath.Dir(st.dir)) }
	b.layer.Keys[fyne.KeyBackspace], b.layer.Keys[fyne.KeyLeft] = up, up
	b.layer.Keys[fyne.KeyReturn] = func() { b.openEntry(*b.at) }
	b.layer.Keys[fyne.KeyTab] = func() { b.nextPlace(places) }
	b.layer.Rune = b.seek
	text, ink := b.about, l.Muted
	if st.trouble != "" {
		text, ink = st.trouble, l.Bad
	}
	none := kit.Centre(kit.NewText(b.none, kit.Style{Size: 18, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: 420}))
	show(len(st.all) == 0, none)
	return kit.Row(12, kit.Least(224, 0, left), kit.Grow(kit.Column(10,
		kit.NewText(text, kit.Style{Size: 16, Bold: st.trouble != "", Color: ink, Lines: 2, Width: 700}),
		kit.Row(8, w.button(kit.ButtonSpec{Sign: kit.SignUp, Key: "Backspace", Text: w.T("app.files.up"), Size: 15}, up),
			kit.Grow(kit.Middle(kit.NewText(st.dir, kit.Style{Size: 15, Color: l.Ink, Shrink: true})))),
		kit.Grow(kit.Card(l, 8, kit.Stack(b.list, none))))))
}

// readFolder reads the folder that is to be shown. One that is gone, a memory stick's for instance, gives way to the first
// of the places.
func (b *browser) readFolder(places []place) {
	w, st := b.w, b.st
	dir := st.dir
	st.read = dir
	var all []file
	w.fetch(func(context.Context) (err error) {
		all, err = filesIn(dir, b.endings)
		return err
	}, func(err error) {
		if st.dir != dir {
			return
		}
		st.all, *b.at = all, 0
		if err != nil {
			st.trouble = w.T("app.files.unreadable")
			if len(places) > 0 && places[0].path != dir && !isFolder(dir) {
				st.dir, st.trouble = places[0].path, ""
			}
		}
		b.repaint()
	})
}

func isFolder(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

func (b *browser) enterFolder(path string) {
	st := b.st
	st.dir, st.all, st.trouble, *b.at = path, nil, "", 0
	b.paint()
}

func (b *browser) nextPlace(places []place) {
	if len(places) == 0 {
		return
	}
	at := slices.IndexFunc(places, func(p place) bool { return p.path == b.st.dir })
	b.enterFolder(places[(at+1)%len(places)].path)
}

// openEntry goes into a folder, or takes a file.
func (b *browser) openEntry(i int) {
	st := b.st
	if i < 0 || i >= len(st.all) {
		return
	}
	path := filepath.Join(st.dir, st.all[i].name)
	if st.all[i].folder {
		b.enterFolder(path)
		return
	}
	b.take(path)
}

// fileRow shows one entry of a folder.
type fileRow struct {
	*kit.Press
	w     *Window
	i     int
	icon  *canvas.Image
	name  *kit.Text
	about *kit.Text
}

func newFileRow(w *Window, tap func(int)) *fileRow {
	l := w.look
	r := &fileRow{w: w, icon: kit.Icon(kit.SignFile, l.Muted, 24)}
	r.name = kit.NewText("", kit.Style{Size: 16, Color: l.Ink, Shrink: true})
	r.about = kit.NewText("", kit.Style{Size: 14, Color: l.Muted, Align: fyne.TextAlignTrailing, Shrink: true})
	r.Press = kit.NewPress(kit.PadSides(0, 16, 0, 14, kit.Row(14, kit.Middle(r.icon), kit.Grow(kit.Middle(r.name)), kit.Least(220, 0, kit.Middle(r.about)))),
		8, l.Surface, kit.Mix(l.Surface, l.Accent, 0.06), func() { w.gate.enter(func() { tap(r.i) }) })
	return r
}

func (r *fileRow) show(i int, f file, chosen bool) {
	w, l := r.w, r.w.look
	r.i = i
	sign, ink, about := kit.SignFile, l.Accent, w.fileSize(f.size)+" · "+w.lang.DateTime(f.at)
	if f.folder {
		sign, ink, about = kit.SignFolder, l.Muted, ""
	}
	kit.SetIcon(r.icon, sign, ink)
	r.name.Set(f.name)
	r.about.Set(about)
	if chosen {
		r.SetGround(l.AccentSoft, l.AccentSoft)
	} else {
		r.SetGround(l.Surface, kit.Mix(l.Surface, l.Accent, 0.06))
	}
}

// fileSize writes a number of bytes in a unit that keeps it short.
func (w *Window) fileSize(n int64) string {
	switch {
	case n < 1<<10:
		return w.T("app.files.bytes", "n", n)
	case n < 1<<20:
		return w.T("app.files.kilobytes", "n", (n+1<<9)>>10)
	}
	return w.T("app.files.megabytes", "n", w.lang.Integer((n+1<<19)>>20))
}
