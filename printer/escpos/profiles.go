package escpos

import (
	_ "embed" // the table of profiles
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// profilesJSON is what is known of printers, the safest first. Numbers of code tables, widths and abilities are those of
// escpos-printer-db (github.com/receipt-print-hq/escpos-printer-db, CC BY 4.0; see docs/notices.md), with the safer value
// where sources disagree. Printers that are sold under local names are mostly one of these with another label: the page
// that Probe prints tells which.
//
//go:embed profiles.json
var profilesJSON []byte

// entry is a profile with the other names that it is found under.
type entry struct {
	Aliases []string `json:"aliases"`
	Profile Profile  `json:"profile"`
}

var entries = sync.OnceValue(func() []entry {
	all, err := readProfiles(profilesJSON)
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return all
})

func readProfiles(data []byte) ([]entry, error) {
	var all []entry
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("reading the printer profiles: %w", err)
	}
	for _, e := range all {
		if err := e.Profile.Check(); err != nil {
			return nil, fmt.Errorf("profile %q: %w", e.Profile.Name, err)
		}
	}
	return all, nil
}

// Profiles lists the ready profiles, the safest first.
func Profiles() []Profile {
	out := make([]Profile, 0, len(entries()))
	for _, e := range entries() {
		out = append(out, e.Profile)
	}
	return out
}

// ProfileByName finds a ready profile by its name or an older one, in whatever case.
func ProfileByName(name string) (Profile, bool) {
	for _, e := range entries() {
		for _, n := range append([]string{e.Profile.Name}, e.Aliases...) {
			if strings.EqualFold(n, name) {
				return e.Profile, true
			}
		}
	}
	return Profile{}, false
}

// Generic80 is the usual 80 mm printer: 203 dpi, CP866 as table 17, a knife, QR codes as pictures.
func Generic80() Profile { return entries()[0].Profile }

// Generic58 is the usual 58 mm printer: 203 dpi, CP866 as table 17, no knife, QR codes as pictures.
func Generic58() Profile { return entries()[1].Profile }
