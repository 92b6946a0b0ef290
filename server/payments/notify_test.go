package payments_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/server/pg"
	"kassa/sync/wire"
)

// notify sends a notification to the address that an owner enters at the bank.
func (w world) notify(setting string, header http.Header, body []byte) (int, string) {
	w.T.Helper()
	r, err := http.NewRequestWithContext(w.T.Context(), "POST", w.URL+"/bank/"+setting, bytes.NewReader(body))
	if err != nil {
		w.T.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.T.Fatal(err)
	}
	defer resp.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(resp.Body); err != nil {
		w.T.Fatal(err)
	}
	return resp.StatusCode, text.String()
}

func (w world) setting() pg.BankSetting {
	w.T.Helper()
	b, err := w.Store.CurrentBank(w.T.Context(), w.Key, w.Owner.Account, w.Shop.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	return b
}

// notice is what the bank sends about a payment as it stands.
func (w world) notice(bankID string) (http.Header, []byte) {
	w.T.Helper()
	header, body, err := w.Bank.Notice(bankID)
	if err != nil {
		w.T.Fatal(err)
	}
	return header, body
}

// TestANoticeMakesTheServerAsk at once: the clock stands still, so nothing else would.
func TestANoticeMakesTheServerAsk(t *testing.T) {
	w := start(t)
	p := w.waiting()
	w.settle(p.ID)
	if err := w.Bank.Pay(p.BankID, false); err != nil {
		t.Fatal(err)
	}
	header, body := w.notice(p.BankID)
	for range 3 { // banks repeat themselves
		if status, text := w.notify(w.setting().ID.String(), header, body); status != http.StatusOK || text != "OK" {
			t.Errorf("answered %d %q", status, text)
		}
	}
	got := w.get(p.ID, "?wait=20&revision=2")
	if got.State != string(banks.StatePaid) {
		t.Errorf("after the notice: %+v", got)
	}
	// A refund at the bank is heard of in the same way, although the payment is at its end.
	if err := w.Bank.Refund(p.BankID, 540_00); err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(time.Minute) // the bank carries it out
	header, body = w.notice(p.BankID)
	w.notify(w.setting().ID.String(), header, body)
	if got = w.get(p.ID, "?wait=20&revision=3"); got.State != string(banks.StateRefunded) || got.Returned != 0 || got.Trouble != wire.TroubleOutsideRefund {
		t.Errorf("after the refund: %+v", got)
	}
}

// settle waits until a payment's next question lies in the future.
func (w world) settle(id string) {
	w.T.Helper()
	for range 200 {
		if p := w.stored(id); p.AskAt == nil || p.AskAt.After(w.Clock.Now()) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.T.Fatal("the bank is asked again and again")
}

func TestNoticesThatAreNotBelieved(t *testing.T) {
	w := start(t)
	p := w.waiting()
	w.settle(p.ID)
	header, body := w.notice(p.BankID)
	good := w.setting().ID.String()
	tampered := bytes.Replace(body, []byte(`"Status":"`), []byte(`"Status":"X`), 1)
	foreign := map[string]struct {
		setting string
		body    []byte
	}{
		"tampered":        {good, tampered},
		"cut off":         {good, body[:len(body)/2]},
		"empty":           {good, nil},
		"of HTML":         {good, []byte("<html></html>")},
		"too long":        {good, append(bytes.Clone(body), bytes.Repeat([]byte(" "), 70<<10)...)},
		"another setting": {uuid.NewString(), body},
		"no setting":      {"x", body},
	}
	before := w.stored(p.ID)
	for name, n := range foreign {
		if status, text := w.notify(n.setting, header, n.body); status != http.StatusForbidden || text != "" {
			t.Errorf("%s: answered %d %q", name, status, text)
		}
	}
	// A true one about a payment of nobody here is answered, and does nothing.
	strange := w.notOurs()
	if status, text := w.notify(good, header, strange); status != http.StatusOK || text != "OK" {
		t.Errorf("a payment of nobody here: %d %q", status, text)
	}
	if after := w.stored(p.ID); *after.AskAt != *before.AskAt || after.Revision != before.Revision {
		t.Errorf("something was believed: %+v", after)
	}
	for range 40 {
		w.notify(good, header, tampered)
	}
	if status, _ := w.notify(good, header, tampered); status != http.StatusTooManyRequests {
		t.Errorf("forty foreign ones are not too many: %d", status)
	}
	if strings.Contains(w.Log.String(), "practice-secret") {
		t.Error("the bank's password is in the log")
	}
}

// notOurs is a notification of a payment that somebody else makes with the same terminal.
func (w world) notOurs() []byte {
	w.T.Helper()
	bank, err := w.openBank()
	if err != nil {
		w.T.Fatal(err)
	}
	id := uuid.NewString()
	a, err := bank.Create(w.T.Context(), banks.Request{ID: id, Amount: 100_00, Purpose: "x", Expires: w.Clock.Now().Add(time.Hour)})
	if err != nil {
		w.T.Fatal(err)
	}
	_, body := w.notice(a.BankID)
	return body
}

// unseen is a bank that cannot look up, and loses the answers to creations.
type unseen struct{ banks.Bank }

func (b unseen) Can() banks.Capabilities {
	can := b.Bank.Can()
	can.LookUp = false
	return can
}

func (b unseen) Create(ctx context.Context, r banks.Request) (banks.Answer, error) {
	_, _ = b.Bank.Create(ctx, r)
	return banks.Answer{}, banks.ErrUnknown
}

func (b unseen) State(ctx context.Context, r banks.Ref) (banks.Answer, error) {
	if r.BankID == "" {
		return banks.Answer{}, banks.ErrUnknown
	}
	return b.Bank.State(ctx, r)
}

func (b unseen) Notice(header http.Header, body []byte) (banks.Notice, error) {
	return b.Bank.(banks.Notified).Notice(header, body)
}

// TestALostCodeIsFoundByANotice: at a bank that cannot look up, a payment whose code was lost is over for the till, which makes
// another one. Should somebody pay it all the same, the bank's notice leads to it.
func TestALostCodeIsFoundByANotice(t *testing.T) {
	w := start(t)
	service := w.service(func(b banks.Bank) banks.Bank { return unseen{b} })
	n := w.request()
	p, err := service.Create(t.Context(), w.till(), n)
	if err != nil || p.Attempt.State != banks.StateFailed || p.AskAt != nil || p.Trouble != wire.TroubleUnreachable {
		t.Fatalf("created: %+v, %v", p, err)
	}
	at := w.atBank(n.ID)
	if err := w.Bank.Pay(at.ID, false); err != nil {
		t.Fatal(err)
	}
	header, body := w.notice(at.ID)
	if status, _ := w.notify(w.setting().ID.String(), header, body); status != http.StatusOK {
		t.Fatalf("answered %d", status)
	}
	got := w.until(n.ID, banks.StatePaid)
	if got.BankID != at.ID || got.Trouble != wire.TroubleLate {
		t.Errorf("found: %+v", got)
	}
}

// TestTheBankIsChanged while payments are open: they stay with theirs, for cancels, refunds and notices.
func TestTheBankIsChanged(t *testing.T) {
	w := start(t)
	before := w.setting()
	open, paid := w.waiting(), w.paid()
	other := *w.World
	other.WithBank() // another contract takes its place
	if w.setting().ID == before.ID {
		t.Fatal("the bank was not changed")
	}
	fresh := world{&other}.waiting()
	if len(w.Bank.Payments(fresh.ID)) != 0 {
		t.Error("a new payment went to the bank of before")
	}
	if got := w.cancel(open.ID); got.State != string(banks.StateCancelled) || w.atBank(open.ID).Status != "CANCELED" {
		t.Errorf("cancelled: %+v", got)
	}
	r := newRefund(40_00)
	w.refund(paid.ID, r)
	if got := w.until(paid.ID, banks.StatePartlyRefunded); w.atBank(paid.ID).Refunded != 40_00 {
		t.Errorf("refunded: %+v", got)
	}
	if err := w.Bank.Pay(open.BankID, true); err != nil {
		t.Fatal(err)
	}
	header, body := w.notice(open.BankID)
	if status, _ := w.notify(w.setting().ID.String(), header, body); status != http.StatusForbidden && status != http.StatusOK {
		t.Errorf("at the new address: %d", status)
	}
	if status, _ := w.notify(before.ID.String(), header, body); status != http.StatusOK {
		t.Errorf("at the address of before: %d", status)
	}
	if got := w.until(open.ID, banks.StatePaid); got.Trouble != wire.TroubleLate {
		t.Errorf("paid late: %+v", got)
	}
}

// TestNothingIsLostWhenANoticeComesWhileTheBankIsAsked: the question that is under way may have been answered before.
func TestNothingIsLostWhenANoticeComesWhileTheBankIsAsked(t *testing.T) {
	w := start(t)
	p := w.waiting()
	w.settle(p.ID)
	id, key := uuid.MustParse(p.ID), pg.SettingKey{Account: w.Owner.Account, Setting: w.setting().ID}
	leased, ok, err := w.Store.Lease(t.Context(), w.Clock.Now(), w.Clock.Now().Add(time.Minute), w.Owner.Account, id)
	if err != nil || !ok {
		t.Fatalf("%v, %v", ok, err)
	}
	if known, err := w.Store.Noticed(t.Context(), w.Clock.Now(), key, id, "another id"); err != nil || !known {
		t.Fatalf("%v, %v", known, err)
	}
	later := w.Clock.Now().Add(time.Hour)
	leased.AskAt = &later
	saved, err := w.Store.SavePayment(t.Context(), w.Clock.Now(), leased, pg.Change{Cause: pg.CauseAsk})
	if err != nil || saved.AskAt == nil || saved.AskAt.After(w.Clock.Now()) {
		t.Errorf("asked next at %v, %v", saved.AskAt, err)
	}
	if saved.Attempt.BankID != p.BankID {
		t.Errorf("the bank's id is %q now", saved.Attempt.BankID)
	}
	for name, k := range map[string]pg.SettingKey{
		"another account": {Account: uuid.New(), Setting: key.Setting},
		"another setting": {Account: key.Account, Setting: uuid.New()},
	} {
		if known, err := w.Store.Noticed(t.Context(), w.Clock.Now(), k, id, p.BankID); known || err != nil {
			t.Errorf("%s: %v, %v", name, known, err)
		}
	}
}
