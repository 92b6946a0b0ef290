// Package kit is what the till's screens are made of: colours and sizes, layouts, buttons, a keypad, a list for long
// data, layers over the screen, and the router that every key goes through.
//
// It knows nothing of sales. Nothing in it ever takes the keyboard focus: keys and characters come from the canvas and
// go to the Router alone, so that a scan is heard wherever a finger was last. Everything here is used on the drawing
// goroutine.
package kit
