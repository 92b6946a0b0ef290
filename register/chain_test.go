package register_test

import (
	"encoding/json"
	"testing"
	"time"

	"kassa/register"
)

func TestChain(t *testing.T) {
	o := register.Operation{Journal: "j", Number: 1, ID: "i", Kind: register.KindSale, Version: 1,
		At: time.Date(2026, 3, 9, 21, 5, 0, 123456789, time.FixedZone("MSK", 3*3600)), Body: json.RawMessage(`{"total":1}`)}
	b, err := o.Encode()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"journal":"j","number":1,"id":"i","kind":"sale","version":1,"at":"2026-03-09T18:05:00.123Z","shift":0,"cashier":"","body":{"total":1}}`
	if string(b) != want {
		t.Errorf("the stored bytes are %s", b)
	}
	h := register.Link(register.Hash{}, b)
	if h == register.Link(h, b) || h == register.Link(register.Hash{}, append(b, ' ')) {
		t.Error("the hash does not depend on what came before, or on every byte")
	}
	// SHA-256 of 32 zero bytes and the bytes above, computed with sha256sum.
	if got := h.String(); got != "17d4e7ed31dc5e5aa425b07268ac8c7fd22c2fc23828deef06cf6d9bfb39eb7e" {
		t.Errorf("hash is %s", got)
	}
	back, err := register.ParseHash(h.String())
	if err != nil || back != h {
		t.Errorf("read back as %s, %v", back, err)
	}
}
