package raiffeisensim

import (
	"encoding/json"
	"net/http"
	"time"

	"kassa/banks/banksim"
)

// addControls puts the controls where the package's comment says.
func (b *Bank) addControls(mux *http.ServeMux) {
	banksim.AddControls(mux, b, b.faults)
	mux.HandleFunc("GET /control/notifications", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, b.Notifications())
	})
	mux.HandleFunc("GET /control/clock", func(w http.ResponseWriter, _ *http.Request) { b.showClock(w) })
	mux.HandleFunc("POST /control/clock", func(w http.ResponseWriter, r *http.Request) {
		d, err := time.ParseDuration(r.URL.Query().Get("advance"))
		if err != nil || d < 0 {
			http.Error(w, "advance must be a duration, such as 15m", http.StatusBadRequest)
			return
		}
		b.Advance(d)
		b.showClock(w)
	})
}

func (b *Bank) showClock(w http.ResponseWriter) {
	reply(w, map[string]time.Time{"now": b.Now().UTC()})
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v)
}
