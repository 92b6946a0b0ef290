//go:build !windows

package sound

import (
	"context"
	"os/exec"
)

// systemPlayer finds a program that plays sound files: PipeWire's, PulseAudio's or ALSA's, or that of macOS. It is nil
// when there is none.
func systemPlayer() func(context.Context, string) error {
	for _, p := range [][]string{{"pw-play"}, {"paplay"}, {"aplay", "-q"}, {"afplay"}} {
		path, err := exec.LookPath(p[0])
		if err != nil {
			continue
		}
		return func(ctx context.Context, file string) error {
			return exec.CommandContext(ctx, path, append(p[1:len(p):len(p)], file)...).Run()
		}
	}
	return nil
}
