package app

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/printer/connect"
	"kassa/printer/escpos"
)

// addressRow is where the printer is, as its text.
func (p *settingsPage) addressRow() setting {
	return p.text("printer_address", func(s *till.Settings) *string { return &s.Printer.Address },
		textQuestion{empty: true, hint: "192.168.1.50:9100", most: 120}, printerAddress)
}

// printerAddress puts an address into the form in which it is kept, or says what is wrong with it.
func printerAddress(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	a, err := connect.Parse(text)
	var bad *connect.Error
	switch {
	case err == nil:
		return a.String(), nil
	case errors.As(err, &bad):
		return "", &refusal{key: "app.set.bad_printer." + string(bad.Reason)}
	}
	return "", &refusal{key: "app.set.bad_printer"}
}

// findRow looks for printers.
func (p *settingsPage) findRow() setting {
	r := p.row("printer_find")
	r.value = p.w.T("app.set.printer_find_do")
	r.do = func() { p.findPrinters(false) }
	return r
}

// findPrinters lists the places where a printer may be. The network is looked at only when somebody asks for that: it
// takes seconds, and other devices notice.
func (p *settingsPage) findPrinters(network bool) {
	w := p.w
	w.inform(w.T("app.set.printer_finding"))
	var found []connect.Found
	w.gate.change(func(ctx context.Context) error {
		found = w.deps.Till.FindPrinters(ctx, network)
		return nil
	}, func(error) {
		w.toast.clear()
		at := 0
		var d *dialog
		shut := func() { w.close(d) }
		d = w.open(func() body {
			all := p.places(found, network)
			var notice string
			if len(found) == 0 {
				notice = w.T("app.set.printer_none")
			} else {
				notice = w.T("app.set.printer_choose")
			}
			return w.waitingBody("find_printer", w.T("app.set.printer_places"),
				kit.Tinted(w.look.AccentSoft, 12, kit.NewText(notice, kit.Style{Size: 15, Color: w.look.Ink, Lines: 3, Width: 560})),
				all, &at, func(t waiting) { shut(); t.open() }, shut)
		})
	})
}

// places are what was found, and the ways to go on where it was not there.
func (p *settingsPage) places(found []connect.Found, network bool) []waiting {
	w := p.w
	var all []waiting
	for _, f := range found {
		about := w.T("app.set.printer_way." + string(f.Way))
		if f.Way == connect.Network && !f.Answers {
			about = w.T("app.set.printer_silent")
		}
		title := f.Name
		switch {
		case title == "":
			title = f.Address
		case !strings.Contains(f.Address, title):
			about += " · " + f.Address
		}
		all = append(all, waiting{sign: kit.SignPrint, title: title, about: about, plain: true, open: func() {
			p.change(func(s *till.Settings) { s.Printer.Address, s.Printer.Letters = f.Address, till.Letters{} }, nil)
		}})
	}
	if !network {
		all = append(all, waiting{sign: kit.SignSearch, title: w.T("app.set.printer_network"), about: w.T("app.set.printer_network_about"), plain: true,
			open: func() { p.findPrinters(true) }})
	}
	return append(all, waiting{sign: kit.SignKeys, title: w.T("app.set.printer_type"), about: w.T("app.set.printer_type_about"), plain: true,
		open: func() { p.addressRow().do() }})
}

// lettersRow is how this printer prints Russian letters, and the way to find that out.
func (p *settingsPage) lettersRow(s *till.Settings) setting {
	w := p.w
	r := p.row("printer_letters")
	r.value = w.letters(s.Printer)
	r.do = func() {
		w.openChoices("letters", func() (string, []choice) {
			title := p.row("printer_letters").title
			return title, []choice{
				{sign: kit.SignPrint, text: w.T("app.set.letters_print"), do: p.printProbe},
				{sign: kit.SignKeys, text: w.T("app.set.letters_line"), do: p.askLine},
				{sign: kit.SignEdit, text: w.T("app.set.letters_picture"), do: func() { p.setLetters(0, func(error) {}) }},
				{sign: kit.SignBack, text: w.T("app.set.letters_profile"), do: func() {
					p.change(func(s *till.Settings) { s.Printer.Letters = till.Letters{} }, nil)
				}},
			}
		})
	}
	return r
}

// letters tells how letters are printed.
func (w *Window) letters(s till.PrinterSettings) string {
	known, err := s.Known()
	if err != nil {
		return ""
	}
	if known.Text == escpos.TextPicture {
		return w.T("app.set.letters.picture")
	}
	text := strings.ToUpper(known.CodePage.Encoding) + " · " + strconv.Itoa(int(known.CodePage.Table))
	if !s.Letters.Known {
		text = w.T("app.set.letters.profile", "page", text)
	}
	return text
}

// printProbe prints the page with all ways to print letters, and asks which line can be read.
func (p *settingsPage) printProbe() {
	w := p.w
	w.gate.commit(w.deps.Till.PrintProbe, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		p.askLine()
	})
}

// askLine asks for the line that can be read.
func (p *settingsPage) askLine() {
	w := p.w
	w.askTextAnew(func() textQuestion {
		return textQuestion{
			name: "letters_line", sign: kit.SignPrint, title: w.T("app.set.letters_ask"), text: w.T("app.set.letters_ask_text"), digitsOnly: true, most: 2, hint: "1",
			yes: w.T("app.set.save"), take: func(text string, then func(error)) {
				line, err := strconv.Atoi(text)
				if err != nil || line < 1 {
					then(&refusal{key: "app.set.letters_wrong"})
					return
				}
				p.setLetters(line, then)
			},
		}
	})
}

// setLetters keeps a line of the page as the way in which this printer prints letters; zero prints them as pictures.
func (p *settingsPage) setLetters(line int, then func(error)) {
	l, ok := till.ProbedLetters(line)
	if !ok {
		then(&refusal{key: "app.set.letters_wrong"})
		return
	}
	p.change(func(s *till.Settings) { s.Printer.Letters = l }, then)
}
