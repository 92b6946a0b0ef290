package app

import (
	"context"
	"image"
	"time"

	"kassa/app/till"
	"kassa/i18n"
	"kassa/printer/escpos"
	"kassa/printer/slip/samples"
)

// previewed are the slips that the page of the receipts shows, in the order of its buttons.
var previewed = []samples.Kind{samples.Sale, samples.Return, samples.Prepayment, samples.QR, samples.X, samples.Z}

// previewSlip draws a sample as the shop's printer would print it.
func previewSlip(s *till.Settings, kind samples.Kind, lang *i18n.Language, zone *time.Location) (image.Image, error) {
	profile, err := s.Printer.Known()
	if err != nil {
		return nil, err
	}
	doc, err := samples.Make(kind, s.SlipShop(profile.Columns, zone), profile.Name, lang)
	if err != nil {
		return nil, err
	}
	paper, err := escpos.Draw(doc, profile)
	if err != nil {
		return nil, err
	}
	return paper.SubImage(paper.Rect.Inset(deskCut)), nil
}

// deskCut is how much of what the paper lies on is cut off at each side, so that the paper is larger.
const deskCut = 14

// draw shows the chosen sample by the settings of the newest view. Of several that are being drawn the last one counts.
func (p *slipPage) draw() {
	w, st := p.w, p.state
	settings, kind, lang := w.view.Settings, previewed[st.sample], w.lang
	if settings == nil {
		return
	}
	st.wanted++
	wanted := st.wanted
	var img image.Image
	w.fetch(func(context.Context) (err error) {
		img, err = previewSlip(settings, kind, lang, w.deps.Zone)
		return err
	}, func(err error) {
		c, ok := w.screen.(*slipPage)
		if !ok || c.state != st || st.wanted != wanted {
			return
		}
		if err != nil {
			w.deps.Log.Error("drawing a preview", "slip", kind, "error", err)
			return
		}
		c.roll.SetImage(img)
	})
}
