// Package assets holds the files that are built into the programs: translations, the demo catalogue and pictures.
package assets

import "embed"

// Translations holds translations/LANGUAGE/ROOM.json: one catalogue for each language and room.
//
//go:embed translations
var Translations embed.FS
