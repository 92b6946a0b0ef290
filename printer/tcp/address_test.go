package tcp

import "testing"

func TestWithPort(t *testing.T) {
	for address, want := range map[string]string{
		"192.168.1.50":      "192.168.1.50:9100",
		"192.168.1.50:9101": "192.168.1.50:9101",
		"printer.local":     "printer.local:9100",
		"fe80::1":           "[fe80::1]:9100",
		"[fe80::1]":         "[fe80::1]:9100",
		"[fe80::1]:515":     "[fe80::1]:515",
		"":                  "",
	} {
		if got := withPort(address); got != want {
			t.Errorf("%q became %q, want %q", address, got, want)
		}
	}
}
