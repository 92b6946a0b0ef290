package web

import (
	"net/http"
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"kassa/i18n"
)

const languageCookie = "kassa_language"

// tags are the pages' languages; the first is for those who ask for neither.
var tags = []string{i18n.Russian, i18n.English}

var matcher = language.NewMatcher([]language.Tag{language.Russian, language.English})

// language is the one that the visitor chose, or else the one that the browser asks for.
func (s *site) language(r *http.Request) *i18n.Language {
	if c, err := r.Cookie(languageCookie); err == nil && s.languages[c.Value] != nil {
		return s.languages[c.Value]
	}
	// What cannot be read is no wish.
	wished, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		wished = nil
	}
	_, i, _ := matcher.Match(wished...)
	return s.languages[tags[i]]
}

// chooseLanguage keeps the visitor's choice, and goes back to the page that they came from.
func (s *site) chooseLanguage(w http.ResponseWriter, r *http.Request) {
	tag := r.PostFormValue("language")
	if s.languages[tag] == nil {
		s.fail(w, r, nil, errBadForm)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: tag, Path: "/", MaxAge: 365 * 24 * 3600,
		SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: s.secureCookies(r)})
	http.Redirect(w, r, localPath(r.PostFormValue("back")), http.StatusSeeOther)
}

// localPath keeps a redirection on this server. Browsers drop tabs and line ends out of an address.
func localPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, "\\") ||
		strings.ContainsFunc(path, unicode.IsControl) {
		return "/"
	}
	return path
}
