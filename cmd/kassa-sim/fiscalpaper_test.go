package main

import (
	"strings"
	"testing"
)

func TestNewPaper(t *testing.T) {
	long := strings.Repeat("чек\n----\n", 500) + "последний\n----\n"
	for name, c := range map[string]struct{ was, tape, want string }{
		"the first":             {"", "чек\n----\n", "чек\n----\n"},
		"after an empty tape":   {"\n", "чек\n----\n", "чек\n----\n"},
		"the next":              {"чек\n----\n", "чек\n----\nещё\n----\n", "ещё\n----\n"},
		"nothing":               {long, long, ""},
		"the beginning is gone": {long, long[4000:] + "новый\n----\n", "новый\n----\n"},
		"another tape":          {"чек\n----\n", "другой\n----\n", "другой\n----\n"},
	} {
		if got := newPaper(c.was, c.tape); got != c.want {
			t.Errorf("%s: %.80q, want %q", name, got, c.want)
		}
	}
}

func TestPieces(t *testing.T) {
	if all := pieces("\n"); len(all) != 0 {
		t.Errorf("a piece of nothing: %+v", all)
	}
	all := pieces("ЧЕК\n[QR t=1&s=2]\n--------\nОТЧЕТ\n--------\nполовина\n")
	if len(all) != 3 || len(all[0]) != 2 || all[0][0].Left != "ЧЕК" || all[0][1].QR != "t=1&s=2" || all[2][0].Left != "половина" {
		t.Errorf("%+v", all)
	}
}
