package banks

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"testing"
)

func TestSettingsAreChecked(t *testing.T) {
	a := Adapter{Fields: []Field{
		{Name: "terminal"},
		{Name: "password", Secret: true},
		{Name: FieldURL, Optional: true, Default: "https://bank.example/"},
		{Name: FieldCA, Optional: true, Long: true},
	}}
	good := Settings{"terminal": " T1 ", "password": "p", "of another bank": "x"}
	got, err := a.Check(good)
	want := Settings{"terminal": "T1", "password": "p", FieldURL: "https://bank.example/"}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("%#v, %v", map[string]string(got), err)
	}
	if good["terminal"] != " T1 " {
		t.Error("what was given was changed")
	}
	for name, spoil := range map[string]func(Settings){
		"missing":        func(s Settings) { delete(s, "password") },
		"spaces":         func(s Settings) { s["password"] = "  " },
		"two lines":      func(s Settings) { s["terminal"] = "a\nb" },
		"long":           func(s Settings) { s[FieldCA] = strings.Repeat("x", maxSetting+1) },
		"no text":        func(s Settings) { s["terminal"] = "\xff" },
		"an address too": func(s Settings) { s[FieldURL] = "https://a\r\nb" },
	} {
		s := maps.Clone(good)
		spoil(s)
		if got, err := a.Check(s); !errors.Is(err, ErrSettings) || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if s, err := a.Check(Settings{"terminal": "T", "password": "p", FieldCA: "two\nlines", FieldURL: "https://x/"}); err != nil || s[FieldCA] != "two\nlines" || s[FieldURL] != "https://x/" {
		t.Errorf("%v", err)
	}
}

func TestSettingsKeepTheirSecrets(t *testing.T) {
	s := Settings{"password": "s3cr3t", "terminal": "T1"}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "settings", s)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "settings", s)
	shown := log.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		shown += fmt.Sprintf(verb+verb, s, struct{ S Settings }{s})
	}
	if strings.Contains(shown, "s3cr3t") || strings.Contains(shown, fmt.Sprintf("%x", "s3cr3t")) || !strings.Contains(shown, "password, terminal") {
		t.Error(shown)
	}
}

func TestTextHasTwoLanguages(t *testing.T) {
	text := Text{Ru: "банк", En: "bank"}
	for language, want := range map[string]string{"ru": "банк", "en": "bank", "": "банк", "de": "банк"} {
		if got := text.In(language); got != want {
			t.Errorf("%q: %s", language, got)
		}
	}
}
