package printersim

import (
	"bytes"
	"context"
	"time"
)

// The commands that a printer obeys at once, wherever they stand, also with no paper: DLE EOT n, DLE DC4 with function 1
// (drawer) and function 8 (empty the buffers).
var forget = []byte{0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08}

// atOnce obeys the real-time command that ends with the byte that came last, if there is one.
func (c *client) atOnce(ctx context.Context, b byte) {
	c.recent = append(c.recent, b)
	c.recent = c.recent[max(len(c.recent)-len(forget), 0):]
	r := c.recent
	n := len(r)
	switch {
	case n >= 3 && r[n-3] == 0x10 && r[n-2] == 0x04 && b >= 1 && b <= 4:
		c.reply(ctx, b)
	case n >= 5 && r[n-5] == 0x10 && r[n-4] == 0x14 && r[n-3] == 1 && r[n-2] <= 1 && b >= 1 && b <= 8:
		c.printer.change(func() { c.printer.kicks++ })
	case bytes.HasSuffix(r, forget):
		c.printer.change(func() { c.printer.forgot++ })
		if !c.printer.now().on[Silent] {
			_, _ = c.conn.Write([]byte{0x37, 0x25, 0x00}) // a client that is gone is noticed when reading
		}
	}
}

// reply answers DLE EOT n.
func (c *client) reply(ctx context.Context, n byte) {
	f := c.printer.now()
	if f.on[Late] {
		select {
		case <-time.After(f.delay):
		case <-ctx.Done():
			return
		}
	}
	if f.on[Junk] {
		_, _ = c.conn.Write([]byte("\x00HTTP/1.1 400\r\n\xff\x11\x13"))
		return
	}
	if answer, ok := f.answer(n); ok {
		_, _ = c.conn.Write([]byte{answer})
	}
}

// obeyed is the length of a pulse for the drawer at the head of data, which was obeyed when it came; zero when there is none.
func obeyed(data []byte) int {
	if len(data) >= 5 && data[0] == 0x10 && data[1] == 0x14 && data[2] == 1 {
		return 5
	}
	return 0
}

// forgets drops what was not printed yet, if any client had the buffers emptied since the last look. What is on paper
// already is a job that broke off.
func (c *client) forgets() {
	c.printer.mu.Lock()
	forgot := c.printer.forgot
	c.printer.mu.Unlock()
	if forgot == c.forgot {
		return
	}
	c.forgot = forgot
	c.pending = nil
	c.end(true)
}

// proof is GS ( H with function 48; its last four bytes come back when everything before it is on paper.
var proof = []byte{0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30}

// proves answers a question for proof at the head of what is pending, and tells how many bytes it has; zero when there is
// none, or not all of it.
func (c *client) proves() int {
	n := len(proof) + 4
	if c.printer.now().on[Unproved] || len(c.pending) < n || !bytes.HasPrefix(c.pending, proof) {
		return 0
	}
	if !c.printer.now().on[Silent] {
		_, _ = c.conn.Write(append(append([]byte{0x37, 0x22}, c.pending[len(proof):n]...), 0))
	}
	return n
}

// maybeTalk tells whether what is pending is, or may become, a command that is no part of a job.
func (c *client) maybeTalk() bool {
	p := c.pending
	if len(p) == 0 {
		return false
	}
	if p[0] == 0x10 {
		return len(p) < 2 || p[1] == 0x04 || p[1] == 0x14
	}
	return bytes.HasPrefix(proof, p) || bytes.HasPrefix(p, proof)
}
