package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"kassa/banks"
	"kassa/i18n"
	"kassa/server/pg"
)

// bankForm is the form with a bank's fields.
type bankForm struct {
	Bank  string
	Title string
	Base  string // id of the store's setting when the form was drawn; empty for none
	Draft string // what was typed into secret fields, sealed; see draft
	Boxes []fieldBox
	More  []fieldBox // what few owners need
	Open  bool       // the part with More is unfolded
	Force bool       // offers to save what the bank did not confirm
}

// fieldBox is one field of the form.
type fieldBox struct {
	Name, Label, Hint string
	Value             string // never a secret's
	Example           string
	Secret, Long      bool
	Optional          bool
	Kept              bool   // a secret is stored, or was typed in a moment ago; empty leaves it
	Wrong             string // what is wrong with it
}

// Field names of the form that are no fields of a bank's: those have fieldPrefix.
const (
	fieldPrefix  = "field."
	forgetPrefix = "forget."
)

// newBankForm draws the form for a bank with the settings that there are.
func newBankForm(l *i18n.Language, a banks.Adapter, settings banks.Settings, v *verdict) bankForm {
	f := bankForm{Bank: a.Name, Title: a.Title.In(l.Tag())}
	for _, field := range a.Fields {
		box := fieldBox{Name: field.Name, Label: field.Label.In(l.Tag()), Hint: field.Hint.In(l.Tag()), Example: field.Default,
			Secret: field.Secret, Long: field.Long, Optional: field.Optional || field.Default != ""}
		value := settings[field.Name]
		switch {
		case field.Secret:
			box.Kept = value != ""
		case value != field.Default:
			box.Value = value
		}
		wrong := v != nil && v.Field == field.Name
		if wrong {
			box.Wrong = v.Text(l)
		}
		if field.Name == banks.FieldURL && box.Optional || field.Name == banks.FieldCA {
			f.More = append(f.More, box)
			f.Open = f.Open || wrong || box.Value != ""
		} else {
			f.Boxes = append(f.Boxes, box)
		}
	}
	return f
}

// typed is what an owner sent.
type typed struct {
	settings banks.Settings // with what was stored where a secret was left as it was
	draft    banks.Settings // the secrets that were typed in, now or a moment ago
	moved    bool           // a stored secret was not taken because the address is another one
}

// readBankForm takes a bank's fields out of a request. A secret that was left empty is as it was: in the draft, or else
// in the stored setting. A stored one is not sent to another address than the one that it was given for: whoever
// gets hold of an owner's session must not have the server send the bank's secrets to a place of theirs.
func readBankForm(r *http.Request, a banks.Adapter, draft, stored banks.Settings) typed {
	t := typed{settings: banks.Settings{}, draft: banks.Settings{}}
	for _, f := range a.Fields {
		t.settings[f.Name] = strings.TrimSpace(strings.ReplaceAll(r.PostFormValue(fieldPrefix+f.Name), "\r\n", "\n"))
	}
	same := bankAddress(a, t.settings) == bankAddress(a, stored)
	for _, f := range a.Fields {
		if !f.Secret {
			continue
		}
		switch {
		case r.PostFormValue(forgetPrefix+f.Name) != "":
		case t.settings[f.Name] != "":
			t.draft[f.Name] = t.settings[f.Name]
		case draft[f.Name] != "":
			t.settings[f.Name], t.draft[f.Name] = draft[f.Name], draft[f.Name]
		case stored[f.Name] != "" && !same:
			t.moved = true
		default:
			t.settings[f.Name] = stored[f.Name]
		}
	}
	return t
}

// bankAddress is where settings send to.
func bankAddress(a banks.Adapter, s banks.Settings) string {
	if s[banks.FieldURL] != "" {
		return s[banks.FieldURL]
	}
	for _, f := range a.Fields {
		if f.Name == banks.FieldURL {
			return f.Default
		}
	}
	return ""
}

// draftLife is how long a form remembers the secrets that were typed into it.
const draftLife = time.Hour

// draft is what is sealed into the form between a check and the saving: the browser gets no secret back, and what was
// typed for the check need not be typed again.
type draft struct {
	Settings banks.Settings `json:"settings"`
	Until    time.Time      `json:"until"`
}

// draftPlace binds a draft to an owner's work on one store's bank.
func draftPlace(v visit, shop pg.Shop, bank string) string {
	return fmt.Sprintf("draft/%s/%s/%s/%s", shop.Account, shop.ID, v.owner.ID, bank)
}

func (s *site) sealDraft(v visit, shop pg.Shop, bank string, settings banks.Settings) (string, error) {
	if len(settings) == 0 {
		return "", nil
	}
	plain, err := json.Marshal(draft{Settings: settings, Until: v.now.Add(draftLife)})
	if err != nil {
		return "", err
	}
	return s.Key.Seal(string(plain), draftPlace(v, shop, bank))
}

// openDraft reads what sealDraft made; nothing when it is too old or another's.
func (s *site) openDraft(v visit, shop pg.Shop, bank, sealed string) (banks.Settings, error) {
	if sealed == "" {
		return nil, nil
	}
	plain, err := s.Key.Open(sealed, draftPlace(v, shop, bank))
	if errors.Is(err, pg.ErrKey) {
		return nil, nil
	}
	var d draft
	if err == nil {
		err = json.Unmarshal([]byte(plain), &d)
	}
	if err != nil || v.now.After(d.Until) {
		return nil, err
	}
	return d.Settings, nil
}
