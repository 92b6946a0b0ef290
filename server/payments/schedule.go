package payments

import (
	"time"

	"kassa/banks"
	"kassa/server/pg"
	"kassa/sync/wire"
)

// lateLooks are the pauses between the looks at a payment that was closed unpaid: money can arrive after all.
var lateLooks = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// paidLooks are the pauses between the looks at a payment that is paid, at a bank that has no list to compare the books with:
// somebody may give the money back at the bank, and its notification may not come.
var paidLooks = []time.Duration{24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour, 14 * 24 * time.Hour}

// slowest is the longest pause between questions about a payment that is not at its end.
const slowest = 10 * time.Minute

// expiryGrace is how long after a code's end the bank may take to say so by itself.
const expiryGrace = 2 * time.Minute

// proofPause is how long after the bank's first word that it has no trace of something it is asked again: when it says so then,
// that is a proof (banks.Missing).
const proofPause = 5 * time.Second

// putOffPause is how long to wait when it is our own side that cannot: a setting that cannot be read.
const putOffPause = time.Minute

// schedule sets when the bank is asked next. It never asks more often than the bank allows.
func (s *Service) schedule(bank banks.Bank, p *pg.Payment) {
	p.AskAt = nil
	if pause, ok := s.pause(bank, *p); ok {
		at := s.clock().UTC().Add(pause)
		p.AskAt = &at
	}
}

// pause is how long to wait before the next question; false when there is nothing to ask.
func (s *Service) pause(bank banks.Bank, p pg.Payment) (time.Duration, bool) {
	a, can := p.Attempt, bank.Can()
	poll := max(can.Poll, 50*time.Millisecond)
	switch {
	case a.State == banks.StateRefunded:
		return 0, false
	case a.State.Closed() && a.BankID == "" && (!can.LookUp && p.NoticedID == "" || p.Trouble == wire.TroubleRefused):
		return 0, false // it cannot be asked for, or the bank itself refused to make it
	case s.clock().Sub(p.Missing.Since) < time.Minute: // later, the bank does not answer at all
		return max(poll, proofPause), true
	case a.State.Paid() && p.Wanted.ID != "":
		return growing(poll, p.Asks), true
	case a.State.Closed(), a.State.Paid() && a.ByHand:
		return look(lateLooks, p.Asks)
	case a.State.Paid():
		if _, ok := bank.(banks.Registered); ok {
			return 0, false
		}
		return look(paidLooks, p.Asks)
	case a.State == banks.StateRefundPending, p.Trouble != "", s.clock().After(a.Expires.Add(expiryGrace)):
		return growing(poll, p.Asks), true
	}
	return poll, true
}

// look is the pause before the next of a few looks; false when all were taken.
func look(pauses []time.Duration, taken int) (time.Duration, bool) {
	if taken >= len(pauses) {
		return 0, false
	}
	return pauses[taken], true
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
