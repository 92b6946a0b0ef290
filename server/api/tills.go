package api

import (
	"errors"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"kassa/server/pg"
	"kassa/sync/accept"
	"kassa/sync/wire"
)

// pair exchanges a one-time code for a till's secret.
func (a *API) pair(r *http.Request) (any, error) {
	var in wire.Pair
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	in.Name, in.Version = strings.TrimSpace(in.Name), strings.TrimSpace(in.Version)
	if !shortText(in.Name) || in.Name == "" || !shortText(in.Version) {
		return nil, invalid("name and version must be printable and have at most %d letters", maxText)
	}
	peer := a.Peer(r)
	if wait := a.guesses.Wait(peer); wait > 0 {
		return nil, &problem{code: wire.CodeSlowDown, message: "too many wrong codes from this address", retry: wait}
	}
	till, secret, err := a.Store.Pair(r.Context(), a.Clock().UTC(), in.Code, in.Name, in.Version)
	if errors.Is(err, pg.ErrWrongCode) {
		a.guesses.Count(peer)
		return nil, &problem{code: wire.CodeUnauthorized, message: "the code is wrong, used, or too old"}
	}
	if err != nil {
		return nil, err
	}
	a.Logger.Info("a till was paired", "till", till.ID, "store", till.Store)
	return wire.Paired{Till: till.ID.String(), Name: till.Name, Store: till.StoreName, Secret: secret}, nil
}

// maxText is the longest name, in letters.
const maxText = 100

func shortText(text string) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= maxText && !strings.ContainsFunc(text, unicode.IsControl)
}

// status tells a till how the server is. A till asks when it has nothing left to send (package push).
func (a *API) status(r *http.Request, t pg.Till) (any, error) {
	bank, err := a.Store.CurrentBankName(r.Context(), t.Account, t.Store)
	if err != nil {
		return nil, err
	}
	if err := a.Store.Synced(r.Context(), a.Clock().UTC(), t); err != nil {
		return nil, err
	}
	late, err := a.Store.LatePayments(r.Context(), t, wire.MaxLate)
	if err != nil {
		return nil, err
	}
	st := wire.Status{Till: t.Name, Store: t.StoreName, Bank: bank, Time: a.Clock().UTC(), Version: a.Version}
	for _, id := range late {
		st.Late = append(st.Late, id.String())
	}
	return st, nil
}

// head tells how far the server has a journal.
func (a *API) head(r *http.Request, t pg.Till) (any, error) {
	journal, err := pathID(r, "journal")
	if err != nil {
		return nil, err
	}
	h, err := a.Store.Head(r.Context(), t.Account, journal)
	if err != nil {
		return nil, err
	}
	return ack(h), nil
}

// operations takes a batch.
func (a *API) operations(r *http.Request, t pg.Till) (any, error) {
	journal, err := pathID(r, "journal")
	if err != nil {
		return nil, err
	}
	body, err := readBody(r, wire.MaxBody)
	if err != nil {
		return nil, err
	}
	batch, err := accept.Decode(body)
	if err != nil {
		return nil, err
	}
	d, err := a.Store.Append(r.Context(), a.Clock().UTC(), t, journal, batch)
	if err != nil {
		return nil, err
	}
	have := ack(d.Head)
	switch d.Verdict {
	case accept.Gap:
		return nil, &problem{code: wire.CodeGap, message: "operations are missing before the batch", ack: &have}
	case accept.Fork:
		a.Logger.Warn("a till has another history than the server", "till", t.ID, "journal", journal, "number", d.At)
		return nil, &problem{code: wire.CodeFork, message: "another operation stands at a number of the batch", ack: &have}
	}
	return have, nil
}

func ack(h accept.Head) wire.Ack { return wire.Ack{Number: h.Number, Hash: h.Hash.String()} }
