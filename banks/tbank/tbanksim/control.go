package tbanksim

import (
	"errors"
	"net/http"

	"kassa/banks/banksim"
)

// addControls puts the controls of all practice banks into mux, and this one's own.
func (b *Bank) addControls(mux *http.ServeMux) {
	banksim.AddControls(mux, b, b.faults)
	mux.HandleFunc("POST /control/payments/{id}/notify", func(w http.ResponseWriter, r *http.Request) {
		switch err := b.NotifyAgain(r.PathValue("id")); {
		case errors.Is(err, banksim.ErrNoPayment):
			http.Error(w, err.Error(), http.StatusNotFound)
		case err != nil:
			http.Error(w, err.Error(), http.StatusConflict)
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	})
}
