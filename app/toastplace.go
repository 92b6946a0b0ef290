package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
)

// obstacle is something on the screen that a message should not cover.
type obstacle struct {
	at     fyne.Position
	size   fyne.Size
	weight float32 // how much worse it is than what may be covered
}

// How bad it is to cover a square pixel of something, and to go a pixel away from the corner where messages are looked for.
// Lists weigh nothing: they are everywhere, and can be scrolled.
const (
	coversButton = 20
	coversText   = 1
	goesAway     = 2
)

type obstacles []obstacle

// obstacles are what stands on the screen, or on the dialog that has the keys.
func (w *Window) obstacles() obstacles {
	var all obstacles
	if n := len(w.layers.Objects); n > 0 {
		return all.with(w.layers.Objects[n-1], w.layers.Position())
	}
	return all.with(w.under, fyne.Position{})
}

// with adds what stands in o, whose parent is at a place.
func (all obstacles) with(o fyne.CanvasObject, parent fyne.Position) obstacles {
	if !o.Visible() {
		return all
	}
	at := parent.Add(o.Position())
	switch v := o.(type) {
	case *fyne.Container:
		for _, child := range v.Objects {
			all = all.with(child, at)
		}
	case *kit.Button, *kit.Press, *kit.Strip:
		all = append(all, obstacle{at, o.Size(), coversButton})
	case *kit.Text:
		if v.Value() != "" {
			all = append(all, obstacle{at, o.Size(), coversText})
		}
	}
	return all
}

// clear is the place in a room that covers least and is nearest to where a message would best be.
func (all obstacles) clear(best fyne.Position, size, room fyne.Size) fyne.Position {
	const step = 4
	at, least := best, all.cost(best, size)
	try := func(p fyne.Position) {
		away := p.Subtract(best)
		if cost := all.cost(p, size) + goesAway*(max(away.X, -away.X)+max(away.Y, -away.Y)); cost < least {
			at, least = p, cost
		}
	}
	for y := float32(kit.Inset); y <= room.Height-size.Height-kit.Inset; y += step {
		for _, x := range []float32{best.X, kit.Inset, (room.Width - size.Width) / 2, room.Width - size.Width - kit.Inset} {
			try(fyne.NewPos(x, y))
		}
	}
	return at
}

// cost is how bad it is to cover what stands at a place.
func (all obstacles) cost(at fyne.Position, size fyne.Size) (sum float32) {
	for _, o := range all {
		width := min(at.X+size.Width, o.at.X+o.size.Width) - max(at.X, o.at.X)
		height := min(at.Y+size.Height, o.at.Y+o.size.Height) - max(at.Y, o.at.Y)
		if width > 0 && height > 0 {
			sum += width * height * o.weight
		}
	}
	return sum
}
