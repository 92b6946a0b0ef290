//go:build window

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"kassa/app/apptest/xscreen"
)

// TestAWorkingDayInTheWindow plays the day of TestAWorkingDay on the real program, KASSA_TILL, in its OpenGL window under a
// virtual display: keys are pressed from outside, and at a power cut the process is killed. KASSA_PICTURES names a
// folder for pictures of the screen.
func TestAWorkingDayInTheWindow(t *testing.T) {
	program := os.Getenv("KASSA_TILL")
	if program == "" {
		t.Fatal("KASSA_TILL names no program")
	}
	shop := newDayShop(t)
	h := &realWindow{T: t, shop: shop, program: program, home: t.TempDir(), pictures: os.Getenv("KASSA_PICTURES")}
	h.display()
	h.open()
	t.Cleanup(func() { h.kill() })
	newDay(t, shop, h, 200).play()
	h.picture("end")
}

// realWindow is the till's program under a virtual display.
type realWindow struct {
	*testing.T
	shop     *dayShop
	program  string
	home     string
	pictures string

	name   string // of the display
	cmd    *exec.Cmd
	said   *bytes.Buffer
	screen *xscreen.Screen
	eyes   image.Rectangle // what is looked at: not the clock
	n      int
}

// bar is the height of the bar with the clock, which moves by itself.
const bar = 64

func (h *realWindow) display() {
	h.Helper()
	r, w, err := os.Pipe()
	h.shop.must(err)
	defer r.Close()
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset")
	x.ExtraFiles = []*os.File{w}
	err = x.Start()
	w.Close()
	h.shop.must(err)
	h.Cleanup(func() {
		x.Process.Signal(syscall.SIGTERM)
		x.Wait()
	})
	line, err := bufio.NewReader(r).ReadString('\n')
	h.shop.must(err)
	h.name = ":" + strings.TrimSpace(line)
}

func (h *realWindow) open() {
	h.Helper()
	h.said = &bytes.Buffer{}
	h.cmd = exec.Command(h.program, "--data", h.shop.dir, "--lang", "ru")
	h.cmd.Env = append(os.Environ(), "DISPLAY="+h.name, "HOME="+h.home, "XDG_CONFIG_HOME="+h.home, "XDG_CACHE_HOME="+h.home, "XDG_RUNTIME_DIR="+h.home)
	h.cmd.Stderr = h.said
	h.shop.must(h.cmd.Start())
	var err error
	h.screen, err = xscreen.Open(h.name)
	h.shop.must(err)
	ctx, cancel := context.WithTimeout(h.Context(), patience)
	defer cancel()
	h.shop.must(h.screen.Find(ctx))
	h.eyes = image.Rect(0, bar, h.screen.Size().Dx(), h.screen.Size().Dy())
	_, err = h.screen.Changed(ctx, h.eyes, make([]byte, h.eyes.Dx()*h.eyes.Dy()*4))
	h.shop.must(err)
	h.settle()
}

func (h *realWindow) kill() {
	if h.cmd == nil {
		return
	}
	h.cmd.Process.Kill()
	h.cmd.Wait()
	h.cmd = nil
	if h.screen != nil {
		h.screen.Close()
		h.screen = nil
	}
}

// cut kills the process.
func (h *realWindow) cut() {
	h.picture("cut")
	h.kill()
	h.open()
}

var keysyms = map[string]xproto.Keysym{
	"Return": xscreen.Return, "Escape": xscreen.Escape, "Delete": xscreen.Delete, "F1": xscreen.F1, "F3": xscreen.F1 + 2, "F4": xscreen.F1 + 3,
	"F5": xscreen.F1 + 4, "F6": xscreen.F1 + 5, "F7": xscreen.F1 + 6, "F8": xscreen.F1 + 7, "F9": xscreen.F1 + 8, "F10": xscreen.F1 + 9,
	"F11": xscreen.F1 + 10, "F12": xscreen.F1 + 11,
}

// press presses keys as a person does: not the next one before the screen has answered.
func (h *realWindow) press(keys ...string) {
	h.Helper()
	for _, k := range keys {
		h.shop.must(h.screen.Press(keysyms[k]))
		h.settle()
	}
}

// write types a text. A scanner types as fast.
func (h *realWindow) write(text string) {
	h.Helper()
	h.shop.must(h.screen.Type(text))
}

// settle waits until the screen stands still.
func (h *realWindow) settle() {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), patience)
	defer cancel()
	if _, err := h.screen.Still(ctx, h.eyes, 250*time.Millisecond); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		h.giveUp(err.Error())
	}
}

func (h *realWindow) codeGone() {
	time.Sleep(500 * time.Millisecond)
	h.settle()
}

func (h *realWindow) giveUp(why string) {
	h.Helper()
	h.picture("failed")
	h.Fatalf("%s; the till said %s", why, h.said)
}

// picture keeps what is on the screen.
func (h *realWindow) picture(name string) {
	if h.pictures == "" || h.screen == nil {
		return
	}
	b, err := h.screen.Look(h.screen.Size())
	if err != nil {
		return
	}
	img := image.NewNRGBA(h.screen.Size())
	for i := 0; i+4 <= len(b); i += 4 {
		x, y := i/4%img.Rect.Dx(), i/4/img.Rect.Dx()
		img.SetNRGBA(x, y, color.NRGBA{R: b[i+2], G: b[i+1], B: b[i], A: 255})
	}
	var out bytes.Buffer
	if png.Encode(&out, img) == nil {
		h.n++
		_ = os.WriteFile(filepath.Join(h.pictures, name+".png"), out.Bytes(), 0o600)
	}
}
