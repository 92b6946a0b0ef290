package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Keypad is twelve keys for a finger. They type into the same place as the keyboard does: key is called with a digit,
// with the characters of the extra key one by one, or with '\b' for erasing.
func Keypad(l *Look, height float32, extra string, key func(rune)) fyne.CanvasObject {
	return KeypadWith(l, height, extra, key, nil)
}

// KeypadWith is a Keypad that hands each of its buttons over.
func KeypadWith(l *Look, height float32, extra string, key func(rune), each func(*Button)) fyne.CanvasObject {
	press := func(text string) *Button {
		b := NewButton(l, ButtonSpec{Text: text, Size: TextTitle, Height: height}, func() {
			for _, r := range text {
				key(r)
			}
		})
		if each != nil {
			each(b)
		}
		return b
	}
	erase := NewButton(l, ButtonSpec{Sign: SignErase, Size: 22, Height: height}, func() { key('\b') })
	if each != nil {
		each(erase)
	}
	var objects []fyne.CanvasObject
	for _, t := range []string{"7", "8", "9", "4", "5", "6", "1", "2", "3"} {
		objects = append(objects, press(t))
	}
	if extra != "" {
		objects = append(objects, press(extra))
	} else {
		objects = append(objects, Blank(0, 0))
	}
	return Even(3, Gap, append(objects, press("0"), erase)...)
}

// Beads shows how many characters of a secret were typed, and none of them.
type Beads struct {
	*fyne.Container
	look *Look
	dots []*canvas.Circle
}

// NewBeads makes beads for a secret of usually n characters.
func NewBeads(l *Look, n int) *Beads {
	b := &Beads{look: l}
	row := Row(18)
	for range n {
		c := canvas.NewCircle(l.Raised)
		b.dots = append(b.dots, c)
		row.Add(Least(18, 18, c))
	}
	b.Container = row
	b.Set(0)
	return b
}

// Set tells how many characters there are.
func (b *Beads) Set(n int) {
	for i, d := range b.dots {
		d.FillColor, d.StrokeColor, d.StrokeWidth = b.look.Surface, b.look.Muted, 2
		if i < n {
			d.FillColor, d.StrokeColor = b.look.Accent, b.look.Accent
		}
		d.Refresh()
	}
}
