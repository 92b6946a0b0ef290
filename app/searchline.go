package app

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/register"
)

// longestSearch is how much a line of search takes, in letters: the QR of a fiscal receipt has some ninety.
const longestSearch = 200

// searchState is what was typed into a page's line of search, and what was searched for last.
type searchState struct {
	text     string
	searched string
	turn     int
}

// searchLine is the line that the list of a page is searched by: typed at any time, scanned, or touched.
type searchLine struct {
	w     *Window
	state *searchState
	root  fyne.CanvasObject
	field *kit.Field
	erase fyne.CanvasObject
	title string
	delay func()

	search func(text string, scanned bool) // scanned: what was typed was ended with Enter
	agree  func()                          // Enter with nothing new to search for
}

func (w *Window) newSearchLine(state *searchState, title, hint string) *searchLine {
	l := w.look
	s := &searchLine{w: w, state: state, title: title, field: kit.NewField(l, kit.SignSearch, hint)}
	s.erase = kit.PadSides(4, 4, 4, 0, w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Size: 16}, func() { s.clear() }))
	press := kit.NewPress(kit.Blank(0, 0), kit.Radius, kit.Clear, kit.Clear, func() { w.gate.enter(s.ask) })
	s.root = kit.Stack(press, s.field, kit.Row(0, kit.Space(), s.erase))
	s.paint()
	return s
}

func (s *searchLine) paint() {
	s.field.Set("", s.state.text)
	if on := s.state.text != ""; on != s.erase.Visible() {
		show(on, s.erase)
		s.root.Refresh() // what was hidden has no place yet
	}
}

// typed takes a character; control characters are none.
func (s *searchLine) typed(r rune) bool {
	st := s.state
	if unicode.IsControl(r) || r == utf8.RuneError || r == ' ' && st.text == "" {
		return true
	}
	if utf8.RuneCountInString(st.text) < longestSearch {
		st.text += string(r)
	}
	s.changed()
	return true
}

func (s *searchLine) backspace() {
	st := s.state
	_, n := utf8.DecodeLastRuneInString(st.text)
	st.text = st.text[:len(st.text)-n]
	s.changed()
}

// changed paints what was typed, and searches for it as soon as nothing more is typed.
func (s *searchLine) changed() {
	w, st := s.w, s.state
	s.paint()
	s.stop()
	st.turn++
	turn := st.turn
	s.delay = w.deps.After(searchDelay, func() {
		w.deps.Draw(func() {
			w.gate.after(func() {
				if turn == st.turn {
					s.now(false)
				}
			})
		})
	})
}

func (s *searchLine) stop() {
	if s.delay != nil {
		s.delay()
		s.delay = nil
	}
}

// now searches, unless that has been done.
func (s *searchLine) now(scanned bool) {
	s.stop()
	st := s.state
	st.turn++
	text := strings.TrimSpace(st.text)
	if text == st.searched && !scanned {
		return
	}
	st.searched = text
	s.search(text, scanned)
}

// clear empties the line; false when there was nothing in it.
func (s *searchLine) clear() bool {
	if s.state.text == "" {
		return false
	}
	s.state.text = ""
	s.paint()
	s.now(false)
	return true
}

// enter ends what was typed or scanned. A scanner does not empty the line first: what it adds to a search that was made
// is a code by itself.
func (s *searchLine) enter() {
	st := s.state
	text := strings.TrimSpace(st.text)
	if code, ok := strings.CutPrefix(text, st.searched); ok && st.searched != "" && isScan(code) {
		text = code
	}
	if receiptLike(kit.Latin(text)) {
		text = kit.Latin(text)
	}
	if text == st.searched {
		s.agree()
		return
	}
	st.text = text
	s.paint()
	s.now(true)
}

// ask asks for the text on the keyboard on the screen.
func (s *searchLine) ask() {
	w := s.w
	w.askText(textQuestion{
		name: "search", sign: kit.SignSearch, title: s.title, now: s.state.text, most: longestSearch, empty: true, scan: true, yes: w.T("app.find"),
		take: func(text string, then func(error)) {
			then(nil)
			s.state.text = text
			s.paint()
			s.now(text != "")
		},
	})
}

// keys are those that the line wants.
func (s *searchLine) keys(keys map[fyne.KeyName]func()) {
	keys[fyne.KeyReturn] = s.enter
	keys[fyne.KeyTab] = func() {
		if s.state.text != s.state.searched {
			s.enter()
		}
	}
	keys[fyne.KeyBackspace] = s.backspace
}

// isScan tells whether what stands behind a search that was made was scanned: a number as long as a barcode's, or what
// stands on a receipt.
func isScan(text string) bool {
	const shortest = 8 // EAN-8
	return len(text) >= shortest && strings.Trim(text, "0123456789") == "" || receiptLike(kit.Latin(text))
}

// receiptLike tells whether a text was scanned off a receipt: our own code, or the QR of a fiscal receipt.
func receiptLike(text string) bool {
	_, _, ours := register.ParseReceiptCode(text)
	return ours || strings.HasPrefix(text, "t=") && strings.Contains(text, "&fn=")
}
