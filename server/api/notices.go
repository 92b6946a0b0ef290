package api

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/server/pg"
)

// Notifications that are no bank's, which one address may send: thirty at once, and then one more each two seconds. A bank's
// own are not counted.
const (
	foreignAtOnce = 30
	foreignPause  = 2 * time.Second
)

// maxNotice bounds what is read of a notification.
const maxNotice = 64 << 10

// bankNotice takes what a bank sends to POST /bank/{setting}: the address that an owner enters at the bank. The bank is
// answered with what it wants to hear, also about a payment that is none of ours, so that it does not send it again. Whoever
// is no bank hears nothing, not even whether there is such a setting.
func (a *API) bankNotice(w http.ResponseWriter, r *http.Request) {
	peer := a.Peer(r)
	if wait := a.foreign.Wait(peer); wait > 0 {
		plain(w, http.StatusTooManyRequests, "")
		return
	}
	setting, err := uuid.Parse(r.PathValue("setting"))
	var notice banks.Notice
	if err == nil {
		var body []byte
		if body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxNotice)); err == nil {
			notice, err = a.Payments.NotifyAny(r.Context(), setting, r.Header, body)
			err = ours(err)
		}
	}
	switch {
	case err == nil:
		if notice.ContentType != "" {
			w.Header().Set("Content-Type", notice.ContentType)
		}
		plain(w, http.StatusOK, notice.Answer)
	case errors.Is(err, errOurs):
		// The bank sends it again; and what it tells of is asked for without it.
		a.Logger.Error("a bank's notification could not be taken", "setting", setting, "error", err)
		plain(w, http.StatusServiceUnavailable, "")
	default:
		a.foreign.Count(peer)
		a.Logger.Warn("a notification is not a bank's", "peer", peer, "error", err)
		plain(w, http.StatusForbidden, "")
	}
}

// errOurs tells that a notification was not taken for a reason that lies here.
var errOurs = errors.New("api: the notification could not be taken")

// ours tells the reasons that lie here from those for which nobody else is to blame than the sender.
func ours(err error) error {
	if err == nil || errors.Is(err, banks.ErrNotice) || errors.Is(err, pg.ErrNotFound) {
		return err
	}
	return errors.Join(errOurs, err)
}

// plain answers in a bank's own words.
func plain(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "text/plain; charset=utf-8")
	}
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // a bank that has gone sends it again
}
