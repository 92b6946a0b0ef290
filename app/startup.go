package app

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/i18n"
)

// StartTrouble is why the till could not be opened.
type StartTrouble string

// The troubles that have words of their own.
const (
	StartInUse   StartTrouble = "in_use"  // another program has the data folder open
	StartTooNew  StartTrouble = "too_new" // the data is a newer program's
	StartDamaged StartTrouble = "damaged"
	StartFailed  StartTrouble = "failed" // anything else
)

// StartNews is what somebody is told who started the till by its icon and would otherwise see nothing happen.
type StartNews struct {
	Trouble  StartTrouble
	Folder   string // of the data
	Detail   string // for the one who helps; may be empty
	Language string // that is told first; the last choice on this till when empty
}

// The least size of the window that tells why the till did not open.
const (
	startWidth  = 640
	startHeight = 420
	startText   = startWidth - 2*26 - 14 - 34 // wide
	longDetail  = 240                         // letters
)

// NewStartWindow makes the window that tells, in both languages, why the till did not open. It is not shown yet. Like
// everything that draws it is called on the drawing goroutine.
func NewStartWindow(a fyne.App, news StartNews) (fyne.Window, error) {
	first := news.Language
	if first == "" {
		first = a.Preferences().StringWithFallback(preferLanguage, i18n.Russian)
	}
	second := i18n.English
	if first == i18n.English {
		second = i18n.Russian
	}
	var both [2]*i18n.Language
	for i, tag := range []string{first, second} {
		l, err := i18n.Load(tag)
		if err != nil {
			return nil, fmt.Errorf("telling why the till did not open: %w", err)
		}
		both[i] = l
	}
	look := chosenLook(a)
	a.Settings().SetTheme(look.Theme())
	w := a.NewWindow("Kassa")
	w.SetPadded(false)
	w.SetMaster()
	picture := startPicture(look, both, news, w.Close)
	w.SetContent(picture)
	w.Resize(picture.MinSize().Max(fyne.NewSize(startWidth, startHeight)))
	w.CenterOnScreen()
	router := kit.NewRouter(time.Now, func(f func()) bool { f(); return true })
	router.Base(&kit.Layer{Name: "start", Keys: map[fyne.KeyName]func(){fyne.KeyEscape: w.Close, fyne.KeyReturn: w.Close}})
	router.Attach(w.Canvas())
	return w, nil
}

func startPicture(l *kit.Look, both [2]*i18n.Language, news StartNews, shut func()) fyne.CanvasObject {
	first, second := both[0], both[1]
	key := "app.start." + string(news.Trouble)
	title, text := halves(first.T(key))
	title2, text2 := halves(second.T(key))
	small := kit.Style{Size: 14, Color: l.Muted, Lines: 2, Width: startText}
	words := kit.Column(6,
		kit.NewText(title, kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Lines: 2, Width: startText}),
		kit.NewText(text, kit.Style{Size: 16, Color: l.Ink, Lines: 5, Width: startText}),
		kit.Blank(0, 4), kit.Rule(l), kit.Blank(0, 4),
		kit.NewText(title2, kit.Style{Size: 16, Bold: true, Color: l.Muted, Lines: 2, Width: startText}),
		kit.NewText(text2, kit.Style{Size: 14, Color: l.Muted, Lines: 5, Width: startText}),
		kit.Blank(0, 4), kit.Rule(l), kit.Blank(0, 4),
		kit.NewText(first.T("app.start.folder", "folder", news.Folder), small))
	if news.Detail != "" {
		small.Lines = 3
		words.Add(kit.NewText(clip(news.Detail, longDetail), small))
	}
	return kit.Stack(kit.Fill(l.Background, 0), kit.Pad(26, kit.Column(kit.Inset,
		kit.Grow(kit.Row(14, kit.Column(0, kit.Icon(kit.SignWarning, l.Warn, 34)), kit.Grow(words))),
		kit.Row(kit.Gap, kit.Space(), kit.Least(260, 0, kit.NewButton(l, kit.ButtonSpec{
			Kind: kit.Primary, Text: first.T("app.start.close") + " · " + second.T("app.start.close"), Key: "Esc", Height: kit.TouchBig,
		}, shut))))))
}
