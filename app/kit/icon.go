package kit

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Sign names an icon of the till's own set: 24 by 24, drawn with lines.
type Sign string

// The icons there are.
const (
	SignSearch   Sign = `<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5 L21 21"/>`
	SignClose    Sign = `<path d="M5 5 L19 19 M19 5 L5 19"/>`
	SignCheck    Sign = `<path d="M4 12.5 L9.5 18 L20 6.5"/>`
	SignBack     Sign = `<path d="M20 12 L4 12 M11 5 L4 12 L11 19"/>`
	SignErase    Sign = `<path d="M9 5 L21 5 L21 19 L9 19 L2.5 12 Z M12 9 L17.5 15 M17.5 9 L12 15"/>`
	SignMenu     Sign = `<path d="M4 6 L20 6 M4 12 L20 12 M4 18 L20 18"/>`
	SignCash     Sign = `<path d="M2.5 6 L21.5 6 L21.5 18 L2.5 18 Z"/><circle cx="12" cy="12" r="2.8"/><path d="M6 12 L6.1 12 M18 12 L18.1 12"/>`
	SignQR       Sign = `<path d="M3.5 3.5 L10 3.5 L10 10 L3.5 10 Z M14 3.5 L20.5 3.5 L20.5 10 L14 10 Z M3.5 14 L10 14 L10 20.5 L3.5 20.5 Z M14 14 L16 14 M20 14 L20.5 14 M17 17 L17.1 17 M14 20.5 L14.1 20.5 M20.5 17.5 L20.5 20.5 L18 20.5"/>`
	SignPrint    Sign = `<path d="M7 9 L7 3.5 L17 3.5 L17 9 M7 17.5 L3.5 17.5 L3.5 9 L20.5 9 L20.5 17.5 L17 17.5 M7 14 L17 14 L17 20.5 L7 20.5 Z"/>`
	SignServer   Sign = `<path d="M3.5 4 L20.5 4 L20.5 10.5 L3.5 10.5 Z M3.5 13.5 L20.5 13.5 L20.5 20 L3.5 20 Z M7 7.2 L7.1 7.2 M7 16.8 L7.1 16.8"/>`
	SignBank     Sign = `<path d="M3 9 L12 3.5 L21 9 Z M5.5 12 L5.5 17 M10 12 L10 17 M14 12 L14 17 M18.5 12 L18.5 17 M3 20.5 L21 20.5"/>`
	SignClock    Sign = `<circle cx="12" cy="12" r="8.5"/><path d="M12 7 L12 12 L15.5 14"/>`
	SignPerson   Sign = `<circle cx="12" cy="8" r="4"/><path d="M4 20.5 C4 16.5 7.5 14.5 12 14.5 C16.5 14.5 20 16.5 20 20.5"/>`
	SignWarning  Sign = `<path d="M12 3.5 L22 20.5 L2 20.5 Z M12 10 L12 14.5 M12 17.5 L12 17.6"/>`
	SignInfo     Sign = `<circle cx="12" cy="12" r="8.5"/><path d="M12 11 L12 16.5 M12 7.6 L12 7.7"/>`
	SignHelp     Sign = `<circle cx="12" cy="12" r="8.5"/><path d="M9.3 9.6 C9.3 6.6 14.7 6.6 14.7 9.6 C14.7 11.6 12 11.7 12 13.8 M12 16.9 L12 17"/>`
	SignHistory  Sign = `<path d="M5 3.5 L19 3.5 L19 20.5 L16.7 18.7 L14.3 20.5 L12 18.7 L9.7 20.5 L7.3 18.7 L5 20.5 Z M8.5 8.5 L15.5 8.5 M8.5 12.5 L15.5 12.5"/>`
	SignLock     Sign = `<path d="M5 10.5 L19 10.5 L19 20.5 L5 20.5 Z M8 10.5 L8 7.5 C8 2.2 16 2.2 16 7.5 L16 10.5"/>`
	SignOut      Sign = `<path d="M13 3.5 L4.5 3.5 L4.5 20.5 L13 20.5 M10 12 L20.5 12 M16.5 7.5 L21 12 L16.5 16.5"/>`
	SignLanguage Sign = `<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12 L20.5 12 M12 3.5 C7 8 7 16 12 20.5 M12 3.5 C17 8 17 16 12 20.5"/>`
	SignSun      Sign = `<circle cx="12" cy="12" r="4"/><path d="M12 2.5 L12 5 M12 19 L12 21.5 M2.5 12 L5 12 M19 12 L21.5 12 M5.3 5.3 L7 7 M17 17 L18.7 18.7 M18.7 5.3 L17 7 M7 17 L5.3 18.7"/>`
	SignMoon     Sign = `<path d="M20 14.5 C14 17 7.5 10.5 10 4 C5.5 5.5 3 10 4 14 C5.5 20.5 15.5 22.5 20 14.5 Z"/>`
	SignUp       Sign = `<path d="M5 15.5 L12 8.5 L19 15.5"/>`
	SignDown     Sign = `<path d="M5 8.5 L12 15.5 L19 8.5"/>`
	SignLeft     Sign = `<path d="M15.5 5 L8.5 12 L15.5 19"/>`
	SignRight    Sign = `<path d="M8.5 5 L15.5 12 L8.5 19"/>`
	SignPlus     Sign = `<path d="M12 4.5 L12 19.5 M4.5 12 L19.5 12"/>`
	SignMinus    Sign = `<path d="M4.5 12 L19.5 12"/>`
	SignTrash    Sign = `<path d="M4 6.5 L20 6.5 M9 6.5 L9 3.5 L15 3.5 L15 6.5 M6 6.5 L7 20.5 L17 20.5 L18 6.5 M10 10.5 L10 16.5 M14 10.5 L14 16.5"/>`
	SignBasket   Sign = `<path d="M2.5 9.5 L21.5 9.5 L19 20.5 L5 20.5 Z M7.5 9.5 L11 3.5 M16.5 9.5 L13 3.5 M9.5 13 L9.5 17 M14.5 13 L14.5 17"/>`
	SignPhone    Sign = `<path d="M7 2.5 L17 2.5 L17 21.5 L7 21.5 Z M11.5 18.5 L12.5 18.5"/>`
	SignSend     Sign = `<path d="M12 20.5 L12 4.5 M5 11 L12 4 L19 11"/>`
	SignKeys     Sign = `<path d="M2.5 6 L21.5 6 L21.5 18 L2.5 18 Z M6 9.7 L6.1 9.7 M10 9.7 L10.1 9.7 M14 9.7 L14.1 9.7 M18 9.7 L18.1 9.7 M7.5 14.3 L16.5 14.3"/>`
	SignPercent  Sign = `<circle cx="7" cy="7" r="3"/><circle cx="17" cy="17" r="3"/><path d="M19 5 L5 19"/>`
	SignCard     Sign = `<path d="M2.5 5.5 L21.5 5.5 L21.5 18.5 L2.5 18.5 Z M2.5 10 L21.5 10 M6 14.8 L10 14.8"/>`
	SignPause    Sign = `<path d="M8 5 L8 19 M16 5 L16 19"/>`
	SignComment  Sign = `<path d="M3 4.5 L21 4.5 L21 16.5 L12 16.5 L7 20.5 L7 16.5 L3 16.5 Z M7 10.5 L17 10.5"/>`
	SignRepeat   Sign = `<path d="M8 8 L20.5 8 L20.5 20.5 L8 20.5 Z M3.5 16 L3.5 3.5 L16 3.5 M14.2 11.2 L14.2 17.2 M11.2 14.2 L17.2 14.2"/>`
	SignTag      Sign = `<path d="M3.5 3.5 L12 3.5 L20.5 12 L12 20.5 L3.5 12 Z M7.8 7.8 L7.9 7.8"/>`
	SignBox      Sign = `<path d="M3.5 7.5 L12 3 L20.5 7.5 L20.5 16.5 L12 21 L3.5 16.5 Z M3.5 7.5 L12 12 L20.5 7.5 M12 12 L12 21"/>`
	SignSliders  Sign = `<path d="M3.5 6 L11.5 6 M16.5 6 L20.5 6 M3.5 12 L5.5 12 M10.5 12 L20.5 12 M3.5 18 L13.5 18 M18.5 18 L20.5 18"/><circle cx="14" cy="6" r="2.2"/><circle cx="8" cy="12" r="2.2"/><circle cx="16" cy="18" r="2.2"/>`
	SignStar     Sign = `<path d="M12 3 L14.7 9 L21.2 9.6 L16.3 13.9 L17.8 20.3 L12 16.9 L6.2 20.3 L7.7 13.9 L2.8 9.6 L9.3 9 Z"/>`
	SignFolder   Sign = `<path d="M2.5 5.5 L9.5 5.5 L11.5 8 L21.5 8 L21.5 19 L2.5 19 Z"/>`
	SignFile     Sign = `<path d="M5.5 3 L14.5 3 L18.5 7 L18.5 21 L5.5 21 Z M14 3.5 L14 7.5 L18 7.5 M8.5 12 L15.5 12 M8.5 16 L15.5 16"/>`
	SignCopy     Sign = `<path d="M8.5 8.5 L20 8.5 L20 20.5 L8.5 20.5 Z M5.5 15.5 L4 15.5 L4 3.5 L15.5 3.5 L15.5 5.5"/>`
	SignEdit     Sign = `<path d="M4 20 L4.8 15.8 L16 4.6 L19.4 8 L8.2 19.2 Z M13.5 7.2 L16.8 10.5"/>`
)

// Icon draws a sign in a colour and a size.
func Icon(s Sign, c color.Color, size float32) *canvas.Image {
	i := canvas.NewImageFromResource(signResource(s, c, size))
	i.FillMode = canvas.ImageFillContain
	i.SetMinSize(fyne.NewSize(size, size))
	return i
}

// SetIcon changes what an icon shows.
func SetIcon(i *canvas.Image, s Sign, c color.Color) {
	r := signResource(s, c, i.MinSize().Height)
	if i.Resource != nil && i.Resource.Name() == r.Name() {
		return
	}
	i.Resource, i.Image = r, nil
	i.Refresh()
}

// signResource is a sign as a picture. Its lines are made heavier for a large one, because the width of a line is not
// scaled with the rest.
func signResource(s Sign, c color.Color, size float32) fyne.Resource {
	line := max(2, size/13)
	r, g, b, _ := c.RGBA()
	hex := fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
	svg := `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="` + hex +
		`" stroke-width="` + fmt.Sprintf("%.1f", line) + `" stroke-linecap="round" stroke-linejoin="round">` + string(s) + `</svg>`
	return fyne.NewStaticResource(fmt.Sprintf("sign-%x-%s-%.1f.svg", len(s)*7919+checksum(string(s)), hex[1:], line), []byte(svg))
}

// checksum tells signs apart in Fyne's picture cache, which goes by name.
func checksum(s string) int {
	n := 0
	for _, r := range s {
		n = (n*31 + int(r)) % 1_000_003
	}
	return n
}
