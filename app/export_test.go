package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/pricelist"
)

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

// PoseImport shows an import in the middle of its work, which never ends.
func (w *Window) PoseImport(list *pricelist.File) {
	w.importing = &importJob{w: w, path: "/home/kassa/Прайс.csv", list: list, phase: importWriting}
	w.importing.part.Store(42)
	w.openImport()
}

// Message is where the line of news stands; its size is nothing when there is none.
func (w *Window) Message() (fyne.Position, fyne.Size) {
	if len(w.toast.root.Objects) == 0 {
		return fyne.Position{}, fyne.Size{}
	}
	return w.toast.root.Objects[0].Position(), w.toast.root.Objects[0].Size()
}
