package escpos_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kassa/printer"
	"kassa/printer/escpos"
	"kassa/printer/printersim"
)

// The lines that a person would find readable are those whose numbers make the printer readable.
func TestProbe(t *testing.T) {
	plain := printersim.Rongta()
	plain.Chinese = false
	for name, tt := range map[string]struct {
		model printersim.Model
		want  []string
	}{
		"usual":  {printersim.Usual(), []string{"cp866 17 true", "cp866 59 true", "cp1251 46 true", "cp1251 73 true", "cp866 17 false", "cp866 59 false", "cp1251 46 false", "cp1251 73 false"}},
		"clone":  {printersim.Clone(), []string{"cp866 17 true", "cp866 59 true", "cp1251 46 true", "cp1251 73 true"}},
		"rongta": {printersim.Rongta(), []string{"cp866 7 true", "cp1251 6 true"}},
		"plain":  {plain, []string{"cp866 7 true", "cp1251 6 true", "cp866 7 false", "cp1251 6 false"}},
		"kefar":  {printersim.Kefar(), []string{"cp866 12 true", "cp866 37 true", "cp1251 51 true", "cp1251 18 true"}},
	} {
		t.Run(name, func(t *testing.T) {
			job, candidates := escpos.Probe()
			paper, err := tt.model.Decode(job)
			if err != nil {
				t.Fatal(err)
			}
			lines := paper.Lines()
			if len(lines) != len(candidates) || paper.Widest() > 32 {
				t.Fatalf("%d lines for %d candidates, %d wide", len(lines), len(candidates), paper.Widest())
			}
			var got []string
			for i, c := range candidates {
				if !strings.HasPrefix(strings.TrimSpace(lines[i]), fmt.Sprint(c.Number)) {
					t.Errorf("line %q of number %d", lines[i], c.Number)
				}
				if !strings.HasSuffix(lines[i], "АБВГ абвг Ёё № 1234") {
					continue
				}
				got = append(got, fmt.Sprintln(c.CodePage.Encoding, c.CodePage.Table, c.DoubleByteOff))
				checkReadable(t, c, tt.model)
			}
			if diff := cmp.Diff(strings.Join(tt.want, "\n")+"\n", strings.Join(got, "")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func checkReadable(t *testing.T, c escpos.Candidate, m printersim.Model) {
	t.Helper()
	doc := printer.Document{Elements: []printer.Element{{Text: &printer.Text{Text: "Съешь ещё этих мягких булок"}}}}
	job, err := escpos.Encode(doc, c.Apply(escpos.Generic58()))
	if err != nil {
		t.Fatal(err)
	}
	paper, err := m.Decode(job)
	if err != nil || !strings.Contains(paper.Text(), "Съешь ещё этих мягких булок") {
		t.Errorf("candidate %d prints %q: %v", c.Number, paper.Text(), err)
	}
}
