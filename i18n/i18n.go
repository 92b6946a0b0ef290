// Package i18n speaks Russian and English: texts by key, plurals by the rules of CLDR, and money, quantities, dates and
// times as each language writes them.
//
// A Language is made once and never changes, so that a screen switches languages by being drawn with another one; there
// is no global language. Catalogues are flat JSON files, assets/translations/LANGUAGE/ROOM.json. A text may hold
// placeholders in braces ("{n} waiting"); a text with plural forms is an object with the keys one, few, many and other.
package i18n

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"time"

	"kassa/assets"
)

// The languages that the programs speak.
const (
	Russian = "ru"
	English = "en"
)

// ErrUnknownLanguage tells that there is no catalogue for a language.
var ErrUnknownLanguage = errors.New("i18n: no such language")

// Language is one language's catalogue and conventions. It is safe for concurrent use.
type Language struct {
	tag   string
	texts map[string]message
	zone  *time.Location
}

// message is a text, or its plural forms.
type message struct {
	text  string
	forms map[string]string
}

func (m *message) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &m.text)
	}
	return json.Unmarshal(b, &m.forms)
}

// Tags lists the languages there are.
func Tags() []string { return []string{Russian, English} }

// Load reads the catalogues of a language: "ru" or "en". Times are shown in the machine's zone; see In.
func Load(tag string) (*Language, error) {
	dir := path.Join("translations", tag)
	files, err := fs.Glob(assets.Translations, path.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("%w: %q", ErrUnknownLanguage, tag)
	}
	l := &Language{tag: tag, texts: map[string]message{}, zone: time.Local}
	for _, f := range files {
		b, err := assets.Translations.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("reading translations: %w", err)
		}
		var room map[string]message
		if err := json.Unmarshal(b, &room); err != nil {
			return nil, fmt.Errorf("reading translations %s: %w", f, err)
		}
		for k, m := range room {
			if _, twice := l.texts[k]; twice {
				return nil, fmt.Errorf("reading translations %s: key %q stands in two files", f, k)
			}
			l.texts[k] = m
		}
	}
	return l, nil
}

// In gives the same language with times shown in another zone.
func (l *Language) In(zone *time.Location) *Language {
	c := *l
	c.zone = zone
	return &c
}

// Reworded gives the same language with every text of the catalogue put through words; what fills the placeholders later
// is not.
func (l *Language) Reworded(words func(text string) string) *Language {
	c := *l
	c.texts = make(map[string]message, len(l.texts))
	for k, m := range l.texts {
		next := message{text: words(m.text)}
		if m.forms != nil {
			next.forms = make(map[string]string, len(m.forms))
			for form, text := range m.forms {
				next.forms[form] = words(text)
			}
		}
		c.texts[k] = next
	}
	return &c
}

// Tag is "ru" or "en".
func (l *Language) Tag() string { return l.tag }

// Keys lists every key of the catalogue, sorted.
func (l *Language) Keys() []string {
	keys := make([]string, 0, len(l.texts))
	for k := range l.texts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Has tells whether the catalogue holds a key.
func (l *Language) Has(key string) bool {
	_, ok := l.texts[key]
	return ok
}

// T is the text of a key. args are pairs of a placeholder's name and its value. An unknown key is its own text, so that
// a missing translation is seen and does no harm.
func (l *Language) T(key string, args ...any) string {
	m, ok := l.texts[key]
	if !ok {
		return key
	}
	text := m.text
	if m.forms != nil {
		text = m.forms["other"]
	}
	return fill(text, args)
}

// N is the text of a key in the plural form that n asks for. {n} is filled in besides args.
func (l *Language) N(key string, n int64, args ...any) string {
	m, ok := l.texts[key]
	if !ok {
		return key
	}
	text, ok := m.forms[l.plural(n)]
	if !ok {
		text = m.forms["other"]
	}
	if m.forms == nil {
		text = m.text
	}
	return fill(text, append([]any{"n", l.Integer(n)}, args...))
}

// plural is the cardinal category of a whole number (CLDR 46, plurals.xml).
func (l *Language) plural(n int64) string {
	if n < 0 {
		n = -n
	}
	if l.tag != Russian {
		if n == 1 {
			return "one"
		}
		return "other"
	}
	switch ten, hundred := n%10, n%100; {
	case ten == 1 && hundred != 11:
		return "one"
	case ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14):
		return "few"
	}
	return "many"
}

func fill(text string, args []any) string {
	if len(args) < 2 || !strings.Contains(text, "{") {
		return text
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), fmt.Sprint(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
