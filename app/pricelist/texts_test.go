package pricelist_test

import (
	"testing"

	"kassa/app/pricelist"
	"kassa/i18n"
)

func TestEveryReasonHasAText(t *testing.T) {
	var keys []string
	for _, w := range pricelist.Whys() {
		keys = append(keys, "import.not_a_list."+string(w))
	}
	for _, r := range pricelist.Reasons() {
		keys = append(keys, "import.reason."+string(r))
	}
	for _, k := range pricelist.WarningKinds() {
		keys = append(keys, "import.warning."+string(k))
	}
	for _, f := range pricelist.Fields() {
		keys = append(keys, "import.field."+string(f))
	}
	for _, tag := range i18n.Tags() {
		l, err := i18n.Load(tag)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			if !l.Has(k) {
				t.Errorf("%s: no text for %s", tag, k)
			}
		}
	}
}
