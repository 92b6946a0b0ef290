package sound

import (
	"context"
	"fmt"
	"syscall"
	"unsafe"
)

// Flags of PlaySoundW (Windows SDK, mmsystem.h): wait for the end, no default sound, the name is a file's.
const (
	sndSync      = 0x0000
	sndNoDefault = 0x0002
	sndFilename  = 0x20000
)

// systemPlayer plays by the system's own call.
func systemPlayer() func(context.Context, string) error {
	call := syscall.NewLazyDLL("winmm.dll").NewProc("PlaySoundW")
	return func(_ context.Context, file string) error {
		name, err := syscall.UTF16PtrFromString(file)
		if err != nil {
			return err
		}
		if ok, _, err := call.Call(uintptr(unsafe.Pointer(name)), 0, sndSync|sndNoDefault|sndFilename); ok == 0 {
			return fmt.Errorf("playing %s: %w", file, err)
		}
		return nil
	}
}
