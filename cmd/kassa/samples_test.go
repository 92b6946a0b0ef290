package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"kassa/printer/escpos"
	"kassa/printer/slip/samples"
)

func TestPrintSamples(t *testing.T) {
	for profile, columns := range map[string]int{"epson-80": 48, "58": 32} {
		t.Run(profile, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "new", "folder")
			out, errs, code := kassa(t, "", "print-samples", "--profile", profile, "--to", dir)
			if code != exitOK || errs != "" || !strings.Contains(out, dir) {
				t.Fatalf("exit code %d\n%s%s", code, out, errs)
			}
			files, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			if len(files) != 3*len(samples.Kinds()) {
				t.Errorf("%d files for %d slips", len(files), len(samples.Kinds()))
			}
			for _, kind := range samples.Kinds() {
				checkSample(t, filepath.Join(dir, string(kind)), columns)
			}
			if got := codeOn(t, filepath.Join(dir, "qr.png")); got != samples.Payload {
				t.Errorf("the paper reads %q", got)
			}
			if got := codeOn(t, filepath.Join(dir, "copy-of-receipt.png")); !strings.HasPrefix(got, "t=20261123T1005&s=1715.04&fn=") {
				t.Errorf("the copy reads %q", got)
			}
			sameAgain(t, profile, dir)
		})
	}
}

// checkSample looks at the files of one slip.
func checkSample(t *testing.T, path string, columns int) {
	t.Helper()
	job, err := os.ReadFile(path + ".bin")
	if err != nil || !bytes.HasPrefix(job, []byte{0x1B, '@'}) {
		t.Errorf("%s: a job of %d bytes, %v", path, len(job), err)
	}
	text, err := os.ReadFile(path + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "НЕФИСКАЛЬНЫЙ ДОКУМЕНТ") {
		t.Errorf("%s says\n%s", path, text)
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if n := len([]rune(line)); n > columns {
			t.Errorf("%s: %q has %d letters", path, line, n)
		}
	}
}

// codeOn reads the QR code on a picture.
func codeOn(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return code.GetText()
}

// sameAgain writes the samples once more.
func sameAgain(t *testing.T, profile, dir string) {
	t.Helper()
	again := t.TempDir()
	if _, errs, code := kassa(t, "", "print-samples", "--profile", profile, "--to", again); code != exitOK {
		t.Fatal(errs)
	}
	for _, kind := range samples.Kinds() {
		for _, ending := range []string{".bin", ".png", ".txt"} {
			a, err1 := os.ReadFile(filepath.Join(dir, string(kind)+ending))
			b, err2 := os.ReadFile(filepath.Join(again, string(kind)+ending))
			if err1 != nil || err2 != nil || !bytes.Equal(a, b) {
				t.Errorf("%s%s differs the second time: %v, %v", kind, ending, err1, err2)
			}
		}
	}
}

func TestPrintSamplesThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no profile":       {[]string{"--to", t.TempDir()}, exitUsage, "print-samples --profile"},
		"no folder":        {[]string{"--profile", "58"}, exitUsage, "print-samples --profile"},
		"unknown profile":  {[]string{"--profile", "laser", "--to", t.TempDir()}, exitUsage, escpos.Profiles()[0].Name},
		"unknown language": {[]string{"--profile", "58", "--to", t.TempDir(), "--lang", "de"}, exitUsage, "--lang"},
		"a file there":     {[]string{"--profile", "58", "--to", listFile(t, "x")}, exitFailed, "kassa:"},
	} {
		t.Run(name, func(t *testing.T) {
			out, errs, code := kassa(t, "", append([]string{"print-samples"}, c.args...)...)
			if code != c.code || out != "" || !strings.Contains(errs, c.says) {
				t.Errorf("exit code %d\n%s%s", code, out, errs)
			}
		})
	}
}
