package web

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"kassa/banks"
	"kassa/fiscal"
	"kassa/i18n"
	"kassa/server/pg"
	"kassa/sync/accept"
	"kassa/sync/wire"
)

var keyInSource = regexp.MustCompile(`"((?:web|method|kind)\.[a-z0-9_.]*[a-z0-9_])"`)

// TestEveryTextIsThere looks up every key that the pages name, in both languages.
func TestEveryTextIsThere(t *testing.T) {
	keys := map[string]bool{}
	collect := func(fsys fs.FS, pattern string) {
		paths, err := fs.Glob(fsys, pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v, %v", pattern, paths, err)
		}
		for _, path := range paths {
			text, err := fs.ReadFile(fsys, path)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range keyInSource.FindAllStringSubmatch(string(text), -1) {
				keys[m[1]] = true
			}
		}
	}
	collect(files, "templates/*.html")
	collect(os.DirFS("."), "*.go")
	for _, s := range []banks.State{banks.StateCreating, banks.StateCreateUnknown, banks.StateWaiting, banks.StateProcessing,
		banks.StatePaid, banks.StateCancelling, banks.StateCancelled, banks.StateExpired, banks.StateRejected,
		banks.StateRefundPending, banks.StatePartlyRefunded, banks.StateRefunded, banks.StateFailed} {
		keys["web.state."+string(s)] = true
	}
	for _, word := range []string{wire.TroubleUnreachable, wire.TroubleRefused, wire.TroubleAmount, wire.TroubleNoBank,
		wire.TroubleRefundFailed, wire.TroubleRefundUnknown} {
		keys["web.trouble."+word] = true
	}
	for _, a := range accept.Asides() {
		keys["web.aside."+string(a)] = true
	}
	for _, k := range []fiscal.Kind{fiscal.OpenShift, fiscal.CloseShift, fiscal.Sale, fiscal.Return, fiscal.SaleCorrection, fiscal.ReturnCorrection,
		fiscal.CashIn, fiscal.CashOut, fiscal.XReport} {
		keys["web.fiscal.kind."+string(k)] = true
	}
	for _, k := range pg.TroubleKinds() {
		keys["web.troubles.kind."+string(k)] = true
		keys["web.troubles.do."+string(k)] = true
	}
	for _, key := range []string{"sum_ours", "sum_theirs", "refunded_ours", "refunded_theirs"} {
		keys["web.troubles."+key] = true
	}
	for _, state := range []string{pg.RefundWanted, pg.RefundSent, pg.RefundUnknown, pg.RefundDone, pg.RefundFailed} {
		keys["web.refund."+state] = true
	}
	for _, do := range append(decisions, doAsk, doClose) {
		keys["web.do."+do] = true
		if do != doAsk {
			keys["web.do."+do+".title"] = true
			keys["web.do."+do+".what"] = true
		}
	}
	for _, c := range pg.Causes() {
		keys["web.cause."+c] = true
	}
	for _, tag := range i18n.Tags() {
		l, err := i18n.Load(tag)
		if err != nil {
			t.Fatal(err)
		}
		for key := range keys {
			if !l.Has(key) {
				t.Errorf("%s has no text %q", tag, key)
			}
		}
		for _, key := range l.Keys() {
			if strings.HasPrefix(key, "web.") && !keys[key] {
				t.Errorf("%s has the text %q, which no page shows", tag, key)
			}
		}
	}
}
