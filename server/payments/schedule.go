package payments

import (
	"time"

	"kassa/banks"
	"kassa/server/pg"
	"kassa/sync/wire"
)

// lateLooks are the pauses between the looks at a payment that was closed unpaid: money can arrive after all.
var lateLooks = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// slowest is the longest pause between questions about a payment that is not at its end.
const slowest = 10 * time.Minute

// schedule sets when the bank is asked next. It never asks more often than the bank allows.
func (s *Service) schedule(bank banks.Bank, p *pg.Payment) {
	p.AskAt = nil
	if pause, ok := s.pause(bank.Can().Poll, *p); ok {
		at := s.clock().UTC().Add(pause)
		p.AskAt = &at
	}
}

// pause is how long to wait before the next question; false when there is nothing to ask.
func (s *Service) pause(poll time.Duration, p pg.Payment) (time.Duration, bool) {
	state := p.Attempt.State
	poll = max(poll, 50*time.Millisecond)
	switch {
	case state == banks.StateRefunded:
		return 0, false
	case state == banks.StateFailed && p.Attempt.BankID == "" && p.Trouble == wire.TroubleRefused:
		return 0, false // the bank itself refused to make it
	case state.Closed():
		if p.Asks >= len(lateLooks) {
			return 0, false
		}
		return lateLooks[p.Asks], true
	case state.Paid():
		return poll, p.CancelAt != nil
	case state == banks.StateRefundPending, p.Trouble != "", s.clock().After(p.Attempt.Expires.Add(expiryGrace)):
		return growing(poll, p.Asks), true
	}
	return poll, true
}

// growing doubles a pause with every question that brought nothing new.
func growing(pause time.Duration, asks int) time.Duration {
	for range asks {
		if pause *= 2; pause >= slowest {
			return slowest
		}
	}
	return pause
}
