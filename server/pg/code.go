package pg

import (
	"crypto/rand"
	"crypto/subtle"
	"strings"
)

// code is a pairing code as a person types it: "K7PX-2MQD". The first half finds the row, the second is the secret.
// Twenty bits are enough for a secret that dies after a few wrong tries or a quarter of an hour.
type code struct {
	selector, verifier string
}

// codeLetters leaves out what is mistaken for something else: I, L, O, U (as Crockford's base 32 does).
const codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const codeHalf = 4

func newCode() code {
	raw := make([]byte, 2*codeHalf)
	rand.Read(raw) // never fails: crypto/rand ends the program instead
	for i := range raw {
		raw[i] = codeLetters[int(raw[i])%len(codeLetters)]
	}
	return code{selector: string(raw[:codeHalf]), verifier: string(raw[codeHalf:])}
}

func (c code) String() string { return c.selector + "-" + c.verifier }

// parseCode reads a code as it was typed: in either case, with or without the hyphen and spaces, with O for 0 and I or L
// for 1.
func parseCode(text string) (code, bool) {
	if len(text) > 40 {
		return code{}, false
	}
	text = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(text))
	if len(text) != 2*codeHalf || strings.Trim(text, codeLetters) != "" {
		return code{}, false
	}
	return code{selector: text[:codeHalf], verifier: text[codeHalf:]}, true
}

func sameHash(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }
