package web

import (
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"kassa/server/pg"
)

const (
	sessionCookie = "kassa_session"
	sessionLife   = 7 * 24 * time.Hour // without being used
)

func (s *site) secureCookies(r *http.Request) bool { return s.SecureCookies || r.TLS != nil }

// forOwner lets in who is logged in; others are sent to the login.
func (s *site) forOwner(show func(visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		owner, err := s.owner(r)
		if errors.Is(err, pg.ErrNotFound) {
			http.Redirect(w, r, "/login", http.StatusSeeOther)
			return
		}
		if err != nil {
			s.fail(w, r, nil, err)
			return
		}
		v := visit{w: w, r: r, now: s.Clock().UTC(), owner: owner, lang: s.language(r), site: s}
		if v.shops, err = s.Store.Stores(r.Context(), owner.Account); err == nil {
			err = show(v)
		}
		if err != nil {
			s.fail(w, r, &owner, err)
		}
	}
}

func (s *site) owner(r *http.Request) (pg.Owner, error) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return pg.Owner{}, pg.ErrNotFound
	}
	return s.Store.Session(r.Context(), s.Clock().UTC(), c.Value, sessionLife)
}

// loginBody is what the login page shows.
type loginBody struct {
	Login string
	Wrong bool
	Wait  int64 // seconds until the next try
}

func (s *site) loginPage(w http.ResponseWriter, r *http.Request) {
	if _, err := s.owner(r); err == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	s.showLogin(w, r, http.StatusOK, loginBody{})
}

func (s *site) showLogin(w http.ResponseWriter, r *http.Request, status int, body loginBody) {
	p := page{L: s.language(r), Title: "web.login.title", Here: "/login", Body: body}
	if err := s.render(w, status, "login", p); err != nil {
		s.fail(w, r, nil, err)
	}
}

// login checks a login and a password. Wrong ones are counted by login and by address, so that neither trying many
// passwords nor trying one password on many logins gets far.
func (s *site) login(w http.ResponseWriter, r *http.Request) {
	login, password := r.PostFormValue("login"), r.PostFormValue("password")
	if !sane(login, 200) || !sane(password, 1000) {
		s.showLogin(w, r, http.StatusUnauthorized, loginBody{Wrong: true})
		return
	}
	owner, wait, err := s.checkPassword(r, login, password)
	switch {
	case wait > 0:
		s.showLogin(w, r, http.StatusTooManyRequests, loginBody{Login: login, Wait: int64((wait + time.Second - 1) / time.Second)})
		return
	case errors.Is(err, pg.ErrNotFound):
		s.showLogin(w, r, http.StatusUnauthorized, loginBody{Login: login, Wrong: true})
		return
	}
	var token string
	if err == nil {
		token, err = s.Store.StartSession(r.Context(), s.Clock().UTC(), owner, sessionLife)
	}
	if err != nil {
		s.fail(w, r, nil, err)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: token, Path: "/", HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: s.secureCookies(r)})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// sane tells whether a text can be a login or a password at all: the database takes no other.
func sane(text string, most int) bool {
	return len(text) <= most && utf8.ValidString(text) && !strings.Contains(text, "\x00")
}

// checkPassword checks few passwords at a time: each takes memory on purpose. Whether there is a wait is looked at when
// the turn has come, so that guesses sent all at once are counted like those sent one after another.
func (s *site) checkPassword(r *http.Request, login, password string) (o pg.Owner, wait time.Duration, err error) {
	select {
	case s.checking <- struct{}{}:
		defer func() { <-s.checking }()
	case <-r.Context().Done():
		return pg.Owner{}, 0, r.Context().Err()
	}
	who := []string{"login " + strings.ToLower(strings.TrimSpace(login)), "address " + s.Peer(r)}
	for _, name := range who {
		if wait := s.passwords.Wait(name); wait > 0 {
			return pg.Owner{}, wait, nil
		}
	}
	o, err = s.Store.Login(r.Context(), login, password)
	switch {
	case err == nil:
		s.passwords.Forgive(who[0])
	case errors.Is(err, pg.ErrNotFound):
		for _, name := range who {
			s.passwords.Count(name)
		}
	}
	return o, 0, err
}

// logout forgets the session, here and in the browser.
func (s *site) logout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(sessionCookie); err == nil {
		if err := s.Store.EndSession(r.Context(), c.Value); err != nil {
			s.fail(w, r, nil, err)
			return
		}
	}
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: s.secureCookies(r)})
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}
