package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"kassa/register"
	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
	"kassa/server/servertest"
	"kassa/sync/wire"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

const journalID = "01935f3e-0000-7000-8000-000000000001"

func journal(t *testing.T, w *servertest.World, sales int) *servertest.Journal {
	t.Helper()
	j := &servertest.Journal{ID: journalID}
	j.Add(t, w.Clock.Now(), register.KindShiftOpened, register.ShiftOpened{Float: 1000_00})
	for i := range sales {
		j.AddSale(t, w.Clock.Now(), int64(i)+1)
	}
	return j
}

// stored is what the server has of a journal, as bytes, in order.
func stored(t *testing.T, w *servertest.World) [][]byte {
	t.Helper()
	list, err := w.Store.Operations(t.Context(), w.Owner.Account, pg.OperationFilter{Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	records := make([][]byte, len(list))
	for _, o := range list {
		_, record, err := w.Store.Operation(t.Context(), w.Owner.Account, o.Journal, o.Number)
		if err != nil {
			t.Fatal(err)
		}
		if o.Number < 1 || o.Number > int64(len(records)) || records[o.Number-1] != nil {
			t.Fatalf("operation %d is stored twice, or its number is beyond the end", o.Number)
		}
		records[o.Number-1] = record
	}
	return records
}

func expectStored(t *testing.T, w *servertest.World, j *servertest.Journal, n int) {
	t.Helper()
	if got, want := fmt.Sprintf("%q", stored(t, w)), fmt.Sprintf("%q", j.Records[:n]); got != want {
		t.Errorf("stored is\n%s\nwant\n%s", got, want)
	}
}

func expectAck(t *testing.T, a servertest.Answer, j *servertest.Journal, n int64) {
	t.Helper()
	var ack wire.Ack
	a.Into(&ack)
	if want := (wire.Ack{Number: n, Hash: j.Hash(n).String()}); ack != want {
		t.Errorf("acknowledged is %+v, want %+v", ack, want)
	}
}

func TestPairing(t *testing.T) {
	w := servertest.Start(t)
	if w.Till.Store != w.Shop.Name || w.Till.Name != "Касса 1" || len(w.Secret) < 40 || len(w.Secret) > wire.MaxTokenSize {
		t.Errorf("paired: %+v", w.Till)
	}
	var status wire.Status
	w.Call(w.Secret, "GET", "/api/v1/status", nil).Into(&status)
	if status.Store != w.Shop.Name || status.Till != "Касса 1" || status.Bank != "" || !status.Time.Equal(w.Clock.Now()) {
		t.Errorf("status: %+v", status)
	}

	code, expires, err := w.Store.NewPairingCode(t.Context(), w.Clock.Now(), w.Owner.Account, w.Shop.ID)
	if err != nil {
		t.Fatal(err)
	}
	pair := wire.Pair{Code: " " + strings.ToLower(strings.ReplaceAll(code, "-", "")), Name: "Касса 2"}
	var paired wire.Paired
	w.Call("", "POST", "/api/v1/pair", pair).Into(&paired)
	if e := w.Call("", "POST", "/api/v1/pair", pair).Error(); e.Code != wire.CodeUnauthorized {
		t.Errorf("a code used twice: %+v", e)
	}

	code, _, err = w.Store.NewPairingCode(t.Context(), w.Clock.Now(), w.Owner.Account, w.Shop.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(expires.Sub(w.Clock.Now()))
	if e := w.Call("", "POST", "/api/v1/pair", wire.Pair{Code: code, Name: "late"}).Error(); e.Code != wire.CodeUnauthorized {
		t.Errorf("a code that is too old: %+v", e)
	}
	if strings.Contains(w.Log.String(), code) || strings.Contains(w.Log.String(), w.Secret) {
		t.Error("a secret is in the log")
	}
}

func TestGuessingCodes(t *testing.T) {
	w := servertest.Start(t)
	code, _, err := w.Store.NewPairingCode(t.Context(), w.Clock.Now(), w.Owner.Account, w.Shop.ID)
	if err != nil {
		t.Fatal(err)
	}
	wrong := code[:5] + "0000"
	if wrong == code {
		wrong = code[:5] + "1111"
	}
	for range 5 {
		if e := w.Call("", "POST", "/api/v1/pair", wire.Pair{Code: wrong, Name: "x"}).Error(); e.Code != wire.CodeUnauthorized {
			t.Fatalf("a wrong code: %+v", e)
		}
	}
	if e := w.Call("", "POST", "/api/v1/pair", wire.Pair{Code: code, Name: "x"}).Error(); e.Code != wire.CodeUnauthorized {
		t.Errorf("the right code after five wrong ones: %+v", e)
	}
	for i := range 30 {
		a := w.Call("", "POST", "/api/v1/pair", wire.Pair{Code: fmt.Sprintf("ABCD%04d", i), Name: "x"})
		if a.Status == http.StatusTooManyRequests {
			if a.Error().Code != wire.CodeSlowDown || a.Header.Get("Retry-After") == "" {
				t.Errorf("slowed down with %s, %v", a.Body, a.Header)
			}
			return
		}
	}
	t.Error("thirty wrong codes are not too many")
}

func TestAuthorization(t *testing.T) {
	w := servertest.Start(t)
	for name, secret := range map[string]string{"none": "", "another": strings.Repeat("x", 43), "long": strings.Repeat("x", 500)} {
		a := w.Call(secret, "GET", "/api/v1/status", nil)
		if a.Status != http.StatusUnauthorized || a.Error().Code != wire.CodeUnauthorized {
			t.Errorf("secret %s: %d %s", name, a.Status, a.Body)
		}
	}
	tills, err := w.Store.Tills(t.Context(), w.Owner.Account)
	if err != nil || len(tills) != 1 {
		t.Fatalf("%v, %v", tills, err)
	}
	if err := w.Store.Revoke(t.Context(), w.Clock.Now(), w.Owner.Account, tills[0].ID); err != nil {
		t.Fatal(err)
	}
	j := journal(t, w, 1)
	if e := w.Upload(w.Secret, j, 0, 2).Error(); e.Code != wire.CodeUnauthorized {
		t.Errorf("a revoked till: %+v", e)
	}
	expectStored(t, w, j, 0)

	// Paired again, the same machine goes on with its journal under another secret.
	again := w.Pair("Касса 1")
	expectAck(t, w.Upload(again.Secret, j, 0, 2), j, 2)
}

func TestUpload(t *testing.T) {
	w := servertest.Start(t)
	j := journal(t, w, 5)
	expectAck(t, w.Call(w.Secret, "GET", "/api/v1/journals/"+j.ID, nil), j, 0)
	expectAck(t, w.Upload(w.Secret, j, 0, 2), j, 2)
	expectAck(t, w.Upload(w.Secret, j, 0, 2), j, 2) // the answer was lost
	expectAck(t, w.Upload(w.Secret, j, 1, 4), j, 4) // part of it is known
	expectAck(t, w.Upload(w.Secret, j, 0, 1), j, 4) // all of it is known, and more
	expectAck(t, w.Upload(w.Secret, j, 4, 4), j, 4) // nothing new
	expectAck(t, w.Call(w.Secret, "GET", "/api/v1/journals/"+j.ID, nil), j, 4)

	gap := w.Upload(w.Secret, j, 5, 6)
	if e := gap.Error(); gap.Status != http.StatusConflict || e.Code != wire.CodeGap || e.Ack == nil || e.Ack.Number != 4 ||
		e.Ack.Hash != j.Hash(4).String() {
		t.Errorf("a gap: %d %s", gap.Status, gap.Body)
	}
	expectStored(t, w, j, 4)
	expectAck(t, w.Upload(w.Secret, j, 4, 6), j, 6)
	expectStored(t, w, j, 6)

	tills, err := w.Store.Tills(t.Context(), w.Owner.Account)
	if err != nil || len(tills) != 1 || tills[0].Operations != 6 || tills[0].Skew == nil || *tills[0].Skew != 0 {
		t.Errorf("the till: %+v, %v", tills, err)
	}
}

func TestFork(t *testing.T) {
	w := servertest.Start(t)
	j, other := journal(t, w, 3), journal(t, w, 1)
	other.Add(t, w.Clock.Now(), register.KindShiftClosed, register.ShiftClosed{})
	expectAck(t, w.Upload(w.Secret, j, 0, 4), j, 4)
	for _, from := range []int64{0, 2} {
		fork := w.Upload(w.Secret, other, from, 3)
		if e := fork.Error(); fork.Status != http.StatusConflict || e.Code != wire.CodeFork || e.Ack == nil || e.Ack.Number != 4 {
			t.Errorf("a fork from %d: %d %s", from, fork.Status, fork.Body)
		}
	}
	expectStored(t, w, j, 4)
	troubles, err := w.Store.Troubles(t.Context(), w.Clock.Now(), w.Owner.Account)
	if err != nil || len(troubles.Forks) != 1 {
		t.Errorf("troubles: %+v, %v", troubles, err)
	}
}

func TestTwoUploadsAtOnce(t *testing.T) {
	w := servertest.Start(t)
	_, second := w.Another()
	j := journal(t, w, 300)
	n := int64(len(j.Records))
	urls := []string{w.URL, second}
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			for from := int64(0); from < n; from += 43 {
				body, err := json.Marshal(j.Batch(from, min(n, from+60), w.Clock.Now()))
				if err != nil {
					t.Error(err)
					return
				}
				path := "/api/v1/journals/" + j.ID + "/operations"
				if a := w.Send(urls[i%2], w.Secret, "POST", path, "gzip", servertest.Zip(t, body)); a.Status != http.StatusOK {
					t.Errorf("after %d: %d %s", from, a.Status, a.Body)
				}
			}
		})
	}
	all.Wait()
	expectStored(t, w, j, int(n))
	journals, operations, err := w.Store.CheckChains(t.Context(), func(id uuid.UUID, why string) { t.Errorf("%s: %s", id, why) })
	if err != nil || journals != 1 || operations != n {
		t.Errorf("%d journals with %d operations, %v", journals, operations, err)
	}
}

// TestLostAcknowledgement cuts the till off just after the server has committed.
func TestLostAcknowledgement(t *testing.T) {
	w := servertest.Start(t)
	j := journal(t, w, 3)
	body, err := json.Marshal(j.Batch(0, 4, w.Clock.Now()))
	if err != nil {
		t.Fatal(err)
	}
	hung, stop := context.WithCancel(t.Context())
	defer stop()
	r, err := http.NewRequestWithContext(hung, "POST", w.URL+"/api/v1/journals/"+j.ID+"/operations", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+w.Secret)
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close() // unread: the till never learns of the number
	expectAck(t, w.Upload(w.Secret, j, 0, 3), j, 4)
	expectStored(t, w, j, 4)
}

func TestNothingIsRefusedForWhatItSays(t *testing.T) {
	w := servertest.Start(t)
	j := journal(t, w, 1)
	j.Records = append(j.Records, []byte("not JSON at all"), []byte(`{"kind":"\u0000","cashier":"\u0000","version":99999999999999}`))
	j.Add(t, w.Clock.Now(), "teleport", map[string]any{"to": "the moon"})
	j.AddSale(t, w.Clock.Now(), 2)
	n := int64(len(j.Records))
	expectAck(t, w.Upload(w.Secret, j, 0, n), j, n)
	expectStored(t, w, j, int(n))
	aside, err := w.Store.Operations(t.Context(), w.Owner.Account, pg.OperationFilter{Aside: true, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	got := map[int64]string{}
	for _, o := range aside {
		got[o.Number] = string(o.Aside)
	}
	if want := map[int64]string{3: "unreadable", 4: "other_place", 5: "unknown_kind"}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("set aside: %v, want %v", got, want)
	}
}

func TestALargeBody(t *testing.T) {
	w := servertest.Start(t)
	j := &servertest.Journal{ID: journalID}
	for range 12 {
		j.Add(t, w.Clock.Now(), "photograph", strings.Repeat("жж", 210_000)) // 840 kB each
	}
	expectAck(t, w.Upload(w.Secret, j, 0, 12), j, 12)
	expectStored(t, w, j, 12)

	for range 12 {
		j.Add(t, w.Clock.Now(), "photograph", strings.Repeat("жж", 210_000))
	}
	a := w.Upload(w.Secret, j, 0, 24) // more than 16 MiB
	if a.Status != http.StatusRequestEntityTooLarge || a.Error().Code != wire.CodeTooLarge {
		t.Errorf("a body that is too large: %d %s", a.Status, a.Body)
	}
}

func TestBadBodies(t *testing.T) {
	w := servertest.Start(t)
	path := "/api/v1/journals/" + journalID + "/operations"
	good, err := json.Marshal(journal(t, w, 1).Batch(0, 2, w.Clock.Now()))
	if err != nil {
		t.Fatal(err)
	}
	zipped := servertest.Zip(t, good)
	bomb := servertest.Zip(t, make([]byte, 40<<20))
	tests := []struct {
		name, encoding, path string
		body                 []byte
		code                 string
	}{
		{"nothing", "", path, nil, wire.CodeInvalid},
		{"not JSON", "", path, []byte("{"), wire.CodeInvalid},
		{"JSON and more", "", path, append(append([]byte{}, good...), good...), wire.CodeInvalid},
		{"another kind of JSON", "", path, []byte(`[1,2]`), wire.CodeInvalid},
		{"not gzip", "gzip", path, good, wire.CodeInvalid},
		{"gzip, cut off", "gzip", path, zipped[:len(zipped)/2], wire.CodeInvalid},
		{"gzip, spoilt", "gzip", path, append(append([]byte{}, zipped[:len(zipped)-9]...), "x12345678"...), wire.CodeInvalid},
		{"gzip that unpacks to 40 MB", "gzip", path, bomb, wire.CodeTooLarge},
		{"another encoding", "br", path, good, wire.CodeInvalid},
		{"a journal that is no UUID", "", "/api/v1/journals/mine/operations", good, wire.CodeInvalid},
		{"a hash changed", "", path, bytes.Replace(good, []byte(`"number":1,"hash":"`), []byte(`"number":1,"hash":"0`), 1), wire.CodeInvalid},
		{"no such address", "", "/api/v1/nothing", good, wire.CodeNotFound},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := w.Send(w.URL, w.Secret, "POST", test.path, test.encoding, test.body)
			if e := a.Error(); e.Code != test.code {
				t.Errorf("answered %d %s, want %s", a.Status, a.Body, test.code)
			}
		})
	}
	expectStored(t, w, journal(t, w, 1), 0)
	if strings.Contains(w.Log.String(), "incident") {
		t.Error("bad input was taken for a fault of the server's own")
	}
}

func TestAccountsDoNotMeet(t *testing.T) {
	w := servertest.Start(t)
	j := journal(t, w, 2)
	expectAck(t, w.Upload(w.Secret, j, 0, 3), j, 3)

	stranger, err := w.Store.CreateOwner(t.Context(), w.Clock.Now(), pg.NewOwner{Login: "stranger", Password: "another horse", Store: "Elsewhere"})
	if err != nil {
		t.Fatal(err)
	}
	shops, err := w.Store.Stores(t.Context(), stranger.Account)
	if err != nil {
		t.Fatal(err)
	}
	code, _, err := w.Store.NewPairingCode(t.Context(), w.Clock.Now(), stranger.Account, shops[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var theirs wire.Paired
	w.Call("", "POST", "/api/v1/pair", wire.Pair{Code: code, Name: "theirs"}).Into(&theirs)
	expectAck(t, w.Call(theirs.Secret, "GET", "/api/v1/journals/"+j.ID, nil), j, 0)
	other := &servertest.Journal{ID: j.ID}
	other.Add(t, w.Clock.Now(), register.KindShiftOpened, register.ShiftOpened{Float: 5})
	expectAck(t, w.Upload(theirs.Secret, other, 0, 1), other, 1)
	expectAck(t, w.Call(w.Secret, "GET", "/api/v1/journals/"+j.ID, nil), j, 3)
	expectStored(t, w, j, 3)
}

// TestCancelWithoutABody, as a proxy sends it on that does not know the length before.
func TestCancelWithoutABody(t *testing.T) {
	w := servertest.Start(t)
	r, err := http.NewRequestWithContext(t.Context(), "POST", w.URL+"/api/v1/payments/01935f3e-0000-7000-8000-000000000009/cancel",
		io.MultiReader(strings.NewReader("")))
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = -1
	r.Header.Set("Authorization", "Bearer "+w.Secret)
	r.TransferEncoding = []string{"chunked"}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound { // there is no such payment
		t.Errorf("the answer is %d", resp.StatusCode)
	}
}
