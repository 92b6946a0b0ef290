package e2e

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

// testWindow is the real window on Fyne's test driver, in this process.
type testWindow struct {
	*testing.T
	shop *dayShop
	*program
}

func (h *testWindow) open() {
	h.Helper()
	p, err := start(h.Context(), h.shop.dir, time.Now)
	h.shop.must(err)
	h.program = p
}

func (h *testWindow) close() {
	if h.program == nil {
		return
	}
	if err := h.program.close(); err != nil {
		h.Error(err)
	}
	h.program = nil
}

func (h *testWindow) press(keys ...string) {
	h.Helper()
	for _, k := range keys {
		if err := h.screen.Press(fyne.KeyName(k)); err != nil {
			h.giveUp(err.Error())
		}
	}
}

func (h *testWindow) write(text string) { h.screen.Type(text) }

func (h *testWindow) settle() {
	h.Helper()
	if err := h.screen.Settle(); err != nil {
		h.giveUp(err.Error())
	}
}

func (h *testWindow) codeGone() {
	h.Helper()
	if err := h.screen.Until("the code gone", func() bool { return h.till.View().QR == nil }); err != nil {
		h.giveUp(err.Error())
	}
	h.settle()
}

// cut closes the program: a process cannot cut its own power. The real window is killed.
func (h *testWindow) cut() {
	h.close()
	h.open()
}

func (h *testWindow) giveUp(why string) {
	h.Helper()
	h.Fatalf("%s; the screen says %q", why, h.screen.Texts())
}
