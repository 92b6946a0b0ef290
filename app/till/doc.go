// Package till is the cashier's work as use cases, with no screen in them: signing in, the shift, the cart, payment by
// cash and by QR, history, printing, fiscal receipts, and what the status bar tells.
//
// A screen reads a View, calls the methods of Till, and is told by Watch that there is a newer View. Methods are safe
// for concurrent use and are called off the drawing goroutine: they may touch the disk. None of them waits for a
// network, a printer or a fiscal registrar, unless the question is about just that; such work goes on in the background
// and shows in the View.
//
// An error that a cashier can do something about is, or wraps, a *Problem.
package till
