package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// peerOf gives the function that tells who a request comes from, as far as counting wrong guesses needs it: an address,
// or of IPv6 the network of 64 bits, since one customer has a whole one.
func peerOf(trustForwarded bool) func(*http.Request) string {
	return func(r *http.Request) string {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			host = r.RemoteAddr
		}
		if trustForwarded {
			// The last entry is the one that our own proxy wrote, be it at the end of a line or as a line of its own.
			entries := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
			if last := strings.TrimSpace(entries[len(entries)-1]); last != "" {
				host = last
			}
		}
		addr, err := netip.ParseAddr(host)
		if err != nil {
			return "unknown"
		}
		if addr = addr.Unmap().WithZone(""); addr.Is6() {
			if prefix, err := addr.Prefix(64); err == nil {
				return prefix.String()
			}
		}
		return addr.String()
	}
}
