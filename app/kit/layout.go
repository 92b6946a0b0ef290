package kit

import "fyne.io/fyne/v2"

// painted is the renderer of every widget of this package: a list of objects and two functions.
type painted struct {
	objects []fyne.CanvasObject
	layout  func(fyne.Size)
	min     func() fyne.Size
	refresh func()
}

func (p *painted) Destroy()                     {}
func (p *painted) Layout(s fyne.Size)           { p.layout(s) }
func (p *painted) MinSize() fyne.Size           { return p.min() }
func (p *painted) Objects() []fyne.CanvasObject { return p.objects }
func (p *painted) Refresh() {
	if p.refresh != nil {
		p.refresh()
	}
}

// flex lays objects out in a row or a column with a gap, and gives what is left to those wrapped in Grow.
type flex struct {
	column bool
	gap    float32
}

type growth struct{ weight float32 }

func (growth) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(s)
	}
}

func (growth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objects {
		m = m.Max(o.MinSize())
	}
	return m
}

// Grow makes o take a share of the free length of the row or column that it stands in.
func Grow(o fyne.CanvasObject) fyne.CanvasObject { return GrowBy(1, o) }

// GrowBy is Grow with a weight.
func GrowBy(weight float32, o fyne.CanvasObject) fyne.CanvasObject {
	return &fyne.Container{Layout: growth{weight}, Objects: []fyne.CanvasObject{o}}
}

// Space is free room that grows.
func Space() fyne.CanvasObject { return GrowBy(1, Blank(0, 0)) }

// Row puts objects beside each other.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: flex{gap: gap}, Objects: objects}
}

// Column puts objects under each other.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: flex{column: true, gap: gap}, Objects: objects}
}

func (f flex) length(s fyne.Size) float32 {
	if f.column {
		return s.Height
	}
	return s.Width
}

func weight(o fyne.CanvasObject) float32 {
	if c, ok := o.(*fyne.Container); ok {
		if g, ok := c.Layout.(growth); ok {
			return g.weight
		}
	}
	return 0
}

func (f flex) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	free, weights := f.length(s), float32(0)
	shown := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		shown++
		if w := weight(o); w > 0 {
			weights += w
		} else {
			free -= f.length(o.MinSize())
		}
	}
	free -= f.gap * float32(max(shown-1, 0))
	// A grower never gets less than it needs while there is room: those that need more than their share are paid first.
	share := f.shares(objects, free, weights)
	var at float32
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		n := f.length(o.MinSize())
		if weight(o) > 0 {
			n = share[i]
		}
		if f.column {
			o.Move(fyne.NewPos(0, at))
			o.Resize(fyne.NewSize(s.Width, n))
		} else {
			o.Move(fyne.NewPos(at, 0))
			o.Resize(fyne.NewSize(n, s.Height))
		}
		at += n + f.gap
	}
}

func (f flex) shares(objects []fyne.CanvasObject, free, weights float32) map[int]float32 {
	share := map[int]float32{}
	for again := true; again; {
		again = false
		for i, o := range objects {
			w := weight(o)
			if w == 0 || !o.Visible() {
				continue
			}
			if _, settled := share[i]; settled {
				continue
			}
			if need := f.length(o.MinSize()); weights > 0 && free*w/weights < need {
				share[i] = need
				free -= need
				weights -= w
				again = true
			}
		}
	}
	for i, o := range objects {
		if _, settled := share[i]; !settled && weight(o) > 0 && weights > 0 {
			share[i] = max(free*weight(o)/weights, 0)
		}
	}
	return share
}

func (f flex) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var along, across float32
	shown := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		shown++
		m := o.MinSize()
		if f.column {
			along, across = along+m.Height, max(across, m.Width)
		} else {
			along, across = along+m.Width, max(across, m.Height)
		}
	}
	along += f.gap * float32(max(shown-1, 0))
	if f.column {
		return fyne.NewSize(across, along)
	}
	return fyne.NewSize(along, across)
}

// inset leaves room around one object, and may hold it to a size and centre it.
type inset struct {
	top, right, bottom, left float32
	least                    fyne.Size
	centre, middle           bool // across, along
}

func (p inset) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	room := fyne.NewSize(max(s.Width-p.left-p.right, 0), max(s.Height-p.top-p.bottom, 0))
	for _, o := range objects {
		at, size := fyne.NewPos(p.left, p.top), room
		m := o.MinSize()
		if p.centre {
			size.Width = min(max(m.Width, p.least.Width), room.Width)
			at.X += (room.Width - size.Width) / 2
		}
		if p.middle {
			size.Height = min(max(m.Height, p.least.Height), room.Height)
			at.Y += (room.Height - size.Height) / 2
		}
		o.Move(at)
		o.Resize(size)
	}
}

func (p inset) MinSize(objects []fyne.CanvasObject) fyne.Size {
	m := p.least
	for _, o := range objects {
		m = m.Max(o.MinSize())
	}
	return m.AddWidthHeight(p.left+p.right, p.top+p.bottom)
}

func wrap(l fyne.Layout, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: l, Objects: []fyne.CanvasObject{o}}
}

// Pad leaves room around o.
func Pad(all float32, o fyne.CanvasObject) *fyne.Container { return PadSides(all, all, all, all, o) }

// PadSides leaves room around o, clockwise from the top.
func PadSides(top, right, bottom, left float32, o fyne.CanvasObject) *fyne.Container {
	return wrap(inset{top: top, right: right, bottom: bottom, left: left}, o)
}

// Least makes o at least so large.
func Least(width, height float32, o fyne.CanvasObject) *fyne.Container {
	return wrap(inset{least: fyne.NewSize(width, height)}, o)
}

// Centre puts o, as small as it can be, into the middle.
func Centre(o fyne.CanvasObject) *fyne.Container { return wrap(inset{centre: true, middle: true}, o) }

// Middle centres o along the height and lets it have the whole width.
func Middle(o fyne.CanvasObject) *fyne.Container { return wrap(inset{middle: true}, o) }

// CentreX centres o across the width and lets it have the whole height.
func CentreX(o fyne.CanvasObject) *fyne.Container { return wrap(inset{centre: true}, o) }

// Stack puts objects over each other, all at full size.
func Stack(objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: growth{}, Objects: objects}
}

// Even divides its width between columns of equal width, filling rows of equal height.
type even struct {
	columns int
	gap     float32
}

// Even puts objects into a grid with so many columns.
func Even(columns int, gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: even{columns, gap}, Objects: objects}
}

func (e even) rows(n int) int { return (n + e.columns - 1) / e.columns }

func (e even) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	rows := e.rows(len(objects))
	if rows == 0 {
		return
	}
	w := (s.Width - e.gap*float32(e.columns-1)) / float32(e.columns)
	h := (s.Height - e.gap*float32(rows-1)) / float32(rows)
	for i, o := range objects {
		o.Move(fyne.NewPos(float32(i%e.columns)*(w+e.gap), float32(i/e.columns)*(h+e.gap)))
		o.Resize(fyne.NewSize(w, h))
	}
}

func (e even) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objects {
		m = m.Max(o.MinSize())
	}
	rows, columns := float32(e.rows(len(objects))), float32(e.columns)
	return fyne.NewSize(m.Width*columns+e.gap*(columns-1), m.Height*rows+e.gap*max(rows-1, 0))
}
