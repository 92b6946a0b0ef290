package till

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"kassa/localdb"
)

// Parameters of argon2id (RFC 9106), the smaller recommended set's memory: a till has little to spare, and a PIN is
// guarded by the pauses between tries above all.
const (
	pinTime, pinMemory, pinThreads, pinKey = 1, 19 * 1024, 1, 32
)

// ErrBadPIN tells that a PIN cannot be used as one.
var ErrBadPIN = errors.New("till: a PIN is 4 to 8 digits")

// HashPIN gives what is stored of a PIN.
func HashPIN(pin string) (string, error) {
	if len(pin) < 4 || len(pin) > 8 || strings.Trim(pin, "0123456789") != "" {
		return "", ErrBadPIN
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	return "argon2id$" + encode(salt) + "$" + encode(pinHash(pin, salt)), nil
}

func encode(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }

func pinHash(pin string, salt []byte) []byte {
	return argon2.IDKey([]byte(pin), salt, pinTime, pinMemory, pinThreads, pinKey)
}

func pinMatches(pin, stored string) bool {
	parts := strings.Split(stored, "$")
	if len(parts) != 3 || parts[0] != "argon2id" {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[1])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[2])
	if err1 != nil || err2 != nil {
		return false
	}
	return subtle.ConstantTimeCompare(pinHash(pin, salt), want) == 1
}

// Wrong PINs in a row: after freeTries each further one costs a pause that doubles, and that a restart does not end.
const (
	freeTries  = 5
	firstPause = 5 * time.Second
	mostPause  = 5 * time.Minute
)

// pinGuard is what is stored about wrong PINs.
type pinGuard struct {
	Failures int       `json:"failures"`
	Until    time.Time `json:"until"`
}

const pinGuardSetting = "pin_guard"

func (g pinGuard) failed(now time.Time) pinGuard {
	g.Failures++
	if over := g.Failures - freeTries; over >= 0 {
		g.Until = now.Add(min(firstPause<<min(over, 10), mostPause))
	}
	return g
}

// wait is how long there is still to wait. A clock that was set back does not make it longer than the longest pause.
func (g pinGuard) wait(now time.Time) time.Duration {
	return min(g.Until.Sub(now), mostPause)
}

// SignIn lets in the cashier whose PIN it is, in place of who was there. The problem is CodeWrongPIN, or CodeWait with
// the seconds left.
func (t *Till) SignIn(ctx context.Context, pin string) error {
	who, err := t.checkPIN(ctx, pin)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cashier, t.role, t.leave = who.Name, Role(who.Role), nil
	t.turn++
	t.changed()
	return nil
}

// checkPIN finds whose PIN it is, and makes guessing slow.
func (t *Till) checkPIN(ctx context.Context, pin string) (who localdb.Cashier, err error) {
	t.pins.Lock()
	defer t.pins.Unlock()
	var guard pinGuard
	if _, err := t.c.Store.Setting(ctx, pinGuardSetting, &guard); err != nil {
		return who, disk(err)
	}
	if left := guard.wait(t.c.Now()); left > 0 {
		return who, problem(CodeWait, nil, "seconds", int64((left+time.Second-1)/time.Second))
	}
	who, ok, err := t.whoseIs(ctx, pin)
	// Hashing takes 19 MiB a cashier: a till has little memory, and needs it for other things until the next sign-in.
	t.tasks.do(func(context.Context) { debug.FreeOSMemory() })
	if err != nil {
		return who, disk(err)
	}
	if !ok {
		guard = guard.failed(t.c.Now())
		if err := t.c.Store.SetSetting(ctx, pinGuardSetting, guard); err != nil {
			return who, disk(err)
		}
		return who, problem(CodeWrongPIN, nil)
	}
	if guard.Failures > 0 {
		if err := t.c.Store.SetSetting(ctx, pinGuardSetting, pinGuard{}); err != nil {
			return who, disk(err)
		}
	}
	return who, nil
}

// whoseIs tries the PIN against everybody's.
func (t *Till) whoseIs(ctx context.Context, pin string) (localdb.Cashier, bool, error) {
	cashiers, err := t.c.Store.Cashiers(ctx)
	if err != nil {
		return localdb.Cashier{}, false, err
	}
	for _, c := range cashiers {
		if pinMatches(pin, c.PINHash) {
			return c, true, nil
		}
	}
	return localdb.Cashier{}, false, nil
}

// SignOut ends the cashier's turn. The receipt and the shift stay as they are.
func (t *Till) SignOut() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cashier, t.role, t.leave = "", "", nil
	t.turn++
	t.changed()
}
