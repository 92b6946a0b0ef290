package escpos

import "fmt"

// Candidate is a way to print Cyrillic that a printer may know. Its number stands on the page that Probe prints.
type Candidate struct {
	Number        int
	CodePage      CodePage
	DoubleByteOff bool
}

// Apply gives the profile with the candidate's way to print.
func (c Candidate) Apply(p Profile) Profile {
	p.Text, p.CodePage, p.DoubleByteOff = TextCodePage, c.CodePage, c.DoubleByteOff
	return p
}

// probeText is what a line of the page must be readable as: capitals and small letters, the letter that lies apart from
// the others, and a sign.
const probeText = "АБВГ абвг Ёё № 1234"

// pages are the code tables that Cyrillic is found in on printers of today, the most frequent first (escpos-printer-db,
// ReceiptPrinterEncoder).
func pages() []CodePage {
	var out []CodePage
	for _, n := range []byte{17, 7, 59, 10, 12, 37} {
		out = append(out, CodePage{CP866, n})
	}
	for _, n := range []byte{46, 73, 6, 23, 28, 34, 51, 18, 13} {
		out = append(out, CodePage{CP1251, n})
	}
	return out
}

// Probe makes a job that finds out how a printer prints Cyrillic: a line for every candidate, with its number and
// "АБВГ абвг Ёё № 1234". A person says which line is readable; when none is, TextPicture is what is left. Every line begins
// with ESC @: a table that the printer lacks leaves the one before in place, which would look right here and nowhere else.
// Lines fit on 58 mm paper.
func Probe() ([]byte, []Candidate) {
	var job []byte
	var all []Candidate
	for _, off := range []bool{true, false} {
		for _, page := range pages() {
			c := Candidate{Number: len(all) + 1, CodePage: page, DoubleByteOff: off}
			all = append(all, c)
			job = c.line(job)
		}
	}
	return append(job, esc, '@', esc, 'd', tearLines), all
}

// line appends the candidate's line.
func (c Candidate) line(job []byte) []byte {
	job = append(job, esc, '@')
	if c.DoubleByteOff {
		job = append(job, fs, '.')
	}
	job = append(job, esc, 't', c.CodePage.Table)
	table, _ := charmapOf(c.CodePage.Encoding)
	return append(letters{table: table}.encode(job, fmt.Sprintf("%2d  %s", c.Number, probeText)), lf)
}
