package e2e

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"

	"kassa/app/till"
	"kassa/banks"
	"kassa/register"
)

// TestTheWholePath: a cashier rings up goods, takes one payment by QR and one in cash, closes the shift; the receipts
// are printed, and everything is found at both ends.
func TestTheWholePath(t *testing.T) {
	s := newShop(t)
	s.must(s.signIn())
	s.must(s.scan(milk, milk, bread))
	s.must(s.screen.Press("F11"))
	s.must(s.screen.Until("a code on the screen", func() bool { q := s.till.View().QR; return q != nil && q.Payload != "" }))
	if q := s.till.View().QR; !s.screen.Says("259,70") || q.State != banks.StateWaiting || !strings.HasPrefix(q.Payload, "https://qr.nspk.ru/") {
		t.Errorf("the screen shows %q, the payment is %+v", s.screen.Texts(), q)
	}
	paid := s.Bank.Payments("")
	if len(paid) != 1 || paid[0].Amount != 25970 || paid[0].Order != s.till.View().QR.ID {
		t.Fatalf("the bank has %+v", paid)
	}
	s.must(s.Bank.Pay(paid[0].ID, false))
	s.must(s.soldOnScreen(register.QR, 1))

	s.must(s.scan(bread))
	s.must(s.screen.Press("F10"))
	s.screen.Scan("100")
	s.must(s.soldOnScreen(register.Cash, 2))
	if !s.screen.Says("10,10") {
		t.Errorf("the change is not on the screen: %q", s.screen.Texts())
	}
	s.printed()
	s.must(s.screen.Until("everything sent", func() bool { v := s.till.View(); return v.Server.Link == till.LinkUp && v.Server.Waiting == 0 }))
	s.atBothEnds(3)
	s.drawer(8990)
}

// printed looks at the paper.
func (s *shop) printed() {
	s.T.Helper()
	s.must(s.paper.Wait(s.ctx(), 2))
	jobs := s.paper.Jobs()
	for i, want := range [][]string{
		{"Ромашка", "ИНН 7700000009", "Иванова А.", "Молоко пастеризованное", "2 шт x 84,90", "169,80", "ИТОГ", "259,70", "QR", "НЕФИСКАЛЬНЫЙ ДОКУМЕНТ"},
		{"89,90", "Наличные", "100,00", "Сдача", "10,10"},
	} {
		j := jobs[i]
		text := strings.ReplaceAll(j.Text, "\u00a0", " ")
		for _, w := range want {
			if !strings.Contains(text, w) {
				s.T.Errorf("slip %d has no %q:\n%s", i+1, w, text)
			}
		}
		if j.Unknown > 0 || j.Widest > 32 || j.Broken {
			s.T.Errorf("slip %d: %d unknown bytes, %d columns, broken %v", i+1, j.Unknown, j.Widest, j.Broken)
		}
	}
	if s.paper.Kicks() != 1 {
		s.T.Errorf("the drawer was opened %d times, want once, for cash", s.paper.Kicks())
	}
}

// atBothEnds compares the till's journal with the server's, byte for byte.
func (s *shop) atBothEnds(operations int) {
	s.T.Helper()
	ours, err := s.store.Since(s.ctx(), 0, 1000)
	s.must(err)
	if len(ours) != operations {
		s.T.Errorf("the till has %d operations, want %d", len(ours), operations)
	}
	for i, o := range ours {
		op, record, err := s.Store.Operation(s.ctx(), s.Owner.Account, uuid.MustParse(o.Journal), o.Number)
		if err != nil || !bytes.Equal(record, o.Record) || !bytes.Equal(op.Hash, o.Hash[:]) || op.Kind != string(o.Kind) || !o.Sent {
			s.T.Errorf("operation %d: the server has %+v, %v", o.Number, op, err)
		}
		if o.Number != int64(i+1) {
			s.T.Errorf("number %d stands at place %d", o.Number, i+1)
		}
	}
	last := ours[len(ours)-1]
	if _, _, err := s.Store.Operation(s.ctx(), s.Owner.Account, uuid.MustParse(last.Journal), last.Number+1); err == nil {
		s.T.Error("the server has more than the till")
	}
	r, err := s.store.Verify(s.ctx())
	if err != nil || len(r.Faults) > 0 {
		s.T.Errorf("the till's database: %+v, %v", r, err)
	}
}

func (s *shop) drawer(want register.Money) {
	s.T.Helper()
	if got, err := s.store.Drawer(s.ctx()); err != nil || got != want {
		s.T.Errorf("the drawer holds %s, %v; want %s", got, err, want)
	}
}
