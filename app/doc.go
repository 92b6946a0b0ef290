// Package app is the till's window: the screens that a cashier works with, over the use cases of package till.
//
// How it hangs together:
//   - Window owns the picture. It reads a till.View, chooses the screen that the view asks for, and gives the view to
//     that screen, to the dialogs over it, and to the bar at the top. Screens hold no truth: what is typed or selected
//     lives in small state types beside them, everything else in the view, so that a change of language or of light and
//     dark simply builds all of it again.
//   - One goroutine draws, Fyne's. Calls to the till run through Deps.Go and come back in one Deps.Draw.
//   - gate keeps order: scans wait for each other, keys never reach past a payment that is being worked on.
//   - kit.Router takes every key; no widget ever has the focus.
//
// The package does not import fyne.io/fyne/v2/app: it is given a fyne.App, and is tested with Fyne's test driver, which
// needs neither a C compiler nor a display.
package app
