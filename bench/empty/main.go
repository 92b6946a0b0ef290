// Command empty is the floor that the till's window is measured against: an empty Fyne window with one label, which
// changes with every key. It is built by "make bench" with the same tags as the till.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	w := app.NewWithID("app.kassa.bench.empty").NewWindow("Empty")
	label := widget.NewLabel("0")
	w.SetContent(label)
	w.Resize(fyne.NewSize(1280, 800))
	w.Canvas().SetOnTypedRune(func(r rune) { label.SetText(label.Text[len(label.Text)-min(len(label.Text), 8):] + string(r)) })
	w.ShowAndRun()
}
