package app

import "fyne.io/fyne/v2"

// Top is the name of what has the keys.
func (w *Window) Top() string { return w.router.Top() }

// Draws tells whether the view is what is drawn.
func (w *Window) Draws(v tillView) bool { return w.view.Revision >= v.Revision }

// OpenWelcome shows what is shown once a till was set up.
func (w *Window) OpenWelcome() { w.openWelcome() }

// Buyer is the window turned to the buyer; nil when there is none.
func (w *Window) Buyer() fyne.Window {
	if w.buyer == nil {
		return nil
	}
	return w.buyer.window
}
