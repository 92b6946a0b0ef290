package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
)

// jwksPath is where banks that check our signatures fetch our public keys (RFC 7517; the QRPay protocol names the path).
const jwksPath = "/.well-known/jwks.json"

// retiredKeys is how long a key is published after its setting was replaced: payments made with it may still be refunded.
const retiredKeys = 100 * 24 * time.Hour

// signer is a bank to which we sign; it gives the public keys as a JSON Web Key Set.
type signer interface{ JWKS() []byte }

// keyRing keeps the public keys of every setting that was looked at: a setting never changes. It is safe for concurrent
// use.
type keyRing struct {
	mu     sync.Mutex
	keys   map[uuid.UUID][]json.RawMessage
	trials []trial
}

// trial are the keys of settings that are being checked: the bank must be able to fetch them before they are saved.
type trial struct {
	keys  []json.RawMessage
	until time.Time
}

const (
	trialLife = 10 * time.Minute
	maxTrials = 100
)

// try publishes the keys of a bank that is about to be checked, for a while.
func (r *keyRing) try(bank banks.Bank, now time.Time) {
	b, ok := bank.(signer)
	if !ok {
		return
	}
	var set struct{ Keys []json.RawMessage }
	if json.Unmarshal(b.JWKS(), &set) != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trials = slices.DeleteFunc(r.trials, func(t trial) bool { return now.After(t.until) })
	if len(r.trials) >= maxTrials {
		r.trials = r.trials[1:]
	}
	r.trials = append(r.trials, trial{keys: set.Keys, until: now.Add(trialLife)})
}

// tried are the keys that are published for a while.
func (r *keyRing) tried(now time.Time) []json.RawMessage {
	r.mu.Lock()
	defer r.mu.Unlock()
	var keys []json.RawMessage
	for _, t := range r.trials {
		if now.Before(t.until) {
			keys = append(keys, t.keys...)
		}
	}
	return keys
}

// jwks publishes the public keys of all settings. Nothing in it is secret or tells whose a key is.
func (s *site) jwks(w http.ResponseWriter, r *http.Request) {
	set := struct {
		Keys []json.RawMessage `json:"keys"`
	}{Keys: []json.RawMessage{}}
	ids, err := s.Store.SettingIDs(r.Context(), s.Clock().Add(-retiredKeys))
	if err != nil {
		s.Logger.Error("cannot publish the keys", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	for _, id := range ids {
		set.Keys = append(set.Keys, s.publicKeys(r, id)...)
	}
	for _, key := range s.ring.tried(s.Clock()) {
		if !slices.ContainsFunc(set.Keys, func(other json.RawMessage) bool { return bytes.Equal(key, other) }) {
			set.Keys = append(set.Keys, key)
		}
	}
	body, err := json.Marshal(set)
	if err != nil {
		s.Logger.Error("cannot publish the keys", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "public, max-age=60")
	_, _ = w.Write(body) // the caller may have gone
}

// publicKeys are the keys of one setting. One that cannot be opened has none.
func (s *site) publicKeys(r *http.Request, id uuid.UUID) []json.RawMessage {
	s.ring.mu.Lock()
	defer s.ring.mu.Unlock()
	if keys, ok := s.ring.keys[id]; ok {
		return keys
	}
	setting, err := s.Store.AnyBank(r.Context(), s.Key, id)
	if err != nil {
		return nil // asked for again: the key or the database may come back
	}
	var set struct{ Keys []json.RawMessage }
	if bank, err := s.open(setting); err != nil {
		s.Logger.Warn("a bank's setting cannot be used", "setting", id, "bank", setting.Bank, "error", err)
	} else if b, ok := bank.(signer); ok && json.Unmarshal(b.JWKS(), &set) != nil {
		s.Logger.Warn("a bank's keys are no JWKS", "setting", id, "bank", setting.Bank)
	}
	s.ring.keys[id] = set.Keys
	return set.Keys
}
