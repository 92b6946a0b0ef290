package models_test

import (
	"fmt"
	"regexp"
	"testing"

	"kassa/fiscal"
	"kassa/fiscal/models"
	"kassa/i18n"
)

// TestDrivers holds what the till's settings need of each driver.
func TestDrivers(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z_]*$`)
	seen := map[string]bool{}
	for _, d := range models.All() {
		if !name.MatchString(d.Name) || d.Title == "" || seen[d.Name] {
			t.Errorf("a driver %q, %q", d.Name, d.Title)
		}
		seen[d.Name] = true
		if found, ok := models.ByName(d.Name); !ok || found.Title != d.Title {
			t.Errorf("%q is found as %q", d.Name, found.Title)
		}
		const secret = "Practice-2026-secret"
		values := fiscal.Settings{"password": secret}
		device, err := d.Open(values, fiscal.Options{})
		if err != nil {
			// Some need a login beside the password.
			values["login"] = "kassa"
			if device, err = d.Open(values, fiscal.Options{}); err != nil {
				t.Fatalf("%s with nothing but its defaults: %v", d.Name, err)
			}
		}
		if text := fmt.Sprintf("%v %+v %v", device, device, values); regexp.MustCompile(secret).MatchString(text) {
			t.Errorf("%s shows its password: %s", d.Name, text)
		}
	}
	if _, ok := models.ByName("nosuch"); ok {
		t.Error("there is a driver of no such make")
	}
}

// TestEveryFieldHasTexts holds that the till can ask for each setting in both of its languages.
func TestEveryFieldHasTexts(t *testing.T) {
	for _, language := range i18n.Tags() {
		texts, err := i18n.Load(language)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range models.All() {
			for _, f := range d.Fields {
				for _, key := range []string{"fiscal." + d.Name + "." + f.Name, "fiscal." + d.Name + "." + f.Name + ".hint"} {
					if !texts.Has(key) {
						t.Errorf("%s: no text %s", language, key)
					}
				}
			}
		}
	}
}
