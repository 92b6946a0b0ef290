package till

import (
	"context"

	"kassa/printer"
)

// PrintTest prints a slip by which a person sees whether the printer works, cuts, and writes every letter.
func (t *Till) PrintTest(ctx context.Context) error {
	parts := t.parts()
	if parts.printer == nil {
		return problem(CodeNoPrinter, nil)
	}
	shop, lang := t.View().Shop, t.c.Language
	text := func(s string) printer.Element { return printer.Element{Text: &printer.Text{Text: s}} }
	doc := printer.Document{Elements: []printer.Element{
		{Text: &printer.Text{Text: lang.T("slip.test_title"), Align: printer.Center, Bold: true, Big: true}},
		{Text: &printer.Text{Text: shop.Name, Align: printer.Center}},
		{Rule: true},
		{Pair: &printer.Pair{Left: lang.T("slip.test_profile"), Right: parts.profile.Name}},
		{Pair: &printer.Pair{Left: lang.DateTime(t.c.Now()), Right: lang.Money(1234_56)}},
		text("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
		text("ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 №%.,:;-"),
		{Rule: true},
		{Text: &printer.Text{Text: lang.T("slip.test_end"), Align: printer.Center}},
	}}
	return t.queue(ctx, "test", doc)
}
