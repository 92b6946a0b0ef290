package app

import (
	"image/color"

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
