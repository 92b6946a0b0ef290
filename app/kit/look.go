package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Sizes, in Fyne's units. They are all here, so that the till keeps one rhythm.
const (
	TextCaption = 13
	TextBody    = 16
	TextLarge   = 20
	TextTitle   = 28
	TextSum     = 36
	TextTotal   = 54
	TextHuge    = 76

	Gap      = 8
	Inset    = 16
	Radius   = 12
	Rounding = 8 // of small things

	Touch    = 48 // the least height of what a finger has to hit
	TouchBig = 64
	BarSize  = 60 // the bar at the top
)

// Look is the palette of one variant, light or dark. A screen is built with a Look and built anew for another one.
type Look struct {
	Dark bool

	Background, Surface, Raised, Line color.NRGBA
	Ink, Muted                        color.NRGBA

	Bar, BarRaised, BarInk, BarMuted color.NRGBA

	Primary, PrimaryHover, OnPrimary, PrimarySoft color.NRGBA // what moves the sale on
	Accent, AccentHover, OnAccent, AccentSoft     color.NRGBA // what is chosen, and QR
	Good, GoodSoft                                color.NRGBA
	Warn, WarnSoft                                color.NRGBA
	Bad, BadSoft, OnBad                           color.NRGBA
	Practice, OnPractice                          color.NRGBA
	Scrim, Shade                                  color.NRGBA
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

func rgba(v uint32, a uint8) color.NRGBA {
	c := rgb(v)
	c.A = a
	return c
}

// Light is the palette for a bright shop.
func Light() *Look {
	return &Look{
		Background: rgb(0xeef1f5), Surface: rgb(0xffffff), Raised: rgb(0xe6ebf1), Line: rgb(0xdde3ea),
		Ink: rgb(0x14202b), Muted: rgb(0x566573),
		Bar: rgb(0x14222e), BarRaised: rgb(0x22343f), BarInk: rgb(0xf4f8fb), BarMuted: rgb(0x9db1c0),
		Primary: rgb(0x0b7f58), PrimaryHover: rgb(0x0a6f4d), OnPrimary: rgb(0xffffff), PrimarySoft: rgb(0xdff3ea),
		Accent: rgb(0x2c59d0), AccentHover: rgb(0x244ab0), OnAccent: rgb(0xffffff), AccentSoft: rgb(0xe4ebfd),
		Good: rgb(0x0b7f58), GoodSoft: rgb(0xdff3ea),
		Warn: rgb(0x955300), WarnSoft: rgb(0xfff1d6),
		Bad: rgb(0xb3261e), BadSoft: rgb(0xfde7e5), OnBad: rgb(0xffffff),
		Practice: rgb(0xf5b53d), OnPractice: rgb(0x332100),
		Scrim: rgba(0x0c151c, 0x99), Shade: rgba(0x14202b, 0x24),
	}
}

// Dark is the palette for a dim one.
func Dark() *Look {
	return &Look{
		Dark:       true,
		Background: rgb(0x0f161c), Surface: rgb(0x1a242d), Raised: rgb(0x283541), Line: rgb(0x2d3a46),
		Ink: rgb(0xeef3f7), Muted: rgb(0xa2b1be),
		Bar: rgb(0x090e12), BarRaised: rgb(0x1b2730), BarInk: rgb(0xf4f8fb), BarMuted: rgb(0x93a6b5),
		Primary: rgb(0x178c63), PrimaryHover: rgb(0x1a9c6f), OnPrimary: rgb(0xffffff), PrimarySoft: rgb(0x17372c),
		Accent: rgb(0x4671e6), AccentHover: rgb(0x5680f0), OnAccent: rgb(0xffffff), AccentSoft: rgb(0x1e2d55),
		Good: rgb(0x46c795), GoodSoft: rgb(0x17372c),
		Warn: rgb(0xf0b354), WarnSoft: rgb(0x3b2d14),
		Bad: rgb(0xff8a80), BadSoft: rgb(0x452222), OnBad: rgb(0x2b0906),
		Practice: rgb(0xe2a12e), OnPractice: rgb(0x241700),
		Scrim: rgba(0x000000, 0xa6), Shade: rgba(0x000000, 0x66),
	}
}

// Stripe is the colour of the nth group of goods.
func (l *Look) Stripe(n int) color.NRGBA {
	light := [...]uint32{0x3f7ae0, 0x2ea56b, 0xe39a1f, 0xc9447e, 0x7c5cd6, 0x1799a8, 0xd0622f, 0x6f8a2a, 0x9a5b3c, 0x5b7083}
	if n < 0 {
		return l.Line
	}
	return rgb(light[n%len(light)])
}

// Theme gives Fyne's own widgets, and what Fyne paints by itself, the till's colours and sizes.
type Theme struct {
	look  *Look
	base  fyne.Theme
	clear color.NRGBA
}

// Theme is the palette as Fyne wants it.
func (l *Look) Theme() *Theme {
	return &Theme{look: l, base: theme.DefaultTheme(), clear: l.Background}
}

// ClearWith is the colour that windows are cleared with before anything is painted. What has that colour need not be
// painted at all.
func (t *Theme) ClearWith(c color.NRGBA) { t.clear = c }

// Color is Fyne's colour by name.
func (t *Theme) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	l := t.look
	switch name {
	case theme.ColorNameBackground:
		return t.clear
	case theme.ColorNameOverlayBackground, theme.ColorNameMenuBackground:
		return l.Background
	case theme.ColorNameForeground:
		return l.Ink
	case theme.ColorNamePrimary, theme.ColorNameFocus:
		return l.Accent
	case theme.ColorNameScrollBar:
		return l.Muted
	case theme.ColorNameShadow:
		return l.Shade
	}
	variant := theme.VariantLight
	if l.Dark {
		variant = theme.VariantDark
	}
	return t.base.Color(name, variant)
}

// Font is the bundled font, which has every letter that the till writes.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource { return t.base.Font(s) }

// Icon is Fyne's.
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return t.base.Icon(n) }

// Size is Fyne's size by name.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return TextBody
	case theme.SizeNameCaptionText:
		return TextCaption
	case theme.SizeNamePadding:
		return 6
	case theme.SizeNameInnerPadding:
		return 10
	case theme.SizeNameInputRadius:
		return Rounding
	case theme.SizeNameScrollBar:
		return 18
	case theme.SizeNameModalBlurRadius:
		return 0
	}
	return t.base.Size(name)
}
