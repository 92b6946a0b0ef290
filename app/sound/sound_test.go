package sound

import (
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
)

func TestTheFilesAreSounds(t *testing.T) {
	for name, tones := range signals {
		b := wav(tones)
		if string(b[:4]) != "RIFF" || string(b[8:16]) != "WAVEfmt " || int(binary.LittleEndian.Uint32(b[4:])) != len(b)-8 ||
			int(binary.LittleEndian.Uint32(b[40:])) != len(b)-44 {
			t.Errorf("%s: the header is wrong", name)
		}
		loudest := int16(0)
		for i := 44; i+1 < len(b); i += 2 {
			loudest = max(loudest, int16(binary.LittleEndian.Uint16(b[i:])))
		}
		if loudest < 10_000 || len(b) > 44+2*rate {
			t.Errorf("%s: as loud as %d, %d bytes", name, loudest, len(b))
		}
	}
}

func TestSoundsDoNotTrailBehind(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var heard []string
		begun, goOn := make(chan struct{}), make(chan struct{})
		p, err := newPlayer(dir, func(_ context.Context, file string) error {
			heard = append(heard, strings.TrimSuffix(filepath.Base(file), ".wav"))
			begun <- struct{}{}
			<-goOn
			return nil
		}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		p.Play(Scan)
		<-begun
		for _, s := range []Signal{Scan, Scan, Unknown} { // while the first one is being played
			p.Play(s)
		}
		goOn <- struct{}{}
		<-begun
		goOn <- struct{}{}
		synctest.Wait()
		p.Close()
		if strings.Join(heard, " ") != "scan unknown" {
			t.Errorf("heard: %v", heard)
		}
	})
}

func TestSilenceIsNoFault(t *testing.T) {
	var none *Player
	none.Play(Scan)
	none.Close()
	p, err := newPlayer(t.TempDir(), nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p.Play(Sold)
	p.Close()
	if _, err := newPlayer(filepath.Join(file(t), "x"), nil, nil); err == nil {
		t.Error("signals were written into a file")
	}
	failing, err := newPlayer(t.TempDir(), func(context.Context, string) error { return errors.New("no card") }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		failing.Play(Wrong)
	}
	failing.Close()
}

// file makes a file where a folder is wanted.
func file(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
