package localdb_test

import "testing"

func TestSettings(t *testing.T) {
	w := newShop(t)
	type rules struct{ Most int }
	got := rules{Most: 7}
	if ok, err := w.store.Setting(t.Context(), "rules", &got); err != nil || ok || got.Most != 7 {
		t.Errorf("never set: %+v, %v, %v", got, ok, err)
	}
	for _, most := range []int{1, 2} {
		w.ok(w.store.SetSetting(t.Context(), "rules", rules{Most: most}))
		w.reopen()
		if ok, err := w.store.Setting(t.Context(), "rules", &got); err != nil || !ok || got.Most != most {
			t.Errorf("set to %d: %+v, %v, %v", most, got, ok, err)
		}
	}
	var other []string
	if _, err := w.store.Setting(t.Context(), "rules", &other); err == nil {
		t.Error("read as what it is not")
	}
	if err := w.store.SetSetting(t.Context(), "rules", func() {}); err == nil {
		t.Error("kept what cannot be kept")
	}
}
