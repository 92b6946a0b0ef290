package till

import (
	"context"
	"time"
)

// wait waits for a poke or the pause; false when ctx ended.
func wait(ctx context.Context, poked <-chan struct{}, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-poked:
	case <-timer.C:
	}
	return true
}
