package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"kassa/i18n"
	"kassa/server/pg"
)

// visit is one request of an owner who is logged in.
type visit struct {
	w     http.ResponseWriter
	r     *http.Request
	now   time.Time
	owner pg.Owner
	shops []pg.Shop
	lang  *i18n.Language
	site  *site
}

// page is what every template gets.
type page struct {
	L     *i18n.Language
	Title string // key of its text
	Owner *pg.Owner
	Here  string // the path, for the menu and for coming back after a change of language
	Body  any
}

// shop finds one of the account's stores.
func (v visit) shop(id [16]byte) pg.Shop {
	for _, shop := range v.shops {
		if shop.ID == id {
			return shop
		}
	}
	return pg.Shop{}
}

// at gives the language with times in a store's zone.
func (v visit) at(shop pg.Shop) *i18n.Language { return v.lang.In(shop.Location()) }

// show draws a page.
func (v visit) show(template, title string, body any) error {
	return v.site.render(v.w, http.StatusOK, template,
		page{L: v.lang, Title: title, Owner: &v.owner, Here: v.r.URL.RequestURI(), Body: body})
}

// render draws a page as a whole before the first byte of it is sent.
func (s *site) render(w http.ResponseWriter, status int, template string, p page) error {
	var b bytes.Buffer
	if err := s.templates[template].ExecuteTemplate(&b, "layout", p); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the browser may have gone
	return nil
}

// Active tells whether the menu's entry for path is the page that is shown.
func (p page) Active(path string) bool {
	here, _, _ := strings.Cut(p.Here, "?")
	return here == path || path != "/" && strings.HasPrefix(here, path+"/")
}

// fail tells the owner that something went wrong. What it was is logged.
func (s *site) fail(w http.ResponseWriter, r *http.Request, owner *pg.Owner, err error) {
	status, text := http.StatusInternalServerError, "web.error.internal"
	switch {
	case errors.Is(err, pg.ErrNotFound):
		status, text = http.StatusNotFound, "web.error.not_found"
	case errors.Is(err, errBadForm):
		status, text = http.StatusBadRequest, "web.error.bad_form"
	default:
		s.Logger.Error("a page failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	p := page{L: s.language(r), Title: text, Owner: owner, Here: "/", Body: text}
	if err := s.render(w, status, "error", p); err != nil {
		s.Logger.Error("the error page failed", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

// errBadForm tells that a form or an address holds what no page of ours sends.
var errBadForm = errors.New("web: the form cannot be read")

// asset is an embedded file.
type asset struct {
	kind, tag string
	body      []byte
}

func newAsset(path, kind string) (asset, error) {
	body, err := files.ReadFile(path)
	sum := sha256.Sum256(body)
	return asset{kind: kind, tag: `"` + hex.EncodeToString(sum[:8]) + `"`, body: body}, err
}

func (a asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", a.tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
}
