// Package sound plays the till's short signals, so that a cashier need not look up to know that a scan was taken or was
// not. The signals are computed, not recorded; they are played by whatever the system has for that, and where there is
// nothing the till is silent.
package sound

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Signal is one of the till's sounds.
type Signal string

// The signals.
const (
	Scan    Signal = "scan"    // goods are on the receipt: short and high
	Unknown Signal = "unknown" // nobody knows the code: two low tones
	Wrong   Signal = "error"   // something was refused
	Sold    Signal = "sold"    // money was taken: two rising tones
)

// signals are the tones of each.
var signals = map[Signal][]tone{
	Scan:    {{hertz: 1760, long: 60 * time.Millisecond}},
	Unknown: {{hertz: 330, long: 140 * time.Millisecond}, {long: 50 * time.Millisecond}, {hertz: 247, long: 220 * time.Millisecond}},
	Wrong:   {{hertz: 294, long: 180 * time.Millisecond}},
	Sold:    {{hertz: 880, long: 90 * time.Millisecond}, {hertz: 1319, long: 160 * time.Millisecond}},
}

// limit bounds the playing of one signal: a sound server that hangs must not hold up the next ones for long.
const limit = 3 * time.Second

// Player plays signals one after another, on a goroutine of its own. A signal that comes while another one waits takes
// its place: sounds must not trail behind the hands.
type Player struct {
	play  func(ctx context.Context, file string) error
	files map[Signal]string
	next  chan Signal
	done  chan struct{}
	stop  context.CancelFunc
	once  sync.Once
}

// New writes the signals into a folder and starts a player. Without anything to play them by it returns a Player that is
// silent. The error is that of writing the files.
func New(dir string, log *slog.Logger) (*Player, error) {
	return newPlayer(dir, systemPlayer(), log)
}

func newPlayer(dir string, play func(context.Context, string) error, log *slog.Logger) (*Player, error) {
	p := &Player{play: play, files: map[Signal]string{}, next: make(chan Signal, 1), done: make(chan struct{})}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	for s, tones := range signals {
		p.files[s] = filepath.Join(dir, string(s)+".wav")
		if err := os.WriteFile(p.files[s], wav(tones), 0o600); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.stop = cancel
	go p.run(ctx, log)
	return p, nil
}

// Play has a signal played soon, and returns at once. It may be called on any goroutine, also after Close.
func (p *Player) Play(s Signal) {
	if p == nil || p.play == nil {
		return
	}
	for {
		select {
		case p.next <- s:
			return
		default:
		}
		select {
		case <-p.next: // an older one that nobody has heard yet
		default:
		}
	}
}

// Close ends the player, also in the middle of a signal.
func (p *Player) Close() {
	if p == nil {
		return
	}
	p.once.Do(func() {
		p.stop()
		<-p.done
	})
}

func (p *Player) run(ctx context.Context, log *slog.Logger) {
	defer close(p.done)
	failed := false
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-p.next:
			one, cancel := context.WithTimeout(ctx, limit)
			err := p.play(one, p.files[s])
			cancel()
			if err != nil && !failed && ctx.Err() == nil {
				failed = true // once is enough to know
				log.Warn("no sound", "error", err)
			}
		}
	}
}
