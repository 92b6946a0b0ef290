package fnsim

import (
	"golang.org/x/text/encoding/charmap"
)

// plain is a text as the device keeps and prints it: in code page 866, with a question mark for every letter that is not
// in it.
func plain(text string) string {
	out := []rune(text)
	for i, r := range out {
		if _, has := charmap.CodePage866.EncodeRune(r); !has || r < ' ' {
			out[i] = '?'
		}
	}
	return string(out)
}

// plainly is a document with all its texts so.
func plainly(d Document) Document {
	d.Operator.Name, d.Contact = plain(d.Operator.Name), plain(d.Contact)
	d.Attribute.Name, d.Attribute.Value, d.Extra = plain(d.Attribute.Name), plain(d.Attribute.Value), plain(d.Extra)
	d.Lines = append([]Line(nil), d.Lines...)
	for i := range d.Lines {
		d.Lines[i].Name, d.Lines[i].Unit = plain(d.Lines[i].Name), plain(d.Lines[i].Unit)
	}
	d.Texts = append([]string(nil), d.Texts...)
	for i, text := range d.Texts {
		d.Texts[i] = plain(text)
	}
	if d.Buyer != nil {
		b := *d.Buyer
		b.Name, d.Buyer = plain(b.Name), &b
	}
	return d
}
