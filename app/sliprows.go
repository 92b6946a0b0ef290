package app

import (
	"bytes"
	"fmt"
	"image/png"
	"io"
	"os"
	"strings"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/printer"
	"kassa/printer/slip"
)

// footerRow shows what is said to the buyer. It may have several lines, and is changed where they are seen.
func (p *settingsPage) footerRow(s *till.Settings) setting {
	r := p.row("shop_footer")
	r.value = p.w.T("app.set.empty")
	if lines := s.Shop.FooterLines(); len(lines) > 0 {
		r.value = clip(strings.Join(lines, " · "), 44)
	}
	r.do = p.w.openSlips
	return r
}

// slipRows are the choices, as they are now.
func (p *slipPage) slipRows() []setting {
	s := p.w.view.Settings
	if s == nil {
		return nil
	}
	rows := []setting{
		p.logoRow(s),
		p.linesRow("header", s.Slip.Header, func(s *till.Settings, lines []string) { s.Slip.Header = lines }),
		p.linesRow("footer", s.Shop.FooterLines(), func(s *till.Settings, lines []string) { s.Shop.Footer = strings.Join(lines, "\n") }),
	}
	oneLine := p.row("one_line")
	oneLine.onOff = &s.Slip.OneLine
	oneLine.do = func() { p.change(func(s *till.Settings) { s.Slip.OneLine = !s.Slip.OneLine }, nil) }
	rows = append(rows, oneLine)
	for _, part := range slip.Parts() {
		rows = append(rows, p.partRow(s, part))
	}
	return rows
}

// row is a choice whose texts have a key.
func (p *slipPage) row(key string) setting {
	title, about := halves(p.w.T("app.slips." + key))
	return setting{title: title, about: about}
}

// partRow shows a part of the slips, or leaves it out.
func (p *slipPage) partRow(s *till.Settings, part slip.Part) setting {
	r := p.row("part." + string(part))
	shown := s.Slip.Shows(part)
	r.onOff = &shown
	r.do = func() { p.change(func(s *till.Settings) { s.Slip = s.Slip.Show(part, !shown) }, nil) }
	return r
}

// linesRow is some lines of the shop's own.
func (p *slipPage) linesRow(key string, lines []string, set func(*till.Settings, []string)) setting {
	w := p.w
	r := p.row(key)
	r.value = w.T("app.set.empty")
	if len(lines) > 0 {
		r.value = w.lang.N("app.slips.lines", int64(len(lines)))
	}
	r.do = func() {
		w.openChoices("slip-lines", func() (string, []choice) {
			var all []choice
			for i, line := range lines {
				all = append(all, choice{sign: kit.SignEdit, text: clip(line, 44), do: func() { p.askLine(key, lines, i, set) }})
			}
			all = append(all, choice{sign: kit.SignPlus, text: w.T("app.slips.add_line"), off: len(lines) >= slip.MaxLines, do: func() { p.askLine(key, lines, len(lines), set) }})
			return p.row(key).title, all
		})
	}
	return r
}

// askLine asks for one of the lines; an empty one is taken away.
func (p *slipPage) askLine(key string, lines []string, i int, set func(*till.Settings, []string)) {
	w := p.w
	w.askTextAnew(func() textQuestion {
		q := textQuestion{title: p.row(key).title, text: w.T("app.slips.line_about"), empty: true, most: slip.MaxLetters, yes: w.T("app.set.save")}
		if i < len(lines) {
			q.now = lines[i]
		}
		q.take = func(text string, then func(error)) {
			next := append([]string(nil), lines[:i]...)
			if text != "" {
				next = append(next, text)
			}
			if i+1 < len(lines) {
				next = append(next, lines[i+1:]...)
			}
			p.change(func(s *till.Settings) { set(s, next) }, then)
		}
		return q
	})
}

// logoRow is the picture above the shop's name.
func (p *slipPage) logoRow(s *till.Settings) setting {
	w := p.w
	r := p.row("logo")
	r.value = w.T("app.slips.no_logo")
	if logo := s.Slip.Logo; logo != nil {
		r.value = w.T("app.slips.has_logo")
		if head, err := png.DecodeConfig(bytes.NewReader(logo.PNG)); err == nil {
			r.value = fmt.Sprintf("%d × %d", head.Width, head.Height)
		}
	}
	has := s.Slip.Logo != nil
	r.do = func() {
		if !has {
			p.chooseLogo()
			return
		}
		w.openChoices("slip-logo", func() (string, []choice) {
			return p.row("logo").title, []choice{
				{sign: kit.SignFile, text: w.T("app.slips.other_logo"), do: p.chooseLogo},
				{sign: kit.SignTrash, text: w.T("app.slips.drop_logo"), do: func() { p.change(func(s *till.Settings) { s.Slip.Logo = nil }, nil) }},
			}
		})
	}
	return r
}

// chooseLogo has a picture chosen among the files.
func (p *slipPage) chooseLogo() {
	w := p.w
	width := logoWidth
	if profile, err := w.view.Settings.Printer.Known(); err == nil {
		width = profile.DotsWidth
	}
	var logo *printer.Picture
	w.openFile(fileKind{
		title: func() string { return p.row("logo").title }, endings: []string{".png", ".jpg", ".jpeg"},
		about: "app.slips.which_file", none: "app.slips.no_files", bad: "app.slips.bad_logo",
		read: func(path string) (err error) {
			logo, err = readLogo(path, width)
			return err
		},
		take: func() { p.change(func(s *till.Settings) { s.Slip.Logo = logo }, nil) },
	})
}

// logoWidth is that of the narrow paper, in dots.
const logoWidth = 384

func readLogo(path string, width int) (*printer.Picture, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, err := io.ReadAll(io.LimitReader(f, slip.MaxLogoFile+1))
	if err != nil {
		return nil, err
	}
	return slip.ReadLogo(file, width)
}
