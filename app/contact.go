package app

import (
	"context"

	"kassa/app/kit"
)

// contactLine says where the receipt goes, for the payment's dialog.
func (w *Window) contactLine() string {
	switch v := w.view; {
	case v.Contact == "":
		return w.T("app.contact.paper")
	case v.NoPaper:
		return w.T("app.contact.sent", "to", clip(v.Contact, 32))
	default:
		return w.T("app.contact.both", "to", clip(v.Contact, 32))
	}
}

// openContact asks where the buyer wants the fiscal receipt, and then does what comes after. A known customer's phone and
// e-mail are offered: whether the receipt goes there is for the buyer to say. Of somebody unknown there is nothing to choose
// from.
func (w *Window) openContact(then func()) {
	if c := w.view.Customer; w.view.Contact == "" && (c == nil || c.Phone == "" && c.Email == "") {
		w.typeContact(then)
		return
	}
	w.openChoicesOr("contact", func() (string, []choice) {
		var all []choice
		told := func(err error) {
			if err != nil { // what was once written of a customer
				w.fail(err)
				then()
			}
		}
		offer := func(sign kit.Sign, to string) {
			if to != "" && to != w.view.Contact {
				all = append(all, choice{sign: sign, text: clip(to, 40), do: func() { w.askPaper(to, then, told) }})
			}
		}
		if now := w.view.Contact; now != "" {
			all = append(all, choice{sign: kit.SignCheck, text: clip(now, 40), do: func() { w.askPaper(now, then, told) }})
		}
		if c := w.view.Customer; c != nil {
			offer(kit.SignPerson, c.Phone)
			offer(kit.SignPerson, c.Email)
		}
		all = append(all,
			choice{sign: kit.SignKeys, text: w.T("app.contact.type"), do: func() { w.typeContact(then) }},
			choice{sign: kit.SignPrint, text: w.T("app.contact.only_paper"), do: func() { w.setContact("", false, then) }})
		return w.T("app.contact.title"), all
	}, then)
}

func (w *Window) typeContact(then func()) {
	w.askTextAnew(func() textQuestion {
		return textQuestion{
			name: "contact_text", sign: kit.SignPerson, title: w.T("app.contact.title"), text: w.T("app.contact.about"), hint: "+7 912 345-67-89, anna@example.ru",
			now: w.view.Contact, most: 64, yes: w.T("app.contact.take"), scan: true, refused: then,
			take: func(text string, told func(error)) { w.askPaper(text, then, told) },
		}
	})
}

// askPaper takes the contact, and asks whether the receipt is printed all the same.
func (w *Window) askPaper(to string, then func(), told func(error)) {
	w.gate.change(func(ctx context.Context) error { return w.deps.Till.SetContact(ctx, to, false) }, func(err error) {
		told(err)
		if err != nil {
			return
		}
		w.refresh()
		if f := w.view.Fiscal; !f.AsOf.IsZero() && !f.State.Can.NoPaper {
			then() // this registrar always prints
			return
		}
		w.openChoicesOr("contact_paper", func() (string, []choice) {
			return w.T("app.contact.ask_paper"), []choice{
				{sign: kit.SignPrint, text: w.T("app.contact.with_paper"), do: then},
				{sign: kit.SignPhone, text: w.T("app.contact.no_paper"), do: func() { w.setContact(w.view.Contact, true, then) }},
			}
		}, then)
	})
}

func (w *Window) setContact(to string, noPaper bool, then func()) {
	w.gate.change(func(ctx context.Context) error { return w.deps.Till.SetContact(ctx, to, noPaper) }, func(err error) {
		if err != nil {
			w.fail(err)
		}
		w.refresh()
		then()
	})
}
