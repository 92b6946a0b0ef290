package app

// Top is the name of what has the keys.
func (w *Window) Top() string { return w.router.Top() }
