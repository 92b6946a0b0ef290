package app

import (
	"image/color"
	"time"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/banks"
)

// face is how one state of the payment looks, and what it says.
type face struct {
	key    string // of "app.qr.state."
	sign   kit.Sign
	mood   mood
	cancel bool // can be cancelled
	code   bool // the code may be shown
	renew  bool // another code can be had though this one has not ended
}

// slowAfter is after how long without an answer a bank is called slow.
const slowAfter = 10 * time.Second

// faceAt is faceOf at a moment, with what the till has been waiting for since: a code whose time is over, a bank that
// is slow, a connection that is lost, and a new code that was asked for have looks of their own.
func faceAt(q *till.QR, now, since time.Time) face {
	f := faceOf(q)
	lost := q.Trouble == till.CodeBankDown || q.Trouble == till.CodeServerDown
	switch {
	case q.Renewing && !q.State.HadMoney():
		return face{key: "renewing", sign: kit.SignRepeat, mood: moodInfo}
	case q.Done:
		return f
	case f.code && !q.Expires.IsZero() && !now.Before(q.Expires):
		return face{key: "time_over", sign: kit.SignClock, mood: moodWarn, cancel: true, renew: true}
	case f.code && lost && q.Payload != "":
		return face{key: "waiting_lost", sign: kit.SignServer, mood: moodWarn, cancel: true, code: true}
	case f.code && q.Payload == "" && !lost:
		return face{key: "creating", sign: kit.SignBank, mood: moodInfo, cancel: true}
	case f.key == "cancelling" && lost:
		return face{key: "cancelling_lost", sign: kit.SignServer, mood: moodWarn}
	case f.cancel && lost:
		return face{key: "creating_lost", sign: kit.SignServer, mood: moodWarn, cancel: true}
	case f.key == "creating" && now.Sub(since) >= slowAfter:
		return face{key: "slow", sign: kit.SignClock, mood: moodWarn, cancel: true}
	}
	return f
}

func faceOf(q *till.QR) face {
	switch q.State {
	case banks.StateCreating:
		return face{key: "creating", sign: kit.SignBank, mood: moodInfo, cancel: true}
	case banks.StateCreateUnknown:
		return face{key: "create_unknown", sign: kit.SignHelp, mood: moodWarn, cancel: true}
	case banks.StateWaiting:
		return face{key: "waiting", sign: kit.SignPhone, mood: moodInfo, cancel: true, code: true}
	case banks.StateProcessing:
		return face{key: "processing", sign: kit.SignClock, mood: moodInfo}
	case banks.StatePaid:
		return face{key: "paid", sign: kit.SignCheck, mood: moodGood}
	case banks.StateCancelling:
		return face{key: "cancelling", sign: kit.SignClock, mood: moodWarn}
	case banks.StateCancelled:
		return face{key: "cancelled", sign: kit.SignClose, mood: moodWarn}
	case banks.StateExpired:
		return face{key: "expired", sign: kit.SignClock, mood: moodWarn}
	case banks.StateRejected:
		return face{key: "rejected", sign: kit.SignClose, mood: moodBad}
	case banks.StateFailed:
		return face{key: "failed", sign: kit.SignWarning, mood: moodBad}
	case banks.StateRefundPending:
		return face{key: "refund_pending", sign: kit.SignBack, mood: moodWarn}
	case banks.StatePartlyRefunded, banks.StateRefunded:
		return face{key: "refunded", sign: kit.SignBack, mood: moodWarn}
	}
	return face{key: "unknown", sign: kit.SignHelp, mood: moodWarn}
}

func (w *Window) moodColours(m mood) (ground, ink color.NRGBA) {
	l := w.look
	switch m {
	case moodGood:
		return l.GoodSoft, l.Good
	case moodWarn:
		return l.WarnSoft, l.Warn
	case moodBad:
		return l.BadSoft, l.Bad
	}
	return l.AccentSoft, l.Accent
}
