package app

// refusal is what a screen itself does not take: a sentence of the catalogue, as a till.Problem is one of the till.
type refusal struct {
	key  string
	args []any
}

func (r *refusal) Error() string { return "app: " + r.key }

// paragraph is an error's sentence in one paragraph.
func (w *Window) paragraph(err error) string {
	title, rest := w.sentence(err)
	if rest == "" {
		return title
	}
	return title + ". " + rest
}
