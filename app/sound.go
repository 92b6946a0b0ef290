package app

// Sound tells the cashier of something without a look at the screen.
type Sound string

// The sounds there are.
const (
	SoundScan    Sound = "scan"    // goods were put on the receipt, or a card was read
	SoundUnknown Sound = "unknown" // nobody knows the code
	SoundError   Sound = "error"   // something was not done: look at the screen
	SoundSold    Sound = "sold"    // the money was taken
)

// sound plays a sound, if the shop wants any.
func (w *Window) sound(s Sound) {
	if w.deps.Sound != nil && w.view.Settings != nil && w.view.Settings.Sounds {
		w.deps.Sound(s)
	}
}

// followSold sounds once for every receipt that was paid for, whichever way.
func (w *Window) followSold() {
	last := w.view.Last
	if last == nil || last.Number == w.soldHeard {
		return
	}
	w.soldHeard = last.Number
	w.sound(SoundSold)
}
