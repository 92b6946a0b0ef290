package server

import (
	"net/http"
	"strings"
	"testing"
)

func TestPeer(t *testing.T) {
	tests := []struct {
		name, remote, forwarded string // lines of the header, one after another
		trust                   bool
		want                    string
	}{
		{"IPv4", "192.0.2.7:1234", "", false, "192.0.2.7"},
		{"IPv6 by its network", "[2001:db8:1:2:3:4:5:6]:1234", "", false, "2001:db8:1:2::/64"},
		{"IPv4 in IPv6", "[::ffff:192.0.2.7]:1234", "", false, "192.0.2.7"},
		{"a header that nobody trusts", "192.0.2.7:1234", "203.0.113.9", false, "192.0.2.7"},
		{"behind a proxy", "127.0.0.1:1234", "203.0.113.9", true, "203.0.113.9"},
		{"the last entry is the proxy's", "127.0.0.1:1234", "10.0.0.1, 203.0.113.9", true, "203.0.113.9"},
		{"the proxy adds a line of its own", "127.0.0.1:1234", "10.0.0.1\n203.0.113.9", true, "203.0.113.9"},
		{"no header", "127.0.0.1:1234", "", true, "127.0.0.1"},
		{"nonsense", "127.0.0.1:1234", "<script>", true, "unknown"},
	}
	for _, test := range tests {
		r := &http.Request{RemoteAddr: test.remote, Header: http.Header{}}
		for line := range strings.Lines(test.forwarded) {
			r.Header.Add("X-Forwarded-For", strings.TrimSpace(line))
		}
		if got := peerOf(test.trust)(r); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
